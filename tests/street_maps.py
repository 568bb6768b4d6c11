"""Small street maps drawn as lists of places, and routes along them, for tests of what a crew is told."""

import itertools

import numpy as np

from gridplanner.model.lines import Lines
from gridplanner.model.patrol import DEAD, Call, PatrolStreets, Route, Stop
from gridplanner.model.places import texts

SPEED = 10.0  # metres a second, driven; patrolled half of it


def streets_of(*rows) -> PatrolStreets:
    """Streets from (name, class, places) or (name, class, places, "oneway" and/or "both"); nodes are the first and last places."""
    nodes: dict[tuple[float, float], int] = {}
    lines = [np.array(row[2], np.float64) for row in rows]
    ends = [tuple(nodes.setdefault(tuple(place), len(nodes)) for place in (row[2][0], row[2][-1])) for row in rows]
    length = np.array([np.hypot(*np.diff(line, axis=0).T).sum() for line in lines])
    flags = [row[3] if len(row) > 3 else "" for row in rows]
    seconds = np.repeat(length / SPEED, 2)
    seconds[[2 * row + 1 for row, flag in enumerate(flags) if "oneway" in flag]] = np.inf
    count = len(rows)
    return PatrolStreets(
        Lines(np.concatenate(lines), np.concatenate(([0], np.cumsum([len(line) for line in lines]))).astype(np.int32)),
        np.array([u for u, _v in ends]), np.array([v for _u, v in ends]), seconds, 2 * length / SPEED,
        texts([row[0] for row in rows]), texts([row[1] for row in rows]), np.zeros(count, np.int64), np.ones(count, np.int32),
        np.array(["both" in flag for flag in flags]),
    )  # fmt: skip


def way_of(streets, *places) -> tuple[int, ...]:
    """The arcs from place to place, each a node next to the one before."""
    arcs = []
    for start, end in itertools.pairwise(places):
        found = [
            2 * row + against
            for row in range(len(streets))
            for against in (0, 1)
            if np.isfinite(streets.seconds[2 * row + against])
            and tuple(streets.lines.line(row)[-1 if against else 0]) == start
            and tuple(streets.lines.line(row)[0 if against else -1]) == end
        ]
        assert len(found) == 1, (start, end, found)
        arcs.append(found[0])
    return tuple(arcs)


def route_of(streets, *parts, depot="Post", begins=480.0) -> Route:
    """A route of parts: ("drive" or "patrol", arcs), ("site", name, minutes, opens at) or ("rest", minutes)."""
    clock, arcs, serves, passed, calls = begins, [], [], [], []
    first = next(part[1][0] for part in parts if part[0] in ("drive", "patrol"))
    start = tuple(streets.lines.line(first // 2)[-1 if first % 2 else 0].tolist())
    at, stops, required = start, [Stop("depot", depot, *start, clock, 0.0)], 0.0
    length = [float(np.hypot(*np.diff(streets.lines.line(row), axis=0).T).sum()) for row in range(len(streets))]
    for part in parts:
        if part[0] in ("drive", "patrol"):
            if part[0] == "patrol":
                calls.append(Call("street", part[1]))
                required += sum(length[arc // 2] for arc in part[1])
            for arc in part[1]:
                arcs.append(arc)
                serves.append(len(calls) - 1 if part[0] == "patrol" else DEAD)
                passed.append(clock)
                clock += float(streets.patrol[arc // 2] if part[0] == "patrol" else streets.seconds[arc]) / 60
                at = tuple(streets.lines.line(arc // 2)[0 if arc % 2 else -1].tolist())
            continue
        name, minutes, opens = (part[1], part[2], part[3] if len(part) > 3 else 0.0) if part[0] == "site" else ("", part[1], 0.0)
        number = [stop.name for stop in stops if stop.kind == "site"].count(name)
        calls.append(Call(part[0], (), sum(map(ord, name)) if name else -1, number))
        clock = max(clock, opens)
        stops.append(Stop(part[0], name, *at, clock, minutes))
        clock += minutes
    stops.append(Stop("depot", depot, *at, clock, 0.0))
    whole = sum(length[arc // 2] for arc in arcs)
    coords = np.array([start, *(streets.lines.line(arc // 2)[0 if arc % 2 else -1].tolist() for arc in arcs)])
    return Route("R", 0, depot, 1, "08:00", coords, clock - begins, required, whole - required,
                 sum(part[0] == "site" for part in parts), tuple(stops), 0, tuple(calls), np.array(arcs, np.int64),
                 np.array(serves, np.int64), np.array([*passed, clock]))  # fmt: skip
