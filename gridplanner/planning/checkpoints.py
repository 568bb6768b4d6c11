"""Streets to checkpoints: where arterials cross the boundary and drawn cordons, which to hold, and what closes each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import dijkstra

from algorithms.checkpoints.flows import Flows
from algorithms.checkpoints.max_coverage import Coverage, CoverageProblem, best_coverage
from algorithms.network.nearest import nearest_node
from algorithms.network.road_graph import EdgeState
from algorithms.progress import SILENT, Progress, Span
from gridplanner.duty_settings import CheckpointSettings
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.checkpoints import Checkpoint, CheckpointPlan, Crossing
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.planning.checkpoint_issues import cordon_issues, site_issues
from gridplanner.planning.cordon_areas import cordon_areas
from gridplanner.planning.cordon_closing import closure_of
from gridplanner.planning.cordon_crossings import CordonCrossings, crossings_of
from gridplanner.planning.cordon_flows import LoneSite, flows_of, lone_sites
from gridplanner.planning.travel import Ways, ways_of

NO_DEPOT = 86_400  # seconds: farther than any depot


@dataclass(frozen=True, eq=False)
class _Held:
    """The checkpoints of a cordon, its crossings with the flow over each, and how good the choice is."""

    checkpoints: tuple[Checkpoint, ...]
    crossings: tuple[Crossing, ...]
    coverage: Coverage


def propose_checkpoints(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that chooses checkpoints at the district's boundary and at each drawn cordon.

    Only streets that cars drive count. Raises InputError where there are none, and where there is neither a boundary nor a cordon.
    """
    settings = project.settings.checkpoints or CheckpointSettings()
    ways = ways_of(project.roads, "car")
    cordons, issues = cordon_areas(project, settings.count)
    if not cordons:
        raise InputError(_("There is neither a boundary nor a cordon to put checkpoints on; import communities or draw a cordon"))
    crossed: list[CordonCrossings] = []
    for number, cordon in enumerate(cordons):
        progress.report(0.3 * number / len(cordons))
        crossed.append(crossings_of(project, ways, cordon, settings, progress))
    lone = lone_sites(project, ways, crossed)
    checkpoints: list[Checkpoint] = []
    crossings: list[Crossing] = []
    closures, coverages = [], {}
    for number, found in enumerate(crossed):
        span = Span(progress, 0.3 + 0.7 * number / len(crossed), 0.3 + 0.7 * (number + 1) / len(crossed))
        closures.append(closure_of(project, ways, found, settings))
        flows = flows_of(project, ways, found, crossed[0] if not crossed[0].cordon.name else None, lone if number == 0 else (), span)
        held = _hold(project, ways, found, flows, lone if number == 0 else (), settings, (number, len(crossings)))
        checkpoints += held.checkpoints
        crossings += held.crossings
        coverages[found.cordon.name] = held.coverage
        issues += cordon_issues(project, found.cordon, held.crossings, held.checkpoints, closures[-1])
    issues += site_issues(project, crossings)
    plan = CheckpointPlan(
        tuple(checkpoints),
        tuple(crossings),
        tuple(closures),
        {name: _curve(found) for name, found in coverages.items()},
        {name: found.status for name, found in coverages.items()},
        {name: found.bound for name, found in coverages.items()},
        tuple(_with_leaks_last(issues)),
        made_from(project, "checkpoints"),
    )
    given = needs(project, "roads", "communities", "households", "depots", "checkpoint_sites", "cordons")
    return Replace(N_("Choose {n} checkpoints"), {"checkpoints": plan}, given, {"n": len(plan)})


def _hold(
    project: Project, ways: Ways, found: CordonCrossings, flows: Flows, lone: tuple[LoneSite, ...], settings: CheckpointSettings,
    first: tuple[int, int],
) -> _Held:  # fmt: skip
    """Return the checkpoints of a cordon: `first` is its number and the row of its first crossing in the plan."""
    outward, through = flows.shares(len(found.rows) + len(lone))
    share = settings.through if flows.through.any() and flows.outward.any() else float(flows.through.any())
    rows = tuple(dataclasses.replace(row, through=float(through[i]), outbound=float(outward[i])) for i, row in enumerate(found.rows))
    standing = np.array([row.site == "existing" for row in rows] + [True] * len(lone), bool)
    may = np.array([row.arterial and row.site != "forbidden" for row in rows] + [True] * len(lone), bool)
    problem = CoverageProblem(
        flows.offsets, flows.places, share * flows.through + (1.0 - share) * flows.outward, found.cordon.count, may, standing,
        _to_depot(project, ways, found, lone),
    )  # fmt: skip
    coverage = best_coverage(problem)
    points = []
    for rank, (place, gain) in enumerate(zip(coverage.chosen.tolist(), coverage.gains.tolist(), strict=True), 1):
        code = f"K{rank:02d}" if not first[0] else f"K{first[0]}-{rank:02d}"
        name, at = found.cordon.name, place - len(rows)
        if at >= 0:
            site = lone[at]
            point = Checkpoint(code, site.x, site.y, -1, name, site.road, site.highway, "both", rank, gain, True)
        else:
            row = rows[place]
            point = Checkpoint(
                code, row.x, row.y, first[1] + place, name, row.road, row.highway, row.direction, rank, gain, row.site == "existing"
            )
        points.append(point)
    return _Held(tuple(points), rows, coverage)


def _to_depot(project: Project, ways: Ways, found: CordonCrossings, lone: tuple[LoneSite, ...]) -> Ints:
    """Return the seconds from the nearest depot to each place, whole; 0 for all where there is no depot."""
    cost = np.full(len(found.rows) + len(lone), NO_DEPOT)
    if not len(project.depots):
        return np.zeros_like(cost)
    core = np.zeros(ways.graph.node_count, bool)
    core[ways.graph.u[ways.graph.state == EdgeState.CORE]] = True
    start = ways.network.rows(np.unique(nearest_node(ways.graph, project.depots.xy, core)[0]))
    seconds = np.full(found.found.streets.node_count, np.inf)
    seconds[ways.network.nodes] = ways.network.at_nodes(dijkstra(ways.network.times, indices=start, min_only=True))
    piece = found.found.piece
    near = np.minimum(seconds[found.found.streets.u[piece]], seconds[found.found.streets.v[piece]])
    np.minimum.at(cost, found.place, np.where(np.isfinite(near), np.minimum(near, NO_DEPOT), NO_DEPOT).astype(np.int64))
    return cost


def _curve(found: Coverage) -> tuple[float, ...]:
    """Return the share of the flow that the first 1, 2 … places see."""
    return tuple(np.minimum(np.cumsum(np.concatenate((found.gains, found.further))), 1.0).tolist())


def _with_leaks_last(issues: list[Issue]) -> list[Issue]:
    return sorted(issues, key=lambda issue: issue.kind == "leak")
