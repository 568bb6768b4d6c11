"""The best plan of a region whose districts are few units each, proven: columns, bound, reduced master."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from algorithms.districting.columns import Columns, enumerate_columns, sets_in_all
from algorithms.districting.problem import DistrictingParams, DistrictingProblem, Floats, Ints, district_cost, district_sums
from algorithms.districting.set_partition import choose_columns
from algorithms.progress import SILENT, Progress

SPANS = (2.6, 2.2, 1.85, 1.6, 1.4, 1.2)  # how far apart two units of a district may be, in sides of a mean district: the rules tried
REACH = 0.35  # how far a district's load may be from its region's mean
SLACK = 1e-9
MOST_UNITS = 4_000  # units of a region up to which tables over pairs of units are made: half a gigabyte


@dataclass(frozen=True, eq=False)
class Proof:
    """What is proven of a region's plan.

    `labels` (n,) the region's units' districts 0 …, `value` its cost and `bound` what no plan under the rule costs less than.
    `span` is the rule: no two units of a district have centres farther apart than `span` × √(region's area ÷ districts) beyond
    their own half-widths unless they are neighbours, and no load lies outside `window`; the districts of the plan in hand are
    let in beside. `columns` districts were looked at, and `kept` could not be ruled out by their reduced cost.
    """

    labels: Ints
    value: float
    bound: float
    span: float
    window: tuple[float, float]
    columns: int
    kept: int


@dataclass(frozen=True, eq=False)
class SweptLand:
    """A region's units in order along its longer axis: (n, n) which are neighbours, what their border costs, how far apart they are."""

    weight: Floats
    rim: Floats
    area: Floats
    joined: NDArray[np.bool_]
    shared: Floats
    gap: Floats


def solve_exactly(
    problem: DistrictingProblem, labels: Ints, params: DistrictingParams, seed: int = 0, progress: Progress = SILENT
) -> Proof | None:
    """Return the cheapest plan of a problem of one region and its proof, or None where its districts cannot all be listed.

    `labels` (n,) is a contiguous plan to start from, with no empty district; the answer is never dearer. `params.columns` is how many
    districts may be listed (the rule is narrowed until they fit), `params.search` the budget of the search among those left. Districts
    in the band are looked at first; where they do not make a plan, those up to REACH from the mean.
    """
    if len(labels) > MOST_UNITS or len(np.unique(labels)) < problem.districts[0]:
        return None
    mean = float(problem.targets[0])
    order = along_axis(problem)
    land = swept_land(problem, order)
    proof = None
    if problem.band[0] <= mean <= problem.band[1]:
        proof = _within(problem, land, order, labels, problem.band, params, seed, progress)
        if proof is not None and _in_band(problem, proof.labels):
            return proof
    start = labels if proof is None else proof.labels
    loads = district_sums(problem, start, int(problem.districts[0]))[0].max(axis=0)
    wide = (min((1 - REACH) * mean, float(loads.min())), max((1 + REACH) * mean, float(loads.max())))
    return _within(problem, land, order, start, wide, params, seed, progress) or proof


def _in_band(problem: DistrictingProblem, labels: Ints) -> bool:
    loads = district_sums(problem, labels, int(problem.districts[0]))[0].max(axis=0)
    return bool((loads >= problem.band[0] - SLACK).all() and (loads <= problem.band[1] + SLACK).all())


def _within(
    problem: DistrictingProblem, land: SweptLand, order: Ints, labels: Ints, window: tuple[float, float], params: DistrictingParams,
    seed: int, progress: Progress,
) -> Proof | None:  # fmt: skip
    """Return the best plan of districts with loads in the window, the districts of `labels` let in beside, and its proof."""
    count, mean = int(problem.districts[0]), float(problem.targets[0])
    window = (window[0] - SLACK, window[1] + SLACK)
    found = _listed(land, count, window, params.columns, progress)
    if found is None:
        return None
    columns, span = found
    cost = column_costs(columns, land.weight, land.rim, land.area, land.shared, mean, problem.band, params)
    loads, boundary, area = district_sums(problem, labels, count)
    own = district_cost(loads.max(axis=0), boundary, area, np.full(count, mean), problem.band, params)
    members, cost, incumbent = _with_plan(columns, cost, labels[order], own)
    choice = choose_columns(members, cost, count, incumbent, params.search, seed, progress)
    district = np.empty(len(order), np.int32)
    for number, row in enumerate(choice.rows.tolist()):
        district[order[members.indices[members.indptr[row] : members.indptr[row + 1]]]] = number
    return Proof(district, choice.value, choice.bound, span, window, len(cost), choice.kept)


def column_costs(
    columns: Columns, weight: Floats, rim: Floats, area: Floats, shared: Floats, mean: float, band: tuple[float, float],
    params: DistrictingParams,
) -> Floats:  # fmt: skip
    """Return the cost of each column (c,); `shared` (n, n) is the cost of the border between two units, symmetric."""
    values = np.column_stack((weight, rim, area))
    cost = np.empty(len(columns))
    bounds = np.searchsorted(columns.root, np.arange(len(weight) + 1))
    for root in range(len(weight)):
        part = slice(int(bounds[root]), int(bounds[root + 1]))
        units = columns.choice[root]
        units = units[units >= 0]
        words = columns.bits[part].astype("<u8").view(np.uint8).reshape(-1, 8)
        inside = np.unpackbits(words, axis=1, count=len(units), bitorder="little").astype(float)
        sums = inside @ values[units]
        boundary = sums[:, -2] - np.einsum("ij,ij->i", inside @ shared[np.ix_(units, units)], inside)
        load = sums[:, :-2].max(axis=1)
        cost[part] = district_cost(load, boundary, sums[:, -1], np.full(len(load), mean), band, params)
    return cost


def _listed(land: SweptLand, count: int, window: tuple[float, float], most: int, progress: Progress) -> tuple[Columns, float] | None:
    """Return the columns under the widest rule that can be listed, and that rule's span."""
    side = float(np.sqrt(land.area.sum() / count))
    for span in SPANS:
        near = (land.gap <= span * side) | land.joined
        if sets_in_all(land.weight, land.joined, near, *window, most, progress) <= most:
            columns = enumerate_columns(land.weight, land.joined, near, *window, most, progress)
            if columns is not None:
                return columns, span
    return None


def swept_land(problem: DistrictingProblem, order: Ints) -> SweptLand:
    """Return the units of a problem in the order given (`along_axis`), with tables over pairs of them: up to MOST_UNITS."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    pairs, count = problem.adjacency, len(order)
    joined, shared = np.zeros((count, count), bool), np.zeros((count, count))
    low, high = rank[pairs.low], rank[pairs.high]
    joined[low[pairs.crossable], high[pairs.crossable]] = True
    shared[low, high] = pairs.cost
    xy, area = problem.xy[order], problem.area[order]
    half = 0.5 * np.sqrt(area)
    gap = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) - half[:, None] - half[None]
    return SweptLand(problem.weight[order], problem.rim[order], area, joined | joined.T, shared + shared.T, gap)


def along_axis(problem: DistrictingProblem) -> Ints:
    """Return the units in order along the region's longer axis: so each has the fewest later ones near it."""
    spread = problem.xy - problem.xy.mean(axis=0)
    axis = np.linalg.eigh(spread.T @ spread)[1][:, -1]
    return np.argsort(spread @ axis, kind="stable")


def _with_plan(columns: Columns, cost: Floats, labels: Ints, own: Floats) -> tuple[csr_array, Floats, Ints]:
    """Return the columns, costs, and the rows of a plan's districts, those that the rule leaves out added at the end."""
    rows = np.zeros(len(own), np.int64)
    extra: list[int] = []
    for district in range(len(own)):
        units = np.flatnonzero(labels == district)
        rows[district] = columns.row_of(units)
        if rows[district] < 0:
            rows[district] = len(cost) + len(extra)
            extra.append(district)
    if not extra:
        return columns.members, cost, rows
    outside = csr_array((labels[None] == np.array(extra)[:, None]).astype(float))
    return csr_array(vstack((columns.members, outside), format="csr")), np.concatenate((cost, own[extra])), rows
