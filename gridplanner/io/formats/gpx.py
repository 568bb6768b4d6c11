"""GPX 1.1: lines as tracks and points as way points, one file a layer; routes for crews are written by io.route_gpx."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import shapely

from algorithms.progress import Progress
from gridplanner import __version__
from gridplanner.io.export_places import rounded
from gridplanner.io.formats.look import look_of
from gridplanner.io.formats.values import Value, plain_columns
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.shifted_systems import datum_words
from gridplanner.io.xml_text import xml_text

LAYERS = {"routes", "stops", "checkpts", "crossings", "sitevisits", "streets", "railsegs"}  # what a crew goes to, or along
DECIMALS = 8  # of a degree: a millimetre


def for_crews(rows: LayerRows) -> bool:
    """True for a layer that is of use on a hand-held receiver."""
    return rows.schema.origin in LAYERS


def write_gpx_layers(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write LAYER.gpx of each layer; the fields stand in the description of each track and point."""
    for rows in layers:
        progress.check()
        with (folder / f"{rows.schema.name}.gpx").open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(_document(rounded(rows, DECIMALS), wish))


def _document(rows: LayerRows, wish: ExportWish) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="Gridplanner {__version__}">\n'
    about = f"<desc>{datum_words(wish.places.datum)}</desc>" if wish.places.datum else ""
    yield f"<metadata><name>{_text(rows.schema.name)}</name>{about}</metadata>\n"
    labels = look_of(rows).labels
    names = [part.name for part in rows.schema.fields]
    point = rows.schema.geometry == "Point"
    values = zip(*plain_columns(rows), strict=True) if names else iter([()] * len(rows))
    for shape, label, row in zip(rows.shapes, labels, values, strict=True):
        if shape is None or shape.is_empty:
            continue
        words = f"<name>{_text(label)}</name><desc>{_description(names, row)}</desc>"
        if point:
            for lon, lat in shapely.get_coordinates(shape).tolist():
                yield f'<wpt lat="{lat:.8f}" lon="{lon:.8f}">{words}</wpt>\n'
            continue
        parts = "".join(
            "<trkseg>" + "".join(f'<trkpt lat="{lat:.8f}" lon="{lon:.8f}"/>' for lon, lat in xy) + "</trkseg>"
            for xy in (shapely.get_coordinates(part).tolist() for part in shapely.get_parts(shape))
        )
        yield f"<trk>{words}{parts}</trk>\n"
    yield "</gpx>\n"


def _description(names: list[str], row: tuple[Value, ...]) -> str:
    return _text("\n".join(f"{name}: {value}" for name, value in zip(names, row, strict=True) if value not in {None, ""}))


def _text(words: str) -> str:
    return escape(words if words.isprintable() else xml_text(words))
