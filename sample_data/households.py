"""Counts and addresses: how many households and persons each place has, and what stands on its door plate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Point, Polygon

from sample_data.homes import Site
from sample_data.streets import Street

PERSONS_PER_HOUSEHOLD = 2.6


@dataclass(frozen=True, eq=False)
class Addresses:
    """One row per address: place, households, persons, text. No names, no numbers of people."""

    xy: npt.NDArray[np.float64]
    households: npt.NDArray[np.int32]
    persons: npt.NDArray[np.int32]
    text: list[str]


def settle(
    sites: Sequence[Site], communities: Sequence[tuple[Polygon, int]], streets: Sequence[Street], rng: np.random.Generator
) -> Addresses:
    """The addresses of the town, so counted that every community has exactly its number of households.

    Parameters
    ----------
    communities
        Outline and households wanted, a pair for each.

    Raises
    ------
    ValueError
        Where a community's buildings cannot hold so many or so few.
    """
    points = shapely.points([(s.x, s.y) for s in sites])
    households = np.zeros(len(sites), dtype=np.int32)
    for outline, total in communities:
        members = np.flatnonzero(shapely.contains_properly(outline, points))
        households[members] = _scaled([sites[int(i)] for i in members], total, rng)
    keep = np.flatnonzero(households)
    order = keep[np.lexsort((shapely.get_x(points[keep]), -np.round(shapely.get_y(points[keep]), -2)))]
    kept = [sites[int(i)] for i in order]
    counts = households[order]
    persons = np.array([_persons(int(n), rng) for n in counts], dtype=np.int32)
    return Addresses(np.round(shapely.get_coordinates(points[order]), 2), counts, persons, address_texts(kept, streets))


def clear_of(sites: Sequence[Site], streets: Sequence[Street], off_street: float = 4.0, off_path: float = 2.5) -> list[Site]:
    """The places that stand on no street and no footway, and on no earlier place (metres from the middle of each)."""
    points = shapely.points([(s.x, s.y) for s in sites])
    keep = np.ones(len(sites), dtype=np.bool_)
    for on_foot, distance in ((False, off_street), (True, off_path)):
        tree = shapely.STRtree([s.line for s in streets if (s.kind == "footway") == on_foot])
        keep[tree.query(points, "dwithin", distance)[0]] = False
    for i, j in shapely.STRtree(points).query(points, "dwithin", 6.0).T:
        if i < j and keep[i]:
            keep[j] = False
    return [site for site, free in zip(sites, keep, strict=True) if free]


def _persons(households: int, rng: np.random.Generator) -> int:
    spread = rng.normal(0.0, 0.95 * np.sqrt(households))
    return int(max(households, round(households * PERSONS_PER_HOUSEHOLD + spread)))


def _scaled(sites: Sequence[Site], total: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """The drawn counts stretched to a total, each within what its building can hold."""
    drawn = np.array([s.households for s in sites], dtype=np.float64)
    least, most = (np.array([getattr(s, k) for s in sites], dtype=np.int32) for k in ("least", "most"))
    if not least.sum() <= total <= most.sum():
        raise ValueError(f"{len(sites)} buildings hold {least.sum()} to {most.sum()} households, not {total}")
    low, high = 0.05, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        fits = np.clip(np.round(drawn * middle), least, most).sum() <= total
        low, high = (middle, high) if fits else (low, middle)
    counts = np.clip(np.round(drawn * low), least, most).astype(np.int32)
    room = np.flatnonzero(counts < most)
    while counts.sum() < total:
        lucky = rng.permutation(room)[: total - int(counts.sum())]
        counts[lucky] += 1
        room = np.flatnonzero(counts < most)
    return counts


def address_texts(sites: Sequence[Site], streets: Sequence[Street]) -> list[str]:
    """Door plates: odd numbers left of a street, even ones right; buildings of an estate and houses of a village in turn."""
    named = [s for s in streets if s.name and s.kind in ("primary", "secondary", "tertiary", "residential", "footway")]
    tree = shapely.STRtree([s.line for s in named])
    texts = [""] * len(sites)
    doors: dict[tuple[str, int], list[tuple[int, float, int]]] = defaultdict(list)
    members: dict[str, list[int]] = defaultdict(list)
    for i, site in enumerate(sites):
        if site.estate:
            members[site.estate].append(i)
            continue
        door = Point(site.x, site.y)
        k = int(tree.nearest(door))
        line = named[k].line
        at = float(line.project(door))
        a, b = line.interpolate(max(0.0, at - 2)), line.interpolate(min(line.length, at + 2))
        left = (b.x - a.x) * (site.y - a.y) - (b.y - a.y) * (site.x - a.x) > 0
        doors[(named[k].name, 1 if left else 2)].append((k, at, i))
    for (name, first), list_ in doors.items():
        for count, (_, _, i) in enumerate(sorted(list_)):
            texts[i] = f"{name}{first + 2 * count}号"
    for place, rows in members.items():
        for count, i in enumerate(rows, start=1):
            group, house = divmod(count - 1, 30)
            texts[i] = f"{place}{group + 1}组{house + 1}号" if sites[i].most <= 2 else f"{place}{count}号楼"
    return texts
