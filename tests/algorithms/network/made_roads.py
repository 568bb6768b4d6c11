"""Small made road networks for tests."""

from __future__ import annotations

import numpy as np

from algorithms.network.road_graph import RoadGraph, build_road_graph


def roads(*lines, oneway=(), level=None, speed=10.0, **options) -> RoadGraph:
    """Road graph of polylines given as lists of points; the lines numbered in `oneway` may only be driven along their direction."""
    offsets = np.cumsum([0] + [len(line) for line in lines])
    backward = np.ones(len(lines), bool)
    backward[list(oneway)] = False
    coords = np.array([point for line in lines for point in line], float).reshape(-1, 2)
    return build_road_graph(coords, offsets, np.ones(len(lines), bool), backward, np.full(len(lines), speed), level, **options)


def random_lattice(rng: np.random.Generator, columns: int = 4, rows: int = 4, oneway: float = 0.3, missing: float = 0.2) -> RoadGraph:
    """Streets between neighbours of a crooked lattice, 100 m apart, some missing, some one-way, at two speeds."""
    xy = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2) * 100.0
    xy = np.round(xy + rng.uniform(-30, 30, xy.shape), 2)
    number = np.arange(columns * rows).reshape(rows, columns)
    east, north = np.stack((number[:, :-1], number[:, 1:]), -1), np.stack((number[:-1], number[1:]), -1)
    pairs = np.concatenate((east.reshape(-1, 2), north.reshape(-1, 2)))
    kept = rng.random(len(pairs)) >= missing
    kept[0] = True
    pairs = pairs[kept]
    turned = rng.random(len(pairs)) < 0.5
    pairs[turned] = pairs[turned, ::-1]
    both = rng.random(len(pairs)) >= oneway
    speed = rng.choice([5.0, 15.0], len(pairs))
    return build_road_graph(xy[pairs].reshape(-1, 2), np.arange(len(pairs) + 1) * 2, np.ones(len(pairs), bool), both, speed)
