"""How the coordinates of a source are to be read: which comes first, their scale, their system and datum; and reading them so."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.io import crs as systems
from gridplanner.io.doctor.coordinates import arranged
from gridplanner.io.doctor.datums import SHIFTED, from_wgs84, to_wgs84
from gridplanner.io.table import POINT, Note, Table
from gridplanner.model.lines import Floats, Texts


@dataclass(frozen=True)
class Manner:
    """Coordinates are multiplied by `scale`, turned where `axes` is yx, and then in `crs`; of `datum` where that is gcj02 or bd09.

    `history` says in msgids what is done to them.
    """

    crs: str
    axes: str = "xy"
    scale: float = 1.0
    datum: str = ""
    history: tuple[Note, ...] = ()

    @property
    def out(self) -> str:
        """The CRS of what is read: that of the file, or WGS 84 where a shift is undone."""
        return systems.WGS84 if self.datum in SHIFTED else self.crs

    def read(self, xy: Floats) -> Floats:
        """Return coordinates (n, 2) as they stand in the file in the CRS `out`, east first."""
        turned = arranged(xy, self.axes, self.scale)
        if self.datum not in SHIFTED:
            return turned
        return to_wgs84(systems.transform(turned, self.crs, systems.WGS84), self.datum)

    def written(self, xy: Floats) -> Floats:
        """Return coordinates (n, 2) of the CRS `out` as they stand in the file."""
        if self.datum in SHIFTED:
            xy = systems.transform(from_wgs84(xy, self.datum), systems.WGS84, self.crs)
        return arranged(xy / self.scale, self.axes, 1.0)

    def applied(self, table: Table) -> Table:
        """Return a table whose coordinates are in its CRS, east first; a third coordinate is dropped where they move."""
        told = {"crs": self.out, "history": (*table.history, *self.history)}
        if self.axes == "xy" and self.scale == 1.0 and self.datum not in SHIFTED:
            return dataclasses.replace(table, **told)  # type: ignore[arg-type]
        if len(table) and bool((table.kinds == POINT).all()) and bool((shapely.get_num_coordinates(table.shapes) == 1).all()):
            wkb: Texts = np.asarray(shapely.to_wkb(shapely.points(self.read(table.points))), object)
        else:
            shapes = np.array(table.shapes, object)
            wkb = np.asarray(shapely.to_wkb(shapely.set_coordinates(shapes, self.read(shapely.get_coordinates(shapes)))), object)
        return dataclasses.replace(table, wkb=wkb, **told)  # type: ignore[arg-type]
