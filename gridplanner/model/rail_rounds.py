"""How guards patrol their segments: rounds there and back, timed within a shift so that neighbours meet at their common end."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np

from algorithms.railguard.rounds import plan_rounds
from gridplanner.model.lines import Ints
from gridplanner.model.rail import RailPlan, RailRound, RailSegment
from gridplanner.settings import RailSettings

KMH = 1.0 / 3.6  # m/s
TOUCH = 1e-3  # metres within which one segment ends where the next begins


def with_rounds(plan: RailPlan, settings: RailSettings) -> RailPlan:
    """Return the plan with the rounds of every segment, by the settings' mode, speed and rounds a shift.

    Two guards go together where a thing of one of the kinds `double` lies in the segment; a fixed post keeps its guards.
    """
    made: dict[int, RailRound] = {}
    for name in plan.plans:
        made |= _rounds_of(plan, list(plan.of_plan(name)), settings)
    segments = tuple(dataclasses.replace(segment, round=made[row]) for row, segment in enumerate(plan.segments))
    return dataclasses.replace(plan, segments=segments)


def guards_wanted(plan: RailPlan, segment: RailSegment, settings: RailSettings) -> int:
    """Return how many guards are to go together in a segment."""
    if segment.post:
        return segment.round.guards if segment.round is not None else 1
    return 2 if len(double_things(plan, segment, settings)) else 1


def double_things(plan: RailPlan, segment: RailSegment, settings: RailSettings) -> Ints:
    """Return the rows of the things in a segment that two guards should look after."""
    things = plan.features
    if not settings.double or not len(things):
        return np.zeros(0, np.int64)
    here = (things.line == segment.line) & (things.low < segment.high)
    inside = np.where(things.high > things.low, things.high > segment.low, things.low >= segment.low)
    return np.flatnonzero(here & inside & np.isin(things.kinds.astype(str), settings.double))


def _rounds_of(plan: RailPlan, rows: list[int], settings: RailSettings) -> dict[int, RailRound]:
    """Return the rounds of the segments of one plan, by row."""
    segments = [plan.segments[row] for row in rows]
    metres = np.array([segment.high - segment.low for segment in segments])
    touching = [a.line == b.line and abs(a.high - b.low) < TOUCH for a, b in pairwise(segments)]
    entry = [_entry(plan, segment) for segment in segments]
    found = plan_rounds(metres / (settings.patrol_kmh * KMH), settings.shift_hours * 3600.0, settings.rounds, touching, entry)
    starts: list[list[float]] = [[] for _row in rows]
    meets: list[list[tuple[float, float, str]]] = [[] for _row in rows]
    for at, minute in zip(found.segment.tolist(), found.leave.tolist(), strict=True):
        starts[at].append(float(minute))
    for lower, minute in zip(found.lower.tolist(), found.minute.tolist(), strict=True):
        below, above = segments[lower], segments[lower + 1]
        meets[lower].append((float(minute), below.high, above.code))
        meets[lower + 1].append((float(minute), below.high, below.code))
    return {
        row: RailRound(
            settings.patrol_mode, 2.0 * float(metres[at]) / (settings.patrol_kmh * KMH) / 60.0, int(found.times[at]), tuple(starts[at]),
            tuple(sorted(meets[at])), guards_wanted(plan, segments[at], settings),
        )
        for at, row in enumerate(rows)
    }  # fmt: skip


def _entry(plan: RailPlan, segment: RailSegment) -> int:
    """Return the end of a segment from which it is entered: -1 its lower, 1 its upper, 0 where that is not known."""
    if not 0 <= segment.gate < len(plan.gates):
        return 0
    along = float(plan.gates.along[segment.gate])
    return -1 if along <= (segment.low + segment.high) / 2 else 1
