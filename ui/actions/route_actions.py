"""What can be done with the patrol route that is chosen, and with the stop of it that is marked."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import Action, Moment, Row, idle


def _chosen(moment: Moment) -> bool:
    return idle(moment) and moment.at_patrol and moment.route_chosen


def _open(moment: Moment) -> bool:
    return _chosen(moment) and not moment.locked


def _stop(moment: Moment) -> bool:
    return _open(moment) and moment.route_stop


UNDER = N_("Patrol routes")
ROWS: tuple[Row, ...] = (
    Action("route-earlier", "grid", N_("Do the stop earlier"), lambda desk: desk.routes.earlier(), "Ctrl+Up", _stop, under=UNDER),
    Action("route-later", "grid", N_("Do the stop later"), lambda desk: desk.routes.later(), "Ctrl+Down", _stop, under=UNDER),
    Action("route-turn", "grid", N_("Drive the stop the other way"), lambda desk: desk.routes.turn(), "", _stop, under=UNDER),
    Action("route-remove", "grid", N_("Take the stop out of the route"), lambda desk: desk.routes.remove(), "Del", _stop, under=UNDER),
    Action("route-reverse", "grid", N_("Turn the route round"), lambda desk: desk.routes.reverse(), "", _open, under=UNDER),
    Action("route-code", "grid", N_("Rename the route…"), lambda desk: desk.routes.recode(), "", _chosen, under=UNDER),
)
