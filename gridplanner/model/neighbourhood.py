"""The neighbourhood of a few grids: their units and what joins them, for tools and repairs whose work must not grow with the whole plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.band import band_of
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import BorderKind, Units
from gridplanner.settings import GridSettings

ON_STREET = (BorderKind.STREET, BorderKind.ARTERIAL, BorderKind.RAILWAY, BorderKind.WATER)  # as the figures of a grid count it


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The units of some grids; a *place* is a position in `rows`.

    `rows` (n,) are the units in rising order, `label` (n,) their grids, `loads` (w, n) shares of the target of each kind that counts,
    `middle` (n, 2) a point amid each one's border in metres. `near` are the places that each one can be crossed to. `pieces` (m,) are
    the border pieces around them with the places on both sides `one`, `other` (-1: beyond), `length` in metres, `price` and whether they
    run on a `street`. `around` are the grids beyond.
    """

    rows: Ints
    label: Ints
    loads: Floats
    middle: Floats
    near: tuple[tuple[int, ...], ...]
    pieces: Ints
    one: Ints
    other: Ints
    length: Floats
    price: Floats
    street: Bools
    around: frozenset[int]

    def places(self, grid: int) -> set[int]:
        """Return the places of a grid's units."""
        return set(np.flatnonzero(self.label == grid).tolist())

    def between(self, mine: Collection[int], theirs: Collection[int]) -> Bools:
        """Return which pieces (m,) lie between two sets of places."""
        side = np.zeros(len(self.rows) + 1, np.int8)  # the last place is beyond
        side[list(mine)] = 1
        side[list(theirs)] = 2
        return np.asarray(side[self.one] + side[self.other] == 3)

    def parts(self, members: set[int]) -> int:
        """Return in how many pieces some places lie."""
        left, count = set(members), 0
        while left:
            count += 1
            self._spread(left.pop(), left)
        return count

    def can_leave(self, members: set[int], place: int) -> bool:
        """Return whether the others hang together as before without one of them; the last one cannot leave."""
        ends = {other for other in self.near[place] if other in members}
        if len(members) < 2 or not ends:
            return len(members) > 1
        first = ends.pop()
        seen, front = {place, first}, [first]
        while front and ends:
            for other in self.near[front.pop()]:
                if other in members and other not in seen:
                    seen.add(other)
                    ends.discard(other)
                    front.append(other)
        return not ends

    def _spread(self, place: int, left: set[int]) -> None:
        """Take from `left` all that hangs together with a place."""
        front = [place]
        while front:
            for other in self.near[front.pop()]:
                if other in left:
                    left.discard(other)
                    front.append(other)


def neighbourhood_of(project: Project, grids: Collection[int], also: Collection[int] = ()) -> Neighbourhood:
    """Return the neighbourhood of some grids of a project's plan, and of some units beside; raises ValueError where it has none."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    wanted = list(grids)
    mine = plan.labels == wanted[0] if len(wanted) == 1 else np.isin(plan.labels, wanted)
    if also:
        mine[list(also)] = True
    rows = np.flatnonzero(mine)
    place = np.full(len(units) + 1, -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    pieces = pieces_around(units, rows)
    left, right = units.left[pieces], units.right[pieces]
    one, other = place[left], place[right]
    ends = units.xy[units.ends[pieces]]
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    settings = project.settings.grids or GridSettings()
    price = np.array([settings.border_price[kind.name.lower()] for kind in BorderKind])[units.kind[pieces]]
    households = unit_households(units, project.households)[rows]
    loads = band_of(settings).loads(households, unit_persons(units, project.households)[rows])
    beyond = np.concatenate((left[(one < 0) & (left >= 0)], right[(other < 0) & (right >= 0)]))
    near = _near(units, pieces, one, other, settings.never_cross, len(rows))
    return Neighbourhood(
        rows, plan.labels[rows], loads, _middles(ends.mean(axis=1), length, one, other, len(rows)), near, pieces, one, other, length, price,
        np.isin(units.kind[pieces], ON_STREET), frozenset(np.unique(plan.labels[beyond]).tolist()),
    )  # fmt: skip


def _near(units: Units, pieces: Ints, one: Ints, other: Ints, never: tuple[str, ...], count: int) -> tuple[tuple[int, ...], ...]:
    """Return the places that each place can be crossed to: over a piece that is not blocked, and none of a kind that is never crossed."""
    inner = (one >= 0) & (other >= 0) & (one != other)
    if inner.any():
        same = np.zeros(len(inner), bool)
        same[inner] = units.community[units.left[pieces[inner]]] == units.community[units.right[pieces[inner]]]
        inner = same
    low, high = np.minimum(one, other)[inner].astype(np.int64), np.maximum(one, other)[inner]
    key, pair = np.unique(low * max(count, 1) + high, return_inverse=True)
    free = np.bincount(pair, ~units.blocked[pieces[inner]], minlength=len(key)) > 0
    if never:
        barred = np.isin(units.kind[pieces[inner]], [BorderKind[name.upper()] for name in never])
        free &= np.bincount(pair, barred, minlength=len(key)) == 0
    near: list[list[int]] = [[] for _place in range(count)]
    for a, b in zip((key[free] // max(count, 1)).tolist(), (key[free] % max(count, 1)).tolist(), strict=True):
        near[a].append(b)
        near[b].append(a)
    return tuple(tuple(others) for others in near)


def _middles(halfway: Floats, length: Floats, one: Ints, other: Ints, count: int) -> Floats:
    """Return the centre of each place's border."""
    total = np.zeros((3, count))
    for side in (one, other):
        held = side >= 0
        weights = (length[held], (length * halfway[:, 0])[held], (length * halfway[:, 1])[held])
        total += np.stack([group_sums(side[held], column, count) for column in weights])
    return np.asarray((total[1:] / np.maximum(total[0], 1e-9)).T)
