"""Which of the drivers of GDAL may look at a file, and that none of them asks the network.

A driver finds out by a file's content whether it is its own, whatever the file is called, and some do what the file says: a pipeline of
GDAL's commands (GDALG), a virtual file of other files (OGR_VRT), a program that is begun (GPSBabel). Such drivers are left out when the
library is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

KNOWN = frozenset((
    "CSV", "DXF", "ESRI Shapefile", "ESRIJSON", "FlatGeobuf", "GML", "GPKG", "GPX", "GeoJSON", "GeoJSONSeq", "JSONFG", "KML", "LIBKML",
    "MEM", "MapInfo File", "ODS", "OpenFileGDB", "SQLite", "TopoJSON", "XLSX",
))  # fmt: skip
LEFT_OUT = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSW", "Carto", "DGN", "EDIGEO", "EEDA", "Elasticsearch", "GDALG", "GPSBabel",
    "GTFS", "GeoRSS", "HTTP", "Idrisi", "JML", "LVBAG", "MBTiles", "MVT", "MapML", "MiraMonVector", "NGW", "OAPIF", "OGCAPI", "OGR_GMT",
    "OGR_PDS", "OGR_VRT", "OSM", "PCIDSK", "PDS4", "PLSCENES", "PMTiles", "S57", "SXF", "Selafin", "VDV", "VFK", "VICAR", "WAsP", "WFS",
)  # fmt: skip
# no address is fetched: what asks by way of /vsicurl/ finds no ending that is allowed, what asks by itself no proxy of a kind that there is
OFFLINE = {
    "GML_DOWNLOAD_SCHEMA": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_PROXY": "nowhere://",
    "GDAL_HTTPS_PROXY": "nowhere://",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "LIBKML_EXTERNAL_STYLE": "NO",
}


@contextmanager
def only_known() -> Iterator[None]:
    """Let GDAL, where it is loaded within, leave out the other drivers; its words about those that it does not have are not shown."""
    said = {"GDAL_SKIP": ",".join(LEFT_OUT), "CPL_LOG": os.devnull}
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
