"""What can be done with the grids that are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridplanner.i18n import N_, _
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle

if TYPE_CHECKING:
    from ui.desk import Desk


def _has_chosen(moment: Moment) -> bool:
    return idle(moment) and moment.chosen > 0


def _can_lock(moment: Moment) -> bool:
    return idle(moment) and (moment.has_grids or moment.at_patrol or moment.at_rail)


def _can_resolve(moment: Moment) -> bool:
    return (idle(moment) and (moment.at_patrol or moment.at_rail)) or _has_chosen(moment)


def _resolve_words(moment: Moment) -> str:
    if moment.at_rail:
        return _("Divide the rest again")
    return _("Plan the rest again") if moment.at_patrol else _("Re-solve here")


def _has_several(moment: Moment) -> bool:
    return idle(moment) and moment.chosen > 1


def _lock_words(moment: Moment) -> str:
    return _("Unlock") if moment.locked else _("Lock")


def _exclusive_words(moment: Moment) -> str:
    return _("No longer exclusive") if moment.exclusive else _("Make exclusive")


def _keep_words(moment: Moment) -> str:
    return _("Release what is kept together") if moment.kept else _("Keep units together")


def _lock(desk: Desk) -> None:
    if desk.routes.is_on:
        desk.routes.lock()
    elif desk.rail.is_on:
        desk.rail.lock()
    else:
        desk.groups.lock_chosen()


def _resolve(desk: Desk) -> None:
    if desk.routes.is_on:
        desk.routes.solve_rest()
    elif desk.rail.is_on:
        desk.rail.solve_rest()
    else:
        desk.resolving.ask()


ROWS: tuple[Row, ...] = (
    Action("lock", "grid", N_("Lock"), lambda desk: _lock(desk), "L", _can_lock, words=_lock_words),
    Action("lock-all", "grid", N_("Lock every grid"), lambda desk: desk.hand.lock_all(), "", lambda m: idle(m) and m.has_grids),
    Action("unlock-all", "grid", N_("Unlock every grid"), lambda desk: desk.hand.unlock_all(), "Shift+L", lambda m: m.any_locked),
    Action("exclusive", "grid", N_("Make exclusive"), lambda desk: desk.hand.make_exclusive(), "", _has_chosen, words=_exclusive_words),
    Action("keep-grid", "grid", N_("Keep units together"), lambda desk: desk.hand.keep_together(), "", _has_chosen, words=_keep_words),
    SEPARATOR,
    Action("merge-chosen", "grid", N_("Merge the selected grids"), lambda desk: desk.hand.merge(), "Shift+M", _has_several),
    Action("resolve", "grid", N_("Re-solve here"), lambda desk: _resolve(desk), "R", _can_resolve, words=_resolve_words),
    Action("split-into", "grid", N_("Split into equal grids"), lambda desk: desk.resolving.ask_to_split(), "Shift+R", _has_chosen),
    SEPARATOR,
    Action(
        "zoom-grid", "grid", N_("Show it closer"), lambda desk: desk.groups.zoom_to_chosen(), "Z", lambda m: m.chosen + m.groups_chosen > 0
    ),
    Action("proof", "grid", N_("Proof by community"), lambda desk: desk.show_proof(), "", lambda m: m.has_grids),
)
