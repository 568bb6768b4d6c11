"""Response rings: how soon each place is reached from the posts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Ints, Texts

_NONE = np.zeros(0, np.int32)


@dataclass(frozen=True, eq=False)
class RingPlan:
    """What the posts reach within each of `minutes`.

    `posts` (p, 2) metres are the places that crews start from and `names` (p,) what they are called. `address_minutes` (a,) and
    `incident_minutes` (i,) are the minutes to each address and incident, inf where there is no way; `address_post` (a,) the row of the
    post that is first, -1 for none. `shapes` (r,) are the polygons of the rings, `shape_post` and `shape_minutes` (r,) of which post and
    up to how many minutes: a ring begins where the next smaller one of the post ends. `incident_post` (i,) is as `address_post`.
    """

    minutes: tuple[float, ...]
    posts: Floats
    names: Texts
    address_minutes: Floats
    address_post: Ints
    incident_minutes: Floats
    shapes: Texts
    shape_post: Ints
    shape_minutes: Floats
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    incident_post: Ints = field(default_factory=lambda: _NONE)

    def __len__(self) -> int:
        return len(self.shapes)
