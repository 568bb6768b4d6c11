"""Reshape: draw a new course for a piece of border between two grids; what lies between the old and the new one changes sides."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.course_edits import ReshapeBorder
from gridplanner.i18n import _
from gridplanner.model.borders_near import border_between
from gridplanner.model.line_sides import inside_ring
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.street_paths import StreetNet, StreetWalk, net_of
from ui.map.tools.counts import Counts
from ui.map.tools.freehand import Freehand
from ui.map.tools.held_addresses import HeldAddresses
from ui.map.tools.push_border import PushBorder, grids_beside, refusal
from ui.map.tools.refusal import refuse
from ui.map.tools.street_pen import tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import as_places

ANYWHERE = np.inf  # metres within which the nearest place of the border is looked for


class Reshape:
    """Press on the border, draw its new course, and let go on the border again."""

    cursor = "PointingHandCursor"

    def __init__(self) -> None:
        self._border = PushBorder()

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Light up the border below the pointer."""
        return self._border.hover(reach, pointer)

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project, plan, pair = reach.project, reach.project.grids, grids_beside(reach.project, press)
        if plan is None or pair is None:
            return None
        why = refusal(project, pair)
        if why:
            return (yield from refuse(why))
        course, free = _Course(project, pair), Freehand(press)
        pointer, line = press, free.line
        while not pointer.released:
            pointer = yield course.preview(line)
            line = free.follow(pointer)
        codes = plan.grids[pair[0]].code, plan.grids[pair[1]].code
        edit, why = tried(project, [lambda: ReshapeBorder(as_places(line), *pair, codes)])
        if edit is None and len(line) > 2:
            shown = Preview(hint=why, warning=why)
            pointer = yield shown
            while not (pointer.pressed or pointer.accepted or pointer.back):
                pointer = yield shown
        return edit


class _Course:
    """The old border between two grids, and what a new course would move."""

    def __init__(self, project: Project, pair: tuple[int, int]) -> None:
        units, plan = project.units, project.grids
        assert units is not None
        assert plan is not None
        self._pair, self._counts = pair, Counts(project)
        pieces = units.xy[units.ends[border_between(units, plan.labels, *pair)]]
        self._net: StreetNet = net_of(pieces, np.ones(len(pieces)))
        self._held = HeldAddresses(project, (plan.labels == pair[0]) | (plan.labels == pair[1]))

    def preview(self, line: Floats) -> Preview:
        """Return the new course with what both grids would hold."""
        hint = _("Reshape: draw the new course and let go on the border; Esc abandons")
        if len(line) < 2:
            return Preview(lines=(line,), sure=False, hint=hint)
        old = self._old(line)
        inside = inside_ring(self._held.xy, np.vstack((line, old[::-1])))
        one, other = self._pair
        gone = {grid: self._held.held(inside & (self._held.label == grid)) for grid in self._pair}
        change = gone[other] - gone[one]
        tallies = (self._counts.tally(one, change), self._counts.tally(other, -change))
        title = f"{self._counts.code(one)} ⇆ {self._counts.code(other)}"
        return Preview(lines=(line,), tallies=tallies, title=title, hint=hint)

    def _old(self, line: Floats) -> Floats:
        """Return the old border between the places nearest to a course's ends; the straight way where it is in several pieces."""
        start, stop = (self._net.nearest(place, ANYWHERE, corners=0.0) for place in (line[0], line[-1]))
        way = StreetWalk(self._net, start).to(stop) if start is not None and stop is not None else None
        return way if way is not None else np.vstack((line[0], line[-1]))
