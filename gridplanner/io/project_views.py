"""The layers of a saved project that QGIS shows: what was given, and what was planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_rows import BUILDERS
from gridplanner.io.layer_schemas import TABLE, TEXT, WHOLE, Field, Schema
from gridplanner.io.table import Column
from gridplanner.model.lines import Lines, Texts
from gridplanner.model.places import BarrierKind, RoadClass, texts
from gridplanner.model.project import Project

MAX_ADDRESSES = 200_000
GIVEN = {
    schema.name: schema
    for schema in (
        Schema("communities", "Polygon", (
            Field("comm_code", TEXT, 12, "社区编码", "community code"),
            Field("comm_name", TEXT, 120, "社区名称", "community"),
            Field("street", TEXT, 120, "街道（乡镇）", "street office or township"),
        )),
        Schema("roads", "LineString", (
            Field("class", TEXT, 32, "道路等级", "class"),
            Field("highway", TEXT, 32, "原始类别", "class in the source"),
            Field("name", TEXT, 120, "道路", "street"),
            Field("oneway", WHOLE, 10, "单行", "one way"),
        )),
        Schema("barriers", "LineString", (
            Field("kind", TEXT, 16, "类型", "kind"), Field("name", TEXT, 120, "名称", "name"),
        )),
        Schema("railway", "LineString", (
            Field("main", WHOLE, 10, "正线", "main line"), Field("name", TEXT, 120, "名称", "name"),
        )),
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class View:
    """One layer to show: its name in the file, its rows, and of which scenario it is where it is not of the one worked on."""

    name: str
    rows: LayerRows
    scenario: str = ""


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
        return View(rows.schema.name, rows)

    draw.__name__ = build.__name__.strip("_")
    return draw


def _communities(project: Project) -> View:
    places = project.communities
    return _given("communities", places.polygons, {"comm_code": places.codes, "comm_name": places.names, "street": places.streets})


def _roads(project: Project) -> View:
    roads = project.roads
    words = {klass.value: klass.name.lower() for klass in RoadClass}
    classes = texts([words[value] for value in roads.classes.tolist()])
    columns = {"class": classes, "highway": roads.highway, "name": roads.names, "oneway": roads.oneway}
    return _given("roads", _shapes(roads.lines), columns)


def _barriers(project: Project) -> View:
    kinds = texts([BarrierKind(kind).name.lower() for kind in project.barriers.kinds.tolist()])
    return _given("barriers", _shapes(project.barriers.lines), {"kind": kinds, "name": project.barriers.names})


def _railway(project: Project) -> View:
    railway = project.railway
    return _given("railway", _shapes(railway.lines), {"main": railway.main.astype(np.int8), "name": railway.names})


def _given(name: str, shapes: Texts, columns: Mapping[str, Column]) -> View:
    return View(name, LayerRows(GIVEN[name], shapes, columns))


def _shapes(lines: Lines) -> Texts:
    """Return all polylines as shapely lines at once."""
    if not len(lines):
        return texts()
    shapes: Texts = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, lines.coords, (lines.offsets,))
    return shapes
