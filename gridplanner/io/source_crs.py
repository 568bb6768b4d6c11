"""The coordinate system of a source: what it says, what may be assumed, and when to ask instead."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table, finite_rows
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats
from gridplanner.settings import SourceSettings

_DATUMS = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}


def with_crs(table: Table, xy: Floats, source: SourceSettings, key: str, reading: Reading) -> Table:
    """Return the table with a CRS that is known and fits its coordinates `xy`.

    Degrees without a CRS are taken as WGS 84, with a warning. Raises InputError where nothing can be assumed, or the coordinates cannot
    be what the CRS says; it names the CGCS2000 zone where the eastings carry its number.
    """
    if source.datum in {"gcj02", "bd09"}:
        text = _("{file}: datum = “{datum}” is not built yet; convert the layer to WGS 84 or CGCS2000 first")
        raise InputError(text.format(file=table.place, datum=source.datum))
    said = _DATUMS.get(source.datum)
    finite = xy[finite_rows(xy)]
    if source.crs.lower() not in {"auto", ""}:
        if not systems.is_known(source.crs):
            text = _("{file}: crs = “{crs}” is not a known coordinate system; write auto or a code such as EPSG:4548")
            raise InputError(text.format(file=table.place, crs=source.crs))
        return _checked(dataclasses.replace(table, crs=source.crs), finite)
    known = bool(table.crs) and systems.is_known(table.crs)
    if known and (said is None or not systems.is_geographic(table.crs)):
        return _checked(table, finite)
    if not known and not systems.look_like_degrees(finite):
        raise _unknown(table, finite)
    if said is None and not known:
        text = N_("{file}: does not say its coordinate system; its coordinates are degrees and were taken as WGS 84")
        reading.tell(Level.WARNING, "crs", text, {"file": table.short}, layer=key)
    return _checked(dataclasses.replace(table, crs=said or systems.WGS84), finite)


def _unknown(table: Table, xy: Floats) -> InputError:
    text = _("{file}: does not say its coordinate system (x {west:.0f} to {east:.0f}, y {south:.0f} to {north:.0f}); {remedy}")
    (west, south), (east, north) = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.zeros(2))
    remedy = _("put its .prj file beside it, or set the coordinate system in QGIS and save it again")
    guess = systems.zone_in_easting(xy)
    if guess:
        remedy = _("it looks like {crs}: set that in QGIS and save it again, or put its .prj file beside it").format(
            crs=systems.describe(guess)
        )
    return InputError(text.format(file=table.place, west=west, east=east, south=south, north=north, remedy=remedy))


def _checked(table: Table, xy: Floats) -> Table:
    """Return the table; raises InputError where its coordinates cannot be what its CRS says."""
    if not len(xy):
        return table
    if systems.is_geographic(table.crs):
        if systems.look_like_degrees(xy):
            return table
        x, y = xy[np.argmax(np.abs(xy / (180.0, 90.0)).max(axis=1))]
        remedy = _("they are not degrees; set the right one in QGIS and save it again")
        if systems.look_like_degrees(xy[:, ::-1]):
            remedy = _("longitude and latitude are swapped; swap them and save it again")
    else:
        if not systems.misplaced(table.crs, xy):
            return table
        x, y = xy[0]
        remedy = _("they lie far outside its area; set the right one in QGIS and save it again")
    guess = systems.zone_in_easting(xy)
    if guess:
        remedy = _("it looks like {crs}: set that in QGIS and save it again").format(crs=systems.describe(guess))
    text = _("{file}: its coordinates (such as {x:.6g}, {y:.6g}) do not fit {crs}: {remedy}")
    raise InputError(text.format(file=table.place, x=x, y=y, crs=systems.describe(table.crs), remedy=remedy))
