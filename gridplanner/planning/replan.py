"""Re-planning: new data or another band on a plan that people know; few households move, grids keep their ids and codes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from algorithms.districting.problem import DistrictingProblem, Stay, evaluate
from algorithms.districting.replan import Replanned, ReplanParams, replan_districting
from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress, Span
from algorithms.sums import group_sums
from gridplanner.edits.edit import Replace, needs
from gridplanner.edits.grid_plan_edits import ReplaceGrids
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.grids import Certificate, GridPlan, Replan
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.statistics import unit_households
from gridplanner.model.transfers import transfers_of
from gridplanner.model.units import Units
from gridplanner.planning.certificates import OBJECTIVE
from gridplanner.planning.drawn_grids import drawn_plan
from gridplanner.planning.earlier_plan import EarlierPlan, plan_as_it_is
from gridplanner.planning.feasibility import feasibility
from gridplanner.planning.fixed_lines import fixed_line_issues
from gridplanner.planning.grid_numbers import community_of_districts
from gridplanner.planning.grid_problem import GridProblem, grid_problem, params_for
from gridplanner.planning.must_stays import with_pins
from gridplanner.planning.new_addresses import units_with_addresses
from gridplanner.planning.parts import Regions, links_between, problem_of
from gridplanner.planning.succession import Succession, succession
from gridplanner.settings import GridSettings

PARAMS = ReplanParams()


def propose_replan(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that brings the plan into its band and moves few households, never more than `[grids] max_moved` of them.

    It starts from the project's grid plan, on its units with the addresses as they are now; without a plan, from the drawn grids.
    `[grids] valid_from` is written to the grids that change and to those that end. Where the limit is too low for the
    band, grids stay out of it, and an issue says what share would do. Raises InputError where there is nothing to start from, and
    what planning grids raises.
    """
    if project.units is None or (project.grids is None and not len(project.drawn)):
        raise InputError(_("There is no grid plan to start from: make one first, or give one in [sources.current_grids]"))
    given = needs(project, "units", "households", "communities", "rules", "grids", "drawn")
    project = dataclasses.replace(project, units=units_with_addresses(project))
    units = project.units
    assert units is not None
    progress.report(0.05, _("Laying the earlier plan over the units"))
    before = plan_as_it_is(units, project.grids) if project.grids is not None else drawn_plan(project)
    work = _Work(project, units, before)
    progress.check()
    progress.report(0.2, _("Re-planning {k} grids").format(k=len(before.grids)))
    found = work.solved(work.limit, Span(progress, 0.2, 0.6))
    told = work.limit_issues(found, Span(progress, 0.6, 0.9))
    progress.report(0.9, _("Numbering the grids"))
    plan = work.plan(found, told)
    values: dict[str, object] = {"units": units, "grids": plan}
    text = N_("Re-plan: {n} households move, {k} grids change")
    return ReplaceGrids(text, values, given, {"n": f"{work.households_moved(plan):g}", "k": work.grids_changed(plan)})


@dataclass(frozen=True, eq=False)
class Outcome:
    """A labelling of the pieces by districts, what the solver said of it, and the codes that places demand of districts."""

    labels: Ints
    cost: Floats
    said: Replanned
    codes: dict[int, str]


class _Work:
    """The problem of one re-planning, and what becomes of its solution."""

    def __init__(self, project: Project, units: Units, before: EarlierPlan) -> None:
        self.project, self.units, self.before = project, units, before
        self.settings = project.settings.grids or GridSettings()
        self.given = grid_problem(project)
        self.households = unit_households(units, project.households)
        self.mass = group_sums(self.given.rows, self.households, len(self.given.pieces))
        self.home = _homes_of_pieces(self.given, before.unit, self.households)
        self.problem = _with_old_grids_whole(self.given, self.home)
        homes = project.households.households
        at = units.address_unit
        had = (before.address >= 0) & (at >= 0)
        strangers = had & (self.home[self.given.rows[at]] != before.address)
        self.known = float(homes[had].sum())
        self.forced = float(homes[strangers].sum())  # units that an outline divides, and what must stay together, move them in any case
        share = self.settings.max_moved
        self.limit = np.inf if share is None else max(share * self.known - self.forced, 0.0)

    def solved(self, limit: float, progress: Progress) -> Outcome:
        """Return the plan that moves at most `limit` households."""
        problem = dataclasses.replace(self.problem, stay=Stay(self.home, self.mass, limit), fixed=self._pinned())
        said = replan_districting(problem, PARAMS, self.project.settings.project.seed, progress)
        problem = dataclasses.replace(self.problem, districts=said.districts, stay=self._stay_now(said, limit))
        by_household = float(problem.weight.max(axis=1).sum()) / max(float(self.mass.sum()), 1e-9)
        params = dataclasses.replace(params_for(self.project), stay=PARAMS.dearest * by_household)
        scored = evaluate(problem, said.labels, params)
        grids = self.before.grids
        owners = {grids[row].code: d for d, row in enumerate(said.former.tolist()) if 0 <= row < len(grids) and grids[row].code}
        held, codes = with_pins(self.project, self.given.pieces, self.given.pins, problem, scored, params, progress, owners)
        return Outcome(held.labels, held.cost, said, codes)

    def _stay_now(self, said: Replanned, limit: float) -> Stay:
        """Return where the pieces were, in the numbers of the new districts, and what of the limit the grids that are no more left."""
        number = np.full(max(int(self.home.max(initial=0)), int(said.former.max(initial=0))) + 2, -1, np.int64)  # the last is that of none
        number[said.former[said.former >= 0]] = np.flatnonzero(said.former >= 0)
        home = number[self.home]
        return Stay(home, self.mass, max(limit - float(self.mass[(self.home >= 0) & (home < 0)].sum()), 0.0))

    def _pinned(self) -> Bools | None:
        """Return the pieces that are where they must stay, None where there are none."""
        pins = self.given.pins
        if not pins.codes:
            return None
        code = np.array([grid.code for grid in self.before.grids] + [""], object)
        own = np.where((self.home >= 0) & (self.home < len(self.before.grids)), self.home, -1)
        wanted = np.array([*pins.codes, "\x00"], object)[pins.code]
        return np.asarray(code[own] == wanted, bool)

    def beyond(self, found: Outcome) -> int:
        """Return how many grids are out of the band."""
        band = self.given.band
        load = np.stack([group_sums(found.labels, column) for column in self.given.loads]).max(axis=0)
        return int(((load < band.low - 1e-9) | (load > band.high + 1e-9)).sum())

    def limit_issues(self, found: Outcome, progress: Progress) -> tuple[Issue, ...]:
        """Say what the limit kept from the band and what share would do, and what moves in spite of it."""
        left = self.beyond(found)
        share = self.settings.max_moved
        if share is None or not self.known:
            return ()
        away = (self.home >= 0) & (np.append(found.said.former, -1)[found.labels] != self.home)
        moved = float(self.mass[away].sum()) + self.forced
        told: tuple[Issue, ...] = ()
        if moved > share * self.known + 1e-6:
            text = N_(
                "{moved} of the households move, more than the {limit} allowed: places that must stay in a grid, limits that cross units, "
                "and units that stay together leave no other way"
            )
            told = (Issue(Level.WARNING, "max_moved", text, {"moved": _percent(moved / self.known), "limit": _percent(share)}, "grids"),)
        free = self.solved(np.inf, progress) if left else found
        better = self.beyond(free)
        if better >= left:
            return told
        text = N_(
            "With at most {limit} of the households moving, {n} grids stay out of the band. Moving {share} leaves {rest} out; "
            "for none to be out at least {least} would have to move"
        )
        values = {
            "limit": _percent(share), "n": left, "rest": better, "share": _percent((free.said.moved + self.forced) / self.known),
            "least": _percent(free.said.certain / self.known),
        }  # fmt: skip
        return (*told, Issue(Level.WARNING, "max_moved", text, values, "grids"))

    def plan(self, found: Outcome, told: tuple[Issue, ...]) -> GridPlan:
        """Return the grid plan with ids and codes by overlap with the earlier one."""
        project, given = self.project, self.given
        district = found.labels[given.rows]
        settled = {int(found.labels[piece]): what for piece, what in given.pieces.settled.items()}
        after: Succession = succession(project, self.before, district, settled, found.codes, self.settings.valid_from, self.limit)
        cost = group_sums(community_of_districts(self.units, district), found.cost, len(project.communities))
        share = self.settings.max_moved
        known = max(self.known, 1e-9)
        lines = fixed_line_issues(project, after.labels, after.grids)
        return GridPlan(
            after.labels,
            after.grids,
            tuple(Certificate(c, OBJECTIVE, "none", None, float(v), why="replanned") for c, v in enumerate(cost)),
            (*self.before.issues, *given.pieces.issues, *given.pins.issues, *lines, *feasibility(project, given), *told),
            made_from(project, "grids"),
            after.retired,
            Replan(
                tuple(grid.code for grid in self.before.grids),
                self.before.address,
                fingerprint(project.households),
                share,
                float(found.said.certain / known),
                float(found.said.exchange / known),
                self.settings.valid_from,
            ),
        )

    def households_moved(self, plan: GridPlan) -> float:
        """Return the households that are in another grid than before."""
        found = transfers_of(dataclasses.replace(self.project, grids=plan))
        return found.moved if found is not None else 0.0

    def grids_changed(self, plan: GridPlan) -> int:
        """Return how many grids of the new plan are new or hold other units than before."""
        code = np.array([plan.grids[grid].code for grid in sorted(plan.grids)], object)
        now = code[np.searchsorted(np.array(sorted(plan.grids)), plan.labels)]
        old = np.array([grid.code for grid in self.before.grids] + [""], object)
        was = old[np.where(self.before.unit < len(self.before.grids), self.before.unit, -1)]
        other = now != was
        return len(set(now[other].tolist()) | (set(was[other].tolist()) & set(now.tolist())))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _homes_of_pieces(given: GridProblem, unit: Ints, households: Floats) -> Ints:
    """Return the earlier grid of each piece: that of most of its households, then of most of its units; -1 for none."""
    known = unit >= 0
    count = int(unit.max(initial=0)) + 1
    key, index = np.unique(given.rows[known].astype(np.int64) * count + unit[known], return_inverse=True)
    order = np.lexsort((group_sums(index.ravel(), households[known] + 1e-6, len(key)), key // count))
    home = np.full(len(given.pieces), -1, np.int64)
    home[(key // count)[order]] = (key % count)[order]  # the heaviest is written last
    return home


def _with_old_grids_whole(given: GridProblem, home: Ints) -> DistrictingProblem:
    """Return the problem in which what an earlier grid holds together is planned together, though each side could be by itself now."""
    regions, land = given.regions, given.land
    known = home >= 0
    count = int(home.max(initial=0)) + 1
    # an earlier grid in one area: areas of their own are grids that the rules made
    group = home[known] + count * land.area_row[known].astype(np.int64)
    _group, first, index = np.unique(group, return_index=True, return_inverse=True)
    region = regions.region[known]
    size = int(regions.region.max()) + 1
    merged = components(size, region, region[first][index.ravel()])
    if int(merged.max()) + 1 == size:
        return given.problem
    alone = np.zeros(size, bool)
    alone[np.unique(merged, return_index=True)[1]] = True
    a, b = _links_within(given, merged, alone)
    links = (np.concatenate((regions.links[0], a)), np.concatenate((regions.links[1], b)))
    joined = Regions(merged[regions.region], group_sums(merged, regions.load), links, regions.joined)
    districts = group_sums(merged, given.problem.districts).astype(np.int32)
    return problem_of(land, joined, given.loads, districts, given.problem.band)


def _links_within(given: GridProblem, merged: Ints, alone: Bools) -> tuple[Ints, Ints]:
    """Return pairs of pieces that join each region to the first of those that it is planned with."""
    land = dataclasses.replace(given.land, area_row=merged[given.regions.region])
    return links_between(land, given.regions.region, alone)
