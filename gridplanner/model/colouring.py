"""Which grids are painted alike: few colours, and never the same on two sides of a border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import Ground, Traced, ground_of
from gridplanner.model.plan_change import PlanChange
from gridplanner.model.recent import Recent
from gridplanner.model.units import Units

COLOURS = 9  # that a palette has
TURNS = 40  # neighbours that may make room for one another after an edit
_recent = Recent[dict[int, int]](16)  # colours of the last plans: who asks again is given the same


def neighbour_pairs(units: Units, labels: Ints) -> Ints:
    """Return the pairs of grids that share a border, (n, 2), each once, the smaller label first."""
    both = (units.left >= 0) & (units.right >= 0)
    a, b = labels[units.left[both]], labels[units.right[both]]
    differ = a != b
    pairs = np.column_stack((np.minimum(a, b)[differ], np.maximum(a, b)[differ]))
    return np.unique(pairs, axis=0).astype(np.int32) if len(pairs) else np.empty((0, 2), np.int32)


def grid_colours(units: Units, plan: GridPlan) -> dict[int, int]:
    """Return the index into the palette of every grid; neighbours differ, and a grid keeps its colour through most edits.

    Greedy: each grid prefers a colour that follows from its number alone, and takes the next one that no neighbour has. With more
    than nine neighbours of nine colours (a lake of a grid), it takes the one its neighbours use least.
    """
    known = _recent.find(units, plan)
    if known is not None:
        return known
    colours: dict[int, int] = {}
    beside = _neighbours(neighbour_pairs(units, plan.labels), plan.grids)
    for label in sorted(beside, key=lambda key: (len(beside[key]) < COLOURS, key)):  # first those that could find every colour taken
        colours[label] = _choice(label, beside[label], colours)
    return _recent.keep(colours, units, plan)


def colours_after(
    before: Mapping[int, int], change: PlanChange, touched: Traced, units: Units, plan: GridPlan
) -> tuple[dict[int, int], frozenset[int]]:
    """Return the colours of a plan, given those `before` a change of it, and the grids whose colour is another.

    Only grids of the change take another, and only where a neighbour has theirs; where nine neighbours have all nine, one of these
    makes room. `grid_colours` of this plan returns the same from now on, so that the map paints what the table shows.
    """
    colours = dict(before)
    for label in change.grids:
        if label not in plan.grids:
            colours.pop(label, None)
    beside = _neighbours(_pairs_in(units, plan.labels, touched.ground), touched.ids.tolist())
    waiting = sorted((label for label in change.grids if label in plan.grids), reverse=True)
    took: set[int] = set()
    for _turn in range(len(waiting) + TURNS):
        if not waiting:
            return _recent.keep(colours, units, plan), frozenset(label for label in took if before.get(label) != colours[label])
        label = waiting.pop()
        if label not in beside:
            beside |= _neighbours(_pairs_in(units, plan.labels, ground_of(units, plan.labels, np.array([label], np.int64))), [label])
        others = set(beside[label])
        if label in colours and all(colours.get(other) != colours[label] for other in others):
            continue
        colours[label] = _choice(label, others, colours)
        took.add(label)
        waiting += [other for other in others if colours.get(other) == colours[label]]
    colours = grid_colours(units, plan)  # no way out was found near by: all are dealt anew
    return colours, frozenset(label for label, colour in colours.items() if before.get(label) != colour)


def _pairs_in(units: Units, labels: Ints, ground: Ground) -> Ints:
    """Return the pairs of labels across the borders of some grids, (n, 2); where both are of them, in both orders perhaps."""
    rim = ground.pieces[ground.left != ground.right]
    sides = np.column_stack((units.left[rim], units.right[rim]))
    sides = labels[sides[(sides >= 0).all(axis=1)]].astype(np.int64)
    pairs = np.unique(sides[:, 0] << 32 | sides[:, 1])
    return np.column_stack((pairs >> 32, pairs & 0xFFFFFFFF))


def _neighbours(pairs: Ints, labels: Iterable[int]) -> dict[int, list[int]]:
    """Return for each of `labels` those that it is paired with; pairs of none of them are left out."""
    beside: dict[int, list[int]] = {label: [] for label in labels}
    for a, b in pairs.tolist():
        if a in beside:
            beside[a].append(b)
        if b in beside:
            beside[b].append(a)
    return beside


def _choice(label: int, others: Iterable[int], colours: Mapping[int, int]) -> int:
    """Return the first colour of those that a grid likes that its neighbours use least."""
    taken = [colours[other] for other in others if other in colours and other != label]
    return min(((label * 4 + step) % COLOURS for step in range(COLOURS)), key=taken.count)
