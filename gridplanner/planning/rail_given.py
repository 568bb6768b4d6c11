"""What a source says of things at the railway, put on the lines: points and lines to places and stretches along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.railguard.chainage import measures
from algorithms.railguard.projection import places_on_lines, spread_along
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.places import RailThings
from gridplanner.model.rail import NO_FEATURES, RailFeatures

ON_LINE = 500.0  # metres from the line within which a thing is one of it: lines are drawn roughly, things surveyed
BESIDE = ("settlement", "school", "history")  # what lies in the corridor, not on the line
SPANS = ("bridge", "tunnel", "fence", "slope")  # what has a length
STEP = 20.0  # metres between the places of a line that are looked at


@dataclass(frozen=True, eq=False)
class Given:
    """The things on the lines as rows, `row` (n,) of each in the source, `xy` (n, 2) where it is."""

    features: RailFeatures
    row: Ints
    xy: Floats

    def of(self, kind: str) -> RailFeatures:
        """Return those of one kind."""
        rows = np.flatnonzero(self.features.kinds == kind)
        return taken(self.features, rows) if len(rows) else NO_FEATURES

    def xy_of(self, kind: str) -> Floats:
        """Return where those of one kind are, (n, 2)."""
        return np.asarray(self.xy[self.features.kinds == kind])


def given_on(things: RailThings, coords: Sequence[Floats], corridor: float) -> tuple[Given, list[Issue]]:
    """Return the things on the lines with their amounts as RailFeatures counts them, and what lies too far from all lines.

    A line lies from where it first to where it last comes near; a point with a length in metres lies half to each side of its place.
    Amounts: households of a settlement, cases, ‰ of a slope (left as they are), metres of a bridge, tunnel or fence given as a point;
    where there is none a crossing, station, school or case counts one, a settlement nothing.
    """
    count = len(things)
    if not count or not len(coords):
        return Given(NO_FEATURES, np.zeros(0, np.int64), np.empty((0, 2))), []
    xy, owner = spread_along(things.lines.coords, np.asarray(things.lines.offsets, np.int64), STEP)
    beside = np.isin(things.kinds.astype(str), BESIDE)
    found = places_on_lines(coords, xy, max(corridor, ON_LINE))
    limit = np.where(beside[owner], corridor, ON_LINE)
    near = np.flatnonzero((found.line >= 0) & (found.away <= limit) & ~(found.past & (beside[owner] | (found.away > 50.0))))
    line = _line_of_most(owner[near], found.line[near], count)
    near = near[found.line[near] == line[owner[near]]]
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, owner[near], found.along[near])
    np.maximum.at(high, owner[near], found.along[near])
    there = np.flatnonzero(line >= 0)
    middle = np.array([things.lines.line(row).mean(axis=0) for row in range(count)])
    point = np.diff(things.lines.offsets) == 1
    low, high, amount = _measured(things, point, line, low, high, [float(measures(each)[-1]) for each in coords])
    features = RailFeatures(line[there], low[there], high[there], things.kinds[there], things.names[there], amount[there])
    return Given(features, there, middle[there]), _far(things, line < 0, middle)


def _measured(
    things: RailThings, point: Bools, line: Ints, low: Floats, high: Floats, lengths: list[float]
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Return where each thing begins and ends on its line, and how much it counts."""
    kinds, given = things.kinds.astype(str), np.maximum(np.nan_to_num(things.amount), 0.0)
    told = np.isfinite(things.amount)
    spans = np.isin(kinds, SPANS)
    total = np.array([*lengths, 0.0])[line]
    half = np.where(point & spans & (kinds != "slope"), given / 2.0, 0.0)
    low, high = np.clip(low - half, 0.0, total), np.clip(high + half, 0.0, total)
    middle = (low + high) / 2.0
    low, high = np.where(spans, low, middle), np.where(spans, high, middle)
    amount = np.select(
        [kinds == "slope", spans, kinds == "settlement", np.isin(kinds, ("limit", "gate"))],
        [given, (high - low) / 1000.0, given / 100.0, 0.0],
        np.where(told, given, 1.0),
    )
    return low, high, amount


def _line_of_most(owner: Ints, line: Ints, count: int) -> Ints:
    """Return the line on which most places of each thing lie, the first of equals, -1 for none."""
    best = np.full(count, -1, np.int64)
    if len(owner):
        pairs, times = np.unique(np.column_stack((owner, line)), axis=0, return_counts=True)
        order = np.lexsort((-pairs[:, 1], times))
        best[pairs[order, 0]] = pairs[order, 1]  # the most is written last
    return best


def _far(things: RailThings, lost: Bools, middle: Floats) -> list[Issue]:
    rows = np.flatnonzero(lost)
    if not len(rows):
        return []
    text = N_("{count} rail features lie too far from every guarded line to count for it, the first of them {name}; check where they lie")
    first = int(rows[0])
    values = {"count": len(rows), "name": str(things.names[first]) or str(things.kinds[first])}
    return [Issue(Level.INFO, "rail_far", text, values, "rail_features", "", *map(float, middle[first]))]


def taken(features: RailFeatures, rows: Ints) -> RailFeatures:
    """Return some rows of features."""
    return RailFeatures(*(getattr(features, name)[rows] for name in ("line", "low", "high", "kinds", "names", "amount")))
