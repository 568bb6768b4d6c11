"""Which crossings are one place: the two lines of a dual carriageway, a main road and its ramps."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from algorithms.graph.components import components
from algorithms.network.polylines import Bools, Floats, Ints


def one_place(xy: Floats, name: Ints, kind: Ints, ramp: Bools, leaves: Bools, enters: Bools, reach: float) -> Ints:
    """Return a label 0 … for the place of each crossing (c,), in the order in which the places first come.

    Two crossings within `reach` metres are one place where their streets have the same kind (c,) and either the same name (c, below 0
    for none), or are two one-way lines of which one leads in and the other out, or one of them is a ramp.
    """
    pairs = cKDTree(xy).query_pairs(reach, output_type="ndarray") if len(xy) > 1 else np.empty((0, 2), np.int64)
    a, b = pairs[:, 0], pairs[:, 1]
    named = (name[a] == name[b]) & (name[a] >= 0)
    one_way = (leaves != enters)[a] & (leaves != enters)[b]
    facing = one_way & (leaves[a] != leaves[b]) & ((name[a] < 0) | (name[b] < 0) | (name[a] == name[b]))
    joined = (kind[a] == kind[b]) & (named | facing | ramp[a] | ramp[b])
    return np.asarray(components(len(xy), a[joined], b[joined]))
