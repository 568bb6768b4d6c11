"""Data on its way in from the command line: told what is in it, read into a project whole or not at all, misspellings met with a hint."""

import json

import numpy as np
import pyogrio.raw
import pytest
import shapely

from gridplanner.cli import main
from gridplanner.i18n import set_language
from gridplanner.io.inspection import inspect
from gridplanner.io.project_file import open_project
from gridplanner.progress import Cancelled, Progress

LON, LAT = 106.68, 35.54


@pytest.fixture(autouse=True)
def english_afterwards():
    """Leave other tests the language that they expect."""
    yield
    set_language("en")


def run(*words):
    return main([*map(str, words), "--lang", "en"])


def write_csv(path, rows):
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def write_gpkg(path, layer, shapes, columns, geometry):
    data = [np.array(values, object if isinstance(values[0], str) else None) for values in columns.values()]
    pyogrio.raw.write(
        str(path), shapely.to_wkb(np.array(shapes, object)), data, list(columns), driver="GPKG", layer=layer, geometry_type=geometry,
        crs="EPSG:4326", append=path.exists(),
    )  # fmt: skip
    return path


@pytest.fixture
def files(tmp_path):
    """A folder with homes as a table, streets, two communities, and a table of names for these; and an empty project."""
    folder = tmp_path / "数据"
    folder.mkdir()
    write_csv(folder / "住户.csv", [("户数", "经度", "纬度"), *((n % 5 + 1, LON + n / 5e3, LAT + n / 7e3) for n in range(20))])
    ways = [shapely.LineString([(LON, LAT), (LON + 0.004, LAT)]), shapely.LineString([(LON, LAT), (LON, LAT + 0.003)])]
    write_gpkg(folder / "town.gpkg", "道路", ways, {"等级": ["主干道", "支路"], "名称": ["东街", "西街"]}, "LineString")
    areas = [shapely.box(LON - 0.01 + n * 0.01, LAT - 0.01, LON + n * 0.01, LAT + 0.01) for n in range(3)]
    codes = ["620802001001", "620802001002", "620802001003"]
    write_gpkg(folder / "town.gpkg", "社区", areas, {"XZQDM": codes}, "Polygon")
    write_csv(folder / "名单.csv", [("代码", "名称"), *zip(codes, ["东社区", "西社区", "北社区"], strict=True)])
    assert run("new", tmp_path / "town.gridplan", "--quiet") == 0
    return folder


def test_inspect_says_what_is_in_a_file_in_words(files, capsys):
    assert run("inspect", files / "住户.csv", "--rows", 1) == 0
    said = capsys.readouterr().out
    for words in ("20 points by the columns 经度, 纬度", "probably [sources.households]", "→ households", "5 different", "first rows"):
        assert words in said
    assert run("inspect", files, "--json") == 0
    reports = json.loads(capsys.readouterr().out)
    assert {report["role"] for report in reports} == {"households", "roads", "communities", ""}
    (areas,) = (report for report in reports if report["role"] == "communities")
    assert areas["joins"][0]["matched"] == 3
    assert run("inspect", files / "none.shp") == 2


def test_a_new_project_is_empty_and_none_is_written_over(tmp_path, capsys):
    path = tmp_path / "西郊.gridplan"
    assert run("new", path, "--name", "Xijiao", "--crs", "EPSG:4545", "--quiet") == 0
    project = open_project(path)
    assert (project.settings.project.name, project.settings.project.crs, len(project.households)) == ("Xijiao", "EPSG:4545", 0)
    before = path.read_bytes()
    for words, hint in (
        ([path], "is there already"),
        ([tmp_path / "x.gpkg"], "ends in .gridplan"),
        ([tmp_path / "y.gridplan", "--crs", "EPSG:4490"], "EPSG:4490"),
    ):
        assert run("new", *words) == 2
        assert hint in capsys.readouterr().err
    assert path.read_bytes() == before
    assert not (tmp_path / "y.gridplan").exists()


def test_a_folder_is_taken_for_what_is_in_it_and_tables_are_joined(files, capsys):
    path = files.parent / "town.gridplan"
    assert run("import", path, files, "--json", "--quiet") == 0
    taken = json.loads(capsys.readouterr().out)["sources"]
    assert {key: source["rows"] for key, source in taken.items()} == {"households": 20, "roads": 2, "communities": 3}
    project = open_project(path)
    assert sorted(project.communities.names.tolist()) == ["东社区", "北社区", "西社区"]
    assert project.households.households.sum() == 60
    assert project.crs == "EPSG:4545"


def test_sources_are_named_and_their_words_are_heard(files, capsys):
    path = files.parent / "town.gridplan"
    assert run("import", path, f"roads={files / 'town.gpkg'}:道路", "--field", "roads.name=", "--where", "roads=等级 = '支路'") == 0
    assert open_project(path).roads.names.tolist() == [""]
    homes = files / "住户.csv"
    assert run("import", path, f"households={homes}", "--field", "households.persons=户数", "--datum", "households=gcj02", "--quiet") == 0
    project = open_project(path)
    assert len(project.roads) == 1  # stays
    assert project.households.persons.sum() == 60
    assert project.settings.sources["households"].datum == "gcj02"
    assert run("import", path, f"communities={files / 'town.gpkg'}:社区", "--join", f"communities={files / '名单.csv'},代码,XZQDM",
               "--field", "communities.name=join.名称") == 0  # fmt: skip
    assert "东社区" in open_project(path).communities.names.tolist()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["rodes=town.gpkg"], "did you mean roads"),
        (["roads=town.gpkg", "--field", "roads.nam=名称"], "has no nam"),
        (["roads=town.gpkg", "--field", "roads.name=名程"], "did you mean 名称"),
        (["roads=town.gpkg:道"], "there is no layer “道”"),
        (["roads=town.gpkg", "--field", "name=名称"], "write KEY.WORD=NAME"),
        (["roads=town.gpkg", "--datum", "roads=gcj"], "it must be auto, wgs84"),
        (["roads=town.gpkg", "--where", "streets=x = 1"], "streets is not a source"),
        (["roads=town.gpkg", "--where", "depots=x = 1"], "no file is imported for depots"),
        (["roads=town.gpkg", "--join", "roads=名单.csv"], "write KEY=FILE,CODE,TO"),
        (["roads=none.gpkg"], "there is no such file"),
        (["roads="], "names no file"),
        (["名单.csv"], "none of the files says what it is"),
        (["depots=town.gpkg"], "holds nothing for [sources.depots]"),
    ],
)
def test_what_is_wrong_is_named_with_a_hint_and_the_project_stays(files, capsys, monkeypatch, words, hint):
    monkeypatch.chdir(files)
    path = files.parent / "town.gridplan"
    before = path.read_bytes()
    assert run("import", path, *words) == 2
    assert hint in capsys.readouterr().err
    assert path.read_bytes() == before


def test_what_a_folder_holds_beside_its_data_is_told_and_does_not_stand_in_the_way(files, capsys):
    (files / "旧图.dwg").write_bytes(b"AC1032")
    (files / "断的.zip").write_bytes(b"PK")
    path = files.parent / "town.gridplan"
    assert run("import", path, files) == 0
    said = capsys.readouterr().err
    assert "断的.zip" in said
    assert "left out: 旧图.dwg" in said
    assert len(open_project(path).communities) == 3
    assert run("import", path, files / "断的.zip") == 2  # named by itself it does


def test_an_empty_folder_is_told_and_a_search_can_be_cancelled(tmp_path, files, capsys):
    (tmp_path / "空").mkdir()
    assert run("inspect", tmp_path / "空") == 2
    assert "holds no file with data" in capsys.readouterr().out

    class Stop(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        inspect([files], Stop())


def test_empty_fields_are_named_in_one_line_and_mean_nothing(tmp_path, capsys):
    point = '<wpt lat="35.5" lon="106.7"><name>西站</name></wpt>'
    head = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="x">'
    (tmp_path / "警务站.gpx").write_text(f"{head}{point}</gpx>", encoding="utf-8")
    assert run("inspect", tmp_path / "警务站.gpx") == 0
    said = capsys.readouterr().out
    assert "→ name" in said
    assert "→ kind" not in said  # the field “type” holds nothing
    assert said.count("\n    empty: ") == said.count("警务站.gpx  [")  # one line a layer


def test_import_needs_a_project(tmp_path, files, capsys):
    assert run("import", tmp_path / "no.gridplan", files) == 2
    assert "there is no such project file" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("command", ["inspect", "new", "import"])
def test_help_has_an_example(command, lang, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help", "--lang", lang])
    assert stopped.value.code == 0
    assert f"gridplanner {command} town" in capsys.readouterr().out


def test_degrees_times_a_million_are_scaled_as_asked(files, tmp_path, capsys):
    project = tmp_path / "town.gridplan"
    rows = [("户数", "经度", "纬度"), *((1, round((LON + n / 5e3) * 1e6), round((LAT + n / 7e3) * 1e6)) for n in range(20))]
    homes = write_csv(files / "放大.csv", rows)
    assert run("import", project, f"households={homes}", "--scale", "households=0.000001", "--crs", "households=EPSG:4326", "--quiet") == 0
    found = open_project(project)
    assert len(found.households) == 20
    assert found.settings.sources["households"].scale == 1e-6
    assert run("import", project, f"households={homes}", "--scale", "households=much", "--quiet") == 2
    assert "much" in capsys.readouterr().err
