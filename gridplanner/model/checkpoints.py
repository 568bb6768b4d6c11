"""Checkpoints: where arterials cross the boundary or a drawn cordon, which of the crossings are held, and what stays open."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import texts

SITE_KINDS = ("existing", "forbidden")
MOST_CHECKPOINTS = 10_000  # at the boundary or on a cordon


@dataclass(frozen=True, eq=False)
class CheckpointSites:
    """Places that the planner knows: `xy` (n, 2) metres, `names` text, `kinds` of SITE_KINDS.

    A checkpoint stands at an existing one already; none may stand at a forbidden one.
    """

    xy: Floats
    names: Texts
    kinds: Texts

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True, eq=False)
class Cordons:
    """Lines to be closed beside the district's boundary: `shapes` (n,) shapely polygons (a ring around an area) or lines (a border).

    `names` (n,) text, `counts` (n,) int32 checkpoints at most at each.
    """

    shapes: Texts
    names: Texts
    counts: Ints

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True)
class Crossing:
    """A street that crosses a cordon: where, what, and how much of the flow over it this crossing carries.

    `cordon` is the cordon's name, empty for the district's boundary; `road` and `highway` are the street's name and class; `direction` is
    both, in or out; `arterial` whether a checkpoint may hold it by its class; `site` existing, forbidden or empty; `through` and
    `outbound` the shares (0 to 1) of each flow that passes here.
    """

    x: float
    y: float
    cordon: str
    road: str
    highway: str
    direction: str
    arterial: bool
    site: str = ""
    through: float = 0.0
    outbound: float = 0.0


@dataclass(frozen=True)
class Checkpoint:
    """A place that is held: its code, where, the row of its crossing (-1: not at a crossing), rank and share of the flow seen there.

    `rank` is the order in which checkpoints are taken up, 1 first; `flow` (0 to 1) what it adds to those before it.
    """

    code: str
    x: float
    y: float
    crossing: int
    cordon: str
    road: str
    highway: str
    direction: str
    rank: int
    flow: float
    existing: bool = False


@dataclass(frozen=True)
class Closure:
    """What closes a cordon wholly: the least people for it, where they stand, and what cannot be closed.

    `people` is the minimum cut and `bound` the largest flow that proves it (both in people); `places` are (x, y, road, class) of the
    streets of the cut; `leaks` are those of streets that must not be held or are of no class that may be, through which the cordon stays
    open: with `leaks` left open the arterials alone are the rest of the cut.
    """

    cordon: str
    people: float
    bound: float
    places: tuple[tuple[float, float, str, str], ...]
    leaks: tuple[tuple[float, float, str, str], ...]
    why: str = ""


@dataclass(frozen=True, eq=False)
class CheckpointPlan:
    """`checkpoints` in the order of cordon and rank, the `crossings` they were chosen among, a `closure` for each cordon.

    `curves` maps a cordon's name to the share of the flow seen by the first 1, 2 … crossings of the best order: greedy beyond those that
    were chosen. `status` maps it to optimal or gap of the choice, `bounds` to the share that no choice of as many can exceed.
    """

    checkpoints: tuple[Checkpoint, ...]
    crossings: tuple[Crossing, ...]
    closures: tuple[Closure, ...]
    curves: dict[str, tuple[float, ...]] = field(default_factory=dict)
    status: dict[str, str] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    made_from: str = ""

    def __len__(self) -> int:
        return len(self.checkpoints)


NO_CHECKPOINT_SITES = CheckpointSites(np.empty((0, 2)), texts(), texts())
NO_CORDONS = Cordons(texts(), texts(), np.zeros(0, np.int32))
