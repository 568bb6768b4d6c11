"""What follows from a project and is shown beside the map: figures, colours, the state of each step, issues."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from gridplanner.model.check import check
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.model.statistics import GridFigures, grid_figures
from gridplanner.model.transfers import Transfers, transfers_of
from ui.grid_rules import Kept, kept_areas
from ui.map.colours import grid_colours
from ui.steps import State


@dataclass(frozen=True, eq=False)
class Derived:
    """Values computed from `project` in a thread; `issues` is None until the check is through.

    `transfers` are the addresses that change grid by the last re-planning, None where there was none; `kept` as `kept_areas` has it.
    """

    project: Project
    figures: GridFigures | None = None
    colours: Mapping[int, int] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    issues: tuple[Issue, ...] | None = None
    transfers: Transfers | None = None
    kept: Kept = field(default_factory=dict)


def derive(project: object, is_obsolete: Callable[[], bool]) -> Iterator[Derived]:
    """Yield what follows from a project: figures first, then what takes longer."""
    assert isinstance(project, Project)
    units, grids = project.units, project.grids
    planned = units is not None and grids is not None
    derived = Derived(project, grid_figures(project) if planned else None, grid_colours(units, grids) if units and grids else {})
    derived = dataclasses.replace(derived, states=_states(project, checked=False), kept=kept_areas(project))
    yield derived
    if is_obsolete():
        return
    derived = dataclasses.replace(derived, transfers=transfers_of(project))
    derived = dataclasses.replace(derived, states=_states(project, checked=True), issues=check(project))
    yield derived


def _states(project: Project, *, checked: bool) -> dict[str, State]:
    """Return the state of each step; whether plans are stale is known only where fingerprints were compared (`checked`)."""
    p = project
    has_data = bool(len(p.communities) or len(p.households) or len(p.roads) or len(p.railway))
    states = {
        "data": State.DONE if has_data else State.READY,
        "units": _state(p.units is not None, bool(len(p.communities))),
        "grids": _state(p.grids is not None, bool(len(p.communities) and len(p.households))),
        "zones": _state(p.zones is not None, p.grids is not None),
        "checkpoints": State.LATER,
        "patrol": _state(p.patrol is not None, bool(len(p.roads)) and (p.zones is not None or p.grids is not None)),
        "rail": _state(p.rail is not None, bool(len(p.railway))),
        "roster": State.LATER,
        "check": State.READY if has_data else State.EMPTY,
        "export": State.READY if p.units is not None or p.rail is not None or p.patrol is not None else State.EMPTY,
    }
    if checked:
        for step in stale_plans(project):
            states[step] = State.STALE
    return states


def _state(done: bool, ready: bool) -> State:
    return State.DONE if done else State.READY if ready else State.EMPTY
