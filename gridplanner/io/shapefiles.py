"""Delivered shapefiles, written strictly by their schema with fiona; the only place that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely

from gridplanner.io.dbf import write_language_byte
from gridplanner.io.layer_rows import LayerRows
from gridplanner.io.layer_schemas import REAL, TEXT, WHOLE, Schema
from gridplanner.io.table import Column
from gridplanner.io.vector_files import write_shapefile_in_bulk
from gridplanner.model.lines import Texts

BULK = 50_000
CPG = {"gb18030": "GB18030", "gbk": "GBK", "utf-8": "UTF-8"}


def write_shapefile(path: Path, rows: LayerRows, *, crs_wkt: str, encoding: str) -> None:
    """Write one layer with its .shx, .dbf, .prj and .cpg; `encoding` is a key of CPG, text must fit its fields already.

    A table without places has a .dbf and a .cpg.

    Layers above 50,000 rows go by pyogrio, ten times as fast, with the widths that it chooses.
    """
    if len(rows) > BULK:
        write_shapefile_in_bulk(path, rows.shapes, rows.columns, geometry=rows.schema.geometry, crs=crs_wkt, encoding=CPG[encoding])
    else:
        _write_strictly(path, rows, crs_wkt, CPG[encoding])
    path.with_suffix(".cpg").write_text(CPG[encoding], encoding="ascii")
    write_language_byte(path.with_suffix(".dbf"), CPG[encoding])


def create_shapefile(path: Path, schema: Schema, *, crs_wkt: str, encoding: str, whole: frozenset[str] = frozenset()) -> None:
    """Write a layer without rows, its fields as wide as the schema says; real fields named in `whole` hold whole numbers."""
    import fiona

    kinds = {TEXT: "str:{width}", WHOLE: "int:{width}", REAL: "float:{width}.{decimals}"}
    properties = {
        part.name: kinds[WHOLE if part.name in whole else part.kind].format(width=part.width, decimals=part.decimals)
        for part in schema.fields
    }
    kind = {"geometry": schema.geometry, "properties": properties}
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=kind, crs_wkt=crs_wkt, encoding=CPG[encoding]):
        pass
    path.with_suffix(".cpg").write_text(CPG[encoding], encoding="ascii")
    write_language_byte(path.with_suffix(".dbf"), CPG[encoding])


def _write_strictly(path: Path, rows: LayerRows, crs_wkt: str, encoding: str) -> None:
    import fiona

    kinds = {TEXT: "str:{width}", WHOLE: "int:{width}", REAL: "float:{width}.{decimals}"}
    properties = {part.name: kinds[part.kind].format(width=part.width, decimals=part.decimals) for part in rows.schema.fields}
    for part in rows.schema.fields:  # a field whose numbers are all whole is written as whole numbers
        if part.kind == REAL and part.name in {"households", "persons"} and _all_whole(rows.columns[part.name]):
            properties[part.name] = f"int:{part.width}"
    schema = {"geometry": rows.schema.geometry, "properties": properties}
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, crs_wkt=crs_wkt, encoding=encoding) as layer:
        layer.writerecords(_records(rows, {name for name, kind in properties.items() if kind.startswith("int")}))


def _records(rows: LayerRows, whole: set[str]) -> Iterator[dict[str, object]]:
    """Return the rows as fiona takes them: ints for the fields in `whole` only, for it drops one that a real field begins with."""
    names = list(rows.columns)
    values = [_plain(rows.columns[name], whole=name in whole) for name in names]
    for shape, *row in zip(_mappings(rows.shapes), *values, strict=True):
        yield {"geometry": shape, "properties": dict(zip(names, row, strict=True))}


def _mappings(shapes: Texts) -> Iterator[dict[str, object] | None]:
    for shape in shapes:
        yield None if shape is None else shapely.geometry.mapping(shape)


def _plain(column: Column, *, whole: bool) -> list[object]:
    if column.dtype.kind == "f":
        return [None if value != value else int(value) if whole else value for value in column.tolist()]
    return list(column.tolist())


def _all_whole(column: Column) -> bool:
    known = column[~np.isnan(column)]
    return bool((known == np.floor(known)).all())
