"""Layers in GCJ-02 or BD-09 that say they are in WGS 84: found by how they fit another layer, with and without the shift undone.

The two shifts are known functions of the place, several hundred metres long and of a direction that is nobody's error: that a layer fits
another when just this shift is undone, and neither as it stands nor with the same shift turned, does not happen by chance. Two layers
that are shifted alike fit as they stand: nothing is found then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.doctor.datums import NAMES, SHIFTED, from_wgs84, shift_metres, to_wgs84
from gridplanner.io.doctor.layer_fit import Fit, fit_to_areas, fit_to_lines
from gridplanner.io.doctor.manners import Manner
from gridplanner.io.source_crs import MOVED_BY
from gridplanner.io.table import LINE, POINT, POLYGON, Table, finite_rows
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats, Texts

if TYPE_CHECKING:
    from gridplanner.io.open_source import Opened
    from gridplanner.io.reading import Reading
    from gridplanner.settings import SourceSettings

_FIRST = ("roads", "communities", "district", "households", "railway", "station_areas", "estates", "barriers")  # the surest references
_BESIDE = 4  # layers that one is compared with
_MOST = 500_000  # pieces or points of a layer that are kept
_LINES = N_("“{layer}” lies {before} m from “{against}” as it stands and {after} m with {datum} undone (median of the points near it)")
_AREAS = N_("{before} % of the points of “{layer}” and “{against}” lie outside the areas as they stand, {after} % with {datum} undone")
_WHOLE = N_("“{layer}” as a whole fits “{against}” better with {datum} undone, which moves it by {metres} m")
_PLAIN = 0.8  # of the distance as it stands: figures that differ by less would not convince
_TAKEN = {
    _WHOLE: N_(
        "{file}: seems to be in {datum}: as a whole it fits “{against}” better with the shift undone; it was moved by {metres} m. Where"
        " that is wrong say datum = “wgs84”"
    ),
    _LINES: N_(
        "{file}: seems to be in {datum}: it lies {before} m from “{against}” as it stands and {after} m with the shift undone (median of"
        " the points near it); it was moved by {metres} m. Where that is wrong say datum = “wgs84”"
    ),
    _AREAS: N_(
        "{file}: seems to be in {datum}: against “{against}” {before} % of the points lie outside the areas as it stands and {after} % with"
        " the shift undone; it was moved by {metres} m. Where that is wrong say datum = “wgs84”"
    ),
}
_ASK = N_("{file}: may be in {datum} by how it fits “{against}”; it was left as it is. Say datum = “{key}” where it is, “wgs84” where not")
_LEFT = N_("{file}: seems to be in {datum} by how it fits “{against}”; it was left as it stands")


@dataclass(frozen=True, eq=False)
class LayerSample:
    """A layer as far as its fit is concerned, in degrees as they stand.

    `spots` (n, 2) are its vertices or points, `lines` (m, 4) the pieces of its lines and outlines, `areas` its polygons; empty for other
    kinds. `known` is True where its datum is beyond doubt (stated, from OpenStreetMap, or metres of a national system).
    """

    name: str
    role: str
    kind: str
    spots: Floats
    lines: Floats
    areas: Texts = dataclasses.field(default_factory=lambda: np.zeros(0, object))
    known: bool = False


@dataclass(frozen=True)
class ShiftFinding:
    """A layer that fits another better with its shift undone.

    `datum` is what it seems to be in; `before_m` and `after_m` are the median metres between the two layers, where they lie near each other
    either way, as they stand and with the shift undone (percent outside, for points and areas); `metres` is how far that moves it;
    `confident` where chance is excluded; `why` says it in the language in use, as `text` and `values` do for an issue.
    """

    layer: str
    against: str
    datum: str
    before_m: float
    after_m: float
    metres: float
    confident: bool
    text: str
    values: Mapping[str, object] = dataclasses.field(compare=False)
    strength: float = 0.0

    @property
    def why(self) -> str:
        """What was found, in the language in use."""
        return _(self.text).format(**self.values)


def layer_sample(name: str, role: str, table: Table, crs: str = "", *, known: bool = False) -> LayerSample | None:
    """Return what a table (in its own CRS, or in `crs`) shows of its fit; None where it has no places in degrees, or none in China."""
    code = crs or table.crs
    if not len(table) or not code or not systems.is_known(code):
        return None
    kinds, counts = np.unique(table.kinds, return_counts=True)
    kind = str(kinds[np.argmax(counts)])
    if kind not in {POINT, LINE, POLYGON}:
        return None
    shapes = table.shapes[table.kinds == kind]
    spots = _degrees(_few(shapely.get_coordinates(shapes)), code)
    if not len(spots) or systems.in_china(spots[:: max(len(spots) // 200, 1)]).mean() < 0.5:
        return None
    known = known or not systems.is_geographic(code)
    lines, areas = np.zeros((0, 4)), np.zeros(0, object)
    if kind != POINT:
        lines = _pieces(shapes, code)
    if kind == POLYGON:
        areas = shapes
        if not systems.is_geographic(code):
            own = np.array(shapes, object)
            areas = shapely.set_coordinates(own, systems.transform(shapely.get_coordinates(own), code, systems.WGS84))
    return LayerSample(name, role, kind, spots, _few(lines), areas, known=known)


def shift_findings(samples: Sequence[LayerSample]) -> tuple[ShiftFinding, ...]:
    """Return for each layer that seems shifted what it seems to be in, by the layers beside it; the clearest finding a layer."""
    return tuple(finding for _sample, finding in _found(samples))


def settle_datums(
    opened: Mapping[str, Opened], sources: Mapping[str, SourceSettings], reading: Reading, without: Collection[str] = ()
) -> dict[str, Opened]:
    """Return sources with the shifts undone that are beyond doubt, told as warnings; what is only suspicious is told."""
    placed = {key: found for key, found in opened.items() if key not in without and found.table.crs and len(found.table)}
    known = {key: _is_known(found, sources[key]) for key, found in placed.items()}
    samples = []
    if len(placed) > 1 and not all(known.values()):
        found_samples = (layer_sample(found.table.short, key, found.table, known=known[key]) for key, found in placed.items())
        samples = [sample for sample in found_samples if sample is not None]
    settled = dict(opened)
    for sample, finding in _found(samples):
        settled[sample.role] = _settled(opened[sample.role], finding, reading)
    return settled


def _is_known(found: Opened, source: SourceSettings) -> bool:
    """True for a source whose datum is beyond doubt."""
    stated = source.datum != "auto" or any("datum" in values for _text, values in found.table.history)
    return found.osm or stated or not systems.is_geographic(found.table.crs)


def _found(samples: Sequence[LayerSample]) -> list[tuple[LayerSample, ShiftFinding]]:
    order = {role: at for at, role in enumerate(_FIRST)}
    found = []
    for sample in samples:
        if sample.known:
            continue
        others = [other for other in samples if other is not sample and _meet(sample.spots, other.spots)]
        others.sort(key=lambda other: (not other.known, order.get(other.role, len(order))))
        fits = [finding for other in others[:_BESIDE] if (finding := _compared(sample, other)) is not None]
        if fits:
            found.append((sample, max(fits, key=lambda finding: (finding.confident, finding.strength))))
    return found


def _compared(sample: LayerSample, other: LayerSample) -> ShiftFinding | None:
    """Return what one layer seems to be in by how it fits another, None where nothing speaks for a shift."""
    undone: dict[str, Callable[[Floats], Floats]] = {datum: partial(to_wgs84, datum=datum) for datum in SHIFTED}
    done: dict[str, Callable[[Floats], Floats]] = {datum: partial(from_wgs84, datum=datum) for datum in SHIFTED}
    in_areas = {POINT, POLYGON} == {sample.kind, other.kind}
    own = _is_moved(sample, other)
    fit: Fit | None
    if in_areas:
        fit = fit_to_areas(sample.spots, undone, other.areas) if own else fit_to_areas(other.spots, done, sample.areas)
    elif own:
        fit = fit_to_lines(sample.spots, undone, other.lines if len(other.lines) else _as_lines(other.spots))
    else:
        fit = fit_to_lines(other.spots, done, sample.lines)
    if fit is None or not fit.suspicious:
        return None
    metres = float(np.median(shift_metres(sample.spots[:: max(len(sample.spots) // 1000, 1)], fit.name)))
    digits = 1 if in_areas else 0
    values = {
        "layer": sample.name, "against": other.name, "datum": NAMES[fit.name], "before": f"{fit.before:.{digits}f}",
        "after": f"{fit.after:.{digits}f}", "metres": f"{metres:.0f}",
    }  # fmt: skip
    text = _AREAS if in_areas else _LINES if fit.after < _PLAIN * fit.before else _WHOLE
    return ShiftFinding(sample.name, other.name, fit.name, fit.before, fit.after, metres, fit.confident, text, values, fit.clear)


def _settled(found: Opened, finding: ShiftFinding, reading: Reading) -> Opened:
    """Return a source with the shift undone where that is beyond doubt and wanted; told in each case."""
    table, key = found.table, found.key
    values = {**finding.values, "file": table.short, "key": finding.datum}
    if finding.confident and not reading.wanted(key, "datum"):
        reading.tell_left("datum", _LEFT, values, key=key, level=Level.WARNING)
        return found
    if not finding.confident:
        reading.tell(Level.WARNING, "datum", _ASK, values, layer=key)
        return found
    reading.tell(Level.WARNING, "datum", _TAKEN[finding.text], values, layer=key, repair="datum")
    manner = Manner(table.crs, datum=finding.datum, history=((MOVED_BY, values),))
    return dataclasses.replace(found, table=manner.applied(table))


def _is_moved(one: LayerSample, other: LayerSample) -> bool:
    """True where the points of `one` are to be moved against the lines of `other`, False for the reverse.

    Points lie on lines; the corners of areas lie on streets, few streets lie on the outline of an area; of two layers of a kind, the points
    of the one drawn in fewer lie on the lines of the other.
    """
    ranks = {POINT: 0, POLYGON: 1, LINE: 2}
    if one.kind != other.kind:
        return ranks[one.kind] < ranks[other.kind]
    return _reach(one.lines) >= _reach(other.lines)


def _reach(lines: Floats) -> float:
    return float(np.median(np.abs(lines[:, :2] - lines[:, 2:]).sum(axis=1))) if len(lines) else 0.0


def _as_lines(spots: Floats) -> Floats:
    return np.column_stack((spots, spots))


def _meet(one: Floats, other: Floats) -> bool:
    """True where the boxes of points in degrees meet or lie beside each other."""
    slack = 0.03
    return bool((one.min(axis=0) - slack <= other.max(axis=0)).all() and (other.min(axis=0) - slack <= one.max(axis=0)).all())


def _degrees(xy: Floats, crs: str) -> Floats:
    lonlat = xy if systems.is_geographic(crs) else systems.transform(xy, crs, systems.WGS84)
    return lonlat[finite_rows(lonlat)]


def _pieces(shapes: Texts, crs: str) -> Floats:
    """Return the pieces (m, 4) of lines and outlines in degrees."""
    parts = shapely.get_parts(shapes)
    outlines = shapely.get_type_id(parts) == 3
    lines = np.concatenate((shapely.get_rings(parts[outlines]), parts[~outlines]))
    xy, row = shapely.get_coordinates(lines, return_index=True)
    if not systems.is_geographic(crs):
        xy = systems.transform(xy, crs, systems.WGS84)
    joined = row[1:] == row[:-1]
    found = np.column_stack((xy[:-1], xy[1:]))[joined]
    return np.asarray(found[np.isfinite(found).all(axis=1)], np.float64)


def _few(rows: Floats) -> Floats:
    """Return rows thinned out evenly where they are very many."""
    return rows[:: -(-len(rows) // _MOST)] if len(rows) > _MOST else rows
