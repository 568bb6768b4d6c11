"""What can be done with scenarios: several plans of one district side by side."""

from __future__ import annotations

from gridplanner.i18n import N_, _
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle


def _has_plan(moment: Moment) -> bool:
    return idle(moment) and moment.has_units


def _has_others(moment: Moment) -> bool:
    return _has_plan(moment) and moment.scenarios > 1


def _title(moment: Moment) -> str:
    return moment.scenario or _("Scenarios")


ROWS: tuple[Row, ...] = (
    Action("scenarios", "scenario", N_("Scenarios"), lambda desk: desk.scenarios.open_menu(), "Ctrl+Shift+L", _has_plan, words=_title),
    SEPARATOR,
    Action(
        "scenario-branch", "scenario", N_("Begin a scenario like this one"), lambda desk: desk.scenarios.branch(), "Ctrl+Shift+N", _has_plan
    ),
    Action("scenario-next", "scenario", N_("Next scenario"), lambda desk: desk.scenarios.step(1), "Ctrl+PgDown", _has_others),
    Action("scenario-last", "scenario", N_("Previous scenario"), lambda desk: desk.scenarios.step(-1), "Ctrl+PgUp", _has_others),
    Action("scenario-rename", "scenario", N_("Rename this scenario"), lambda desk: desk.scenarios.rename(), "", _has_plan),
    Action("scenario-delete", "scenario", N_("Delete this scenario"), lambda desk: desk.scenarios.delete(), "", _has_others),
    SEPARATOR,
    Action(
        "scenario-compare",
        "scenario",
        N_("Compare"),
        lambda desk: desk.comparing.toggle(),
        "Ctrl+D",
        lambda m: m.comparing or (m.ready and m.scenarios > 1 and m.has_grids),
        lambda m: m.comparing,
    ),
    Action("scenario-copy", "scenario", N_("Copy a grid from another scenario"), lambda desk: desk.scenarios.copy_grid(), "", _has_others),
    SEPARATOR,
    Action(
        "scenario-master",
        "scenario",
        N_("Make this scenario the master plan"),
        lambda desk: desk.scenarios.adopt(),
        "",
        lambda m: idle(m) and m.has_grids and not m.is_master,
    ),
)
