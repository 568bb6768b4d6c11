"""Push border at the steps of beats and zones: whole grids between the border and the hand change beat or zone."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.group_edits import MovePieces
from gridplanner.i18n import _
from gridplanner.model.brush import distances, distances_to
from gridplanner.model.groups import NONE
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import pieces_around, unit_boxes
from ui.map.tools.border_below import SNAP
from ui.map.tools.group_work import GroupWork, work_of
from ui.map.tools.push_border import LEAST, SWAY, grown
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach


class GroupPush:
    """The border gives way around the hand as far as the hand goes, with Shift along its whole length; both sides stay connected."""

    cursor = "PointingHandCursor"

    def __init__(self) -> None:
        self._lit: tuple[object, tuple[int, int], Preview] | None = None
        self._work: tuple[object, str, GroupWork | None] | None = None

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Light up the border below the pointer."""
        if self._work is None or self._work[0] is not reach.project or self._work[1] != reach.groups:
            self._work = reach.project, reach.groups, work_of(reach)
        work = self._work[2]
        pair = _beside(work, pointer) if work is not None else None
        if work is None or pair is None:
            return NOTHING
        if self._lit is None or self._lit[0] is not reach.project or self._lit[1] != pair:
            why = work.locked(*pair)
            shown = Preview(hint=why, refused=True) if why else Preview(pieces=_border(work, work.groups.of_unit, pair))
            self._lit = reach.project, pair, shown
        return self._lit[2]

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        work = work_of(reach)
        pair = _beside(work, press) if work is not None else None
        if work is None or pair is None:
            return None
        if why := work.locked(*pair):
            return (yield from refuse(why))
        push = _Push(work, pair, press)
        pointer = press
        while not pointer.released:
            pointer = yield push.to(pointer)
        push.to(pointer)
        names, groups = work.names(push.moved.tolist()), work.groups
        return MovePieces(groups.kind, names, push.winner, work.code(push.winner), groups.by_units) if names else None


class _Push:
    """One push: the whole grids of two groups as places, which of them lie side by side, and which are moved at the moment."""

    def __init__(self, work: GroupWork, pair: tuple[int, int], press: Pointer) -> None:
        self.work, self.pair, self.press, self.loser = work, pair, press, pair[0]
        of_unit, units = work.groups.of_unit, work.units
        self.rows = np.flatnonzero(np.isin(of_unit, pair))
        _wholes, self.place = np.unique(work.groups.whole[self.rows], return_inverse=True)
        count = len(_wholes)
        boxes = unit_boxes(units)[self.rows]
        ground = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-9)
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        total = np.bincount(self.place, ground, count)
        self.middle = np.column_stack([np.bincount(self.place, ground * column, count) / total for column in middles.T])
        self.group = np.zeros(count, np.int64)
        self.group[self.place] = of_unit[self.rows]
        self.border = _border(work, of_unit, pair).reshape(-1, 2, 2)
        self.depth = distances_to(self.border, self.middle).min(axis=1)
        self.near = _near(work, self.rows, self.place, count)
        self.taken: tuple[int, ...] = ()
        self._shown: dict[tuple[int, tuple[int, ...], bool], Preview] = {}

    @property
    def winner(self) -> int:
        """The group that the border is pushed out of."""
        return self.pair[1] if self.loser == self.pair[0] else self.pair[0]

    @property
    def moved(self) -> Ints:
        """The units that change group, as rows."""
        return np.asarray(self.rows[np.isin(self.place, self.taken)])

    def to(self, pointer: Pointer) -> Preview:
        """Push to where the pointer is, and return what is shown."""
        below = self.work.group_at(pointer.unit)
        if below in self.pair:
            self.loser = below
        swept = self._swept(pointer)
        self.taken = self._grown(swept)
        stuck = len(swept) > len(self.taken)
        key = self.loser, self.taken, stuck
        if key not in self._shown:
            self._shown[key] = self._preview(stuck=stuck)
        return self._shown[key]

    def _swept(self, pointer: Pointer) -> Ints:
        """Return the losing places between the old border and the hand, and the one below it, the nearest to the border first."""
        hand, press = np.array([pointer.x, pointer.y]), np.array([self.press.x, self.press.y])
        way = hand - press
        far = float(distances_to(self.border, hand[None]).min())
        reached = np.full(len(self.depth), far)
        if not pointer.more:
            side, length = max(SWAY * far, LEAST / pointer.scale), max(float(np.hypot(*way)), 1e-9)
            away = self.middle - press
            reached = far * (1.0 - (np.abs(away[:, 0] * way[1] - away[:, 1] * way[0]) / length / side) ** 2)
        swept = self.depth <= reached
        at = np.searchsorted(self.rows, pointer.unit)
        if far * pointer.scale > SNAP and at < len(self.rows) and self.rows[at] == pointer.unit:
            swept[self.place[at]] = True
        found = np.flatnonzero(swept & (self.group == self.loser))
        return found[np.lexsort((found, self.depth[found]))]

    def _grown(self, swept: Ints) -> tuple[int, ...]:
        """Return those of the places that can go one after another with both groups in as many pieces as before."""
        left = set(np.flatnonzero(self.group == self.loser).tolist())
        gained = set(np.flatnonzero(self.group == self.winner).tolist())

        def can_go(place: int) -> bool:
            return bool(self.near[place] & gained) and self._can_leave(left, place)

        return grown(swept, left, gained, can_go)

    def _can_leave(self, members: set[int], place: int) -> bool:
        """Return whether the neighbours of a place among some members hang together without it; the last member cannot leave."""
        ends = self.near[place] & members
        if len(members) < 2 or not ends:
            return len(members) > 1
        front = [next(iter(ends))]
        seen = {place, *front}
        while front and not ends <= seen:
            fresh = (self.near[front.pop()] & members) - seen
            seen |= fresh
            front += fresh
        return ends <= seen

    def _preview(self, *, stuck: bool) -> Preview:
        work, moved = self.work, self.moved
        after = work.groups.of_unit.copy()
        after[moved] = self.winner
        change = work.loads.of(moved)
        signs = {self.winner: change, self.loser: -change}
        return Preview(
            frozenset(moved.tolist()), pieces=_border(work, after, self.pair),
            tallies=tuple(work.tally(group, signs[group]) for group in self.pair),
            title=f"{work.code(self.pair[0])} ⇆ {work.code(self.pair[1])}", hint=_("Push border: whole grids follow; Esc abandons"),
            warning=_("Grids that would leave a side in pieces stay where they are") if stuck else "",
        )  # fmt: skip


def _beside(work: GroupWork, pointer: Pointer) -> tuple[int, int] | None:
    """Return the two groups whose border is within SNAP pixels, the one below the pointer in front; None where there is none."""
    if pointer.unit < 0:
        return None
    units, of_unit = work.units, work.groups.of_unit
    pieces = pieces_around(units, np.array([pointer.unit]))
    sides = np.unique(np.concatenate((units.left[pieces], units.right[pieces])))
    pieces = pieces_around(units, sides[sides >= 0])
    left, right = units.left[pieces], units.right[pieces]
    inner = (left >= 0) & (right >= 0)
    inner[inner] = of_unit[left[inner]] != of_unit[right[inner]]
    pieces = pieces[inner]
    if not len(pieces):
        return None
    gap = distances(units, pieces, pointer.x, pointer.y)
    at = int(gap.argmin())
    found = int(of_unit[units.left[pieces[at]]]), int(of_unit[units.right[pieces[at]]])
    if gap[at] * pointer.scale > SNAP or NONE in found:
        return None
    return found if found[0] == of_unit[pointer.unit] else (found[1], found[0])


def _border(work: GroupWork, of_unit: Ints, pair: tuple[int, int]) -> Floats:
    """Return the border pieces between two groups under an assignment of units, (m, 4)."""
    units = work.units
    padded = np.append(of_unit, NONE)
    one, other = padded[units.left], padded[units.right]
    between = ((one == pair[0]) & (other == pair[1])) | ((one == pair[1]) & (other == pair[0]))
    return np.asarray(units.xy[units.ends[between]].reshape(-1, 4))


def _near(work: GroupWork, rows: Ints, place: Ints, count: int) -> list[set[int]]:
    """Return the places that each place can be crossed to."""
    at = np.full(len(work.units), -1, np.int64)
    at[rows] = place
    one, other = work.ground.pairs
    one, other = at[one], at[other]
    inner = (one >= 0) & (other >= 0) & (one != other)
    near: list[set[int]] = [set() for _place in range(count)]
    for a, b in np.unique(np.column_stack((one[inner], other[inner])), axis=0).tolist():
        near[a].add(b)
        near[b].add(a)
    return near
