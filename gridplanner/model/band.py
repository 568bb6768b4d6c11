"""The wished size of a grid and its band, in households or persons or whichever of the two binds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.lines import Floats
from gridplanner.settings import GridSettings

USUAL = 300.0  # households of a grid where nothing is said


@dataclass(frozen=True)
class Band:
    """Targets (None: that kind does not count) and the band of the load, 1.0 being the target."""

    households: float | None
    persons: float | None
    low: float
    high: float

    def loads(self, households: Floats, persons: Floats) -> Floats:
        """Return loads as shares of the target, one row a kind that counts: (w, …)."""
        kinds = ((self.households, households), (self.persons, persons))
        return np.stack([values / target for target, values in kinds if target is not None])

    def load(self, households: Floats, persons: Floats) -> Floats:
        """Return the load: the larger of households and persons as shares of their targets."""
        return np.asarray(self.loads(households, persons).max(axis=0))

    def binding(self, loads: Sequence[float]) -> tuple[float, str]:
        """Return the target and the name (a msgid) of the kind that binds, given the load of each kind that counts as `loads` has them."""
        kinds = [(t, name) for t, name in ((self.households, N_("households")), (self.persons, N_("persons"))) if t is not None]
        return kinds[int(np.argmax(loads))]

    def amount(self, loads: Sequence[float]) -> dict[str, object]:
        """Return how much of the kind that binds a load is, for the words of an issue: its number `n` and name `what`."""
        target, name = self.binding(loads)
        return {"n": f"{max(loads) * target:.0f}", "what": name}

    def number(self, total: float) -> int:
        """Return the number of grids for a total load: the nearest to it with total ÷ k in the band, else the nearest."""
        fitting = self.fitting(total)
        if not fitting:
            return max(int(np.floor(total + 0.5)), 1)
        return int(np.clip(np.ceil(total - 0.5), fitting[0], fitting[-1]))  # of two as near, the smaller

    def fitting(self, total: float) -> range:
        """Return every number of grids k for which total ÷ k lies in the band; without a lower limit, those up to the total."""
        if total <= 0:
            return range(0)
        first = max(int(np.ceil(total / self.high - 1e-9)), 1)
        last = int(np.floor(total / self.low + 1e-9)) if self.low > 0 else max(first, int(np.ceil(total)))
        return range(first, last + 1)


def band_of(settings: GridSettings | None) -> Band:
    """Return the band that the settings mean: target ± tolerance, or the given minimum and maximum."""
    s = settings or GridSettings()
    households = s.target_households or (USUAL if s.min_households is not None and s.max_households is not None else None)
    persons = s.target_persons or _middle(s.min_persons, s.max_persons)
    if households is None and persons is None:
        households = USUAL
    low = _limit(((s.min_households, households), (s.min_persons, persons)), 1 - s.tolerance)
    high = _limit(((s.max_households, households), (s.max_persons, persons)), 1 + s.tolerance)
    return Band(households, persons, low, high)


def _middle(low: float | None, high: float | None) -> float | None:
    return (low + high) / 2 if low is not None and high is not None else None


def _limit(pairs: tuple[tuple[float | None, float | None], ...], otherwise: float) -> float:
    return next((limit / target for limit, target in pairs if limit is not None and target is not None), otherwise)
