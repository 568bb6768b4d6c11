"""Basic units to service grids, community by community."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from algorithms.districting.problem import evaluate
from algorithms.districting.solve import solve_districting
from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Replace, needs
from gridplanner.edits.grid_plan_edits import ReplaceGrids
from gridplanner.i18n import N_, _
from gridplanner.model.band import band_of
from gridplanner.model.freshness import made_from
from gridplanner.model.grids import GridPlan, still_retired
from gridplanner.model.issues import Issue, Level
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.planning.certificates import community_certificates
from gridplanner.planning.feasibility import feasibility
from gridplanner.planning.fixed_lines import fixed_line_issues
from gridplanner.planning.grid_numbers import community_of_districts, numbered
from gridplanner.planning.grid_problem import borders_with_rules, grid_problem, params_for
from gridplanner.planning.must_stays import with_pins
from gridplanner.planning.parts import Regions, land_of, problem_of
from gridplanner.planning.workers import begin

MANY = 20_000  # units from which workers are worth starting while the problem is put together


def propose_grids(project: Project, progress: Progress = SILENT, workers: Executor | None = None) -> Replace:
    """Return the edit that labels every unit with a grid: connected, in its community, near the target, along streets.

    Locked grids stay as they are, and so does what the rules settle; codes of grids that ended are given to none. `workers` take
    part in the search and do not change the plan. Raises InputError where there are no units or no households, or more grids than a
    community's codes have room for, and NoPlanFound where two rules contradict each other.
    """
    if project.units is not None and len(project.units) > MANY:
        begin(workers)
    given = grid_problem(project)
    units = project.units
    assert units is not None  # a problem has units
    districts = given.problem.districts
    progress.report(0.05, _("Grouping {n} units into {k} grids").format(n=len(units), k=int(districts.sum())))
    params = params_for(project)
    found = solve_districting(given.problem, params, project.settings.project.seed, Span(progress, 0.05, 0.95), workers)
    found, codes = with_pins(project, given.pieces, given.pins, given.problem, found, params, progress)
    cut_short = progress.should_finish()
    progress.report(0.95, _("Numbering the grids"))
    district = found.labels[given.rows]
    settled = {int(found.labels[piece]): what for piece, what in given.pieces.settled.items()}
    labels, grids = numbered(project, district, settled, codes)
    issues = (*given.pieces.issues, *given.pins.issues, *fixed_line_issues(project, labels, grids), *feasibility(project, given))
    if cut_short:
        issues += (Issue(Level.INFO, "cut_short", N_("The search for grids was stopped early; the best so far was kept"), {}, "grids"),)
    certificates = community_certificates(
        found.certificates, given.region_community, found.cost, community_of_districts(units, district), len(project.communities)
    )
    retired = still_retired(project.grids.retired, grids) if project.grids is not None else ()
    plan = GridPlan(labels, grids, certificates, issues, made_from(project, "grids"), retired)
    text = N_("Divide {n} units into {k} grids")
    used = needs(project, "units", "households", "communities", "rules")
    return ReplaceGrids(text, {"grids": plan}, used, {"n": len(units), "k": len(grids)})


def plan_cost(project: Project) -> float:
    """Return the objective of the grid plan as it is now, the planner's own edits included (the solver's own measure)."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    band = band_of(project.settings.grids)
    borders = borders_with_rules(project)
    land = land_of(units, np.arange(len(units), dtype=np.int32), unit_polygons(units), units.community, borders)
    loads = band.loads(unit_households(units, project.households), unit_persons(units, project.households))
    district = np.unique(plan.labels, return_inverse=True)[1].astype(np.int32)
    community = community_of_districts(units, district)
    order = np.argsort(community, kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    region = Regions(units.community, np.zeros(0), (np.zeros(0, np.int32), np.zeros(0, np.int32)), ())
    districts = np.bincount(community, minlength=len(project.communities)).astype(np.int32)
    problem = problem_of(land, region, loads, districts, (band.low, band.high))
    return float(evaluate(problem, rank[district], params_for(project)).cost.sum())
