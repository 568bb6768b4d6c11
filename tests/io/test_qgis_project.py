"""The QGIS project: well-formed whatever things are called, and QGIS itself shows every layer in colours with labels."""

import dataclasses
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
import shapely

from gridplanner.export_profiles import ExportProfile, LayerProfile
from gridplanner.io.export_places import places_of
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import no_places, rows_of
from gridplanner.io.layers import write_layers
from gridplanner.io.profile_file import write_profile
from gridplanner.io.qgis_project import write_qgis_project, write_styles
from gridplanner.io.qgis_style import style_of
from gridplanner.settings import ExportSettings

PYTHON = "/usr/bin/python3"  # the system's, for which QGIS is made
SCRIPT = """
import json, sys
from qgis.core import QgsApplication, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils
from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings, QgsProject
from qgis.PyQt.QtCore import QSize
app = QgsApplication([], False)
app.initQgis()
found = {}
for path in sys.argv[1:]:
    project = QgsProject.instance()
    project.clear()
    assert project.read(path)
    tree = project.layerTreeRoot()
    shown = [node.layer() for node in tree.findLayers() if node.isVisible() and node.layer().isSpatial()]
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(400, 300))
    settings.setExtent(project.mapLayer("layer_grids").extent())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    layers = {}
    for layer in project.mapLayers().values():
        layers[layer.id()] = {
            "name": layer.name(), "valid": layer.isValid(), "count": layer.featureCount(), "label": "",
            "renderer": layer.renderer().type() if layer.renderer() else "", "labels": layer.labeling() is not None,
            "aliases": [field.alias() for field in layer.fields()],
        }
        if layer.labeling():
            expression = QgsExpression(layer.labeling().settings().fieldName)
            context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
            feature = next(layer.getFeatures())
            context.setFeature(feature)
            layers[layer.id()]["label"] = expression.evaluate(context)
    inks = len({image.pixel(x, y) for x in range(0, 400, 3) for y in range(0, 300, 3)})
    order = [node.layerId() for node in tree.findLayers()]
    found[path] = {"layers": layers, "crs": project.crs().authid(), "inks": inks, "order": order, "title": project.title()}
print(json.dumps(found))
"""


def opened(*paths) -> dict:
    if not Path(PYTHON).exists() or (shutil.which("qgis") is None and not Path("/usr/lib/python3/dist-packages/qgis").exists()):
        pytest.skip("QGIS is not installed")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    words = [PYTHON, "-c", SCRIPT, *(str(path) for path in paths)]
    done = subprocess.run(words, capture_output=True, text=True, env={**clean, "QT_QPA_PLATFORM": "offscreen"}, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_qgis_shows_the_layers_coloured_and_labelled(town, tmp_path):
    renamed = LayerProfile(rename={"grid_code": '编"码&<'})
    write_profile(ExportProfile("p", names="chinese", all=renamed, layers={"grids": LayerProfile("网格 '1'&2")}), tmp_path / "p.toml")
    called = dataclasses.replace(town.settings.project, name="西郊 <&> 'x'")
    named = dataclasses.replace(town, settings=dataclasses.replace(town.settings, project=called))
    folders = {}
    for name, formats, path in (("gpkg", ("gpkg",), "standard"), ("shp", ("shp",), str(tmp_path / "p.toml"))):
        wished = dataclasses.replace(named, settings=dataclasses.replace(named.settings, export=ExportSettings(formats, profile=path)))
        write_layers(wished, tmp_path / name)
        (folders[name],) = (tmp_path / name).glob("*.qgz")
    moved = tmp_path / "sent elsewhere"
    folders["shp"].parent.rename(moved)  # its paths are relative
    projects = opened(folders["gpkg"], moved / folders["shp"].name)
    count = len(town.grids)
    for found in projects.values():
        layers = found["layers"]
        assert all(layer["valid"] for layer in layers.values())
        assert found["crs"] == town.crs
        assert found["title"] == "西郊 <&> 'x'"
        assert found["inks"] > 12
        assert layers["layer_grids"]["count"] == count
        assert (layers["layer_grids"]["renderer"], layers["layer_grids"]["labels"]) == ("categorizedSymbol", True)
        assert layers["layer_grids"]["label"] == town.grids.grids[min(town.grids.grids)].name
        assert layers["layer_zones"]["label"] == next(iter(town.zones.zones.values())).name
        assert found["order"].index("layer_zones") < found["order"].index("layer_grids") < found["order"].index("layer_units")
    standard, own = projects.values()
    assert "grid code" in standard["layers"]["layer_grids"]["aliases"]
    assert own["layers"]["layer_grids"]["name"] == "网格 '1'&2"


def test_what_looks_are_made_of_is_well_formed_xml(tmp_path):
    name = "'\"<&>\x07甲"
    rows = [
        rows_of("routes", np.array([shapely.LineString([(0, 0), (9, 9)])], object), {"route_code": [name]}),
        rows_of("grids", np.array([shapely.box(0, 0, 9, 9)], object), {"name": [name]}),
        rows_of("checkpts", np.array([shapely.Point(1, 1)], object), {"road": [name]}),
        rows_of("roster", no_places(1), {"guard": [name]}),
        rows_of("rings", np.array([shapely.box(0, 0, 9, 9), shapely.box(0, 0, 5, 5)], object), {"minutes": [5.0, 1.0]}),
        rows_of("issues", np.array([None], object), {"level": ["error"]}),
    ]
    write_styles(rows, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.qml" for name in ("routes", "grids", "checkpts", "rings", "issues")}
    for path in tmp_path.iterdir():
        Xml.parse(path)
    wish = ExportWish("s & t", name, places_of("EPSG:4545", "gcj02"))
    write_qgis_project(rows, tmp_path, wish, "gpkg")
    with zipfile.ZipFile(tmp_path / "s & t.qgz") as packed:
        root = Xml.fromstring(packed.read("s & t.qgs").decode().partition("\n")[2])
    sources = [layer.findtext("datasource") for layer in root.iter("maplayer")]
    assert "./s & t.gpkg|layername=grids" in sources
    assert all("GCJ-02" in text.text for text in root.iter("wkt"))
    values = [category.get("value") for category in Xml.fromstring(f"<x>{style_of(rows[4])}</x>").iter("category")]
    assert values == ["1", "5", ""]


def test_no_project_is_written_where_none_is_wished(town, tmp_path):
    for wish, names in ((ExportSettings(("gpkg",), qgis=False), []), (ExportSettings(("csv",)), [])):
        write_layers(dataclasses.replace(town, settings=dataclasses.replace(town.settings, export=wish)), tmp_path / "out")
        assert [path.name for path in (tmp_path / "out").iterdir() if path.suffix in {".qgz", ".qml"}] == names
