"""Dividing a few grids anew while every other grid stays as it is: re-solving here, and splitting one into equal ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.districting.problem import Certificate as RegionCertificate
from algorithms.districting.problem import DistrictingProblem
from algorithms.districting.solve import solve_districting
from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress, Span
from algorithms.sums import group_sums
from algorithms.units.locate import locate
from gridplanner.edits.divide_edits import DivideGrids
from gridplanner.edits.edit import needs
from gridplanner.errors import InputError, NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.grids import Certificate, Grid, GridPlan, RetiredGrid
from gridplanner.model.groups import grids_named
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import NO_HOUSEHOLDS
from gridplanner.model.project import Project
from gridplanner.model.rules import MustStays, Rules, area_of_units
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import OUTSIDE, Units
from gridplanner.model.units_part import part_of_units
from gridplanner.planning.certificates import community_certificates
from gridplanner.planning.earlier_plan import plan_as_it_is
from gridplanner.planning.effort import params_of
from gridplanner.planning.grid_numbers import community_of_districts
from gridplanner.planning.grid_problem import GridProblem, grid_problem
from gridplanner.planning.must_stays import with_pins
from gridplanner.planning.parts import Regions, links_between, problem_of
from gridplanner.planning.pieces import Settled
from gridplanner.planning.succession import Succession, succession
from gridplanner.settings import GridSettings

PRICED, ROUNDS = 45, 20  # units up to which a better bound is sought, and how long: a second or two


@dataclass(frozen=True, eq=False)
class Resolved:
    """The edit, how many grids it makes, the households that change grid by it, and what is proven.

    `status` is "optimal", "gap" or "none"; `columns` grids were looked at, and the plan is at most `gap` dearer than the best.
    """

    edit: DivideGrids
    number: int
    moved: float
    status: str
    columns: int
    gap: float


def propose_resolve(project: Project, grids: Sequence[int], number: int | None = None, progress: Progress = SILENT) -> Resolved:
    """Return the edit that divides some grids anew, into as many as they are or into `number`.

    Ids, codes and names stay with the grids that hold most of what had them. All else stays as it is and is not looked at beyond the
    neighbours, so the work grows with these grids only. Raises InputError for unknown or locked grids, and NoPlanFound for a number that
    cannot be: fewer than the parts that the grids lie in, or more than their units.
    """
    chosen = tuple(sorted(set(grids)))
    plan, units = _checked(project, chosen)
    progress.report(0.02, _("Looking at {n} grids and their neighbours").format(n=len(chosen)))
    here = _Here(project, units, plan, chosen)
    problem = here.divided(number or len(chosen))
    progress.report(0.1, _("Grouping {n} units into {k} grids").format(n=int(here.mine.sum()), k=number or len(chosen)))
    count = int(here.mine.sum())
    params = params_of(here.project.settings.grids, count)
    if params.columns and count <= PRICED:
        params = dataclasses.replace(params, pricing=max(params.pricing, ROUNDS))
    found = solve_districting(problem, params, project.settings.project.seed, Span(progress, 0.1, 0.95))
    given = here.given
    found, codes = with_pins(here.project, given.pieces, given.pins, problem, found, params, progress)
    progress.report(0.95, _("Numbering the grids"))
    after = here.named(found.labels, codes)
    edit = here.edit(after, here.proven(found.certificates, found.cost, found.labels, problem))
    free = [c for c, settled in zip(found.certificates, here.settled.tolist(), strict=True) if not settled]
    homes = unit_households(units, project.households)[edit.rows]
    value, bound = sum(c.value for c in free), sum(c.bound or 0.0 for c in free)
    status = "none" if any(c.status == "none" for c in free) else "optimal" if all(c.status == "optimal" for c in free) else "gap"
    gap = max(value / bound - 1.0, 0.0) if status == "gap" and bound > 0 else 0.0
    moved = float(homes[edit.labels != edit.was].sum())
    return Resolved(edit, len(edit.grids), moved, status, sum(c.columns for c in free), gap)


def _checked(project: Project, chosen: tuple[int, ...]) -> tuple[GridPlan, Units]:
    plan, units = project.grids, project.units
    if plan is None or units is None:
        raise InputError(_("There is no grid plan yet"))
    if not chosen:
        raise InputError(_("Select the grids that are to be divided anew"))
    for grid in chosen:
        if grid not in plan.grids:
            raise InputError(_("There is no grid {grid}").format(grid=grid))
        if plan.grids[grid].locked:
            raise InputError(_("Grid {grid} is locked; unlock it first").format(grid=plan.grids[grid].code))
    return plan, units


class _Here:
    """The chosen grids with their neighbours, locked, as a project of its own."""

    def __init__(self, project: Project, units: Units, plan: GridPlan, chosen: tuple[int, ...]) -> None:
        self.whole, self.plan, self.chosen = project, plan, chosen
        near = neighbourhood_of(project, chosen).around & plan.grids.keys()
        self.rows = np.flatnonzero(np.isin(plan.labels, [*chosen, *near]))
        labels = plan.labels[self.rows]
        self.mine: Bools = np.isin(labels, chosen)
        known = {key: plan.grids[key] for key in chosen}
        known |= {key: dataclasses.replace(plan.grids[key], locked=True) for key in near}
        # codes of grids beyond are taken like those of grids that ended
        beyond = tuple(RetiredGrid(g.community, g.code, g.name, ()) for key, g in plan.grids.items() if key not in known and g.code)
        self.beyond = {end.code for end in beyond}
        sub = dataclasses.replace(
            project, units=part_of_units(units, self.rows), grids=GridPlan(labels, known, retired=(*plan.retired, *beyond)),
            beats=None, zones=None, checkpoints=None, rings=None, chiefs=None, patrol=None, rail=None,
        )  # fmt: skip
        self.project = dataclasses.replace(sub, rules=_rules_here(sub, self.mine))
        if not project.households.households.sum() > 0:
            self.project = dataclasses.replace(self.project, households=NO_HOUSEHOLDS)
        self.given: GridProblem = grid_problem(self.project)
        self.settled = np.zeros(0, bool)

    def divided(self, number: int) -> DistrictingProblem:
        """Return the problem of dividing the chosen grids into a number of grids: what hangs together is planned together."""
        given = self.given
        land, pieces = given.land, given.pieces
        pairs = land.adjacency
        count = len(pieces)
        home = np.full(count, -1, np.int64)
        home[given.rows] = self.project.grids.labels if self.project.grids is not None else -1
        settled = np.zeros(count, bool)
        settled[list(pieces.settled)] = True
        part = components(count, pairs.low[pairs.crossable], pairs.high[pairs.crossable])
        region, links = _joined_by_grid(given, part, home, settled)
        size = int(region.max()) + 1
        load = np.stack([group_sums(region, column, size) for column in given.loads]).max(axis=0)
        units_in = np.bincount(region, minlength=size)
        self.settled = np.zeros(size, bool)
        self.settled[region[settled]] = True
        districts = self._numbers(number, region, home, load, units_in)
        return problem_of(land, Regions(region, load, links, ()), given.loads, districts, (given.band.low, given.band.high))

    def _numbers(self, number: int, region: Ints, home: Ints, load: Ints, units_in: Ints) -> Ints:
        """Return how many grids each region is divided into: one each, the others where a grid would hold most."""
        districts = np.ones(len(units_in), np.int32)
        inside = np.zeros(len(units_in), bool)
        inside[region[np.isin(home, self.chosen)]] = True
        fixed = int((inside & self.settled).sum())
        free = np.flatnonzero(inside & ~self.settled)
        if number < fixed + len(free):
            text = _("What is selected lies in {n} parts that nothing joins; it cannot be fewer than {n} grids")
            raise NoPlanFound(text.format(n=fixed + len(free)))
        if number - fixed > int(units_in[free].sum()):
            raise NoPlanFound(_("There are only {n} units to make grids of").format(n=int(units_in[free].sum())))
        own = {int(grid): int(np.bincount(region[home == grid]).argmax()) for grid in self.chosen if (home == grid).any()}
        wished = np.bincount(list(own.values()), minlength=len(districts))
        if number == len(self.chosen) and wished[free].min(initial=1) >= 1 and (wished[free] <= units_in[free]).all():
            districts[free] = wished[free]
        while int(districts[free].sum()) < number - fixed:
            open_ones = free[districts[free] < units_in[free]]
            districts[open_ones[np.argmax(load[open_ones] / districts[open_ones])]] += 1
        return districts

    def named(self, district_of_piece: Ints, codes: dict[int, str]) -> Succession:
        """Return the chosen grids and their neighbours with ids, codes and names by overlap."""
        given, project = self.given, self.project
        assert project.units is not None
        assert project.grids is not None
        numbers, district = np.unique(district_of_piece[given.rows], return_inverse=True)
        place = {int(number): at for at, number in enumerate(numbers.tolist())}
        settled: dict[int, Settled] = {place[int(district_of_piece[piece])]: what for piece, what in given.pieces.settled.items()}
        wanted = {place[int(number)]: code for number, code in codes.items()}
        valid_from = (project.settings.grids or GridSettings()).valid_from
        before = plan_as_it_is(project.units, project.grids)
        after = succession(project, before, district.ravel().astype(np.int32), settled, wanted, valid_from, 0.0)
        return self._with_free_ids(after)

    def _with_free_ids(self, after: Succession) -> Succession:
        """Return the new grids with ids above all that the whole plan ever used."""
        following = max([0, *self.plan.grids, *grids_named(self.whole)]) + 1
        by_code = {self.plan.grids[key].code: key for key in self.chosen if self.plan.grids[key].code}
        new: dict[int, int] = {}
        for key in sorted(after.grids.keys() - set(self.chosen)):
            known = by_code.get(after.grids[key].code)  # an id of 0 means none to the succession, but may be one
            near = key in self.plan.grids and after.grids[key].code == self.plan.grids[key].code
            if not near:
                new[key] = known if known is not None else following + len(new)
        labels = np.array([new.get(label, label) for label in after.labels.tolist()], np.int32)
        return Succession(labels, {new.get(key, key): grid for key, grid in after.grids.items()}, after.retired)

    def proven(
        self, regions: tuple[RegionCertificate, ...], cost: np.ndarray[tuple[int], np.dtype[np.float64]], labels: Ints,
        problem: DistrictingProblem,
    ) -> tuple[Certificate, ...]:  # fmt: skip
        """Return the certificates of the communities all of whose grids were divided anew: of others the whole is not proven."""
        project, units = self.project, self.whole.units
        assert project.units is not None
        assert units is not None
        count = len(project.communities)
        inside = np.bincount(project.units.community[self.mine], minlength=count)
        whole = (inside == np.bincount(units.community, minlength=count)) & (inside > 0)
        if not whole.any():
            return ()
        community = np.zeros(len(problem.districts), np.int32)
        community[problem.region] = self.given.community
        found = community_certificates(regions, community, cost, community_of_districts(project.units, labels[self.given.rows]), count)
        return tuple(certificate for certificate in found if whole[certificate.community])

    def edit(self, after: Succession, certificates: tuple[Certificate, ...]) -> DivideGrids:
        """Return the edit that puts the new grids into the whole plan."""
        labels = after.labels[self.mine]
        grids: dict[int, Grid] = {key: after.grids[key] for key in np.unique(labels).tolist()}
        kept = {end.code for end in self.plan.retired} | self.beyond
        ended = tuple(end for end in after.retired if end.code not in kept)
        rows = self.rows[self.mine]
        split = len(self.chosen) == 1
        text = N_("Split grid {grid} into {k} grids") if split else N_("Divide {n} grids anew into {k}")
        places = {"grid": self.plan.grids[self.chosen[0]].code, "n": len(self.chosen), "k": len(grids)}
        given = needs(self.whole, "units", "households", "rules")
        before = {key: self.plan.grids[key] for key in self.chosen}
        return DivideGrids(text, rows, self.plan.labels[rows], labels, before, grids, ended, certificates, given, places)


def _rules_here(project: Project, mine: Bools) -> Rules:
    """Return the rules that speak of the chosen units only; the neighbours are as they are."""
    units, rules = project.units, project.rules
    assert units is not None
    if not len(rules):
        return rules
    keep, exclusive = rules.keep, rules.exclusive
    if len(exclusive):
        row = area_of_units(units, exclusive)
        here = np.setdiff1d(row[mine], [*row[~mine], OUTSIDE])
        exclusive = dataclasses.replace(
            exclusive, polygons=exclusive.polygons[here], names=exclusive.names[here], cuts=exclusive.cuts[here]
        )
    if len(keep):
        here = np.setdiff1d(area_of_units(units, keep)[mine], [OUTSIDE])
        keep = dataclasses.replace(keep, polygons=keep.polygons[here], names=keep.names[here], cuts=keep.cuts[here])
    stays = rules.must_stay
    if len(stays):
        unit = locate(stays.xy, unit_polygons(units))
        here = np.flatnonzero((unit >= 0) & mine[unit])
        stays = MustStays(stays.xy[here], stays.codes[here])
    return dataclasses.replace(rules, keep=keep, exclusive=exclusive, must_stay=stays)


def _joined_by_grid(given: GridProblem, part: Ints, home: Ints, settled: Bools) -> tuple[Ints, tuple[Ints, Ints]]:
    """Return the region of each piece, and links, where parts that one grid held together (islands) are planned together."""
    nothing = np.zeros(0, np.int32)
    known = np.flatnonzero(~settled)
    _grids, first, index = np.unique(home[known], return_index=True, return_inverse=True)
    size = int(part.max()) + 1
    merged = components(size, part[known], part[known[first[index.ravel()]]])
    if int(merged.max()) + 1 == size:
        return part, (nothing, nothing)
    alone = np.zeros(size, bool)
    alone[np.unique(merged, return_index=True)[1]] = True
    land = dataclasses.replace(given.land, area_row=merged[part])
    return merged[part].astype(np.int32), links_between(land, part, alone)
