"""Which grids of three versions of a plan are one and the same, whatever numbers they have in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.lines import Ints

NO_GRID = -1
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Identities:
    """The id in the merged plan of each grid of the base, of mine and of theirs; mine keep theirs."""

    base: Mapping[int, int]
    mine: Mapping[int, int]
    theirs: Mapping[int, int]


def same_as_base(base: GridPlan, plan: GridPlan, community: Mapping[int, int], labels: Ints, base_labels: Ints) -> dict[int, int]:
    """Return which grid of the base each grid of a plan is; those that are new are left out.

    `community` maps the plan's communities to the base's; `labels` and `base_labels` (n,) are the grids of the same ground in both,
    NO_GRID where there is none. A grid is the one of its number where they have ground in common or one code; numbers of grids that
    ended may be given again. What is left is told by its code.
    """
    shared = set(zip(labels.tolist(), base_labels.tolist(), strict=True))
    ended = plan.retired_codes
    found: dict[int, int] = {}
    for key, grid in plan.grids.items():
        was = base.grids.get(key)
        if was is None or community.get(grid.community) != was.community or (grid.code != was.code and was.code in ended):
            continue
        if grid.code == was.code or (key, key) in shared:
            found[key] = key
    taken = set(found.values())
    left = _by_code({key: grid for key, grid in base.grids.items() if key not in taken})
    here = {(community.get(one[0], NO_GRID), one[1]): key for one, key in _by_code(
        {key: grid for key, grid in plan.grids.items() if key not in found}).items()}  # fmt: skip
    for name, key in here.items():
        if name in left:
            found[key] = left[name]
    return found


def _by_code(grids: Mapping[int, Grid]) -> dict[tuple[int, str], int]:
    times = Counter(grid.code for grid in grids.values())
    return {(grid.community, grid.code): key for key, grid in grids.items() if grid.code and times[grid.code] == 1}


def same_new(mine: GridPlan, my_new: Iterable[int], theirs: GridPlan, their_new: Iterable[int], my: Ints, their: Ints) -> dict[int, int]:
    """Return which new grid of mine each new grid of theirs is: of most of their ground (units counted), or of its code and some ground.

    `my` and `their` (n,) are the labels of the same ground.
    """
    one, other = set(my_new), set(their_new)
    both = Counter(pair for pair in zip(my.tolist(), their.tolist(), strict=True) if pair[0] in one and pair[1] in other)
    sizes = Counter(my.tolist()), Counter(their.tolist())
    found: dict[int, int] = {}
    taken: set[int] = set()
    for (a, b), count in sorted(both.items(), key=lambda item: (-item[1], item[0])):
        alike = count > HALF * (sizes[0][a] + sizes[1][b] - count)
        named = bool(mine.grids[a].code) and mine.grids[a].code == theirs.grids[b].code
        if a not in taken and b not in found and (alike or named):
            found[b] = a
            taken.add(a)
    return found


def identities(
    base: Iterable[int], mine: Mapping[int, int], my_grids: Iterable[int], theirs: Mapping[int, int], their_grids: Iterable[int],
    new: Mapping[int, int], named: Iterable[int],
) -> Identities:  # fmt: skip
    """Return the ids in the merged plan.

    `mine` and `theirs` map grids to the base's, `new` new grids of theirs to new ones of mine. Grids that mine has not get their own
    number where it is free, else the next: `named` are numbers that other plans speak of.
    """
    my_keys = list(my_grids)
    used = {*my_keys, *named}
    of_base = {was: key for key, was in mine.items()}
    top = max(used, default=0)
    out = {**of_base}

    def free(wish: int) -> int:
        nonlocal top
        number = wish if wish not in used else top + 1
        used.add(number)
        top = max(top, number)
        return number

    for key in sorted(set(base) - set(of_base)):
        out[key] = free(key)
    of_theirs = {}
    for key in sorted(their_grids):
        if key in theirs:
            of_theirs[key] = out[theirs[key]]
        elif key in new:
            of_theirs[key] = new[key]
    for key in sorted(set(their_grids) - set(of_theirs)):
        of_theirs[key] = free(key)
    return Identities(out, {key: key for key in my_keys}, of_theirs)


def translated(labels: Ints, names: Mapping[int, int]) -> Ints:
    """Return labels under other ids, NO_GRID where a label has none."""
    known, at = np.unique(labels, return_inverse=True)
    return np.array([names.get(int(label), NO_GRID) for label in known], np.int64)[at] if len(labels) else labels.astype(np.int64)
