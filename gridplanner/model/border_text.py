"""The border of a grid in words (四至): the streets that bound it to the east, south, west and north, and the grids beyond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import ground_of
from gridplanner.model.project import Project
from gridplanner.model.units import BorderKind, Units

SHARE = 0.2  # of a side that a street bounds, from which on it is named there; and of what it shows another side
MOST = 2  # names a side
_SIDES = (N_("east"), N_("south"), N_("west"), N_("north"))
_WORDS = {
    BorderKind.CUT: N_("plot limit"),
    BorderKind.PATH: N_("path"),
    BorderKind.LANE: N_("lane"),
    BorderKind.STREET: N_("street"),
    BorderKind.ARTERIAL: N_("main road"),
    BorderKind.RAILWAY: N_("railway"),
    BorderKind.WATER: N_("river"),
    BorderKind.WALL: N_("wall"),
}
_LIMIT = len(_WORDS)

Limits = tuple[tuple[str, ...], ...]  # names to the east, south, west and north, those along most of the side first


def limits_of_grids(project: Project, grids: Ints) -> list[Limits]:
    """Return for each of some grids what bounds it on the four sides; raises ValueError where the project has no grid plan.

    A border piece counts for the sides that its outward normal looks to, with the length that it shows them: its height to the east or
    west, its width to the north or south. Streets are called by their names, all else by its kind; what bounds less than SHARE of a side
    (a yard within the grid), or shows another side more than 1 / SHARE times as much (a street that winds), is not named there.
    """
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    ground = ground_of(units, plan.labels, grids)
    bound = ground.left != ground.right
    left, right, pieces = ground.left[bound], ground.right[bound], ground.pieces[bound]
    words, word = _names(project, pieces)
    step = units.xy[units.ends[pieces, 1]] - units.xy[units.ends[pieces, 0]]
    grid = np.concatenate((left, right))
    out = np.vstack((np.column_stack((step[:, 1], -step[:, 0])), np.column_stack((-step[:, 1], step[:, 0]))))  # left looks to the right
    inside = grid >= 0
    key = grid[inside].astype(np.int64) * len(words) + np.tile(word, 2)[inside]
    keys, place = np.unique(key, return_inverse=True)
    looks = out[inside]
    to = np.column_stack((looks[:, 0], -looks[:, 1], -looks[:, 0], looks[:, 1])).clip(0.0)
    shown: Floats = np.column_stack([np.bincount(place, to[:, side], minlength=len(keys)) for side in range(4)]).astype(np.float64)
    found: list[Limits] = []
    first = np.searchsorted(keys // len(words), np.arange(len(grids) + 1))
    for row in range(len(grids)):
        mine = slice(first[row], first[row + 1])
        names = [words[name] for name in (keys[mine] % len(words)).tolist()]
        found.append(tuple(_of_side(names, shown[mine, side], shown[mine].max(axis=1)) for side in range(4)))
    return found


def limits_words(limits: Limits) -> str:
    """Return limits as one line in the language in use; sides of which nothing is known are left out.

    >>> limits_words((("Mill Lane",), (), ("High Street", "river"), ()))
    'east: Mill Lane; west: High Street, river'
    """
    parts = []
    for side, names in zip(_SIDES, limits, strict=True):
        if names:
            name = _("{one}, {two}").format(one=names[0], two=names[1]) if len(names) > 1 else names[0]
            parts.append(_("{side}: {name}").format(side=_(side), name=name))
    return _("; ").join(parts)


def neighbours_of(units: Units, plan: GridPlan, grid: int) -> tuple[Ints, Floats]:
    """Return the grids that border a grid, the one with the longest common border first, and the metres of that border."""
    ground = ground_of(units, plan.labels, np.array([grid], np.int32))
    within = (units.left[ground.pieces] >= 0) & (units.right[ground.pieces] >= 0)
    bound = ground.pieces[(ground.left != ground.right) & within]
    step = units.xy[units.ends[bound, 1]] - units.xy[units.ends[bound, 0]]
    a, b = plan.labels[units.left[bound]], plan.labels[units.right[bound]]
    other, place = np.unique(np.where(a == grid, b, a), return_inverse=True)
    metres: Floats = np.bincount(place, np.hypot(step[:, 0], step[:, 1]), minlength=len(other)).astype(np.float64)
    order = np.lexsort((other, -metres))
    return other[order], metres[order]


def _of_side(names: Sequence[str], shown: Floats, most: Floats) -> tuple[str, ...]:
    """Return the names along a side, the longest whatever it is; `most` is what each shows the side that it shows most."""
    order = np.argsort(-shown, kind="stable")
    runs = (shown >= SHARE * shown.sum()) & (shown >= SHARE * most) & (shown > 0)
    runs[order[:1]] |= not runs.any() and bool((shown > 0).any())
    return tuple(names[i] for i in order.tolist() if runs[i])[:MOST]


def _names(project: Project, pieces: Ints) -> tuple[list[str], Ints]:
    """Return the words in use and for each border piece the row of its word: the street's name, else what kind of border it is."""
    units = project.units
    assert units is not None
    words = [*(_(_WORDS[BorderKind(kind)]) for kind in range(_LIMIT)), _("community limit")]
    a, b = units.left[pieces], units.right[pieces]
    limit = (a < 0) | (b < 0) | (units.community[a] != units.community[b])
    word = np.where(limit & (units.kind[pieces] == BorderKind.CUT), _LIMIT, units.kind[pieces]).astype(np.int32)
    road, names = units.road[pieces], project.roads.names
    known: dict[str, int] = {}
    of_road = np.full(len(names) + 1, -1, np.int32)
    for row in np.unique(road[(road >= 0) & (road < len(names))]).tolist():
        if names[row]:
            of_road[row] = known.setdefault(str(names[row]), len(words) + len(known))
    named = (road >= 0) & (road < len(names))
    named[named] = of_road[road[named]] >= 0
    return [*words, *known], np.where(named, of_road[np.where(named, road, -1)], word).astype(np.int32)
