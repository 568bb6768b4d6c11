"""A project file dropped into QGIS, or read by GDAL: styled layers under names of the language in use, the right system and counts."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.i18n import set_language
from gridplanner.io.project_file import save_project, save_saved
from gridplanner.io.saved import Saved
from gridplanner.io.vector_files import list_layers, read_table
from gridplanner.model.changes import Change
from tests.ui.builders import patrolled, planned, town

PYTHON = "/usr/bin/python3"  # the system's, for which QGIS is made
SCRIPT = """
import json, sys
from qgis.core import QgsApplication, QgsDataProvider, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
path, found = sys.argv[1], {}
first = QgsVectorLayer(path, "x", "ogr")
for line in first.dataProvider().subLayers():
    name = line.split(QgsDataProvider.sublayerSeparator())[1]
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    found[name] = {
        "valid": layer.isValid(), "count": layer.featureCount(), "crs": layer.crs().authid(), "title": layer.metadata().title(),
        "renderer": layer.renderer().type() if layer.renderer() else "", "labels": layer.labeling() is not None,
        "aliases": [field.alias() for field in layer.fields()], "ink": "",
    }
    if found[name]["renderer"] == "singleSymbol":
        found[name]["ink"] = layer.renderer().symbol().color().name()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def project():
    made = patrolled(planned(town(columns=6, rows=4, per_unit=8), columns=6, wide=3))
    for edit in (BranchScenario('沿河 "B"'), MoveUnits((4,), 3)):
        made = edit.apply(made)
    return made


@pytest.fixture(scope="module")
def path(project, tmp_path_factory):
    place = tmp_path_factory.mktemp("qgis") / "城.gridplan"
    set_language("zh_CN")
    try:
        save_saved(Saved(project, changes=(Change(1, 1.7e9, "a@b", "改名"),)), place)
    finally:
        set_language("en")
    return place


def test_qgis_opens_it_styled_with_chinese_names(project, path):
    if not Path(PYTHON).exists() or not Path("/usr/lib/python3/dist-packages/qgis").exists():
        pytest.skip("QGIS is not installed")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    words = [PYTHON, "-c", SCRIPT, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, env={**clean, "QT_QPA_PLATFORM": "offscreen"}, check=False)
    assert done.returncode == 0, done.stderr
    layers = json.loads(done.stdout.splitlines()[-1])
    assert all(layer["valid"] for layer in layers.values())
    assert {"communities", "roads", "units", "grids", "addresses", "routes", "gridplanner_changes"} <= set(layers)
    assert not {"gridplanner_file", "gridplanner_values", "gridplanner_file_again", "layer_styles"} & set(layers)
    shown = {name: layer for name, layer in layers.items() if name != "gridplanner_changes"}
    assert {layer["crs"] for layer in shown.values()} == {"EPSG:4545"}
    grids = layers["grids"]
    assert (grids["count"], grids["renderer"], grids["labels"], grids["title"]) == (len(project.grids), "categorizedSymbol", True, "网格")
    assert grids["aliases"][1:3] == ["网格编码", "网格名称"]
    assert layers["units"]["ink"] == "#98a2b3"
    assert [name for name in layers if name.startswith("grids – ")] == ["grids – 方案 A"]
    assert layers["grids – 方案 A"]["title"] == "网格 – 方案 A"
    assert layers["gridplanner_changes"]["count"] == 1


def test_gdal_reads_it_without_a_word_of_complaint(project, path, tmp_path):
    if shutil.which("ogr2ogr") is None:
        pytest.skip("GDAL's programs are not installed")
    package = shutil.copyfile(path, tmp_path / "p.gpkg")  # under the suffix that it knows
    told = subprocess.run(["ogrinfo", "-ro", "-so", "-al", str(package)], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert "IDENTIFIER=网格" in told.stdout
    words = ["ogr2ogr", "-f", "GeoJSON", str(tmp_path / "g.json"), str(package), "grids"]
    subprocess.run(words, check=True)
    features = json.loads((tmp_path / "g.json").read_text("utf-8"))["features"]
    assert [feature["properties"]["grid_code"] for feature in features] == [grid.code for _key, grid in sorted(project.grids.grids.items())]


def test_our_own_reader_sees_the_same_layers(project, path, tmp_path):
    package = shutil.copyfile(path, tmp_path / "p.gpkg")
    names = set(list_layers(package))
    assert {"communities", "roads", "railway", "units", "grids", "addresses", "routes", "stops", "railsegs"} <= names
    assert not names & {"gridplanner_file", "gridplanner_values"}
    table = read_table(package, "grids", ["grid_code"])
    assert len(table.shapes) == len(project.grids)


def test_titles_and_styles_are_what_the_standard_and_qgis_ask_for(path):
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        listed = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
        titled = {name for (name,) in database.execute("SELECT DISTINCT table_name FROM gpkg_data_columns")}
        styled = {name for (name,) in database.execute("SELECT f_table_name FROM layer_styles WHERE useAsDefault")}
        columns = database.execute("SELECT table_name, column_name FROM gpkg_data_columns").fetchall()
        real = {(table, row[1]) for table in listed for row in database.execute(f'PRAGMA table_info("{table}")')}
        extensions = {row[:1] for row in database.execute("SELECT table_name FROM gpkg_extensions")}
        meaning = database.execute(
            "SELECT description FROM gpkg_data_columns WHERE table_name = 'grids' AND column_name = 'area_m2'"
        ).fetchone()
    assert titled == styled == listed - {"layer_styles"}
    assert set(columns) <= real
    assert extensions == {("gpkg_data_columns",), ("gpkg_data_column_constraints",)}
    assert meaning[0].startswith("m² · ")


def test_words_of_any_kind_in_names_harm_no_layer(project, tmp_path):
    odd = project
    for title in ("<&>'\"\x07", "a" * 300, "grids"):
        odd = BranchScenario(title).apply(odd)
    odd = MoveUnits((10,), 3).apply(odd)
    path = tmp_path / "odd.gpkg"
    save_project(odd, path)
    names = list(list_layers(path))
    assert len([name for name in names if name.startswith("grids")]) == 1 + len(odd.scenarios)
