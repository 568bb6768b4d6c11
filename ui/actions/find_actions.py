"""Finding: what wants a look, and what is known by a name."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import SEPARATOR, Action, Row

ROWS: tuple[Row, ...] = (
    SEPARATOR,
    Action("find", "edit", N_("Find"), lambda desk: desk.finder.open(), "Ctrl+F", lambda m: m.has_data),
    Action("find-next", "edit", N_("Find the next"), lambda desk: desk.finder.step(1), "F3", lambda m: m.has_data),
    Action("find-previous", "edit", N_("Find the one before"), lambda desk: desk.finder.step(-1), "Shift+F3", lambda m: m.has_data),
)
