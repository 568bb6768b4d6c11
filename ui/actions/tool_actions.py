"""The tools of the map: each takes the left button until another is chosen."""

from __future__ import annotations

from collections.abc import Callable

from gridplanner.i18n import N_
from ui.actions.action import SEPARATOR, Action, Moment, Row

UNSEEN = frozenset({"grids", "borders"})  # layers without which the planner's hand would be blind


def _tool(
    name: str, text: str, key: str, possible: Callable[[Moment], bool], here: Callable[[Moment], bool] = lambda _moment: True
) -> Action:
    """Return the row that takes a tool of the desk in hand."""
    return Action(
        name, "tool", text, lambda desk: desk.use_tool(name), key, possible, lambda moment: moment.tool == name, in_bar=True, here=here
    )  # fmt: skip


def _has_grids(moment: Moment) -> bool:
    return moment.has_grids and not moment.hidden >= UNSEEN


def _for_grids(moment: Moment) -> bool:
    return _has_grids(moment) and not moment.groups


def _has_segments(moment: Moment) -> bool:
    return moment.at_rail and "guards" not in moment.hidden


def _has_brush(moment: Moment) -> bool:
    return moment.tool in {"assign", "keep"} or (moment.tool == "split" and bool(moment.groups))


def _source(name: str, text: str) -> Action:
    """Return the row that says which units assigning takes."""
    return Action(
        f"source-{name}", "tool", text, lambda desk: desk.hand.take_from(name), "", _has_grids, lambda moment: moment.source == name
    )  # fmt: skip


_CORDON = Action(
    "cordon", "tool", N_("Draw a cordon"), lambda desk: desk.checkpoints.draw(), "Shift+C", lambda moment: moment.has_data,
    lambda moment: moment.tool == "cordon", in_bar=True,
)  # fmt: skip

ROWS: tuple[Row, ...] = (
    Action("select", "tool", N_("Select"), lambda desk: desk.use_tool(""), "S", lambda m: m.has_data, lambda m: not m.tool, in_bar=True),
    _tool("route", N_("Change routes"), "G", lambda m: m.at_patrol, lambda m: m.at_patrol_step),
    _tool("pick-street", N_("Pick streets"), "Q", lambda m: m.at_patrol_step, lambda m: m.at_patrol_step),
    _tool("rail-break", N_("Move breaks"), "W", _has_segments, lambda m: m.at_rail),
    _tool("rail-add", N_("Add breaks"), "Shift+W", _has_segments, lambda m: m.at_rail),
    _tool("assign", N_("Assign"), "A", _has_grids),
    _tool("push", N_("Push border"), "B", _has_grids),
    _tool("merge", N_("Merge"), "M", _has_grids),
    _tool("even", N_("Even out"), "E", _for_grids),
    _tool("pen", N_("Street pen"), "D", _for_grids),
    _tool("split", N_("Split by a line"), "X", _has_grids),
    _tool("draw", N_("Draw an area"), "P", _for_grids),
    _tool("reshape", N_("Reshape a border"), "C", _for_grids),
    _tool("cut", N_("Cut units"), "Shift+X", lambda m: m.has_units),
    _tool("keep", N_("Keep together"), "K", lambda m: m.has_units),
    _tool("fix", N_("Line that stays a boundary"), "Shift+D", lambda m: m.has_data),
    _tool("stay", N_("Must stay in its grid"), "Shift+K", _for_grids),
    _CORDON,
    SEPARATOR,
    Action("brush-larger", "tool", N_("Larger brush"), lambda desk: desk.canvas.gestures.resize_brush(1), "]", _has_brush),
    Action("brush-smaller", "tool", N_("Smaller brush"), lambda desk: desk.canvas.gestures.resize_brush(-1), "[", _has_brush),
    SEPARATOR,
    _source("any", N_("Assign from any grid")),
    _source("unassigned", N_("Assign only what is in no grid")),
    _source("one", N_("Assign only from the grid where the stroke begins")),
    Action("source-next", "tool", N_("Assign from other units"), lambda desk: desk.hand.take_from_next(), "Shift+A", _has_grids),
)
