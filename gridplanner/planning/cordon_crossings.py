"""Streets over a cordon as places to hold: which lines are one place, what each is called, what stands there already."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from scipy.spatial import cKDTree

from algorithms.checkpoints.crossings import Crossings, find_crossings
from algorithms.checkpoints.one_place import one_place
from algorithms.progress import SILENT, Progress
from gridplanner.duty_settings import CheckpointSettings
from gridplanner.model.checkpoints import Crossing
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.places import Roads
from gridplanner.model.project import Project
from gridplanner.planning.cordon_areas import BEYOND, CordonArea
from gridplanner.planning.travel import Ways

ONE_PLACE = 60.0  # metres within which the two lines of a dual carriageway, or a road and its ramps, are one place
SITE = 100.0  # metres within which a site that the planner knows is at a crossing
ON_LINE = 30.0  # metres from a drawn line at which a street crosses it, and not what it was drawn on to
RANKS = ("motorway", "trunk", "primary", "secondary", "tertiary")


@dataclass(frozen=True, eq=False)
class CordonCrossings:
    """The places at which streets cross a cordon.

    `found` are the pieces of street that cross, `place` (c,) the row in `rows` of each, `rows` a crossing a place, `goes_round` (m,)
    the pieces that go round the ends of a drawn line, `open_ends` whether some do so inside the district.
    """

    cordon: CordonArea
    found: Crossings
    place: Ints
    rows: tuple[Crossing, ...]
    goes_round: Bools
    open_ends: bool = False


@lru_cache(maxsize=4)
def class_rows(roads: Roads) -> tuple[tuple[str, ...], Ints]:
    """Return the different classes of streets, and the row of each street's among them, (streets,)."""
    seen: dict[str, int] = {}
    rows = np.fromiter((seen.setdefault(word, len(seen)) for word in roads.highway.tolist()), np.int32, len(roads))
    return tuple(seen), rows


def base_class(highway: str) -> str:
    """Return a class without the ending of its ramps: primary for primary_link."""
    return highway.removesuffix("_link")


def may_hold(project: Project, settings: CheckpointSettings) -> Bools:
    """Return whether a checkpoint may hold each street by its class, (streets,); every one where the layer has no classes."""
    if not project.roads.classed:
        return np.ones(len(project.roads), bool)
    words, rows = class_rows(project.roads)
    held = np.array([word in settings.classes or base_class(word) in settings.classes for word in words], bool)
    return np.asarray(held[rows])


def crossings_of(
    project: Project, ways: Ways, cordon: CordonArea, settings: CheckpointSettings, progress: Progress = SILENT
) -> CordonCrossings:
    """Return where streets cross a cordon, from the largest class to the smallest, then from west to east."""
    held = may_hold(project, settings)
    goes_on = held[ways.street[ways.graph.line]] if cordon.line is None and not cordon.name else np.zeros(ways.graph.edge_count, bool)
    found = find_crossings(ways.graph, cordon.area, goes_on, progress=progress)
    goes_round, open_ends = np.zeros(len(found.streets.u), bool), False
    if cordon.line is not None:
        beside = shapely.distance(shapely.points(found.xy), cordon.line) > ON_LINE
        goes_round[found.piece[beside]] = True
        districts = shapely.union_all(project.communities.polygons) if len(project.communities) else cordon.area.envelope.buffer(BEYOND)
        open_ends = bool(shapely.contains_xy(districts, found.xy[beside]).any())
        found = dataclasses.replace(found, piece=found.piece[~beside], xy=found.xy[~beside], outward=found.outward[~beside])
    street = street_of(ways, found, found.piece)
    place = same_place(project, found, street, found.xy)
    rows = [_crossing(project, cordon, found, street, np.flatnonzero(place == p), held) for p in range(int(place.max(initial=-1)) + 1)]
    order = sorted(range(len(rows)), key=lambda p: (class_rank(rows[p].highway), rows[p].x, rows[p].y))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows))
    crossed = tuple(with_sites(project, [rows[p] for p in order]))
    return CordonCrossings(cordon, found, rank[place] if len(place) else place, crossed, goes_round, open_ends)


def street_of(ways: Ways, found: Crossings, piece: Ints) -> Ints:
    """Return the project's street row of pieces."""
    return np.asarray(ways.street[ways.graph.line[found.streets.edge[piece]]])


def same_place(project: Project, found: Crossings, street: Ints, xy: Floats, piece: Ints | None = None) -> Ints:
    """Return a label for the place of each piece (the crossing ones where none are given) at `xy` on the streets `street`."""
    roads = project.roads
    names = np.unique(roads.names[street], return_inverse=True)[1] if len(street) else np.zeros(0, np.int64)
    bases = [base_class(word) for word in roads.highway[street].tolist()]
    kinds = np.unique(bases, return_inverse=True)[1] if bases else np.zeros(0, np.int64)
    ramp = np.array([str(word).endswith("_link") for word in roads.highway[street]], bool)
    if piece is None:
        leaves, enters = found.leaves, found.enters
    else:
        leaves, enters = np.isfinite(found.streets.seconds[piece]).T
    return one_place(xy, np.where(roads.names[street] == "", -1, names), kinds, ramp, leaves, enters, ONE_PLACE)


def class_rank(highway: str) -> int:
    """Return the place of a class among RANKS, behind them all for any other."""
    base = base_class(highway)
    return RANKS.index(base) if base in RANKS else len(RANKS)


def _crossing(project: Project, cordon: CordonArea, found: Crossings, street: Ints, members: Ints, held: Bools) -> Crossing:
    """Return the crossing that some pieces are together: named by the largest class that has a name, between its lines."""
    roads = project.roads
    best = sorted(members.tolist(), key=lambda i: (str(roads.highway[street[i]]).endswith("_link"), roads.names[street[i]] == "", i))
    main = street[best[0]]
    named = [str(roads.names[street[i]]) for i in best if roads.names[street[i]]]
    out, come = bool(found.leaves[members].any()), bool(found.enters[members].any())
    x, y = found.xy[members].mean(axis=0).tolist()
    direction = "both" if out == come else "out" if out else "in"
    arterial = bool(held[street[members]].any())
    return Crossing(x, y, cordon.name, named[0] if named else "", str(roads.highway[main]), direction, arterial)


def doubted(project: Project, rows: Sequence[Crossing]) -> list[Crossing]:
    """Return the crossings at which a checkpoint stands although another mark says that none may."""
    sites = project.checkpoint_sites
    forbidden = sites.kinds == "forbidden" if len(sites) else np.zeros(0, bool)
    if not rows or not forbidden.any():
        return []
    distance, nearest = cKDTree([(row.x, row.y) for row in rows]).query(sites.xy[forbidden])
    return [rows[i] for i in np.unique(nearest[distance <= SITE]).tolist() if rows[i].site == "existing"]


def with_sites(project: Project, rows: list[Crossing]) -> list[Crossing]:
    """Return crossings with the kind of the site that the planner knows at each: the nearest crossing within SITE has it.

    A checkpoint that stands there already outweighs a mark that none may: it is kept, and `doubted` tells of the two.
    """
    sites = project.checkpoint_sites
    if not len(sites) or not rows:
        return rows
    distance, nearest = cKDTree([(row.x, row.y) for row in rows]).query(sites.xy)
    kinds = {}
    for kind in ("forbidden", "existing"):  # the latter is written last and stays
        kinds.update(dict.fromkeys(nearest[(distance <= SITE) & (sites.kinds == kind)].tolist(), kind))
    return [dataclasses.replace(row, site=kinds.get(i, "")) for i, row in enumerate(rows)]
