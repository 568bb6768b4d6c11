"""What leaves the office: formats, encoding, coordinate system, profile, and the database that takes it."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.database_names import refuse_address, refuse_schema
from gridplanner.i18n import _
from gridplanner.nearest import nearest_word

FORMATS = ("shp", "gpkg", "geojson", "kml", "gpx", "dxf", "csv", "xlsx", "flatgeobuf")


@dataclass(frozen=True)
class ExportSettings:
    """What leaves the office, and in which encoding and CRS.

    `profile` is the name of a profile or a TOML file with one, `crs` is project, gcj02, bd09 or a code such as EPSG:4490; `postgis` names a
    service or a saved connection whose database takes the layers into `schema`; `qgis` writes a QGIS project beside.
    """

    formats: tuple[str, ...] = ("shp", "gpkg")
    encoding: str = "gb18030"
    profile: str = "standard"
    crs: str = "project"
    map_book: bool = False
    postgis: str = ""
    schema: str = "gridplanner"
    qgis: bool = True

    def __post_init__(self) -> None:
        for name in self.formats:
            if name not in FORMATS:
                raise ValueError(_("formats has {name}; {hint}").format(name=name, hint=nearest_word(name, FORMATS)))
        if self.encoding.lower() not in {"gb18030", "gbk", "utf-8", "utf8"}:
            raise ValueError(_("encoding is {value}; it must be gb18030 or utf-8").format(value=self.encoding))
        if self.postgis:
            refuse_address(self.postgis)
            refuse_schema(self.schema)
