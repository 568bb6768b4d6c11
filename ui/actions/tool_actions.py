"""The tools of the map: each takes the left button until another is chosen."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import Action, Row

ROWS: tuple[Row, ...] = (
    Action("select", "tool", N_("Select"), lambda desk: desk.use_tool(""), "S", lambda m: m.has_data, lambda m: not m.tool, in_bar=True),
    Action(
        "assign",
        "tool",
        N_("Assign"),
        lambda desk: desk.use_tool("assign"),
        "A",
        lambda m: m.has_grids,
        lambda m: m.tool == "assign",
        in_bar=True,
    ),
    Action(
        "keep",
        "tool",
        N_("Keep together"),
        lambda desk: desk.use_tool("keep"),
        "K",
        lambda m: m.has_units,
        lambda m: m.tool == "keep",
        in_bar=True,
    ),
)
