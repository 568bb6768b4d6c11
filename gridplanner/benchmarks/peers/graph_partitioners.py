"""METIS (Karypis and Kumar) and KaHIP (Sanders and Schulz): partitioners of graphs that know no band and no places."""

from __future__ import annotations

import numpy as np

from .area import Area, Ints

IMBALANCE = 0.05


def metis(area: Area, seed: int) -> Ints:
    """Return the labels of METIS k-way, contiguous, imbalance 5 % (ufactor 50)."""
    import pymetis

    starts, neighbours, lengths = area.csr()
    options = pymetis.Options(contig=1, ufactor=round(1000 * IMBALANCE), seed=seed)
    weights = {"vweights": area.weight.tolist(), "eweights": lengths.tolist()}
    _cut, part = pymetis.part_graph(area.k, pymetis.CSRAdjacency(starts, neighbours), options=options, **weights)
    return np.asarray(part, np.int64)


def kahip_fast(area: Area, seed: int) -> Ints:
    """Return the labels of KaHIP's kaffpa, configuration FAST."""
    return _kaffpa(area, seed, "FAST")


def kahip_eco(area: Area, seed: int) -> Ints:
    """Return the labels of KaHIP's kaffpa, configuration ECO."""
    return _kaffpa(area, seed, "ECO")


def _kaffpa(area: Area, seed: int, mode: str) -> Ints:
    import kahip

    starts, neighbours, lengths = area.csr()
    arrays = (area.weight.tolist(), starts.tolist(), lengths.tolist(), neighbours.tolist())
    _cut, part = kahip.kaffpa(*arrays, area.k, IMBALANCE, True, seed, getattr(kahip, mode))
    return np.asarray(part, np.int64)
