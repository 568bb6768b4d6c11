"""Which communities fit under which band, the parts that they lie in included: arithmetic before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from algorithms.graph.components import components
from algorithms.sums import group_sums
from gridplanner.model.fit import fits, tightest_spread
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.planning.parts import Land, Parts, links_between, standing


@dataclass(frozen=True, eq=False)
class Sizes:
    """The parts of `count` communities with their loads (shares of the target), and the land that tells which part is nearest.

    `land` is None where nothing is known but totals: each community is one part then. Which parts are planned together under a band
    is kept, as only a few ways occur however many bands are asked for.
    """

    parts: Parts
    count: int
    land: Land | None = None
    _known: dict[tuple[int, bytes], Floats] = field(default_factory=dict)

    @cached_property
    def totals(self) -> Floats:
        """(w, c) load of each kind of each community."""
        return np.stack([group_sums(self.parts.area_row, column, self.count) for column in self.parts.loads])

    @cached_property
    def load(self) -> Floats:
        """(c,) the larger of the loads of each community."""
        return np.asarray(self.totals.max(axis=0))

    @cached_property
    def inhabited_parts(self) -> Ints:
        """(c,) how many parts of each community hold somebody."""
        return np.bincount(self.parts.area_row[self.parts.load > 0], minlength=self.count)

    @cached_property
    def smallest_part(self) -> Floats:
        """(c,) load of the smallest inhabited part of each community, 0 where there is none."""
        smallest = np.full(self.count, np.inf)
        held = self.parts.load > 0
        np.minimum.at(smallest, self.parts.area_row[held], self.parts.load[held])
        return np.where(np.isfinite(smallest), smallest, 0.0)

    @cached_property
    def _several(self) -> dict[int, Parts]:
        """The parts of each community that has several inhabited ones."""
        found = {}
        for area in np.flatnonzero(self.inhabited_parts > 1).tolist():
            mine = self.parts.area_row == area
            found[area] = Parts(self.parts.part[:0], self.parts.area_row[mine], self.parts.loads[:, mine])
        return found

    def fit(self, low: float, high: float) -> Bools:
        """Return which communities fit a band: each of their regions has a number of grids, or nobody lives there (c,)."""
        found = fits(self.load, low, high) | (self.load <= 0)
        for area, mine in self._several.items():
            loads = self._regions(area, standing(mine, low, high))
            found[area] = bool(fits(loads, low, high).all())
        return np.asarray(found)

    def tightest(self, middle: float) -> Floats:
        """Return the smallest share t for which each community fits the band `middle` × (1 ± t), (c,); 0 where nobody lives.

        A part stands by itself from some t on; between two such t the regions stay as they are, so the first interval that holds the
        tightest t of its own regions has the answer.
        """
        found = np.where(self.load > 0, tightest_spread(self.load, middle), 0.0)
        for area, mine in self._several.items():
            load = mine.load
            stands = np.where(load > 0, np.maximum(1 - 2 * load / middle, tightest_spread(load, middle)), np.inf)
            steps = np.unique(np.append(0.0, stands[np.isfinite(stands)].clip(0.0)))
            for start, stop in zip(steps, np.append(steps[1:], np.inf), strict=True):
                alone = stands <= start
                if not alone.any():
                    alone[np.lexsort((load,))[-1]] = True
                t = max(float(start), float(tightest_spread(self._regions(area, alone), middle).max()))
                if t < stop:
                    found[area] = t
                    break
        return np.asarray(found)

    def _regions(self, area: int, alone: Bools) -> Floats:
        """Return the loads of the inhabited regions that a community falls into where these of its parts are planned by themselves."""
        assert self.land is not None  # several parts are known from land alone
        key = (area, alone.tobytes())
        if key not in self._known:
            mine = np.flatnonzero(self.parts.area_row == area)
            stands = np.ones(len(self.parts.area_row), bool)
            stands[mine] = alone
            a, b = links_between(self.land, self.parts.part, stands)
            region = components(len(stands), self.parts.part[a], self.parts.part[b])[mine]
            load = np.stack([group_sums(region, column[mine]) for column in self.parts.loads]).max(axis=0)
            self._known[key] = load[load > 0]
        return self._known[key]
