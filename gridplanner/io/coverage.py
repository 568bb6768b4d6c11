"""Communities made an exact coverage: shared borders identical vertex by vertex, no overlaps, no slivers between them."""

from __future__ import annotations

import numpy as np
import shapely

from gridplanner.i18n import N_
from gridplanner.io.cleaning import only_polygons, union_by
from gridplanner.io.reading import MAX_PLACED, Reading
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats, Texts

LATTICE = 0.01
GAP_WIDTH = 6.0
WORTH_TELLING = 1.0  # m²


def on_lattice(shapes: Texts) -> Texts:
    """Return geometries with every vertex on the 1 cm lattice; vertices that were shared stay shared."""
    out: Texts = shapely.transform(shapes, lambda xy: np.round(xy, 2))
    return out


def is_exact(shapes: Texts) -> bool:
    """True where polygons share their borders vertex by vertex and leave no gap narrower than a street between them."""
    return bool(shapely.is_valid(shapes).all()) and bool(shapely.coverage_is_valid(shapes, gap_width=GAP_WIDTH - 1.0))


def exact_coverage(shapes: Texts, names: Texts, reading: Reading, key: str) -> Texts:
    """Return the polygons as an exact coverage on the 1 cm lattice, in the same order; one that earlier ones cover comes out empty.

    Of overlapping polygons the first keeps what they share; gaps up to 6 m wide are given to a neighbour. Both are reported
    with their places. A coverage that is exact already only has its vertices rounded.
    """
    rounded = on_lattice(shapes)
    if is_exact(rounded):
        return rounded
    clean = _cleaned(shapes)
    if not is_exact(clean):
        clean = _cleaned(_slits_filled(clean))
    if not shapely.is_valid(clean).all() or not shapely.coverage_is_valid(clean):
        clean = _faces_shared_out(clean)
    _tell_overlaps(shapes, names, reading, key)
    _tell_gaps(shapes, clean, reading, key)
    return clean


def _cleaned(shapes: Texts) -> Texts:
    """Return the coverage that GEOS makes of the polygons, rounded; of two that overlap the first wins."""
    try:
        clean = shapely.coverage_clean(shapes, gap_width=GAP_WIDTH, snapping_distance=LATTICE, merge_strategy="min_index")
    except shapely.GEOSException:
        clean = _faces_shared_out(shapes)
    rounded = on_lattice(np.asarray(clean, object))
    return rounded if shapely.is_valid(rounded).all() else _faces_shared_out(np.asarray(clean, object))


def _slits_filled(shapes: Texts) -> Texts:
    """Return the polygons grown into slits between two of them that are open at an end, which are no gaps to GEOS."""
    union = shapely.union_all(shapes, grid_size=LATTICE)
    reach = GAP_WIDTH / 2.0 + 0.5
    closed = _grown(_grown(union, reach), -reach)
    slits = shapely.get_parts(only_polygons(np.array([shapely.difference(closed, union, grid_size=LATTICE)], object)))
    slits = slits[shapely.area(slits) > WORTH_TELLING]
    if not len(slits):
        return shapes
    slit, beside = shapely.STRtree(shapes).query(slits, predicate="dwithin", distance=2.0 * LATTICE)
    shared = np.bincount(slit, minlength=len(slits)) > 1
    filled = shapes.copy()
    for row in np.unique(beside[shared[slit]]):
        mine = shapely.union_all(slits[slit[(beside == row) & shared[slit]]])
        near = shapely.intersection(mine, _grown(shapes[row], 2.0 * reach), grid_size=LATTICE)
        areas = only_polygons(np.array([near], object))[0]
        filled[row] = shapely.union(shapes[row], areas, grid_size=LATTICE)
    return only_polygons(filled)


def _grown(shape: shapely.Geometry, margin: float) -> shapely.Geometry:
    """Return a shape grown or shrunk with its corners left sharp, so that there and back again is the same."""
    return shapely.buffer(shape, margin, join_style="mitre", mitre_limit=5.0)


def _faces_shared_out(shapes: Texts) -> Texts:
    """Return a coverage by snap-rounded noding: each face of all borders together goes to the first polygon it lies in."""
    borders = shapely.union_all(shapely.set_precision(shapely.boundary(shapes), LATTICE, mode="pointwise"), grid_size=LATTICE)
    faces = shapely.get_parts(shapely.polygonize([borders]))
    inside = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(shapes).query(inside, predicate="intersects")
    first = np.full(len(faces), len(shapes))
    np.minimum.at(first, face, owner)
    kept = first < len(shapes)
    parts = union_by(faces[kept], first[kept].astype(np.intp), len(shapes))
    return np.array([shapely.coverage_union_all(shapely.get_parts(part)) if not part.is_empty else part for part in parts], object)


def _tell_overlaps(shapes: Texts, names: Texts, reading: Reading, key: str) -> None:
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.intersection(shapes[one], shapes[other])
    area = shapely.area(shared)
    real = np.flatnonzero(area > WORTH_TELLING)
    if not len(real):
        return
    order = real[np.argsort(-area[real], kind="stable")]
    if len(order) > 1:
        text = N_("{count} pairs of communities overlap, {area:.0f} m² in all; the first of each pair keeps it")
        reading.tell(Level.INFO, "overlap_mended", text, {"count": len(order), "area": float(area[real].sum())}, layer=key)
    text = N_("{one} and {other} overlap by {area:.0f} m²; {one} keeps it")
    for pair in order[:MAX_PLACED]:
        values = {"one": _name(names, one[pair]), "other": _name(names, other[pair]), "area": float(area[pair])}
        reading.tell(Level.INFO, "overlap_mended", text, values, layer=key, ref=_name(names, one[pair]), at=_inside(shared[pair]))


def _tell_gaps(before: Texts, after: Texts, reading: Reading, key: str) -> None:
    closed = shapely.get_parts(
        shapely.difference(shapely.union_all(after, grid_size=LATTICE), shapely.union_all(before, grid_size=LATTICE), grid_size=LATTICE)
    )
    area = shapely.area(closed)
    real = np.flatnonzero(area > WORTH_TELLING)
    if not len(real):
        return
    order = real[np.argsort(-area[real], kind="stable")]
    if len(order) > 1:
        text = N_("{count} gaps between communities were closed, {area:.0f} m² in all")
        reading.tell(Level.INFO, "gap_mended", text, {"count": len(order), "area": float(area[real].sum())}, layer=key)
    for gap in order[:MAX_PLACED]:
        text = N_("A gap of {area:.0f} m² between communities was closed")
        reading.tell(Level.INFO, "gap_mended", text, {"area": float(area[gap])}, layer=key, at=_inside(closed[gap]))


def _name(names: Texts, row: int) -> str:
    return str(names[row]) or f"#{row + 1}"


def _inside(shape: shapely.Geometry) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape))[0], np.float64)
