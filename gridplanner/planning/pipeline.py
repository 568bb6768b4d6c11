"""Every step of a plan file in its order, each an edit; what a step was made from decides whether it is stale."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project

Proposer = Callable[[Project, Progress], Edit]


@dataclass(frozen=True)
class Step:
    """A step of the work: its name, whether the settings ask for it, how it is computed, and its share of the time."""

    name: str
    wanted: Callable[[Project], bool]
    propose: Proposer
    share: float


def _units(project: Project, progress: Progress) -> Edit:
    from gridplanner.planning.units import propose_units

    return propose_units(project, progress)


def _grids(project: Project, progress: Progress) -> Edit:
    from gridplanner.planning.grids import propose_grids

    return propose_grids(project, progress)


def _zones(project: Project, progress: Progress) -> Edit:
    from gridplanner.planning.zones import propose_zones

    return propose_zones(project, progress)


def _patrol(project: Project, progress: Progress) -> Edit:
    from gridplanner.planning.routes import propose_routes

    return propose_routes(project, progress)


def _rail(project: Project, progress: Progress) -> Edit:
    from gridplanner.planning.rail_segments import propose_rail_segments

    return propose_rail_segments(project, progress)


STEPS = (
    Step("units", lambda p: p.settings.grids is not None, _units, 3.0),
    Step("grids", lambda p: p.settings.grids is not None, _grids, 3.0),
    Step("zones", lambda p: p.settings.zones is not None or p.settings.patrol is not None, _zones, 1.0),
    Step("patrol", lambda p: p.settings.patrol is not None, _patrol, 5.0),
    Step("rail", lambda p: p.settings.rail is not None, _rail, 0.5),
)


def run_steps(project: Project, progress: Progress = SILENT) -> Iterator[tuple[str, Project, float]]:
    """Yield (step, project after it, seconds) for every step that the settings ask for, in order.

    Raises what a step raises; the project yielded before is then the last good one.
    """
    steps = [step for step in STEPS if step.wanted(project)]
    total, done = sum(step.share for step in steps), 0.0
    for step in steps:
        start = time.perf_counter()
        edit = step.propose(project, Span(progress, done / total, (done + step.share) / total))
        project = edit.apply(project)
        done += step.share
        yield step.name, project, time.perf_counter() - start
