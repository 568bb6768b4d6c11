"""Where the coordinates of an export are: in the project's system, in another, or shifted as maps made in China are drawn."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.doctor.datums import NAMES, SHIFTED, from_wgs84
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.shifted_systems import wkt_of
from gridplanner.model.lines import Floats, Texts


@dataclass(frozen=True)
class Places:
    """From the system of a project to that of an export: `crs` is a code or WKT, of a shifted `datum` the WKT that names it."""

    source: str
    crs: str
    datum: str = ""

    @property
    def words(self) -> str:
        """The system's name for a person."""
        return NAMES[self.datum] if self.datum else systems.describe(self.crs)

    @property
    def in_degrees(self) -> Places:
        """The same for formats that hold degrees only: WGS 84, or the shifted datum."""
        return self if self.datum else Places(self.source, systems.WGS84)


def check_crs(wanted: str) -> None:
    """Raise InputError for a CRS of an export that is not known."""
    word = wanted.strip()
    if word.lower() not in {"", "project", *SHIFTED} and not systems.is_known(word):
        raise InputError(_("[export] crs: {name} is not known; write project, gcj02, bd09 or a code such as EPSG:4490").format(name=word))


def places_of(source: str, wanted: str) -> Places:
    """Return the way from a project's CRS to what the plan file's key `crs` names."""
    word = wanted.strip()
    if word.lower() in SHIFTED:
        return Places(source, wkt_of(word.lower()), word.lower())
    return Places(source, source if word.lower() in {"", "project"} else word)


def moved(rows: LayerRows, places: Places) -> LayerRows:
    """Return a layer in the system of the export; corners that were the same still are, to the last bit."""
    if rows.schema.geometry == TABLE or (not places.datum and systems.same(places.source, places.crs)):
        return rows
    return dataclasses.replace(rows, shapes=_moved(rows.shapes, places, shared=rows.schema.geometry != "Point"))


def rounded(rows: LayerRows, decimals: int) -> LayerRows:
    """Return a layer with its coordinates rounded; what is shared stays shared."""
    if rows.schema.geometry == TABLE:
        return rows
    return dataclasses.replace(rows, shapes=shapely.transform(rows.shapes, lambda xy: np.round(xy, decimals)))


def _moved(shapes: Texts, places: Places, *, shared: bool) -> Texts:
    def move(xy: Floats) -> Floats:
        if not places.datum:
            return systems.transform(xy, places.source, places.crs)
        return from_wgs84(systems.transform(xy, places.source, systems.WGS84), places.datum)

    def move_once(xy: Floats) -> Floats:
        # a corner of several areas is computed once: a processor's sine may differ in its last bit by where in the array it stands
        corners, where = np.unique(np.ascontiguousarray(xy).view(np.complex128).ravel(), return_inverse=True)
        return move(corners.view(np.float64).reshape(-1, 2))[where]

    return np.asarray(shapely.transform(shapes, move_once if shared else move), object)
