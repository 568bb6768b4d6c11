"""KML 2.2 (OGC 07-147r2): one file a layer in its colours, labelled, with every field as extended data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from algorithms.progress import Progress
from gridplanner.io.export_places import rounded
from gridplanner.io.formats.look import Look, look_of
from gridplanner.io.formats.values import Value, plain_columns
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TEXT, WHOLE
from gridplanner.io.shifted_systems import datum_words
from gridplanner.io.xml_text import xml_text
from gridplanner.model.lines import Floats

DECIMALS = 8  # of a degree: a millimetre
_KINDS = {TEXT: "string", WHOLE: "int"}
_CHUNK = 5_000


def write_kml_layers(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write LAYER.kml of each layer; areas are translucent in the colour of their row, names are those of its label."""
    for rows in layers:
        with (folder / f"{rows.schema.name}.kml").open("w", encoding="utf-8", newline="\n") as stream:
            for number, text in enumerate(_document(rounded(rows, DECIMALS), wish)):
                if number % _CHUNK == 0:
                    progress.check()
                stream.write(text)


def _document(rows: LayerRows, wish: ExportWish) -> Iterator[str]:
    name, look = rows.schema.name, look_of(rows)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
    yield f"<name>{_text(name)}</name>\n"
    if wish.places.datum:
        yield f"<description>{datum_words(wish.places.datum)}</description>\n"
    for colour in look.colours:
        yield _style(colour)
    yield f'<Schema name="{_id(rows)}" id="{_id(rows)}">\n'
    for part in rows.schema.fields:
        yield f"<SimpleField name={quoteattr(part.name)} type={quoteattr(_KINDS.get(part.kind, 'double'))}/>\n"
    yield f"</Schema>\n<Folder>\n<name>{_text(name)}</name>\n"
    yield from _placemarks(rows, look)
    yield "</Folder>\n</Document>\n</kml>\n"


def _placemarks(rows: LayerRows, look: Look) -> Iterator[str]:
    heads = [f"<SimpleData name={quoteattr(part.name)}>" for part in rows.schema.fields]
    values = zip(*plain_columns(rows), strict=True) if rows.schema.fields else iter([()] * len(rows))
    draw = _WAYS[rows.schema.geometry]
    for shape, label, colour, row in zip(rows.shapes, look.labels, look.colour_of_row, values, strict=True):
        data = "".join(f"{head}{_plain(value)}</SimpleData>" for head, value in zip(heads, row, strict=True) if value is not None)
        place = "" if shape is None else _geometry(shape, draw)
        yield (
            f"<Placemark><name>{_text(label)}</name><styleUrl>#c{colour.lstrip('#')}</styleUrl>"
            f'<ExtendedData><SchemaData schemaUrl="#{_id(rows)}">{data}</SchemaData></ExtendedData>{place}</Placemark>\n'
        )


def _style(colour: str) -> str:
    ink = f"{colour[5:7]}{colour[3:5]}{colour[1:3]}"  # opacity, blue, green, red
    return (
        f'<Style id="c{colour.lstrip("#")}"><IconStyle><color>ff{ink}</color><scale>0.7</scale></IconStyle>'
        f"<LineStyle><color>ff{ink}</color><width>2.5</width></LineStyle><PolyStyle><color>66{ink}</color></PolyStyle></Style>\n"
    )


def _geometry(shape: shapely.Geometry, draw: Callable[[shapely.Geometry], str]) -> str:
    parts = shapely.get_parts(shape)
    text = "".join(draw(part) for part in parts)
    return text if len(parts) == 1 else f"<MultiGeometry>{text}</MultiGeometry>" if len(parts) else ""


def _point(shape: shapely.Geometry) -> str:
    return f"<Point>{_coordinates(shapely.get_coordinates(shape))}</Point>"


def _line(shape: shapely.Geometry) -> str:
    return f"<LineString><tessellate>1</tessellate>{_coordinates(shapely.get_coordinates(shape))}</LineString>"


def _area(shape: shapely.Geometry) -> str:
    rings = shapely.get_rings(shapely.orient_polygons(shape))
    ends = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(rings))))
    xy = shapely.get_coordinates(rings)
    outer, *inner = (f"<LinearRing>{_coordinates(xy[a:b])}</LinearRing>" for a, b in pairwise(ends.tolist()))
    holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
    return f"<Polygon><tessellate>1</tessellate><outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"


_WAYS: dict[str, Callable[[shapely.Geometry], str]] = {"Point": _point, "LineString": _line, "Polygon": _area}


def _coordinates(xy: Floats) -> str:
    return "<coordinates>" + " ".join(f"{lon:.8f},{lat:.8f}" for lon, lat in xy.tolist()) + "</coordinates>"


def _plain(value: Value) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _text(words: str) -> str:
    return escape(words if words.isprintable() else xml_text(words))


def _id(rows: LayerRows) -> str:
    """Return the identifier of a layer's fields: XML has no room for all names there."""
    return f"fields_{rows.schema.origin}"
