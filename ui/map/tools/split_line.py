"""Split: a line across a grid divides it in two; units that it crosses are cut, with Alt they stay whole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridplanner.edits.cut_edits import SplitGrid
from gridplanner.edits.edit import Edit
from gridplanner.i18n import _
from gridplanner.model.borders_near import nearest_on, rim_of
from gridplanner.model.line_sides import left_of
from gridplanner.model.lines import Floats
from gridplanner.model.lookup import unit_at
from gridplanner.model.project import Project
from ui.map.tools.counts import Counts
from ui.map.tools.held_addresses import HeldAddresses
from ui.map.tools.line_drag import line_drag
from ui.map.tools.street_pen import SAMPLES, grids_along, tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import as_places

FEW = 9  # places along the line that say which grid it crosses while it is in the hand
SHORT = 16.0  # pixels within which an end that stops before the grid's border is led on to it


class SplitLine:
    """A drag draws a straight line; clicks draw one with corners, ended by Enter or a double click."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project = reach.project
        if project.units is None or project.grids is None:
            return None
        splits = _Splits(reach)
        return (yield from line_drag(project, press, splits.preview, splits.made))


class _Splits:
    """What a line would do to the grid that it crosses."""

    def __init__(self, reach: Reach) -> None:
        self._project, self._target = reach.project, reach.target
        self._counts = Counts(reach.project)
        self._held: dict[int, HeldAddresses] = {}

    def preview(self, line: Floats, marks: Floats, pointer: Pointer, why: str) -> Preview:
        """Return the line with the counts of both sides."""
        hint = why or _("Split: draw a line across a grid; with Alt units stay whole, Enter or a double click ends a line with corners")
        grid = self._grid(line, FEW)
        if grid is None:
            return Preview(lines=(line,), marks=marks, sure=False, hint=hint, warning=why)
        locked = self._locked(grid)
        if locked:
            return Preview(lines=(line,), marks=marks, sure=False, hint=locked, warning=locked, refused=True)
        held = self._held_by(grid)
        if why:  # the counts would be of a line that goes on
            return Preview(lines=(line,), marks=marks, sure=False, hint=why, warning=why)
        left = left_of(held.xy, line)
        kept, new = held.held(left), held.held(~left)
        if kept[0] < new[0]:
            kept, new = new, kept
        tallies = (self._counts.tally(grid, kept - self._counts.held(grid)), held.new_grid(new))
        words = _("Whole units") if pointer.free else ""
        return Preview(lines=(line,), marks=marks, sure=True, tallies=tallies, words=words, hint=hint, warning=why)

    def made(self, line: Floats, pointer: Pointer) -> tuple[Edit | None, str]:
        """Return the edit, or None and why not."""
        plan, grid = self._project.grids, self._grid(line)
        assert plan is not None
        if grid is None:
            return None, _("Draw the line across a grid")
        locked = self._locked(grid)
        if locked:
            return None, locked
        drawn = as_places(led_on(self._project, grid, line, SHORT / pointer.scale))
        code = plan.grids[grid].code
        edits: list[Callable[[], Edit]] = [lambda: SplitGrid(grid, drawn, pointer.free, code)]
        return tried(self._project, edits)

    def _grid(self, line: Floats, samples: int = SAMPLES) -> int | None:
        if len(line) < 2:
            return None
        crossed = grids_along(self._project, line, samples)
        return self._target if self._target in crossed else crossed[0] if crossed else None

    def _locked(self, grid: int) -> str:
        plan = self._project.grids
        assert plan is not None
        return _("Grid {grid} is locked; unlock it first").format(grid=plan.grids[grid].code) if plan.grids[grid].locked else ""

    def _held_by(self, grid: int) -> HeldAddresses:
        assert self._project.grids is not None
        if grid not in self._held:
            self._held[grid] = HeldAddresses(self._project, self._project.grids.labels == grid)
        return self._held[grid]


def led_on(project: Project, grid: int, line: Floats, within: float) -> Floats:
    """Return a line whose ends, where they stop inside a grid within some metres of its border, are led on to that border."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    rim = units.xy[units.ends[rim_of(units, plan.labels, grid)]]
    for place, first in ((line[0], True), (line[-1], False)):
        unit = unit_at(units, float(place[0]), float(place[1]))
        if unit < 0 or plan.labels[unit] != grid:
            continue
        end = nearest_on(rim, place)
        if np.hypot(*(end - place)) <= within:
            line = np.vstack((end, line)) if first else np.vstack((line, end))
    return line
