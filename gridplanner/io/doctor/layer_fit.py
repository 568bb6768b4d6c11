"""How well the points of one layer fit the lines or areas of another, as they stand and displaced: a peak that chance does not make."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from gridplanner.model.lines import Bools, Floats, Texts

Ways = Mapping[str, Callable[[Floats], Floats]]  # displacements of points (n, 2) by name

MOST = 1_500  # points that are displaced
CAPS = (12.0, 30.0, 80.0, 200.0)  # metres from which on a point counts as not fitting at all
STEP = 12.0  # metres between the points that stand for a line
BUDGET = 250_000  # of these
LEAST = 40  # points without which nothing can be said
NEAR = 80.0  # metres within which a point has to do with a line
REACH = 2_500.0  # metres around the points in which lines matter
_EARTH = 6_371_000.0  # metres
_TURNS = np.radians([40.0, 80.0, 120.0, 160.0, 200.0, 240.0, 280.0, 320.0])
_LENGTHS = (0.5, 1.6)  # of the displacement, in its own direction
LEAST_SPREAD = 0.004  # of the mean: controls that agree by luck
ENOUGH = 0.25  # share of the points that must have something near them
CONTROLS = 5  # control moves that must say something
BESIDE = 40.0  # metres beside the exact move at which points must fit worse
CLEAR = 5.0  # standard deviations of the control displacements by which a fit must lead
SURE = 3.0  # standard errors by which a displacement must improve the fit
GAIN = 0.06  # share by which it must improve it
LARGE = 0.25  # share that is a large improvement


@dataclass(frozen=True)
class Fit:
    """How points fit when they are moved in one way, against how they fit as they stand and when the same move is turned.

    Distances are capped, so that points which have nothing to do with the other layer count alike wherever they are. `before` and `after`
    are the median metres of the points that lie near the lines either way; `gain` the share by which the mean capped distance falls,
    `clear` the standard deviations of the control moves by which the fit leads them, `sure` the standard errors of the improvement over
    parts of the layer, `best` that no control is better.
    """

    name: str
    before: float
    after: float
    gain: float
    clear: float
    sure: float
    best: bool
    points: int

    @property
    def confident(self) -> bool:
        """True where chance is excluded."""
        return self.best and self.gain >= GAIN and self.clear >= CLEAR and self.sure >= SURE

    @property
    def suspicious(self) -> bool:
        """True where a person should look.

        Control moves that carry a small layer off the other one spread so widely that no fit leads them by much: there a large gain that
        all parts of the layer share, and no control reaches, says it.
        """
        leads = self.gain >= GAIN / 2 and self.clear >= CLEAR * 0.7 and self.sure >= SURE * 0.7
        return self.best and (leads or (self.gain >= LARGE and self.clear >= CLEAR * 0.4 and self.sure >= SURE * 1.5))


def fit_to_lines(spots: Floats, ways: Ways, lines: Floats) -> Fit | None:
    """Return the best fit of points (n, 2) to lines (m, 4), all in degrees, among some ways to move them; None where there is none."""
    places, along = _arena(spots, lines)
    if len(places) < LEAST or not len(along):
        return None
    tree = KDTree(on_sphere(along))

    def metres(xy: Floats) -> Floats:
        return np.asarray(tree.query(on_sphere(xy), distance_upper_bound=CAPS[-1])[0], np.float64)

    fit = _best_fit(places, ways, metres)
    if fit is None:
        return None
    stands, moved = (tree.query(on_sphere(xy))[0] for xy in (places, ways[fit.name](places)))
    near = np.minimum(stands, moved) < NEAR  # the others have nothing to do with these lines
    return dataclasses.replace(fit, before=float(np.median(stands[near])), after=float(np.median(moved[near]))) if near.any() else None


def fit_to_areas(spots: Floats, ways: Ways, areas: Texts) -> Fit | None:
    """Return the best fit of points (n, 2) to areas by how many lie outside all of them; `before` and `after` are percent outside."""
    places = spots[_thinned(np.flatnonzero(_near(spots, shapely.total_bounds(areas), 0.03)))]
    if len(places) < LEAST:
        return None
    tree = shapely.STRtree(areas)

    def metres(xy: Floats) -> Floats:
        found = np.full(len(xy), CAPS[-1])
        found[tree.query(shapely.points(xy), predicate="intersects")[0]] = 0.0
        return found

    stands = metres(places)
    fit = _best_fit(places, ways, metres) if (stands > 0.0).sum() >= LEAST / 2 else None
    if fit is None:
        return None
    before, after = (100.0 * float((each > 0.0).mean()) for each in (stands, metres(ways[fit.name](places))))
    return dataclasses.replace(fit, before=before, after=after)


def on_sphere(lonlat: Floats) -> Floats:
    """Return places in degrees (n, 2) as metres (n, 3) whose straight distances are right to half a percent."""
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))) * _EARTH


def _best_fit(places: Floats, ways: Ways, metres: Callable[[Floats], Floats]) -> Fit | None:
    """Return the way to move points that fits best, None where all fit worse than the points as they stand: the usual case."""
    moved = {name: way(places) for name, way in ways.items()}
    found = {"": metres(places), **{name: metres(xy) for name, xy in moved.items()}}
    costs = {name: _costs(each) for name, each in found.items()}
    blocks, fits = _blocks(places), []
    for name, xy in moved.items():
        if not (costs[name][: len(CAPS)] < costs[""][: len(CAPS)]).any():
            continue
        tries = np.array([*_tries(places, xy), *_about(xy)])
        chance = [_costs(each) for each in metres(tries.reshape(-1, 2)).reshape(len(tries), -1)]
        chance, about = chance[: -len(_TURNS)], np.array(chance[-len(_TURNS) :])
        others = np.array([*chance, *(cost for other, cost in costs.items() if other != name)])
        clear = _lead(costs[name], others)
        at = int(np.argmax(clear))
        cap = CAPS[at % len(CAPS)]
        gains = np.minimum(found[""], cap) - np.minimum(found[name], cap)
        whole = at % len(CAPS)  # the gain is that of all points, whichever the lead is of
        gain = 1.0 - costs[name][whole] / costs[""][whole] if costs[""][whole] else 0.0
        plain = clear >= clear[at] / 2.0  # by each cap that shows a peak: one of them must have it at the exact move, not beside it
        exact = np.asarray(about <= costs[name]).sum(axis=0) == 0
        best = bool((exact & plain).any() and not (others[:, at] <= costs[name][at]).any())
        fits.append(Fit(name, 0.0, 0.0, float(gain), float(clear[at]), _standard_errors(gains, blocks), best, len(places)))
    return max(fits, key=lambda fit: (fit.best, fit.clear), default=None)


def _costs(metres: Floats) -> Floats:
    """Return the mean capped distances of all points, by cap, and those of the points that have something near them at all.

    The first show a fit to sparse lines (how many points lie on one), the second one to dense lines at the end of which many points lie.
    """
    capped, near = np.minimum(metres[:, None], CAPS), np.isfinite(metres)
    enough = near.mean() > ENOUGH and near.sum() >= LEAST
    return np.concatenate((capped.mean(axis=0), capped[near].mean(axis=0) if enough else np.full(len(CAPS), np.nan)))


def _lead(cost: Floats, others: Floats) -> Floats:
    """Return by how many of their standard deviations costs (c,) lie below those of control moves (k, c); 0.0 where these are too few."""
    known = np.isfinite(others)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, others, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (others - mean) ** 2, 0.0).sum(axis=0) / count)
    lead = (mean - cost) / np.maximum(spread, LEAST_SPREAD * mean + 1e-9)
    return np.where((count >= CONTROLS) & np.isfinite(cost), lead, 0.0)


def _standard_errors(gains: Floats, blocks: NDArray[np.intp]) -> float:
    """Return by how many standard errors the mean of gains lies above nothing, where the parts of the layer are independent."""
    counts = np.bincount(blocks)
    sums = np.bincount(blocks, gains)[counts > 0]
    counts = counts[counts > 0]
    mean = float(gains.mean())
    error = float(np.sqrt(((sums - mean * counts) ** 2).sum() * len(counts) / max(len(counts) - 1, 1))) / float(counts.sum())
    return mean / error if error > 0.0 else 0.0


def _tries(places: Floats, moved: Floats) -> list[Floats]:
    """Return the points displaced as far as they were moved, in other directions, and nearer and farther."""
    shrink = np.cos(np.radians(np.median(places[:, 1])))
    east, north = ((moved - places) * (shrink, 1.0)).T
    found = [places + (moved - places) * length for length in _LENGTHS]
    for turn in _TURNS:
        turned = np.column_stack(((east * np.cos(turn) - north * np.sin(turn)) / shrink, east * np.sin(turn) + north * np.cos(turn)))
        found.append(places + turned)
    return found


def _about(moved: Floats) -> list[Floats]:
    """Return the moved points some tens of metres to all sides: layers that are off for another reason fit better at one of them."""
    shrink = np.cos(np.radians(np.median(moved[:, 1])))
    degrees = np.degrees(BESIDE / _EARTH)
    return [moved + np.array([np.cos(turn) / shrink, np.sin(turn)]) * degrees for turn in _TURNS]


def _blocks(places: Floats) -> NDArray[np.intp]:
    """Return (n,) the part of the layer that each point lies in, about thirty in all: neighbours are not independent of each other."""
    low, high = places.min(axis=0), places.max(axis=0)
    cells = np.minimum((places - low) / np.maximum(high - low, 1e-9) * 6, 5).astype(int)
    return np.asarray(cells[:, 0] * 6 + cells[:, 1], np.intp)


def _arena(spots: Floats, lines: Floats) -> tuple[Floats, Floats]:
    """Return the points that lie among the lines, and points along the lines about them."""
    nothing = np.zeros((0, 2)), np.zeros((0, 2))
    if not len(lines) or not len(spots):
        return nothing
    ends = lines.reshape(-1, 2)
    among = _near(spots, np.concatenate((ends.min(axis=0), ends.max(axis=0))), 0.01)
    chosen = _thinned(np.flatnonzero(among))
    if len(chosen) < LEAST:
        return nothing
    places, slack = spots[chosen], np.degrees(REACH / _EARTH) * 1.4
    lines = lines[_box_touches(lines, places, slack)]
    lengths = _lengths(lines)
    if lengths.sum() > BUDGET * STEP:  # a large area: some parts of it, whole
        chosen, lines = _parts(spots, chosen, lines, lengths, slack)
        places, lengths = spots[chosen], _lengths(lines)
    if not len(lines) or len(chosen) < LEAST:
        return nothing
    many = np.maximum(np.ceil(lengths / STEP), 1).astype(int)
    many = np.minimum(many, 5_000)
    while many.sum() > 2 * BUDGET:  # lines of very short pieces: every other piece will do
        lines, many = lines[::2], many[::2]
    row = np.repeat(np.arange(len(lines)), many)
    share = (np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many) + 0.5) / many[row]
    along = lines[row, :2] + (lines[row, 2:] - lines[row, :2]) * share[:, None]
    return places, along


def _parts(
    spots: Floats, chosen: NDArray[np.intp], lines: Floats, lengths: Floats, slack: float
) -> tuple[NDArray[np.intp], Floats]:  # fmt: skip
    """Return the points, and the lines about them, of as many cells of some kilometres, spread over the area, as can be afforded."""
    cell = 4.0 * slack
    keys = np.floor(spots[chosen] / cell).astype(np.int64)
    order = np.unique(keys, axis=0)
    order = order[np.argsort((order[:, 0] * 7919 + order[:, 1] * 104_729) % 1009, kind="stable")]  # spread, and the same every time
    middles = (lines[:, :2] + lines[:, 2:]) / 2.0
    kept, near, spent = np.zeros(len(chosen), bool), np.zeros(len(lines), bool), 0.0
    for key in order:
        low, high = key * cell - slack, (key + 1) * cell + slack
        about = ((middles >= low) & (middles <= high)).all(axis=1) & ~near
        spent += float(lengths[about].sum())
        if spent > BUDGET * STEP and kept.sum() >= LEAST:
            break
        near |= about
        kept |= (keys == key).all(axis=1)
    return chosen[kept], lines[near]


def _near(spots: Floats, box: Floats, slack: float) -> Bools:
    finite = np.isfinite(spots).all(axis=1)
    return np.asarray(finite & (spots >= box[:2] - slack).all(axis=1) & (spots <= box[2:] + slack).all(axis=1))


def _thinned(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return at most MOST of some rows, spread evenly."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(MOST, len(rows))).astype(np.intp))] if len(rows) else rows


def _box_touches(lines: Floats, places: Floats, slack: float) -> Bools:
    low, high = places.min(axis=0) - slack, places.max(axis=0) + slack
    first, last = np.minimum(lines[:, :2], lines[:, 2:]), np.maximum(lines[:, :2], lines[:, 2:])
    return np.asarray(((first <= high) & (last >= low)).all(axis=1))


def _lengths(lines: Floats) -> Floats:
    return np.asarray(np.sqrt(((on_sphere(lines[:, :2]) - on_sphere(lines[:, 2:])) ** 2).sum(axis=1)), np.float64)
