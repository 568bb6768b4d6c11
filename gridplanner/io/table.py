"""Features as they were read, before anything is understood: geometry, columns, and where each row stood in its file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner.model.lines import Bools, Floats, Texts

Column = NDArray[Any]
Note = tuple[str, Mapping[str, object]]  # an English msgid and what fills it, so that the words can be chosen when they are shown
POINT, LINE, POLYGON, OTHER, NOTHING = "point", "line", "polygon", "other", "nothing"
_KINDS = np.array([NOTHING, POINT, LINE, LINE, POLYGON, POINT, LINE, POLYGON, OTHER])  # by shapely's type id from -1
POINT_BYTES = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])  # of a little-endian 2D point


@dataclass(frozen=True, eq=False)
class Table:
    """One layer: `wkb` (n,) bytes or None, `columns` by field name, `rows` (n,) row numbers in the file from 1.

    `crs` is an authority code or WKT, empty where the file does not say; `encoding` is what its text was read as; `notes` are findings
    about the file itself, `losses` those of them that tell what is missing, `history` says what was done to its coordinates since.
    """

    path: Path
    layer: str
    crs: str
    wkb: Texts
    columns: Mapping[str, Column]
    rows: NDArray[np.int64]
    encoding: str = "UTF-8"
    notes: tuple[Note, ...] = ()
    history: tuple[Note, ...] = ()
    losses: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.wkb)

    @property
    def place(self) -> str:
        """The file, and the layer where it is not the only one, for messages."""
        return f"{self.path}" if self.layer in {"", self.path.stem} else f"{self.path} ({self.layer})"

    @property
    def short(self) -> str:
        """The file's name, and the layer where it is not the only one, for findings."""
        return self.path.name if self.layer in {"", self.path.stem} else f"{self.path.name} ({self.layer})"

    @cached_property
    def shapes(self) -> Texts:
        """The geometries as shapely has them; None where there is none or it cannot be understood."""
        with np.errstate(invalid="ignore"):  # coordinates that are not numbers are told by who reads them
            return np.asarray(shapely.from_wkb(self.wkb, on_invalid="ignore"), object)

    @cached_property
    def kinds(self) -> NDArray[np.str_]:
        """What each geometry is: point, line, polygon, other or nothing (null or empty)."""
        if self._plain_points is not None:
            return np.full(len(self), POINT)
        ids = shapely.get_type_id(self.shapes)
        kinds = _KINDS[ids + 1]
        return np.where(shapely.is_empty(self.shapes), NOTHING, kinds)

    @cached_property
    def points(self) -> Floats:
        """The coordinates of a layer whose kinds are all point, (n, 2); the first point of a multipoint."""
        if self._plain_points is not None:
            return self._plain_points
        parts = shapely.get_geometry(self.shapes, 0)
        return np.column_stack((shapely.get_x(parts), shapely.get_y(parts)))

    @property
    def several(self) -> Bools:
        """True for the rows of several points, of which `points` gives the first."""
        if self._plain_points is not None:
            return np.zeros(len(self), bool)
        return np.asarray((shapely.get_type_id(self.shapes) == 4) & (shapely.get_num_geometries(self.shapes) > 1))

    @cached_property
    def _plain_points(self) -> Floats | None:
        """Points straight from their bytes, ten times as fast as by way of objects; None where it is not all little-endian 2D points."""
        try:
            joined = b"".join(self.wkb.tolist())
        except TypeError:  # a row without geometry
            return None
        if not len(self) or len(joined) != POINT_BYTES.itemsize * len(self):
            return None
        rows = np.frombuffer(joined, POINT_BYTES)
        if not ((rows["order"] == 1).all() and (rows["type"] == 1).all()):
            return None
        xy = np.column_stack((rows["x"], rows["y"]))
        return None if (np.isnan(xy[:, 0]) & np.isnan(xy[:, 1])).any() else xy

    def select(self, mask: Bools) -> Table:
        """Return the rows where `mask` is True."""
        if mask.all():
            return self
        columns = {name: column[mask] for name, column in self.columns.items()}
        return dataclasses.replace(self, wkb=self.wkb[mask], columns=columns, rows=self.rows[mask])


def finite_rows(xy: Floats) -> Bools:
    """True for the points of (n, 2) coordinates that are made of numbers."""
    return np.asarray(np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1]))
