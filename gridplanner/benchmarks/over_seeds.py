"""The same case run with several seeds: medians, with the worst seed beside each."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridplanner.benchmarks.judge import Figures
from gridplanner.benchmarks.peer_runs import STOPPED
from gridplanner.benchmarks.table import Row


@dataclass(frozen=True)
class Run:
    """One seed of a case: our figures, and those of each peer by its name and version."""

    ours: Figures
    peers: Mapping[str, Figures]


@dataclass(frozen=True)
class Measure:
    """What a row shows: the key of a figure, its name and unit, whether less is better, and whether every seed must keep the bar."""

    key: str
    name: str
    unit: str = ""
    less: bool = True
    every: bool = False


MEASURES = {
    measure.key: measure
    for measure in (
        Measure("seconds", "time", "s"),
        Measure("worst_pct", "worst deviation", "%"),
        Measure("fit_worst_pct", "worst where a number fits", "%"),
        Measure("mean_worst_pct", "worst from community mean", "%"),
        Measure("mean_pct", "mean deviation", "%"),
        Measure("within_pct", "within ±10 %", "%", less=False),
        Measure("within_20_pct", "within ±20 %", "%", less=False),
        Measure("compact", "mean PP", less=False),
        Measure("compact_least", "least PP", less=False),
        Measure("border_km", "inner border", "km"),
        Measure("broken", "broken", every=True),
        Measure("crossings", "crossings", every=True),
        Measure("empty", "empty", every=True),
        Measure("moved_pct", "households moved", "%"),
    )
}
_SHAPE = ("compact", "compact_least", "border_km", "broken", "crossings")
PLAN = tuple(MEASURES[key] for key in ("seconds", "worst_pct", "fit_worst_pct", "mean_worst_pct", "within_pct", *_SHAPE))
ONE_PLAN = tuple(MEASURES[key] for key in ("seconds", "worst_pct", "mean_pct", "within_pct", *_SHAPE[:-1], "empty"))
COARSE_PLAN = tuple(MEASURES[key] for key in ("seconds", "worst_pct", "mean_pct", "within_pct", "within_20_pct", "empty", *_SHAPE))
TOWN_PLAN = tuple(MEASURES[key] for key in ("seconds", "worst_pct", "fit_worst_pct", "mean_pct", "within_pct", *_SHAPE))


def rows_over_seeds(case: str, measures: Sequence[Measure], runs: Sequence[Run], bars: Mapping[str, float]) -> list[Row]:
    """Return a row for every measure that our figures have; `bars` by the measure's key, kept by the median or by every seed."""
    rows = []
    for measure in measures:
        values = [run.ours[measure.key] for run in runs if measure.key in run.ours]
        if values:
            rows.append(_row(case, measure, values, runs, bars.get(measure.key)))
    return rows


def _row(case: str, measure: Measure, values: Sequence[float], runs: Sequence[Run], bar: float | None) -> Row:
    value, worst = _median_and_worst(values, measure)
    judged = worst if measure.every else value
    ok = None if bar is None else (judged <= bar if measure.less else judged >= bar)
    peers, peers_worst, stopped = {}, {}, {}
    for name in dict.fromkeys(name for run in runs for name in run.peers):
        found = [run.peers[name] for run in runs if name in run.peers]
        theirs = [figures[measure.key] for figures in found if measure.key in figures]
        if theirs:
            peers[name], peers_worst[name] = _median_and_worst(theirs, measure)
        if measure.key == "seconds" and any(STOPPED in figures for figures in found):
            stopped[name] = max(figures[STOPPED] for figures in found if STOPPED in figures)
    text = "" if bar is None else f"{'≤' if measure.less else '≥'} {bar:.4g}"
    return Row(case, measure.name, value, measure.unit, text, ok, peers, worst, peers_worst, stopped)


def _median_and_worst(values: Sequence[float], measure: Measure) -> tuple[float, float]:
    return statistics.median(values), max(values) if measure.less else min(values)
