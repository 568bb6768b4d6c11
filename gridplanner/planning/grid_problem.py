"""From a project to the districting problem of its grids: what is grouped, what is planned together, how many grids, what they cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.districting.problem import DistrictingParams, DistrictingProblem
from algorithms.sums import group_sums
from gridplanner.code_profiles import profile_of
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.band import Band, band_of
from gridplanner.model.codes import check_room
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.planning.borders import Borders, borders_apart, borders_of
from gridplanner.planning.effort import params_of
from gridplanner.planning.fixed_lines import fixed_pieces
from gridplanner.planning.grid_numbers import is_exclusive
from gridplanner.planning.must_stays import Pins, pins_of
from gridplanner.planning.parts import Land, Regions, land_of, problem_of, regions_of
from gridplanner.planning.pieces import Pieces, pieces_of
from gridplanner.settings import GridSettings


@dataclass(frozen=True, eq=False)
class GridProblem:
    """What the grids are made from.

    `rows` (u,) is the piece of land that each unit belongs to (one piece a unit unless some must stay together); `community` (p,)
    each piece's community row; `loads` (w, p) shares of the target. `pieces` says which of them the rules settled or keep together,
    and `pins` which belong to the grid of a code.
    """

    band: Band
    rows: Ints
    land: Land
    regions: Regions
    loads: Floats
    community: Ints
    problem: DistrictingProblem
    pieces: Pieces
    pins: Pins

    @property
    def region_community(self) -> Ints:
        """(r,) the community row of each region."""
        row = np.zeros(len(self.problem.districts), np.int32)
        row[self.regions.region] = self.community
        return row


def grid_problem(project: Project) -> GridProblem:
    """Return the districting problem of a project's units and settings.

    Raises InputError where there are no units or no households, or more grids than a community's codes have room for, and NoPlanFound
    where two rules contradict each other.
    """
    units = project.units
    if units is None:
        raise InputError(_("There are no units to group yet; make the units first"))
    if not project.households.households.sum() > 0:
        raise InputError(_("There are no households to plan for; add a household layer"))
    band = band_of(project.settings.grids)
    borders = borders_with_rules(project)
    loads = band.loads(unit_households(units, project.households), unit_persons(units, project.households))
    pieces = pieces_of(project, loads.max(axis=0), borders.blocked, band.low)
    rows, community = pieces.rows, pieces.community
    loads = np.stack([group_sums(rows, column, len(pieces)) for column in loads])
    land = land_of(units, rows, pieces.polygons, pieces.area, borders, community)
    regions = regions_of(land, loads, band)
    pins = pins_of(project, pieces, regions.region)
    districts = _numbers(band, regions, pins)
    _check_codes(project, pieces, regions, districts)
    problem = problem_of(land, regions, loads, districts, (band.low, band.high))
    return GridProblem(band, rows, land, regions, loads, community, problem, pieces, pins)


def borders_with_rules(project: Project) -> Borders:
    """Return the borders between the units of a project as its settings and its fixed lines have them."""
    assert project.units is not None
    return borders_apart(project.units, borders_of(project.units, project.settings.grids), fixed_pieces(project))


def _check_codes(project: Project, pieces: Pieces, regions: Regions, districts: Ints) -> None:
    """Raise InputError where a community has more grids than its codes have room for: now, not after the search."""
    places = project.communities
    community = np.zeros(len(districts), np.int32)
    community[regions.region] = pieces.community
    alone = [piece for piece, what in pieces.settled.items() if is_exclusive(project, what)]
    profile = profile_of((project.settings.grids or GridSettings()).codes)
    counts = np.bincount(community, districts, len(places)).astype(np.int64)
    check_room(profile, counts, np.bincount(pieces.community[alone], minlength=len(places)), places.codes, places.names)


def _numbers(band: Band, regions: Regions, pins: Pins) -> Ints:
    """Return how many grids each region is divided into: what the band says, as many as it has codes of places that stay, its pieces."""
    size = np.bincount(regions.region)
    pairs = np.unique(np.stack((regions.region[pins.code >= 0], pins.code[pins.code >= 0])), axis=1)
    wanted = np.bincount(pairs[0], minlength=len(size))
    numbers = [max(min(band.number(w), n), k) for w, n, k in zip(regions.load.tolist(), size.tolist(), wanted.tolist(), strict=True)]
    return np.array(numbers, np.int32)


def params_for(project: Project) -> DistrictingParams:
    """Return the solver's parameters for a project's units and the effort that its settings ask for."""
    return params_of(project.settings.grids, len(project.units or ()))
