"""The layers of a saved project that QGIS shows: what was given, and what was planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shapely

from gridplanner.io.layer_rows import BUILDERS, LayerRows
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.table import Column
from gridplanner.model.lines import Lines, Texts
from gridplanner.model.places import BarrierKind, RoadClass, texts
from gridplanner.model.project import Project

MAX_ADDRESSES = 200_000


@dataclass(frozen=True, eq=False)
class View:
    """One layer to show: its name, GeoPackage geometry type, shapes and columns."""

    name: str
    geometry: str
    shapes: Texts
    columns: Mapping[str, Column]


def views() -> list[Callable[[Project], View | None]]:
    """Return the functions that draw each view, from the areas below to the points on top."""
    return [_communities, _roads, _barriers, _railway, *(_drawn(build) for build in BUILDERS)]


def _drawn(build: Callable[[Project], LayerRows | None]) -> Callable[[Project], View | None]:
    def draw(project: Project) -> View | None:
        if build.__name__ == "_addresses" and len(project.households) > MAX_ADDRESSES:
            return None  # a million rows cost seconds at every save; the arrays hold them
        rows = build(project)
        if rows is None or rows.schema.geometry == TABLE:
            return None
        areas = rows.schema.geometry == "Polygon"
        return View(rows.schema.name, "GEOMETRY" if areas else rows.schema.geometry.upper(), rows.shapes, rows.columns)

    draw.__name__ = build.__name__.strip("_")
    return draw


def _communities(project: Project) -> View:
    places = project.communities
    return View(
        "communities", "GEOMETRY", places.polygons, {"comm_code": places.codes, "comm_name": places.names, "street": places.streets}
    )


def _roads(project: Project) -> View:
    roads = project.roads
    classes = texts([RoadClass(klass).name.lower() for klass in roads.classes.tolist()])
    return View(
        "roads",
        "LINESTRING",
        _shapes(roads.lines),
        {"class": classes, "highway": roads.highway, "name": roads.names, "oneway": roads.oneway},
    )


def _barriers(project: Project) -> View:
    kinds = texts([BarrierKind(kind).name.lower() for kind in project.barriers.kinds.tolist()])
    return View("barriers", "LINESTRING", _shapes(project.barriers.lines), {"kind": kinds, "name": project.barriers.names})


def _railway(project: Project) -> View:
    railway = project.railway
    return View("railway", "LINESTRING", _shapes(railway.lines), {"main": railway.main, "name": railway.names})


def _shapes(lines: Lines) -> Texts:
    """Return all polylines as shapely lines at once."""
    if not len(lines):
        return texts()
    shapes: Texts = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, lines.coords, (lines.offsets,))
    return shapes
