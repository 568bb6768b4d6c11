"""What can be done with the grids that are selected."""

from __future__ import annotations

from gridplanner.i18n import N_, _
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle


def _has_chosen(moment: Moment) -> bool:
    return idle(moment) and moment.chosen > 0


def _lock_words(moment: Moment) -> str:
    return _("Unlock") if moment.locked else _("Lock")


def _exclusive_words(moment: Moment) -> str:
    return _("No longer exclusive") if moment.exclusive else _("Make exclusive")


def _keep_words(moment: Moment) -> str:
    return _("Release what is kept together") if moment.kept else _("Keep units together")


ROWS: tuple[Row, ...] = (
    Action("lock", "grid", N_("Lock"), lambda desk: desk.hand.lock(), "L", _has_chosen, words=_lock_words),
    Action("unlock-all", "grid", N_("Unlock every grid"), lambda desk: desk.hand.unlock_all(), "Shift+L", lambda m: m.any_locked),
    Action("exclusive", "grid", N_("Make exclusive"), lambda desk: desk.hand.make_exclusive(), "", _has_chosen, words=_exclusive_words),
    Action("keep-grid", "grid", N_("Keep units together"), lambda desk: desk.hand.keep_together(), "", _has_chosen, words=_keep_words),
    SEPARATOR,
    Action("zoom-grid", "grid", N_("Show the grid closer"), lambda desk: desk.hand.zoom_to_chosen(), "Z", lambda m: m.chosen > 0),
    Action("proof", "grid", N_("Proof by community"), lambda desk: desk.show_proof(), "", lambda m: m.has_grids),
)
