"""What can be done with the guard segment that is chosen, and along the railway."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import Action, Moment, Row, idle


def _chosen(moment: Moment) -> bool:
    return idle(moment) and moment.at_rail and moment.segment_chosen


def _open(moment: Moment) -> bool:
    return _chosen(moment) and not moment.locked


def _here(moment: Moment) -> bool:
    return moment.at_rail


UNDER = N_("Guard segments")
ROWS: tuple[Row, ...] = (
    Action("rail-next", "grid", N_("The next segment"), lambda desk: desk.rail.step(1), "Ctrl+Right", _here, under=UNDER),
    Action("rail-previous", "grid", N_("The segment before"), lambda desk: desk.rail.step(-1), "Ctrl+Left", _here, under=UNDER),
    Action("rail-go", "grid", N_("Go to chainage"), lambda desk: desk.rail.ask_place(), "Ctrl+G", _here, under=UNDER),
    Action("rail-remove", "grid", N_("Take its break away"), lambda desk: desk.rail.remove_break(), "Shift+Del", _open, under=UNDER),
    Action("rail-give-next", "grid", N_("Give it to the next squad"), lambda desk: desk.rail.give_on(1), "Alt+Down", _open, under=UNDER),
    Action("rail-give-before", "grid", N_("Give it to the squad before"), lambda desk: desk.rail.give_on(-1), "Alt+Up", _open, under=UNDER),
    Action("rail-code", "grid", N_("Rename the segment…"), lambda desk: desk.rail.recode(), "", _chosen, under=UNDER),
)
