"""The grid plan: one grid per unit, and what is known of each grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Ints


@dataclass(frozen=True)
class Grid:
    """What is known of one grid beside its shape: its community row, code, name, lock, people on duty and predecessor."""

    community: int
    code: str = ""
    name: str = ""
    locked: bool = False
    workers: tuple[str, ...] = ()
    prev_code: str = ""
    valid_from: str = ""


@dataclass(frozen=True)
class Certificate:
    """What is proven of a community's plan: `status` optimal, gap or none; `bound` ≤ the optimum ≤ `value` of `objective`."""

    community: int
    objective: str
    status: str
    bound: float | None
    value: float | None


@dataclass(frozen=True, eq=False)
class GridPlan:
    """One label per unit: `labels` (u,) int32 are keys of `grids`. `made_from` is as in model/freshness.py."""

    labels: Ints
    grids: Mapping[int, Grid]
    certificates: tuple[Certificate, ...] = ()
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    fingerprint_of: ClassVar[tuple[str, ...]] = ("labels",)

    def __len__(self) -> int:
        return len(self.grids)
