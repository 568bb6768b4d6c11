"""The table of formats: one writer each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gridplanner.io.formats.csv_tables import write_csv
from gridplanner.io.formats.dxf import write_dxf
from gridplanner.io.formats.flatgeobuf import write_fgb
from gridplanner.io.formats.geojson import write_geojson
from gridplanner.io.formats.geopackage import write_gpkg
from gridplanner.io.formats.gpx import for_crews, write_gpx_layers
from gridplanner.io.formats.kml import write_kml_layers
from gridplanner.io.formats.shapefile import write_shp
from gridplanner.io.formats.wish import Format, with_places
from gridplanner.io.formats.xlsx_tables import write_xlsx

WRITERS: Mapping[str, Format] = MappingProxyType({
    "shp": Format(write_shp),
    "gpkg": Format(write_gpkg),
    "geojson": Format(write_geojson, with_places, degrees=True),
    "kml": Format(write_kml_layers, with_places, degrees=True),
    "gpx": Format(write_gpx_layers, for_crews, degrees=True),
    "dxf": Format(write_dxf, with_places),
    "csv": Format(write_csv),
    "xlsx": Format(write_xlsx),
    "flatgeobuf": Format(write_fgb, with_places),
})  # fmt: skip
# of the files that a layer has
SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qml", ".geojson", ".kml", ".gpx", ".csv", ".fgb")
