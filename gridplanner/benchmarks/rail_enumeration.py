"""Every division of a small guarded line, one after another: what a proven division must equal."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from algorithms.railguard.line_work import DivideParams, Held, LineWork
from gridplanner.model.lines import Floats

SMALL = 10  # atoms at most


def random_line(rng: np.random.Generator) -> tuple[LineWork, DivideParams]:
    """Return a small line with any of the limits and wishes that a division knows; often none keeps them."""
    n = int(rng.integers(1, SMALL + 1))
    squads = rng.integers(1, 2 + n // 4, rng.integers(1, 2 + n // 4))
    work = (rng.integers(0, 30, n) * (rng.random(n) < 0.8)).astype(float)
    access = rng.integers(0, 40, (len(squads), n)).astype(float)
    access[rng.random(access.shape) < 0.1] = np.inf
    parts = {
        "metres": rng.integers(1, 9, n),
        "open": rng.random(n) < rng.choice([0.6, 1.0]),
        "wish": rng.integers(0, 3, n) * (rng.random(n) < rng.choice([0.0, 0.4])),
        "wall": rng.random(n) < rng.choice([0.0, 0.15]),
        "held": _random_held(rng, n, len(squads)),
    }
    if rng.random() < 0.3:
        parts["access"] = access if rng.random() < 0.5 else access[0]
    if rng.random() < 0.3:
        work *= float(rng.random())
    params = DivideParams(
        give=float(rng.choice([0.01, 0.3])),
        even=float(rng.choice([1.02, 1.5])),
        reach=float(rng.choice([0.05, 0.3])),
        shortest=float(rng.choice([0, 0, 3])),
        longest=float(rng.choice([np.inf, np.inf, 20])),
        access_weight=float(rng.choice([0.3, 1.0])),
    )
    return LineWork(work, squads, **parts), params


def _random_held(rng: np.random.Generator, n: int, squads: int) -> Held:
    ends = np.sort(rng.choice(n + 1, size=min(2 * int(rng.choice([0, 0, 1, 2])), (n + 1) // 2 * 2), replace=False)).reshape(-1, 2)
    count = len(ends)
    return Held(ends[:, 0], ends[:, 1], rng.integers(1, 3, count), rng.integers(-1, squads, count), rng.integers(-1, 3, count))


def best_by_enumeration(line: LineWork, params: DivideParams) -> tuple[float, float] | None:
    """Return the least heaviest load, and the least squares less worth within what may be given; None where nothing keeps the limits."""
    work, parts = _balanced(line)
    found = [(float(load.max(initial=0.0)), float((load**2).sum()), wished) for load, wished in _divisions(line, params, work, parts)]
    if not found:
        return None
    least, mean = min(heaviest for heaviest, _squares, _wished in found), work.sum() / max(parts, 1)
    cap = least
    if any(line.wish[p] > 0 for p in _choices(line)):
        most = (1 + params.give) * least
        cap = max(least, most if line.access.size and params.access_weight > 0 else min(most, params.even * mean))
    return least, min(worth_of(squares, wished, mean, params) for heaviest, squares, wished in found if heaviest <= cap * (1 + 1e-9))


def worth_of(squares: float, wished: float, mean: float, params: DivideParams) -> float:
    """Return the sum of squares less what the wished breaks are worth, with so much work in the mean."""
    return squares - wished * 2 * (params.reach * mean) ** 2


def mean_work(line: LineWork) -> float:
    """Return the work that is balanced for each part."""
    work, parts = _balanced(line)
    return float(work.sum()) / max(parts, 1)


def _balanced(line: LineWork) -> tuple[Floats, int]:
    """Return the work that is balanced, 0 in held runs, and how many parts it is divided into."""
    free = _free(line)
    work = line.work if line.work[free].any() else line.metres
    return np.where(free, work, 0.0), int(line.squads.sum() - line.held.guards.sum())


def _free(line: LineWork) -> Floats:
    free = np.ones(len(line.work), bool)
    for start, stop in zip(line.held.start, line.held.stop, strict=True):
        free[start:stop] = False
    return free


def _forced(line: LineWork) -> set[int]:
    free, n = _free(line), len(line.work)
    walls = {p for p in range(1, n) if line.wall[p] and free[p]}
    return {0, n, *walls, *line.held.start.tolist(), *line.held.stop.tolist()}


def _choices(line: LineWork) -> list[int]:
    free, forced = _free(line), _forced(line)
    return [p for p in range(1, len(line.work)) if free[p] and line.open[p] and p not in forced]


def _divisions(line: LineWork, params: DivideParams, work: Floats, parts: int) -> Iterator[tuple[Floats, float]]:
    """Give the loads of the parts of every division that keeps the limits, and the wishes at its breaks."""
    forced = _forced(line)
    held = {int(start): row for row, start in enumerate(line.held.start)}
    more = parts - (len(forced) - 1 - len(held))
    for chosen in itertools.combinations(_choices(line), more) if more >= 0 else ():
        runs = list(itertools.pairwise(sorted(forced | set(chosen))))
        squads = _squads(line, runs, held)
        if squads is None:
            continue
        mine = [(start, stop, squad) for (start, stop), squad in zip(runs, squads, strict=True) if start not in held]
        metres = [line.metres[start:stop].sum() for start, stop, _ in mine]
        short = [not {start, stop} <= forced and much < params.shortest for (start, stop, _), much in zip(mine, metres, strict=True)]
        if not any(short) and max(metres, default=0) <= params.longest:
            load = [work[start:stop].sum() + params.access_weight * _seconds(line, start, stop, squad) for start, stop, squad in mine]
            yield np.array(load), float(sum(line.wish[p] for p in chosen))


def _squads(line: LineWork, runs: list[tuple[int, int]], held: dict[int, int]) -> list[int] | None:
    """Return whose each run is, in line order; None where a squad has too few or a post would be of two."""
    left = line.squads.tolist()
    for row in held.values():
        if line.held.squad[row] >= 0:
            left[line.held.squad[row]] -= int(line.held.guards[row])
    if min(left) < 0:
        return None
    turn, found = [squad for squad, count in enumerate(left) for _ in range(count)], []
    for start, _stop in runs:
        row = held.get(start, -1)
        if row >= 0 and line.held.squad[row] >= 0:
            found.append(int(line.held.squad[row]))
            continue
        count = int(line.held.guards[row]) if row >= 0 else 1
        mine, turn = turn[:count], turn[count:]
        if len(mine) < count or len(set(mine)) > 1:
            return None
        found.append(mine[0])
    return found


def _seconds(line: LineWork, start: int, stop: int, squad: int) -> float:
    if not line.access.size:
        return 0.0
    access = np.atleast_2d(line.access)[:, _free(line)]
    farthest = access[np.isfinite(access)].max(initial=0.0)
    mine = np.atleast_2d(line.access)[squad if line.access.ndim == 2 else 0, start:stop]
    return float(np.where(np.isfinite(mine), mine, farthest).min())
