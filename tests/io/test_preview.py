"""A glance at layers: where they lie, in which system and encoding, what is cut short, and what is refused in words."""

import numpy as np
import pytest
import shapely

from gridplanner.io import found_files
from gridplanner.io.crs_guess import Neighbour, guess_crs
from gridplanner.io.found_files import find_files
from gridplanner.io.inspection import inspect
from gridplanner.io.preview import HIDDEN, MOST, PreviewWish, read_preview
from gridplanner.io.sources import read_sources
from gridplanner.settings import Settings, SourceSettings

HERE = shapely.Point(500_000, 3_900_000)  # in EPSG:4545, at 108° E


def test_points_are_shown_in_degrees_with_their_first_rows(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "住户 点.shp", [HERE, HERE], {"户数": [3, 4], "地址": ["甲路1号", "乙路2号"]})
    preview = read_preview(PreviewWish(str(path), "住户 点"))
    assert preview.placed
    assert preview.problem == ""
    assert preview.xy == pytest.approx(np.array([[108.0, 35.23]] * 2), abs=0.01)
    assert preview.columns == ("户数", "地址")
    assert preview.rows == (("3", "甲路1号"), ("4", "乙路2号"))


def test_another_encoding_shows_other_rows_and_a_wrong_one_is_refused_in_words(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "p.shp", [HERE], {"地址": ["西郊路"]})
    assert read_preview(PreviewWish(str(path), "p", encoding="gb18030")).rows == (("西郊路",),)
    wrong = read_preview(PreviewWish(str(path), "p", encoding="utf-8"))
    assert wrong.rows != (("西郊路",),)
    assert "encoding" in wrong.problem or wrong.rows


def test_another_system_moves_the_layer_and_one_that_cannot_be_is_told(write_layer, tmp_path):
    path = write_layer(tmp_path / "p.gpkg", [HERE])
    moved = read_preview(PreviewWish(str(path), "p", crs="EPSG:4549"))  # CM 120E: twelve degrees too far east
    assert moved.xy[0, 0] == pytest.approx(120.0, abs=0.01)
    degrees = read_preview(PreviewWish(str(path), "p", crs="EPSG:4490"))
    assert not degrees.placed
    assert "not degrees" in degrees.problem
    unknown = read_preview(PreviewWish(str(path), "p", crs="EPSG:1"))
    assert "EPSG:1" in unknown.problem


def test_the_filter_is_applied_and_its_faults_are_told(write_layer, tmp_path):
    path = write_layer(tmp_path / "p.gpkg", [HERE, HERE, HERE, HERE], {"kind": ["a", "b", "b", "b"]})
    some = read_preview(PreviewWish(str(path), "p", where="kind = 'a'"))
    assert (some.shown, some.of, some.passing) == (1, 4, 0.25)
    assert "no row passes" in read_preview(PreviewWish(str(path), "p", where="kind = 'z'")).problem
    assert "kindd" in read_preview(PreviewWish(str(path), "p", where="kindd = 'a'")).problem


def test_a_large_layer_is_sampled_over_all_of_the_file(write_layer, tmp_path):
    count = 3 * MOST
    path = write_layer(tmp_path / "p.gpkg", shapely.points(400_000 + np.arange(count), np.full(count, 3_900_000.0)))
    preview = read_preview(PreviewWish(str(path), "p"))
    assert preview.shown == MOST
    assert preview.of == count
    west, east = read_preview(PreviewWish(str(path), "p")).xy[[0, -1], 0]
    whole = np.degrees(count / (6_371_000 * np.cos(np.radians(35.2))))
    assert east - west == pytest.approx(whole, rel=0.05)


def test_areas_come_as_rings_and_identity_numbers_are_not_shown(write_layer, tmp_path):
    frame = HERE.buffer(900).difference(HERE.buffer(300))
    path = write_layer(tmp_path / "a.gpkg", [frame], {"身份证": ["62080219800101123X"]}, geometry="Polygon")
    preview = read_preview(PreviewWish(str(path), "a"))
    assert preview.kind == "polygon"
    assert len(preview.ends) == 3
    assert preview.ends[-1] == len(preview.xy)
    assert preview.rows == ((HIDDEN,),)


@pytest.mark.parametrize(("field", "shown"), [("手机号码", False), ("联系电话", False), ("网格编码", True), ("GRIDCODE", True)])
def test_mobile_numbers_are_not_shown_whatever_the_column_is_called_but_codes_are(field, shown, write_layer, tmp_path):
    path = write_layer(tmp_path / "p.gpkg", [HERE], {field: ["13912345678"]})
    assert read_preview(PreviewWish(str(path), "p")).rows == (("13912345678" if shown else HIDDEN,),)
    told = [problem for report in inspect([path]) for problem in report.problems if field in problem]
    assert bool(told) is not shown


def test_a_file_that_is_none_is_a_preview_that_says_so(tmp_path):
    (tmp_path / "x.gpkg").write_bytes(b"nonsense")
    assert "x.gpkg" in read_preview(PreviewWish(str(tmp_path / "x.gpkg"), "x")).problem


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ((106.0, 35.0, 107.0, 36.0), "EPSG:4326"),
        ((36_490_000.0, 3_900_000.0, 36_500_000.0, 3_910_000.0), "EPSG:4524"),
        ((490_000.0, 3_900_000.0, 500_000.0, 3_910_000.0), ""),
        (None, ""),
    ],
)
def test_a_system_is_guessed_from_the_numbers(box, code):
    assert guess_crs(box).code == code
    assert guess_crs(box).why


def test_a_layer_without_a_system_takes_that_of_the_one_beside_it(write_shapefile, write_layer, tmp_path):
    write_layer(tmp_path / "communities.gpkg", [HERE.buffer(5000)], geometry="Polygon")
    path = write_shapefile(tmp_path / "homes.shp", [HERE], {"hh": [3]}, crs=None)
    homes = next(report for report in inspect([tmp_path]) if report.path == str(path))
    assert homes.crs_guess == "EPSG:4545"
    assert "communities.gpkg" in homes.crs_why
    assert guess_crs((0.0, 1e6, 1.0, 2e6), [Neighbour("far", "EPSG:4545", (5e5, 3e6, 6e5, 4e6))]).code == ""
    source = SourceSettings(path=str(path), fields={"households": "hh"}, crs="EPSG:4545")
    project = read_sources(Settings(sources={"households": source}))  # what the dialog makes of the guess can be read
    assert len(project.households) == 1


def test_folders_are_searched_to_a_bounded_depth_and_number_and_the_rest_is_told(tmp_path, monkeypatch):
    deep = tmp_path
    for number in range(found_files.DEEPEST + 1):
        deep = deep / f"层 {number}"
        deep.mkdir()
        (deep / "a.geojson").touch()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.geojson").touch()
    (tmp_path / "notes.txt").touch()
    found = find_files([tmp_path])
    assert len(found.files) == found_files.DEEPEST - 1
    assert [path for path, _words in found.cuts] == [tmp_path]
    monkeypatch.setattr(found_files, "MOST_FILES", 2)
    few = find_files([tmp_path])
    assert len(few.files) == 2
    assert any("files left out: 5" in words for _path, words in few.cuts)
    monkeypatch.setattr(found_files, "MOST_ENTRIES", 3)
    assert any("first 3 names" in words for _path, words in find_files([tmp_path]).cuts)


def test_a_link_that_leads_in_circles_is_passed_over(tmp_path):
    (tmp_path / "a.geojson").symlink_to(tmp_path / "a.geojson")
    (tmp_path / "gone.geojson").symlink_to(tmp_path / "nowhere")
    (tmp_path / "here.geojson").touch()
    assert find_files([tmp_path]).files == (tmp_path / "here.geojson",)
