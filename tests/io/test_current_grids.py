"""A drawn grid plan is read as it is drawn, and tables without places are written for every size."""

import numpy as np
import pyogrio
import pytest
import shapely

from gridplanner.io.layer_rows import LayerRows
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.shapefiles import write_shapefile
from gridplanner.io.sources import read_sources
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.places import texts
from gridplanner.settings import ProjectSettings, Settings, SourceSettings

X0, Y0 = 500_000.0, 3_900_000.0


@pytest.fixture
def folder(tmp_path):
    xy = np.random.default_rng(1).random((40, 2)) * 400 + (X0, Y0)
    pyogrio.raw.write(tmp_path / "homes.gpkg", shapely.to_wkb(shapely.points(xy)), [], [], geometry_type="Point", crs="EPSG:4545")
    return tmp_path


def read(folder, shapes, codes, fields=None):
    """What is read of a layer of grids with these outlines and codes."""
    path = folder / "drawn.gpkg"
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(shapes, object)), [np.array(codes, object)], ["code"], geometry_type="MultiPolygon", crs="EPSG:4545",
        promote_to_multi=True,
    )  # fmt: skip
    sources = {
        "households": SourceSettings(str(folder / "homes.gpkg")),
        "current_grids": SourceSettings(str(path), fields={"code": "code"} if fields is None else fields),
    }
    return read_sources(Settings(ProjectSettings("drawn", "EPSG:4545"), sources))


def box(x, y, wide=100.0, high=100.0):
    return shapely.box(X0 + x, Y0 + y, X0 + x + wide, Y0 + y + high)


def test_overlaps_and_gaps_stay_as_they_are_drawn(folder):
    shapes = [box(0, 0), box(90, 0), box(300, 0)]
    drawn = read(folder, shapes, ["a", "b", "c"]).drawn
    assert drawn.codes.tolist() == ["a", "b", "c"]
    assert [drawn.polygons[i].equals(shapes[i]) for i in range(3)] == [True] * 3


def test_rows_of_one_code_are_one_grid_and_told(folder):
    project = read(folder, [box(0, 0), box(200, 0), box(100, 200)], ["a", "a", "b"])
    assert project.drawn.codes.tolist() == ["a", "b"]
    assert project.drawn.polygons[0].equals(shapely.union_all([box(0, 0), box(200, 0)]))
    assert "same_code" in {issue.kind for issue in project.read_issues}


def test_rows_without_a_code_are_a_grid_each(folder):
    project = read(folder, [box(0, 0), box(200, 0), box(100, 200)], ["", "a", ""])
    assert sorted(project.drawn.codes.tolist()) == ["", "", "a"]
    assert len(project.drawn) == 3
    assert len(read(folder, [box(0, 0), box(200, 0)], ["a", "a"], fields={}).drawn) == 2


def test_outlines_that_cross_themselves_are_mended(folder):
    bow = shapely.Polygon([(X0, Y0), (X0 + 100, Y0 + 100), (X0 + 100, Y0), (X0, Y0 + 100)])
    project = read(folder, [bow, box(200, 0)], ["a", "b"])
    assert shapely.is_valid(project.drawn.polygons).all()
    assert project.drawn.polygons[0].area == pytest.approx(5_000)


@pytest.mark.parametrize("count", [0, 3, 50_001])
def test_tables_without_places_are_read_again_as_they_were(tmp_path, count):
    columns = {
        "address": texts([f"幸福路{i}号" for i in range(count)]),
        "households": np.arange(count) / 8,
        "from_code": texts(["620802001001001"] * count),
        "to_code": texts(["620802001001002"] * count),
    }
    rows = LayerRows(SCHEMAS["transfers"], np.full(count, None, object), columns)
    write_shapefile(tmp_path / "transfers.shp", rows, crs_wkt="", encoding="gb18030")
    write_gpkg_layer(tmp_path / "t.gpkg", "transfers", rows.shapes, columns, geometry="None", crs="EPSG:4545")
    for source, layer in ((tmp_path / "transfers.dbf", None), (tmp_path / "t.gpkg", "transfers")):
        meta, _fids, geometry, found = pyogrio.raw.read(source, layer=layer)
        assert geometry is None
        assert meta["fields"].tolist() == list(columns)
        assert len(found[0]) == count
        if count:
            assert found[0][-1] == columns["address"][-1]
            assert found[1] == pytest.approx(columns["households"])
    assert not (tmp_path / "transfers.shp").exists()
