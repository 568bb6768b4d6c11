"""A layer read part by part, by rows or by place, for sources that are too large to be held at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.io import crs as systems
from gridplanner.io.doctor.manners import Manner
from gridplanner.io.open_source import GEOMETRY, coordinates_of
from gridplanner.io.reading import Reading
from gridplanner.io.source_crs import manner_of
from gridplanner.io.source_layer import SourceLayer, open_layer
from gridplanner.io.table import Table, finite_rows
from gridplanner.io.vector_files import layer_bounds
from gridplanner.settings import SourceSettings

SAMPLE = 1000  # rows that say what a layer's coordinates are
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class LayerParts:
    """A layer whose mapped fields and CRS are known; `count` rows in the file, before its filter."""

    layer: SourceLayer
    manner: Manner

    @property
    def count(self) -> int:
        """The rows in the file, before the filter."""
        return self.layer.count

    @property
    def fields(self) -> Mapping[str, str]:
        """The columns of the mapped words."""
        return self.layer.fields

    def without(self, *words: str) -> LayerParts:
        """Return the layer with fewer of its words mapped."""
        fields = {word: field for word, field in self.fields.items() if word not in words}
        return dataclasses.replace(self, layer=dataclasses.replace(self.layer, fields=fields))

    def rows(self, first: int, count: int) -> Table:
        """Return `count` rows after the first `first` ones, those among them that pass the filter."""
        return self.manner.applied(self.layer.read(first=first, limit=count))

    def within(self, box: Box, crs: str) -> Table:
        """Return the rows whose place meets a box (west, south, east, north) given in `crs`."""
        outline = shapely.get_coordinates(shapely.segmentize(shapely.box(*box), max(box[2] - box[0], box[3] - box[1]) / 16))
        xy = self.manner.written(systems.transform(outline, crs, self.manner.out))
        return self.manner.applied(self.layer.read(box=(*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist())))

    def centre(self) -> tuple[float, float]:
        """Return the longitude and latitude of the middle of the layer's extent."""
        west, south, east, north = self._bounds()
        middle = self.manner.read(np.array([[(west + east) / 2, (south + north) / 2]]))
        lon, lat = systems.transform(middle, self.manner.out, systems.WGS84)[0].tolist()
        return lon, lat

    def _bounds(self) -> Box:
        if not self.layer.places:
            return layer_bounds(self.layer.path, self.layer.layer)
        xy = coordinates_of(self.layer.read())
        xy = xy[finite_rows(xy)]
        (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
        return west, south, east, north


def open_parts(key: str, source: SourceSettings, reading: Reading) -> LayerParts:
    """Return a source ready to be read in parts; raises InputError as `open_sources` does."""
    layer = open_layer(key, source, GEOMETRY[key], reading)
    sample = layer.read(limit=SAMPLE)
    reading.tell_notes(key, sample)
    return LayerParts(layer, manner_of(sample, coordinates_of(sample), source, key, reading))
