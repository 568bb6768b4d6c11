"""GCJ-02 and BD-09 as coordinate systems of files, named so that nobody takes them for WGS 84, and recognised again by that name."""

from __future__ import annotations

from pathlib import Path

from gridplanner.io.doctor.datums import NAMES, SHIFTED

NOTE = "crs.txt"  # what a folder of shifted layers says of itself
_HEAD = 4000  # bytes at the beginning of a file in which it says what its coordinates are
_TEXT = {".geojson", ".json", ".kml", ".gpx"}
_MUTE = {".csv", ".dxf", ".xlsx"}  # formats without room for it


def wkt_of(datum: str) -> str:
    """Return the system of a shifted datum as WKT; programs know no way from it to WGS 84, and leave its degrees as they are."""
    name = NAMES[datum]
    return (
        f'GEOGCS["{name}",DATUM["{name}",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433],AXIS["Longitude",EAST],AXIS["Latitude",NORTH]]'
    )


def datum_of(crs: str) -> str:
    """Return the shifted datum that a CRS names, empty where it is another.

    >>> datum_of(wkt_of("bd09")), datum_of('GEOGCS["GCS_GCJ-02",…'), datum_of("EPSG:4326")
    ('bd09', 'gcj02', '')
    """
    return next((datum for datum in SHIFTED if f'"{NAMES[datum]}"' in crs or f'"GCS_{NAMES[datum]}"' in crs), "")


def datum_said_in(path: Path) -> str:
    """Return the shifted datum that a file whose format has no CRS of its own says it is in, empty where it says nothing.

    GeoJSON, KML and GPX are WGS 84 by their standards: an export in another datum says so at their beginning, and that of formats without
    room for it in the note beside them.
    """
    suffix = path.suffix.lower()
    if suffix not in _TEXT | _MUTE:
        return ""
    try:
        with (path.with_name(NOTE) if suffix in _MUTE else path).open("rb") as stream:
            head = stream.read(_HEAD).decode("utf-8", "ignore")
    except OSError:
        return ""
    return next((datum for datum in SHIFTED if datum_words(datum) in head), "")


def datum_words(datum: str) -> str:
    """Return what a file says of its shifted coordinates, in the same words whatever the language."""
    return f"Coordinates: {NAMES[datum]}, not WGS 84"
