"""What crosses the lines or carries them: streets at the line's own level, bridges, tunnels, limits of communities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from algorithms.railguard.chainage import measures, points_at
from algorithms.railguard.projection import places_on_lines, spread_along
from algorithms.units.locate import locate
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import Communities, Railway, RoadClass, Roads, texts
from gridplanner.model.rail import NO_FEATURES, RailFeatures

ONE = 25.0  # metres along the line within which streets cross at one place: carriageways, footways beside them
END = 1.0  # metres from the end of a street within which it may end at the line
ASIDE = 3.0  # metres along such a street from the line where its side is looked at
MISSED = 0.05  # metres by which a street that ends at the line may miss it: the line is rounded to centimetres
TRACK = 30.0  # metres from the line within which a track is one of it
STEP = 10.0  # metres between the places of a track that are looked at
CHUNK = 32  # pieces of the line that are searched with one box
SHORTEST = 50.0  # metres of line in a community, less is a limit that runs along the railway
NO_CROSSING = ("motorway", "motorway_link")  # never at the level of a railway


def level_crossings(roads: Roads, coords: Sequence[Floats], aloft: RailFeatures) -> tuple[RailFeatures, list[Issue]]:
    """Return the places at which streets cross the lines on the ground, outside the bridges and tunnels `aloft`; one within 25 m.

    What ends at the line crosses it only where another street goes on on the other side.
    """
    rows = np.flatnonzero((roads.classes >= RoadClass.PATH) & (roads.level == 0) & ~np.isin(roads.highway, NO_CROSSING))
    if not len(rows) or not len(coords):
        return NO_FEATURES, []
    lines = roads.lines.select(rows)
    shapes = shapely.linestrings(lines.coords, indices=np.repeat(np.arange(len(lines)), np.diff(lines.offsets)))
    tree = shapely.STRtree(shapes)
    parts = [_met(tree, shapes, line) for line in coords]
    line = np.repeat(np.arange(len(coords)), [len(along) for along, *_rest in parts])
    along = np.concatenate([along for along, *_rest in parts])
    street = rows[np.concatenate([street for _along, street, *_rest in parts])]
    left, right = (np.concatenate([part[side] for part in parts]) for side in (2, 3))
    for at in range(len(aloft)):
        inside = (line == aloft.line[at]) & (along > aloft.low[at] - 1.0) & (along < aloft.high[at] + 1.0)
        line, along, street, left, right = (column[~inside] for column in (line, along, street, left, right))
    order = np.lexsort((street, along, line))
    line, along, street, left, right = (column[order] for column in (line, along, street, left, right))
    if not len(line):
        return NO_FEATURES, []
    fresh = np.append(True, (line[1:] != line[:-1]) | (np.diff(along) > ONE))
    start = np.flatnonzero(fresh)
    over = np.logical_or.reduceat(left, start) & np.logical_or.reduceat(right, start)
    middle = np.add.reduceat(along, start) / np.diff(np.append(start, len(line)))
    names = [_first_name(roads.names[street[low:high]]) for low, high in zip(start.tolist(), [*start[1:].tolist(), len(line)], strict=True)]
    keep = np.flatnonzero(over)
    found = RailFeatures(
        line[start][keep], middle[keep], middle[keep], texts(["crossing"] * len(keep)), texts(names)[keep], np.ones(len(keep))
    )  # fmt: skip
    issues = []
    if len(keep) and not roads.level.any() and not len(aloft):
        text = N_(
            "{n} streets cross the railway, and neither the streets nor the railway say which of them pass over or under it; map the level"
            " of the streets, or bridges and tunnels of the railway"
        )
        x, y = points_at(coords[int(found.line[0])], found.low[0])[0].tolist()
        issues.append(Issue(Level.INFO, "rail_levels", text, {"n": len(keep)}, "rail", "", x, y))
    return found, issues


def _met(tree: shapely.STRtree, streets: Texts, coords: Floats) -> tuple[Floats, Ints, Floats, Floats]:
    """Return where streets meet a line: metres along it, the street, and whether it goes on at the left and at the right."""
    at = measures(coords)
    first = np.arange(0, len(coords) - 1, CHUNK)
    chunks = np.array([shapely.LineString(coords[low : low + CHUNK + 1]) for low in first.tolist()], object)
    chunk, street = tree.query(chunks, predicate="dwithin", distance=MISSED)
    shared = shapely.intersection(chunks[chunk], streets[street])
    apart = shapely.is_empty(shared)
    shared[apart] = shapely.get_point(shapely.shortest_line(chunks[chunk[apart]], streets[street[apart]]), 0)
    shared, pair = shapely.get_parts(shared, return_index=True)
    place = shapely.centroid(shared)
    chunk, street = chunk[pair], street[pair]
    along = at[first[chunk]] + shapely.line_locate_point(chunks[chunk], place)
    before, after = points_at(coords, along - 1.0), points_at(coords, along + 1.0)
    here, way = points_at(coords, along), after - before
    on = shapely.line_locate_point(streets[street], place)
    length = shapely.length(streets[street])
    through = ~apart[pair] & (on > END) & (on < length - END)
    left, right = through.copy(), through.copy()
    for there in (np.maximum(on - ASIDE, 0.0), np.minimum(on + ASIDE, length)):
        off = shapely.get_coordinates(shapely.line_interpolate_point(streets[street], there)) - here
        side = (way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0]) / np.maximum(np.hypot(*way.T), 1e-9)
        left |= side > 0.1
        right |= side < -0.1
    meets = through | (on <= END) | (on >= length - END)  # others come near and turn away
    return along[meets], street[meets], left[meets], right[meets]


def _first_name(names: Texts) -> str:
    return next((str(name) for name in names.tolist() if name), "")


def structures_on(railway: Railway, coords: Sequence[Floats], kind: str, given: RailFeatures) -> RailFeatures:
    """Return the bridges or tunnels of the lines: tracks of that kind and those given; what touches or overlaps is one."""
    parts = [(given.line, given.low, given.high, given.names)]
    rows = np.flatnonzero((railway.kinds == kind) & railway.main) if len(railway.kinds) else np.zeros(0, np.int64)
    if len(rows) and len(coords):
        tracks = railway.lines.select(rows)
        xy, owner = spread_along(tracks.coords, np.asarray(tracks.offsets, np.int64), STEP)
        found = places_on_lines(coords, xy, TRACK)
        near = np.flatnonzero((found.line >= 0) & ~(found.past & (found.away > 1.0)))
        keys, piece = np.unique(np.column_stack((owner[near], found.line[near])), axis=0, return_inverse=True)
        low, high = np.full(len(keys), np.inf), np.full(len(keys), -np.inf)
        np.minimum.at(low, piece.ravel(), found.along[near])
        np.maximum.at(high, piece.ravel(), found.along[near])
        long = np.flatnonzero(high - low > 1.0)
        parts.append((keys[long, 1], low[long], high[long], texts([""] * len(long))))
    line, low, high, names = (np.concatenate([part[column] for part in parts]) for column in range(4))
    return _united(kind, line, low, high, names)


def _united(kind: str, line: Ints, low: Floats, high: Floats, names: Texts) -> RailFeatures:
    """Return stretches with those that touch or overlap made one, which keeps the names of all."""
    if not len(line):
        return NO_FEATURES
    order = np.lexsort((high, low, line))
    line, low, high, names = line[order], low[order], high[order], names[order]
    axis = line * (float(high.max()) + 10.0)  # all lines one behind the other
    reached = np.maximum.accumulate(high + axis)
    fresh = np.append(True, (low + axis)[1:] > reached[:-1] + 1.0)
    start = np.flatnonzero(fresh)
    stop = [*start[1:].tolist(), len(line)]
    called = [" / ".join(dict.fromkeys(str(name) for name in names[a:b] if name)) for a, b in zip(start.tolist(), stop, strict=True)]
    low, high, line = low[start], np.maximum.reduceat(high, start), line[start]
    return RailFeatures(line, low, high, texts([kind] * len(line)), texts(called), (high - low) / 1000.0)


def limits_on(communities: Communities, coords: Sequence[Floats]) -> RailFeatures:
    """Return the places at which the lines pass from one community into another, named after both.

    Where a limit runs along the railway and crosses it again and again, pieces shorter than 50 m belong to the community before.
    """
    if not len(communities) or communities.made_up:
        return NO_FEATURES
    edges = shapely.boundary(communities.polygons)
    tree = shapely.STRtree(edges)
    rows: list[tuple[int, float, str]] = []
    for number, line in enumerate(coords):
        shape = shapely.LineString(line)
        met = shapely.get_parts(shapely.intersection(shape, edges[tree.query(shape, predicate="intersects")]))
        met = np.where(shapely.get_dimensions(met) == 1, shapely.boundary(met), met)
        at = np.unique(np.round(shapely.line_locate_point(shape, shapely.get_parts(met)), 2))
        total = float(measures(line)[-1])
        cuts = np.concatenate(([0.0], at[(at > 1.0) & (at < total - 1.0)], [total]))
        held = locate(points_at(line, (cuts[1:] + cuts[:-1]) / 2.0), communities.polygons)
        before = -1
        for start, stop, community in zip(cuts[:-1].tolist(), cuts[1:].tolist(), held.tolist(), strict=True):
            if (stop - start < SHORTEST and start > 0.0) or community < 0 or community == before:
                continue
            if before >= 0:
                rows.append((number, start, f"{communities.names[before]} / {communities.names[community]}"))
            before = community
    if not rows:
        return NO_FEATURES
    place = np.array([along for _line, along, _name in rows])
    return RailFeatures(
        np.array([line for line, _along, _name in rows]), place, place, texts(["limit"] * len(rows)), texts([name for *_row, name in rows]),
        np.zeros(len(rows)),
    )  # fmt: skip
