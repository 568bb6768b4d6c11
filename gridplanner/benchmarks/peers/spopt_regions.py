"""Regionalisation of PySAL's spopt. Its objective is likeness of attributes (here: of place); only max-p knows a least weight."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np

from .area import Area, Ints

LEAST = 0.9  # of the mean weight: the threshold of max-p
MAX_P = {"top_n": 2, "max_iterations_construction": 10, "max_iterations_sa": 3}


def max_p(area: Area, seed: int) -> Ints:
    """Return the labels of the max-p heuristic: as many districts as reach 90 % of the target (it chooses their number).

    10 constructions and 3 anneals: the library's 99 and 10 take more than 45 s for a hundred units.
    """
    from spopt.region import MaxPHeuristic

    threshold = LEAST * float(area.weight.sum()) / area.k
    return _solved(MaxPHeuristic(_frame(area), _neighbours(area), ["x", "y"], "weight", threshold, **MAX_P), seed)


def skater(area: Area, seed: int) -> Ints:
    """Return the labels of SKATER: cuts of a minimum spanning tree."""
    from spopt.region import Skater

    return _solved(Skater(_frame(area), _neighbours(area), ["x", "y"], n_clusters=area.k), seed)


def region_kmeans(area: Area, seed: int) -> Ints:
    """Return the labels of the contiguous k-means heuristic."""
    from spopt.region import RegionKMeansHeuristic

    return _solved(RegionKMeansHeuristic(area.xy, area.k, _neighbours(area), seed=seed), seed)


def ward(area: Area, seed: int) -> Ints:
    """Return the labels of Ward's agglomeration under contiguity."""
    from spopt.region import WardSpatial

    return _solved(WardSpatial(_frame(area), _neighbours(area), ["x", "y"], n_clusters=area.k), seed)


def _solved(model: Any, seed: int) -> Ints:
    random.seed(seed)
    np.random.seed(seed)  # the library draws from the global generator
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.solve()
    return np.unique(np.asarray(model.labels_), return_inverse=True)[1]


def _frame(area: Area) -> Any:
    import geopandas

    columns = {"x": area.xy[:, 0], "y": area.xy[:, 1], "weight": area.weight}
    return geopandas.GeoDataFrame(columns, geometry=geopandas.points_from_xy(*area.xy.T))


def _neighbours(area: Area) -> Any:
    import libpysal

    starts, neighbours, _lengths = area.csr()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return libpysal.weights.W({i: neighbours[starts[i] : starts[i + 1]].tolist() for i in range(len(area))})
