"""The same map in QGIS: its layers as files, and the script that a Python of QGIS runs on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely

from gridplanner.benchmarks.made_lattice import made_lattice
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.outlines import unit_polygons

# three pictures a scale, the quicker of the later two; QgsMapRendererParallelJob is what QGIS's own canvas uses
SCRIPT = """
import json, sys, time
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
app = QgsApplication([], False)
app.initQgis()
layers = [QgsVectorLayer(f"{sys.argv[1]}/{name}.gpkg", name, "ogr") for name in ("points", "roads", "polygons")]
extent = layers[2].extent()
figures = {}
for name, closer in (("full", 1), ("16", 4), ("144", 12)):
    taken = []
    for number in range(3):
        settings = QgsMapSettings()
        settings.setLayers(layers)
        settings.setOutputSize(QSize(1920, 1080))
        middle = extent.center()
        wide, high = extent.width() / closer, extent.height() / closer
        settings.setExtent(QgsRectangle(middle.x() - wide / 2, middle.y() - high / 2, middle.x() + wide / 2, middle.y() + high / 2))
        began = time.perf_counter()
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        taken.append(1000 * (time.perf_counter() - began))
    figures[name] = min(taken[1:])
print(json.dumps(figures))
"""


def write_layers(size: Mapping[str, int], folder: Path) -> None:
    """Write the points, polygons and roads of the map as GeoPackages; not measured."""
    side = round(size["polygons"] ** 0.5)
    project = made_lattice((side, side), (1, 1), size["points"], roads=(size["roads"], 5))
    assert project.units is not None
    lines = project.roads.lines
    roads = shapely.linestrings(lines.coords, indices=np.repeat(np.arange(len(lines)), np.diff(lines.offsets)))
    parts = {
        "points": (shapely.points(project.households.xy), "Point"),
        "roads": (roads, "LineString"),
        "polygons": (unit_polygons(project.units), "Polygon"),
    }
    for name, (shapes, kind) in parts.items():
        numbers = np.arange(len(shapes))
        write_gpkg_layer(folder / f"{name}.gpkg", name, shapes, {"id": numbers}, geometry=kind, crs=project.crs)
