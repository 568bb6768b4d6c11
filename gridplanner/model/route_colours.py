"""Which colour a patrol route has, on the map, on paper and on phones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gridplanner.model.patrol import PatrolPlan

# told apart by colour-blind eyes as far as eight can be, and none like a zone's border
PALETTE = ("#0b5fff", "#d9480f", "#067647", "#c2255c", "#b07a00", "#0c8599", "#5c3d2e", "#4b5563")
COLOURS = len(PALETTE)


@lru_cache(maxsize=8)
def route_colours(plan: PatrolPlan) -> tuple[int, ...]:
    """Return a number below COLOURS for each route: the same for a crew in all variants, and another than that of crews it meets.

    Greedy in the order of the plan; where more than COLOURS meet, the colour that they have least.
    """
    crews = list(dict.fromkeys((route.zone, route.crew) for route in plan.routes))
    boxes = {crew: np.array([np.inf, np.inf, -np.inf, -np.inf]) for crew in crews}
    for route in plan.routes:
        if len(route.coords):
            box = boxes[route.zone, route.crew]
            box[:2], box[2:] = np.minimum(box[:2], route.coords.min(axis=0)), np.maximum(box[2:], route.coords.max(axis=0))
    edge = np.array([boxes[crew] for crew in crews]).reshape(-1, 4)
    chosen: list[int] = []
    for number in range(len(crews)):
        before = edge[:number]
        meets = np.flatnonzero(
            (before[:, 0] <= edge[number, 2]) & (before[:, 2] >= edge[number, 0])
            & (before[:, 1] <= edge[number, 3]) & (before[:, 3] >= edge[number, 1])
        )  # fmt: skip
        taken = [chosen[other] for other in meets.tolist()]
        chosen.append(min(((number + step) % COLOURS for step in range(COLOURS)), key=taken.count))
    place = dict(zip(crews, chosen, strict=True))
    return tuple(place[route.zone, route.crew] for route in plan.routes)
