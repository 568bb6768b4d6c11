"""Small lattices of units as zoning problems: times are steps across crossable borders, so every expectation can be counted."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.zoning.problem import ZoningProblem


def lattice(rows, columns, districts, seed=None, walls=(), must=(), sites=None, **more):
    """A lattice of units of even work, or of drawn work, demand and step times with a seed.

    `walls` are pairs of neighbours that nothing crosses; `districts` a number, or one for each half of a lattice that walls cut in two.
    """
    count = rows * columns
    number = np.arange(count).reshape(rows, columns)
    low = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    high = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    crossable = np.array([(a, b) not in walls for a, b in zip(low.tolist(), high.tolist(), strict=True)])
    rng = np.random.default_rng(seed)
    drawn = seed is not None
    step = rng.uniform(0.5, 2.0, len(low)) if drawn else np.ones(len(low))
    ends = np.concatenate((low[crossable], high[crossable])), np.concatenate((high[crossable], low[crossable]))
    times = dijkstra(csr_array((np.tile(step[crossable], 2), ends), shape=(count, count)))
    numbers = np.atleast_1d(districts)
    region = np.isinf(times[0]).astype(np.int64) if len(numbers) > 1 else np.zeros(count, np.int64)
    home = np.arange(count) if sites is None else np.array(sites)
    fixed = np.isin(home, must)
    return ZoningProblem(
        work=rng.integers(1, 6, count).astype(float) if drawn else np.ones(count),
        demand=rng.integers(0, 9, count).astype(float) if drawn else np.ones(count),
        minutes=np.where(np.isinf(times), 99.0, times)[home], home=home, low=low, high=high, length=np.ones(len(low)),
        crossable=crossable, region=region, districts=numbers, must=fixed, **more,
    )  # fmt: skip
