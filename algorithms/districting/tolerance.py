"""The tightest tolerance at which k connected groups can share out units evenly, in whole points of a per cent, proven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.districting.columns import Columns, enumerate_columns
from algorithms.districting.cover import Cover, Floats, Ints, cheapest_cover, no_fractional_cover
from algorithms.districting.exact import SweptLand
from algorithms.progress import SILENT, Progress

POINT = 0.01
SLACK = 1e-9  # of a load, so that a group just at the tolerance is within it
WIDEST = 95  # points: beyond that nothing is a tolerance any more


@dataclass(frozen=True, eq=False)
class Groups:
    """Every connected group of units whose load is within `points` per cent of 1: there is no other rule.

    `columns` has them one a row; `off` (c,) is how far the load of each is from 1.
    """

    points: int
    columns: Columns
    off: Floats

    def within(self, points: int) -> Ints:
        """Return the rows of the groups within a tolerance that is no wider than the list's own."""
        if points > self.points:
            raise ValueError("the list has no groups beyond its own tolerance")
        return np.flatnonzero(self.off <= points * POINT + SLACK)


@dataclass(frozen=True, eq=False)
class Tightest:
    """What is known of the smallest tolerance in points at which there is a plan: none is at `excluded` (-1: not even 0 is excluded).

    `reached` is the smallest at which a plan was found, `rows` its groups in the list; None where none was.
    """

    excluded: int
    reached: int | None
    rows: Ints | None

    @property
    def proven(self) -> bool:
        """Whether nothing lies between what was reached and what is excluded."""
        return self.reached is not None and self.reached == self.excluded + 1


def points_of(off: float) -> int:
    """Return the whole points of a per cent that a load `off` the target needs.

    >>> points_of(0.1999999999999), points_of(0.2001)
    (20, 21)
    """
    return int(np.ceil((off - SLACK) / POINT))


def least_points(load: Floats, part: Ints, count: int) -> int:
    """Return points below which arithmetic alone leaves no plan of `count` groups.

    The mean load must be within the tolerance, no unit be heavier than a group may be, and each part (`part` (n,): what hangs
    together) come to some number of groups.
    """
    off = [abs(load.sum() / count - 1), float(load.max()) - 1]
    total = np.bincount(part, load)
    fewer = np.maximum(np.floor(total), 1)
    off.append(float(np.minimum(np.abs(total / fewer - 1), np.abs(total / (fewer + 1) - 1)).max()))
    return max(points_of(max(off)), 0)


def list_groups(land: SweptLand, points: int, most: int, progress: Progress = SILENT) -> Groups | None:
    """Return every connected group of units within a tolerance, None where they are more than `most` or too large to be listed.

    Two units are kept apart only where the lightest connected group with both is too heavy, so no group is missed.
    """
    load = land.weight[:, 0]
    high = 1 + points * POINT + SLACK
    apart = csr_array(land.joined * (load[None] + 1e-12))
    path = dijkstra(apart, limit=high + 1e-6) + load[:, None]
    columns = enumerate_columns(land.weight, land.joined, path <= high + 1e-6, 1 - points * POINT - SLACK, high, most, progress)
    if columns is None:
        return None
    off = np.abs(columns.members @ load - 1)  # a unit heavier than `high` counts as `high` in the list: here as what it is
    return Groups(points, columns, off)


def first_possible(groups: Groups, count: int, least: int, progress: Progress = SILENT) -> int:
    """Return the smallest tolerance in points, from `least` on, that the linear programme does not exclude.

    It is one more than the list's own where that excludes them all.
    Every point below is proven to have no plan: a tighter tolerance only takes groups away.
    """
    low, high = least, groups.points + 1
    while low < high:
        progress.check()
        middle = (low + high) // 2
        if no_fractional_cover(csr_array(groups.columns.members[groups.within(middle)]), count):
            low = middle + 1
        else:
            high = middle
    return low


def tightest(
    groups: Groups, cost: Floats, count: int, possible: int, known: Ints, nodes: int, seed: int = 0, progress: Progress = SILENT
) -> Tightest:
    """Return the smallest tolerance at which there is a plan of `count` groups, as far as the budget of a search tells.

    `possible` is what `first_possible` says, `known` (k,) the rows of a plan in the list, `cost` (c,) guides the searches. A point is
    excluded where a search has proven that there is no plan; a search that ends with neither leaves it open.
    """
    excluded, best = possible - 1, known
    reached = points_of(float(groups.off[known].max(initial=0.0)))
    while reached > excluded + 1:
        progress.check()
        middle = excluded + 1 if excluded + 1 == possible else (excluded + 1 + reached) // 2  # where parts do, wholes mostly do
        rows = groups.within(middle)
        found: Cover = cheapest_cover(csr_array(groups.columns.members[rows]), cost[rows], count, nodes, seed, progress, any_will_do=True)
        if found.rows is not None:
            best = rows[found.rows]
            reached = points_of(float(groups.off[best].max()))
        elif found.impossible:
            excluded = middle
        else:
            break
    return Tightest(excluded, reached, best)
