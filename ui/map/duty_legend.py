"""What the signs of checkpoints, response rings, street chiefs and patrol routes mean: lines before those of the map's theme."""

from __future__ import annotations

from functools import lru_cache

from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from gridplanner.model.rings import RingPlan
from ui.checkpoint_places import Status, spots_of
from ui.map.chief_layer import HUES
from ui.map.conflict_layer import conflict_entries
from ui.map.lease_layer import lease_entries
from ui.map.patrol_marks import NEED_NOT, PICKED, STOP_WORDS, VIA
from ui.map.patrol_strokes import routes_shown, streets_left_out
from ui.map.rail_legend import rail_entries
from ui.map.ring_layer import beyond, ring_colours
from ui.map.scene import Showing
from ui.map.themes import COVERAGE, Entry, theme_of_map

SIGNS = {
    Status.NEW: N_("Checkpoint with its rank"), Status.EXISTING: N_("Existing checkpoint"), Status.OPEN: N_("Crossing that is open"),
    Status.FORBIDDEN: N_("No checkpoint may stand here"), Status.LEAK: N_("Street that stays open"),
    Status.WISHED: N_("Existing, not planned yet"),
}  # fmt: skip


def legend_with_duty(title: str, entries: tuple[Entry, ...], showing: Showing) -> tuple[str, tuple[Entry, ...]]:
    """Return title and lines of a legend, with those of what else the map shows in front; its title where grids are hidden."""
    project, hidden = showing.project, showing.hidden
    parts = (
        (N_("Response rings"), _ring_entries(showing) if "rings" not in hidden else ()),
        (N_("Checkpoints"), _checkpoint_entries(showing) if "checkpoints" not in hidden else ()),
        (N_("Street chiefs"), _chief_entries(project) if "chiefs" not in hidden else ()),
        (N_("Guard segments"), rail_entries(showing)),
        (N_("Patrol routes"), (*_patrol_entries(showing), *_pick_entries(showing)) if "patrol" not in hidden else ()),
    )
    there = [(name, lines) for name, lines in parts if lines]
    if there and "grids" in hidden:
        title = _(there[0][0])
    team = (*conflict_entries(showing), *lease_entries(showing))
    return title, (*team, *(line for _name, lines in there for line in lines), *entries)


def _checkpoint_entries(showing: Showing) -> tuple[Entry, ...]:
    found = {spot.status for spot in spots_of(showing.project).spots}
    signs = tuple(Entry(f"sign:{status}", "", _(words)) for status, words in SIGNS.items() if status in found)
    cordons = (Entry("dash", showing.theme.accent, _("Cordon")),) if len(showing.project.cordons) else ()
    return (*signs, *cordons)


def _ring_entries(showing: Showing) -> tuple[Entry, ...]:
    plan, look = showing.project.rings, showing.theme
    if plan is None:
        return ()
    text = _("within {n} min")
    rings = [Entry("fill", colour.name(), text.format(n=f"{minute:g}")) for minute, colour in ring_colours(plan.minutes, look).items()]
    dots = [Entry("dot", look.bad, _("Address beyond"))] if _is_any_beyond(plan, len(showing.project.households)) else []
    return (*rings, *dots, Entry("post", "", _("Post")))


@lru_cache(maxsize=4)
def _is_any_beyond(plan: RingPlan, addresses: int) -> bool:
    return bool(beyond(plan, addresses).any())


def _chief_entries(project: Project) -> tuple[Entry, ...]:
    return (Entry("line", HUES[0], _("Stretch of a street chief")),) if project.chiefs is not None else ()


def _patrol_entries(showing: Showing) -> tuple[Entry, ...]:
    """Return what the lines and signs of the routes shown mean; of the coverage map, what its theme says is enough."""
    plan, look = showing.project.patrol, showing.theme
    if plan is None or not plan.routes or theme_of_map(showing.map_theme, showing.project).id in COVERAGE:
        return ()
    routes = [plan.routes[row] for row in routes_shown(plan, showing.patrol_choice)]
    kinds = {stop.kind for route in routes for stop in route.stops}
    missed = (Entry("line", look.bad, _("Must be patrolled, on no route")),) if len(streets_left_out(plan, showing.patrol_choice)) else ()
    led = showing.patrol_route in routes_shown(plan, showing.patrol_choice) and any(
        call.kind == VIA for call in plan.routes[showing.patrol_route].calls
    )
    vias = (Entry(f"stop:{VIA}", look.text, _("Way led by hand")),) if led else ()
    locked = (Entry("lock", look.text, _("Locked")),) if any(route.locked for route in routes) else ()
    return (
        Entry("line", look.text, _("Patrolled, each crew in its colour")),
        *((Entry("thin-dash", look.text, _("Driven without patrolling")),) if any(route.dead_m for route in routes) else ()),
        *missed,
        *(Entry(f"stop:{kind}", look.text, _(words)) for kind, words in STOP_WORDS.items() if kind in kinds and kind != "street"),
        *vias,
        *locked,
    )


def _pick_entries(showing: Showing) -> tuple[Entry, ...]:
    picks, look = showing.project.picks if showing.patrol_picks else (), showing.theme
    words = {PICKED: _("Picked: must be patrolled"), NEED_NOT: _("Picked: need not be patrolled")}
    there = {PICKED if pick.times else NEED_NOT for pick in picks}
    return tuple(Entry(f"stop:{kind}", look.accent, text) for kind, text in words.items() if kind in there)
