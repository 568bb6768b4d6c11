"""What patrol zones have to do, unit by unit: the settings' mix of households, persons, incidents, streets, key sites and area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.sums import group_sums
from algorithms.units.locate import locate, nearest
from gridplanner.model.lines import Floats, Ints, parts_of_lines
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import RoadClass
from gridplanner.model.project import Project
from gridplanner.model.units import sum_by_unit, unit_areas
from gridplanner.settings import ZoneSettings

BESIDE = 25.0  # metres outside the area within which a street, an incident or a site belongs to the unit beside it


@dataclass(frozen=True, eq=False)
class Workload:
    """Of each unit (u,): its `work`, the `demand` that is to be reached, km of streets and number of key sites in it.

    `demand_xy` (d, 2), `demand_unit` and `demand_of` (d,) are the places that the demand lies at; `lost` is how many incidents lie
    outside all units.
    """

    work: Floats
    demand: Floats
    street_km: Floats
    key_sites: Floats
    demand_xy: Floats
    demand_unit: Ints
    demand_of: Floats
    lost: float


def workload_of(project: Project, settings: ZoneSettings) -> Workload:
    """Return the workload of the project's units. The demand is the incidents; where there are none the households, else the work."""
    assert project.units is not None
    units, homes, mix = project.units, project.households, settings.workload
    polygons, count = unit_polygons(units), len(units)
    incident_unit = _beside(project.incidents.xy, polygons)
    site_unit = _beside(project.key_sites.xy, polygons)
    incidents = _sums(incident_unit, project.incidents.weight, count)
    key_sites = _sums(site_unit, np.ones(len(site_unit)), count)
    middle, km, weighted = street_parts(project, settings)
    street_unit = _beside(middle, polygons)
    amounts = {
        "households": sum_by_unit(units, homes.households),
        "persons": sum_by_unit(units, homes.persons),
        "incidents": incidents,
        "street_km": _sums(street_unit, weighted, count),
        "key_sites": key_sites,
        "area_km2": unit_areas(units) / 1e6,
    }
    work = np.asarray(sum((mix.get(name, 0.0) * amount for name, amount in amounts.items()), np.zeros(count)))
    if not work.sum() > 0:
        work = unit_areas(units) / 1e6
    lost = float(project.incidents.weight[incident_unit < 0].sum())
    if incidents.sum() > 0:
        xy, unit, of = project.incidents.xy, incident_unit, project.incidents.weight
    elif amounts["households"].sum() > 0:
        xy, unit, of = homes.xy, units.address_unit, homes.households
    else:
        xy, unit, of = np.empty((0, 2)), np.zeros(0, np.int32), np.zeros(0)
    held = unit >= 0
    demand = _sums(unit, of, count) if held.any() else work
    return Workload(work, demand, _sums(street_unit, km, count), key_sites, xy[held], unit[held], of[held], lost)


def street_parts(project: Project, settings: ZoneSettings) -> tuple[Floats, Floats, Floats]:
    """Return the middle (n, 2), km (n,) and km of work (n,) of parts of all streets of class residential and up."""
    roads = project.roads
    rows = np.flatnonzero(roads.classes >= RoadClass.STREET)
    middle, km, line = parts_of_lines(roads.lines.select(rows))
    factor = np.array([settings.class_work.get(str(word), 1.0) for word in roads.highway[rows]])
    return middle, km, km * factor[line]


def _beside(xy: Floats, polygons: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Ints:
    unit = locate(xy, polygons)
    lost = np.flatnonzero(unit < 0)
    if len(lost):
        unit[lost] = nearest(xy[lost], polygons, BESIDE)
    return unit


def _sums(unit: Ints, value: Floats, count: int) -> Floats:
    held = unit >= 0
    return group_sums(unit[held], value[held], count)
