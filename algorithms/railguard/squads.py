"""Guards in squads."""

from __future__ import annotations

import numpy as np

from algorithms.errors import Infeasible
from algorithms.network.polylines import Ints


def even_squads(guards: int, squads: int) -> Ints:
    """Return how many guards each squad has, as even as can be, the larger squads first; raises Infeasible where one would have none.

    >>> even_squads(44, 4), even_squads(8, 3)
    (array([11, 11, 11, 11]), array([3, 3, 2]))
    """
    if squads < 1 or guards < squads:
        raise Infeasible(f"{guards} guards cannot form {squads} squads; at most {max(guards, 0)} squads can be formed")
    return np.full(squads, guards // squads, np.int64) + (np.arange(squads) < guards % squads)
