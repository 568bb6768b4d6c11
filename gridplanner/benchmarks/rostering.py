"""Cases of the benchmark of railway protection: published shift rosters, made weeks of guards, and a guard who calls in sick."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress
from algorithms.rostering.faults import faults
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import OFF, Roster, RosterParams, RosterProblem
from algorithms.rostering.replan import replan
from algorithms.rostering.solve import find_roster
from gridplanner.benchmarks.judge import Figures
from gridplanner.benchmarks.made_squads import made_week
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.peer_runs import STOPPED
from gridplanner.benchmarks.rostering_instances import BEST, read_shift_instance
from gridplanner.benchmarks.rostering_peer import NAME, peer_roster
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError
from gridplanner.i18n import _

DATA = "GRIDPLANNER_TEST_DATA"
CASES = ("shifts", "weeks", "sick")
NOTES = (
    "Rosters: what is found is checked by code that shares nothing with the search, and its value is counted anew; the published instances "
    "are read into the same problem as a squad's week. Seconds are those until the value is proven, or of the whole search where a gap is "
    "left.",
    "The peer is CP-SAT with two workers on the plain model (a Boolean for each person, day and shift, a row for each rule). It has no "
    "longer than the seconds shown where it is stopped.",
    "Sick calls: a day's duty of one guard after another falls out on the morning of that day; what was before stays. The guard's own "
    "cell counts as a change.",
)
SECONDS = Measure("seconds", "proven after", "s", every=True)
GAP = Measure("gap_pct", "gap", "%", every=True)
MEASURES = (Measure("value", "penalty", every=True), GAP, SECONDS, Measure("faults", "rules broken", every=True))
SICK_MEASURES = (
    Measure("seconds", "re-planned, slowest call", "s", every=True),
    Measure("changed", "cells changed, most", every=True),
    Measure("changed_mean", "cells changed, mean"),
    Measure("unproven", "calls not proven", every=True),
    Measure("faults", "rules broken", every=True),
    Measure("rest", "cells changed, away for the rest of the week, most"),
)
PEER_SECONDS, QUICK_PEER_SECONDS = 20.0, 4.0
WEEKS = (
    (60, 5, {"seconds": 5.0, "gap_pct": 0.0, "faults": 0}),
    (120, 10, {"seconds": 60.0, "gap_pct": 3.0, "faults": 0}),
)  # people, squads, bars
GUARDS, SQUADS, DAYS = 44, 4, 7
QUICK_CALLS = 25
ANEW = "a new roster"


def rostering_rows(progress: Progress = SILENT, quick: bool = False, seeds: int = 3, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of the cases, of all where none is named. Raises InputError where the published instances are not there."""
    rows: list[Row] = []
    parts = {"shifts": _published, "weeks": _weeks, "sick": _sick}
    for number, case in enumerate(case for case in CASES if not cases or case in cases):
        progress.check()
        progress.report(number / len(CASES), case)
        rows += parts[case](quick, seeds, progress)
    return rows


def _published(quick: bool, seeds: int, progress: Progress) -> list[Row]:
    rows = []
    for name, best in BEST.items():
        path = Path(os.environ.get(DATA, ""), "rostering", f"{name}.txt")
        if not os.environ.get(DATA) or not path.exists():
            raise InputError(_("{name} is not set, or its folder has no {file}").format(name=DATA, file=path.name))
        problem = read_shift_instance(path)
        people, days, _shifts = problem.shape
        runs = []
        for seed in range(1, seeds + 1):
            progress.check()
            runs.append(_run(problem, seed, quick, 60.0))
        rows += rows_over_seeds(
            f"shift {name}, {people} people × {days} days", MEASURES, runs, {"value": best, "gap_pct": 0.0, "seconds": 60.0, "faults": 0}
        )
    return rows


def _weeks(quick: bool, seeds: int, progress: Progress) -> list[Row]:
    rows = []
    for people, squads, bars in WEEKS:
        runs = []
        for seed in range(1, seeds + 1):
            progress.check()
            runs.append(_run(made_week(people, squads, seed), seed, quick, 60.0))
        rows += rows_over_seeds(f"roster {people} guards × {DAYS * 3} shifts", MEASURES, runs, bars)
    return rows


def _run(problem: RosterProblem, seed: int, quick: bool, wall: float) -> Run:
    """Return one search beside the peer's."""
    began = time.perf_counter()
    found = find_roster(problem, RosterParams(seed=seed, wall=wall))
    ours = _figures(problem, found.cells, found.bound, time.perf_counter() - began)
    seconds = QUICK_PEER_SECONDS if quick else PEER_SECONDS
    peer = peer_roster(problem, seconds, seed)
    theirs: Figures = {STOPPED: seconds}
    if peer.cells is not None:
        theirs = _figures(problem, peer.cells, found.bound, peer.seconds)
        if not peer.proven:
            del theirs["seconds"]
            theirs[STOPPED] = seconds
    return Run(ours, {NAME: theirs})


def _figures(problem: RosterProblem, cells: Ints, bound: int, seconds: float) -> Figures:
    """Return the figures of cells, counted anew; the gap is that to the bound, of what the cells cost."""
    value = value_of(problem, cells)
    gap = 100.0 * (value - bound) / max(abs(value), 1)
    return {"value": float(value), "gap_pct": gap, "seconds": seconds, "faults": float(len(faults(problem, cells)))}


def _sick(quick: bool, seeds: int, progress: Progress) -> list[Row]:
    runs = []
    for seed in range(1, seeds + 1):
        problem = made_week(GUARDS, SQUADS, seed)
        roster = find_roster(problem, RosterParams(seed=seed))
        calls = [(person, day) for person, day in np.argwhere(roster.cells >= 0).tolist()]
        calls = calls[:: max(len(calls) // QUICK_CALLS, 1)] if quick else calls
        runs.append(_calls(problem, roster, calls, seed, progress))
    return rows_over_seeds(
        f"a sick call in a week of {GUARDS} guards", SICK_MEASURES, runs, {"seconds": 2.0, "changed": 4, "unproven": 0, "faults": 0}
    )


def _calls(problem: RosterProblem, roster: Roster, calls: list[tuple[int, int]], seed: int, progress: Progress) -> Run:
    """Return the figures of these calls, one after another, each on the roster as it was."""
    seconds, changed, rest, anew = [], [], [], []
    unproven = broken = 0
    for number, (person, day) in enumerate(calls):
        progress.check()
        began = time.perf_counter()
        called = after_call(problem, roster.cells, person, day, day + 1)
        found = replan(called, RosterParams(seed=seed))
        seconds.append(time.perf_counter() - began)
        changed.append(int(np.count_nonzero(found.cells != roster.cells)))
        unproven += not found.proven
        broken += len(faults(called, found.cells))
        if number % 10 == 0:
            away = replan(after_call(problem, roster.cells, person, day, DAYS), RosterParams(seed=seed))
            rest.append(int(np.count_nonzero(away.cells != roster.cells)))
        if number % 40 == 0:
            other = find_roster(replace(called, kept=None, change=None), RosterParams(seed=seed))
            anew.append(int(np.count_nonzero(other.cells != roster.cells)))
    ours = {
        "seconds": max(seconds), "changed": max(changed), "changed_mean": float(np.mean(changed)), "unproven": unproven, "faults": broken,
        "rest": max(rest),
    }  # fmt: skip
    return Run(ours, {ANEW: {"changed": max(anew), "changed_mean": float(np.mean(anew))}})


def after_call(problem: RosterProblem, cells: Ints, person: int, day: int, until: int) -> RosterProblem:
    """Return the problem once a person is away from a day until another: what was before stays, a changed cell costs 20 from then on."""
    fixed = problem.fixed.copy()
    fixed[:, :day] = cells[:, :day]
    fixed[person, day:until] = OFF
    change = np.full(cells.shape, 20)
    change[person, day:until] = 0  # these change in any case
    return replace(problem, fixed=fixed, kept=cells, change=change)
