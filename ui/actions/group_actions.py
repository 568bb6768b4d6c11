"""What can be done with the beats or patrol zones of the step that is open."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import Action, Moment, Row, idle


def _chosen(moment: Moment) -> bool:
    return idle(moment) and bool(moment.groups) and moment.groups_chosen > 0


def _selected(moment: Moment) -> bool:
    return idle(moment) and bool(moment.groups) and moment.chosen > 0


UNDER = N_("Beats and patrol zones")
ROWS: tuple[Row, ...] = (
    Action("group-rename", "grid", N_("Rename…"), lambda desk: desk.groups.rename(), "F2", _chosen, under=UNDER),
    Action(
        "group-split-off", "grid", N_("Make one of the selected grids"), lambda desk: desk.groups.split_off(), "N", _selected, under=UNDER
    ),
    Action("group-merge", "grid", N_("Merge those of the selected grids"), lambda desk: desk.groups.merge(), "", _selected, under=UNDER),
)
