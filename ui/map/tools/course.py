"""A new course for the border between two grids: the old border, and what the course would move."""

from __future__ import annotations

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.borders_near import border_between
from gridplanner.model.line_sides import inside_ring
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.street_paths import StreetNet, StreetWalk, net_of
from ui.map.tools.counts import Counts
from ui.map.tools.held_addresses import HeldAddresses
from ui.map.tools.tool import Preview

ANYWHERE = np.inf  # metres within which the nearest place of the border is looked for


class Course:
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
