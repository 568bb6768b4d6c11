"""A line in the hand: waypoints, the streets that it follows between them, and the one that is not set yet."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.street_paths import Place, StreetNet, StreetWalk, street_net
from ui.map.tools.tool import Pointer

SNAP = 12.0  # pixels within which a waypoint takes to a street or border
HERE = 3.0  # pixels within which two places are one
CLOSE = 10.0  # pixels within which the line's first place is meant
REACH = 600.0  # pixels around a waypoint whose streets are looked at
LEAST, MOST = 300.0, 1500.0  # metres of that
QUICK, THOROUGH = 800, 12000  # places of the network looked at for a move, and for a click


class Trace:
    """Waypoints one after another; with `streets` the line between two follows the shortest way along streets and borders."""

    def __init__(self, project: Project, *, streets: bool) -> None:
        self._project, self._streets = project, streets
        self._points: list[Floats] = []
        self._legs: list[Floats] = []  # leg i leads from waypoint i to the next
        self._walks: list[StreetWalk | None] = []
        self._nets: list[StreetNet | None] = []
        self._around: tuple[float, float, StreetNet] | None = None  # the last one made, and for where

    @property
    def marks(self) -> Floats:
        """The waypoints, (n, 2)."""
        return np.array(self._points).reshape(-1, 2)

    def line(self, more: Floats | None = None) -> Floats:
        """Return the line through all waypoints, and a leg that leads on, (k, 2)."""
        legs = [*self._legs, more] if more is not None else self._legs
        return _joined(legs) if legs else self.marks

    def take(self, pointer: Pointer) -> bool:
        """Set a waypoint; False where it is the last one over again."""
        if self._points and self._is_near(self._points[-1], pointer, HERE):
            return False
        net = self._net_around(pointer) if self._streets else None
        leg, place = self._leg(pointer, THOROUGH)
        at = None
        if net is not None and not pointer.free:
            at = net.nearest(leg[-1], SNAP / pointer.scale)
            if at is not None and place is None and self._points:  # beyond the streets near the last waypoint
                leg = np.vstack((self._points[-1], at.xy))
        if self._points:
            self._legs.append(leg)
        self._points.append(leg[-1])
        self._nets.append(net)
        self._walks.append(StreetWalk(net, at) if net is not None and at is not None else None)
        return True

    def back(self) -> bool:
        """Take the last waypoint back; False where none is left."""
        for kept in (self._points, self._walks, self._nets):
            kept.pop()
        if self._legs:
            self._legs.pop()
        return bool(self._points)

    def leg_to(self, pointer: Pointer) -> Floats:
        """Return the way from the last waypoint to the pointer, (k, 2)."""
        return self._leg(pointer)[0]

    def leg_home(self, pointer: Pointer) -> Floats:
        """Return the way from the last waypoint to the first."""
        walk, net = self._walks[-1], self._nets[-1]
        place = net.nearest(self._points[0], HERE / pointer.scale) if net is not None else None
        way = walk.to(place, THOROUGH) if walk is not None and place is not None else None
        return way if way is not None else np.vstack((self._points[-1], self._points[0]))

    def closes(self, pointer: Pointer) -> bool:
        """Return whether the pointer is on the first waypoint of a line that could be closed."""
        return len(self._points) > 2 and self._is_near(self._points[0], pointer, CLOSE)

    def _leg(self, pointer: Pointer, most: int = QUICK) -> tuple[Floats, Place | None]:
        """Return the way from the last waypoint to the pointer, and the place on a street where it ends, None where on none."""
        free = np.array([pointer.x, pointer.y])
        place = None if pointer.free or not self._streets else self._snapped(pointer)
        end = free if place is None else place.xy
        if not self._points:
            return end[None], place
        walk = self._walks[-1]
        way = walk.to(place, most) if walk is not None and place is not None else None
        return (way if way is not None else np.vstack((self._points[-1], end))), place

    def _snapped(self, pointer: Pointer) -> Place | None:
        net = self._nets[-1] if self._nets else None
        if net is None:
            net = self._net_around(pointer)
        return net.nearest(np.array([pointer.x, pointer.y]), SNAP / pointer.scale)

    def _net_around(self, pointer: Pointer) -> StreetNet:
        if self._around is None or self._around[:2] != (pointer.x, pointer.y):
            reach = min(max(REACH / pointer.scale, LEAST), MOST)
            self._around = pointer.x, pointer.y, street_net(self._project, pointer.x, pointer.y, reach)
        return self._around[2]

    def _is_near(self, place: Floats, pointer: Pointer, pixels: float) -> bool:
        return bool(np.hypot(place[0] - pointer.x, place[1] - pointer.y) * pointer.scale <= pixels)


def as_places(line: Floats) -> tuple[tuple[float, float], ...]:
    """Return a line (k, 2) as an edit has it."""
    return tuple((x, y) for x, y in line.tolist())


def _joined(legs: list[Floats]) -> Floats:
    """Return legs, each from the last one's end, as one line."""
    return np.concatenate([legs[0], *(leg[1:] for leg in legs[1:])])
