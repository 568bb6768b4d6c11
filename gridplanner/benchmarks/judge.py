"""One judge for every plan, ours and the peers': the same figures from units, households and labels, by nothing of the solver's."""

from __future__ import annotations

import numpy as np

from algorithms.graph.components import components
from algorithms.sums import group_sums
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import boundary_mask, community_parts, grid_rows, sides
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import Units, border_lengths, unit_areas

Figures = dict[str, float]
TARGET, TOLERANCE = 300.0, 0.10


def judge(project: Project, labels: Ints, count: int) -> Figures:
    """Return the figures of a labelling (u,) of the project's units into `count` grids, those without a unit being empty grids.

    Households against 300 ± 10 %. `worst_pct`, `mean_pct`: the largest and the mean deviation from 300; `fit_worst_pct` the largest
    where the community's total divided by some number lies in the band; `mean_worst_pct` the largest deviation from the mean of the
    community's grids; `within_pct`, `within_20_pct` the share of grids within 10 and 20 %; `compact`, `compact_least` the mean and
    least Polsby–Popper; `border_km` borders between grids of one community; `broken` grids with more pieces than parts of the
    community that they lie in; `crossings` grids more than one community has a piece of; `empty` grids without a unit.

    Raises ValueError where the project has no units.
    """
    units = project.units
    if units is None:
        raise ValueError("the project has no units")
    load = group_sums(labels, unit_households(units, project.households), count)
    community = np.full(count, -1)
    community[labels] = units.community
    community = _owners_of_empty(community)
    deviation = np.round(100 * np.abs(load / TARGET - 1), 9)  # 330 of 300 is 10 %, not a little more
    total = group_sums(community, load, len(project.communities))
    grids = np.bincount(community, minlength=len(project.communities))
    mean = (total / np.maximum(grids, 1))[community]
    fits = np.array([fitting(t) for t in total.tolist()], bool)[community]
    held = np.bincount(labels, minlength=count) > 0
    compact = _polsby_popper(units, labels, count)[held]
    inside = np.equal(*sides(units, units.community))
    return {
        "grids": float(count),
        "worst_pct": float(deviation.max(initial=0.0)),
        "fit_worst_pct": float(deviation[fits].max(initial=0.0)),
        "mean_worst_pct": float((100 * np.abs(load / np.maximum(mean, 1e-9) - 1))[mean > 0].max(initial=0.0)),
        "mean_pct": float(deviation.mean()),
        "within_pct": float(100 * np.mean(deviation <= 100 * TOLERANCE + 1e-9)),
        "within_20_pct": float(100 * np.mean(deviation <= 20 + 1e-9)),
        "compact": float(compact.mean()),
        "compact_least": float(compact.min()),
        "border_km": float(border_lengths(units)[boundary_mask(units, labels) & inside].sum() / 1000),
        "broken": float(np.sum(_pieces(units, labels, count) > _touched(community_parts(units), labels, count))),
        "crossings": float(np.sum(_touched(units.community, labels, count) > 1)),
        "empty": float(count - held.sum()),
    }


def judge_ours(project: Project) -> Figures:
    """Return the figures of the project's own grid plan; raises ValueError where it has none."""
    if project.grids is None:
        raise ValueError("the project has no grid plan")
    return judge(project, grid_rows(project.grids), len(project.grids))


def fitting(total: float) -> bool:
    """Return whether some whole number of grids brings `total` households into the band."""
    return np.ceil(total / (TARGET * (1 + TOLERANCE)) - 1e-9) <= np.floor(total / (TARGET * (1 - TOLERANCE)) + 1e-9) and total > 0


def moved_pct(before: Ints, after: Ints, weight: Floats) -> float:
    """Return the share of `weight` (u,) whose label changes, after the new labels are matched to the old ones as well as can be."""
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    old, new = (np.unique(labels, return_inverse=True)[1] for labels in (before, after))
    rows, cols = int(old.max()) + 1, int(new.max()) + 1
    overlap = coo_array((weight, (old, new)), shape=(rows, cols)).tocsr()
    both = coo_array((np.ones(len(old)), (old, rows + new)), shape=(rows + cols, rows + cols))
    _number, cluster = connected_components(both, directed=False)  # labels that share no unit are matched apart
    order = np.argsort(cluster[:rows], kind="stable")
    stays = 0.0
    for group in np.split(order, np.flatnonzero(np.diff(cluster[:rows][order])) + 1):
        others = np.flatnonzero(cluster[rows:] == cluster[group[0]])
        block = overlap[group][:, others].toarray()
        a, b = linear_sum_assignment(block, maximize=True)
        stays += float(block[a, b].sum())
    return 100 * (1 - stays / float(weight.sum()))


def _owners_of_empty(community: Ints) -> Ints:
    """Return each grid's community, an empty grid having that of the grid before it (peers number their grids by community)."""
    known = np.maximum.accumulate(np.where(community >= 0, np.arange(len(community)), -1))
    return np.asarray(community[np.maximum(known, int(np.argmax(community >= 0)))])


def _polsby_popper(units: Units, labels: Ints, count: int) -> Floats:
    left, right = sides(units, labels)
    bound, length = left != right, border_lengths(units)
    rim = np.zeros(count)
    for side in (left, right):
        rows = bound & (side >= 0)
        rim += group_sums(side[rows], length[rows], count)
    return np.asarray(4 * np.pi * group_sums(labels, unit_areas(units), count) / np.maximum(rim, 1e-9) ** 2)


def _pieces(units: Units, labels: Ints, count: int) -> Ints:
    """Return how many pieces of land, joined by common borders, each grid has."""
    left, right = sides(units, labels)
    same = (left == right) & (left >= 0)
    piece = components(len(labels), units.left[same], units.right[same])
    return _touched(piece, labels, count)


def _touched(part: Ints, labels: Ints, count: int) -> Ints:
    """Return how many different parts the units of each grid lie in."""
    pair = np.unique(labels.astype(np.int64) * (int(part.max(initial=0)) + 1) + part)
    return np.bincount(pair // (int(part.max(initial=0)) + 1), minlength=count)
