"""Places on rail lines: what lies near a point of the map, what a chainage that somebody typed means, and a piece of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.mileage import Mileage, read_chainage, split_chainage
from gridplanner.model.rail import RailLine

WITHIN = 0.5  # metres beyond the end of a stretch that a chainage in whole metres still means


@dataclass(frozen=True)
class RailSpot:
    """A place on a line: its row, metres along it as drawn, where that is, and how far from the place that was asked for."""

    line: int
    along: float
    x: float
    y: float
    away: float = 0.0


@dataclass(frozen=True)
class NamedPlace:
    """What a chainage means on a line in one of its mileage systems; `broken` where it is left out by a short chain, which lies at `along`.

    `text` is the chainage that is found again, `twice` says that another place of the system reads the same.
    """

    line: int
    system: int
    along: float
    text: str
    broken: bool = False
    twice: bool = False


@lru_cache(maxsize=32)
def measures(line: RailLine) -> Floats:
    """Return the metres along a line at each of its vertices, (n,)."""
    steps = np.hypot(*np.diff(line.coords, axis=0).T)
    along: Floats = np.concatenate(([0.0], np.cumsum(steps)))
    along.setflags(write=False)
    return along


def length_of(line: RailLine) -> float:
    """Return the length of a line as drawn, metres."""
    return float(measures(line)[-1])


@lru_cache(maxsize=32)
def systems_of(line: RailLine) -> tuple[Mileage, ...]:
    """Return the mileage systems of a line, at least one."""
    return line.mileages or (line.mileage,)


def place_at(line: RailLine, along: float) -> tuple[float, float]:
    """Return the place at so many metres along a line; ends beyond it."""
    at = measures(line)
    return float(np.interp(along, at, line.coords[:, 0])), float(np.interp(along, at, line.coords[:, 1]))


def places_at(line: RailLine, along: Floats) -> Floats:
    """Return the places (n, 2) at some metres along a line, (n,)."""
    at = measures(line)
    return np.column_stack((np.interp(along, at, line.coords[:, 0]), np.interp(along, at, line.coords[:, 1])))


def ways_at(line: RailLine, along: Floats) -> Floats:
    """Return the unit vectors (n, 2) in which a line runs at some metres along it, (n,)."""
    at = measures(line)
    row = np.clip(np.searchsorted(at, along, side="right") - 1, 0, len(at) - 2)
    way = line.coords[row + 1] - line.coords[row]
    return np.asarray(way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None], np.float64)


def piece_of(line: RailLine, low: float, high: float) -> Floats:
    """Return the coordinates (n, 2) of a line from `low` to `high` metres along it, n at least 2."""
    at = measures(line)
    inner = line.coords[(at > low + 1e-6) & (at < high - 1e-6)]
    return np.vstack((place_at(line, low), inner, place_at(line, high)))


def spot_near(lines: Sequence[RailLine], x: float, y: float, within: float) -> RailSpot | None:
    """Return the place on any line nearest to a point, None where none lies within some metres."""
    best: RailSpot | None = None
    for row, line in enumerate(lines):
        (left, bottom), (right, top) = _box(line)
        if x < left - within or x > right + within or y < bottom - within or y > top + within:
            continue
        found = _nearest(line, x, y)
        if found[1] <= (best.away if best is not None else within):
            best = RailSpot(row, found[0], *place_at(line, found[0]), found[1])
    return best


def named_places(lines: Sequence[RailLine], text: str) -> tuple[NamedPlace, ...]:
    """Return what a text such as K814+300, 814+300 or K814 means, by line and system; empty where it is no chainage or on no line.

    Letters that no system of any line has name nothing; without letters every system is meant. A reading that occurs twice gives both
    places, metres past a thousand one of them; one that a short chain leaves out gives the chain itself, `broken`.
    """
    if not is_chainage(text):
        return ()
    letters, reading = read_chainage(text)
    found: list[NamedPlace] = []
    for row, line in enumerate(lines):
        for number, system in enumerate(systems_of(line)):
            if letters and letters != system.prefix.upper():
                continue
            places = system.find(text) if _counts_on(text) else system.places(reading, WITHIN)
            found += [NamedPlace(row, number, at, system.text(at), twice=len(places) > 1) for at in places]
            if not places and (gap := _gap(system, reading)) is not None:
                found.append(NamedPlace(row, number, gap, system.text(gap), broken=True))
    return tuple(found)


def is_chainage(text: str) -> bool:
    """Return whether a text could be a chainage; a number alone could be a house's or a code."""
    return bool(np.isfinite(read_chainage(text)[1])) and not text.strip().replace(".", "").isdecimal()


def _counts_on(text: str) -> bool:
    """Return whether the metres of a chainage are past a thousand, as behind the last kilometre that is not read twice."""
    try:
        return split_chainage(text)[2] >= 1000
    except ValueError:  # whole kilometres
        return False


def _gap(system: Mileage, reading: float) -> float | None:
    """Return the metres along of the short chain that leaves a reading out, None where there is none."""
    for row in system.breaks:
        if system.behind[row] < reading < system.ahead[row]:
            return float(system.along[row])
    return None


@lru_cache(maxsize=32)
def _box(line: RailLine) -> tuple[tuple[float, float], tuple[float, float]]:
    (left, bottom), (right, top) = line.coords.min(axis=0).tolist(), line.coords.max(axis=0).tolist()
    return (left, bottom), (right, top)


def _nearest(line: RailLine, x: float, y: float) -> tuple[float, float]:
    """Return the metres along a line of its place nearest to a point, and how far that is."""
    start, way, squares = _pieces(line)
    off = np.array([x, y]) - start
    share = np.clip((off[:, 0] * way[:, 0] + off[:, 1] * way[:, 1]) / squares, 0.0, 1.0)
    gone = (off[:, 0] - share * way[:, 0]) ** 2 + (off[:, 1] - share * way[:, 1]) ** 2
    best = int(gone.argmin())
    at = measures(line)
    return float(at[best] + share[best] * (at[best + 1] - at[best])), float(np.sqrt(gone[best]))


@lru_cache(maxsize=32)
def _pieces(line: RailLine) -> tuple[Floats, Floats, Floats]:
    way = np.diff(line.coords, axis=0)
    return line.coords[:-1], way, np.maximum((way**2).sum(axis=1), 1e-12)
