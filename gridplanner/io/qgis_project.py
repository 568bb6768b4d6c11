"""A QGIS project beside the layers (3.16 or later), so that a receiver sees them coloured and labelled; and a style file a shapefile."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from gridplanner.i18n import _, language
from gridplanner.io import crs as systems
from gridplanner.io.formats.look import layer_look
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.qgis_style import DOCTYPE, style_file, style_of
from gridplanner.io.xml_text import xml_text

_LATER = 1 << 30
_TOP_DOWN = (
    "issues", "checkpts", "crossings", "stops", "sitevisits", "addresses", "routes", "railsegs", "streets", "coverage", "zones", "beats",
    "rings", "ratings", "corridor", "grids", "units",
)  # fmt: skip
_WKB = {"Point": "Point", "LineString": "LineString", "Polygon": "MultiPolygon", TABLE: "NoGeometry"}
_KINDS = {"Point": "Point", "LineString": "Line", "Polygon": "Polygon", TABLE: "No geometry"}
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is written


def write_qgis_project(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, base: str) -> None:
    """Write STEM.qgz, whose layers are those of the GeoPackage or the shapefiles (`base` gpkg or shp) in the same folder."""
    order = {name: at for at, name in enumerate(_TOP_DOWN)}
    ordered = sorted(layers, key=lambda rows: order.get(rows.schema.origin, _LATER if rows.schema.geometry == TABLE else len(order)))
    name = zipfile.ZipInfo(f"{wish.stem}.qgs", _MOMENT)
    name.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(folder / f"{wish.stem}.qgz", "w") as packed:
        packed.writestr(name, _project(ordered, wish, base))


def write_styles(layers: Sequence[LayerRows], folder: Path) -> None:
    """Write LAYER.qml beside each shapefile, which QGIS takes up when the shapefile is opened alone."""
    for rows in layers:
        if rows.schema.geometry != TABLE:
            (folder / f"{rows.schema.name}.qml").write_text(style_file(rows), encoding="utf-8", errors="replace")


def _project(layers: Sequence[LayerRows], wish: ExportWish, base: str) -> str:
    system = _system(wish)
    tree = "".join(
        f'<layer-tree-layer id={_said(_id(rows))} name={_said(_title(rows))} providerKey="ogr" source={_said(_source(rows, wish, base))} '
        f'checked="{"Qt::Checked" if layer_look(rows).shown else "Qt::Unchecked"}" expanded="0"><customproperties/></layer-tree-layer>\n'
        for rows in layers
    )
    maps = "".join(_layer(rows, wish, base, system) for rows in layers)
    return (
        f'{DOCTYPE}<qgis version="3.16.0" projectname={_said(wish.title or wish.stem)}>\n'
        f"<title>{_text(wish.title or wish.stem)}</title>\n<projectCrs>{system}</projectCrs>\n"
        f"<layer-tree-group><customproperties/>\n{tree}</layer-tree-group>\n"
        f'<mapcanvas name="theMapCanvas" annotationsVisible="1"><units>{_units(wish)}</units>{_extent(layers)}<rotation>0</rotation>'
        f"<destinationsrs>{system}</destinationsrs></mapcanvas>\n"
        f"<projectlayers>\n{maps}</projectlayers>\n<layerorder/>\n"
        '<properties><Paths><Absolute type="bool">false</Absolute></Paths><SpatialRefSys><ProjectionsEnabled type="int">1'
        "</ProjectionsEnabled></SpatialRefSys></properties>\n</qgis>\n"
    )


def _layer(rows: LayerRows, wish: ExportWish, base: str, system: str) -> str:
    geometry = rows.schema.geometry
    aliases = "".join(
        f"<alias index={quoteattr(str(at))} field={_said(part.name)} name={_said(_called(part.chinese, part.english))}/>"
        for at, part in enumerate(rows.schema.fields)
    )
    return (
        f'<maplayer type="vector" geometry="{_KINDS[geometry]}" wkbType="{_WKB[geometry]}" labelsEnabled="1" readOnly="0">\n'
        f"<id>{_text(_id(rows))}</id><datasource>{_text(_source(rows, wish, base))}</datasource>"
        f"<layername>{_text(_title(rows))}</layername>{'' if geometry == TABLE else f'<srs>{system}</srs>'}"
        f'<provider encoding="{"UTF-8" if base == "gpkg" else ""}">ogr</provider>\n{"" if geometry == TABLE else style_of(rows)}'
        f"<aliases>{aliases}</aliases></maplayer>\n"
    )


def _source(rows: LayerRows, wish: ExportWish, base: str) -> str:
    if base == "gpkg":
        return f"./{wish.stem}.gpkg|layername={rows.schema.name}"
    return f"./{rows.schema.name}.{'dbf' if rows.schema.geometry == TABLE else 'shp'}"


def _system(wish: ExportWish) -> str:
    crs = wish.places.crs
    code = "" if wish.places.datum else systems.authority_code(crs)
    authority = f"<authid>{_text(code)}</authid>" if ":" in code and len(code) < 40 else ""
    flag = str(bool(wish.places.datum) or systems.is_geographic(crs)).lower()
    return (
        f"<spatialrefsys><wkt>{_text(systems.to_wkt(crs))}</wkt>{authority}<description>{_text(wish.places.words)}</description>"
        f"<geographicflag>{flag}</geographicflag></spatialrefsys>"
    )


def _extent(layers: Sequence[LayerRows]) -> str:
    drawn = [rows.shapes for rows in layers if rows.schema.geometry != TABLE and rows.schema.origin != "issues" and len(rows)]
    west, south, east, north = shapely.total_bounds(np.concatenate(drawn)).tolist() if drawn else (0.0, 0.0, 1.0, 1.0)
    if not np.isfinite([west, south, east, north]).all():
        west, south, east, north = 0.0, 0.0, 1.0, 1.0
    side = 0.05 * max(east - west, north - south)
    return f"<extent><xmin>{west - side}</xmin><ymin>{south - side}</ymin><xmax>{east + side}</xmax><ymax>{north + side}</ymax></extent>"


def _units(wish: ExportWish) -> str:
    return "degrees" if wish.places.datum or systems.is_geographic(wish.places.crs) else "meters"


def _title(rows: LayerRows) -> str:
    """Return what the layer is called in the list: what the profile says, or its title."""
    title = layer_look(rows).title
    return rows.schema.name if rows.schema.was or not title else _(title)


def _called(chinese: str, english: str) -> str:
    return chinese if language() == "zh_CN" else english


def _id(rows: LayerRows) -> str:
    return f"layer_{rows.schema.origin}"


def _text(words: str) -> str:
    return escape(xml_text(words))


def _said(words: str) -> str:
    return quoteattr(xml_text(words))
