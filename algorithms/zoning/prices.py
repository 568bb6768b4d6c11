"""Even districts around given sites by a price on work: the dual of the transportation problem, whose cells nearly hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.zoning.problem import FAR, Floats, Ints

SHRINK, GROW = 0.5, 1.3  # of a step after a price went past its aim, and while it has not


@dataclass(frozen=True, eq=False)
class Priced:
    """The site of each unit, `labels` (n,), at the best `price` (k,) found, and the `bound` that the prices prove."""

    labels: Ints
    price: Floats
    bound: float


def priced(cost: Floats, load: Floats, band: tuple[Floats, Floats], price: Floats, rounds: int) -> Priced:
    """Return every unit at the site where its cost and the price of its load are least, with prices that bring loads into the band.

    `cost` (k, n), `load` (n,), `band` two of (k,), `price` (k,) to start with. With prices μ, no assignment whose loads lie in the band
    (l, h) costs less than Σ min (c + μ w) - Σ max(μ h, μ l): the dual of the transportation problem (Hitchcock 1941), so `bound` holds for
    every plan from these sites, connected or not. Where a unit's cost is its load times the time to it, the cells are Voronoi cells of
    times less a head start, and hold what lies on the way. The prices move by the sign of what is wrong with each load alone, in steps
    that adapt (Riedmiller and Braun 1993).
    """
    low, high = band
    each = np.arange(len(load))
    step = np.full(len(price), 0.05 * float(np.minimum(cost, FAR / 2).min(axis=0).sum()) / max(float(load.sum()), 1e-12))
    floor, dear = step * 1e-5, 100 * step.max(initial=0.0)
    best: tuple[float, Ints, Floats] | None = None
    bound, before = -np.inf, np.zeros(len(price))
    for _ in range(max(rounds, 1)):
        table = cost + price[:, None] * load
        labels = table.argmin(axis=0)
        held = np.bincount(labels, load, minlength=len(price))
        total = float(table[labels, each].sum())
        bound = max(bound, total - float(np.maximum(price * high, price * low).sum()))
        over, under = held - high, held - low
        wrong = float((np.maximum(over, 0.0) - np.minimum(under, 0.0)).sum())
        worth = total - float(price @ held) + dear * wrong
        if best is None or worth < best[0] - 1e-12:
            best = (worth, labels, price.copy())
        slope = np.where(price > 0, over, np.where(price < 0, under, np.maximum(over, 0.0) + np.minimum(under, 0.0)))
        step = np.maximum(np.where(slope * before < 0, step * SHRINK, np.where(slope * before > 0, step * GROW, step)), floor)
        if not slope.any():
            break
        moved = price + np.sign(slope) * step
        price = np.where(price * moved < 0, 0.0, moved)  # what needs no price has none
        before = slope
    assert best is not None
    return Priced(best[1].astype(np.int32), best[2], bound)
