"""What the search for tours is given: tables of times and costs between places, and the vehicles that drive."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from algorithms.network.polylines import Floats, Ints


@dataclass(frozen=True, eq=False)
class Tables:
    """Driving from place to place: the first `depots` places are depots, place `depots + w` is way w (from its exit, to its entry).

    `seconds` (p, p) and `cost` (t, p, p): t tables of what driving costs, in seconds too, of which every vehicle has one; inf where there
    is no way. Serving is in neither.
    """

    depots: int
    seconds: Floats
    cost: Floats

    def __post_init__(self) -> None:
        for table in (self.seconds, self.cost):
            table.setflags(write=False)


@dataclass(frozen=True, eq=False)
class Fleet:
    """Vehicles, one row each, at most one tour each.

    `depot`, `home` (c,) are the depots where a tour starts and ends; it leaves at `start` (c,) seconds, is back within `shift` (c,) seconds
    and at most `overtime` (c,) more; `capacity` (c,) of the loads of the ways (inf: any), `table` (c,) the table of costs it drives by.
    A second away from the depot costs `second_cost` beside what driving costs.
    """

    depot: Ints
    home: Ints
    start: Floats
    shift: Floats
    overtime: Floats
    capacity: Floats
    table: Ints
    second_cost: float = 1.0

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    def __len__(self) -> int:
        return len(self.depot)
