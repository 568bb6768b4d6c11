"""Crews that keep out of each other's parts: driving to a job costs more for a crew whose own part lies farther from it than another's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from algorithms.network.polylines import Floats
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.stretches import Tours

ENTRIES = 60_000_000  # of all tables of costs together: half a gigabyte


def parted(tables: Tables, fleet: Fleet, places: Floats, tours: Tours, weight: float, pace: float) -> tuple[Tables, Fleet]:
    """Return tables with one of costs for every crew, and the fleet that drives by them.

    A crew's part is the middle of its tour; `places` (ways, 2) metres are where ways lie, `pace` the seconds a metre takes. Going to a way
    costs `weight` times the seconds by which the crew's own middle is farther from it than the nearest one; nothing more for a crew
    that does not go out yet.
    """  # fmt: skip
    middles = np.array([places[tour].mean(axis=0) if tour else (np.inf, np.inf) for tour in tours])
    away = np.hypot(*(places[None] - middles[:, None]).transpose(2, 0, 1))
    extra = np.where(np.isfinite(away), away - away.min(axis=0), 0.0) * pace * weight
    cost = np.repeat(tables.cost[:1], len(fleet), axis=0)
    cost[:, :, tables.depots :] += extra[:, None, :]
    return Tables(tables.depots, tables.seconds, cost), replace(fleet, table=np.arange(len(fleet)))


def overlap(places: Floats, tours: Tours) -> float:
    """Return the share of the ground of all crews that lies in another's too: the hulls of what each serves, by area; 0 … 1.

    >>> overlap(np.array([[0, 0], [2, 0], [0, 2], [2, 2], [4, 0], [4, 2.0]]), [[0, 1, 2, 3], [1, 3, 4, 5]])
    0.0
    """
    hulls = shapely.convex_hull([shapely.multipoints(places[tour]) for tour in tours if tour])
    total = float(shapely.area(hulls).sum())
    if total <= 0:
        return 0.0
    tree = shapely.STRtree(hulls)
    one, other = tree.query(hulls, predicate="intersects")
    pairs = one < other
    shared = shapely.union_all(shapely.intersection(hulls[one[pairs]], hulls[other[pairs]]))
    return min(1.0, float(shapely.area(shared)) / float(shapely.area(shapely.union_all(hulls))))
