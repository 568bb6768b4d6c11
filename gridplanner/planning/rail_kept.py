"""Guard segments kept where their line is read anew: on the new line, with its work, ways and corridor, and what moved is told."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.errors import InputError
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_pieces import segment_on
from gridplanner.planning.rail_lines import lines_of
from gridplanner.planning.rail_moved import reprojected
from gridplanner.planning.rail_segments import base_for, finished, told_apart, weighed
from gridplanner.settings import RailSettings


def rail_kept(project: Project, plan: RailPlan, progress: Progress = SILENT) -> RailPlan | None:
    """Return the plan on the railway of a project that was read anew, None where nothing of it lies there any more.

    Segments keep their codes, guards and locks; what moved is among the plan's issues. How good the division is on the new line is not
    known, and what it was made from stays what it was: that the data are others since is for the planner to see.
    """
    settings = project.settings.rail or RailSettings()
    try:
        lines, issues = lines_of(project, progress)
    except InputError:
        return None
    moved, told = reprojected(plan, told_apart(lines))
    if not moved.segments:
        return None
    ground, found = weighed(project, moved.lines, (), settings, progress)
    placed = dataclasses.replace(ground, segments=moved.segments, plan=plan.plan, issues=(*told, *issues, *found), made_from=plan.made_from)
    placed = dataclasses.replace(placed, squad_bases=_bases(placed))
    segments = tuple(segment_on(placed, segment, segment.low, segment.high) for segment in placed.segments)
    return finished(project, dataclasses.replace(placed, segments=segments), settings, progress)


def _bases(plan: RailPlan) -> dict[str, tuple[int, ...]]:
    """Return the base of each squad of every plan (day, night …)."""
    atoms: dict[tuple[str, int], list[Ints]] = defaultdict(list)
    profile = plan.profile
    for segment in plan.segments:
        inside = (profile.line == segment.line) & (profile.high > segment.low) & (profile.low < segment.high)
        atoms[segment.plan, segment.squad].append(np.flatnonzero(inside))
    most = {name: max(squad for other, squad in atoms if other == name) for name in plan.plans}
    return {
        name: tuple(base_for(plan, np.concatenate(atoms[name, squad])) if (name, squad) in atoms else -1 for squad in range(1, count + 1))
        for name, count in most.items()
    }
