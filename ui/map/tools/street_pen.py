"""Street pen: waypoints follow streets; a closed line makes a new grid, one from border to border splits a grid, or stays a boundary."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridplanner.edits.area_edits import DrawGrid
from gridplanner.edits.cut_edits import SplitGrid
from gridplanner.edits.edit import Edit
from gridplanner.edits.prepared import prepared
from gridplanner.edits.rule_edits import DrawFixedLine
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.line_sides import inside_ring
from gridplanner.model.lines import Floats
from gridplanner.model.lookup import unit_at
from gridplanner.model.project import Project
from ui.map.tools.counts import Counts
from ui.map.tools.held_addresses import HeldAddresses
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import Trace, as_places

SAMPLES = 24  # places along a line that say which grids it crosses; while it is in the hand, fewer
TRIED = 3  # grids that a line may be meant to split


class StreetPen:
    """Clicks set waypoints; Enter, a double click or a click on the first one ends, Backspace takes the last one back."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project, plan, units = reach.project, reach.project.grids, reach.project.units
        if units is None or plan is None:
            return None
        if press.unit >= 0:
            first = plan.grids.get(int(plan.labels[press.unit]))
            if first is not None and first.locked:
                return (yield from refuse(_("Grid {grid} is locked; unlock it first").format(grid=first.code)))
        trace = Trace(project, streets=True)
        trace.take(press)
        community = int(units.community[press.unit]) if press.unit >= 0 else -1
        held: HeldAddresses | None = None
        counts = Counts(project)
        why, pointer = "", press
        while True:
            if community >= 0 and held is None and len(trace.marks) > 1:
                held = HeldAddresses(project, units.community == community)
            pointer = yield _pen_preview(counts, trace, pointer, held, why)
            if pointer.back:
                why = ""
                if not trace.back():
                    return None
            elif pointer.accepted or (pointer.pressed and trace.closes(pointer)):
                made, why = _made(reach, trace, pointer, community)
                if made is not None:
                    return made
            elif pointer.pressed and trace.take(pointer):
                why = ""
                if community < 0 and pointer.unit >= 0:
                    community = int(units.community[pointer.unit])


class FixedLine:
    """The street pen for a line that stays a boundary in units and plans made from now on."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        trace = Trace(reach.project, streets=True)
        trace.take(press)
        pointer = press
        hint = _("Line that stays: click along it; Enter ends, Backspace takes one back, Alt leaves the streets, Esc abandons")
        while True:
            pointer = yield Preview(lines=(trace.line(trace.leg_to(pointer)),), marks=trace.marks, sure=False, hint=hint)
            if pointer.back:
                if not trace.back():
                    return None
            elif pointer.accepted or (pointer.pressed and trace.closes(pointer)):
                line = trace.line() if pointer.accepted else trace.line(trace.leg_home(pointer))
                if len(line) > 1:
                    return DrawFixedLine(as_places(line))
            elif pointer.pressed:
                trace.take(pointer)


def grids_along(project: Project, line: Floats, samples: int = SAMPLES) -> list[int]:
    """Return the grids that a line crosses, those that it is longest in first."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    step = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
    at = (np.arange(samples) + 0.5) / samples * step[-1]
    places = np.column_stack([np.interp(at, step, line[:, axis]) for axis in (0, 1)])
    found: dict[int, int] = {}
    for x, y in places.tolist():
        unit = unit_at(units, x, y)
        label = int(plan.labels[unit]) if unit >= 0 else -1
        if label in plan.grids:
            found[label] = found.get(label, 0) + 1
    return sorted(found, key=lambda label: -found[label])


def tried(project: Project, edits: list[Callable[[], Edit]]) -> tuple[Edit | None, str]:
    """Return the first edit that can be done, or None and why the first one cannot."""
    why = ""
    for make in edits:
        try:
            return prepared(make(), project), ""
        except EditRejected as error:
            why = why or str(error)
    return None, why


def _made(reach: Reach, trace: Trace, pointer: Pointer, community: int) -> tuple[Edit | None, str]:
    """Return the edit that the line amounts to: a grid split where it runs from border to border, else a grid within it."""
    project, plan = reach.project, reach.project.grids
    assert plan is not None
    if len(trace.marks) < 2:
        return None, _("Set at least two waypoints")
    edits: list[Callable[[], Edit]] = []
    if pointer.accepted and len(trace.line()) > 1:
        line = trace.line()
        crossed = grids_along(project, line)
        first = [grid for grid in crossed if grid == reach.target]
        for grid in [*first, *(grid for grid in crossed if grid not in first)][:TRIED]:
            edits.append(lambda grid=grid: SplitGrid(grid, as_places(line), code=plan.grids[grid].code))  # type: ignore[misc]
    if len(trace.marks) > 2 and community >= 0:
        ring = trace.line(trace.leg_home(pointer))
        edits.append(lambda: DrawGrid(as_places(ring), community))
    made, why = tried(project, edits)
    return made, why or _("Draw the line from border to border of a grid, or around an area")


def _pen_preview(counts: Counts, trace: Trace, pointer: Pointer, held: HeldAddresses | None, why: str) -> Preview:
    line = trace.line(trace.leg_to(pointer))
    closed = trace.closes(pointer)
    hint = why or _(
        "Street pen: click along the streets; Enter or the first waypoint ends, Backspace takes one back, Alt leaves the streets"
    )
    if held is None or len(line) < 3:
        return Preview(lines=(line,), marks=trace.marks, sure=False, hint=hint, warning=why)
    inside = inside_ring(held.xy, line)
    if not inside.any():  # so far the line goes around nobody
        return Preview(lines=(line,), marks=trace.marks, sure=closed, hint=hint, warning=why)
    tallies = [held.new_grid(held.held(inside))]
    tallies += [counts.tally(grid, -lost) for grid, lost in held.by_grid(inside)]
    locked = held.locked_within(inside)
    return Preview(
        lines=(line,), marks=trace.marks, sure=closed, tallies=tuple(tallies), title=_("Within the line"), hint=locked or hint,
        warning=locked or why, refused=bool(locked),
    )  # fmt: skip
