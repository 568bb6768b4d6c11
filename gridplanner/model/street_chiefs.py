"""Street chiefs (街长): stretches of streets, each with its chief and the grids on both sides."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats


@dataclass(frozen=True, eq=False)
class Stretch:
    """A piece of a street that one chief is responsible for.

    `coords` (n, 2) metres; `workload` km-equivalents; `left` and `right` are the ids of the grids on both sides in the direction of
    `coords`, along the street; `chief` who is responsible, empty where nobody is named.
    """

    code: str
    name: str
    coords: Floats
    length_m: float
    workload: float
    left: tuple[int, ...] = ()
    right: tuple[int, ...] = ()
    chief: str = ""


@dataclass(frozen=True, eq=False)
class ChiefPlan:
    """All stretches; `made_from` is as in model/freshness.py."""

    stretches: tuple[Stretch, ...]
    issues: tuple[Issue, ...] = ()
    made_from: str = ""

    def __len__(self) -> int:
        return len(self.stretches)
