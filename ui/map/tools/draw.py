"""Draw an area: what lies within a line around it joins the selected grid; units that the line crosses are cut."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.area_edits import AddArea
from gridplanner.i18n import _
from gridplanner.model.line_sides import inside_ring
from gridplanner.model.lines import Floats
from ui.map.tools.counts import Counts
from ui.map.tools.freehand import Freehand
from ui.map.tools.held_addresses import HeldAddresses
from ui.map.tools.refusal import refuse
from ui.map.tools.street_pen import tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import Trace, as_places

DRAG = 8.0  # pixels from the press within which letting go is a click


class DrawArea:
    """A drag draws a free line; clicks draw corners, ended by Enter, a double click or a click on the first one."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project, plan, units, target = reach.project, reach.project.grids, reach.project.units, reach.target
        if units is None or plan is None or target is None or target not in plan.grids:
            return None
        grid = plan.grids[target]
        if grid.locked:
            return (yield from refuse(_("Grid {grid} is locked; unlock it first").format(grid=grid.code)))
        counts = Counts(project)
        held = HeldAddresses(project, (units.community == grid.community) & (plan.labels != target))
        trace, free, by_hand, why = Trace(project, streets=False), Freehand(press), True, ""
        trace.take(press)
        pointer, line = press, np.array([[press.x, press.y]])
        while True:
            pointer = yield _preview(counts, held, target, line, trace, why)
            line = free.follow(pointer) if by_hand else trace.line(trace.leg_to(pointer))
            ends = pointer.accepted or (pointer.pressed and trace.closes(pointer))
            if pointer.back and not by_hand:
                why = ""
                if not trace.back():
                    return None
            elif by_hand and pointer.released:
                ends = _reach_of(free.line, pointer) > DRAG
                by_hand = False
                if not ends:
                    line = trace.line()
            elif pointer.pressed and not ends and trace.take(pointer):
                why = ""
            if ends:
                ring = line if len(trace.marks) < 2 else trace.line()
                edit, why = tried(project, [lambda ring=ring: AddArea(as_places(ring), target, grid.code)])  # type: ignore[misc]
                if edit is not None or len(trace.marks) < 2:
                    if edit is None:
                        return (yield from _told(why))
                    return edit


def _reach_of(line: Floats, pointer: Pointer) -> float:
    """Return how far a line reaches from its first place, in pixels."""
    return float(np.hypot(*(line - line[0]).T).max()) * pointer.scale


def _told(why: str) -> Drag:
    """Say why nothing came of a line until something else is done."""
    pointer = yield Preview(hint=why, warning=why)
    while not (pointer.pressed or pointer.accepted or pointer.back):
        pointer = yield Preview(hint=why, warning=why)
    return None


def _preview(counts: Counts, held: HeldAddresses, target: int, line: Floats, trace: Trace, why: str) -> Preview:
    hint = why or _("Draw area: draw around what is to join the selected grid; Enter or the first corner ends a line with corners")
    marks = trace.marks if len(trace.marks) > 1 else None
    if len(line) < 3:
        return Preview(lines=(line,), marks=marks, sure=False, hint=hint, warning=why)
    inside = inside_ring(held.xy, line)
    losing = held.by_grid(inside)
    tallies = [counts.tally(target, held.held(inside)), *(counts.tally(grid, -lost) for grid, lost in losing)]
    closed = np.vstack((line, line[:1]))
    locked = held.locked_within(inside)
    return Preview(
        lines=(closed,), marks=marks, sure=True, tallies=tuple(tallies), hint=locked or hint, warning=locked or why, refused=bool(locked)
    )  # fmt: skip
