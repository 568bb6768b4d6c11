"""Basic units to service grids, community by community."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.districting.problem import evaluate
from algorithms.districting.solve import solve_districting
from algorithms.progress import SILENT, Progress, Span
from algorithms.sums import group_sums
from gridplanner.edits.edit import Replace, needs
from gridplanner.i18n import N_, _
from gridplanner.model.band import band_of
from gridplanner.model.freshness import made_from
from gridplanner.model.grids import Certificate, Grid, GridPlan
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import Communities
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import Units, unit_areas
from gridplanner.planning.codes import grid_codes
from gridplanner.planning.feasibility import feasibility
from gridplanner.planning.grid_problem import OBJECTIVE, grid_problem, params_of
from gridplanner.planning.parts import Regions, land_of, problem_of


def propose_grids(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that labels every unit with a grid: connected, in its community, near the target, along streets.

    Raises InputError where there are no units or no households, or more grids than a community's codes have room for.
    """
    given = grid_problem(project)
    units = project.units
    assert units is not None  # a problem has units
    districts = given.problem.districts
    progress.report(0.05, _("Grouping {n} units into {k} grids").format(n=len(units), k=int(districts.sum())))
    params = params_of(project, len(units))
    found = solve_districting(given.problem, params, project.settings.project.seed, Span(progress, 0.05, 0.95))
    cut_short = progress.should_finish()
    progress.report(0.95, _("Numbering the grids"))
    district = found.labels[given.rows]
    labels, grids = _numbered(units, district, project.communities)
    issues = feasibility(project, given)
    if cut_short:
        issues += (Issue(Level.INFO, "cut_short", N_("The search for grids was stopped early; the best so far was kept"), {}, "grids"),)
    cost = group_sums(_community_of_districts(units, district), found.cost, len(project.communities))
    certificates = tuple(Certificate(c, OBJECTIVE, "none", None, float(v)) for c, v in enumerate(cost))
    plan = GridPlan(labels, grids, certificates, issues, made_from(project, "grids"))
    text = N_("Divide {n} units into {k} grids")
    return Replace(text, {"grids": plan}, needs(project, "units", "households", "communities"), {"n": len(units), "k": len(grids)})


def _community_of_districts(units: Units, labels: Ints) -> Ints:
    community = np.zeros(int(labels.max()) + 1, np.int32)
    community[labels] = units.community
    return community


def _numbered(units: Units, district: Ints, communities: Communities) -> tuple[Ints, dict[int, Grid]]:
    """Return labels and grids with ids 1 … in the order of their codes."""
    count = int(district.max()) + 1
    community = _community_of_districts(units, district)
    area = group_sums(district, unit_areas(units), count)
    centre = shapely.get_coordinates(shapely.centroid(unit_polygons(units))) * unit_areas(units)[:, None]
    xy = np.column_stack([group_sums(district, column, count) for column in centre.T]) / area[:, None]
    codes, number = grid_codes(xy, area, community, communities.codes, communities.names)
    order = np.argsort(codes, kind="stable")
    rank = np.empty(count, np.int32)
    rank[order] = np.arange(1, count + 1)
    name = _("{community} grid {n:02d}")
    grids = {
        int(rank[d]): Grid(
            community=int(community[d]), code=str(codes[d]), name=name.format(community=communities.names[community[d]], n=int(number[d]))
        )
        for d in order.tolist()
    }
    return rank[district].astype(np.int32), grids


def plan_cost(project: Project) -> float:
    """Return the objective of the grid plan as it is now, the planner's own edits included (the solver's own measure)."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    band = band_of(project.settings.grids)
    land = land_of(units, np.arange(len(units), dtype=np.int32), unit_polygons(units), units.community)
    loads = band.loads(unit_households(units, project.households), unit_persons(units, project.households))
    district = np.unique(plan.labels, return_inverse=True)[1].astype(np.int32)
    community = _community_of_districts(units, district)
    order = np.argsort(community, kind="stable")
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    region = Regions(units.community, np.zeros(0), (np.zeros(0, np.int32), np.zeros(0, np.int32)), ())
    districts = np.bincount(community, minlength=len(project.communities)).astype(np.int32)
    problem = problem_of(land, region, loads, districts, (band.low, band.high))
    return float(evaluate(problem, rank[district], params_of(project, len(units))).cost.sum())
