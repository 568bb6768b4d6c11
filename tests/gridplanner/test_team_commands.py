"""Communities handed out, brought back and compared from the command line."""

import dataclasses
import json

import pytest
from block_town import block_town, grid, planned, unit

from gridplanner.cli import main
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.io.project_file import open_project, open_saved, save_project
from gridplanner.io.project_places import open_at, save_at
from gridplanner.planning.file_comparison import common_addresses, compare_files


@pytest.fixture(scope="module")
def town():
    return planned(block_town(8, 4, split=(4,)))


@pytest.fixture
def file(town, tmp_path):
    path = tmp_path / "town.gridplan"
    save_project(town, path)
    return path


def run(*words):
    return main(["--lang", "en", *map(str, words)])


def edit(place, change):
    saved = open_at(place)
    save_at(dataclasses.replace(saved, project=change(saved.project)), place)


def name(column, row, text):
    return lambda project: ChangeGrids(((grid(project, column, row), (("name", text),)),)).apply(project)


def test_packages_are_handed_out_edited_and_taken_in(file, tmp_path, capsys):
    west, east = tmp_path / "west.gridpack", tmp_path / "east.gridpack"
    assert run("pack", file, "--communities", "620802001000", "--to", "甲", "--until", "2020-01-31", "--out", west) == 0
    assert run("pack", file, "--communities", "620802001001", "--to", "乙", "--out", east) == 0
    assert [lease.to for lease in open_project(file).handouts] == ["甲", "乙"]
    assert run("pack", file, "--communities", "1", "--to", "甲", "--out", tmp_path / "x.gridpack") == 2
    assert run("pack", file, "--communities", "620802001000", "--to", "甲", "--out", west) == 2
    edit(west, name(0, 0, "西"))
    edit(east, name(7, 3, "东"))
    capsys.readouterr()
    assert run("merge", file, west, east, "--dry-run", "--json", "--quiet") == 0
    said = json.loads(capsys.readouterr().out)
    assert not said["saved"]
    assert [one["taken"]["fields"] for one in said["packages"]] == [1, 1]
    assert len(open_project(file).handouts) == 2
    assert run("merge", file, west, east) == 0
    out = capsys.readouterr().out
    assert "west.gridpack (甲): 0 units, 1 grid" in out
    assert "ended on 2020-01-31" in out
    after = open_saved(file)
    assert {"西", "东"} <= {one.name for one in after.project.grids.grids.values()}
    assert after.project.handouts == ()
    assert "Take in package" in after.changes[-1].words
    content = file.read_bytes()
    assert run("merge", file, west) == 0
    said = capsys.readouterr()
    assert "ended already" in said.out
    assert "nothing new came in" in said.err
    assert file.read_bytes() == content  # no save, no line in the log


def test_conflicts_are_listed_with_their_place_and_nothing_is_written_until_decided(file, tmp_path, capsys):
    pack = tmp_path / "west.gridpack"
    assert run("pack", file, "--communities", "620802001000", "--to", "甲", "--out", pack) == 0
    edit(pack, name(0, 0, "西"))
    edit(file, name(0, 0, "此"))
    before = file.read_bytes()
    capsys.readouterr()
    assert run("merge", file, pack) == 1
    said = capsys.readouterr()
    assert "mine (the project): 此" in said.out
    assert "theirs (the package): 西" in said.out
    assert "社区0" in said.out or "500" in said.out
    assert "nothing was saved" in said.err
    assert file.read_bytes() == before
    assert run("merge", file, pack, "--choose", "theirs", "--json", "--quiet") == 0
    (package,) = json.loads(capsys.readouterr().out)["packages"]
    assert [one["choice"] for one in package["conflicts"]] == ["theirs"]
    assert "西" in {one.name for one in open_project(file).grids.grids.values()}


def test_a_package_is_for_somebody_of_communities_that_are_there(file, tmp_path, capsys):
    before, out = file.read_bytes(), tmp_path / "x.gridpack"
    assert run("pack", file, "--communities", "620802001000", "--to", " ", "--out", out) == 2
    assert "--to WHOM" in capsys.readouterr().err
    assert run("pack", file, "--communities", "nowhere", "--to", "甲", "--out", out) == 2
    assert "There is no community nowhere; the project has 620802001000 社区0, 620802001001 社区1" in capsys.readouterr().err
    assert not out.exists()
    assert file.read_bytes() == before


def test_a_package_is_read_and_brought_back_like_a_project(file, tmp_path, capsys):
    pack, out = tmp_path / "west.gridpack", tmp_path / "west.gridplan"
    assert run("pack", file, "--communities", "620802001000", "--to", "甲", "--out", pack) == 0
    assert run("check", pack) in {0, 1}
    assert run("export", pack, "--out", tmp_path / "layers", "--format", "geojson") == 0
    assert (tmp_path / "layers" / "grids.geojson").exists()
    assert run("recover", pack, "--out", out) == 0
    assert open_project(out).communities.codes.tolist() == ["620802001000"]
    pack.write_bytes(pack.read_bytes()[:5000])
    assert run("merge", file, pack) == 2
    assert "get it again" in capsys.readouterr().err


def test_conflicts_are_decided_one_by_one_by_their_keys(file, tmp_path, capsys):
    pack = tmp_path / "west.gridpack"
    assert run("pack", file, "--communities", "620802001000", "--to", "甲", "--out", pack) == 0
    for place, text in ((pack, "西"), (file, "此")):
        edit(place, name(0, 0, text))
        edit(place, name(3, 3, text))
    capsys.readouterr()
    assert run("merge", file, pack, "--dry-run", "--json", "--quiet") == 1
    keys = [one["key"] for one in json.loads(capsys.readouterr().out)["packages"][0]["conflicts"]]
    assert len(keys) == 2
    before = file.read_bytes()
    for words, exit_code in (([f"{keys[0]}=theirs"], 1), (["mine", "none=theirs"], 2), ([f"{keys[0]}=yours"], 2)):
        assert run("merge", file, pack, *(word for one in words for word in ("--choose", one))) == exit_code
        assert file.read_bytes() == before
    assert run("merge", file, pack, "--choose", "mine", "--choose", f"{keys[0]}=theirs") == 0
    names = [one.name for one in open_project(file).grids.grids.values()]
    assert (names.count("西"), names.count("此")) == (1, 1)


def test_a_package_of_another_project_is_refused(town, file, tmp_path, capsys):
    pack, other = tmp_path / "west.gridpack", tmp_path / "other.gridplan"
    assert run("pack", file, "--communities", "620802001000", "--to", "甲", "--out", pack) == 0
    save_project(town, other)
    assert run("merge", other, pack) == 2
    assert "of another project" in capsys.readouterr().err


def test_what_differs_is_named_in_words(town, file, tmp_path, capsys):
    other = tmp_path / "other.gridplan"
    grids = dataclasses.replace(town.settings.grids, target_households=280)
    save_project(dataclasses.replace(town, settings=dataclasses.replace(town.settings, grids=grids), crs="EPSG:4546"), other)
    assert run("compare", file, other) == 1
    assert "Parts that differ: Settings [grids], coordinate system" in capsys.readouterr().out
    assert run("compare", file, other, "--out", tmp_path / "table.txt") == 2
    assert "as .csv or .xlsx" in capsys.readouterr().err
    assert not (tmp_path / "table.txt").exists()


def test_two_files_are_compared_whatever_addresses_they_have(town, file, tmp_path, capsys):
    other, table = tmp_path / "other.gridplan", tmp_path / "difference.xlsx"
    save_project(town, other)
    assert run("compare", file, other) == 0
    assert "the same project" in capsys.readouterr().out
    home = grid(town, 0, 0)
    goal = next(key for key, one in town.grids.grids.items() if one.community == 0 and key != home)
    edit(other, MoveUnits((unit(town, 0, 0),), goal).apply)
    assert run("compare", file, other, "--out", table) == 1
    assert "Households in another grid: 75 of 2,400" in capsys.readouterr().out
    assert table.stat().st_size > 1000
    assert run("compare", file, other, "--json", "--quiet") == 1
    assert json.loads(capsys.readouterr().out)["moved_households"] == 75
    homes = town.households
    rows = [5, *range(7, 32)]
    fewer = dataclasses.replace(
        town,
        households=dataclasses.replace(
            homes, xy=homes.xy[rows], households=homes.households[rows] + 1, persons=homes.persons[rows], address=homes.address[rows]
        ),
        units=dataclasses.replace(town.units, address_unit=town.units.address_unit[rows]),
    )
    found = compare_files(town, fewer)
    assert (found.gone, found.came, found.changed) == (6, 0, 26)
    assert found.comparison.moved == 0
    assert common_addresses(homes, fewer.households)[0].tolist() == rows
