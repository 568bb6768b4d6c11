"""GeoJSON (RFC 7946): one file a layer, longitude and latitude, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import shapely

from algorithms.progress import Progress
from gridplanner.io.export_places import rounded
from gridplanner.io.formats.values import plain_rows
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.shifted_systems import datum_words
from gridplanner.model.lines import Texts

DECIMALS = 8  # of a degree: a millimetre
_CHUNK = 20_000


def write_geojson(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write LAYER.geojson of each layer; rings turn as the standard asks (4.1.6: exteriors counterclockwise).

    In a shifted datum a member `description` says so, and there is a `crs` member, which the standard leaves to those who agreed (4).
    """
    for rows in layers:
        _write(folder / f"{rows.schema.name}.geojson", rounded(rows, DECIMALS), wish, progress)


def _write(path: Path, rows: LayerRows, wish: ExportWish, progress: Progress) -> None:
    head: dict[str, object] = {"type": "FeatureCollection", "name": rows.schema.name}
    if wish.places.datum:
        head["description"] = datum_words(wish.places.datum)
        head["crs"] = {"type": "name", "properties": {"name": wish.places.words}}
    names = [part.name for part in rows.schema.fields]
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    values = plain_rows(rows)
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        stream.write(encode(head)[:-1] + ', "features": [\n')
        for start in range(0, len(rows), _CHUNK):
            progress.check()
            shapes = _texts(rows.shapes[start : start + _CHUNK], rows.schema.geometry)
            stream.write(",\n" if start else "")
            stream.write(
                ",\n".join(
                    f'{{"type": "Feature", "properties": {encode(dict(zip(names, row, strict=True)))}, "geometry": {shape}}}'
                    for shape, row in zip(shapes, values, strict=False)
                )
            )
        stream.write("\n]}\n")


def _texts(shapes: Texts, geometry: str) -> list[str]:
    """Return shapes as GeoJSON text, null where a row has no place."""
    if geometry == TABLE:
        return ["null"] * len(shapes)
    turned = shapely.orient_polygons(shapes) if geometry == "Polygon" else shapes
    return [text if text is not None else "null" for text in shapely.to_geojson(turned).tolist()]
