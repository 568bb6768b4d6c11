"""Builders of small real files: layers in any format, encoding and CRS, and the project that a source gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.benchmarks.made_city import made_city
from gridplanner.io.sources import read_sources
from gridplanner.model.project import Project
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units
from gridplanner.planning.zones import propose_zones
from gridplanner.settings import ProjectSettings, Settings, SourceSettings, ZoneSettings

LANGUAGE_AT = 29


@pytest.fixture(scope="session")
def write_layer():
    """Return a writer of one layer: shapes (None allowed), columns by name, a CRS or none; the suffix chooses the format."""
    import pyogrio.raw

    drivers = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}

    def write(path: Path, shapes, columns=None, crs="EPSG:4545", layer=None, geometry="Unknown", **options):
        wkb = shapely.to_wkb(np.array(list(shapes), object))
        data = {name: column if isinstance(column, np.ndarray) else np.array(column) for name, column in (columns or {}).items()}
        data = {name: column.astype(object) if column.dtype.kind == "U" else column for name, column in data.items()}
        if path.suffix == ".gpkg":
            options["layer"] = layer or path.stem
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pyogrio.raw.write(
                str(path), wkb, list(data.values()), list(data), driver=drivers[path.suffix], geometry_type=geometry, crs=crs,
                append=path.suffix == ".gpkg" and path.exists(), **options,
            )  # fmt: skip
        return path

    return write


@pytest.fixture(scope="session")
def write_shapefile(write_layer):
    """Return a writer of shapefiles whose text is in `encoding`, with the .cpg and language byte it is told to leave behind."""

    def write(path: Path, shapes, columns, encoding="GB18030", cpg=None, language=0, crs="EPSG:4545", geometry="Point"):
        write_layer(path, shapes, columns, crs=crs, geometry=geometry, encoding=encoding)
        path.with_suffix(".cpg").unlink(missing_ok=True)
        if cpg:
            path.with_suffix(".cpg").write_text(cpg)
        table = bytearray(path.with_suffix(".dbf").read_bytes())
        table[LANGUAGE_AT] = language
        path.with_suffix(".dbf").write_bytes(table)
        return path

    return write


@pytest.fixture(scope="session")
def read():
    """Return a reader of a project from sources given as keyword arguments: a path, or a dict of SourceSettings."""

    def read(crs="auto", name="", **sources) -> Project:
        made = {
            key: SourceSettings(**{**given, "path": str(given["path"])}) if isinstance(given, dict) else SourceSettings(path=str(given))
            for key, given in sources.items()
        }
        return read_sources(Settings(project=ProjectSettings(name=name, crs=crs), sources=made))

    return read


@pytest.fixture(scope="session")
def town() -> Project:
    """A made town with units, grids and zones."""
    import dataclasses

    project = made_city(3_000, seed=5)
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, zones=ZoneSettings(count=3)))
    for propose in (propose_units, propose_grids, propose_zones):
        project = propose(project).apply(project)
    return project
