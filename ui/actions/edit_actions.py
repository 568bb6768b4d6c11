"""What the hand can do on the map, and undoing it."""

from __future__ import annotations

from gridplanner.i18n import N_, _
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle
from ui.short_codes import with_short_codes


def _undo_words(moment: Moment) -> str:
    return _("Undo “{words}”").format(words=with_short_codes(moment.undo)) if moment.undo else _("Undo")


def _redo_words(moment: Moment) -> str:
    return _("Redo “{words}”").format(words=with_short_codes(moment.redo)) if moment.redo else _("Redo")


ROWS: tuple[Row, ...] = (
    Action("undo", "edit", N_("Undo"), lambda desk: desk.session.undo(), "Ctrl+Z", lambda m: bool(m.undo), words=_undo_words, in_bar=True),
    Action("redo", "edit", N_("Redo"), lambda desk: desk.session.redo(), "Ctrl+Y", lambda m: bool(m.redo), words=_redo_words, in_bar=True),
    SEPARATOR,
    Action("settings", "edit", N_("Plan settings"), lambda desk: desk.runner.change_settings(), "Ctrl+,", idle),
)
