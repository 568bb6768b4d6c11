"""What project files of earlier versions leave out, made up from what they hold."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_near import length_of

RAIL_PLACES = 5  # the version from which guard segments know their places along the line; before, chainages were the line's own metres


def brought_up(project: Project, version: int) -> Project:
    """Return a project read from a file of a version with what later versions hold beside."""
    if version >= RAIL_PLACES:
        return project
    scenarios = tuple(
        dataclasses.replace(scenario, rail=_with_places(scenario.rail)) if scenario.rail is not None else scenario
        for scenario in project.scenarios
    )
    rail = _with_places(project.rail) if project.rail is not None else None
    return dataclasses.replace(project, rail=rail, scenarios=scenarios)


def _with_places(plan: RailPlan) -> RailPlan:
    return dataclasses.replace(plan, segments=tuple(_with_place(plan, segment) for segment in plan.segments))


def _with_place(plan: RailPlan, segment: RailSegment) -> RailSegment:
    if segment.high > segment.low or segment.line >= len(plan.lines):
        return segment
    line = plan.lines[segment.line]
    low, high = np.clip([segment.start - line.start, segment.stop - line.start], 0.0, length_of(line)).tolist()
    return dataclasses.replace(segment, low=low, high=high, plan=plan.plan)
