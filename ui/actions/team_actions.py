"""What can be done with others: hand out communities, take packages in, compare with another file, look who changed what."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle


def _can_hand_out(moment: Moment) -> bool:
    return idle(moment) and moment.has_communities and moment.has_units


def _has_data(moment: Moment) -> bool:
    return idle(moment) and moment.has_data


ROWS: tuple[Row, ...] = (
    Action("hand-out", "team", N_("Hand out communities…"), lambda desk: desk.team.hand_out(), "", _can_hand_out),
    Action("take-in", "team", N_("Take in packages…"), lambda desk: desk.team.take_in(), "", _has_data),
    Action("end-lease", "team", N_("End the lease of this community"), lambda desk: desk.team.end_lease(), "", lambda m: m.lent),
    SEPARATOR,
    Action("compare-file", "team", N_("Compare with a project file…"), lambda desk: desk.team.compare_file(), "", _has_data),
    SEPARATOR,
    Action("changes", "team", N_("Change log…"), lambda desk: desk.team.log.show(), "", lambda m: m.ready and m.has_data),
)
