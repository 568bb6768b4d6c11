"""How the rows of a table become others without a reset, so that selection and scroll place stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex

from gridplanner.model.lines import Ints

MOST = 40  # runs of rows that come and go; where there are more, all is shown anew
_MANY = 30  # rows held for which sorting pays
Run = tuple[int, int]


@dataclass(frozen=True, eq=False)
class RowChanges:
    """`gone` runs of old rows from the bottom, `stay` what stays in its new order, `moved` whether that is another one, `come` new runs."""

    gone: tuple[Run, ...]
    stay: Ints
    moved: bool
    come: tuple[Run, ...]

    @property
    def few(self) -> bool:
        """Whether telling them one by one is less work than showing all anew."""
        return len(self.gone) + len(self.come) <= MOST


def row_changes(before: Ints, after: Ints) -> RowChanges:
    """Return how the keys in rows become others; each key is there once at most.

    >>> row_changes(np.array([5, 7, 9]), np.array([9, 5, 8]))
    RowChanges(gone=((1, 1),), stay=array([9, 5]), moved=True, come=((2, 2),))
    """
    if len(before) == len(after) and np.array_equal(before, after):
        return RowChanges((), after, False, ())
    stays, new = np.isin(before, after), ~np.isin(after, before)
    left = after[~new]
    moved = not np.array_equal(before[stays], left)
    return RowChanges(tuple(reversed(_runs(~stays))), left, moved, tuple(_runs(new)))


def move_persistent(model: QAbstractItemModel, before: Ints, after: Ints) -> None:
    """Let everything that holds rows of a flat model follow its keys from one order to another of the same keys."""
    held = model.persistentIndexList()
    if not held:
        return
    rows = np.array([index.row() for index in held], np.intp)
    lines, of_line = np.unique(rows, return_inverse=True)
    if len(lines) > _MANY:
        order = np.argsort(after, kind="stable")
        there = order[np.searchsorted(after[order], before[lines])]
    else:
        there = np.array([int(np.flatnonzero(after == before[line])[0]) for line in lines.tolist()], np.intp)
    place = there[of_line].tolist()
    model.changePersistentIndexList(held, [model.index(row, index.column(), QModelIndex()) for row, index in zip(place, held, strict=True)])


def _runs(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[Run]:
    edge = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(first), int(last) - 1) for first, last in zip(edge[::2], edge[1::2], strict=True)]
