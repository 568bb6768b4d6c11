"""A straight railway of 10 km from west to east with a little beside it: what lies along it can be counted on paper."""

import itertools
from dataclasses import replace

import numpy as np
import shapely

from gridplanner.model.lines import NO_LINES, Lines
from gridplanner.model.places import Communities, Depots, Households, KeySites, RailThings, Railway, Roads, Stations, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine
from gridplanner.settings import RailSettings, Settings

LENGTH = 10_000.0
LINE = RailLine("青藏线", np.array([[0.0, 0.0], [3000.0, 0.0], [LENGTH, 0.0]]), 814_000.0)
CLASS = {"motorway": 4, "tertiary": 4, "residential": 3, "service": 2, "footway": 1}


def polylines(*lines) -> Lines:
    """Polylines of lists of places."""
    if not lines:
        return NO_LINES
    coords = np.array([place for line in lines for place in line], float)
    return Lines(coords, np.cumsum([0] + [len(line) for line in lines]).astype(np.int32))


def streets(*lines, highway="residential", level=(), names=()) -> Roads:
    """Two-way streets; `level` and `names` of the first of them, else on the ground and without a name."""
    count = len(lines)
    kinds = [highway] * count if isinstance(highway, str) else list(highway)
    return Roads(
        polylines(*lines), np.array([CLASS[kind] for kind in kinds], np.int8), texts(kinds), texts([*names, *[""] * (count - len(names))]),
        np.zeros(count, np.int8), np.zeros(count), np.array([*level, *[0] * (count - len(level))], np.int8),
    )  # fmt: skip


def across(x, south=-500.0, north=500.0):
    """A street across the line at x metres, with a vertex on it."""
    return [(x, south), (x, 0.0), (x, north)] if south < 0.0 < north else [(x, south), (x, north)]


def things(*rows) -> RailThings:
    """Rows of a kind, a place or the places of a line, and perhaps a name and an amount."""
    lines = polylines(*[places if isinstance(places, list) else [places] for _kind, places, *_rest in rows])
    names = [row[2] if len(row) > 2 else "" for row in rows]
    amount = [row[3] if len(row) > 3 else np.nan for row in rows]
    return RailThings(lines, texts([row[0] for row in rows]), texts(names), np.array(amount, float))


def tracks(*pieces) -> Railway:
    """Pieces of main track: from x to x along the line, and their kind."""
    kinds = texts([kind for *_ends, kind in pieces])
    lines = polylines(*[[(low, 0.0), (high, 0.0)] for low, high, _kind in pieces])
    return Railway(lines, np.ones(len(pieces), bool), texts([""] * len(pieces)), kinds, texts([""] * len(pieces)))


def homes(*rows) -> Households:
    """Addresses: x, y and households."""
    xy = np.array([(x, y) for x, y, _n in rows], float).reshape(-1, 2)
    count = np.array([n for *_xy, n in rows], float)
    return Households(xy, count, 2.5 * count, texts([""] * len(rows)))


def sites(*rows) -> KeySites:
    """Key sites: x, y and name."""
    xy, count = np.array([(x, y) for x, y, _name in rows], float).reshape(-1, 2), len(rows)
    none = np.full(count, np.nan)
    return KeySites(xy, texts([name for *_xy, name in rows]), np.ones(count, np.int32), np.zeros(count), none, none, np.ones(count))


def halts(*rows) -> Stations:
    """Stations: x, y, name and height."""
    xy, count = np.array([row[:2] for row in rows], float).reshape(-1, 2), len(rows)
    blank = texts([""] * count)
    height = np.array([row[3] if len(row) > 3 else np.nan for row in rows], float)
    return Stations(xy, texts([row[2] for row in rows]), np.full(count, np.nan), blank, np.zeros(count, bool), blank, blank, height)


def depots(*rows) -> Depots:
    """Depots: x, y, name and kind."""
    xy = np.array([(x, y) for x, y, *_rest in rows], float).reshape(-1, 2)
    return Depots(xy, texts([row[2] for row in rows]), texts([row[3] for row in rows]), np.ones(len(rows), np.int32))


def villages(*names) -> Communities:
    """Communities side by side along the line, as many as there are names."""
    edges = np.linspace(0.0, LENGTH, len(names) + 1)
    shapes = np.array([shapely.box(low, -5000, high, 5000) for low, high in itertools.pairwise(edges)], object)
    return Communities(shapes, texts([f"62080200100{n}" for n in range(len(names))]), texts(list(names)), texts([""] * len(names)))


def land(rail=None, **parts) -> Project:
    """A project with these parts, and the settings of its railway."""
    return replace(Project(settings=Settings(rail=rail or RailSettings())), **parts)
