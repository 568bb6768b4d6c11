"""The areas that a rating map colours: areas of police stations, beats or patrol zones, with what lives in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.duty_data import StationAreas
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.outlines import beat_outlines, beat_rows, zone_outlines, zone_rows
from gridplanner.model.places import Households, texts
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import OUTSIDE

OF = {"stations": N_("police station area"), "beats": N_("beat"), "zones": N_("patrol zone")}
MISSING = {
    "stations": N_("There are no areas of police stations to rate; give [sources.station_areas], or set [rating] per = beats"),
    "beats": N_("There are no beats to rate; make them first, or set [rating] per = stations"),
    "zones": N_("There are no patrol zones to rate; make them first, or set [rating] per = stations"),
}


@dataclass(frozen=True, eq=False)
class RatedAreas:
    """One row per area: `polygons`, `codes` and `names` (a,), `households` and `persons` (a,) that live there; `per` says what they are."""

    per: str
    polygons: Texts
    codes: Texts
    names: Texts
    households: Floats
    persons: Floats

    def __len__(self) -> int:
        return len(self.polygons)

    def row_of(self) -> dict[str, int]:
        """Return the row of each code and each name; a name that several areas have is no key, and a code goes before a name."""
        found: dict[str, int] = {}
        for row, name in enumerate(self.names.tolist()):
            found[name] = OUTSIDE if name in found else row
        found.update({code: row for row, code in enumerate(self.codes.tolist())})
        found.pop("", None)
        return {key: row for key, row in found.items() if row != OUTSIDE}

    def title(self, row: int) -> str:
        """Return what an area is called: its name, else its code."""
        return str(self.names[row] or self.codes[row])


NO_AREAS = RatedAreas("stations", texts(), texts(), texts(), np.zeros(0), np.zeros(0))
_recent = Recent[RatedAreas](4)


def rated_areas(project: Project, per: str) -> RatedAreas:
    """Return the areas of a kind (stations, beats, zones) that a project has; none where its step was not done."""
    plan = {"stations": project.station_areas, "beats": project.beats, "zones": project.zones}[per]
    given = (plan, project.units, project.grids, project.households) if per != "stations" else (plan, project.households)
    known = _recent.find(*given)
    return known if known is not None else _recent.keep(_made(project, per), *given)


def row_at(areas: RatedAreas, xy: Floats) -> Ints:
    """Return the row of the area that each place (n, 2) lies in, OUTSIDE for none, the first one for a place on a common bound."""
    found = np.full(len(xy), OUTSIDE, np.int32)
    if len(areas) and len(xy):
        place, area = shapely.STRtree(areas.polygons).query(shapely.points(xy), predicate="intersects")
        order = np.lexsort((area, place))[::-1]  # the first of several areas is written last
        found[place[order]] = area[order]
    return found


def _made(project: Project, per: str) -> RatedAreas:
    if per == "stations":
        return _stations(project.station_areas, project.households) if len(project.station_areas) else NO_AREAS
    units, grids = project.units, project.grids
    if per == "beats":
        beats = project.beats
        if units is None or grids is None or beats is None:
            return NO_AREAS
        rows, shapes = beat_rows(grids, beats), beat_outlines(units, grids, beats)
        called = [(beat.code, beat.name) for beat in beats.beats.values()]
    else:
        zones = project.zones
        if zones is None:
            return NO_AREAS
        called = [(zone.code, zone.name) for zone in zones.zones.values()]
        if len(zones.hulls):
            return _around(project, per, zones.hulls, called)
        if units is None or len(zones.labels) not in (0, len(units)) or (grids is None and not len(zones.labels)):
            return NO_AREAS
        rows, shapes = zone_rows(grids, zones), zone_outlines(units, grids, zones)
    inside = rows >= 0
    households, persons = (
        group_sums(rows[inside], values[inside], len(called))
        for values in (unit_households(units, project.households), unit_persons(units, project.households))
    )
    there = ~shapely.is_missing(shapes)  # a group that lost all its grids has no area
    codes, names = texts([code for code, _ in called]), texts([name for _, name in called])
    return RatedAreas(per, shapes[there], codes[there], names[there], households[there], persons[there])


def _stations(areas: StationAreas, homes: Households) -> RatedAreas:
    bare = RatedAreas("stations", areas.polygons, areas.codes, areas.names, np.zeros(len(areas)), np.zeros(len(areas)))
    return _peopled(bare, homes)


def _around(project: Project, per: str, hulls: Texts, called: list[tuple[str, str]]) -> RatedAreas:
    codes, names = texts([code for code, _ in called]), texts([name for _, name in called])
    return _peopled(RatedAreas(per, hulls, codes, names, np.zeros(len(hulls)), np.zeros(len(hulls))), project.households)


def _peopled(areas: RatedAreas, homes: Households) -> RatedAreas:
    """Return areas with the households and persons at the addresses in each."""
    row = row_at(areas, homes.xy)
    inside = row >= 0
    sums = (group_sums(row[inside], values[inside], len(areas)) for values in (homes.households, homes.persons))
    return RatedAreas(areas.per, areas.polygons, areas.codes, areas.names, *sums)
