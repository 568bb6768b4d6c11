"""DXF for CAD programs: lines and areas as polylines on a layer of their name, labels as text on a layer beside, values attached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TextIO

import numpy as np
import shapely

from algorithms.progress import Progress
from gridplanner.io import crs as systems
from gridplanner.io.formats.dxf_frame import APPLICATION, FIRST_FREE, MODEL, TEXTS, DxfLayer, after, before, pairs
from gridplanner.io.formats.look import INK, LAND, layer_look, look_of
from gridplanner.io.formats.values import Value, plain_rows
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.text_width import shorten
from gridplanner.io.xml_text import xml_text
from gridplanner.model.lines import Floats

TEXT_LAYER = "_text"
_FORBIDDEN = '<>/\\":;?*|=,`'
_VALUE = 250  # bytes of a value that hangs on an entity
_CHUNK = 2_000


def write_dxf(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write STEM.dxf with all layers; in metres to a tenth of a millimetre, in degrees to nine decimals.

    Areas are closed polylines, a ring each. The label of a row lies inside it, in letters that fit most rows of its layer.
    """
    metres = not (wish.places.datum or systems.is_geographic(wish.places.crs))
    boxes = np.array([shapely.total_bounds(rows.shapes) for rows in layers if len(rows)], np.float64).reshape(-1, 4)
    known = boxes[np.isfinite(boxes).all(axis=1)]
    box = (*known[:, :2].min(axis=0).tolist(), *known[:, 2:].max(axis=0).tolist()) if len(known) else (0.0, 0.0, 1.0, 1.0)
    across = max(box[2] - box[0], box[3] - box[1], 1e-6)
    drawn = []
    for rows in layers:
        palette = layer_look(rows).palette
        drawn.append(DxfLayer(layer_name(rows), INK if palette is LAND else palette[0]))
        drawn.append(DxfLayer(layer_name(rows) + TEXT_LAYER, INK))
    path = folder / f"{wish.stem}.dxf"
    for text in TEXTS:
        head = before(drawn, box, text, metres=metres, point=across / 1000.0)
        try:
            with path.open("w", encoding=text.codec, errors="strict" if text is not TEXTS[-1] else "replace", newline="\r\n") as stream:
                _draw(stream, head, layers, across, 4 if metres else 9, progress)
            return
        except UnicodeEncodeError:  # a sign that this code page lacks
            continue


def _draw(stream: TextIO, head: str, layers: Sequence[LayerRows], across: float, decimals: int, progress: Progress) -> None:
    handles = count(FIRST_FREE + 2 * len(layers))
    stream.write(head)
    for rows in layers:
        for number, text in enumerate(_entities(rows, _letters(rows, across), handles, decimals)):
            if number % _CHUNK == 0:
                progress.check()
            stream.write(text)
    stream.write(after())


def layer_name(rows: LayerRows) -> str:
    """Return what the drawing's layer is called."""
    return "".join("_" if sign in _FORBIDDEN else sign for sign in rows.schema.name)


def _entities(rows: LayerRows, high: float, handles: Iterator[int], decimals: int) -> Iterator[str]:
    layer, labels = layer_name(rows), look_of(rows).labels
    names = [part.name for part in rows.schema.fields]
    spots = shapely.point_on_surface(rows.shapes) if rows.schema.geometry == "Polygon" else _middles(rows)
    for shape, spot, label, row in zip(rows.shapes, spots, labels, plain_rows(rows), strict=True):
        if shape is None or shape.is_empty:
            continue
        data = _attached(names, row)
        if rows.schema.geometry == "Point":
            for x, y in shapely.get_coordinates(shape).tolist():
                yield _head("POINT", layer, handles) + pairs(
                    (100, "AcDbPoint"), (10, f"{x:.{decimals}f}"), (20, f"{y:.{decimals}f}"), (30, "0.0")
                ) + data  # fmt: skip
        else:
            closed = rows.schema.geometry == "Polygon"
            for line in shapely.get_rings(shape) if closed else shapely.get_parts(shape):
                yield _head("LWPOLYLINE", layer, handles) + _polyline(shapely.get_coordinates(line), decimals, closed=closed) + data
        if label:
            (x, y) = shapely.get_coordinates(spot)[0].tolist()
            place = ((10, f"{x:.{decimals}f}"), (20, f"{y:.{decimals}f}"), (30, "0.0"))
            yield _head("TEXT", layer + TEXT_LAYER, handles) + pairs(
                (100, "AcDbText"), *place, (40, f"{high:.6g}"), (1, _text(label)), (7, "Standard"), (100, "AcDbText")
            )  # fmt: skip


def _middles(rows: LayerRows) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    if rows.schema.geometry == "Point":
        return rows.shapes
    return np.asarray(shapely.line_interpolate_point(shapely.get_geometry(rows.shapes, 0), 0.5, normalized=True), object)


def _head(kind: str, layer: str, handles: Iterator[int]) -> str:
    return pairs((0, kind), (5, f"{next(handles):X}"), (330, MODEL), (100, "AcDbEntity"), (8, layer))


def _polyline(xy: Floats, decimals: int, *, closed: bool) -> str:
    corners = xy[:-1] if closed else xy
    places = "".join(f" 10\n{x:.{decimals}f}\n 20\n{y:.{decimals}f}\n" for x, y in corners.tolist())
    return pairs((100, "AcDbPolyline"), (90, len(corners)), (70, int(closed)), (43, "0.0")) + places


def _attached(names: list[str], row: tuple[Value, ...]) -> str:
    """Return a row's values as extended data, each as name=value."""
    known = [(name, value) for name, value in zip(names, row, strict=True) if value is not None and value != ""]
    return pairs((1001, APPLICATION), *((1000, shorten(_text(f"{name}={value}"), _VALUE, "utf-8")) for name, value in known))


def _text(words: str) -> str:
    """Return text on one line in which no sign means anything else: a caret begins a control sign.

    Two percent signs begin a symbol; programs differ in how they are written as they are, so a blank stands between them.
    """
    line = " ".join(xml_text(words).replace("\t", " ").splitlines())
    while "%%" in line:
        line = line.replace("%%", "% %")
    return line.replace("^", "^ ")


def _letters(rows: LayerRows, across: float) -> float:
    """Return the height of a layer's letters, so that ten of them fit into a row of middling size."""
    areas = shapely.area(rows.shapes[~shapely.is_missing(rows.shapes)]) if rows.schema.geometry == "Polygon" else ()
    return (float(np.sqrt(np.median(areas))) / 10.0 if len(areas) else 0.0) or across / 300.0
