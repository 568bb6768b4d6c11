"""Push border: take hold of the border between two grids and push it into one of them; the units between change grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gridplanner.edits.course_edits import ReshapeBorder
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.i18n import _
from gridplanner.model.borders_near import nearest_on
from gridplanner.model.brush import distances_to
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.neighbourhood import Neighbourhood, neighbourhood_of
from gridplanner.model.project import Project
from ui.map.tools.border_below import BorderBelow, grids_beside, refusal
from ui.map.tools.counts import Counts
from ui.map.tools.course import Course
from ui.map.tools.refusal import refuse
from ui.map.tools.street_pen import tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import as_places

SWAY = 1.3  # how far to each side the border gives way, in depths of the push
CORNERS = 13  # of a curve through units
LEAST = 30.0  # pixels that it gives way to each side at least


class PushBorder:
    """The border gives way around the hand as far as the hand goes, with Shift along its whole length; both grids stay connected.

    With Alt the border follows the hand in a curve, through units, which are cut.
    """

    cursor = "PointingHandCursor"

    def __init__(self) -> None:
        self._below = BorderBelow()

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Light up the border below the pointer."""
        return self._below.hover(reach, pointer)

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        plan, pair = reach.project.grids, grids_beside(reach.project, press)
        if plan is None or pair is None:
            return None
        why = refusal(reach.project, pair)
        if why:
            return (yield from refuse(why))
        push, course = Push(reach.project, pair, press), None
        pointer = press
        while not pointer.released:
            if push.cuts(pointer):
                course = course or Course(reach.project, pair)
                hint = _("Push border: with Alt the border cuts through units; Esc abandons")
                pointer = yield replace(course.preview(push.curve(pointer)), hint=hint)
            else:
                pointer = yield push.to(pointer)
        if push.cuts(pointer):
            codes = plan.grids[pair[0]].code, plan.grids[pair[1]].code
            edit, _why = tried(reach.project, [lambda: ReshapeBorder(as_places(push.curve(pointer)), *pair, codes)])
            return edit
        push.to(pointer)
        units, winner = push.moved, push.winner
        return MoveUnits(units, winner, plan.grids[winner].code) if units else None


class Push:
    """One push: the ground of two grids, their old border, and what is moved at the moment."""

    def __init__(self, project: Project, pair: tuple[int, int], press: Pointer) -> None:
        assert project.units is not None
        self.pair, self.press = pair, press
        self.counts = Counts(project)
        self.ground: Neighbourhood = neighbourhood_of(project, pair)
        self.held = {grid: self.ground.places(grid) for grid in pair}
        self.ends: Floats = project.units.xy[project.units.ends[self.ground.pieces]]
        border = self.ends[self.ground.between(self.held[pair[0]], self.held[pair[1]])]
        self.border = border
        self.depth = distances_to(border, self.ground.middle).min(axis=1)
        self.loser = pair[0]
        self.taken: tuple[int, ...] = ()
        self._shown: dict[tuple[int, tuple[int, ...]], Preview] = {}

    @property
    def winner(self) -> int:
        """The grid that the border is pushed out of."""
        return self.pair[1] if self.loser == self.pair[0] else self.pair[0]

    @property
    def moved(self) -> tuple[int, ...]:
        """The units that change grid, in rising order."""
        return tuple(sorted(self.ground.rows[list(self.taken)].tolist()))

    def to(self, pointer: Pointer) -> Preview:
        """Push to where the pointer is, and return what is shown."""
        below = np.searchsorted(self.ground.rows, pointer.unit)
        if pointer.unit >= 0 and below < len(self.ground.rows) and self.ground.rows[below] == pointer.unit:
            self.loser = int(self.ground.label[below])
        self.taken = self._grown(self._swept(pointer))
        key = self.loser, self.taken
        if key not in self._shown:
            self._shown[key] = self._preview()
        return self._shown[key]

    def cuts(self, pointer: Pointer) -> bool:
        """Return whether the border is to follow the hand through units: with Alt, once the hand has moved."""
        return pointer.free and np.hypot(pointer.x - self.press.x, pointer.y - self.press.y) * pointer.scale > 1.0

    def curve(self, pointer: Pointer) -> Floats:
        """Return the border's course from where it begins to give way over the hand to where it ends to, (k, 2)."""
        press, hand = np.array([self.press.x, self.press.y]), np.array([pointer.x, pointer.y])
        way = hand - press
        length = max(float(np.hypot(*way)), 1e-9)
        across = np.array([-way[1], way[0]]) / length * max(SWAY * length, LEAST / pointer.scale)
        ends = [nearest_on(self.border, press - across), nearest_on(self.border, press + across)]
        share = np.linspace(-1.0, 1.0, CORNERS)[:, None]
        return np.asarray(ends[0] + (ends[1] - ends[0]) * (share + 1) / 2 + way * (1 - share**2))

    def _swept(self, pointer: Pointer) -> Ints:
        """Return the places of the losing grid between the old border and the hand, the nearest to the border first."""
        hand = np.array([pointer.x, pointer.y])
        way = hand - (self.press.x, self.press.y)
        far = float(distances_to(self.border, hand[None]).min())
        reached = np.full(len(self.depth), far)
        if not pointer.more:
            side = max(SWAY * far, LEAST / pointer.scale)
            length = max(float(np.hypot(*way)), 1e-9)
            away = self.ground.middle - (self.press.x, self.press.y)
            lateral = np.abs(away[:, 0] * way[1] - away[:, 1] * way[0]) / length
            reached = far * (1.0 - (lateral / side) ** 2)
        swept = np.flatnonzero((self.ground.label == self.loser) & (self.depth <= reached))
        return swept[np.lexsort((swept, self.depth[swept]))]

    def _grown(self, swept: Ints) -> tuple[int, ...]:
        """Return those of the places that can go one after another with both grids as connected as before."""
        ground, left, gained = self.ground, set(self.held[self.loser]), set(self.held[self.winner])

        def can_go(place: int) -> bool:
            return any(other in gained for other in ground.near[place]) and ground.can_leave(left, place)

        return grown(swept, left, gained, can_go)

    def _preview(self) -> Preview:
        ground, taken = self.ground, set(self.taken)
        one, other = self.held[self.winner] | taken, self.held[self.loser] - taken
        border = ground.between(one, other)
        whole = float(ground.length[border].sum())
        street = float(ground.length[border & ground.street].sum())
        change = self.counts.of(self.moved)
        signs = {self.winner: change, self.loser: -change}
        return Preview(
            frozenset(self.moved),
            pieces=self.ends[border].reshape(-1, 4),
            tallies=tuple(self.counts.tally(grid, signs[grid]) for grid in self.pair),
            title=f"{self.counts.code(self.pair[0])} ⇆ {self.counts.code(self.pair[1])}",
            words=_("Border on streets {percent} %").format(percent=f"{100 * street / whole:.0f}") if whole else "",
            good=street > whole / 2,
        )


def grown(swept: Ints, left: set[int], gained: set[int], can_go: Callable[[int], bool]) -> tuple[int, ...]:
    """Move places from `left` to `gained` one after another, as long as one can go; return those that went, rising."""
    waiting, taken = swept.tolist(), []
    while waiting:
        later = []
        for place in waiting:
            if can_go(place):
                left.discard(place)
                gained.add(place)
                taken.append(place)
            else:
                later.append(place)
        if len(later) == len(waiting):
            break
        waiting = later
    return tuple(sorted(taken))
