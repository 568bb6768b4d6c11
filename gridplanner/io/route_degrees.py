"""Routes in degrees for phones: in WGS 84 as GPX and KML have it, or shifted to GCJ-02 or BD-09 as maps made in China are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.doctor.datums import from_wgs84
from gridplanner.model.lines import Floats
from gridplanner.model.patrol import PatrolStreets
from gridplanner.model.patrol_sheet import RouteSheet
from gridplanner.model.route_track import track_of

DATUMS = ("wgs84", "gcj02", "bd09")
DATUM_WORDS = {
    "wgs84": N_("Coordinates: WGS 84"),
    "gcj02": N_("Coordinates: GCJ-02, shifted for maps made in China; programs that expect WGS 84 show them some hundred metres off"),
    "bd09": N_("Coordinates: BD-09, shifted for Baidu's maps; programs that expect WGS 84 show them about a kilometre off"),
}
_CHINA_TIME = timezone(timedelta(hours=8))
_CHINA_CRS = range(4491, 4555)  # the EPSG codes of CGCS2000's zones


@dataclass(frozen=True, eq=False)
class RouteDegrees:
    """A sheet's places in degrees, longitude first: its `track` (n, 2) with `clock` (n,) minutes, and `rows` (k, 2) of its instructions."""

    sheet: RouteSheet
    track: Floats
    clock: Floats
    rows: Floats


def routes_in_degrees(streets: PatrolStreets, crs: str, sheets: Sequence[RouteSheet], datum: str = "wgs84") -> list[RouteDegrees]:
    """Return the places of some sheets in degrees of a datum of DATUMS."""
    found = []
    for sheet in sheets:
        track = track_of(streets, sheet.route)
        rows = np.array([(row.x, row.y) for row in sheet.instructions], np.float64).reshape(-1, 2)
        found.append(RouteDegrees(sheet, _degrees(track.xy, crs, datum), track.clock, _degrees(rows, crs, datum)))
    return found


def moment(day: date, clock: float, zone: tzinfo | None) -> datetime:
    """Return the moment of a clock time on a day, to the second; times from 24:00 on are those of the next day."""
    local = datetime(day.year, day.month, day.day) + timedelta(seconds=round(clock * 60))
    return local.replace(tzinfo=zone) if zone is not None else local.astimezone()


def time_zone(crs: str, xy: Floats) -> tzinfo | None:
    """Return the time zone of places (n, 2) in China, where all clocks show one; None elsewhere: that of this computer."""
    if not len(xy):
        return None
    lon, lat = systems.transform(xy[:1], crs, systems.WGS84)[0].tolist()
    code = systems.auto_crs(lon, lat).partition(":")[2]
    return _CHINA_TIME if int(code) in _CHINA_CRS else None


def datum_words(datum: str) -> str:
    """Return what a file says of its coordinates."""
    return _(DATUM_WORDS[datum])


def _degrees(xy: Floats, crs: str, datum: str) -> Floats:
    return from_wgs84(systems.transform(np.array(xy, np.float64), crs, systems.WGS84), datum)
