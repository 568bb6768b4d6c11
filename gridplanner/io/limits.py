"""The limits of a grid in words (四至): what bounds it to the east, south, west and north."""

from __future__ import annotations

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.lines import Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_rows, sides
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import community_limits
from gridplanner.model.units import BorderKind, border_lengths

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


def grid_limits(project: Project) -> Texts:
    """Return for each grid, in the order of `grid_ids`, what runs along most of its boundary on each of the four sides.

    A boundary piece belongs to the side that its outward normal points to; streets are called by their names, all else by its kind.
    """
    assert project.units is not None
    assert project.grids is not None
    units, plan = project.units, project.grids
    left, right = sides(units, grid_rows(plan))
    bound = np.flatnonzero(left != right)
    words, word = _words(project, bound)
    step = units.xy[units.ends[bound, 1]] - units.xy[units.ends[bound, 0]]
    grid = np.concatenate((left[bound], right[bound]))
    out_x, out_y = np.concatenate((step[:, 1], -step[:, 1])), np.concatenate((-step[:, 0], step[:, 0]))  # what lies left looks to the right
    side = np.where(np.abs(out_x) >= np.abs(out_y), np.where(out_x > 0, 0, 2), np.where(out_y > 0, 3, 1))
    inside = grid >= 0
    slot = (grid * 4 + side)[inside].astype(np.int64)
    keys, place = np.unique(slot * len(words) + np.tile(word, 2)[inside], return_inverse=True)
    metres = np.bincount(place, np.tile(border_lengths(units)[bound], 2)[inside], minlength=len(keys))
    order = np.lexsort((keys, -metres, keys // len(words)))
    first = order[np.unique(keys[order] // len(words), return_index=True)[1]]
    parts: list[list[str]] = [[] for _grid in grid_ids(plan)]
    for key in keys[first].tolist():
        at, name = divmod(key, len(words))
        parts[at // 4].append(_("{side}: {name}").format(side=_(_SIDES[at % 4]), name=words[name]))
    return texts([_("; ").join(part) for part in parts])


def _words(project: Project, bound: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[list[str], Ints]:
    """Return the words in use and for each border piece the row of its word: the street's name, else what kind of border it is."""
    units = project.units
    assert units is not None
    words = [*(_(_WORDS[BorderKind(kind)]) for kind in range(_LIMIT)), _("community limit")]
    limit = community_limits(units)[bound] & (units.kind[bound] == BorderKind.CUT)
    word = np.where(limit, _LIMIT, units.kind[bound]).astype(np.int32)
    road = units.road[bound]
    names = project.roads.names
    rows = np.unique(road[road >= 0])
    known: dict[str, int] = {}
    of_road = np.full(len(names) + 1, -1, np.int32)
    for row in rows.tolist():
        if names[row]:
            of_road[row] = known.setdefault(str(names[row]), len(words) + len(known))
    named = (road >= 0) & (of_road[road] >= 0)
    return [*words, *known], np.where(named, of_road[road], word).astype(np.int32)
