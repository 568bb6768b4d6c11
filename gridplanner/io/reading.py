"""What one reading of all sources shares: the project CRS, the findings so far, and how they are told without flooding the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.table import Table
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.project import Provenance
from gridplanner.settings import SourceSettings

MAX_PLACED = 200
MAX_NAMED = 8


@dataclass
class Reading:
    """Collects issues and provenance while the sources are read; `crs` is the project's."""

    crs: str = ""
    issues: list[Issue] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)

    def tell(
        self, level: Level, kind: str, text: str, values: Mapping[str, object], *, layer: str = "", ref: str = "", at: Floats | None = None
    ) -> None:
        """Add one finding; `at` (2,) is its place in the project CRS."""
        x, y = (None, None) if at is None or not np.isfinite(at).all() else (round(float(at[0]), 2), round(float(at[1]), 2))
        self.issues.append(Issue(level, kind, text, dict(values), layer, ref, x, y))

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
        words: dict[str, object] = {"file": table.place, "count": len(found), "rows": named(numbers), **(values or {})}
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
            self.tell(Level.WARNING, "source", text, values, layer=key)

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


def with_crs(table: Table, xy: Floats, source: SourceSettings, key: str, reading: Reading) -> Table:
    """Return the table with a CRS that is known, assuming WGS 84 for degrees; raises InputError where nothing can be assumed."""
    import dataclasses

    if source.datum in {"gcj02", "bd09"}:
        text = _("{file}: datum = “{datum}” is not built yet; convert the layer to WGS 84 or CGCS2000 first")
        raise InputError(text.format(file=table.place, datum=source.datum))
    said = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}.get(source.datum)
    known = bool(table.crs) and systems.is_known(table.crs)
    if known and (not said or not systems.is_geographic(table.crs)):
        return _checked(table, xy)
    if not systems.look_like_degrees(xy):
        if known:
            return _checked(table, xy)
        text = _("{file}: does not say its coordinate system (x {west:.0f} to {east:.0f}, y {south:.0f} to {north:.0f}); {remedy}")
        finite = xy[np.isfinite(xy).all(axis=1)]
        (west, south), (east, north) = (finite.min(axis=0), finite.max(axis=0)) if len(finite) else (np.zeros(2), np.zeros(2))
        remedy = _("put its .prj file beside it, or set the coordinate system in QGIS and save it again")
        raise InputError(text.format(file=table.place, west=west, east=east, south=south, north=north, remedy=remedy))
    if not said and not known:
        reading.tell(
            Level.WARNING, "crs", N_("{file}: does not say its coordinate system; its coordinates are degrees and were taken as WGS 84"),
            {"file": table.place}, layer=key,
        )  # fmt: skip
    return _checked(dataclasses.replace(table, crs=said or systems.WGS84), xy)


def _checked(table: Table, xy: Floats) -> Table:
    finite = xy[np.isfinite(xy).all(axis=1)]
    if systems.is_geographic(table.crs) and len(finite) and not systems.look_like_degrees(finite):
        worst = finite[np.argmax(np.abs(finite / (180.0, 90.0)).max(axis=1))]
        swapped = systems.look_like_degrees(finite[:, ::-1])
        why = _("longitude and latitude are swapped") if swapped else _("they are not degrees")
        text = _("{file}: its coordinates (such as {x:.6g}, {y:.6g}) do not fit {crs}: {why}; set the right one in QGIS and save it again")
        raise InputError(text.format(file=table.place, x=worst[0], y=worst[1], crs=systems.describe(table.crs), why=why))
    return table
