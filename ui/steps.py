"""The steps of the work, in their order: what each is called, what it says of itself, and what its button does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gridplanner.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from gridplanner.model.project import Project


class State(StrEnum):
    """How far a step is: nothing to work on, can be run, done, or made from data replaced since."""

    EMPTY = "empty"
    READY = "ready"
    DONE = "done"
    STALE = "stale"


STATE_WORDS = {
    State.EMPTY: N_("waits for an earlier step"),
    State.READY: N_("ready"),
    State.DONE: N_("done"),
    State.STALE: N_("out of date"),
}


@dataclass(frozen=True)
class Step:
    """One step: `run` and `again` are its button's words, `note` says in a few words what there is."""

    id: str
    title: str
    run: str
    again: str
    note: Callable[[Project], str]
    waits_for: str = ""


def _data_note(project: Project) -> str:
    if project.provenance:
        layers = len(project.provenance)
    else:
        parts = (project.communities, project.households, project.roads, project.barriers, project.railway)
        layers = sum(bool(len(part)) for part in parts)
    if not layers:
        return _("drop files on the map")
    return _("{layers} layers · {addresses} addresses").format(layers=layers, addresses=f"{len(project.households):,}")


def _units_note(project: Project) -> str:
    return _("{n} units").format(n=f"{len(project.units):,}") if project.units is not None else ""


def _grids_note(project: Project) -> str:
    if project.grids is None:
        return ""
    note = _("{n} grids").format(n=f"{len(project.grids):,}")
    proven = bool(project.grids.certificates) and all(part.status == "optimal" for part in project.grids.certificates)
    best = _("proven best")  # a msgid within an f-string is not found by the catalogue
    return f"{note} · {best}" if proven else note


def _zones_note(project: Project) -> str:
    return _("{n} patrol zones").format(n=len(project.zones)) if project.zones is not None else ""


def _beats_note(project: Project) -> str:
    return _("{n} beats").format(n=len(project.beats)) if project.beats is not None else ""


def _checkpoints_note(project: Project) -> str:
    return _("{n} checkpoints").format(n=len(project.checkpoints)) if project.checkpoints is not None else ""


def _rings_note(project: Project) -> str:
    return _("{n} posts").format(n=len(project.rings.names)) if project.rings is not None else ""


def _chiefs_note(project: Project) -> str:
    return _("{n} stretches").format(n=len({stretch.code for stretch in project.chiefs.stretches})) if project.chiefs is not None else ""


def _patrol_note(project: Project) -> str:
    return _("{n} routes").format(n=len(project.patrol.first)) if project.patrol is not None else ""


def _rail_note(project: Project) -> str:
    return _("{n} segments").format(n=len(project.rail)) if project.rail is not None else ""


def _roster_note(project: Project) -> str:
    if project.roster is None:
        return ""
    people = ngettext("{n} person", "{n} people", len(project.roster)).format(n=f"{len(project.roster):,}")
    days = ngettext("{n} day", "{n} days", project.roster.days).format(n=project.roster.days)
    return f"{people} · {days}"


def _no_note(_project: Project) -> str:
    return ""


STEPS = (
    Step("data", N_("Data"), N_("Import data"), N_("Import more data"), _data_note),
    Step("units", N_("Basic units"), N_("Cut basic units"), N_("Cut basic units again"), _units_note, N_("needs communities")),
    Step("grids", N_("Grids"), N_("Partition into grids"), N_("Partition again"), _grids_note, N_("needs households")),
    Step("beats", N_("Beats"), N_("Group into beats"), N_("Group again"), _beats_note, N_("needs grids")),
    Step("zones", N_("Patrol zones"), N_("Group into patrol zones"), N_("Group again"), _zones_note, N_("needs grids")),
    Step("rings", N_("Response"), N_("Compute response rings"), N_("Compute again"), _rings_note, N_("needs depots and streets")),
    Step("checkpoints", N_("Checkpoints"), N_("Choose checkpoints"), N_("Choose again"), _checkpoints_note, N_("needs streets")),
    Step("rating", N_("Rating"), N_("Show the rating map"), N_("Show the rating map"), _no_note, N_("needs monthly figures")),
    Step("chiefs", N_("Street chiefs"), N_("Divide the streets"), N_("Divide again"), _chiefs_note, N_("needs grids")),
    Step("patrol", N_("Patrol routes"), N_("Plan patrol routes"), N_("Plan routes again"), _patrol_note, N_("needs patrol zones")),
    Step("rail", N_("Railway"), N_("Divide the line"), N_("Divide again"), _rail_note, N_("needs a railway")),
    Step("roster", N_("Roster"), N_("Make the roster"), N_("Make it again"), _roster_note, N_("needs segments or routes")),
    Step("check", N_("Check"), N_("Show the findings"), N_("Show the findings"), _no_note, N_("needs data")),
    Step("export", N_("Export"), N_("Export layers"), N_("Export layers"), _no_note, N_("needs a plan")),
)


# the section of the settings that a step works with, where it has one of its own
SECTIONS = {
    "beats": "beats", "zones": "zones", "rings": "response", "checkpoints": "checkpoints", "rating": "rating", "chiefs": "street_chiefs",
    "patrol": "patrol", "rail": "rail", "roster": "roster",
}  # fmt: skip

# what would only be in the way of a step; the view menu brings it back
_RAIL = frozenset({"guards", "chainage", "corridor"})
_DUTY = frozenset({"beats", "rings", "checkpoints", "rating", "chiefs"})
_AREAS = frozenset({"grids", "borders", "labels", "addresses", "selection"})
HIDDEN_AT = {
    "data": frozenset({"zones", "patrol"}) | _RAIL | _DUTY,
    "units": frozenset({"zones", "patrol", "labels", "sites"}) | _RAIL | _DUTY,
    "grids": frozenset({"zones", "patrol", "sites"}) | _RAIL | _DUTY,
    "beats": frozenset({"zones", "patrol", "addresses", "sites"}) | _RAIL | (_DUTY - {"beats"}),
    "zones": frozenset({"patrol", "addresses"}) | _RAIL | _DUTY,
    "rings": _AREAS | {"zones", "patrol", "sites"} | _RAIL | (_DUTY - {"rings"}),
    "checkpoints": _AREAS | {"zones", "patrol", "sites"} | _RAIL | (_DUTY - {"checkpoints"}),
    "rating": _AREAS | {"zones", "patrol", "sites"} | _RAIL | (_DUTY - {"rating"}),
    "chiefs": frozenset({"grids", "zones", "patrol", "sites", "addresses", "selection"}) | _RAIL | (_DUTY - {"chiefs"}),
    "patrol": _AREAS | _RAIL | _DUTY,
    "roster": _AREAS | {"zones", "patrol"} | _RAIL | _DUTY,
    "rail": _AREAS | {"zones", "patrol"} | _DUTY,
}


def hidden_at(step_id: str) -> frozenset[str]:
    """Return the names of the map layers that are hidden when a step is chosen."""
    return HIDDEN_AT.get(step_id, HIDDEN_AT["grids"])


def step_of(step_id: str) -> Step:
    """Return the step with an id."""
    return next(step for step in STEPS if step.id == step_id)


def step_note(step: Step, state: State, project: Project | None) -> str:
    """Return the line below a step's title in the language in use."""
    if state is State.EMPTY and step.waits_for:
        return _(step.waits_for)
    note = step.note(project) if project is not None else ""
    if state is State.STALE:
        return f"{note} · {_(STATE_WORDS[state])}" if note else _(STATE_WORDS[state])
    return note
