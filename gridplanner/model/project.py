"""The project: one frozen value that everything reads and only edits replace."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from shapely import Geometry, to_wkb

from gridplanner.model.beats import BeatPlan
from gridplanner.model.checkpoints import NO_CHECKPOINT_SITES, NO_CORDONS, CheckpointPlan, CheckpointSites, Cordons
from gridplanner.model.duty_data import (
    NO_INCIDENTS,
    NO_INDICATORS,
    NO_STAFF,
    NO_STATION_AREAS,
    Incidents,
    Indicators,
    Staff,
    StationAreas,
)
from gridplanner.model.grids import GridPlan
from gridplanner.model.issues import Issue
from gridplanner.model.leases import Handout
from gridplanner.model.patrol import PatrolPlan, StreetPick
from gridplanner.model.places import (
    NO_BARRIERS,
    NO_COMMUNITIES,
    NO_DEPOTS,
    NO_DRAWN_GRIDS,
    NO_HOUSEHOLDS,
    NO_KEY_SITES,
    NO_RAIL_THINGS,
    NO_RAILWAY,
    NO_ROADS,
    NO_STATIONS,
    Barriers,
    Communities,
    Depots,
    DrawnGrids,
    Households,
    KeySites,
    RailThings,
    Railway,
    Roads,
    Stations,
)
from gridplanner.model.rail import RailPlan
from gridplanner.model.rings import RingPlan
from gridplanner.model.roster import NO_ROSTER_CELLS, RosterCells, RosterPlan
from gridplanner.model.rules import NO_RULES, Rules
from gridplanner.model.scenarios import Scenario
from gridplanner.model.street_chiefs import ChiefPlan
from gridplanner.model.units import Units
from gridplanner.model.zones import ZonePlan
from gridplanner.settings import Settings


@dataclass(frozen=True)
class Provenance:
    """Where a layer came from: source key, file, layer, features read, its CRS as found, and what was assumed of it."""

    source: str
    path: str
    layer: str
    count: int
    crs: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Project:
    """A district and its plans. Metres in `crs`, an authority code such as "EPSG:4545"; plans not made yet are None.

    `drawn` is a grid plan from elsewhere that the first grid plan here starts from. `scenario` names the plan that the fields here are,
    `scenarios` are the others, `master` the name of the one in force, None where none is. `handouts` are the communities that others
    work on, of all scenarios.
    """

    settings: Settings = field(default_factory=Settings)
    crs: str = ""
    communities: Communities = NO_COMMUNITIES
    households: Households = NO_HOUSEHOLDS
    roads: Roads = NO_ROADS
    barriers: Barriers = NO_BARRIERS
    railway: Railway = NO_RAILWAY
    stations: Stations = NO_STATIONS
    rail_things: RailThings = NO_RAIL_THINGS
    key_sites: KeySites = NO_KEY_SITES
    depots: Depots = NO_DEPOTS
    incidents: Incidents = NO_INCIDENTS
    station_areas: StationAreas = NO_STATION_AREAS
    indicators: Indicators = NO_INDICATORS
    staff: Staff = NO_STAFF
    checkpoint_sites: CheckpointSites = NO_CHECKPOINT_SITES
    cordons: Cordons = NO_CORDONS
    roster_cells: RosterCells = NO_ROSTER_CELLS
    rules: Rules = NO_RULES
    drawn: DrawnGrids = NO_DRAWN_GRIDS
    units: Units | None = None
    grids: GridPlan | None = None
    beats: BeatPlan | None = None
    zones: ZonePlan | None = None
    checkpoints: CheckpointPlan | None = None
    rings: RingPlan | None = None
    chiefs: ChiefPlan | None = None
    patrol: PatrolPlan | None = None
    picks: tuple[StreetPick, ...] = ()
    rail: RailPlan | None = None
    roster: RosterPlan | None = None
    read_issues: tuple[Issue, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    scenario: str = ""
    scenarios: tuple[Scenario, ...] = ()
    master: str | None = None
    handouts: tuple[Handout, ...] = ()

    @property
    def name(self) -> str:
        """The project's name as the planner gave it."""
        return self.settings.project.name


TEXTS = 20_000  # texts digested at a time, so that a window whose thread waits for the interpreter is not kept waiting long


@lru_cache(maxsize=32)
def fingerprint(value: object) -> str:
    """Return a short digest of a model value's content; equal content gives an equal digest, in any process and after saving.

    `made_from` and `issues` are left out: the digest says what a value is, not where it came from. A class may name the fields
    that make its identity in `fingerprint_of` (renaming a grid does not make the patrol zones stale).
    """
    digest = blake2b(digest_size=16)
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: blake2b, value: object) -> None:
    if isinstance(value, np.ndarray) and value.dtype != object:
        digest.update(f"{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).data if value.size else b"")
    elif isinstance(value, np.ndarray) and all(type(item) is str for item in value.flat):
        digest.update(f"[{len(value) if value.ndim == 1 else value.shape}".encode())
        value = value.ravel()
        for start in range(0, len(value), TEXTS):
            part = "\x1f".join(value[start : start + TEXTS].tolist())
            digest.update(("\x1f" if start else "").encode() + part.encode("utf-8", "surrogatepass"))
    elif isinstance(value, Geometry):
        digest.update(to_wkb(value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        digest.update(type(value).__name__.encode())
        names = getattr(value, "fingerprint_of", None) or [part.name for part in dataclasses.fields(value)]
        for name in names:
            if name not in {"made_from", "issues"}:
                _feed(digest, getattr(value, name))
    elif isinstance(value, dict):
        for key in sorted(value):
            digest.update(repr(key).encode())
            _feed(digest, value[key])
    elif isinstance(value, tuple | list | np.ndarray):
        digest.update(f"[{len(value)}".encode())
        for item in value:
            _feed(digest, item)
    else:
        digest.update(repr(value).encode())
