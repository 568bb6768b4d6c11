"""A layer read part by part, by rows or by place, for sources that are too large to be held at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gridplanner.io import crs as systems
from gridplanner.io.fields import check_private, find_field, find_fields
from gridplanner.io.open_source import GEOMETRY, coordinates_of
from gridplanner.io.reading import Reading
from gridplanner.io.source_crs import with_crs
from gridplanner.io.table import Table
from gridplanner.io.vector_files import choose_layer, layer_bounds, layer_info, read_table
from gridplanner.io.where import Where, parse_where
from gridplanner.settings import SourceSettings

SAMPLE = 1000  # rows that say what a layer's coordinates are
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class LayerParts:
    """A layer whose mapped fields and CRS are known; `count` rows in the file, before its filter."""

    key: str
    source: SourceSettings
    path: Path
    layer: str
    crs: str
    count: int
    fields: Mapping[str, str]
    where: Where | None
    filtered: Mapping[str, str]

    def rows(self, first: int, count: int) -> Table:
        """Return `count` rows after the first `first` ones, those among them that pass the filter."""
        return self._read(first=first, limit=count)

    def within(self, box: Box, crs: str) -> Table:
        """Return the rows whose place meets a box (west, south, east, north) given in `crs`."""
        outline = shapely.get_coordinates(shapely.segmentize(shapely.box(*box), max(box[2] - box[0], box[3] - box[1]) / 16))
        xy = systems.transform(outline, crs, self.crs)
        return self._read(box=(*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist()))

    def centre(self) -> tuple[float, float]:
        """Return the longitude and latitude of the middle of the layer's extent."""
        west, south, east, north = layer_bounds(self.path, self.layer)
        middle = np.array([[(west + east) / 2, (south + north) / 2]])
        lon, lat = systems.transform(middle, self.crs, systems.WGS84)[0].tolist()
        return lon, lat

    def _read(self, *, first: int = 0, limit: int | None = None, box: Box | None = None) -> Table:
        columns = list(dict.fromkeys((*self.fields.values(), *self.filtered.values())))
        table = read_table(self.path, self.layer, columns, self.source.encoding, limit, first=first, box=box)
        table = dataclasses.replace(table, crs=self.crs)
        if self.where is not None:
            table = table.select(self.where.mask({name: table.columns[own] for name, own in self.filtered.items()}, len(table)))
        for word, field in self.fields.items():
            check_private(table, field, self.key, word)
        return table


def open_parts(key: str, source: SourceSettings, reading: Reading) -> LayerParts:
    """Return a source ready to be read in parts; raises InputError as `open_sources` does."""
    path = Path(source.path)
    layer = choose_layer(path, source.layer, GEOMETRY[key])
    info = layer_info(path, layer, source.encoding)
    where = parse_where(source.where)
    fields = find_fields(info.fields, source.fields, key, path)
    filtered = {name: find_field(list(info.fields), name, path, f"sources.{key}.where") for name in (where.fields if where else ())}
    sample = read_table(path, layer, (), source.encoding, SAMPLE)
    crs = with_crs(sample, coordinates_of(sample), source, key, reading).crs
    return LayerParts(key, source, path, layer, crs, info.count, fields, where, filtered)
