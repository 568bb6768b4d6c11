"""The planar partition: basic units and the borders between them, each border stored once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import ClassVar

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Bools, Floats, Ints


class BorderKind(IntEnum):
    """What runs along a border; whether it is also a limit of a community follows from its two sides."""

    CUT = 0  # nothing: a cut through a block, or a limit beside no street
    PATH = 1
    LANE = 2
    STREET = 3
    ARTERIAL = 4
    RAILWAY = 5
    WATER = 6
    WALL = 7


OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class Units:
    """A planar partition of the communities into basic units, as nodes and straight border pieces.

    `xy` (n, 2) metres on a 1 cm lattice; border piece i runs from `xy[ends[i, 0]]` to `xy[ends[i, 1]]` with unit `left[i]` on its
    left and `right[i]` on its right (OUTSIDE where there is none). `kind` is what runs along it (BorderKind), `road` the row
    of the street in project.roads or -1, `blocked` True where it cannot be crossed nearby (a river without a bridge).
    `community` (u,) is each unit's community row; `address_unit` (a,) each address's unit, OUTSIDE where it is in no community.
    `made_from` is the fingerprint of what they were cut from; `by_hand`: lines of the planner's hand have cut some of them since.
    """

    xy: Floats
    ends: Ints
    left: Ints
    right: Ints
    kind: np.ndarray[tuple[int], np.dtype[np.int8]]
    road: Ints
    blocked: Bools
    community: Ints
    address_unit: Ints
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    by_hand: bool = False
    fingerprint_of: ClassVar[tuple[str, ...]] = (
        "xy", "ends", "left", "right", "kind", "road", "blocked", "community", "address_unit",
    )  # fmt: skip

    def __len__(self) -> int:
        return len(self.community)


@lru_cache(maxsize=8)
def border_lengths(units: Units) -> Floats:
    """Return the length of each border piece in metres, (m,)."""
    step = units.xy[units.ends[:, 1]] - units.xy[units.ends[:, 0]]
    return np.hypot(step[:, 0], step[:, 1])


@lru_cache(maxsize=8)
def unit_areas(units: Units) -> Floats:
    """Return the area of each unit in square metres, (u,): the sum of cross products over its borders, from a near origin."""
    if not len(units.ends):
        return np.zeros(len(units))
    xy = units.xy - units.xy.mean(axis=0)
    a, b = xy[units.ends[:, 0]], xy[units.ends[:, 1]]
    cross = 0.5 * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    count = len(units)
    left, right = units.left >= 0, units.right >= 0
    area = group_sums(units.left[left], cross[left], count) - group_sums(units.right[right], cross[right], count)
    return np.asarray(area, np.float64)


def sum_by_unit(units: Units, values: Floats) -> Floats:
    """Return the sum of one value per address over each unit, (u,)."""
    inside = units.address_unit >= 0
    return group_sums(units.address_unit[inside], values[inside], len(units))
