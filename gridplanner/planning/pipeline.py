"""Every step of a plan file in its order, each an edit; what a step was made from decides whether it is stale."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project, fingerprint
from gridplanner.planning.units import units_made_from

Proposer = Callable[[Project, Progress], Edit]


@dataclass(frozen=True)
class Step:
    """A step of the work: its name, whether the settings and data ask for it, how it is computed, and its share of the time."""

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


def _plans_area(project: Project) -> bool:
    return project.settings.grids is not None and len(project.communities) > 0


STEPS = (
    Step("units", _plans_area, _units, 3.0),
    Step("grids", _plans_area, _grids, 3.0),
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


def stale_steps(project: Project) -> set[str]:
    """Return the names of the steps whose plan was made from data or plans that have changed since."""
    stale = set()
    if project.units is not None and project.units.made_from != units_made_from(project):
        stale.add("units")
    if project.grids is not None and (project.units is None or project.grids.made_from != fingerprint(project.units)):
        stale.add("grids")
    if project.zones is not None:
        source = project.grids if project.zones.members else project.roads
        if source is None or project.zones.made_from != fingerprint(source):
            stale.add("zones")
    if project.patrol is not None and (project.zones is None or project.patrol.made_from != fingerprint(project.zones)):
        stale.add("patrol")
    if project.rail is not None and project.rail.made_from != fingerprint((project.railway, project.stations)):
        stale.add("rail")
    order = [step.name for step in STEPS]
    for before, after in (("units", "grids"), ("grids", "zones"), ("zones", "patrol")):
        if before in stale and getattr(project, after) is not None:
            stale.add(after)
    return {name for name in order if name in stale}
