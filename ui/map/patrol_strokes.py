"""The lines that patrol routes are drawn by: patrolled and empty parts apart, and beside each other where routes share a street."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_draws import arcs_patrolled, variant_on, variants_of, zones_driven
from gridplanner.model.piece_index import run_positions
from gridplanner.model.route_colours import COLOURS as COLOURS
from gridplanner.model.route_colours import route_colours as route_colours
from ui.map.road_layer import line_pieces

DAY = "day:"  # what a choice begins with that names a day instead of a variant
SHARPEST = 2.0  # how many times as far from a corner as from its sides a line beside the street may be


@dataclass(frozen=True, eq=False)
class Strokes:
    """Lines in driving order: line i is `coords[offsets[i]:offsets[i + 1]]`, metres.

    `side` (n, 2) points to the right of driving and is one line's distance long where corners are none; `route` (lines,) is the row in the
    plan, `dead` (lines,) where it drives without patrolling, `lane` (lines,) how many lines it lies to the right of the street's middle.
    `boxes` (lines, 4) are left, bottom, right, top.
    """

    coords: Floats
    offsets: Ints
    side: Floats
    route: Ints
    dead: Bools
    lane: Floats
    boxes: Floats

    def __len__(self) -> int:
        return len(self.route)


@lru_cache(maxsize=32)
def routes_shown(plan: PatrolPlan, choice: str) -> tuple[int, ...]:
    """Return the rows of the routes that a choice shows: a variant's number, or day:0 for those drawn for the first day.

    Where nothing is chosen, these are the routes of variant 1; a zone that has fewer variants than another drives its first.
    """
    if choice.startswith(DAY):
        day = int(choice.removeprefix(DAY))
        wanted = {zone: variant_on(plan, zone, day) for zone in zones_driven(plan)}
    else:
        number = int(choice) if choice.isdecimal() else 1
        known = {zone: variants_of(plan, zone).tolist() for zone in zones_driven(plan)}
        wanted = {zone: number if number in each else each[0] for zone, each in known.items()}
    return tuple(row for row, route in enumerate(plan.routes) if route.variant == wanted[route.zone])


@lru_cache(maxsize=8)
def strokes_of(plan: PatrolPlan, choice: str) -> Strokes:
    """Return the lines of the routes that a choice shows."""
    rows = [row for row in routes_shown(plan, choice) if len(plan.routes[row].coords)]
    known = [row for row in rows if len(plan.streets) and len(plan.routes[row].arcs)]
    along = _along_streets(plan, known)
    bare = [plan.routes[row].coords for row in rows if row not in set(known)]  # a plan from before streets were kept
    coords = np.concatenate((along[0], *bare))
    counts = np.concatenate((along[1], np.array([len(line) for line in bare], np.int64)))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    route = np.concatenate((along[2], np.array([row for row in rows if row not in set(known)], np.int64)))
    dead = np.concatenate((along[3], np.zeros(len(bare), bool)))
    lane = np.concatenate((along[4], np.zeros(len(bare))))
    return Strokes(coords, offsets, sides_of(coords, offsets), route, dead, lane, _boxes(coords, offsets))


@lru_cache(maxsize=8)
def streets_left_out(plan: PatrolPlan, choice: str) -> Floats:
    """Return the straight pieces (m, 4) of streets that must be patrolled and are patrolled by none of the routes shown."""
    left = np.setdiff1d(required_rows(plan), served_rows(plan, routes_shown(plan, choice))).astype(np.intp)
    return line_pieces(plan.streets.lines.select(left))[0] if len(left) else np.empty((0, 4))


def required_rows(plan: PatrolPlan) -> Ints:
    """Return the rows of the streets that are to be patrolled in some zone."""
    return np.flatnonzero((plan.streets.times > 0) & (plan.streets.zone >= 0))


def served_rows(plan: PatrolPlan, rows: tuple[int, ...]) -> Ints:
    """Return the rows of the streets that some routes patrol, each once."""
    parts = [route.arcs[arcs_patrolled(route)] >> 1 for route in (plan.routes[row] for row in rows)]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *parts]))


def arc_coords(plan: PatrolPlan, arcs: Ints) -> tuple[Floats, Ints]:
    """Return the coordinates (n, 2) of arcs in the direction they are driven, one after another, and how many each has."""
    lines, edge = plan.streets.lines, arcs >> 1
    starts, stops = lines.offsets[edge].astype(np.int64), lines.offsets[edge + 1].astype(np.int64)
    at = run_positions(starts, stops)
    counts = stops - starts
    against = np.repeat((arcs & 1).astype(bool), counts)
    return lines.coords[np.where(against, np.repeat(starts + stops - 1, counts) - at, at)], counts


def sides_of(coords: Floats, offsets: Ints) -> Floats:
    """Return for each place of some lines where the line beside it goes, to the right and at distance 1: at corners on both sides."""
    if len(coords) < 2:
        return np.zeros_like(coords)
    step = np.diff(coords, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    way = step / np.maximum(length, 1e-9)[:, None]
    way[offsets[1:-1] - 1] = 0.0  # between two lines
    before, after = np.concatenate((np.zeros((1, 2)), way)), np.concatenate((way, np.zeros((1, 2))))
    both = before + after
    turned = np.hypot(both[:, 0], both[:, 1])
    flat = np.where((turned < 0.1)[:, None], after + (after == 0.0).all(axis=1)[:, None] * before, both)
    unit = flat / np.maximum(np.hypot(flat[:, 0], flat[:, 1]), 1e-9)[:, None]
    inner = (before != 0.0).any(axis=1) & (after != 0.0).any(axis=1) & (turned >= 0.1)
    stretch = np.where(inner, np.minimum(2.0 / np.maximum(turned, 1e-9), SHARPEST), 1.0)
    return np.column_stack((unit[:, 1], -unit[:, 0])) * stretch[:, None]


def _along_streets(plan: PatrolPlan, rows: list[int]) -> tuple[Floats, Ints, Ints, Bools, Floats]:
    """Return coordinates, places a line, route, dead and lane of the lines of routes whose arcs are known."""
    if not rows:
        return np.empty((0, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0)
    routes = [plan.routes[row] for row in rows]
    arcs = np.concatenate([route.arcs for route in routes]).astype(np.int64)
    of = np.repeat(np.array(rows), [len(route.arcs) for route in routes])
    dead = ~np.concatenate([arcs_patrolled(route) for route in routes])
    lane = _lanes(arcs, of)
    begins = np.ones(len(arcs), bool)
    begins[1:] = (of[1:] != of[:-1]) | (dead[1:] != dead[:-1]) | (lane[1:] != lane[:-1])
    coords, counts = arc_coords(plan, arcs)
    kept = np.ones(len(coords), bool)
    first = np.cumsum(counts) - counts
    kept[first[~begins]] = False  # where the arc before ended
    line = np.cumsum(begins) - 1
    places = np.bincount(line, counts - ~begins).astype(np.int64)
    return coords[kept], places, of[begins], dead[begins], lane[begins]


def _lanes(arcs: Ints, of: Ints) -> Floats:
    """Return how many lines each arc lies to the right of its street's middle, where several routes drive along one street."""
    pairs, which = np.unique(np.column_stack((arcs >> 1, of)), axis=0, return_inverse=True)
    first = np.searchsorted(pairs[:, 0], pairs[:, 0])
    count = np.searchsorted(pairs[:, 0], pairs[:, 0], side="right") - first
    lane = np.arange(len(pairs)) - first - (count - 1) / 2
    return np.asarray(lane[which.ravel()] * np.where(arcs & 1, -1.0, 1.0))


def _boxes(coords: Floats, offsets: Ints) -> Floats:
    if not len(coords):
        return np.empty((0, 4))
    starts = offsets[:-1]
    return np.hstack((np.minimum.reduceat(coords, starts), np.maximum.reduceat(coords, starts)))
