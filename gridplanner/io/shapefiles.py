"""Delivered shapefiles, written strictly by their schema with fiona; the only place that knows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import shapely

from gridplanner.io.dbf import write_language_byte
from gridplanner.io.formats.values import is_whole, plain_rows, whole_columns
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import REAL, TABLE, TEXT, WHOLE, Schema
from gridplanner.io.vector_files import append_rows
from gridplanner.model.lines import Texts

BULK = 1_000
CPG = {"gb18030": "GB18030", "gbk": "GBK", "utf-8": "UTF-8"}


def write_shapefile(path: Path, rows: LayerRows, *, crs_wkt: str, encoding: str) -> None:
    """Write one layer with its .shx, .dbf, .prj and .cpg; `encoding` is a key of CPG, text and names must fit already.

    A table without places has a .dbf and a .cpg. Layers above 1,000 rows are made the same way, and filled by pyogrio, six times as fast.
    """
    whole = frozenset(part.name for at, part in enumerate(rows.schema.fields) if part.kind == REAL and is_whole(rows, at))
    if len(rows) > BULK and rows.schema.geometry != TABLE:
        create_shapefile(path, rows.schema, crs_wkt=crs_wkt, encoding=encoding, whole=whole)
        append_rows(path, path.stem, rows.shapes, whole_columns(rows), geometry=rows.schema.geometry, crs=crs_wkt, encoding=CPG[encoding])
        write_language_byte(path.with_suffix(".dbf"), CPG[encoding])
        return
    create_shapefile(path, rows.schema, crs_wkt=crs_wkt, encoding=encoding, whole=whole, records=_records(rows))


def create_shapefile(
    path: Path, schema: Schema, *, crs_wkt: str, encoding: str, whole: frozenset[str] = frozenset(),
    records: Iterable[dict[str, object]] = (),
) -> None:  # fmt: skip
    """Write a layer with some records, its fields as wide as the schema says; real fields named in `whole` hold whole numbers.

    Raises OSError where it cannot be written, as on a full disk.
    """
    import fiona
    from fiona._err import CPLE_BaseError  # what GDAL says, which has no public name
    from fiona.errors import EnvError

    kinds = {TEXT: "str:{width}", WHOLE: "int:{width}", REAL: "float:{width}.{decimals}"}
    properties = {
        part.name: kinds[WHOLE if part.name in whole else part.kind].format(width=part.width, decimals=part.decimals)
        for part in schema.fields
    }
    kind = {"geometry": schema.geometry, "properties": properties}
    try:
        with fiona.open(path, "w", driver="ESRI Shapefile", schema=kind, crs_wkt=crs_wkt, encoding=CPG[encoding]) as layer:
            layer.writerecords(records)
    except (CPLE_BaseError, EnvError, RuntimeError, SystemError) as why:
        raise OSError(f"{path.name}: {why}") from None
    path.with_suffix(".cpg").write_text(CPG[encoding], encoding="ascii")
    write_language_byte(path.with_suffix(".dbf"), CPG[encoding])


def _records(rows: LayerRows) -> Iterator[dict[str, object]]:
    """Return the rows as fiona takes them."""
    names = [part.name for part in rows.schema.fields]
    for shape, row in zip(_mappings(rows.shapes), plain_rows(rows), strict=True):
        yield {"geometry": shape, "properties": dict(zip(names, row, strict=True))}


def _mappings(shapes: Texts) -> Iterator[dict[str, object] | None]:
    for shape in shapes:
        yield None if shape is None else shapely.geometry.mapping(shape)
