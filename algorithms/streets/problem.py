"""Streets to be divided into stretches of even weight: what is given, what is wished, what comes out."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from algorithms.network.polylines import Floats, Ints


@dataclass(frozen=True, eq=False)
class StretchProblem:
    """Atoms of streets, a row each, in order along their strokes.

    `weight` (n,) is above 0; `stroke` (n,) rises and says of which line an atom is a piece, `street` (n,) which lines bear one name, -1
    for those without; `tail` and `head` (n,) are the nodes at both ends; `middle` (n, 2) metres. `host` (n,) is the row of the atom that
    one goes with wherever it goes (the other carriageway of a street), its own row for others.
    """

    weight: Floats
    stroke: Ints
    street: Ints
    tail: Ints
    head: Ints
    middle: Floats
    host: Ints

    def __post_init__(self) -> None:
        n = len(self.weight)
        if any(len(getattr(self, field.name)) != n for field in fields(self)):
            raise ValueError("every column needs one value an atom")
        if np.any(self.weight <= 0) or np.any(np.diff(self.stroke) < 0) or np.any(self.host[self.host] != self.host):
            raise ValueError("weights must be above 0, strokes in order, and hosts their own hosts")
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.weight)


@dataclass(frozen=True)
class StretchParams:
    """How many stretches, at most how far apart streets are joined that touch no other, and how long is searched.

    There are `count` stretches wherever the streets give so many: no more than atoms, no fewer than parts that lie apart. `gap` metres;
    `sweeps` through all atoms at most; `run_price` is what a further line in a stretch costs, as a share of the mean weight squared.
    """

    count: int
    gap: float = 200.0
    sweeps: int = 40
    run_price: float = 0.02


@dataclass(frozen=True, eq=False)
class Stretches:
    """`label` (n,) is the stretch 0 … of each atom, `weight` (k,) the sum of each; `moves` counts what the search changed."""

    label: Ints
    weight: Floats
    moves: int
    finished: bool
