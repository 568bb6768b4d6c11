"""Streets and unit borders near a place as a network, and the shortest way along it: what a drawn line takes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush

import numpy as np

from algorithms.units.outcodes import may_touch, outcodes
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import RoadClass
from gridplanner.model.project import Project
from gridplanner.model.units import BorderKind

LATTICE = 0.01  # metres, as units have it: what meets there is one place
OFF_STREET = 1.5  # how much longer a metre counts where nothing runs along a border
MOST = 1500  # places looked at for one question: some milliseconds; the next one goes on from there


@dataclass(frozen=True, eq=False)
class Place:
    """A place on a network: `xy` (2,) metres, on piece `piece` at `share` of its length."""

    xy: Floats
    piece: int
    share: float


@dataclass(frozen=True, eq=False)
class StreetNet:
    """Straight pieces that meet at nodes: `xy` (n, 2) metres, `ends` (m, 2), `cost` (m,) what going along each counts."""

    xy: Floats
    ends: Ints
    cost: Floats

    @cached_property
    def _ways(self) -> tuple[Ints, Ints, Floats]:
        order = np.argsort(self.ends.T.ravel(), kind="stable")
        offsets = np.concatenate(([0], np.cumsum(np.bincount(self.ends.ravel(), minlength=len(self.xy)))))
        return offsets, self.ends[:, ::-1].T.ravel()[order], np.tile(self.cost, 2)[order]

    def ways(self, node: int) -> list[tuple[int, float]]:
        """Return the nodes that a node leads to, with the cost."""
        offsets, other, cost = self._ways
        first, last = offsets[node], offsets[node + 1]
        return list(zip(other[first:last].tolist(), cost[first:last].tolist(), strict=True))

    def nearest(self, point: Floats, within: float, *, corners: float = 0.5) -> Place | None:
        """Return the nearest place within some metres: a node within a share of that (`corners`), else one on a piece; None for none."""
        if not len(self.ends):
            return None
        start, way = self.xy[self.ends[:, 0]], self.xy[self.ends[:, 1]] - self.xy[self.ends[:, 0]]
        share = np.clip(((point - start) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12), 0.0, 1.0)
        away = np.hypot(*(start + share[:, None] * way - point).T)
        piece = int(np.argmin(away))
        if away[piece] > within:
            return None
        nodes = np.hypot(*(self.xy - point).T)
        node = int(np.argmin(nodes))
        if corners and nodes[node] <= within * corners:
            piece = int(np.flatnonzero((self.ends == node).any(axis=1))[0])
            return Place(self.xy[node], piece, 0.0 if self.ends[piece, 0] == node else 1.0)
        return Place(start[piece] + share[piece] * way[piece], piece, float(share[piece]))


@dataclass(eq=False)
class StreetWalk:
    """Shortest ways from one place to any other, found as far as they are asked for (Dijkstra 1959, going on where it stopped)."""

    net: StreetNet
    start: Place
    _cost: dict[int, float] = field(default_factory=dict)
    _before: dict[int, int] = field(default_factory=dict)
    _open: list[tuple[float, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        a, b = self.net.ends[self.start.piece].tolist()
        whole = float(self.net.cost[self.start.piece])
        heappush(self._open, (self.start.share * whole, a, -1))
        heappush(self._open, ((1.0 - self.start.share) * whole, b, -1))

    def to(self, place: Place, most: int = MOST) -> Floats | None:
        """Return the way to a place, both ends included, (k, 2); None where none is found in looking at `most` more places."""
        if place.piece == self.start.piece:
            return np.vstack((self.start.xy, place.xy))
        a, b = self.net.ends[place.piece].tolist()
        whole = float(self.net.cost[place.piece])
        rest = {b: (1.0 - place.share) * whole}
        rest[a] = min(rest.get(a, np.inf), place.share * whole)
        self._go_on(rest, most)
        found = [(self._cost[node] + more, node) for node, more in rest.items() if node in self._cost]
        if not found:
            return None
        nodes = [min(found)[1]]
        while self._before[nodes[-1]] >= 0:
            nodes.append(self._before[nodes[-1]])
        way = np.vstack((self.start.xy, self.net.xy[nodes[::-1]], place.xy))
        return np.asarray(way[np.append(True, np.hypot(*np.diff(way, axis=0).T) > LATTICE / 2)])

    def _go_on(self, rest: dict[int, float], most: int) -> None:
        """Settle nodes until nothing that is open can better the way to a place."""
        best = np.inf
        for node, more in rest.items():
            best = min(best, self._cost.get(node, np.inf) + more)
        for _step in range(most):
            if not self._open or self._open[0][0] >= best:
                return
            cost, node, before = heappop(self._open)
            if node in self._cost:
                continue
            self._cost[node], self._before[node] = cost, before
            if node in rest:
                best = min(best, cost + rest[node])
            for other, more in self.net.ways(node):
                if other not in self._cost:
                    heappush(self._open, (cost + more, other, node))


def street_net(project: Project, x: float, y: float, reach: float) -> StreetNet:
    """Return the streets above ground and the borders of units within `reach` metres of a place, east, west, north and south.

    One look at all of them, so that it is made for the place of each click and never out of date.
    """
    parts: list[tuple[Floats, Floats]] = []
    box = (x - reach, y - reach, x + reach, y + reach)
    units = project.units
    if units is not None and len(units.ends):
        rows = _within(units.xy, units.ends[:, 0], units.ends[:, 1], box)
        parts.append((units.xy[units.ends[rows]], np.where(units.kind[rows] == BorderKind.CUT, OFF_STREET, 1.0)))
    roads = project.roads
    if len(roads.lines.coords) > 1:
        coords, offsets = roads.lines.coords, roads.lines.offsets
        rows = _within(coords, slice(None, -1), slice(1, None), box)
        line = np.searchsorted(offsets, rows, "right") - 1
        keep = (rows + 1 < offsets[line + 1]) & (roads.classes[line] > RoadClass.OTHER) & (roads.level[line] >= 0)
        parts.append((np.stack((coords[rows[keep]], coords[rows[keep] + 1]), axis=1), np.ones(int(keep.sum()))))
    if not parts:
        return StreetNet(np.empty((0, 2)), np.empty((0, 2), np.int64), np.zeros(0))
    return net_of(np.concatenate([pieces for pieces, _factor in parts]), np.concatenate([factor for _pieces, factor in parts]))


def net_of(pieces: Floats, factor: Floats) -> StreetNet:
    """Return the network of straight pieces (m, 2, 2), metres, which meet where their ends are one place of the lattice."""
    cell = np.rint(pieces.reshape(-1, 2) / LATTICE).astype(np.int64)
    low = cell.min(axis=0) if len(cell) else np.zeros(2, np.int64)
    span = int(cell[:, 1].max() - low[1]) + 1 if len(cell) else 1
    _key, first, node = np.unique((cell[:, 0] - low[0]) * span + cell[:, 1] - low[1], return_index=True, return_inverse=True)
    ends = node.reshape(-1, 2)
    keep = ends[:, 0] != ends[:, 1]
    step = pieces[keep, 1] - pieces[keep, 0]
    return StreetNet(pieces.reshape(-1, 2)[first], ends[keep], np.hypot(*step.T) * factor[keep])


def _within(xy: Floats, first: Ints | slice, second: Ints | slice, box: tuple[float, float, float, float]) -> Ints:
    """Return the pieces whose boxes meet a box."""
    code = outcodes(xy, np.array(box[:2]), np.array(box[2:]))
    return np.flatnonzero(may_touch(code[first], code[second]))
