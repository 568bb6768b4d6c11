"""What one reading of all sources shares: the project CRS, the findings so far, and how they are told without flooding the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridplanner.io import crs as systems
from gridplanner.io.table import Table
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.project import Provenance

MAX_PLACED = 200
MAX_NAMED = 8


@dataclass
class Reading:
    """Collects issues and provenance while the sources are read; `crs` is the project's."""

    crs: str = ""
    issues: list[Issue] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)
    as_is: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by source, the repairs that are not wanted

    def wanted(self, key: str, kind: str, ref: object = "") -> bool:
        """True where a repair of `kind` at `ref` is to be made in the source `key`."""
        left = self.as_is.get(key, frozenset())
        return kind not in left and f"{kind}:{ref}" not in left

    def tell(
        self, level: Level, kind: str, text: str, values: Mapping[str, object], *, layer: str = "", ref: str = "", at: Floats | None = None,
        repair: str = "",
    ) -> None:  # fmt: skip
        """Add one finding; `at` (2,) is its place in the project CRS, `repair` what undoes it (model.issues)."""
        x, y = (None, None) if at is None or not np.isfinite(at).all() else (round(float(at[0]), 2), round(float(at[1]), 2))
        self.issues.append(Issue(level, kind, text, dict(values), layer, ref, x, y, repair=repair))

    def tell_rows(
        self,
        table: Table,
        rows: Bools,
        key: str,
        *,
        level: Level,
        kind: str,
        text: str,
        values: Mapping[str, object] | None = None,
        at: Floats | None = None,
    ) -> None:
        """Add one finding that names the rows, and one placed on the map for each of the first 200 of them where `at` (n, 2) says where.

        `text` holds the places {file}, {count} and {rows}, beside those that `values` fills.
        """
        found = np.flatnonzero(rows)
        if not len(found):
            return
        numbers = table.rows[found]
        words: dict[str, object] = {"file": table.short, "count": len(found), "rows": named(numbers), **(values or {})}
        if at is None or len(found) > 1:
            self.tell(level, kind, text, words, layer=key)
        if at is not None:
            for row, number in zip(found[:MAX_PLACED], numbers[:MAX_PLACED], strict=True):
                place = {**words, "count": 1, "rows": str(number)}
                self.tell(level, kind, text, place, layer=key, ref=str(number), at=at[row])

    def came_from(self, key: str, table: Table, count: int, note: str = "") -> None:
        """Take note of where a layer came from."""
        said = systems.note_of(table.crs, self.crs) if table.crs else ""
        crs = systems.authority_code(table.crs) if table.crs else ""
        self.provenance.append(Provenance(key, str(table.path), table.layer, count, crs, "; ".join(part for part in (note, said) if part)))
        for text, values in table.notes:
            self.tell(Level.INFO, "source", text, values, layer=key)

    def to_project(self, xy: Floats, table: Table) -> Floats:
        """Return coordinates of a table in the project CRS."""
        return systems.transform(xy, table.crs, self.crs)


def named(numbers: NDArray[Any]) -> str:
    """Return the first few row numbers as text, and how many more there are.

    >>> named(np.arange(1, 12))
    '1, 2, 3, 4, 5, 6, 7, 8 …'
    """
    first = ", ".join(str(number) for number in numbers[:MAX_NAMED])
    return f"{first} …" if len(numbers) > MAX_NAMED else first
