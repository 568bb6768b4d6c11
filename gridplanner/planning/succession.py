"""Which earlier grid each grid of a new plan continues: ids, codes and names by overlap; what is new, what ends, and what follows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from algorithms.sums import group_sums
from gridplanner.i18n import _
from gridplanner.model.codes import GridCodes
from gridplanner.model.grids import Grid, RetiredGrid, listed_codes, still_retired
from gridplanner.model.groups import grids_named
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import unit_areas
from gridplanner.planning.earlier_plan import EarlierPlan
from gridplanner.planning.grid_numbers import codes_of_districts, community_of_districts
from gridplanner.planning.pieces import Settled

HALF = 0.5
LEAST = 1e-3  # households' worth of all ground together: it decides only where nobody lives
NAMED = 6  # predecessors or successors that are named


@dataclass(frozen=True, eq=False)
class Succession:
    """A new plan's labels (u,), its grids by id, and every grid that ended, the earlier ones first."""

    labels: Ints
    grids: dict[int, Grid]
    retired: tuple[RetiredGrid, ...]


def succession(
    project: Project, before: EarlierPlan, district: Ints, settled: Mapping[int, Settled], codes: Mapping[int, str], valid_from: str,
    most: float = np.inf,
) -> Succession:  # fmt: skip
    """Return the new plan in the names of the earlier one.

    `district` (u,) numbers the new grids from 0. Each community's earlier grids are given to its new ones so that most households keep
    theirs (assignment by Kuhn 1955); a grid that has less than half of either's households in common with its own is new, as long as
    no more than `most` households change grid by it. Grids that the rules made (`settled`) and `codes` that places demand come first.
    Raises InputError where a community has more grids than its codes have room for.
    """
    return _Succession(project, before, district, settled, codes, valid_from, most).result()


class _Succession:
    """The overlaps, and what follows from them."""

    def __init__(
        self, project: Project, before: EarlierPlan, district: Ints, settled: Mapping[int, Settled], codes: Mapping[int, str], valid: str,
        most: float,
    ) -> None:  # fmt: skip
        assert project.units is not None
        self.project, self.before, self.district, self.settled, self.valid = project, before, district, settled, valid
        self.units = project.units
        self.count, self.old = int(district.max()) + 1, len(before.grids)
        self.community = community_of_districts(self.units, district)
        area = unit_areas(self.units)
        self.weight = unit_households(self.units, project.households) + LEAST * area / max(float(area.sum()), 1e-9)
        known = (before.unit >= 0) & (before.unit < self.old)
        key, index = np.unique(district[known].astype(np.int64) * self.old + before.unit[known], return_inverse=True)
        self.pair_new, self.pair_old = key // max(self.old, 1), key % max(self.old, 1)
        self.shared = group_sums(index.ravel(), self.weight[known], len(key))
        self.continues = self._continued(codes, most)

    def result(self) -> Succession:
        """Return the new plan's labels, grids and retired grids."""
        found = self._codes()
        ids = self._ids()
        name = _("{community} grid {n:02d}")
        names = self.project.communities.names
        retired = self._retired(found)
        heirs: dict[str, list[str]] = {}
        for end in retired:
            for code in end.successors[:1]:
                heirs.setdefault(code, []).append(end.code)
        changed = self._changed()
        grids: dict[int, Grid] = {}
        for d in np.argsort(found.code, kind="stable").tolist():
            row, what = int(self.continues[d]), self.settled.get(d)
            code, community = str(found.code[d]), int(self.community[d])
            grid = dataclasses.replace(self.before.grids[row] if row >= 0 else Grid(community), code=code, community=community)
            if not grid.name:
                usual = name.format(community=names[community], n=max(int(found.number[d]), 1))
                grid = dataclasses.replace(grid, name=(what and what.name) or usual)
            if what is None or what.kind != "locked":
                grid = dataclasses.replace(grid, kind=what.kind if what else "")
            parents = self._parents(d, code, heirs.get(code, []), str(found.previous[d]))
            if parents:
                grid = dataclasses.replace(grid, prev_code=parents)
            if self.valid and (changed[d] or row < 0):
                grid = dataclasses.replace(grid, valid_from=self.valid)
            grids[int(ids[d])] = grid
        plan = self.project.grids
        earlier = still_retired(plan.retired, grids) if plan is not None else ()
        return Succession(ids[self.district].astype(np.int32), grids, (*earlier, *retired))

    def _continued(self, codes: Mapping[int, str], most: float) -> Ints:
        """Return the row of the earlier grid that each new one continues, -1 for a new one."""
        continues = np.full(self.count, -1, np.int64)
        taken = np.zeros(max(self.old, 1), bool)
        row_of_id = {key: row for row, key in enumerate(self.before.ids) if key}
        row_of_code = {grid.code: row for row, grid in enumerate(self.before.grids) if grid.code}
        sure = {d: row_of_id[what.grid] for d, what in self.settled.items() if what.kind == "locked" and what.grid in row_of_id}
        sure |= {d: row_of_code[code] for d, code in codes.items() if code in row_of_code}
        for d, row in sure.items():
            continues[d], taken[row] = row, True
        home = np.array([grid.community for grid in self.before.grids], np.int64)
        open_pair = (continues[self.pair_new] < 0) & ~taken[self.pair_old] & (home[self.pair_old] == self.community[self.pair_new])
        for community in np.unique(self.community[self.pair_new[open_pair]]).tolist():
            mine = np.flatnonzero(open_pair & (self.community[self.pair_new] == community))
            new, i = np.unique(self.pair_new[mine], return_inverse=True)
            old, j = np.unique(self.pair_old[mine], return_inverse=True)
            worth = np.zeros((len(new), len(old)))
            worth[i.ravel(), j.ravel()] = self.shared[mine]
            rows, columns = linear_sum_assignment(-worth)
            kept = worth[rows, columns] > 0
            continues[new[rows[kept]]] = old[columns[kept]]
        return self._without_slight(continues, sure, most)

    def _without_slight(self, continues: Ints, sure: Mapping[int, int], most: float) -> Ints:
        """Return what continues what, without grids that have less than half of either's weight in common with their own."""
        whole = group_sums(self.district, self.weight, self.count)
        was = group_sums(self.pair_old, self.shared, self.old)
        kept = np.flatnonzero(continues[self.pair_new] == self.pair_old)
        moved = float(self.shared.sum() - self.shared[kept].sum())
        for pair in kept[np.argsort(self.shared[kept], kind="stable")].tolist():
            d, row, common = int(self.pair_new[pair]), int(self.pair_old[pair]), float(self.shared[pair])
            if d not in sure and common < HALF * min(whole[d], was[row]) and moved + common <= most:
                continues[d] = -1
                moved += common
        return continues

    def _codes(self) -> GridCodes:
        kept = np.full(self.count, "", object)
        for d in np.flatnonzero(self.continues >= 0).tolist():
            kept[d] = self.before.grids[int(self.continues[d])].code
        ended = {grid.code for grid in self.before.grids if grid.code} - set(kept.tolist())
        plan = self.project.grids
        return codes_of_districts(
            self.project, self.district, self.settled, kept, ended | (plan.retired_codes if plan is not None else frozenset())
        )

    def _ids(self) -> Ints:
        """Return the id of each new grid: its predecessor's, else a number above all that were ever used here."""
        own = np.array([*self.before.ids, 0], np.int64)[self.continues]
        following = max([0, *self.before.ids, *grids_named(self.project)]) + 1
        new = np.flatnonzero(own == 0)
        own[new] = following + np.arange(len(new))
        return own

    def _changed(self) -> Bools:
        """Return which new grids hold other units than the one that they continue."""
        other = self.before.unit != self.continues[self.district]
        changed = np.bincount(self.district[other], minlength=self.count) > 0
        lost = self.before.unit[other]
        less = np.isin(self.continues, lost[lost >= 0])
        return np.asarray(changed | less)

    def _parents(self, d: int, code: str, ended: list[str], previous: str) -> str:
        """Return the codes of the grids that a new grid, or the heir of one that ended, was made from; empty for others."""
        if self.continues[d] >= 0:
            return listed_codes([code, *ended] if ended else [previous])
        origin = np.where(self.district == d, self.before.origin, -1)
        held = group_sums(origin[origin >= 0], self.weight[origin >= 0], self.old)
        order = np.argsort(-held, kind="stable")[:NAMED]
        return listed_codes(self.before.grids[row].code for row in order[held[order] >= LEAST].tolist())

    def _retired(self, found: GridCodes) -> tuple[RetiredGrid, ...]:
        gone = np.setdiff1d(np.arange(self.old), self.continues)
        ends = []
        for row in gone.tolist():
            grid = self.before.grids[row]
            mine = np.flatnonzero(self.pair_old == row)
            order = mine[np.argsort(-self.shared[mine], kind="stable")]
            held = order[self.shared[order] >= LEAST]
            successors = tuple(str(found.code[d]) for d in self.pair_new[held if len(held) else order][:NAMED].tolist())
            ends.append(RetiredGrid(grid.community, grid.code, grid.name, successors, self.valid))
        return tuple(ends)
