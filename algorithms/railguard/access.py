"""How soon places along lines are reached: over roads from bases to the gates where a road comes near, then along the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import EdgePlaces
from algorithms.network.place_times import place_times
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph
from algorithms.network.shortest_paths import ArcNetwork
from algorithms.progress import SILENT, Progress

NO_GATE = -1


@dataclass(frozen=True, eq=False)
class LineAccess:
    """The `seconds` (b, n) from each base to each place on the lines, inf where there is no way, and the `gate` (b, n) walked from, -1."""

    seconds: Floats
    gate: Ints

    def __post_init__(self) -> None:
        self.seconds.setflags(write=False)
        self.gate.setflags(write=False)

    def soonest(self) -> tuple[Floats, Ints, Ints]:
        """Return for each place (n,) the least seconds of all bases, the base (the lowest of equals) and the gate, -1 for none."""
        count = self.seconds.shape[1]
        if not len(self.seconds):
            return np.full(count, np.inf), np.full(count, -1, np.int64), np.full(count, NO_GATE, np.int64)
        base, here = self.seconds.argmin(axis=0), np.arange(count)
        seconds, gate = self.seconds[base, here], self.gate[base, here]
        return seconds, np.where(np.isfinite(seconds), base, -1), gate


def gate_seconds(
    graph: RoadGraph, network: ArcNetwork, bases: EdgePlaces, gates: EdgePlaces, lead: Floats, walk: float, progress: Progress = SILENT
) -> Floats:  # fmt: skip
    """Return the seconds from each base to the line beside each gate, (b, g), inf where there is no way.

    `lead` (b,) are the seconds from each base to its road; from the road to the line it is `gates.distance` metres at `walk` m/s.
    """
    if not len(bases.edge) or not len(gates.edge):
        return np.full((len(bases.edge), len(gates.edge)), np.inf)
    return place_times(graph, network, bases, gates, walk, progress=progress, lead=lead)


def along_lines(seconds: Floats, gate_line: Ints, gate_along: Floats, line: Ints, along: Floats, walk: float) -> LineAccess:
    """Return how soon each place (n,), `along` metres on `line`, is reached when one walks from the best gate of its line at `walk` m/s.

    `seconds` (b, g) are those from each base to each gate, which lies `gate_along` metres on `gate_line`. The least of seconds + way ÷
    speed over all gates is a lower envelope of cones: coming along the line it is the running minimum of seconds − place ÷ speed, and
    the same from the line's other end, so that the work is that of sorting.

    >>> gates, places = np.array([0.0, 100.0]), np.array([0.0, 60.0])
    >>> found = along_lines(np.array([[10.0, 20.0]]), np.array([0, 0]), gates, np.array([0, 0]), places, 1.0)
    >>> found.seconds.tolist(), found.gate.tolist()
    ([[10.0, 60.0]], [[0, 1]])
    """
    best, gate = np.full((len(seconds), len(line)), np.inf), np.full((len(seconds), len(line)), NO_GATE, np.int64)
    if not len(seconds):
        return LineAccess(best, gate)
    for here in np.unique(line).tolist():
        mine, places = np.flatnonzero(gate_line == here), np.flatnonzero(line == here)
        if not len(mine):
            continue
        mine = mine[np.argsort(gate_along[mine], kind="stable")]
        at, wanted = gate_along[mine], along[places]
        behind = np.searchsorted(at, wanted, side="right") - 1
        ahead = np.searchsorted(at, wanted, side="left")
        least, which = _running(seconds[:, mine] - at / walk)
        found = np.where(behind >= 0, least[:, behind] + wanted / walk, np.inf)
        by = which[:, behind]
        least, which = _running((seconds[:, mine] + at / walk)[:, ::-1])
        back = np.maximum(len(mine) - 1 - ahead, 0)  # the row counted from the line's end
        other = np.where(ahead < len(mine), least[:, back] - wanted / walk, np.inf)
        sooner = other < found
        by = np.where(sooner, len(mine) - 1 - which[:, back], by)
        found = np.where(sooner, other, found)
        best[:, places], gate[:, places] = found, np.where(np.isfinite(found), mine[by], NO_GATE)
    return LineAccess(best, gate)


def _running(values: Floats) -> tuple[Floats, Ints]:
    """Return the running minimum of each row of `values` (b, g), and the first column that it stands in."""
    least = np.minimum.accumulate(values, axis=1)
    fresh = np.ones(values.shape, bool)
    fresh[:, 1:] = least[:, 1:] < least[:, :-1]
    return least, np.maximum.accumulate(np.where(fresh, np.arange(values.shape[1]), 0), axis=1)
