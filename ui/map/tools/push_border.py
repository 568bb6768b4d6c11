"""Push border: take hold of the border between two grids and push it into one of them; the units between change grid."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.i18n import _
from gridplanner.model.brush import distances, distances_to
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.neighbourhood import Neighbourhood, neighbourhood_of
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from ui.map.tools.counts import Counts
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach

SNAP = 10.0  # pixels within which a border is taken hold of
SWAY = 1.3  # how far to each side the border gives way, in depths of the push
LEAST = 30.0  # pixels that it gives way to each side at least


class PushBorder:
    """The border gives way around the hand as far as the hand goes, with Shift along its whole length; both grids stay connected."""

    cursor = "PointingHandCursor"

    def __init__(self) -> None:
        self._last: tuple[Project, tuple[int, int], Preview] | None = None

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Light up the border below the pointer."""
        pair = grids_beside(reach.project, pointer)
        if pair is None:
            return NOTHING
        if self._last is None or self._last[0] is not reach.project or self._last[1] != pair:
            self._last = reach.project, pair, _lit(reach.project, pair)
        return self._last[2]

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        plan, pair = reach.project.grids, grids_beside(reach.project, press)
        if plan is None or pair is None:
            return None
        why = refusal(reach.project, pair)
        if why:
            return (yield from refuse(why))
        push = Push(reach.project, pair, press)
        pointer = press
        while not pointer.released:
            pointer = yield push.to(pointer)
        push.to(pointer)
        units, winner = push.moved, push.winner
        return MoveUnits(units, winner, plan.grids[winner].code) if units else None


def refusal(project: Project, pair: tuple[int, int]) -> str:
    """Return why the border between two grids cannot be moved, empty where it can."""
    plan = project.grids
    assert plan is not None
    for grid in pair:
        if plan.grids[grid].locked:
            return _("Grid {grid} is locked; unlock it first").format(grid=plan.grids[grid].code)
    if plan.grids[pair[0]].community != plan.grids[pair[1]].community:
        return _("This is the limit between two communities; a grid never crosses its community")
    return ""


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
        ground, left = self.ground, set(self.held[self.loser])
        gained = set(self.held[self.winner])
        waiting, taken = swept.tolist(), []
        while waiting:
            later = []
            for place in waiting:
                if any(other in gained for other in ground.near[place]) and ground.can_leave(left, place):
                    left.discard(place)
                    gained.add(place)
                    taken.append(place)
                else:
                    later.append(place)
            if len(later) == len(waiting):
                break
            waiting = later
        return tuple(sorted(taken))

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
        )


def grids_beside(project: Project, pointer: Pointer) -> tuple[int, int] | None:
    """Return the two grids whose border is within SNAP pixels, the one below the pointer in front; None where there is none."""
    units, plan = project.units, project.grids
    if units is None or plan is None or pointer.unit < 0:
        return None
    pieces = pieces_around(units, np.array([pointer.unit]))
    sides = np.unique(np.concatenate((units.left[pieces], units.right[pieces])))
    pieces = pieces_around(units, sides[sides >= 0])
    left, right = units.left[pieces], units.right[pieces]
    inner = (left >= 0) & (right >= 0)
    inner[inner] = plan.labels[left[inner]] != plan.labels[right[inner]]
    pieces = pieces[inner]
    if not len(pieces):
        return None
    gap = distances(units, pieces, pointer.x, pointer.y)
    at = int(gap.argmin())
    if gap[at] * pointer.scale > SNAP:
        return None
    found = int(plan.labels[units.left[pieces[at]]]), int(plan.labels[units.right[pieces[at]]])
    if found[0] not in plan.grids or found[1] not in plan.grids:
        return None
    return found if found[0] == plan.labels[pointer.unit] else (found[1], found[0])


def _lit(project: Project, pair: tuple[int, int]) -> Preview:
    """Return the border between two grids, lit up, or why it cannot be moved."""
    why = refusal(project, pair)
    if why:
        return Preview(hint=why, refused=True)
    assert project.units is not None
    ground = neighbourhood_of(project, pair)
    border = ground.between(ground.places(pair[0]), ground.places(pair[1]))
    ends = project.units.xy[project.units.ends[ground.pieces[border]]]
    return Preview(pieces=ends.reshape(-1, 4))
