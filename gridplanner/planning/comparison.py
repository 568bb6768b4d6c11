"""What differs between two plans of one district: who is in another grid, and how the plans compare in figures."""

from __future__ import annotations

import numpy as np

from algorithms.graph.matching import heaviest_matching
from algorithms.sums import group_sums
from gridplanner.model.band import band_of
from gridplanner.model.comparison import NONE, Comparison, GridPairs, Moves, Totals
from gridplanner.model.followed_area import same_units
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_rows, sides
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.scenarios import scenario_title
from gridplanner.model.statistics import grid_figures
from gridplanner.model.units import Units, border_lengths, sum_by_unit

HALF = 0.5


def compare(before: Project, after: Project) -> Comparison:
    """Return what differs between two plans over the same addresses; raises ValueError where one has no grids or other addresses.

    A grid corresponds to the one that makes most households stay (a heaviest matching, not the code: codes may have been given anew);
    of grids without households in common, to the one of the same code.
    """
    if before.units is None or before.grids is None or after.units is None or after.grids is None:
        raise ValueError("a project has no grid plan")
    if len(before.units.address_unit) != len(after.units.address_unit):
        raise ValueError("the projects have other addresses")
    counts = len(before.grids), len(after.grids)
    homes = after.households.households
    pair, which = _pairs_of_addresses(before.units, before.grids, after.units, after.grids)
    known = np.flatnonzero(which >= 0)
    which = which[known]
    shared = group_sums(which, homes[known], len(pair))
    left, right = (pair // counts[1]).astype(np.int32), (pair % counts[1]).astype(np.int32)
    partner = _partners(before.grids, after.grids, left, right, shared)
    other = partner[left] != right
    gone = known[other[which]]
    pairs = _pairs(before, after, partner, left, right, shared)
    return Comparison(
        (scenario_title(before.scenario), scenario_title(after.scenario)),
        pairs,
        _moves(before, after, pair[other], which[other[which]], gone, counts[1]),
        float(homes[gone].sum()),
        float(homes[known].sum()),
        (totals_of(before), totals_of(after)),
        _changed(before, after, partner, gone),
    )


def totals_of(project: Project) -> Totals:
    """Return a project's plan in figures; raises ValueError where it has none."""
    figures = grid_figures(project)
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    band = band_of(project.settings.grids)
    fits = (figures.load >= band.low - 1e-9) & (figures.load <= band.high + 1e-9)
    left, right = sides(units, grid_rows(plan))
    inner = (left != right) & (units.left >= 0) & (units.right >= 0)
    inner[inner] = units.community[units.left[inner]] == units.community[units.right[inner]]
    worst = float(figures.deviation[np.abs(figures.deviation).argmax()]) if len(figures) else 0.0
    return Totals(
        len(figures), int(fits.sum()), worst, float(border_lengths(units)[inner].sum()),
        float(figures.street_pct.mean()) if len(figures) else 0.0, float(figures.compact.mean()) if len(figures) else 0.0,
    )  # fmt: skip


def _pairs_of_addresses(before: Units, plan_before: GridPlan, after: Units, plan_after: GridPlan) -> tuple[Ints, Ints]:
    """Return the pairs of grids that addresses are in, rising, and the place there of each address's pair, NONE where it has none, (a,).

    A pair is its row in `grid_ids` before times the number of grids after, plus its row after.
    """
    one, two, count = _unit_rows(plan_before), _unit_rows(plan_after), len(plan_after)
    if before is after:  # then whole units are in a pair
        pair, which = np.unique(_key(one, two, count), return_inverse=True)
        which = np.where(after.address_unit >= 0, which[after.address_unit], -1)
    else:
        rows = [np.where(units.address_unit >= 0, row[units.address_unit], NONE) for units, row in ((before, one), (after, two))]
        pair, which = np.unique(_key(rows[0], rows[1], count), return_inverse=True)
    nowhere = int(len(pair) > 0 and pair[0] < 0)
    return pair[nowhere:], np.maximum(which - nowhere, NONE)


def _key(one: Ints, two: Ints, count: int) -> Ints:
    return np.where((one >= 0) & (two >= 0), one.astype(np.int64) * count + two, NONE)


def _unit_rows(plan: GridPlan) -> Ints:
    """Return the row in `grid_ids` of each unit's grid, NONE where it is in none, (u,)."""
    return np.where(np.isin(plan.labels, grid_ids(plan)), grid_rows(plan), NONE).astype(np.int32)


def _partners(before: GridPlan, after: GridPlan, left: Ints, right: Ints, shared: Floats) -> Ints:
    """Return for each grid before the row of its counterpart after, NONE where there is none."""
    some = shared > 0
    partner = heaviest_matching(left[some], right[some], shared[some], (len(before), len(after)))
    taken = set(partner[partner >= 0].tolist())
    codes = [(after.grids[int(key)].code, row) for row, key in enumerate(grid_ids(after)) if row not in taken]
    of_code = {code: row for code, row in codes if code}
    for row in np.flatnonzero(partner < 0).tolist():
        partner[row] = of_code.pop(before.grids[int(grid_ids(before)[row])].code, NONE)
    return partner


def _pairs(before: Project, after: Project, partner: Ints, left: Ints, right: Ints, shared: Floats) -> GridPairs:
    assert before.grids is not None
    assert after.grids is not None
    counts = len(before.grids), len(after.grids)
    total = group_sums(left, shared, counts[0]), group_sums(right, shared, counts[1])
    stay = partner[left] == right
    kept = group_sums(left[stay], shared[stay], counts[0])
    fresh = np.setdiff1d(np.arange(counts[1]), partner)
    of_before = np.concatenate((np.arange(counts[0]), np.full(len(fresh), NONE))).astype(np.int32)
    of_after = np.concatenate((partner, fresh)).astype(np.int32)
    had = np.where(of_before >= 0, total[0][of_before], 0.0)
    has = np.where(of_after >= 0, total[1][of_after], 0.0)
    stays = np.where(of_before >= 0, kept[of_before], 0.0)
    one, two = _ids(before.grids, of_before), _ids(after.grids, of_after)
    names = [
        _community(after if grid == NONE else before, other if grid == NONE else grid)
        for grid, other in zip(one.tolist(), two.tolist(), strict=True)
    ]
    return GridPairs(
        one, two, _codes(before.grids, one), _codes(after.grids, two), texts(names), had, has, had - stays, has - stays,
    )  # fmt: skip


def _moves(before: Project, after: Project, pair: Ints, which: Ints, gone: Ints, count: int) -> Moves:
    """Return the moves: `pair` (k,) keys of those that move, `which` (n,) the key's place among all and `gone` (n,) rows of addresses."""
    assert before.grids is not None
    assert after.grids is not None
    order = np.argsort(which, kind="stable")
    gone, which = gone[order], which[order]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(which) > 0))) if len(which) else np.zeros(0, np.int64)
    homes, xy = after.households.households[gone], after.households.xy[gone]
    households = np.add.reduceat(homes, starts) if len(starts) else np.zeros(0)
    boxes = np.empty((len(starts), 4))
    if len(starts):
        boxes[:, :2], boxes[:, 2:] = np.minimum.reduceat(xy, starts), np.maximum.reduceat(xy, starts)
    addresses = np.diff(np.append(starts, len(gone))).astype(np.int32)
    rank = np.lexsort((pair, -households))
    one, two = _ids(before.grids, (pair // count)[rank]), _ids(after.grids, (pair % count)[rank])
    return Moves(
        one, two, _codes(before.grids, one), _codes(after.grids, two), texts([_community(after, grid) for grid in two.tolist()]),
        addresses[rank], households[rank], boxes[rank],
    )  # fmt: skip


def _changed(before: Project, after: Project, partner: Ints, gone: Ints) -> Bools:
    homes = after.households.households
    assert before.units is not None
    assert after.units is not None
    moved = np.zeros(len(homes))
    moved[gone] = homes[gone]
    every = sum_by_unit(after.units, homes)
    changed = sum_by_unit(after.units, moved) > HALF * every
    if same_units(before.units, after.units):
        assert before.grids is not None
        assert after.grids is not None
        empty = every <= 0
        changed[empty] = partner[grid_rows(before.grids)[empty]] != grid_rows(after.grids)[empty]
    return np.asarray(changed)


def _ids(plan: GridPlan, rows: Ints) -> Ints:
    ids = np.append(grid_ids(plan), NONE)
    return ids[rows].astype(np.int32)


def _codes(plan: GridPlan, ids: Ints) -> Texts:
    return texts([(plan.grids[grid].code or str(grid)) if grid != NONE else "" for grid in ids.tolist()])


def _community(project: Project, grid: int) -> str:
    plan = project.grids
    return str(project.communities.names[plan.grids[grid].community]) if plan is not None and grid in plan.grids else ""
