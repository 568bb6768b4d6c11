"""Patrol zones: as many as wished, connected, of even work and soon reached, with the plans between the two."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from algorithms.location.problem import LocationParams
from algorithms.progress import SILENT, Progress, Span
from algorithms.zoning.exact import UNITS, solve_exactly
from algorithms.zoning.front import relabelled, slack_at, solve_front
from algorithms.zoning.problem import ZoningProblem
from algorithms.zoning.solve import ZoningParams
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import line_lengths
from gridplanner.model.project import Project
from gridplanner.planning.street_zones import street_zones
from gridplanner.planning.zone_findings import findings
from gridplanner.planning.zone_pieces import FreeGround, Pieces, free_ground, piece_rows, pieces_of
from gridplanner.planning.zone_plan import Solved, kept_zones, plan_of
from gridplanner.planning.zone_sites import SitesOfZones, sites_of_zones
from gridplanner.planning.zone_workload import workload_of
from gridplanner.settings import PatrolSettings, ZoneSettings

KM_PER_ZONE = 40.0  # required streets a zone where the settings do not say how many zones (contracts.md)
PROOF = LocationParams(rounds=300, nodes=200, guesses=3, seconds=20.0)


def propose_zones(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that groups grids, beats or street blocks into patrol zones.

    Raises InputError where there is nothing to group, or where locked zones leave no zone for what is in none.
    """
    settings = project.settings.zones or ZoneSettings(count=_wanted(project))
    if project.units is None or (project.grids is None and settings.units != "blocks"):
        return street_zones(project, settings.count)
    rows, names, issues = piece_rows(project, settings.units)
    work = workload_of(project, settings)
    pieces = pieces_of(project, settings, work, rows, names)
    kept = kept_zones(project, pieces)
    patrolled = int(np.count_nonzero(pieces.patrolled))
    count = min(settings.count, patrolled)
    if settings.count > patrolled:
        text = N_("{wanted} patrol zones were asked for, but there are only {n} grids; each is a zone")
        issues.append(Issue(Level.WARNING, "zones", text, {"wanted": settings.count, "n": patrolled}, "zones"))
    open_to = pieces.patrolled & ~kept.held
    free = int(np.count_nonzero(open_to))
    wanted = min(count - len(kept.zones), free)
    if free and wanted < 1:
        text = _(
            "{locked} patrol zones are locked and {count} are wished, but {n} pieces are in no locked zone; unlock one or wish for more"
        )
        raise InputError(text.format(locked=len(kept.zones), count=count, n=free))
    if free:
        ground = free_ground(pieces, open_to, wanted)
        sites = sites_of_zones(project, settings, pieces, ground, Span(progress, 0.0, 0.4))
        solved = _solved(project, settings, pieces, ground, sites, Span(progress, 0.4, 1.0))
        issues += [*sites.issues, *_joined(pieces, ground)]
    else:
        solved = None
    if progress.should_finish():
        text = N_("The search for patrol zones was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {}, "zones"))
    plan = plan_of(project, settings, pieces, work, kept, solved)
    plan = findings(project, settings, pieces, plan, issues, work.lost)
    used = ["units"] if settings.units == "blocks" else ["grids", "beats"] if settings.units == "beats" else ["grids"]
    text = N_("Group {n} grids into {k} patrol zones") if settings.units == "grids" else N_("Make {k} patrol zones of {n} pieces")
    return Replace(text, {"zones": plan}, needs(project, *used), {"n": len(pieces), "k": len(plan.zones)})


def _wanted(project: Project) -> int:
    """Return how many zones there are where the settings do not say: by their streets, but no more than communities where there are any."""
    patrol = project.settings.patrol or PatrolSettings()
    required = np.isin(project.roads.highway, patrol.required_classes) if project.roads.classed else np.ones(len(project.roads), bool)
    km = float(line_lengths(project.roads.lines)[required].sum()) / 1000
    wanted = max(math.ceil(km / KM_PER_ZONE), 1)
    return min(wanted, len(project.communities)) if len(project.communities) else wanted


def _solved(
    project: Project, settings: ZoneSettings, pieces: Pieces, ground: FreeGround, sites: SitesOfZones, progress: Progress
) -> Solved:
    """Return the plans of the free pieces, districts numbered alike in all of them."""
    row_of = np.full(len(pieces), -1)
    row_of[ground.rows] = np.arange(len(ground.rows))
    problem = ZoningProblem(
        work=pieces.work[ground.rows],
        demand=pieces.demand[ground.rows],
        minutes=sites.minutes[:, ground.rows],
        home=row_of[sites.home],
        low=ground.low,
        high=ground.high,
        length=ground.length,
        crossable=ground.crossable,
        region=ground.region,
        districts=ground.districts,
        must=sites.must,
        most_minutes=settings.max_minutes,
    )
    size = len(ground.rows)
    params = ZoningParams(  # few pieces need few tries, many pieces allow few
        starts=int(np.clip(60_000 // size, 6, min(40, 6 + size // 3))),
        kicks=int(np.clip(200_000 // size, 10, min(200, 10 + 2 * size))),
        keep=int(np.clip(1_000 // size, 3, min(8, 3 + size // 16))),
        shakes=min(8_000, size * size * 2 // 3),
    )
    seed = project.settings.project.seed
    few = size <= UNITS and len(ground.districts) == 1
    proven = solve_exactly(problem, slack_at(settings.response), PROOF, Span(progress, 0.0, 0.3)) if few else None
    if proven is not None:
        # what is proven speaks of minutes alone, and so do the plans beside it, which start from it
        params = replace(params, border=0.0, starts=6, kicks=12, keep=2)
    choices, chosen = solve_front(problem, settings.response, params, seed, Span(progress, 0.3, 1.0), proven=proven)
    like = choices[chosen].plan.zoning
    alike = [relabelled(choice.plan.zoning, like, np.maximum(problem.load, 1e-9)) for choice in choices]
    return Solved(tuple(choices), tuple(alike), chosen, sites, ground)


def _joined(pieces: Pieces, ground: FreeGround) -> list[Issue]:
    """Return a finding for each part of the district that was joined to another across what one cannot cross."""
    issues: list[Issue] = []
    for a, b in zip(*ground.linked, strict=True):
        near, far = int(ground.rows[a]), int(ground.rows[b])
        x, y = pieces.land.xy[near].tolist()
        text = N_(
            "{name} and {other} are in one patrol zone although nothing that can be crossed joins them; their part is too small alone"
        )
        names = {"name": str(pieces.names[near]), "other": str(pieces.names[far])}
        issues.append(Issue(Level.INFO, "parts", text, names, "zones", "", x, y))
    return issues
