"""Divide streets into stretches of even weight: long ones are cut, short ones joined with a neighbour, then the cuts are moved.

A stroke of n times the mean weight is cut into n parts whose heaviest is as light as can be (exact, see line_partition). Strokes that
are too light are joined with what touches them, the lightest first, rather with their own street. Then single atoms and whole lines move
between stretches that touch, and stretches that touch are joined and cut anew, while that makes the weights more even (sum of squared
deviations) or the stretches less scattered; a stretch never falls apart by it.
"""

from __future__ import annotations

import heapq

import numpy as np

from algorithms.network.polylines import Floats, Ints
from algorithms.progress import SILENT, Progress, Span
from algorithms.railguard.line_partition import even_cuts, least_cap
from algorithms.streets.balance import divide_anew, even_out
from algorithms.streets.grouping import Grouping
from algorithms.streets.problem import Stretches, StretchParams, StretchProblem
from algorithms.sums import group_sums

_LIGHT, _HEAVY = 0.7, 1.35  # shares of the mean: a stretch below the one is joined, to no more than the other
_POOR, _FULL = 0.7, 1.7  # the same once more, where that left some too light
_ROUNDS = 3
_FAR = 5.0  # times the gap: how far what is very light may lie from what it is joined with
_WHOLE = 1 << 28  # what all weights together count in whole numbers


def divide_streets(problem: StretchProblem, params: StretchParams, progress: Progress = SILENT) -> Stretches:
    """Return the stretches of a problem, numbered by their first atom; every atom is in exactly one.

    There are more than wished where streets lie apart that nothing can be joined with, fewer where there are fewer atoms.

    Raises
    ------
    ValueError
        Where there is no atom, or no stretch is wished.
    """
    if not len(problem) or params.count < 1:
        raise ValueError("there is nothing to divide, or nothing to divide it into")
    # atoms that go with another are its weight from here on
    free = np.flatnonzero(problem.host == np.arange(len(problem)))
    row = np.cumsum(problem.host == np.arange(len(problem))) - 1
    weight = group_sums(row[problem.host], problem.weight)
    mean = float(weight.sum()) / params.count
    grouping = Grouping(problem, free, weight, _cut_strokes(problem.stroke[free], weight, mean))
    _join_light(grouping, mean, params.gap)
    _reach_count(grouping, mean, params.count, params.gap)
    moves, finished = even_out(grouping, mean, params, Span(progress, 0.1, 0.6))
    for again in range(_ROUNDS):  # what stayed too light because all around it was full is joined all the same, and evened out once more
        if not finished or not _absorb_light(grouping, mean, params.gap):
            break
        _reach_count(grouping, mean, params.count, params.gap)
        more, finished = even_out(grouping, mean, params, Span(progress, 0.6 + 0.05 * again, 0.65 + 0.05 * again))
        moves += more
    if finished:
        moves += divide_anew(grouping, mean, params, Span(progress, 0.75, 0.95))
        more, finished = even_out(grouping, mean, params, Span(progress, 0.95, 1.0))
        moves += more
    found = np.array(grouping.label)[row[problem.host]]
    _seen, first, label = np.unique(found, return_index=True, return_inverse=True)
    label = np.argsort(np.argsort(first))[label]
    return Stretches(label, group_sums(label, problem.weight), moves, finished)


def _cut_strokes(stroke: Ints, weight: Floats, mean: float) -> Ints:
    """Return a first label of each atom: each stroke in the number of parts nearest to its weight ÷ the mean."""
    label = np.zeros(len(stroke), np.int64)
    starts = np.flatnonzero(np.append(True, stroke[1:] != stroke[:-1]))
    whole = np.maximum(np.rint(weight * (_WHOLE / weight.sum())), 1).astype(np.int64)
    count = 0
    for low, high in zip(starts.tolist(), [*starts[1:].tolist(), len(stroke)], strict=True):
        parts = min(max(round(float(weight[low:high].sum()) / mean), 1), high - low)
        cuts = np.array([0, high - low])
        if parts > 1:
            sums, walls = np.concatenate(([0], np.cumsum(whole[low:high]))), np.zeros(0, np.int64)
            cuts = even_cuts(sums, walls, parts, least_cap(sums, walls, parts))
        label[low:high] = count + np.repeat(np.arange(parts), np.diff(cuts))
        count += parts
    return label


def _join_light(grouping: Grouping, mean: float, gap: float) -> None:
    """Join stretches lighter than wished with one that touches them, the lightest first; what touches none with one near by."""
    for reach, light in ((0.0, _LIGHT), (gap, _LIGHT), (_FAR * gap, _POOR / 2)):
        heap = [(grouping.weight[g], g) for g in grouping.members]
        heapq.heapify(heap)
        while heap:
            weight, group = heapq.heappop(heap)
            if group not in grouping.members or weight != grouping.weight[group] or weight >= light * mean:
                continue
            other: int | None = None
            if not reach:
                other = _partner(grouping, group, grouping.touching(group), mean)
            elif not grouping.touching(group):
                other = next((g for g in grouping.near(group, reach) if weight + grouping.weight[g] <= _HEAVY * mean), None)
            if other is not None:
                kept = grouping.join(other, group)
                heapq.heappush(heap, (grouping.weight[kept], kept))


def _absorb_light(grouping: Grouping, mean: float, gap: float) -> bool:
    """Join stretches that are still much too light with a neighbour though that becomes too heavy; returns whether there were any."""
    light = sorted((weight, g) for g, weight in grouping.weight.items() if weight < _POOR * mean)
    joined = False
    for _weight, group in light:
        if group in grouping.members and grouping.weight[group] < _POOR * mean:
            other = _partner(grouping, group, grouping.touching(group) or grouping.near(group, gap), mean, _FULL)
            if other is not None:
                grouping.join(other, group)
                joined = True
    return joined


def _partner(grouping: Grouping, group: int, near: list[int], mean: float, most: float = _HEAVY) -> int | None:
    """Return the neighbour that a light stretch is best joined with: its own street first, then what comes nearest to the mean."""
    mine = grouping.weight[group]
    best: tuple[float, int] | None = None
    for other in near:
        both = mine + grouping.weight[other]
        if both > most * mean:
            continue
        price = abs(both - mean) / mean - 0.5 * grouping.share_street(group, other)
        if best is None or (price, other) < best:
            best = (price, other)
    return None if best is None else best[1]


def _reach_count(grouping: Grouping, mean: float, count: int, gap: float) -> None:
    """Join the lightest with their lightest neighbours, or halve the heaviest, until there are `count` stretches or nothing more fits."""
    stuck: set[int] = set()
    while len(grouping.members) > count:
        waiting = [(weight, g) for g, weight in grouping.weight.items() if g not in stuck]
        if not waiting:
            break
        weight, group = min(waiting)
        near = [g for g in grouping.touching(group) or grouping.near(group, gap) if weight + grouping.weight[g] <= _FULL * mean]
        if near:
            grouping.join(min(near, key=lambda g: (grouping.weight[g], g)), group)
        else:
            stuck.add(group)
    while len(grouping.members) > count and (crowd := _crowd(grouping, mean)):
        group = min(crowd, key=lambda g: (grouping.weight[g], g))
        grouping.join(min(grouping.touching(group), key=lambda g: (grouping.weight[g], g)), group)
    while len(grouping.members) < count:
        heavy = [(-grouping.weight[g], g) for g, atoms in grouping.members.items() if len(atoms) > 1]
        if not heavy:
            return
        grouping.halve(min(heavy)[1])


def _crowd(grouping: Grouping, mean: float) -> list[int]:
    """Return the stretches of a part of the streets with more of them than its weight asks for; joined there, they are evened out later."""
    left = set(grouping.members)
    while left:
        part, stack = set[int](), [left.pop()]
        while stack:
            group = stack.pop()
            part.add(group)
            near = left.intersection(grouping.touching(group))
            left -= near
            stack += near
        if len(part) >= sum(grouping.weight[g] for g in part) / mean + 0.5 and len(part) > 1:
            return sorted(part)
    return []
