"""Reshape: draw a new course for a piece of border between two grids; what lies between the old and the new one changes sides."""

from __future__ import annotations

from gridplanner.edits.course_edits import ReshapeBorder
from ui.map.tools.border_below import BorderBelow, grids_beside, refusal
from ui.map.tools.course import Course
from ui.map.tools.freehand import Freehand
from ui.map.tools.refusal import refuse
from ui.map.tools.street_pen import tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import as_places


class Reshape:
    """Press on the border, draw its new course, and let go on the border again."""

    cursor = "PointingHandCursor"

    def __init__(self) -> None:
        self._border = BorderBelow()

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
        course, free = Course(project, pair), Freehand(press)
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
