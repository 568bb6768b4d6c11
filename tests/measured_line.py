"""Made tracks and posts, and whether every place of a line is found again by what it reads."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.model.lines import Lines
from gridplanner.model.mileage import Mileage
from gridplanner.model.places import Railway, Stations, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine
from gridplanner.rail_settings import RailSettings

Post = tuple[float, float]


def tracks(*lines: list[tuple[float, float]], names: str | list[str] = "青藏线", sides: list[str] | None = None) -> Railway:
    """Main track of pieces given as points in metres."""
    coords = np.array([p for line in lines for p in line], float)
    offsets = np.cumsum([0] + [len(line) for line in lines]).astype(np.int32)
    each = [names] * len(lines) if isinstance(names, str) else names
    empty = texts([""] * len(lines))
    return Railway(Lines(coords, offsets), np.ones(len(lines), bool), texts(each), empty, texts(sides) if sides else empty)


def posts(
    *given: Post, y: float = 5.0, letters: str | list[str] = "", track: str | list[str] = "", line: str = "", names: tuple[str, ...] = ()
) -> Stations:
    """Kilometre posts at (x, km); stations with `names` where these are given."""
    count = len(given)
    each = texts([letters] * count if isinstance(letters, str) else letters)
    sides = texts([track] * count if isinstance(track, str) else track)
    xy = np.column_stack(([x for x, _km in given], np.full(count, y)))
    chainage = np.array([km for _x, km in given], float) * 1000
    kind, name = np.full(count, not names), texts(list(names) or [""] * count)
    return Stations(xy, name, chainage, texts([line] * count), kind, each, sides, np.full(count, np.nan))


STRAIGHT = tracks([(4_000, 0), (10_000, 0)], [(1_000, 0), (0, 0)], [(1_000, 0), (4_000, 0)])


def project(stations: Stations | None = None, railway: Railway = STRAIGHT, **rail: object) -> Project:
    base = Project(railway=railway)
    base = dataclasses.replace(base, settings=dataclasses.replace(base.settings, rail=RailSettings(**rail)))
    return base if stations is None else dataclasses.replace(base, stations=stations)


def kinds(issues: list) -> list[str]:
    return [issue.kind for issue in issues]


def assert_found_again(line: RailLine, mileage: Mileage, every: float) -> None:
    """Place, chainage, place: within a metre everywhere, and the chainage rises but for long chains."""
    along = np.arange(0.0, float(mileage.along[-1]), every)
    for at in along.tolist():
        (found,) = mileage.find(mileage.text(at))
        assert abs(found - at) <= 1.0
    falls = np.flatnonzero(np.diff(mileage.readings(along)) <= 0)
    long = [mileage.along[row] for row in mileage.breaks if mileage.ahead[row] < mileage.behind[row]]
    assert all(any(along[row] <= at <= along[row + 1] for at in long) for row in falls)
