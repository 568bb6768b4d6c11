"""Guarded lines divided: long ones beside their peers and an exact check, one with limits, and many small ones beside enumeration."""

from __future__ import annotations

import itertools
from importlib.metadata import version

import numpy as np
from ortools.sat.python import cp_model

from algorithms.progress import SILENT, Progress
from algorithms.railguard.dividing import divide_line, least_load
from algorithms.railguard.line_work import CannotDivide, DivideParams, Held, LineWork
from algorithms.railguard.squads import even_squads
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.peer_runs import STOPPED
from gridplanner.benchmarks.rail_enumeration import best_by_enumeration, mean_work, random_line, worth_of
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.model.lines import Floats

ATOMS, GUARDS, SQUADS = 20_000, 300, 20
SECONDS = 0.1
MIDDLE, SMALL = (2_000, 30), (500, 8)  # atoms and guards that a plain dynamic programme, and CP-SAT, divide in seconds
LINES, QUICK_LINES = 5_000, 1_500
CPSAT_SECONDS = 60.0
ALL_PAIRS, CPSAT = "numpy, every part for every guard", f"OR-Tools CP-SAT {version('ortools')}"
MEASURED = (
    Measure("seconds", "least heaviest, proven", "s"),
    Measure("whole", "and the most even", "s"),
    Measure("spread", "work max ÷ mean"),
    Measure("apart", "apart from another exact way", every=True),
    Measure("limits", "with limits and wishes", "s"),
    Measure("reached", "with the way to it", "s"),
)
NOTES = (
    "Dividing: work of atoms log-normal (σ 0.5) in whole thousandths. The peer looks at every part for every guard; on the long line it is "
    "timed for one guard and taken to need as much for each. Another exact way: least heaviest and least sum of squares by dynamic "
    "programming over every part up to the heaviest of ours.",
    "With limits and wishes: no segment shorter than 0.6 or longer than 1.5 of the mean, one atom in nine closed, one in fifty wished, "
    "five posts. With the way to it: of half a mean segment's work at most, by squads, on 4,600 atoms and 44 guards.",
    "Small lines: up to 10 atoms with any of walls, closed and wished places, least and greatest length, posts, locked segments, squads "
    "and the way counted; every division is looked at.",
)


def dividing_rows(quick: bool, seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of long lines over several seeds, of middling ones beside all pairs, and of small ones beside CP-SAT."""
    rows: list[Row] = []
    for (atoms, guards), peers in (((ATOMS, GUARDS), ("one",)), (MIDDLE, ("all",)), (SMALL, ("all", "cp-sat"))):
        runs = []
        for seed in range(1, seeds + 1):
            progress.check()
            progress.report(len(rows) / 12)
            runs.append(_run(atoms, guards, seed, () if quick and atoms == ATOMS else peers, quick))
        bars = {"seconds": SECONDS, "whole": SECONDS, "apart": 0.0} if atoms == ATOMS else {"apart": 0.0}
        rows += rows_over_seeds(f"{atoms:,} atoms, {guards} guards", MEASURED, runs, bars)
    return rows


def small_rows(quick: bool, _seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return how many small lines are divided as well as the best of all their divisions, and how many are not."""
    lines = QUICK_LINES if quick else LINES
    divided = refused = heaviest = worth = wrong = 0
    for seed in range(lines):
        progress.check()
        progress.report(seed / lines)
        line, params = random_line(np.random.default_rng(seed))
        best = best_by_enumeration(line, params)
        try:
            found = divide_line(line, params)
        except CannotDivide:
            refused += best is None
            wrong += best is not None
            continue
        if best is None:
            wrong += 1
            continue
        divided += 1
        load = found.load[found.held < 0]
        heaviest += abs(found.bound - best[0]) > 1e-6 * max(best[0], 1.0)
        mine = worth_of(float((load**2).sum()), found.wished, mean_work(line), params)
        worth += abs(mine - best[1]) > 1e-6 * max(abs(best[1]), 1.0)
    case = f"{lines:,} small lines"
    return [
        at_least(case, "divided", divided, lines // 4),
        at_most(case, "another least heaviest", heaviest, 0),
        at_most(case, "another sum", worth, 0),
        at_least(case, "rightly refused", refused, None),
        at_most(case, "wrongly divided or refused", wrong, 0),
    ]


def long_work(atoms: int, seed: int) -> Floats:
    """Return the work of a made line's atoms, whole numbers."""
    return np.rint(1000 * np.random.default_rng(seed).lognormal(0, 0.5, atoms))


def _run(atoms: int, guards: int, seed: int, peers: tuple[str, ...], quick: bool) -> Run:
    work = long_work(atoms, seed)
    line = LineWork(work, even_squads(guards, min(SQUADS, guards)))
    least, seconds = timed(lambda: least_load(line))
    found, whole = timed(lambda: divide_line(line))
    squares = float((found.load**2).sum())
    ours = {"seconds": seconds, "whole": whole, "spread": found.value / found.mean}
    theirs: dict[str, dict[str, float]] = {}
    if atoms == ATOMS:
        ours["limits"] = timed(lambda: divide_line(*limited(line, seed)))[1]
        ours["reached"] = timed(lambda: divide_line(*reached(seed)))[1]
    if not (quick and atoms == ATOMS):
        other = best_within(work, guards, found.value)
        ours["apart"] = abs(other[0] - found.value) + abs(other[1] - squares) + abs(least - found.value)
    if "one" in peers:
        theirs[ALL_PAIRS] = {"seconds": guards * timed(lambda: _one_guard(work))[1]}
    if "all" in peers:
        heaviest, took = timed(lambda: _every_part(work, guards))
        theirs[ALL_PAIRS] = {"seconds": took, "apart": abs(heaviest - found.value)}
    if "cp-sat" in peers:
        theirs[CPSAT] = _by_cpsat(work, guards, found.value)
    return Run(ours, theirs)


def limited(line: LineWork, seed: int) -> tuple[LineWork, DivideParams]:
    """Return a line with limits of length, closed and wished places and posts."""
    rng, n = np.random.default_rng(seed), len(line.work)
    start = np.sort(rng.choice(n // 100, 5, replace=False)) * 100 + 20
    held = Held(start, start + 30, np.full(5, 2))
    mean = 50.0 * n / line.squads.sum()
    closed, wish = rng.random(n) < 1 / 9, (rng.random(n) < 1 / 50).astype(float)
    given = LineWork(line.work, line.squads, np.full(n, 50.0), ~closed, wish, held=held)
    return given, DivideParams(shortest=0.6 * mean, longest=1.5 * mean)


def reached(seed: int) -> tuple[LineWork, DivideParams]:
    """Return a line of Golmud's size whose squads come from a base each, in the middle of their quarter."""
    atoms, squads = 4_600, even_squads(44, 4)
    work, base = long_work(atoms, seed), (np.arange(4) + 0.5) * atoms / 4
    seconds = np.abs(np.arange(atoms) - base[:, None])
    return LineWork(work, squads, access=seconds), DivideParams(access_weight=0.5 * float(work.sum()) / 44 / seconds.max())


def best_within(work: Floats, guards: int, heaviest: float) -> tuple[float, float]:
    """Return the least heaviest load and the least sum of squares with none heavier, looking at every part up to `heaviest`."""
    sums = np.concatenate(([0.0], np.cumsum(work)))
    reach = int((np.searchsorted(sums, sums + heaviest, side="right") - 1 - np.arange(len(sums))).max())
    parts = [sums[k:] - sums[:-k] for k in range(1, reach + 1)]
    load = [np.where(part <= heaviest, part, np.inf) for part in parts]
    least = np.where(np.arange(len(sums)) == 0, 0.0, np.inf)
    for _ in range(guards):
        after = np.full(len(sums), np.inf)
        for k, part in enumerate(load, 1):
            np.minimum(after[k:], np.maximum(least[:-k], part), out=after[k:])
        least = after
    square = [np.where(part <= least[-1], part, np.inf) ** 2 for part in load]
    even = np.where(np.arange(len(sums)) == 0, 0.0, np.inf)
    for _ in range(guards):
        after = np.full(len(sums), np.inf)
        for k, part in enumerate(square, 1):
            np.minimum(after[k:], even[:-k] + part, out=after[k:])
        even = after
    return float(least[-1]), float(even[-1])


def _every_part(work: Floats, guards: int) -> float:
    sums = np.concatenate(([0.0], np.cumsum(work)))
    load = np.where(np.tri(len(sums), dtype=bool), np.inf, sums[None, :] - sums[:, None])
    best = np.where(np.arange(len(sums)) == 0, 0.0, np.inf)
    for _ in range(guards):
        best = np.maximum(best[:, None], load).min(axis=0)
    return float(best[-1])


def _one_guard(work: Floats, at_once: int = 500) -> Floats:
    """Return one layer of the same, without a table of all parts, which would be too large."""
    sums = np.concatenate(([0.0], np.cumsum(work)))
    best, after = sums.copy(), np.full(len(sums), np.inf)
    for start in range(0, len(sums), at_once):
        end = sums[start : start + at_once, None]
        after[start : start + at_once] = np.where(end >= sums, np.maximum(best, end - sums), np.inf).min(axis=1)
    return after


def _by_cpsat(work: Floats, guards: int, ours: float) -> dict[str, float]:
    sums = np.concatenate(([0], np.cumsum(work))).astype(np.int64).tolist()
    model = cp_model.CpModel()
    inner = cp_model.Domain.from_values(sums[1:-1])
    cuts = [model.new_constant(0), *(model.new_int_var_from_domain(inner, "") for _ in range(guards - 1)), model.new_constant(sums[-1])]
    heaviest = model.new_int_var(max(int(work.max()), -(-sums[-1] // guards)), sums[-1], "")
    for start, stop in itertools.pairwise(cuts):
        model.add(stop >= start + 1)
        model.add(stop <= start + heaviest)
    model.minimize(heaviest)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = CPSAT_SECONDS
    solver.parameters.num_workers = 1
    status, took = timed(lambda: solver.solve(model))
    if status != cp_model.OPTIMAL:
        return {STOPPED: CPSAT_SECONDS}
    return {"seconds": took, "apart": abs(solver.objective_value - ours)}
