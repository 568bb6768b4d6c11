"""Patrol zones: groups of whole grids, beats or street blocks, or of road edges where there are no grids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import texts

NO_ZONE = 0  # what is not patrolled
_NONE = np.zeros(0, np.int32)
_NO_FLOATS = np.zeros(0)


@dataclass(frozen=True)
class Zone:
    """One patrol crew's area: its code, name, the row of its depot in project.depots (-1: none), and the place that it is served from.

    `x`, `y` are metres, None where the zone has no such place.
    """

    code: str
    name: str
    depot: int = -1
    locked: bool = False
    x: float | None = None
    y: float | None = None
    fingerprint_of: ClassVar[tuple[str, ...]] = ("code", "depot", "x", "y")


@dataclass(frozen=True, eq=False)
class ZoneGround:
    """What zones are judged by, unit by unit, so that figures follow the hand without the streets being searched again.

    `work` (u,) is the workload, `demand` (u,) what is to be reached, `street_km` and `key_sites` (u,) what lies there. `sites` (m, 2)
    metres are the places that zones may be served from, `home` (m,) the unit that each lies in, `depots` (m,) its row in the depots or
    -1, `minutes` (m, p) the time from there to each piece, and `piece` (u,) the piece of each unit.
    """

    work: Floats
    demand: Floats
    street_km: Floats
    key_sites: Floats
    sites: Floats
    home: Ints
    depots: Ints
    minutes: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    piece: Ints


@dataclass(frozen=True)
class ZoneCertificate:
    """What is proven of the zones: `status` optimal, gap or none; no plan from the same sites with even work undercuts `bound`.

    `value` and `bound` are of `objective`. `why` says why nothing is proven: "large", "stopped", "edited" (by hand since).
    """

    status: str
    value: float | None
    bound: float | None
    objective: str
    why: str = ""


@dataclass(frozen=True, eq=False)
class ZoneChoice:
    """One plan of those between even work and fast response that none of the others beats in both.

    `labels` (p,) is the zone id of each piece: of the grids in rising order of their ids, or of the units where zones are made of street
    blocks. `sites` (k, 2) metres are the places that the zones 1 … k are served from, `depots` (k,) their rows or -1. `response` is the
    weight that it was found with, `spread` the largest workload ÷ the mean, `mean_minutes` the demand-weighted mean time from the site to
    the demand, `worst_minutes` the longest.
    """

    labels: Ints
    sites: Floats
    depots: Ints
    response: float
    spread: float
    mean_minutes: float
    worst_minutes: float
    certificate: ZoneCertificate | None = None


@dataclass(frozen=True, eq=False)
class ZonePlan:
    """`members` maps a grid's id to its zone's id, NO_ZONE where it is not patrolled, `zones` a zone's id to the zone.

    Where zones are made of street blocks `members` is empty and `labels` (u,) is the zone id of each unit. Where the project has no grids
    both are empty and `hulls` holds a shapely polygon per zone, in the order of `zones`.
    `workload` is each zone's workload in the order of `zones`, `p90` (k,) the minutes within which 90 % of its demand is reached (empty:
    not known). `choices` is the set between even work and fast response, and `chosen` the row in it that this plan is, -1 for a plan that
    was edited by hand since. `made_from` is as in model/freshness.py. `ground` is what its figures are computed from, None where the
    plan is of streets alone.
    """

    members: Mapping[int, int]
    zones: Mapping[int, Zone]
    workload: Floats
    hulls: Texts = field(default_factory=texts)
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    labels: Ints = field(default_factory=lambda: _NONE)
    p90: Floats = field(default_factory=lambda: _NO_FLOATS)
    choices: tuple[ZoneChoice, ...] = ()
    chosen: int = -1
    certificate: ZoneCertificate | None = None
    ground: ZoneGround | None = None
    fingerprint_of: ClassVar[tuple[str, ...]] = ("members", "zones", "workload", "hulls", "labels")

    def __len__(self) -> int:
        return len(self.zones)
