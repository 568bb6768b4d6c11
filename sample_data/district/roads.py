"""Streets of the made district: the town's, those of the villages, and the roads between them and beyond the boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString

from sample_data.district.land import COLUMNS, HIGH, ROWS, VILLAGES, WIDE, FloatArray, Land

LANES = 4  # streets of a village in each direction
PITCH = 95.0  # metres between them
BEYOND = 1_500.0  # metres that roads go on behind the boundary
EXITS = 2  # roads from each outer township to the next district
LOST = 0.08  # share of the town's side streets that are not there, so that not all blocks are rectangles


@dataclass(frozen=True, eq=False)
class Road:
    """A street: its line in metres of the drawing, its class as OpenStreetMap names it, its name."""

    line: LineString
    kind: str
    name: str = ""


def draw_roads(land: Land, dice: np.random.Generator) -> list[Road]:
    """All streets; they meet at shared vertices within the town and within a village, and cross without one elsewhere."""
    roads = _town(land.nodes, dice)
    for seat in range(len(land.townships)):
        first = land.urban + seat * VILLAGES
        for place in range(VILLAGES):
            roads += village_streets(land.centres[first + place], "residential")
            if place:
                roads.append(
                    Road(_wound(land.centres[first + place], land.townships[seat], dice), "unclassified", f"{land.names[first + place]}路")
                )
    return roads + _main_roads(land, dice)


def village_streets(centre: FloatArray, kind: str) -> list[Road]:
    """The streets of a village: a small lattice around its middle."""
    at = PITCH * (np.arange(LANES) - (LANES - 1) / 2)
    lines = []
    for offset in at:
        lines.append(np.column_stack([centre[0] + at, np.full(LANES, centre[1] + offset)]))
        lines.append(np.column_stack([np.full(LANES, centre[0] + offset), centre[1] + at]))
    return [Road(LineString(line.round(2)), kind) for line in lines]


def _town(nodes: FloatArray, dice: np.random.Generator) -> list[Road]:
    roads = []
    for row in range(ROWS + 1):
        kind = "primary" if row == ROWS // 2 else "secondary" if row % HIGH == 0 else "residential"
        roads += _street(nodes[row], kind, f"纬{row + 1}路", dice)
    for column in range(COLUMNS + 1):
        kind = "primary" if column == COLUMNS // 2 else "secondary" if column % WIDE == 0 else "residential"
        roads += _street(nodes[:, column], kind, f"经{column + 1}路", dice)
    return roads


def _street(corners: FloatArray, kind: str, name: str, dice: np.random.Generator) -> list[Road]:
    """A street of the town from corner to corner; a side street lacks some of its pieces."""
    there = np.ones(len(corners) - 1, bool) if kind != "residential" else dice.random(len(corners) - 1) >= LOST
    return [Road(LineString(corners[i : i + 2].round(2)), kind, name) for i in np.flatnonzero(there)]


def _main_roads(land: Land, dice: np.random.Generator) -> list[Road]:
    """Roads from the town to the townships near it, from these to those behind, and from those out of the district."""
    rim = shapely.LinearRing(shapely.get_coordinates(shapely.envelope(shapely.multipoints(land.nodes.reshape(-1, 2)))))
    mains = land.nodes[::HIGH, ::WIDE].reshape(-1, 2)
    gates = mains[shapely.distance(rim, shapely.points(mains)) < 1.0]
    near = land.townships[: len(land.townships) - 10]
    far = land.townships[len(near) :]
    roads = [
        Road(_wound(_nearest(gates, seat), seat, dice), "primary", f"{land.offices[land.urban + i * VILLAGES][:2]}公路")
        for i, seat in enumerate(near)
    ]
    number = 0
    for seat in far:
        roads.append(Road(_wound(_nearest(near, seat), seat, dice), "secondary", f"县道{len(roads)}"))
        middle = np.arctan2(seat[1], seat[0])
        for turn in np.linspace(-0.14, 0.14, EXITS):
            number += 1
            out = np.array([np.cos(middle + turn), np.sin(middle + turn)])
            edge = shapely.intersection(land.outline.exterior, LineString([(0, 0), 40_000 * out]))
            end = shapely.get_coordinates(edge)[0] + BEYOND * out
            kind = ("primary", "secondary", "tertiary")[number % 3]
            roads.append(Road(_wound(seat, end, dice, wobble=60.0), kind, f"出境{number}号线"))
    return roads


def _nearest(places: FloatArray, to: FloatArray) -> FloatArray:
    return np.asarray(places[np.argmin(np.hypot(*(places - to).T))])


def _wound(start: FloatArray, stop: FloatArray, dice: np.random.Generator, wobble: float = 120.0) -> LineString:
    """A road between two places that bends a little on its way."""
    along = np.linspace(0, 1, 6)[:, None]
    line = start + along * (stop - start)
    line[1:-1] += dice.normal(0, wobble, (4, 2)).clip(-2 * wobble, 2 * wobble)
    return LineString(line.round(2))
