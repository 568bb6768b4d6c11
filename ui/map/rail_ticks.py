"""Chainage along lines: at which readings there are ticks at a zoom, and where they, broken chains and stations lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats, Texts
from gridplanner.model.mileage import Mileage, chainage_text
from gridplanner.model.places import Stations, texts
from gridplanner.model.rail import RailLine
from gridplanner.model.rail_near import spot_near

APART = 84.0  # pixels between two ticks with words
STEPS = (100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 20_000.0, 50_000.0, 100_000.0, 200_000.0, 500_000.0, 1e6)
NEAR = 300.0  # metres from a line within which a station stands at it


@dataclass(frozen=True, eq=False)
class Marks:
    """Places along a line, (n,) metres as drawn, and what stands there."""

    along: Floats
    words: Texts

    def __len__(self) -> int:
        return len(self.along)


def tick_step(scale: float, apart: float = APART) -> float:
    """Return how many metres of chainage lie between two ticks at so many pixels a metre."""
    return next((step for step in STEPS if step * scale >= apart), STEPS[-1])


@lru_cache(maxsize=64)
def ticks_of(system: Mileage, step: float) -> Marks:
    """Return the places that read a multiple of `step`, K814 where these are whole kilometres, else K814+500; twice within a long chain."""
    found, readings = [np.zeros(0)], [np.zeros(0)]
    for row in range(len(system.along) - 1):
        low, high = float(system.ahead[row]), float(system.behind[row + 1])
        read = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
        share = (read - low) / max(high - low, 1e-9)
        found.append(system.along[row] + share * (system.along[row + 1] - system.along[row]))
        readings.append(read)
    along, read = np.concatenate(found), np.concatenate(readings)
    new = np.concatenate(([True], np.diff(along) > 1e-3)) if len(along) else np.zeros(0, bool)
    whole = step >= 1000
    words = [chainage_text(one, system.prefix).removesuffix("+000") if whole else chainage_text(one, system.prefix) for one in read[new]]
    return Marks(along[new], texts(words))


@lru_cache(maxsize=64)
def chains_of(system: Mileage) -> Marks:
    """Return the broken chains of a system, as K899+980 = K900+000."""
    rows = system.breaks
    words = [f"{chainage_text(system.behind[row], system.prefix)} = {chainage_text(system.ahead[row], system.prefix)}" for row in rows]
    return Marks(system.along[list(rows)] if rows else np.zeros(0), texts(words))


@lru_cache(maxsize=64)
def stations_of(line: RailLine, stations: Stations) -> Marks:
    """Return the stations at a line, in their order along it; one that is given twice is told once."""
    posts = stations.posts if len(stations.posts) == len(stations) else np.zeros(len(stations), bool)
    found: dict[str, float] = {}
    for row in np.flatnonzero(~posts).tolist():
        name = str(stations.names[row])
        if not name or name in found or (stations.line[row] and str(stations.line[row]) != line.name):
            continue
        x, y = stations.xy[row].tolist()
        spot = spot_near((line,), x, y, NEAR)
        if spot is not None:
            found[name] = spot.along
    order = sorted(found, key=found.__getitem__)
    return Marks(np.array([found[name] for name in order]), texts(order))
