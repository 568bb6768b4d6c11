"""The streets that chiefs are responsible for, as atoms: which, where they run on, what work there is along each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.network.nearest import nearest_edge
from algorithms.network.road_graph import RoadGraph, build_road_graph
from algorithms.streets.atoms import Atoms, atoms_of_places, cut_into_atoms
from algorithms.streets.strokes import Strokes, find_strokes
from algorithms.streets.twins import find_hosts
from algorithms.sums import group_sums
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.places import RoadClass
from gridplanner.model.project import Project
from gridplanner.settings import StreetChiefSettings

BESIDE = 40.0  # metres from a street within which a household, site or incident is along it
OUTSIDE = 25.0  # metres outside the communities within which a street is still one of theirs
APART = 50.0  # metres between ways of one name that are one street
TURN_NAMED, TURN_NAMELESS = 100.0, 40.0  # degrees that a street may turn at a junction
LONG = 0.2  # of a stretch's length: a street without junctions is cut into pieces of at most this
SHORT = 0.5  # metres: what clipping leaves of a street that only touches the area


@dataclass(frozen=True, eq=False)
class StreetLines:
    """The streets (rows of project.roads) as a graph, their strokes and atoms.

    `street` (s,) numbers the street that each stroke is a part of, -1 for those without a name; `name` (s,) text; `workload` (n,) is
    that of each atom in km-equivalents; `host` (n,) the atom of the other carriageway that one goes with, its own row for most.
    """

    graph: RoadGraph
    strokes: Strokes
    atoms: Atoms
    street: Ints
    name: Texts
    workload: Floats
    host: Ints
    twice: int = 0


def street_lines(project: Project, settings: StreetChiefSettings) -> StreetLines:
    """Return the streets of the wished classes inside the communities; raises InputError where there are none."""
    graph, row, twice = _graph(project, settings)
    name = np.array([text.strip() for text in project.roads.names[row].tolist()], object)
    street = _streets(graph, name)
    way = np.unique(project.roads.highway[row].astype(str), return_inverse=True)[1]
    named = street >= 0
    key = np.where(named, street, -1 - way)
    strokes = find_strokes(graph, key, np.where(named, TURN_NAMED, TURN_NAMELESS))
    wished = float(graph.length.sum()) / settings.count if settings.count else 1000.0 * settings.length_km
    atoms = cut_into_atoms(graph, strokes, wished * LONG)
    edge = strokes.arcs[strokes.offsets[:-1]] // 2
    work = _workload(project, settings, graph, strokes, atoms)
    single = np.ones(len(strokes), bool)
    np.logical_and.at(single, strokes.stroke, project.roads.oneway[row] != 0)
    host = find_hosts(atoms, street[edge], single)
    return StreetLines(graph, strokes, atoms, street[edge], name[edge], work, host, twice)


def wished(project: Project, settings: StreetChiefSettings) -> Bools:
    """Return which streets are of the classes that have chiefs, (roads,); where streets have no classes, all of them."""
    roads = project.roads
    if not roads.classed:
        return np.asarray(roads.classes >= RoadClass.STREET)
    return np.asarray(np.isin(roads.highway, settings.classes) & (roads.classes > RoadClass.OTHER))


def _graph(project: Project, settings: StreetChiefSettings) -> tuple[RoadGraph, Ints, int]:
    """Return the graph of the wished streets, cut off beyond the communities, the street row of each edge, and how many were twice."""
    roads = project.roads
    given = np.flatnonzero(wished(project, settings))
    if not len(given):
        there = sorted({word for word in roads.highway[roads.classes >= RoadClass.LANE].tolist() if word})[:12]
        text = _("No street is of the classes {wished}; the streets there are of the classes {there}. Change classes in [street_chiefs]")
        raise InputError(text.format(wished=", ".join(settings.classes), there=", ".join(there) or "-"))
    lines = roads.lines.select(given)
    shapes = shapely.linestrings(lines.coords, indices=np.repeat(np.arange(len(given)), np.diff(lines.offsets)))
    once = _once(shapes, roads.names[given])
    shapes, rows = shapes[once], given[once]
    of = np.arange(len(rows))
    if len(project.communities):
        ground = shapely.buffer(shapely.union_all(project.communities.polygons), OUTSIDE)
        shapely.prepare(ground)
        whole = shapely.contains_properly(ground, shapes)
        cut = np.flatnonzero(~whole)
        parts, index = shapely.get_parts(shapely.intersection(shapes[cut], ground), return_index=True)
        held = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (shapely.length(parts) > SHORT)
        shapes = np.concatenate((shapes[whole], parts[held]))
        of = np.concatenate((np.flatnonzero(whole), cut[index[held]]))
        order = np.argsort(of, kind="stable")
        shapes, of = shapes[order], of[order]
    nothing = InputError(_("No street of the classes that have chiefs lies in the communities; import the streets of this district"))
    if not len(of):
        raise nothing
    coords = shapely.get_coordinates(shapes)
    offsets = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(shapes))))
    every = np.ones(len(of), bool)
    graph = build_road_graph(
        coords, offsets, every, every, np.ones(len(of)), roads.level[rows[of]],
        snap=0.0 if roads.noded else 0.5, node_crossings=not roads.noded,
    )  # fmt: skip
    if not graph.edge_count:
        raise nothing
    return graph, rows[of[graph.line]].astype(np.int32), len(given) - len(rows)


def _once(shapes: Texts, names: Texts) -> Ints:
    """Return the rows of lines of which none is another, in either direction; of equal ones the first that has a name."""
    _wkb, line = np.unique(shapely.to_wkb(shapely.normalize(shapes)), return_inverse=True)
    order = np.lexsort((np.array([not name for name in names.tolist()]), line))
    fresh = np.append(True, np.diff(line[order]) != 0)
    return np.sort(order[fresh])


def _streets(graph: RoadGraph, name: Texts) -> Ints:
    """Return the street of each edge: ways of one name that meet, or nearly; -1 for those without a name."""
    word, key = np.unique(name.astype(str), return_inverse=True)
    lines = shapely.linestrings(graph.coords, indices=np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets)))
    named = np.flatnonzero(word[key] != "")
    a, b = shapely.STRtree(lines[named]).query(lines[named], predicate="dwithin", distance=APART)
    a, b = named[a], named[b]
    same = (a < b) & (key[a] == key[b])
    part = components(graph.edge_count, a[same], b[same])
    found = np.full(graph.edge_count, -1, np.int64)
    found[named] = np.unique(part[named], return_inverse=True)[1]
    return found


def _workload(project: Project, settings: StreetChiefSettings, graph: RoadGraph, strokes: Strokes, atoms: Atoms) -> Floats:
    """Return the km-equivalents of work along each atom: its length, and what lies within BESIDE metres of it and nearer to no other."""
    work = atoms.length / 1000.0
    price = settings.workload
    homes, incidents, sites = project.households, project.incidents, project.key_sites
    for xy, weight in (
        (homes.xy, homes.households * (price.get("households", 0.0) / 100.0)),
        (sites.xy, np.full(len(sites), price.get("key_sites", 0.0))),
        (incidents.xy, incidents.weight * price.get("incidents", 0.0)),
    ):
        if not len(xy) or not np.any(weight):
            continue
        places = nearest_edge(graph, xy)
        atom = atoms_of_places(graph, strokes, atoms, places)
        near = places.distance <= BESIDE
        work = work + group_sums(atom[near], weight[near], len(atoms))
    return np.asarray(np.maximum(work, 1e-6))
