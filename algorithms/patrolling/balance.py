"""Tours of about equal time: bisection on how long the longest may be, each time from the best tours so far.

The longest tour of a plan that drives least is often much longer than the mean. Holding all tours to a limit between the two (in
proportion to their shifts) makes them alike for little more driving; bisection finds the least limit worth having.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from algorithms.network.polylines import Floats
from algorithms.patrolling.stretches import Tours
from algorithms.progress import Progress, Span

_CHEAP = 0.35  # of the driving that balance may cost: not worth looking for less
_NARROW = 0.002  # of the limit: no more is to be gained


@dataclass(frozen=True)
class Balanced:
    """Tours, the longest by the mean (`ratio`, of shares of the shifts), and the share of driving (`more`) that balancing added."""

    tours: Tours
    ratio: float
    more: float


@dataclass(frozen=True, eq=False)
class Scales:
    """How tours are weighed: seconds `away` (c,) and all `driving`; `full` (c,) is what a crew's time is a share of."""

    away: Callable[[Tours], Floats]
    driving: Callable[[Tours], float]
    full: Floats

    def ratio(self, tours: Tours) -> float:
        """Return the longest tour by the mean over all crews, each as a share of its shift; 1 where nobody goes out."""
        share = self.away(tours) / self.full
        return float(share.max() / share.mean()) if share.max(initial=0.0) > 0 else 1.0


def balanced(
    tours: Tours,
    scales: Scales,
    ask: Callable[[Floats, Tours, Progress], Tours | None],
    ratio: float,
    more: float,
    steps: int,
    progress: Progress,
) -> Balanced:
    """Return tours whose longest is at most `ratio` times the mean with least driving, at most the share `more` above that given.

    `ask` looks for tours with every job that take at most so many seconds (c,), from known ones. Where no tours within the driving
    allowed are that even, the evenest of them.
    """
    first = max(scales.driving(tours), 1e-9)
    best = (tours, scales.ratio(tours), 0.0)
    if best[1] <= ratio:
        return Balanced(*best)
    low, high = _limits(tours, scales, ratio, more)
    limit = low
    for step in range(steps):
        progress.check()
        found = ask(limit * scales.full, best[0], Span(progress, step / steps, (step + 1) / steps))
        made = None if found is None else (found, scales.ratio(found), scales.driving(found) / first - 1)
        if made is not None and made[2] <= more and _better(made, best, ratio):
            best = made
        if made is not None and made[1] > ratio:
            high = limit
        else:
            low = limit
        cheap = best[1] <= ratio and best[2] <= _CHEAP * more
        if cheap or progress.should_finish() or high - low < _NARROW * high:
            break
        limit = (low + high) / 2
    return Balanced(*best)


def _limits(tours: Tours, scales: Scales, ratio: float, more: float) -> tuple[float, float]:
    """Return between which shares of the shifts the limit is to be looked for.

    Tours within the lower one are even where they drive no less than those given, and tours within a limit above the upper one are not
    where they drive as much more as they may.
    """
    share = scales.away(tours) / scales.full
    mean, driven = float(share.mean()), scales.driving(tours) / float(scales.full.sum())
    low = min(ratio * mean, float(share.max()))
    return low, max(low, min(float(share.max()), ratio * (mean + more * driven)))


def _better(one: tuple[Tours, float, float], other: tuple[Tours, float, float], ratio: float) -> bool:
    """Tell whether tours are even enough with less driving, or evener where the others are not even enough."""
    if (one[1] <= ratio) != (other[1] <= ratio):
        return one[1] <= ratio
    return one[2] < other[2] if one[1] <= ratio else one[1] < other[1]
