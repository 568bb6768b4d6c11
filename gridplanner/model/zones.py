"""Patrol zones: groups of whole grids, or of road edges where there are no grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Texts
from gridplanner.model.places import texts


@dataclass(frozen=True)
class Zone:
    """One patrol crew's area: its code, name, and the row of its depot in project.depots (-1: none given)."""

    code: str
    name: str
    depot: int = -1
    locked: bool = False


@dataclass(frozen=True, eq=False)
class ZonePlan:
    """`members` maps a grid's id to its zone's id, `zones` a zone's id to the zone.

    Where the project has no grids `members` is empty and `hulls` holds a shapely polygon per zone, in the order of `zones`.
    `workload` is each zone's workload in the order of `zones`. `made_from` is as in model/freshness.py.
    """

    members: Mapping[int, int]
    zones: Mapping[int, Zone]
    workload: Floats
    hulls: Texts = field(default_factory=texts)
    issues: tuple[Issue, ...] = ()
    made_from: str = ""

    def __len__(self) -> int:
        return len(self.zones)
