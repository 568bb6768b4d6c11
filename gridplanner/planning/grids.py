"""Basic units to service grids, community by community."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.solve import solve_districting
from algorithms.progress import SILENT, Progress, Span
from algorithms.sums import group_sums
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.band import Band, band_of
from gridplanner.model.freshness import made_from
from gridplanner.model.grids import Certificate, Grid, GridPlan
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import Communities
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import Units, unit_areas
from gridplanner.planning.codes import check_room, grid_codes
from gridplanner.planning.parts import Land, Regions, land_of, problem_of, regions_of

OBJECTIVE = "balance+border"
# budget by effort: annealing rounds, and how many units' worth of replicas at least and at most
_EFFORT = {"quick": (150, 20_000, 1, 4), "standard": (300, 30_000, 1, 24), "thorough": (1500, 250_000, 2, 40)}


def propose_grids(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that labels every unit with a grid: connected, in its community, near the target, along streets.

    Raises InputError where there are no units or no households, or more grids than a community's codes have room for.
    """
    units = project.units
    if units is None:
        raise InputError(_("There are no units to group yet; make the units first"))
    if not project.households.households.sum() > 0:
        raise InputError(_("There are no households to plan for; add a household layer"))
    band = band_of(project.settings.grids)
    land = land_of(units, np.arange(len(units), dtype=np.int32), unit_polygons(units), units.community)
    loads = band.loads(unit_households(units, project.households), unit_persons(units, project.households))
    regions = regions_of(land, loads, band)
    pieces = np.bincount(regions.region)
    districts = np.array([min(band.number(w), n) for w, n in zip(regions.load.tolist(), pieces.tolist(), strict=True)], np.int32)
    community_of = np.zeros(len(districts), np.int32)
    community_of[regions.region] = units.community
    check_room(group_sums(community_of, districts).astype(np.int64), project.communities.names)
    problem = problem_of(land, regions, loads, districts, (band.low, band.high))
    progress.report(0.05, _("Grouping {n} units into {k} grids").format(n=len(units), k=int(districts.sum())))
    params = params_of(project, len(units))
    found = solve_districting(problem, params, project.settings.project.seed, Span(progress, 0.05, 0.95))
    cut_short = progress.should_finish()
    progress.report(0.95, _("Numbering the grids"))
    labels, grids = _numbered(units, found.labels, project.communities)
    issues: tuple[Issue, ...] = (*_part_issues(project, land, regions, band), *_size_issues(project, land, regions, loads, districts, band))
    if cut_short:
        issues += (Issue(Level.INFO, "cut_short", N_("The search for grids was stopped early; the best so far was kept"), {}, "grids"),)
    cost = group_sums(_community_of_districts(units, found.labels), found.cost, len(project.communities))
    certificates = tuple(Certificate(c, OBJECTIVE, "none", None, float(v)) for c, v in enumerate(cost))
    plan = GridPlan(labels, grids, certificates, issues, made_from(project, "grids"))
    text = N_("Divide {n} units into {k} grids")
    return Replace(text, {"grids": plan}, needs(project, "units", "households", "communities"), {"n": len(units), "k": len(grids)})


def params_of(project: Project, units: int) -> DistrictingParams:
    """Return the solver's parameters for the effort that the settings ask for."""
    effort = project.settings.grids.effort if project.settings.grids else "standard"
    rounds, budget, least, most = _EFFORT[effort]
    return DistrictingParams(rounds=rounds, replicas=int(np.clip(budget // max(units, 1), least, most)))


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


def _part_issues(project: Project, land: Land, regions: Regions, band: Band) -> list[Issue]:
    """Say which inhabited parts of a community were joined to another part."""
    issues = []
    text = N_("A part of {name} with {n} {what} does not fit the band by itself; it joins the nearest part")
    for area, loads, piece in regions.joined:
        if max(loads) > 0:
            x, y = land.xy[piece].tolist()
            values = {"name": project.communities.names[area], **band.amount(loads)}
            issues.append(Issue(Level.INFO, "part", text, values, "communities", str(area), x, y))
    return issues


def _size_issues(project: Project, land: Land, regions: Regions, loads: Floats, districts: Ints, band: Band) -> list[Issue]:
    """Say where no number of grids fits the band, and what the two nearest numbers give; and which unit outweighs the band."""
    issues = []
    totals = np.stack([group_sums(regions.region, column) for column in loads])
    for region in np.flatnonzero([len(band.fitting(w)) == 0 for w in regions.load.tolist()]).tolist():
        load, k, mine = float(regions.load[region]), int(districts[region]), totals[:, region].tolist()
        target, _kind = band.binding(mine)
        less = max(int(load), 1)
        more = less + 1
        row = int(np.flatnonzero(regions.region == region)[0])
        x, y = land.xy[row].tolist()
        values = {
            "name": project.communities.names[land.area_row[row]], "k": k,
            "limits": f"{band.low * target:g}–{band.high * target:g}", **band.amount(mine),
            "less": less, "each": f"{load * target / less:.0f}", "more": more, "other": f"{load * target / more:.0f}",
        }  # fmt: skip
        text = (
            N_("{name} has no {what}; it is one grid")
            if load == 0
            else N_(
                "{name} has {n} {what}: no number of grids fits {limits}. "
                "k = {less} gives {each} each, k = {more} gives {other}; k = {k} was taken"
            )
        )
        issues.append(Issue(Level.WARNING if load > 0 else Level.INFO, "band", text, values, "communities", str(land.area_row[row]), x, y))
    return [*issues, *_heavy_units(land, loads, band)]


def _heavy_units(land: Land, loads: Floats, band: Band) -> list[Issue]:
    text = N_("A building or block that cannot be divided holds {n} {what}, more than a grid may")
    issues = []
    for unit in np.flatnonzero(loads.max(axis=0) > band.high).tolist():
        x, y = land.xy[unit].tolist()
        issues.append(Issue(Level.WARNING, "heavy", text, band.amount(loads[:, unit].tolist()), "units", str(unit), x, y))
    return issues


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
