"""A patrol too large to be solved at once: what its crews have no hours for is left out, the rest is cut into parts of whole crews."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from algorithms.patrolling.crews import Crews
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, PatrolRoute, Reason, Sites, StopKind, Streets, Unserved
from algorithms.patrolling.routes import solve_patrol
from algorithms.progress import SILENT, Progress, Span
from gridplanner.model.lines import Bools, Floats, Ints

MOST = 1000  # rows of streets and sites that are solved at once
AMPLE = 1.2  # what is kept of a problem that is too large takes so many times the crews' hours


@dataclass(frozen=True, eq=False)
class _Part:
    """Some rows of a problem: of its streets, its sites and its crews."""

    streets: Ints
    sites: Ints
    crews: Ints


def solve_in_parts(problem: PatrolProblem, params: PatrolParams, progress: Progress = SILENT, most: int = MOST) -> tuple[PatrolResult, int]:
    """Return the routes of a patrol and in how many parts it was solved: one where it has at most `most` rows of streets and sites.

    A larger one loses what its crews have no hours for (the least worth by time first, of equals the farthest from the depots), and is
    then halved again and again, each half with its share of the crews. The same problem and parameters give the same routes.
    """
    if len(problem.streets) + len(problem.sites) <= most:
        return solve_patrol(problem, params, progress), 1
    kept_streets, kept_sites = _affordable(problem)
    parts = _parts(problem, np.flatnonzero(kept_streets), np.flatnonzero(kept_sites), most)
    results = []
    for k, part in enumerate(parts):
        span = Span(progress, k / len(parts), (k + 1) / len(parts))
        hurry = progress.should_finish()
        quick = replace(params, iterations=1, starts=1, rounds=1) if hurry else params
        results.append(_in_whole(part, solve_patrol(_problem_of(problem, part), quick, span)))
    kinds = np.concatenate((np.zeros((~kept_streets).sum(), np.int8), np.ones((~kept_sites).sum(), np.int8)))
    items = np.concatenate((np.flatnonzero(~kept_streets), np.flatnonzero(~kept_sites)))
    results.append(PatrolResult((), Unserved(kinds, items, np.full(len(items), Reason.NO_TIME, np.int8)), 0, False))
    return _joined(results), len(parts)


def service_seconds(problem: PatrolProblem) -> tuple[Floats, Floats]:
    """Return the seconds that each row of streets, and each of sites, takes without any driving in between."""
    ways = np.isfinite(problem.graph.seconds.reshape(-1, 2)).sum(axis=1)[problem.streets.edge]
    return np.asarray(problem.streets.seconds * np.where(problem.streets.both, np.maximum(ways, 1), 1)), problem.sites.dwell


def _places(problem: PatrolProblem) -> Floats:
    graph, edge = problem.graph, problem.streets.edge
    return np.concatenate(((graph.node_xy[graph.u[edge]] + graph.node_xy[graph.v[edge]]) / 2, graph.node_xy[problem.sites.node]))


def _affordable(problem: PatrolProblem) -> tuple[Bools, Bools]:
    """Return which streets and sites the crews could have hours for if they drove nowhere else."""
    seconds = np.concatenate(service_seconds(problem))
    worth = np.concatenate((problem.streets.weight, problem.sites.weight)) / np.maximum(seconds, 1.0)
    depots = problem.graph.node_xy[np.unique(problem.crews.depot)]
    away = np.hypot(*(_places(problem)[:, None] - depots).transpose(2, 0, 1)).min(axis=1)
    order = np.lexsort((away, -np.round(worth, 9)))
    have = AMPLE * float((problem.crews.longest - problem.crews.rest).sum())
    kept = np.zeros(len(seconds), bool)
    kept[order] = np.cumsum(seconds[order]) <= have
    return kept[: len(problem.streets)], kept[len(problem.streets) :]


def _parts(problem: PatrolProblem, streets: Ints, sites: Ints, most: int) -> list[_Part]:
    """Return the parts: halved across the longer axis until each is small enough or of one crew, time shared as the crews are."""
    xy, seconds = _places(problem), np.concatenate(service_seconds(problem))
    whole = len(problem.streets)
    done: list[_Part] = []
    stack = [(np.concatenate((streets, whole + sites)), np.arange(len(problem.crews)))]
    while stack:
        rows, crews = stack.pop()
        if len(rows) <= most or len(crews) < 2:
            done.append(_Part(np.sort(rows[rows < whole]), np.sort(rows[rows >= whole] - whole), crews))
            continue
        spread = xy[rows] - xy[rows].mean(axis=0)
        axis = np.linalg.eigh(spread.T @ spread)[1][:, -1]
        axis = axis if axis[np.argmax(np.abs(axis))] > 0 else -axis
        along = xy @ axis
        rows = rows[np.lexsort((rows, along[rows]))]
        start = along_of(problem, axis)[crews]
        crews = crews[np.lexsort((crews, start))]  # who starts farther along takes what lies there
        half = len(crews) // 2
        share = np.cumsum(seconds[rows]) / max(float(seconds[rows].sum()), 1e-9)
        cut = min(max(int(np.searchsorted(share, half / len(crews))), 1), len(rows) - 1)
        stack += [(rows[cut:], crews[half:]), (rows[:cut], crews[:half])]
    return done


def along_of(problem: PatrolProblem, axis: Floats) -> Floats:
    """Return how far along an axis each crew starts, metres."""
    return np.asarray(problem.graph.node_xy[problem.crews.depot] @ axis)


def _problem_of(problem: PatrolProblem, part: _Part) -> PatrolProblem:
    s, p, c = problem.streets, problem.sites, problem.crews
    return replace(
        problem,
        streets=Streets(*(getattr(s, one.name)[part.streets] for one in fields(s))),
        sites=Sites(*(getattr(p, one.name)[part.sites] for one in fields(p))),
        crews=Crews(*(getattr(c, one.name)[part.crews] for one in fields(c))),
    )


def _in_whole(part: _Part, result: PatrolResult) -> PatrolResult:
    """Return a part's result in the rows of the whole problem."""
    routes = tuple(replace(route, crew=int(part.crews[route.crew]), item=_items(part, route.kind, route.item)) for route in result.routes)
    left = result.unserved
    told = Unserved(left.kind, _items(part, left.kind, left.item), left.reason)
    return replace(result, routes=routes, unserved=told, no_rest=tuple(int(part.crews[crew]) for crew in result.no_rest))


def _items(part: _Part, kind: np.ndarray[tuple[int], np.dtype[np.int8]], item: Ints) -> Ints:
    found = np.full(len(item), -1, np.int64)
    for which, rows in ((StopKind.STREET, part.streets), (StopKind.SITE, part.sites)):
        mine = kind == which
        found[mine] = rows[item[mine]]
    return found


def _joined(results: list[PatrolResult]) -> PatrolResult:
    routes: tuple[PatrolRoute, ...] = tuple(sorted((route for one in results for route in one.routes), key=lambda route: route.crew))
    left = [np.concatenate([getattr(one.unserved, name) for one in results]) for name in ("kind", "item", "reason")]
    order = np.lexsort((left[1], left[0]))
    seconds = np.array([route.seconds for route in routes])
    return PatrolResult(
        routes,
        Unserved(*(column[order] for column in left)),
        sum(one.iterations for one in results),
        any(one.cut_short for one in results),
        sum(one.shortage_hours for one in results),
        float(seconds.max() / seconds.mean()) if len(seconds) else 1.0,
        max(one.balance_travel for one in results),
        no_rest=tuple(crew for one in results for crew in one.no_rest),
    )
