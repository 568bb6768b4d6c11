"""Guard segments on their lines: drawn, measured, weighed and reached as the plan's lines, mileage and profile say."""

from __future__ import annotations

import dataclasses

from gridplanner.model.mileage import Mileage
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.rail_near import piece_of, systems_of
from gridplanner.model.rail_work import access_between, segment_work


def mileage_of(line: RailLine) -> Mileage:
    """Return the mileage in which a line's segments are told."""
    return systems_of(line)[0]


def segment_on(plan: RailPlan, segment: RailSegment, low: float, high: float) -> RailSegment:
    """Return a segment of a plan from `low` to `high` metres along its line, with all that follows from where it lies but its rounds."""
    line = plan.lines[segment.line]
    mileage = mileage_of(line)
    seconds, base, gate = access_between(plan, segment.plan, segment.squad, segment.line, low, high)
    return dataclasses.replace(
        segment, low=low, high=high, start=mileage.at(low), stop=mileage.at(high, coming=True), coords=piece_of(line, low, high),
        workload=segment_work(plan, segment.plan, segment.line, low, high), access_s=seconds,
        base=str(plan.bases.names[base]) if 0 <= base < len(plan.bases) else "", gate=gate,
    )  # fmt: skip


def chainage_words(plan: RailPlan, segment: RailSegment) -> tuple[str, str]:
    """Return what posts read at a segment's two ends, as text."""
    mileage = mileage_of(plan.lines[segment.line])
    return mileage.text(segment.low), mileage.text(segment.high, coming=True)
