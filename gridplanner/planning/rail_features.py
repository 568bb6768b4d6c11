"""What makes work along the lines: crossings, bridges, tunnels, stations, settlements, schools, slopes, fences, cases and limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress
from algorithms.railguard.projection import places_on_lines
from algorithms.sums import group_sums
from algorithms.units.locate import locate
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.model.places import NO_COMMUNITIES, Communities, Stations, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import NO_FEATURES, RailFeatures, RailLine
from gridplanner.model.rail_schools import school_places
from gridplanner.planning.rail_crossings import ONE, level_crossings, limits_on, structures_on
from gridplanner.planning.rail_given import Given, given_on, taken
from gridplanner.settings import RailSettings

PIECE = 250.0  # metres of line whose households, and whose cases, are one row
ASIDE = 500.0  # metres from the line within which a station stands on it
SAME_CROSSING, SAME_STATION = 60.0, 1000.0  # metres within which what a source gives is what was found
APART = 100.0  # metres along the line between places of known height: nearer ones tell their surveyors apart, not the slope
ADDRESSES_NEAR = 1000.0  # metres: an address so near to a given settlement says that its households are counted one by one


def features_of(project: Project, lines: Sequence[RailLine], progress: Progress = SILENT) -> tuple[RailFeatures, list[Issue]]:
    """Return what makes work along the lines, by line and rising along it, and what could not be counted, with its place.

    Streets that cross at the line's own level are crossings: none on a bridge or in a tunnel of either. What stands at a crossing within
    25 m is one crossing. Households and cases within the corridor count at the nearest place on any line, each once, in rows of at most
    250 m; who lives past a line's end does not count. What the rail_features source gives is taken before what is found.
    """
    settings = project.settings.rail or RailSettings()
    coords = [line.coords for line in lines]
    given, issues = given_on(project.rail_things, coords, settings.corridor_m)
    progress.check()
    bridges, tunnels = (structures_on(project.railway, coords, kind, given.of(kind)) for kind in ("bridge", "tunnel"))
    crossings, said = level_crossings(project.roads, coords, joined([bridges, tunnels]))
    progress.check()
    parts = [
        bridges,
        tunnels,
        _with_given(given.of("crossing"), crossings, SAME_CROSSING),
        _with_given(given.of("station"), _stations(project.stations, coords), ASIDE),
        *_settlements(project, given, coords, settings.corridor_m),
        _schools(project, coords, settings.corridor_m),
        _slopes(project.stations, given, coords, settings.slope_limit),
        given.of("fence"),
        given.of("gate"),
        *_history(project, given, coords, settings.corridor_m),
        _with_given(given.of("limit"), limits_on(project.communities, coords), 1.0),
    ]
    progress.check()
    return joined(parts), [*issues, *said, *_not_known(project, settings, parts)]


def joined(parts: Sequence[RailFeatures]) -> RailFeatures:
    """Return the rows of several in one, by line, place and kind."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return NO_FEATURES
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in ("line", "low", "high", "kinds", "names", "amount")]
    order = np.lexsort((columns[3].astype(str), columns[2], columns[1], columns[0]))
    return RailFeatures(*(column[order] for column in columns))


def _schools(project: Project, coords: Sequence[Floats], corridor: float) -> RailFeatures:
    xy, names = school_places(project)
    found = places_on_lines(coords, xy, corridor)
    near = np.flatnonzero((found.line >= 0) & ~found.past)
    along = found.along[near]
    return RailFeatures(found.line[near], along, along, _words("school", len(near)), names[near], np.ones(len(near)))


def _stations(stations: Stations, coords: Sequence[Floats]) -> RailFeatures:
    """Return the stations on the lines; those of one name within a kilometre are one."""
    post = stations.posts if len(stations.posts) else stations.names == ""
    rows = np.flatnonzero(~np.asarray(post, bool))
    found = places_on_lines(coords, stations.xy[rows], ASIDE)
    on = np.flatnonzero((found.line >= 0) & ~_far_past(found.past, found.away))
    line, along, names = found.line[on], found.along[on], stations.names[rows[on]]
    order = np.lexsort((along, names.astype(str), line))
    line, along, names = line[order], along[order], names[order]
    again = np.zeros(len(line), bool)
    again[1:] = (line[1:] == line[:-1]) & (names[1:] == names[:-1]) & (names[1:] != "") & (np.diff(along) <= SAME_STATION)
    keep = ~again
    return RailFeatures(line[keep], along[keep], along[keep], _words("station", int(keep.sum())), names[keep], np.ones(int(keep.sum())))


def _far_past(past: Bools, away: Floats) -> Bools:
    """A station a few metres past the end of the line as it is drawn still stands on it."""
    return past & (away > 50.0)


def _with_given(given: RailFeatures, found: RailFeatures, within: float) -> RailFeatures:
    """Return what is given and, farther than `within` metres from all of it, what was found; who is given without a name takes one found.

    Of things given within 25 m of one another the first counts: a crossing of two tracks is marked on both.
    """
    order = np.lexsort((given.low, given.line))
    again = np.zeros(len(given), bool)
    again[order[1:]] = (np.diff(given.line[order]) == 0) & (np.diff(given.low[order]) <= ONE)
    given = taken(given, np.flatnonzero(~again))
    if not len(given) or not len(found):
        return joined([given, found])
    alone, names = np.ones(len(found), bool), given.names.copy()
    for line in np.unique(given.line).tolist():
        mine, theirs = np.flatnonzero(given.line == line), np.flatnonzero(found.line == line)
        if len(theirs):
            away = np.abs(found.low[theirs, None] - given.low[mine])
            alone[theirs] = away.min(axis=1) > within
            near = away.argmin(axis=0)
            bare = (away.min(axis=0) <= within) & (names[mine] == "")
            names[mine[bare]] = found.names[theirs[near[bare]]]
    return joined([dataclasses.replace(given, names=names), taken(found, np.flatnonzero(alone))])


def _settlements(project: Project, given: Given, coords: Sequence[Floats], corridor: float) -> list[RailFeatures]:
    """Return the households beside the lines in hundreds; given settlements count where no address lies near them, else not again."""
    homes = project.households
    counted = np.flatnonzero(homes.households > 0)
    named = NO_COMMUNITIES if project.communities.made_up else project.communities
    rows = _in_pieces("settlement", homes.xy[counted], homes.households[counted] / 100.0, named, coords, corridor)
    villages = given.of("settlement")
    if len(villages) and len(counted):
        tree = shapely.STRtree(shapely.points(homes.xy[counted]))
        near = tree.query_nearest(shapely.points(given.xy_of("settlement")), max_distance=ADDRESSES_NEAR, all_matches=False)[0]
        amount = villages.amount.copy()
        amount[near] = 0.0
        villages = dataclasses.replace(villages, amount=amount)
    return [rows, villages]


def _history(project: Project, given: Given, coords: Sequence[Floats], corridor: float) -> list[RailFeatures]:
    cases = project.incidents
    return [_in_pieces("history", cases.xy, cases.weight, NO_COMMUNITIES, coords, corridor), given.of("history")]


def _in_pieces(
    kind: str, xy: Floats, weight: Floats, named: Communities, coords: Sequence[Floats], corridor: float
) -> RailFeatures:  # fmt: skip
    """Return the weights of places within the corridor, summed over pieces of the line; a piece is named after whose weigh most there."""
    found = places_on_lines(coords, xy, corridor)
    near = np.flatnonzero((found.line >= 0) & ~found.past & (weight > 0))
    if not len(near):
        return NO_FEATURES
    line, along = found.line[near], found.along[near]
    _keys, first, piece = np.unique(np.column_stack((line, along // PIECE)), axis=0, return_index=True, return_inverse=True)
    piece = piece.ravel()
    low, high = np.full(len(first), np.inf), np.full(len(first), -np.inf)
    np.minimum.at(low, piece, along)
    np.maximum.at(high, piece, along)
    pairs, pair = np.unique(np.column_stack((piece, locate(xy[near], named.polygons))), axis=0, return_inverse=True)
    heavy = group_sums(pair.ravel(), weight[near], len(pairs))
    holder = np.full(len(first), -1, np.int64)
    order = np.argsort(heavy, kind="stable")
    holder[pairs[order, 0]] = pairs[order, 1]  # the heaviest is written last
    names = texts([str(named.names[row]) if row >= 0 else "" for row in holder.tolist()])
    return RailFeatures(line[first], low, high, _words(kind, len(first)), names, group_sums(piece, weight[near], len(first)))


def _slopes(stations: Stations, given: Given, coords: Sequence[Floats], limit: float) -> RailFeatures:
    """Return the stretches between places of known height that are steeper than the limit, and those given as steeper."""
    rows: list[tuple[int, float, float, float]] = []
    known = np.flatnonzero(np.isfinite(stations.height)) if len(stations.height) else np.zeros(0, np.int64)
    found = places_on_lines(coords, stations.xy[known], ASIDE)
    for line in np.unique(found.line[found.line >= 0]).tolist():
        mine = np.flatnonzero(found.line == line)
        mine = mine[np.unique(found.along[mine] // APART, return_index=True)[1]]
        along, height = found.along[mine], stations.height[known[mine]]
        steep = np.where(np.diff(along) >= APART / 2.0, np.abs(np.diff(height)) / np.diff(along) * 1000.0, 0.0)
        for at in np.flatnonzero(steep > limit).tolist():
            rows.append((line, float(along[at]), float(along[at + 1]), float(steep[at])))
    told = given.of("slope")
    for at in np.flatnonzero(told.amount > limit).tolist():
        rows.append((int(told.line[at]), float(told.low[at]), float(told.high[at]), float(told.amount[at])))
    if not rows:
        return NO_FEATURES
    line_of, low, high, permille = (np.array(column) for column in zip(*rows, strict=True))
    amount = (permille - limit) * (high - low) / 1000.0 / 10.0
    names = texts([f"{value:.1f} ‰" for value in permille.tolist()])
    return RailFeatures(
        line_of.astype(np.int64), low.astype(np.float64), high.astype(np.float64), _words("slope", len(rows)), names, amount
    )


def _not_known(project: Project, settings: RailSettings, parts: Sequence[RailFeatures]) -> list[Issue]:
    """Say which kinds weigh something but have nothing behind them, so that nobody takes them for counted."""
    there = {str(kind) for part in parts for kind in np.unique(part.kinds.astype(str)).tolist()} if parts else set()
    heights = bool(np.isfinite(project.stations.height).any())
    asks = {
        "crossing": (len(project.roads), N_("Crossings weigh {weight}, but there are neither streets nor given crossings; import streets")),
        "settlement": (
            len(project.households),
            N_("Settlements weigh {weight}, but there are neither addresses nor given settlements; import addresses"),
        ),
        "slope": (heights, N_("Slope weighs {weight}, but no heights are known; map the height of stations and posts")),
        "fence": (0, N_("Fences weigh {weight}, but none are given, so no line counts as unfenced; give them as rail features")),
        "history": (len(project.incidents), N_("History weighs {weight}, but no incidents are known; import incidents")),
    }
    issues = []
    for kind, (known, text) in asks.items():
        weight = max(settings.weights[kind], *(plan.weights.get(kind, 0.0) for plan in settings.plans), 0.0)
        if weight > 0 and kind not in there and not known:
            issues.append(Issue(Level.INFO, "rail_unknown", text, {"weight": f"{weight:g}"}, "rail", kind))
    return issues


def _words(kind: str, count: int) -> Texts:
    return texts([kind] * count)
