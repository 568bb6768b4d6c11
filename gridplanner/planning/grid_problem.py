"""From a project to the districting problem of its grids: what is grouped, what is planned together, how many grids, what they cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.districting.problem import DistrictingParams, DistrictingProblem
from algorithms.sums import group_sums
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.band import Band, band_of
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.planning.codes import check_room
from gridplanner.planning.parts import Land, Regions, land_of, problem_of, regions_of

OBJECTIVE = "balance+border"
# budget by effort: annealing rounds, and how many units' worth of replicas at least and at most
_EFFORT = {"quick": (150, 20_000, 1, 4), "standard": (300, 30_000, 1, 24), "thorough": (1500, 250_000, 2, 40)}


@dataclass(frozen=True, eq=False)
class GridProblem:
    """What the grids are made from.

    `rows` (u,) is the piece of land that each unit belongs to (one piece a unit unless some must stay together); `community` (p,)
    each piece's community row; `loads` (w, p) shares of the target.
    """

    band: Band
    rows: Ints
    land: Land
    regions: Regions
    loads: Floats
    community: Ints
    problem: DistrictingProblem


def grid_problem(project: Project) -> GridProblem:
    """Return the districting problem of a project's units and settings.

    Raises InputError where there are no units or no households, or more grids than a community's codes have room for.
    """
    units = project.units
    if units is None:
        raise InputError(_("There are no units to group yet; make the units first"))
    if not project.households.households.sum() > 0:
        raise InputError(_("There are no households to plan for; add a household layer"))
    band = band_of(project.settings.grids)
    rows = np.arange(len(units), dtype=np.int32)
    community = units.community
    land = land_of(units, rows, unit_polygons(units), community)
    loads = band.loads(unit_households(units, project.households), unit_persons(units, project.households))
    regions = regions_of(land, loads, band)
    pieces = np.bincount(regions.region)
    districts = np.array([min(band.number(w), n) for w, n in zip(regions.load.tolist(), pieces.tolist(), strict=True)], np.int32)
    community_of = np.zeros(len(districts), np.int32)
    community_of[regions.region] = community
    check_room(group_sums(community_of, districts).astype(np.int64), project.communities.names)
    problem = problem_of(land, regions, loads, districts, (band.low, band.high))
    return GridProblem(band, rows, land, regions, loads, community, problem)


def params_of(project: Project, units: int) -> DistrictingParams:
    """Return the solver's parameters for the effort that the settings ask for."""
    effort = project.settings.grids.effort if project.settings.grids else "standard"
    rounds, budget, least, most = _EFFORT[effort]
    return DistrictingParams(rounds=rounds, replicas=int(np.clip(budget // max(units, 1), least, most)))
