"""Strokes cut into atoms, the smallest pieces that a division of streets moves: from junction to junction, long ones shared out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.network.nearest import EdgePlaces
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends, arcs_line
from algorithms.streets.strokes import Strokes


@dataclass(frozen=True, eq=False)
class Atoms:
    """Atoms in the order of their strokes and, within each, of the way along it.

    `stroke` (n,) and the metres along it, `begin` and `end` (n,); `tail` and `head` (n,) the nodes at both ends: those of the graph, and
    numbers above them where a long edge was cut between junctions. `lines` (s,) are the strokes as shapely LineStrings.
    """

    stroke: Ints
    begin: Floats
    end: Floats
    tail: Ints
    head: Ints
    lines: np.ndarray[tuple[int], np.dtype[np.object_]]

    def __post_init__(self) -> None:
        for array in (self.stroke, self.begin, self.end, self.tail, self.head, self.lines):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.stroke)

    @property
    def length(self) -> Floats:
        """(n,) metres."""
        return self.end - self.begin

    @property
    def middle(self) -> Floats:
        """(n, 2) the place halfway along each atom."""
        half = (self.begin + self.end) / 2
        xy: Floats = shapely.get_coordinates(shapely.line_interpolate_point(self.lines[self.stroke], half))
        return xy


def cut_into_atoms(graph: RoadGraph, strokes: Strokes, longest: float) -> Atoms:
    """Return the atoms of all strokes: cut at every node where three ends of edges or more meet, and evenly where longer than `longest`."""
    degree = np.bincount(graph.u, minlength=graph.node_count) + np.bincount(graph.v, minlength=graph.node_count)
    first, last = strokes.offsets[:-1], strokes.offsets[1:] - 1
    before, after = arc_ends(graph, strokes.arcs)
    metres = graph.length[strokes.arcs // 2]
    begins = strokes.start[strokes.arcs // 2]
    of = np.repeat(np.arange(len(strokes)), np.diff(strokes.offsets))
    opens = degree[before] > 2
    opens[first] = True
    closes = np.append(opens[1:], True)
    assert np.all(closes[last])
    begin, end = begins[opens], (begins + metres)[closes]
    tail, head, stroke = before[opens], after[closes], of[opens]
    parts = np.maximum(np.ceil((end - begin) / longest - 1e-9), 1).astype(np.int64)
    row = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
    step = (end - begin)[row] / parts[row]
    inner = number > 0
    made = graph.node_count + np.cumsum(inner) - 1
    tails = np.where(inner, made, tail[row])
    heads = np.where(number == parts[row] - 1, head[row], np.append(made[1:], 0))
    finish = np.where(number == parts[row] - 1, end[row], begin[row] + (number + 1) * step)
    lines = np.empty(len(strokes), object)
    lines[:] = [shapely.linestrings(arcs_line(graph, strokes.run(i))) for i in range(len(strokes))]
    return Atoms(stroke[row], begin[row] + number * step, finish, tails, heads, lines)


def atoms_of_places(graph: RoadGraph, strokes: Strokes, atoms: Atoms, places: EdgePlaces) -> Ints:
    """Return the atom on which each place on an edge lies, (p,)."""
    against = np.zeros(graph.edge_count, bool)
    against[strokes.arcs // 2] = strokes.arcs % 2 == 1
    length = graph.length[places.edge]
    along = strokes.start[places.edge] + np.clip(np.where(against[places.edge], length - places.along, places.along), 0, length)
    first = np.searchsorted(atoms.stroke, np.arange(len(strokes) + 1))
    # one rising key for all strokes: their number, then the share of the way
    total = atoms.end[first[1:] - 1]
    key = atoms.stroke + atoms.begin / (total[atoms.stroke] * (1 + 1e-9))
    stroke = strokes.stroke[places.edge]
    found = np.searchsorted(key, stroke + along / (total[stroke] * (1 + 1e-9)), side="right") - 1
    return np.asarray(np.clip(found, first[stroke], first[stroke + 1] - 1))


def piece_of_line(line: object, begin: float, end: float) -> Floats:
    """Return the coordinates (k, 2) of a line between two distances along it, with its vertices between them."""
    xy: Floats = shapely.get_coordinates(line)
    at = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    low, high = min(max(begin, 0.0), float(at[-1])), min(max(end, 0.0), float(at[-1]))
    inner = (at > low + 1e-6) & (at < high - 1e-6)
    ends = np.column_stack([np.interp([low, high], at, xy[:, axis]) for axis in (0, 1)])
    return np.concatenate((ends[:1], xy[inner], ends[1:]))
