"""Streets picked by hand: a click says that a street must be patrolled, with Shift that it need not be, whatever its class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.edits.patrol_edits import PickStreet, UnpickStreet, pick_near
from gridplanner.i18n import _, ngettext
from gridplanner.model.patrol import StreetPick
from gridplanner.model.patrol_near import line_near, line_place, street_middle
from gridplanner.model.project import Project
from ui.map.tools.route_work import NEAR
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach


class StreetPicker:
    """`wish` says how often and on how many sides a street is to be patrolled that is clicked; a second click takes the pick away."""

    cursor = "PointingHandCursor"

    def __init__(self, wish: Callable[[], StreetPick]) -> None:
        self._wish = wish
        self._lit: tuple[object, ...] = ()
        self._shown = NOTHING

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Show what a click would say of the street below the pointer."""
        row, place = street_below(reach.project, pointer)
        key = reach.project, row, place, pointer.more, self._wish()
        if key != self._lit:
            self._lit, self._shown = key, self._preview(reach.project, row, place, pointer)
        return self._shown

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        row, place = street_below(reach.project, press)
        if row < 0:
            return None
        edit, pointer = self._edit(reach.project, place, press), press
        while not pointer.released:
            pointer = yield self._preview(reach.project, row, place, press)
        return edit

    def _edit(self, project: Project, place: tuple[float, float], pointer: Pointer) -> Edit:
        x, y = place
        wish = self._wish()
        times = 0 if pointer.more else wish.times
        at = pick_near(project, x, y)
        if at >= 0 and (project.picks[at].times > 0) == (times > 0):
            return UnpickStreet(project.picks[at].x, project.picks[at].y)
        return PickStreet(x, y, times, wish.both and times > 0, wish.weight)

    def _preview(self, project: Project, row: int, place: tuple[float, float], pointer: Pointer) -> Preview:
        marks = np.array([(pick.x, pick.y) for pick in project.picks]) if project.picks else None
        if row < 0:
            return Preview(marks=marks, hint=_("Click a street that must be patrolled, with Shift one that need not be"))
        words = self._edit(project, place, pointer).words
        lines = project.patrol.streets.lines if has_streets(project) and project.patrol is not None else project.roads.lines
        line = lines.line(row)
        at = pick_near(project, *place)
        title = pick_words(project.picks[at]) if at >= 0 else street_state(project, row)
        return Preview(marks=marks, pieces=np.hstack((line[:-1], line[1:])), title=title, words=words, hint=words)


def has_streets(project: Project) -> bool:
    """Return whether the plan knows its streets; else those of the project are picked."""
    return project.patrol is not None and len(project.patrol.streets) > 0


def street_below(project: Project, pointer: Pointer) -> tuple[int, tuple[float, float]]:
    """Return the street below the pointer, -1 for none, and the place that says which it is."""
    plan = project.patrol
    lines = plan.streets.lines if plan is not None and len(plan.streets) else project.roads.lines
    row = line_near(lines, pointer.x, pointer.y, NEAR / pointer.scale)
    if row < 0:
        return row, (pointer.x, pointer.y)
    if plan is not None and len(plan.streets):
        return row, street_middle(plan.streets, row)
    return row, line_place(lines, row, pointer.x, pointer.y)


def street_state(project: Project, row: int) -> str:
    """Return what a street is called and how often it is to be patrolled, as the plan has it."""
    plan = project.patrol
    if plan is None or not len(plan.streets):
        return str(project.roads.names[row]) or _("street without a name")
    name, times = str(plan.streets.names[row]) or _("street without a name"), int(plan.streets.times[row])
    if not times:
        return _("{street}: need not be patrolled").format(street=name)
    return ngettext("{street}: {n} time a shift", "{street}: {n} times a shift", times).format(street=name, n=times)


def pick_words(pick: StreetPick) -> str:
    """Return what was picked."""
    if not pick.times:
        return _("Picked: need not be patrolled")
    text = ngettext("Picked: {n} time a shift", "Picked: {n} times a shift", pick.times).format(n=pick.times)
    return _("{words}, both sides").format(words=text) if pick.both else text
