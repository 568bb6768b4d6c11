"""Every step of a plan file in its order, each an edit; what a step was made from decides whether it is stale."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project
from gridplanner.planning.workers import begin

MANY = 100_000  # addresses from which workers start and load their libraries while the units are made
Proposer = Callable[[Project, Progress, Executor | None], Edit]


@dataclass(frozen=True)
class Step:
    """A step of the work: its name, whether the settings ask for it, how it is computed, and its share of the time."""

    name: str
    wanted: Callable[[Project], bool]
    propose: Proposer
    share: float


def _units(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.units import propose_units

    return propose_units(project, progress)


def _grids(project: Project, progress: Progress, workers: Executor | None) -> Edit:
    if project.grids is None and len(project.drawn):
        return propose_replanned(project, progress)
    from gridplanner.planning.grids import propose_grids

    return propose_grids(project, progress, workers)


def propose_replanned(project: Project, progress: Progress = SILENT) -> Edit:
    """Return the edit that re-plans the grids: not a step of its own, for it starts from a plan that is there."""
    from gridplanner.planning.replan import propose_replan

    return propose_replan(project, progress)


def _beats(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.beats import propose_beats

    return propose_beats(project, progress)


def _zones(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.zones import propose_zones

    return propose_zones(project, progress)


def _checkpoints(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.checkpoints import propose_checkpoints

    return propose_checkpoints(project, progress)


def _rings(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.rings import propose_rings

    return propose_rings(project, progress)


def _chiefs(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.street_chiefs import propose_chiefs

    return propose_chiefs(project, progress)


def _patrol(project: Project, progress: Progress, workers: Executor | None) -> Edit:
    from gridplanner.planning.routes import propose_routes

    return propose_routes(project, progress, workers)


def _rail(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.rail_segments import propose_rail_segments

    return propose_rail_segments(project, progress)


def _roster(project: Project, progress: Progress, _workers: Executor | None) -> Edit:
    from gridplanner.planning.roster import propose_roster

    return propose_roster(project, progress)


STEPS = (
    Step("units", lambda p: p.settings.grids is not None, _units, 3.0),
    Step("grids", lambda p: p.settings.grids is not None, _grids, 3.0),
    Step("beats", lambda p: p.settings.beats is not None and p.settings.grids is not None, _beats, 1.0),
    Step("zones", lambda p: p.settings.zones is not None or p.settings.patrol is not None, _zones, 1.0),
    Step("checkpoints", lambda p: p.settings.checkpoints is not None, _checkpoints, 0.5),
    Step("rings", lambda p: p.settings.response is not None, _rings, 0.5),
    Step("chiefs", lambda p: p.settings.street_chiefs is not None, _chiefs, 0.5),
    Step("patrol", lambda p: p.settings.patrol is not None, _patrol, 5.0),
    Step("rail", lambda p: p.settings.rail is not None, _rail, 0.5),
    Step("roster", lambda p: p.settings.roster is not None, _roster, 2.0),
)


def run_steps(project: Project, progress: Progress = SILENT, workers: Executor | None = None) -> Iterator[tuple[str, Project, float]]:
    """Yield (step, project after it, seconds) for every step that the settings ask for, in order; `workers` do not change a plan.

    Raises what a step raises; the project yielded before is then the last good one.
    """
    if len(project.households) > MANY:
        begin(workers)
    steps = [step for step in STEPS if step.wanted(project)]
    total, done = sum(step.share for step in steps), 0.0
    for step in steps:
        start = time.perf_counter()
        edit = step.propose(project, Span(progress, done / total, (done + step.share) / total), workers)
        project = edit.apply(project)
        done += step.share
        yield step.name, project, time.perf_counter() - start
