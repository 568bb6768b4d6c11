"""Police beats: groups of whole grids of about as many persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplanner.model.issues import Issue


@dataclass(frozen=True)
class Beat:
    """What is known of one beat beside its grids: its code, name, and the name of the area (police station …) that it lies in."""

    code: str
    name: str
    area: str = ""
    locked: bool = False


@dataclass(frozen=True)
class BeatCertificate:
    """What is proven of the beats of one area (its name; empty: the whole district).

    `status` is optimal, gap or none, `bound` ≤ the optimum ≤ `value` of `objective`, among plans of `count` beats within `tolerance` of
    the target; `columns` groups of grids were looked at. `tightest` is the smallest tolerance (a share, in whole points of a per cent)
    at which any plan of `count` beats exists, and `excluded` the one just below it that was proven to have none; None where that was not
    found out. `why` says why nothing is proven: "large", "stopped", "edited" (by hand since), empty where something is.
    """

    area: str
    status: str
    value: float | None
    bound: float | None
    count: int
    tolerance: float
    tightest: float | None = None
    excluded: float | None = None
    objective: str = "balance+compactness"
    columns: int = 0
    why: str = ""


@dataclass(frozen=True, eq=False)
class BeatPlan:
    """`members` maps a grid's id to its beat's id, `beats` a beat's id to the beat; `made_from` is as in model/freshness.py."""

    members: Mapping[int, int]
    beats: Mapping[int, Beat]
    certificates: tuple[BeatCertificate, ...] = ()
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    fingerprint_of: ClassVar[tuple[str, ...]] = ("members",)

    def __len__(self) -> int:
        return len(self.beats)
