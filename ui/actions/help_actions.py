"""Where to find out more."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import Action, Row

ROWS: tuple[Row, ...] = (
    Action("shortcuts", "help", N_("Keys and gestures"), lambda desk: desk.show_help(), "F1"),
    Action("tour", "help", N_("Tour of the window"), lambda desk: desk.window.start_tour()),
    Action("support", "help", N_("Support bundle"), lambda desk: desk.show_support()),
    Action("about", "help", N_("About"), lambda desk: desk.show_about()),
)
