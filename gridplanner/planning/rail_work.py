"""The work along the lines in atoms: what each of them holds, and where a segment may, should or must begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.railguard.chainage import measures
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.mileage import Mileage
from gridplanner.model.rail import NO_PLACES, NO_PROFILE, RailFeatures, RailLine, RailPlaces, RailProfile
from gridplanner.model.rail_weights import weighted
from gridplanner.planning.rail_features import features_of as features_of
from gridplanner.planning.rail_stretch import place_on
from gridplanner.rail_settings import RAIL_WEIGHTS, RailSettings

KINDS = tuple(RAIL_WEIGHTS)
SAME = 1.0  # metres within which two borders are one; no atom is shorter
SPANS = ("bridge", "tunnel", "post")  # what segments are not to end within; of the others, at which


@dataclass(frozen=True, eq=False)
class BreakPlaces:
    """Where segments could end by what is there, one row a thing: `line`, from `low` to `high` (n,) and the word of BREAK_PLACES."""

    line: Ints
    low: Floats
    high: Floats
    words: tuple[str, ...]


def profile_of(
    lines: Sequence[RailLine], features: RailFeatures, settings: RailSettings, gates: RailPlaces = NO_PLACES
) -> RailProfile:  # fmt: skip
    """Return the atoms of the lines with their work weighed as the settings say; access is not known yet.

    Atoms end where the mileage reads a multiple of `atom_m`, at broken chains, stations, ends of bridges and tunnels, limits and posts;
    an atom holds what lies from its start to before its end, and of what is long its share by metres. A segment may not begin within a
    bridge, tunnel or post that is forbidden, nor less than half an atom from a forbidden place that has no length; a line's first atom is
    always open. `gates` are the entry points, where segments may be wished to end too.
    """
    if not len(lines):
        return NO_PROFILE
    places = break_places(lines, features, settings, gates)
    parts = [_borders(number, line, places, settings) for number, line in enumerate(lines)]
    line = np.repeat(np.arange(len(lines)), [len(part) - 1 for part in parts])
    low, high = np.concatenate([part[:-1] for part in parts]), np.concatenate([part[1:] for part in parts])
    first = low == 0.0
    shut, wish, wall = _marked(places, line, low, settings)
    amount = amounts(features, line, low, high)
    profile = RailProfile(line, low, high, KINDS, amount, first | ~shut, np.where(first, 0.0, wish), wall & ~first & ~shut, amount=amount)
    return weighted(profile, settings.weights)


def amounts(features: RailFeatures, line: Ints, low: Floats, high: Floats) -> Floats:
    """Return how much of each of KINDS the atoms hold, (n, k); their length in km, and where any fence is given the km without one."""
    total = np.zeros((len(line), len(KINDS)))
    if not len(line):
        return total
    total[:, KINDS.index("length")] = (high - low) / 1000.0
    reach = float(max(high.max(), np.max(features.high, initial=0.0))) + 10.0  # all lines one behind the other on one axis
    start, stop, edges = low + line * reach, high + line * reach, features.line * reach
    for column, kind in enumerate(KINDS):
        rows = np.flatnonzero(features.kinds == kind)
        begin, end, much = edges[rows] + features.low[rows], edges[rows] + features.high[rows], features.amount[rows]
        long = end - begin > 1e-9
        if not len(rows) or kind == "length":
            continue
        if kind == "fence":
            begin, end = _union(begin[long], end[long])
            much, long = (end - begin) / 1000.0, np.ones(len(begin), bool)
        total[:, column] = _spread(begin[long], end[long], much[long], start, stop)
        atom = np.searchsorted(start, begin[~long] + 1e-6, side="right") - 1
        np.add.at(total[:, column], np.maximum(atom, 0), much[~long])
        if kind == "fence":
            total[:, column] = np.maximum((high - low) / 1000.0 - total[:, column], 0.0)
    return total


def _spread(begin: Floats, end: Floats, much: Floats, start: Floats, stop: Floats) -> Floats:
    """Return the share of stretches that lies in each atom, (n,): differences of what all stretches together hold up to a place."""
    if not len(begin):
        return np.zeros(len(start))
    turn = np.concatenate((begin, end))
    rate = np.concatenate((much / (end - begin), -much / (end - begin)))
    order = np.argsort(turn, kind="stable")
    turn, rate = turn[order], np.cumsum(rate[order])
    held = np.concatenate(([0.0], np.cumsum(rate[:-1] * np.diff(turn))))
    found: Floats = np.interp(stop, turn, held) - np.interp(start, turn, held)
    return np.maximum(found, 0.0)


def _union(begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    if not len(begin):
        return begin, end
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], np.maximum.accumulate(end[order])
    fresh = np.flatnonzero(np.append(True, begin[1:] > end[:-1]))
    return begin[fresh], end[np.append(fresh[1:] - 1, len(end) - 1)]


def break_places(lines: Sequence[RailLine], features: RailFeatures, settings: RailSettings, gates: RailPlaces = NO_PLACES) -> BreakPlaces:
    """Return where segments could be wished, forbidden or made to end; posts that no line has are left out."""
    rows = np.flatnonzero(np.isin(features.kinds.astype(str), ("station", "tunnel", "bridge", "limit", "crossing")))
    line, low, high = features.line[rows].tolist(), features.low[rows].tolist(), features.high[rows].tolist()
    words = [str(word) for word in features.kinds[rows]]
    for post in settings.posts:
        for number, rail in enumerate(lines):
            if post.line and post.line != rail.name:
                continue
            ends = place_on(rail, post.start), place_on(rail, post.stop)
            if ends[0] is not None and ends[1] is not None:
                line, low, high = [*line, number], [*low, min(ends[0], ends[1])], [*high, max(ends[0], ends[1])]
                words.append("post")
                break
    line, low, high = [*line, *gates.line.tolist()], [*low, *gates.along.tolist()], [*high, *gates.along.tolist()]
    words += ["gate"] * len(gates)
    return BreakPlaces(np.array(line, np.int64), np.array(low, np.float64), np.array(high, np.float64), tuple(words))


def _borders(number: int, line: RailLine, places: BreakPlaces, settings: RailSettings) -> Floats:
    """Return where the atoms of a line end, rising from 0 to its length: posts before other places, and these before even metres."""
    length = float(measures(line.coords)[-1])
    mileage = line.mileage
    here = places.line == number
    words = np.array(places.words, object)
    wanted = set(settings.prefer) | set(settings.walls)
    groups = []
    for use in (("post",), ("station", "tunnel", "bridge", "limit"), ("crossing", "gate")):
        rows = np.flatnonzero(here & np.isin(words, [word for word in use if word in wanted or word not in {"crossing", "gate"}]))
        groups.append(np.concatenate((places.low[rows], places.high[rows])))
    jumps = np.abs(mileage.ahead - mileage.behind) > 1e-6
    jumps[[0, -1]] = False
    return _apart([*groups, mileage.along[jumps], _even(mileage, settings.atom_m)], length)


def _even(mileage: Mileage, step: float) -> Floats:
    """Return the places along a line at which its mileage reads multiples of `step`."""
    low, high = mileage.ahead[:-1], mileage.behind[1:]
    first = np.ceil(low / step - 1e-9).astype(np.int64)
    count = np.maximum(np.floor(high / step + 1e-9).astype(np.int64) - first + 1, 0)
    row = np.repeat(np.arange(len(count)), count)
    reading = (first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)) * step
    share = (reading - low[row]) / np.maximum(high[row] - low[row], 1e-9)
    found: Floats = mileage.along[:-1][row] + np.clip(share, 0.0, 1.0) * np.diff(mileage.along)[row]
    return found


def _apart(groups: Sequence[Floats], length: float) -> Floats:
    """Return borders more than SAME metres apart, rising from 0 to `length`: those of earlier groups before those of later ones."""
    chosen = np.array([0.0, length])
    for group in groups:
        more = np.unique(group[(group > SAME) & (group < length - SAME)])
        more = more[np.append(True, np.diff(more) > SAME)] if len(more) else more
        at = np.searchsorted(chosen, more)
        free = (more - chosen[at - 1] > SAME) & (chosen[np.minimum(at, len(chosen) - 1)] - more > SAME)
        chosen = np.sort(np.concatenate((chosen, more[free])))
    return chosen


def _marked(places: BreakPlaces, line: Ints, low: Floats, settings: RailSettings) -> tuple[Bools, Floats, Bools]:
    """Return of each atom whether no segment may begin with it, how much one is wished to, and whether one must."""
    shut, wish, wall = np.zeros(len(line), bool), np.zeros(len(line)), np.zeros(len(line), bool)
    words = np.array(places.words, object)
    reach = float(max(np.max(low, initial=0.0), np.max(places.high, initial=0.0))) + 10.0 * max(settings.atom_m, 1.0)
    start, begin, end = low + line * reach, places.low + places.line * reach, places.high + places.line * reach
    for word in settings.forbid:
        rows = np.flatnonzero(words == word)
        near = -SAME if word in SPANS else settings.atom_m / 2.0
        shut |= _covered(start, begin[rows] - near, end[rows] + near)
    for word in settings.prefer:
        rows = np.flatnonzero(words == word)
        wish[_touched(start, np.concatenate((begin[rows], end[rows])))] = 1.0
    for word in settings.walls:
        rows = np.flatnonzero(words == word)
        wall |= _touched(start, np.concatenate((begin[rows], end[rows])))
    return shut, wish, wall


def _covered(at: Floats, begin: Floats, end: Floats) -> Bools:
    """Return which places lie within any stretch, ends not among it; `at` rises."""
    low, high = np.searchsorted(at, begin, side="right"), np.searchsorted(at, end, side="left")
    change = np.zeros(len(at) + 1, np.int64)
    there = high > low
    np.add.at(change, low[there], 1)
    np.add.at(change, high[there], -1)
    return np.asarray(np.cumsum(change)[:-1] > 0)


def _touched(at: Floats, places: Floats) -> Bools:
    """Return which borders lie within SAME of any place; `at` rises."""
    found = np.zeros(len(at), bool)
    if len(at) and len(places):
        row = np.searchsorted(at, places)
        for near in (np.maximum(row - 1, 0), np.minimum(row, len(at) - 1)):
            found[near[np.abs(at[near] - places) <= SAME]] = True
    return found
