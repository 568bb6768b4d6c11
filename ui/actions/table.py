"""One table of everything that can be done: menus, bar, shortcuts and the help page are made from it."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions import (
    edit_actions,
    file_actions,
    find_actions,
    grid_actions,
    group_actions,
    help_actions,
    plan_actions,
    rail_actions,
    route_actions,
    scenario_actions,
    team_actions,
    tool_actions,
    view_actions,
)
from ui.actions.action import SEPARATOR, Action, Row

MENUS = {
    "file": N_("File"),
    "edit": N_("Edit"),
    "tool": N_("Tools"),
    "plan": N_("Plan"),
    "grid": N_("Grids"),
    "scenario": N_("Scenarios"),
    "team": N_("Team"),
    "view": N_("View"),
    "help": N_("Help"),
}
_PARTS = (
    file_actions, edit_actions, find_actions, tool_actions, plan_actions, grid_actions, group_actions, route_actions,
    rail_actions, scenario_actions, team_actions, view_actions, help_actions,
)  # fmt: skip
ACTIONS: tuple[Row, ...] = tuple(row for part in _PARTS for row in (*part.ROWS, SEPARATOR))


def actions() -> tuple[Action, ...]:
    """Return all actions without the separators."""
    return tuple(action for action in ACTIONS if action is not None)
