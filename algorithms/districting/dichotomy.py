"""A first plan: every region halved along straight lines, again and again, then made contiguous."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.problem import DistrictingProblem, Ints, district_offsets
from algorithms.graph.components import components
from algorithms.sums import group_sums

DIRECTIONS = 8


def dichotomy(problem: DistrictingProblem, turn: float = 0.0) -> Ints:
    """Return labels by successive dichotomies (Kalcsics, Nickel and Schröder 2005), all regions and parts at one level together.

    Each part is cut across the direction of DIRECTIONS (turned by `turn` radians) whose cut costs least. Districts may be in pieces.
    """
    first = district_offsets(problem)[:-1]
    part = first[problem.region].astype(np.int64)
    count = int(problem.districts.sum())
    size = np.zeros(count, np.int64)
    size[first] = problem.districts
    load = problem.weight.max(axis=1) + 1e-9  # units that weigh nothing still have a place in the order
    pairs = problem.adjacency
    while size.max(initial=0) > 1:
        half = size // 2
        open_part = size[part] > 1
        best_cost = np.full(count, np.inf)
        best_side = np.zeros(len(part), bool)
        total = group_sums(part, load, count)
        for k in range(DIRECTIONS):
            angle = turn + np.pi * k / DIRECTIONS
            t = problem.xy @ np.array([np.cos(angle), np.sin(angle)])
            order = np.lexsort((t, part))
            run = np.cumsum(load[order])
            before = run - load[order]
            base = np.full(count, np.inf)
            np.minimum.at(base, part[order], before)
            share = np.empty(len(part))
            share[order] = (run - base[part[order]] - load[order] / 2) / total[part[order]]
            side = open_part & (share < half[part] / np.maximum(size[part], 1))
            cut = (part[pairs.low] == part[pairs.high]) & (side[pairs.low] != side[pairs.high])
            cost = group_sums(part[pairs.low[cut]], pairs.cost[cut], count)
            better = cost < best_cost
            best_cost[better] = cost[better]
            best_side = np.where(better[part], side, best_side)
        moved = open_part & ~best_side
        opened = np.flatnonzero(size > 1)
        part = np.where(moved, part + half[part], part)
        size[opened + half[opened]] = size[opened] - half[opened]
        size[opened] = half[opened]
    return part.astype(np.int32)


def make_contiguous(problem: DistrictingProblem, labels: Ints) -> Ints:
    """Return labels in which every district is one connected piece and none is empty, as far as its region has units enough.

    The heaviest piece of each district stays; strays join the neighbour with the longest common border, ring by ring. An empty
    district takes half of the heaviest one.
    """
    labels = labels.astype(np.int32).copy()
    first = district_offsets(problem)
    count = int(first[-1])
    for _round in range(count + 1):
        labels = _absorb_strays(problem, labels, count)
        empty = np.flatnonzero(np.bincount(labels, minlength=count) == 0)
        split = False
        for district in empty.tolist():
            split |= _split_heaviest(problem, labels, first, district)
        if not split:
            break
    return labels


def _absorb_strays(problem: DistrictingProblem, labels: Ints, count: int) -> Ints:
    pairs = problem.adjacency
    ok = pairs.crossable
    low, high, cost = pairs.low[ok], pairs.high[ok], pairs.length[ok]
    same = labels[low] == labels[high]
    piece = components(len(labels), low[same], high[same])
    pieces = int(piece.max(initial=-1)) + 1
    heft = group_sums(piece, problem.weight.max(axis=1), pieces) + 1e-12 * group_sums(piece, problem.area, pieces)
    label_of = np.zeros(pieces, np.int64)
    label_of[piece] = labels
    order = np.lexsort((heft, label_of))
    main = np.full(count, -1, np.int64)
    main[label_of[order]] = order
    label = np.where(piece == main[labels], labels, -1).astype(np.int64)
    while True:
        lost_low, lost_high = label[low] < 0, label[high] < 0
        one = lost_low != lost_high
        if not one.any():
            return label.astype(np.int32)
        unit = np.where(lost_low, low, high)[one].astype(np.int64)
        giver = np.where(lost_low, label[high], label[low])[one]
        key, index = np.unique(unit * count + giver, return_inverse=True)
        shared = group_sums(index, cost[one], len(key))
        order = np.lexsort((shared, key // count))
        label[(key // count)[order]] = (key % count)[order]  # the longest is written last


def _split_heaviest(problem: DistrictingProblem, labels: Ints, first: NDArray[np.signedinteger[Any]], district: int) -> bool:
    """Give half of the region's heaviest divisible district to an empty one; return whether there was one."""
    region = int(np.searchsorted(first, district, "right")) - 1
    mine = np.flatnonzero(problem.region == region)
    load = problem.weight.max(axis=1)
    sums = group_sums(labels[mine], load[mine], int(first[-1]))
    units = np.bincount(labels[mine], minlength=int(first[-1]))
    sums[units < 2] = -1
    heaviest = int(np.argmax(sums))
    if sums[heaviest] < 0:
        return False
    rows = mine[labels[mine] == heaviest]
    spread = problem.xy[rows] - problem.xy[rows].mean(axis=0)
    axis = np.linalg.eigh(spread.T @ spread)[1][:, -1]
    order = rows[np.argsort(spread @ axis, kind="stable")]
    half = np.searchsorted(np.cumsum(load[order]), load[order].sum() / 2)
    labels[order[: min(max(int(half), 1), len(order) - 1)]] = district
    return True
