"""Communities made an exact coverage: shared borders identical vertex by vertex, no overlaps, no slivers between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.units.coverage import NOBODY, Contested, find_contested, share_out
from gridplanner.i18n import N_
from gridplanner.io.reading import MAX_PLACED, Reading
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts

GAP_WIDTH = 6.0
WORTH_TELLING = 1.0  # m²


def on_lattice(shapes: Texts) -> Texts:
    """Return geometries with every vertex on the 1 cm lattice; vertices that were shared stay shared."""
    out: Texts = shapely.transform(shapes, lambda xy: np.round(xy, 2))
    return out


def is_exact(shapes: Texts) -> bool:
    """True where polygons share their borders vertex by vertex and leave no gap narrower than a street between them."""
    return bool(shapely.is_valid(shapes).all()) and bool(shapely.coverage_is_valid(shapes, gap_width=GAP_WIDTH - 1.0))


def exact_coverage(shapes: Texts, names: Texts, reading: Reading, key: str, rows: NDArray[Any] | None = None) -> Texts:
    """Return the polygons as an exact coverage on the 1 cm lattice, in the same order; one that others hold all of comes out empty.

    Overlaps and gaps up to 6 m wide go to the neighbour with the longest border; wider overlaps to the first of those that claim them
    (`algorithms.units.coverage` has the exception), with a warning; wider gaps stay. What is more than 1 m² is told with its place.
    A coverage that is exact already only has its vertices rounded. `rows` (n,) are the row numbers that repairs are named by, from 1
    where none are given: of an overlap those of all that claim it, of a gap its place, such as 36512001,3935220.
    """
    rounded = on_lattice(shapes)
    if is_exact(rounded):
        return rounded
    found = find_contested(shapes, GAP_WIDTH)
    told = np.flatnonzero(found.area > WORTH_TELLING)
    at = np.full((len(found.area), 2), np.nan)
    at[told] = shapely.get_coordinates(shapely.point_on_surface(found.shape[told]))
    number = np.arange(1, len(shapes) + 1) if rows is None else rows
    refs = {region: _ref(found, region, at[region], number) for region in told.tolist()}
    leave = _left(found, refs, key, reading)
    clean, given = share_out(found, leave)
    _tell_overlaps(found, given, names, refs, at, reading, key)
    _tell_gaps(found, given, refs, at, reading, key)
    _tell_left(found, leave, names, refs, at, reading, key)
    return clean


def _ref(found: Contested, region: int, at: Floats, number: NDArray[Any]) -> str:
    """Return what a repair is named by: the rows of those that claim an overlap, the place of a gap in whole metres."""
    claimants = found.claimants(region)
    return "-".join(str(number[row]) for row in claimants) if claimants else f"{at[0]:.0f},{at[1]:.0f}"


def _left(found: Contested, refs: dict[int, str], key: str, reading: Reading) -> Bools:
    """Return which regions the planner wants as they were read."""
    leave = np.zeros(len(found.area), bool)
    if not reading.as_is.get(key):
        return leave
    gap = found.is_gap
    for region, ref in refs.items():
        if found.narrow[region] or not gap[region]:
            leave[region] = not reading.wanted(key, "gap_mended" if gap[region] else "overlap_mended", ref)
    return leave


def _tell_overlaps(
    found: Contested, given: Ints, names: Texts, refs: dict[int, str], at: Floats, reading: Reading, key: str
) -> None:  # fmt: skip
    """Report the overlaps that were given to one of those that claim them, those too wide for slivers as warnings."""
    for narrow, level in ((False, Level.WARNING), (True, Level.INFO)):
        real = np.flatnonzero((found.area > WORTH_TELLING) & ~found.is_gap & (given != NOBODY) & (found.narrow == narrow))
        order = real[np.argsort(-found.area[real], kind="stable")].tolist()
        if len(order) > 1:
            text = N_("Communities overlap in {count} places wider than {width:g} m, {area:.0f} m² in all; one of them keeps each")
            if narrow:
                text = N_("Communities overlap in {count} slivers, {area:.0f} m² in all; the one with the longest border keeps each")
            total = {"count": len(order), "area": float(found.area[real].sum()), "width": GAP_WIDTH}
            reading.tell(level, "overlap_mended", text, total, layer=key, repair="overlap_mended")
        for region in order[:MAX_PLACED]:
            text = N_("{one} and {other} overlap by {area:.0f} m²; {one} keeps it")
            values = _parties(found, region, int(given[region]), names)
            reading.tell(
                level, "overlap_mended", text, values, layer=key, ref=str(values["one"]), at=at[region],
                repair=f"overlap_mended:{refs[region]}",
            )  # fmt: skip


def _tell_gaps(found: Contested, given: Ints, refs: dict[int, str], at: Floats, reading: Reading, key: str) -> None:
    """Report the gaps that were closed."""
    real = np.flatnonzero((found.area > WORTH_TELLING) & found.is_gap & (given != NOBODY))
    order = real[np.argsort(-found.area[real], kind="stable")].tolist()
    if len(order) > 1:
        text = N_("{count} gaps between communities were closed, {area:.0f} m² in all")
        total = {"count": len(order), "area": float(found.area[real].sum())}
        reading.tell(Level.INFO, "gap_mended", text, total, layer=key, repair="gap_mended")
    for region in order[:MAX_PLACED]:
        text, repair = N_("A gap of {area:.0f} m² between communities was closed"), f"gap_mended:{refs[region]}"
        reading.tell(Level.INFO, "gap_mended", text, {"area": float(found.area[region])}, layer=key, at=at[region], repair=repair)


def _tell_left(
    found: Contested, leave: Bools, names: Texts, refs: dict[int, str], at: Floats, reading: Reading, key: str
) -> None:  # fmt: skip
    """Report what was left as it was read: a gap holds no grid, but ground of two communities breaks what a plan promises."""
    left = np.flatnonzero(leave & (found.area > WORTH_TELLING))
    for region in left[np.argsort(-found.area[left], kind="stable")][:MAX_PLACED].tolist():
        if found.claimants(region):
            text = N_("{one} and {other} overlap by {area:.0f} m² and were left so: no plan can give the ground to both")
            values = _parties(found, region, found.claimants(region)[0], names)
            reading.tell_left(
                "overlap_mended", text, values, key=key, ref=refs[region], at=at[region], level=Level.ERROR
            )  # fmt: skip
        else:
            text = N_("A gap of {area:.0f} m² between communities was left as it was read; it belongs to no grid")
            reading.tell_left("gap_mended", text, {"area": float(found.area[region])}, key=key, ref=refs[region], at=at[region])


def _parties(found: Contested, region: int, one: int, names: Texts) -> dict[str, object]:
    """Return who an overlap is between, and how large it is."""
    others = ", ".join(_name(names, row) for row in found.claimants(region) if row != one)
    return {"one": _name(names, one), "other": others, "area": float(found.area[region])}


def _name(names: Texts, row: int) -> str:
    return str(names[row]) or f"#{row + 1}"
