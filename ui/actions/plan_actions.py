"""What is computed."""

from __future__ import annotations

from collections.abc import Callable

from gridplanner.i18n import N_
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle


def _can_divide(moment: Moment) -> bool:
    return idle(moment) and moment.has_communities


def _can_replan(moment: Moment) -> bool:
    return idle(moment) and moment.has_grids


def _has_roads(moment: Moment) -> bool:
    return idle(moment) and moment.has_roads


def _step(name: str, text: str, possible: Callable[[Moment], bool]) -> Action:
    """Return the row that runs a step."""
    return Action(name, "plan", text, lambda desk: desk.runner.run_step(name), "", possible)


ROWS: tuple[Row, ...] = (
    Action("units", "plan", N_("Cut basic units"), lambda desk: desk.runner.run_step("units"), "", _can_divide),
    Action("grids", "plan", N_("Partition into grids"), lambda desk: desk.runner.run_step("grids"), "F5", _can_divide),
    Action("replan", "plan", N_("Re-plan with little disturbance"), lambda desk: desk.replanning.ask(), "F6", _can_replan),
    Action(
        "zones", "plan", N_("Group into patrol zones"), lambda desk: desk.runner.run_step("zones"), "", lambda m: idle(m) and m.has_grids
    ),
    _step("rings", N_("Compute response rings"), _has_roads),
    _step("checkpoints", N_("Choose checkpoints"), lambda m: _has_roads(m) and m.has_communities),
    _step("chiefs", N_("Divide the streets"), lambda m: _has_roads(m) and m.has_grids),
    Action("patrol", "plan", N_("Plan patrol routes"), lambda desk: desk.runner.run_step("patrol"), "", lambda m: idle(m) and m.has_roads),
    Action("rail", "plan", N_("Divide the line"), lambda desk: desk.runner.run_step("rail"), "", lambda m: idle(m) and m.has_railway),
    _step("roster", N_("Make the roster"), lambda m: idle(m) and m.can_roster),
    Action("sick-call", "plan", N_("Sick call…"), lambda desk: desk.duties.ask_sick(), "", lambda m: idle(m) and m.has_roster),
    SEPARATOR,
    Action("all", "plan", N_("Run every step"), lambda desk: desk.runner.run_all(), "Shift+F5", lambda m: idle(m) and m.has_data),
    SEPARATOR,
    Action("finish", "plan", N_("Finish now with the best so far"), lambda desk: desk.jobs.finish(), "", lambda m: m.busy and m.can_finish),
    Action("cancel", "plan", N_("Cancel the computation"), lambda desk: desk.jobs.cancel(), "", lambda m: m.busy),
)
