"""Districts made better unit by unit: moves across borders, and chains of two where one alone would upset the loads."""

from __future__ import annotations

import numpy as np

from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums
from algorithms.zoning.connected import Around, may_leave
from algorithms.zoning.problem import Bools, Floats, Ints, ZoningProblem

DEAR = 50.0  # what load beyond the band costs, a target's worth of it, in mean costs of a plan
CHAINS = 12  # of the best chains through each district that are looked at closer
MOST = 220  # moves in and out of a district that are paired


class Exchange:
    """A zoning under improvement from given sites, every district connected at all times.

    The cost of a plan is the units' `cost` (k, n) in their districts, `price` a metre of border between districts, and load beyond
    the `band` of each district, which is dear.
    """

    def __init__(
        self, problem: ZoningProblem, near: Around, cost: Floats, labels: Ints, sites: Ints, band: tuple[Floats, Floats], price: float
    ) -> None:
        n, k = len(labels), len(sites)
        self.problem, self.near, self.band, self.price = problem, near, band, price
        self.cost = np.ascontiguousarray(cost.T)
        self.labels = labels.astype(np.int64)
        self.load = problem.load
        self.held = group_sums(self.labels, self.load, k)
        self.pinned = np.zeros(n, bool)
        self.pinned[problem.home[sites]] = True
        self.mean = float(cost[labels, np.arange(n)].sum())
        self.dear = DEAR * max(self.mean, 1e-12)
        self.touch = np.zeros((n, k))
        self.border = np.zeros((n, k))
        low, high = problem.low, problem.high
        for a, b in ((low, high), (high, low)):
            np.add.at(self.border, (a, self.labels[b]), problem.length)
            np.add.at(self.touch, (a[problem.crossable], self.labels[b[problem.crossable]]), 1.0)
        ends, other = np.concatenate((low, high)), np.concatenate((high, low))
        order = np.argsort(ends, kind="stable")
        self.offsets = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=n))))
        self.others = other[order]
        self.lengths = np.concatenate((problem.length, problem.length))[order]
        self.links = np.concatenate((problem.crossable, problem.crossable))[order].astype(np.float64)

    def run(self, rounds: int, progress: Progress = SILENT) -> None:
        """Improve until nothing does, or for so many rounds."""
        for turn in range(rounds):
            if turn % 16 == 0:
                progress.check()
                if progress.should_finish():
                    return
            unit, to, gain = self._moves()
            if not (self._single(unit, to, gain) or self._chained(unit, to, gain)):
                return

    def value(self) -> float:
        """Return what the plan costs now, borders and loads beyond the band included."""
        each = np.arange(len(self.labels))
        cut = 0.5 * (self.border.sum() - self.border[each, self.labels].sum())
        return float(self.cost[each, self.labels].sum() + self.price * cut + self.beyond(self.held).sum())

    def shaken(self, shakes: int, rounds: int, rng: np.random.Generator, progress: Progress = SILENT) -> None:
        """Improve further: some units change over at random, what can be improved is, and the better plan stays (Lourenço et al. 2003)."""
        best, worth = self.labels.copy(), self.value()
        for _ in range(shakes):
            if progress.should_finish():
                break
            unit, to, _ = self._moves()
            for row in rng.permutation(len(unit))[: int(rng.integers(2, 6))].tolist():
                one, there = int(unit[row]), int(to[row])
                if self.labels[one] != there and self.touch[one, there] > 0 and may_leave(self.near, self.labels, one):
                    self._move(one, there)
            self.run(rounds, progress)
            value = self.value()
            if value < worth - 1e-9 * self.mean:
                best, worth = self.labels.copy(), value
            else:
                self._back_to(best)

    def _back_to(self, labels: Ints) -> None:
        for unit in np.flatnonzero(self.labels != labels).tolist():
            self._move(unit, int(labels[unit]))

    def beyond(self, held: Floats, at: Ints | slice = slice(None)) -> Floats:
        """Return what loads of the districts `at` cost for lying beyond the band."""
        low, high = self.band
        off = np.maximum(held - high[at], 0.0) + np.maximum(low[at] - held, 0.0)
        return np.asarray(self.dear * off * (1.0 + off))

    def _moves(self) -> tuple[Ints, Ints, Floats]:
        """Return every move across a border: unit, district it goes to, and what the plan costs more, loads aside."""
        outside = self.touch > 0
        outside[np.arange(len(self.labels)), self.labels] = False
        outside[self.pinned] = False
        unit, to = np.nonzero(outside)
        own = self.labels[unit]
        gain = self.cost[unit, to] - self.cost[unit, own] + self.price * (self.border[unit, own] - self.border[unit, to])
        return unit, to, gain

    def _single(self, unit: Ints, to: Ints, gain: Floats) -> bool:
        """Make the best moves that better the plan, no district in two of them; return whether there were any."""
        own, load = self.labels[unit], self.load[unit]
        now = self.beyond(self.held)
        gain = gain + self.beyond(self.held[own] - load, own) + self.beyond(self.held[to] + load, to) - now[own] - now[to]
        good = np.flatnonzero(gain < -1e-9 * self.mean)
        good = good[np.argsort(gain[good], kind="stable")]
        busy = np.zeros(len(self.held), bool)
        moved = False
        for row in good.tolist():
            a, b = int(own[row]), int(to[row])
            if busy[a] or busy[b] or not may_leave(self.near, self.labels, int(unit[row])):
                continue
            self._move(int(unit[row]), b)
            busy[a] = busy[b] = moved = True
            if busy.all():
                break
        return moved

    def _chained(self, unit: Ints, to: Ints, gain: Floats) -> bool:
        """Make the best chains a → b → c (c may be a) that better the plan, no district in two of them; return whether there were any."""
        own = self.labels[unit]
        found: list[tuple[float, int, int]] = []
        for middle in range(len(self.held)):
            into, out = _best(gain, to == middle), _best(gain, own == middle)
            if not (len(into) and len(out)):
                continue
            a, c = own[into], to[out]
            w, v = self.load[unit[into]], self.load[unit[out]]
            total = gain[into][:, None] + gain[out][None, :]
            total += self.beyond(self.held[middle] + w[:, None] - v[None, :], np.full((1, 1), middle)) - self.beyond(
                self.held[[middle]], np.array([middle])
            )
            same = a[:, None] == c[None, :]
            apart = self._ends(a, -w)[:, None] + self._ends(c, v)[None, :]
            back = self.beyond(self.held[a][:, None] - w[:, None] + v[None, :], a[:, None]) - self.beyond(self.held[a], a)[:, None]
            total += np.where(same, back, apart)
            flat = np.argpartition(total, min(CHAINS, total.size - 1), axis=None)[:CHAINS]
            for at in flat.tolist():
                row, column = divmod(at, len(out))
                if total[row, column] < -1e-9 * self.mean:
                    found.append((float(total[row, column]), int(into[row]), int(out[column])))
        found.sort()
        busy = np.zeros(len(self.held), bool)
        moved = False
        for _, one, two in found:
            start, middle, end = int(own[one]), int(to[one]), int(to[two])
            if busy[[start, middle, end]].any() or int(unit[two]) in self.near.lists[int(unit[one])]:
                continue
            if self._try(int(unit[one]), int(unit[two]), start, middle, end):
                busy[[start, middle, end]] = moved = True
        return moved

    def _ends(self, district: Ints, more: Floats) -> Floats:
        return self.beyond(self.held[district] + more, district) - self.beyond(self.held[district], district)

    def _try(self, first: int, second: int, a: int, b: int, c: int) -> bool:
        """Move `first` from a to b and `second` from b to c; undo it where a district would fall apart."""
        if not may_leave(self.near, self.labels, first):
            return False
        self._move(first, b)
        if self.touch[second, c] > 0 and may_leave(self.near, self.labels, second):
            self._move(second, c)
            return True
        self._move(first, a)
        return False

    def _move(self, unit: int, to: int) -> None:
        own = int(self.labels[unit])
        self.labels[unit] = to
        self.held[own] -= self.load[unit]
        self.held[to] += self.load[unit]
        part = slice(int(self.offsets[unit]), int(self.offsets[unit + 1]))
        others = self.others[part]
        self.border[others, own] -= self.lengths[part]
        self.border[others, to] += self.lengths[part]
        self.touch[others, own] -= self.links[part]
        self.touch[others, to] += self.links[part]


def _best(gain: Floats, among: Bools) -> Ints:
    """Return the rows of at most MOST moves of least cost."""
    rows = np.flatnonzero(among)
    return rows if len(rows) <= MOST else rows[np.argpartition(gain[rows], MOST)[:MOST]]
