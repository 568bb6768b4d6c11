"""What one reading of all sources shares: the project CRS, the findings so far, and how they are told without flooding the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.table import Table
from gridplanner.model.issues import LEFT, Issue, Level
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
    left: set[tuple[str, str]] = field(default_factory=set)  # (source, word of its as_is) that a repair was left out for

    def wanted(self, key: str, kind: str, ref: object = "") -> bool:
        """True where a repair of `kind` at `ref` is to be made in the source `key`."""
        return not self.left_by(key, kind, ref)

    def left_by(self, key: str, kind: str, ref: object = "") -> str:
        """Return the word of `as_is` that a repair is not wanted for: its kind, or its kind and place; empty where it is wanted."""
        words = self.as_is.get(key)
        if not words:
            return ""
        word = next((word for word in (kind, f"{kind}:{ref}") if word in words), "")
        if word:
            self.left.add((key, word))
        return word

    def wanted_rows(self, table: Table, rows: Bools, key: str, kind: str) -> Bools:
        """True for those of `rows` (n,) of a table that are to be repaired."""
        wanted = rows.copy()
        if self.as_is.get(key):
            for row in np.flatnonzero(rows).tolist():
                wanted[row] = self.wanted(key, kind, table.rows[row])
        return wanted

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
        repair: bool = False,
    ) -> None:
        """Add one finding that names the rows, and one placed on the map for each of the first 200 of them where `at` (n, 2) says where.

        `text` holds the places {file}, {count} and {rows}, beside those that `values` fills. Those of a `repair` can be undone: each at
        its row, the one that names several rows by its kind.
        """
        found = np.flatnonzero(rows)
        if not len(found):
            return
        numbers = table.rows[found]
        words: dict[str, object] = {"file": table.short, "count": len(found), "rows": named(numbers), **(values or {})}
        if at is None or len(found) > 1:
            undone = f"{kind}:{numbers[0]}" if len(found) == 1 else kind
            self.tell(level, kind, text, words, layer=key, repair=undone if repair else "")
        if at is not None:
            for row, number in zip(found[:MAX_PLACED], numbers[:MAX_PLACED], strict=True):
                place = {**words, "count": 1, "rows": str(number)}
                self.tell(
                    level, kind, text, place, layer=key, ref=str(number), at=at[row], repair=f"{kind}:{number}" if repair else ""
                )  # fmt: skip

    def tell_left(
        self, kind: str, text: str, values: Mapping[str, object], *, key: str, ref: str = "", at: Floats | None = None,
        level: Level = Level.INFO,
    ) -> None:  # fmt: skip
        """Add the finding that a repair of `kind` at `ref` was left out; `repair` is then the word of `as_is` that takes it back."""
        word = self.left_by(key, kind, ref) or kind
        self.tell(level, LEFT, text, values, layer=key, ref=ref, at=at, repair=word)

    def tell_left_rows(
        self, table: Table, rows: Bools, key: str, *, kind: str, text: str, at: Floats | None = None, level: Level = Level.INFO
    ) -> None:
        """Add the finding that `rows` (n,) were left as they were read, each of the first 200 for itself; {file} and {rows} in `text`."""
        for row in np.flatnonzero(rows)[:MAX_PLACED].tolist():
            ref = str(table.rows[row])
            self.tell_left(
                kind, text, {"file": table.short, "rows": ref}, key=key, ref=ref, at=None if at is None else at[row], level=level
            )  # fmt: skip

    def came_from(self, key: str, table: Table, count: int, note: str = "") -> None:
        """Take note of where a layer came from."""
        said = systems.note_of(table.crs, self.crs) if table.crs else ""
        crs = systems.authority_code(table.crs) if table.crs else ""
        done = [_(text).format(**values) for text, values in table.history]
        words = "; ".join(part for part in (note, *done, said) if part)
        self.provenance.append(Provenance(key, str(table.path), table.layer, count, crs, words))
        self.tell_notes(key, table)

    def tell_notes(self, key: str, table: Table) -> None:
        """Tell what is known of the file of a table itself, what is missing as a warning; once, where it is read in parts."""
        known = [(issue.text, issue.values) for issue in self.issues if issue.kind == "source" and issue.layer == key]
        for told in table.notes:
            if told not in known:
                self.tell(Level.WARNING if told in table.losses else Level.INFO, "source", *told, layer=key)

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
