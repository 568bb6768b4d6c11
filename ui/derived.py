"""What follows from a project and is shown beside the map: figures, colours, the state of each step, issues."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from gridplanner.model.check import Findings, completed, findings
from gridplanner.model.colouring import grid_colours
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue
from gridplanner.model.plan_change import PlanChange
from gridplanner.model.plan_picture import PlanPicture, picture_after
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.statistics import GridFigures, grid_figures
from gridplanner.model.transfers import Transfers, transfers_of
from gridplanner.planning.hand_cost import HandCost, hand_costs
from ui.grid_rules import Kept, kept_areas
from ui.steps import State

PAUSE = 0.03  # seconds in which the map may be painted before the rest of what follows from an edit is looked for
COURTESY = 0.1  # seconds that the window has to show many new grids, in which this thread does not ask for the interpreter


@dataclass(frozen=True, eq=False)
class Derived:
    """Values computed from `project`; `issues` is None until the check is through.

    `transfers` are the addresses that change grid by the last re-planning, None where there was none; `kept` as `kept_areas` has it;
    `hand` what the planner's own edits cost, by community. `changed` are the grids whose row, colour or particulars are another than
    in what was shown before, None where all may be. While `checked` is False, what takes longer is still that of the project before an
    edit or not known: stale steps, transfers, issues of rules and codes, `hand`.
    """

    project: Project
    figures: GridFigures | None = None
    colours: Mapping[int, int] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    issues: tuple[Issue, ...] | None = None
    transfers: Transfers | None = None
    kept: Kept = field(default_factory=dict)
    hand: Mapping[int, HandCost] = field(default_factory=dict)
    changed: frozenset[int] | None = None
    checked: bool = False
    findings: Findings | None = None


def derive(request: object, is_obsolete: Callable[[], bool]) -> Iterator[Derived]:
    """Yield what follows from a project: figures first, then what takes longer; or what an answer of `derived_after` still lacks."""
    if isinstance(request, Derived):
        derived = request
        time.sleep(PAUSE)
        if is_obsolete():
            return
    else:
        assert isinstance(request, Project)
        derived = _first(request)
        yield derived
        time.sleep(COURTESY)
        if is_obsolete():
            return
    project = derived.project
    found = findings(project) if derived.findings is None else completed(derived.findings, project)
    derived = dataclasses.replace(derived, transfers=transfers_of(project), findings=found, issues=found.issues, checked=True)
    derived = dataclasses.replace(derived, hand=hand_costs(project), kept=kept_areas(project))
    states = _states(project)
    states.update(dict.fromkeys(stale_plans(project), State.STALE))
    yield dataclasses.replace(derived, states=states, changed=frozenset())
    for value in (project.households, project.units, project.communities, project.rules):
        fingerprint(value)  # known by now when a plan comes that was made from them, which the window's thread takes


def derived_after(before: Derived, project: Project) -> Derived | None:
    """Return what follows from a project whose grid plan is a little another than that of `before`; None where too much is.

    The work grows with the grids that were touched, so it is done while the planner's hand is still on the mouse.
    """
    if before.figures is None:
        return None
    found = picture_after(PlanPicture(before.project, before.figures, before.colours, before.findings), project)
    if found is None:
        return None
    picture, change = found
    states = _states(project)
    states.update({step: State.STALE for step, state in before.states.items() if state is State.STALE and states[step] is State.DONE})
    return Derived(
        project,
        picture.figures,
        picture.colours,
        states,
        picture.findings.issues if picture.findings is not None else None,
        before.transfers,
        _kept(before, project, change),
        before.hand,
        picture.changed,
        findings=picture.findings,
    )


def _first(project: Project) -> Derived:
    """Return what is quickly known of any project."""
    units, grids = project.units, project.grids
    figures = grid_figures(project) if units is not None and grids is not None else None
    colours = grid_colours(units, grids) if units is not None and grids is not None else {}
    return Derived(project, figures, colours, _states(project), kept=kept_areas(project))


def _kept(before: Derived, project: Project, change: PlanChange) -> Kept:
    """Return which areas are kept in which grids; those of before where the areas themselves are others, until the thread has them."""
    if project.rules.keep is not before.project.rules.keep or not len(change.units):
        return before.kept
    return kept_areas(project)


def _states(project: Project) -> dict[str, State]:
    """Return the state of each step but whether it is stale, which is known only where fingerprints were compared."""
    p = project
    has_data = bool(len(p.communities) or len(p.households) or len(p.roads) or len(p.railway))
    return {
        "data": State.DONE if has_data else State.READY,
        "units": _state(p.units is not None, bool(len(p.communities))),
        "grids": _state(p.grids is not None, bool(len(p.communities) and len(p.households))),
        "beats": _state(p.beats is not None, p.grids is not None),
        "zones": _state(p.zones is not None, p.grids is not None),
        "rings": _state(p.rings is not None, bool(len(p.roads) and (len(p.depots) or p.zones is not None))),
        "checkpoints": _state(p.checkpoints is not None, bool(len(p.roads) and len(p.communities))),
        "rating": State.READY if len(p.indicators) or len(p.incidents) else State.EMPTY,
        "chiefs": _state(p.chiefs is not None, bool(len(p.roads)) and p.grids is not None),
        "patrol": _state(p.patrol is not None, bool(len(p.roads)) and (p.zones is not None or p.grids is not None)),
        "rail": _state(p.rail is not None, bool(len(p.railway))),
        "roster": _state(p.roster is not None, can_roster(p)),
        "check": State.READY if has_data else State.EMPTY,
        "export": State.READY if p.units is not None or p.rail is not None or p.patrol is not None else State.EMPTY,
    }


def can_roster(project: Project) -> bool:
    """Return whether there is anyone to be on duty: guards of segments, crews of zones, or volunteers who are listed."""
    settings = project.settings.roster
    if settings is None:
        return project.rail is not None or project.patrol is not None
    return {"rail": project.rail is not None, "patrol": project.zones is not None, "volunteers": bool(settings.people)}[settings.group]


def _state(done: bool, ready: bool) -> State:
    return State.DONE if done else State.READY if ready else State.EMPTY
