"""Evening out one grid: the shortest chain of moves between neighbours that brings it into its band and pushes no other one out.

A grid that holds too much gives units to a neighbour; a neighbour that would then hold too much gives on, and so along a path of the
grid graph until one has room: an augmenting path, as in flows (Ford and Fulkerson 1956), the way Hess et al. (1965) and later repair
heuristics balance districts. A grid that holds too little takes, and the chain runs the other way. Paths are searched best first: fewest
moves, then fewest households, then the cheapest borders. What a grid gives is grown unit by unit from the common border so that both
stay connected.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.band import Band, band_of
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats
from gridplanner.model.lookup import unit_at
from gridplanner.model.neighbourhood import Neighbourhood, neighbourhood_of
from gridplanner.model.project import Project
from gridplanner.model.rules import area_of_units
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import Units

LONGEST = 4  # moves of one chain
ROUNDS = 4  # chains, where one cannot carry all that is too much
STARTS = 3  # places of a common border from which a part is grown
OFFERS = 2  # parts of a pair of grids that are followed further
MOST = 60  # grids around one that a chain may pass
LOOKED_AT = 80  # pairs of grids that are looked at for one proposal: the budget of work
EDGE = 1e-9


@dataclass(frozen=True)
class Transfer:
    """Units that go from one grid to another, with their `households` (or persons, where the band speaks of nothing else)."""

    units: tuple[int, ...]
    source: int
    to: int
    households: float


@dataclass(frozen=True)
class Evening:
    """The moves in the order in which they are made; `done` says whether the grid is in its band after them.

    Where it is not, `why` is a msgid that says what stands in the way and what would help; `places` fill it.
    """

    transfers: tuple[Transfer, ...]
    done: bool
    why: str = ""
    places: dict[str, object] = field(default_factory=dict)


def propose_evening(project: Project, grid: int) -> Evening:
    """Return the moves that bring a grid into its band; raises ValueError where there is no such grid."""
    plan = project.grids
    if plan is None or project.units is None or grid not in plan.grids:
        raise ValueError("there is no such grid")
    known = plan.grids[grid]
    if known.locked:
        return Evening((), False, N_("Grid {grid} is locked; unlock it first"), {"grid": known.code})
    work = _Work(project, grid)
    if not work.beyond(grid):
        return Evening((), True, N_("Grid {grid} lies in its band already"), {"grid": known.code})
    made: list[Transfer] = []
    for _round in range(ROUNDS):
        chain = work.chain(grid)
        if not chain:
            break
        for transfer in chain:
            work.move(transfer)
        made += chain
        if not work.beyond(grid):
            return Evening(tuple(made), True)
    return Evening(tuple(made), False, *work.hindrance(grid, known.code))


@dataclass(frozen=True)
class _State:
    """A chain as far as it was made: its moves with their places, the grid that is out of its band by it, and every grid it passed."""

    transfers: tuple[Transfer, ...]
    places: tuple[frozenset[int], ...]
    at: int
    passed: frozenset[int]


@dataclass(frozen=True)
class _Part:
    """Places that could change grid together: their loads (w,), and by how much the borders of both grids grow dearer."""

    places: tuple[int, ...]
    loads: Floats
    dearer: float


class _Work:
    """The grids around one within reach of a chain, as they are after the moves made so far; a *place* is one of their units."""

    def __init__(self, project: Project, grid: int) -> None:
        assert project.grids is not None
        assert project.units is not None
        self.project, self.plan = project, project.grids
        self.band: Band = band_of(project.settings.grids)
        self.community = self.plan.grids[grid].community
        self.beside = _grids_beside(project.units, self.plan, self.community)
        self.ground: Neighbourhood = neighbourhood_of(project, self._within_reach(grid))
        self.dear = _prices(self.ground)
        self.label: list[int] = self.ground.label.tolist()
        self.weight: list[tuple[float, ...]] = [tuple(column) for column in self.ground.loads.T.tolist()]
        held = _still(project)
        self.still = {place for place, unit in enumerate(self.ground.rows.tolist()) if unit in held}
        self.members: dict[int, set[int]] = {}
        for place, label in enumerate(self.label):
            self.members.setdefault(label, set()).add(place)
        self._looked_at = 0

    def move(self, transfer: Transfer) -> None:
        """Take note that units are in another grid from now on."""
        places = set(np.searchsorted(self.ground.rows, transfer.units).tolist())
        self.members[transfer.source] -= places
        self.members[transfer.to] |= places

    def chain(self, grid: int) -> list[Transfer]:
        """Return the best chain for a grid; where none brings it into its band, the one that brings it nearest."""
        start = _State((), (), grid, frozenset((grid,)))
        gives = self._load(start, grid) > self.band.high
        ticket = itertools.count()
        waiting: list[tuple[int, float, int, _State]] = [(0, 0.0, next(ticket), start)]
        best: tuple[float, list[Transfer]] = (self.beyond(grid) - EDGE, [])
        while waiting and self._looked_at < LOOKED_AT:
            steps, cost, _ticket, state = heapq.heappop(waiting)
            if steps and not self._out(state, state.at):
                left = self._out(state, grid)
                if left < EDGE:
                    return list(state.transfers)
                if left < best[0]:
                    best = (left, list(state.transfers))
            elif steps < LONGEST:
                for more, further in self._further(state, gives=gives):
                    heapq.heappush(waiting, (steps + 1, cost + more, next(ticket), further))
        return best[1]

    def beyond(self, grid: int) -> float:
        """Return by how much a grid lies out of its band."""
        return self._out(_State((), (), grid, frozenset()), grid)

    def hindrance(self, grid: int, code: str) -> tuple[str, dict[str, object]]:
        """Return why a grid cannot be evened out, and what would help."""
        near = self.beside.get(grid, set())
        if not near:
            return N_("Grid {grid} has no neighbour in its community; split it, or let the band be wider"), {"grid": code}
        if not any(self._is_open(other) for other in near):
            return N_("Every neighbour of grid {grid} is locked or a grid of its own; unlock one"), {"grid": code}
        mine = [key for key, known in self.plan.grids.items() if known.community == self.community and self._is_open(key)]
        total = self._total(mine)
        mean, number = total / len(mine), self.band.number(total)
        if not self.band.low - EDGE <= mean <= self.band.high + EDGE and number != len(mine):
            text = N_("The {k} grids of this community are {percent} % of the target on average; with {n} grids they would fit")
            return text, {"k": len(mine), "percent": f"{100 * mean:.0f}", "n": number}
        text = N_("No chain of up to {n} moves evens out grid {grid}; re-solve it with its neighbours, or cut a large unit")
        return text, {"grid": code, "n": LONGEST}

    def _within_reach(self, grid: int) -> list[int]:
        """Return the grid and the open ones that a chain of moves can reach, the nearest first."""
        found, front = [grid], [grid]
        for _step in range(LONGEST):
            fresh = sorted({other for one in front for other in self.beside.get(one, ()) if other not in found and self._is_open(other)})
            found += fresh
            front = fresh
            if len(found) >= MOST:
                break
        return found

    def _total(self, grids: list[int]) -> float:
        """Return the load of several grids together."""
        units, homes = self.project.units, self.project.households
        assert units is not None
        mine = np.isin(self.plan.labels, grids)
        households, persons = unit_households(units, homes)[mine].sum(), unit_persons(units, homes)[mine].sum()
        return float(self.band.load(households, persons))

    def _is_open(self, grid: int) -> bool:
        known = self.plan.grids.get(grid)
        return known is not None and not known.locked and not known.kind and known.community == self.community

    def _places(self, state: _State, grid: int) -> set[int]:
        """Return the places of a grid after the moves of a chain."""
        mine = set(self.members.get(grid, ()))
        for transfer, places in zip(state.transfers, state.places, strict=True):
            if transfer.source == grid:
                mine -= places
            elif transfer.to == grid:
                mine |= places
        return mine

    def _load(self, state: _State, grid: int) -> float:
        return float(self.ground.loads[:, list(self._places(state, grid))].sum(axis=1).max())

    def _out(self, state: _State, grid: int) -> float:
        return self._out_by(self._load(state, grid))

    def _out_by(self, load: float) -> float:
        out = max(load - self.band.high, self.band.low - load)
        return out if out > EDGE else 0.0

    def _further(self, state: _State, *, gives: bool) -> list[tuple[float, _State]]:
        """Return the states one move on, with what the move costs."""
        found = []
        target = float(self.band.households or self.band.persons or 1.0)
        for other in sorted(self.beside.get(state.at, set()) - state.passed):
            if other in self.members and self._is_open(other) and self._looked_at < LOOKED_AT:
                self._looked_at += 1
                source, to = (state.at, other) if gives else (other, state.at)
                for part in self._offers(state, source, to):
                    units = tuple(sorted(self.ground.rows[list(part.places)].tolist()))
                    transfer = Transfer(units, source, to, float(part.loads[0]) * target)
                    after = _State((*state.transfers, transfer), (*state.places, frozenset(part.places)), other, state.passed | {other})
                    found.append((float(part.loads.max()) + part.dearer, after))
        return found

    def _offers(self, state: _State, source: int, to: int) -> list[_Part]:
        """Return parts of one grid that could go to another: those that bring the grid in hand into its band, else nearest to it.

        Of these, those that leave the other grid in its band come first, or least out of it.
        """
        gives = source == state.at
        beside = self.ground.loads[:, list(self._places(state, to if gives else source))].sum(axis=1)
        held = self.ground.loads[:, list(self._places(state, state.at))].sum(axis=1)
        load = float(held.max())
        most = load - self.band.low if gives else self.band.high - load  # more would push it out on the other side
        rated = []
        for part in self._parts(self._places(state, source), self._places(state, to), frozenset().union(*state.places), most):
            left = self._out_by(float((held - part.loads if gives else held + part.loads).max()))
            if left < EDGE or (not state.transfers and left < self._out_by(load)):
                pushed = self._out_by(float((beside + part.loads if gives else beside - part.loads).max()))
                rated.append((left, pushed, float(part.loads.max()) + part.dearer, part))
        rated.sort(key=lambda row: row[:3])
        return [part for _left, _pushed, _rate, part in rated[:OFFERS]]

    def _parts(self, mine: set[int], theirs: set[int], used: frozenset[int], most: float) -> list[_Part]:
        """Return parts of one grid beside another that weigh at most `most`, grown unit by unit from several places of their border."""
        ground = self.ground
        still = (self.still | used) & mine
        rim = [place for place in sorted(mine - still) if any(other in theirs for other in ground.near[place])]
        rim.sort(key=lambda place: self._growth(place, mine, theirs))
        found: dict[tuple[int, ...], _Part] = {}
        for start in rim[:STARTS]:
            left, gained, taken = set(mine), set(theirs), []
            weight, dearer, front = [0.0] * len(ground.loads), 0.0, {start}
            while front:
                light = [p for p in front if all(w + own <= most + EDGE for w, own in zip(weight, self.weight[p], strict=True))]
                order = sorted((self._growth(p, left, gained), p) for p in light)
                growth, place = next(((more, p) for more, p in order if ground.can_leave(left, p)), (0.0, -1))
                if place < 0:
                    break
                dearer += growth
                left.discard(place)
                gained.add(place)
                taken.append(place)
                weight = [w + own for w, own in zip(weight, self.weight[place], strict=True)]
                front.discard(place)
                front |= {other for other in ground.near[place] if other in left and other not in still}
                key = tuple(sorted(taken))
                found.setdefault(key, _Part(key, np.array(weight), dearer))
        return list(found.values())

    def _growth(self, place: int, left: set[int], gained: set[int]) -> float:
        """Return by how much the border between two grids grows dearer when a place goes over."""
        more = 0.0
        for other, price in self.dear[place]:
            if other in left:
                more += price
            elif other in gained:
                more -= price
        return more


def _grids_beside(units: Units, plan: GridPlan, community: int) -> dict[int, set[int]]:
    """Return the neighbours of each grid within a community."""
    inner = np.flatnonzero((units.left >= 0) & (units.right >= 0) & ~units.blocked)
    inner = inner[(units.community[units.left[inner]] == community) & (units.community[units.right[inner]] == community)]
    one, other = plan.labels[units.left[inner]], plan.labels[units.right[inner]]
    apart = one != other
    found: dict[int, set[int]] = {}
    for a, b in {*zip(one[apart].tolist(), other[apart].tolist(), strict=True)}:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _prices(ground: Neighbourhood) -> list[list[tuple[int, float]]]:
    """Return what each place's border to each of its neighbours costs, as a share of what a grid's own costs on average."""
    whole = max(float((ground.length * ground.price).sum()) / max(len(np.unique(ground.label)), 1), 1e-9)
    inner = (ground.one >= 0) & (ground.other >= 0)
    found: list[dict[int, float]] = [{} for _place in ground.near]
    prices = (ground.length * ground.price)[inner] / whole
    for a, b, price in zip(ground.one[inner].tolist(), ground.other[inner].tolist(), prices.tolist(), strict=True):
        found[a][b] = found[a].get(b, 0.0) + price
        found[b][a] = found[b].get(a, 0.0) + price
    return [list(prices.items()) for prices in found]


def _still(project: Project) -> frozenset[int]:
    """Return the units that a rule holds where they are: those that stay together, and those of places that belong to a grid."""
    units, rules = project.units, project.rules
    assert units is not None
    held: set[int] = set()
    if len(rules.keep):
        held |= set(np.flatnonzero(area_of_units(units, rules.keep) >= 0).tolist())
    held |= {unit_at(units, x, y) for x, y in rules.must_stay.xy.tolist()}
    return frozenset(held)
