"""What each plan was made from, as a fingerprint of content: whether a plan is stale survives processes, files and undo."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from gridplanner.model.band import band_of
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.rules import cutting
from gridplanner.model.scenarios import PLANNED
from gridplanner.settings import GridSettings, RosterSettings, ZoneSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_AFTER = {"grids": "units", "beats": "grids", "zones": "grids", "chiefs": "grids", "patrol": "zones"}


def made_from(project: Project, plan: str) -> str:
    """Return the fingerprint of what `plan` (one of PLANNED) would be made from now: data, earlier plans and the settings that matter."""
    settings = project.settings
    grids = settings.grids or GridSettings()
    band = band_of(grids)
    cuts = repr((band.households, band.persons, grids.divide_blocks))  # blocks above a share of the target are cut
    borders = repr((sorted(grids.border_price.items()), sorted(set(grids.never_cross))))
    drawn = cutting(project.rules) + ((project.drawn,) if len(project.drawn) else ())
    units: object = project.units
    if project.units is not None and project.units.by_hand:  # a line by hand refines units and the plan with them: it makes none stale
        units = ("cut by hand", project.units.made_from)
    given = {
        "units": (project.communities, project.households, project.roads, project.barriers, project.railway, cuts, drawn),
        "grids": (units, repr(band), borders, project.rules, grids.rural),
        "beats": (project.grids, _said(settings.beats), project.station_areas, *_stations_of(project)),
        "zones": _zones_from(project),
        "checkpoints": (
            project.roads, project.communities, _said(settings.checkpoints), project.checkpoint_sites, project.cordons,
            project.households, project.depots,
        ),
        "rings": (
            project.roads, project.households, project.incidents, project.depots, _said(settings.response),
            (project.zones, project.grids) if settings.response is not None and settings.response.posts == "zones" else None,
            project.communities,
        ),
        "chiefs": (
            project.grids, project.roads, _said(settings.street_chiefs), project.key_sites, project.incidents, project.staff,
            project.households, project.communities,
        ),
        "patrol": (project.zones, _said(settings.patrol), project.roads, project.depots, project.key_sites, project.picks),
        "rail": (
            project.railway, project.stations, _said(settings.rail), project.rail_things, project.roads, project.depots,
            project.households, project.key_sites, project.communities, project.incidents,
        ),
        "roster": _roster_from(project),
    }  # fmt: skip
    return fingerprint(given[plan])


def _stations_of(project: Project) -> tuple[object, ...]:
    """Return what says which police station a beat belongs to, where that matters."""
    settings = project.settings.beats
    return (project.depots,) if settings is not None and settings.within == "stations" and not len(project.station_areas) else ()


def _zones_from(project: Project) -> tuple[object, ...]:
    settings = project.settings.zones or ZoneSettings()
    pieces: object = project.grids
    if project.units is not None and settings.units == "blocks":
        pieces = project.units
    elif settings.units == "beats":
        pieces = (project.grids, project.beats)
    data = (project.roads, project.households, project.depots, project.key_sites, project.incidents)
    return (pieces, _said(project.settings.zones), *data)


def _roster_from(project: Project) -> tuple[object, ...]:
    """Return whom a roster is for: the squads, guards and places of the plan that it serves, not how these came about."""
    settings = project.settings.roster or RosterSettings()
    served: object = ()
    if settings.group == "rail" and project.rail is not None:
        served = tuple((s.code, s.squad, s.guard, s.plan, s.post) for s in project.rail.segments)
    elif settings.group == "patrol" and project.patrol is not None:
        served = tuple((r.code, r.zone, r.crew) for r in project.patrol.first)
    return (served, _said(project.settings.roster), project.roster_cells)


def _said(section: DataclassInstance | None) -> str:
    """Return a section's values as text in which the order of its tables does not matter."""
    return "" if section is None else json.dumps(dataclasses.asdict(section), sort_keys=True, default=str)


def stale_plans(project: Project) -> set[str]:
    """Return the plans whose data, settings or earlier plans have changed since they were made, and those made from such a plan."""
    stale: set[str] = set()
    for name in PLANNED:
        plan = getattr(project, name)
        if plan is not None and (plan.made_from != made_from(project, name) or _AFTER.get(name) in stale):
            stale.add(name)
    return stale
