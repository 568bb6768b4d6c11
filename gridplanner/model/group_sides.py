"""Which beats or zones lie beside which, and in how many pieces one lies."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from gridplanner.model.lines import Bools, Ints
from gridplanner.model.outlines import joined
from gridplanner.model.units import BorderKind, Units


def borders_of_groups(units: Units, of_unit: Ints) -> dict[int, frozenset[int]]:
    """Return for each group the groups that share a border with it, given the group of each unit (u,), -1 for none."""
    both = (units.left >= 0) & (units.right >= 0)
    one, other = of_unit[units.left[both]].astype(np.int64), of_unit[units.right[both]].astype(np.int64)
    differ = (one != other) & (one >= 0) & (other >= 0)
    pairs = np.unique(np.column_stack((one[differ], other[differ])), axis=0)
    near: dict[int, set[int]] = {}
    for a, b in pairs.tolist():
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    return {group: frozenset(others) for group, others in near.items()}


class Ground:
    """The units of a plan and over which borders one can go from one to another, for counting pieces again and again.

    As for grids, two units hang together where a piece of their border can be crossed and none is of a kind in `never` (names of
    BorderKind in lower case); unlike grids, groups reach over the limits of communities.
    """

    def __init__(self, units: Units, never: Collection[str] = ()) -> None:
        both = (units.left >= 0) & (units.right >= 0) & (units.left != units.right)
        low = np.minimum(units.left, units.right)[both].astype(np.int64)
        high = np.maximum(units.left, units.right)[both].astype(np.int64)
        key, pair = np.unique(low * len(units) + high, return_inverse=True)
        free = np.bincount(pair, ~units.blocked[both], minlength=len(key)) > 0
        if never:
            barred = np.isin(units.kind[both], [BorderKind[name.upper()] for name in never])
            free &= np.bincount(pair, barred, minlength=len(key)) == 0
        self._one, self._other = key[free] // max(len(units), 1), key[free] % max(len(units), 1)
        self._count = len(units)

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """The units that hang together, two rows a pair, (n,) and (n,)."""
        return self._one, self._other

    def pieces(self, inside: Bools, whole: Ints | None = None) -> int:
        """Return in how many pieces some units (u,) lie, 0 for none.

        Units with one number in `whole` (u,) hang together whatever lies between them: a grid around a pond is one grid, and so are groups
        of whole grids.
        """
        rows = np.flatnonzero(inside)
        if not len(rows):
            return 0
        place = np.full(self._count, -1, np.int64)
        place[rows] = np.arange(len(rows))
        one, other = place[self._one], place[self._other]
        kept = (one >= 0) & (other >= 0)
        one, other = one[kept], other[kept]
        if whole is not None:
            order = np.argsort(whole[rows], kind="stable")
            same = np.flatnonzero(np.diff(whole[rows][order]) == 0)
            one, other = np.append(one, order[same]), np.append(other, order[same + 1])
        return int(joined(len(rows), one, other).max()) + 1
