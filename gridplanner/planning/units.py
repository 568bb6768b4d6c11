"""Streets, barriers and community boundaries to basic units: the planar partition that every plan labels."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums
from algorithms.units.faces import find_faces
from algorithms.units.locate import locate, nearest
from algorithms.units.noding import LATTICE, PlanarGraph, joined
from algorithms.units.rings import ring_polygons, trace_rings
from algorithms.units.slivers import join_slivers
from algorithms.units.subdivide import SubdivideParams, cut_lines
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.band import band_of
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.places import Households
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.units import OUTSIDE, BorderKind, Units
from gridplanner.planning.linework import Linework, along, limit_findings, linework_of, noded
from gridplanner.settings import GridSettings

NEAR = 200.0  # metres within which a community takes an address outside all (contracts.md)
ISLAND = 20.0  # metres, twice the area by the perimeter: what is wider between two carriageways is a place of its own
PLACED = 200  # issues of one kind that get a place each
NO_BLOCKS, NO_CUTS = np.zeros(0, np.int32), np.empty(0, object)

_BARRIERS = (BorderKind.WATER, BorderKind.RAILWAY, BorderKind.WALL)


@dataclass(frozen=True, eq=False)
class _Mesh:
    """A noded graph with the face on either side of each edge, what runs along it, and each face's community and polygon."""

    graph: PlanarGraph
    left: Ints
    right: Ints
    kind: Ints
    road: Ints
    community: Ints
    polygons: Texts
    address_face: Ints

    @property
    def length(self) -> Floats:
        step = self.graph.xy[self.graph.ends[:, 1]] - self.graph.xy[self.graph.ends[:, 0]]
        return np.asarray(np.hypot(step[:, 0], step[:, 1]))


def propose_units(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that cuts the communities into basic units (methods of noding, faces, slivers, cuts in algorithms.units).

    Where the settings say that blocks are not divided, they stay whole, and a unit weighs what its block weighs.
    Raises InputError where there is no area to divide, or no address in or near it. Addresses outside every community go to the
    nearest one within 200 m and are listed; farther ones stay out of the plan. A grid plan, its beats and its zones go with the
    units that they label, unless the new units are the same.
    """
    if not len(project.communities):
        raise InputError(_("There is no area to divide: add communities, a district outline or households"))
    grids = project.settings.grids
    cap = unit_cap(grids)
    divided = grids is None or grids.divide_blocks
    work = linework_of(project)
    progress.report(0.05, _("Joining {n} lines into a network").format(n=len(work.lines)))
    mesh = _mesh(project, *noded(work))
    drawn = along(mesh.graph, work.lines[work.drawn])
    progress.check()
    progress.report(0.45, _("{n} blocks").format(n=len(mesh.community)))
    gates = _gates(mesh)
    load = cut_load(grids, project.households)
    mesh = _relabel(mesh, _dissolve_paths(mesh, load, cap, drawn))
    mesh = _relabel(mesh, _join_slivers(mesh, project))
    progress.report(0.55, _("Cutting heavy blocks"))
    heavy, cuts = _cuts(project, mesh, load, cap, progress) if divided else (NO_BLOCKS, NO_CUTS)
    if len(cuts):
        mesh = _recut(project, mesh, heavy, cuts)
        mesh = _relabel(mesh, _join_slivers(mesh, project))
    progress.report(0.9, _("{n} units").format(n=len(mesh.community)))
    units = _units(project, mesh, gates)
    units = dataclasses.replace(units, issues=(*units.issues, *limit_findings(work)))
    values: dict[str, object] = {"units": units}
    if project.units is None or fingerprint(project.units) != fingerprint(units):  # labels of other units say nothing of these
        values["units"] = dataclasses.replace(units, issues=(*units.issues, *_lost_locks(project)))
        values["grids"] = None
        if project.beats is not None:
            values["beats"] = None
        if project.zones is not None and (project.zones.members or len(project.zones.labels)):
            values["zones"] = None
    text = N_("Make {n} units")
    return Replace(
        text, values, needs(project, "communities", "households", "roads", "barriers", "railway", "rules", "drawn"), {"n": len(units)}
    )


def _lost_locks(project: Project) -> list[Issue]:
    """Say that locked grids went with the units that they were made of."""
    locked = [grid.code for grid in project.grids.grids.values() if grid.locked] if project.grids is not None else []
    text = N_("Locked grids went with the units that they were made of: {codes}; export a plan first to keep it by [sources.current_grids]")
    return [Issue(Level.WARNING, "rule", text, {"codes": ", ".join(locked)}, "units")] if locked else []


def unit_cap(grids: GridSettings | None) -> float:
    """Return the load (as `cut_load` counts it) above which a block is cut: a sixth of the target, which decides how even grids can be."""
    band = band_of(grids)
    return (band.households or band.persons or 0.0) / 6


def cut_load(grids: GridSettings | None, homes: Households) -> Floats:
    """Return what each address weighs when blocks are cut: households, or persons (as households of the target) where they bind."""
    band = band_of(grids)
    if band.households is None:
        return homes.persons
    if band.persons is None:
        return homes.households
    return np.maximum(homes.households, homes.persons * (band.households / band.persons))


def _mesh(project: Project, graph: PlanarGraph, kind: Ints, road: Ints) -> _Mesh:
    """Return the faces of a planar graph with the addresses in them, those outside every community left out."""
    faces = find_faces(graph)
    polygons = ring_polygons(graph.xy, trace_rings(graph.xy, graph.ends, faces.left, faces.right), faces.count)
    # a point well inside: snap rounding moves a community's boundary by up to a lattice cell
    community = locate(shapely.get_coordinates(shapely.point_on_surface(polygons)), project.communities.polygons)
    inside = community >= 0
    number = np.where(inside, np.cumsum(inside) - 1, OUTSIDE).astype(np.int32)
    left = np.where(faces.left >= 0, number[faces.left], OUTSIDE).astype(np.int32)
    right = np.where(faces.right >= 0, number[faces.right], OUTSIDE).astype(np.int32)
    polygons = polygons[inside]
    return _Mesh(graph, left, right, kind, road, community[inside], polygons, locate(project.households.xy, polygons))


def _relabel(mesh: _Mesh, label: Ints) -> _Mesh:
    """Return the mesh after its faces were joined into `label`."""
    count = int(label.max(initial=-1)) + 1
    left = np.where(mesh.left >= 0, label[mesh.left], OUTSIDE).astype(np.int32)
    right = np.where(mesh.right >= 0, label[mesh.right], OUTSIDE).astype(np.int32)
    community = np.zeros(count, np.int32)
    community[label] = mesh.community
    polygons = ring_polygons(mesh.graph.xy, trace_rings(mesh.graph.xy, mesh.graph.ends, left, right), count)
    face = np.where(mesh.address_face >= 0, label[mesh.address_face], OUTSIDE).astype(np.int32)
    return _Mesh(mesh.graph, left, right, mesh.kind, mesh.road, community, polygons, face)


def _dissolve_paths(mesh: _Mesh, load: Floats, cap: float, drawn: Bools) -> Ints:
    """Return labels that join blocks across footpaths, but for blocks too heavy to stay whole: there a path is the better cut.

    Nothing joins across a line that the planner drew.
    """
    both = (mesh.left >= 0) & (mesh.right >= 0) & (mesh.kind <= BorderKind.PATH) & ~drawn
    both[both] = mesh.community[mesh.left[both]] == mesh.community[mesh.right[both]]
    count = len(mesh.community)
    block = components(count, mesh.left[both], mesh.right[both])
    held = mesh.address_face >= 0
    weight = group_sums(block[mesh.address_face[held]], load[held], count)
    light = both.copy()
    light[both] = weight[block[mesh.left[both]]] <= cap
    return components(count, mesh.left[light], mesh.right[light])


def _join_slivers(mesh: _Mesh, project: Project) -> Ints:
    """Return labels after slivers joined a neighbour, across a river or railway only where nothing else is beside them."""
    area = shapely.area(mesh.polygons)
    wall = np.isin(mesh.kind, _BARRIERS)
    middle = mesh.graph.xy[mesh.graph.ends].mean(axis=1)
    label = join_slivers(
        mesh.left, mesh.right, mesh.length, area, mesh.community, wall, island=_traffic_islands(mesh, project, area), middle=middle
    )
    count = int(label.max(initial=-1)) + 1
    community = np.zeros(count, np.int32)
    community[label] = mesh.community
    left = np.where(mesh.left >= 0, label[mesh.left], OUTSIDE)
    right = np.where(mesh.right >= 0, label[mesh.right], OUTSIDE)
    rest = join_slivers(left, right, mesh.length, group_sums(label, area, count), community, np.zeros(len(wall), bool))
    return np.asarray(rest[label])


def _traffic_islands(mesh: _Mesh, project: Project, area: Floats) -> Bools:
    """Return which faces lie between two carriageways or inside a roundabout: no address, narrow, most of the rim one-way streets."""
    count = len(mesh.community)
    one_way = mesh.road >= 0
    one_way[one_way] = project.roads.oneway[mesh.road[one_way]] != 0
    rim, driven = np.zeros(count), np.zeros(count)
    for side in (mesh.left, mesh.right):
        edge = (side >= 0) & (mesh.left != mesh.right)
        rim += group_sums(side[edge], mesh.length[edge], count)
        driven += group_sums(side[edge & one_way], mesh.length[edge & one_way], count)
    empty = np.ones(count, bool)
    empty[mesh.address_face[mesh.address_face >= 0]] = False
    return np.asarray(empty & (2 * area < ISLAND * rim) & (driven > rim / 2))


def _cuts(project: Project, mesh: _Mesh, load: Floats, cap: float, progress: Progress) -> tuple[Ints, Texts]:
    """Return the blocks heavier than `cap`, and the cuts through them."""
    homes = project.households
    radius = homes.radius if homes.radius is not None else np.zeros(len(homes))
    held = np.flatnonzero((mesh.address_face >= 0) & (load > 0))
    weight = group_sums(mesh.address_face[held], load[held], len(mesh.community))
    heavy = np.flatnonzero(weight > cap)
    order = held[np.argsort(mesh.address_face[held], kind="stable")]
    start = np.searchsorted(mesh.address_face[order], heavy, "left")
    stop = np.searchsorted(mesh.address_face[order], heavy, "right")
    params = SubdivideParams(cap)
    cuts: list[Floats] = []
    for i, block in enumerate(heavy.tolist()):
        if i % 64 == 0:
            progress.check()
            progress.report(0.55 + 0.2 * i / len(heavy), _("Cutting heavy blocks"))
        rows = order[start[i] : stop[i]]
        cuts += cut_lines(mesh.polygons[block], homes.xy[rows], load[rows], radius[rows], params)
    return heavy, shapely.linestrings(np.array(cuts)) if cuts else NO_CUTS


def _recut(project: Project, mesh: _Mesh, heavy: Ints, cuts: Texts) -> _Mesh:
    """Return the mesh with cuts in it: the borders of the cut blocks are noded with the cuts, the rest stays as it is."""
    edge = np.flatnonzero(mesh.left != mesh.right)
    touched = np.isin(mesh.left[edge], heavy) | np.isin(mesh.right[edge], heavy)
    rest, again = edge[~touched], edge[touched]
    part, kind, road = noded(_borders_and(mesh, again, cuts))
    graph = joined(PlanarGraph(mesh.graph.xy, mesh.graph.ends[rest]), part) if len(rest) else part
    if graph is None:
        return _mesh(project, *noded(_borders_and(mesh, edge, cuts)))
    return _mesh(project, graph, np.concatenate((mesh.kind[rest], kind)), np.concatenate((mesh.road[rest], road)))


def _borders_and(mesh: _Mesh, edge: Ints, cuts: Texts) -> Linework:
    """Return some of the mesh's borders and the cuts as linework."""
    lines = np.concatenate((shapely.linestrings(mesh.graph.xy[mesh.graph.ends[edge]]), cuts))
    kind = np.concatenate((mesh.kind[edge], np.zeros(len(cuts), np.int32)))
    road = np.concatenate((mesh.road[edge], np.full(len(cuts), -1, np.int32)))
    return Linework(lines, kind, road, np.zeros(len(lines), bool))


def _gates(mesh: _Mesh) -> Floats:
    """Return the places where a way crosses a barrier: nodes that a barrier and a street share, (n, 2)."""
    barrier = np.isin(mesh.kind, _BARRIERS)
    way = (mesh.kind >= BorderKind.PATH) & ~barrier
    count = len(mesh.graph.xy)
    at_barrier = np.bincount(mesh.graph.ends[barrier].ravel(), minlength=count) >= 2
    at_way = np.bincount(mesh.graph.ends[way].ravel(), minlength=count) >= 1
    return mesh.graph.xy[at_barrier & at_way]


def _units(project: Project, mesh: _Mesh, gates: Floats) -> Units:
    """Return the units of a finished mesh: its borders alone, and every address in its unit."""
    edge = np.flatnonzero(mesh.left != mesh.right)
    used, ends = np.unique(mesh.graph.ends[edge], return_inverse=True)
    xy = mesh.graph.xy[used]
    ends = ends.reshape(-1, 2).astype(np.int32)
    left, right, kind = mesh.left[edge], mesh.right[edge], mesh.kind[edge]
    address_unit, issues = address_units(project, mesh.polygons, mesh.address_face)
    return Units(
        xy=xy,
        ends=ends,
        left=left,
        right=right,
        kind=kind.astype(np.int8),
        road=mesh.road[edge],
        blocked=_blocked(xy, ends, left, right, kind, gates),
        community=mesh.community,
        address_unit=address_unit,
        issues=issues,
        made_from=made_from(project, "units"),
    )


def _blocked(xy: Floats, ends: Ints, left: Ints, right: Ints, kind: Ints, gates: Floats) -> Bools:
    """Return which border pieces cannot be crossed: barriers between two units that share no bridge or crossing."""
    barrier = np.isin(kind, _BARRIERS) & (left >= 0) & (right >= 0)
    cell = np.rint(np.concatenate((xy, gates)) / LATTICE).astype(np.int64)
    cell -= cell.min(axis=0)
    place = cell[:, 0] * (cell[:, 1].max() + 1) + cell[:, 1]
    gate = np.isin(place[: len(xy)], place[len(xy) :])
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    pair = low * (int(max(left.max(initial=0), right.max(initial=0))) + 1) + high
    open_pair = np.unique(pair[barrier & gate[ends].any(axis=1)])
    beside = np.unique(pair[~barrier & (left >= 0) & (right >= 0)])
    return barrier & ~np.isin(pair, open_pair) & ~np.isin(pair, beside)


def address_units(project: Project, polygons: Texts, found: Ints) -> tuple[Ints, tuple[Issue, ...]]:
    """Return each address's unit, those just outside given to the nearest, and the issues that say so.

    `found` (a,) is the row in `polygons` that each address lies in, OUTSIDE for none. Raises InputError where none is in or near one.
    """
    homes = project.households
    unit = found.copy()
    lost = np.flatnonzero(unit < 0)
    unit[lost] = nearest(homes.xy[lost], polygons, NEAR)
    if len(homes) and np.all(unit < 0):
        text = _("None of the {n} addresses lies in or near a community; check that both layers say the right coordinate system")
        raise InputError(text.format(n=len(homes)))
    near, far = lost[unit[lost] >= 0], lost[unit[lost] < 0]
    issues = [
        _outside(project, row, N_("Address {row} ({n} households) lies outside every community; the nearest one takes it"))
        for row in near.tolist()
    ]
    text = N_("Address {row} ({n} households) lies more than 200 m outside every community; it stays out of the plan")
    issues += [_outside(project, row, text) for row in far[:PLACED].tolist()]
    if len(far) > PLACED:
        rest = far[PLACED:]
        text = N_("{more} more addresses ({n} households) lie more than 200 m outside every community; they stay out of the plan")
        values = {"more": len(rest), "n": f"{homes.households[rest].sum():g}"}
        issues.append(Issue(Level.WARNING, "outside", text, values, "households"))
    return unit, tuple(issues)


def _outside(project: Project, row: int, text: str) -> Issue:
    x, y = project.households.xy[row].tolist()
    values = {"n": f"{project.households.households[row]:g}", "row": row + 1}
    return Issue(Level.WARNING, "outside", text, values, "households", str(row + 1), x, y)
