"""Codes leave the office as text, whole, in every layer that has them, and come back as they were."""

import dataclasses

import numpy as np
import pyogrio
import pytest
import shapely

from gridplanner.code_profiles import LONGEST, profile_names, profile_of
from gridplanner.edits.code_edits import RecodeGrids
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.io import shapefiles
from gridplanner.io.file_names import file_stem
from gridplanner.io.layer_rows import layers_of
from gridplanner.io.layer_schemas import SCHEMAS, TEXT
from gridplanner.io.layers import write_layers
from gridplanner.io.project_file import save_project
from gridplanner.model.grids import PREVIOUS
from gridplanner.model.project import Project
from gridplanner.planning.replan import propose_replan
from gridplanner.planning.succession import NAMED

TWENTY = "CJ/T 349:020100"
LONG = "template:{kind:AB}{county}{street}{community_no}{seq:06}-1.00"
CODES = {
    "units": ("grid_code",), "grids": ("grid_code", "prev_code"), "addresses": ("grid_code",), "transfers": ("from_code", "to_code"),
    "retired": ("grid_code", "new_codes"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[TWENTY, LONG])
def planned(request, town) -> Project:
    """The made town with codes of 20 or 24 characters: re-planned, then a grid given up by hand."""
    settings = dataclasses.replace(town.settings, grids=dataclasses.replace(town.settings.grids, valid_from="2026-03-01"))
    homes = town.households
    more = np.where(homes.xy[:, 0] < np.median(homes.xy[:, 0]), 1.3, 1.0) * homes.households
    homes = dataclasses.replace(homes, households=more, persons=more * 2.6)
    project = RecodeGrids(request.param).apply(dataclasses.replace(town, settings=settings, households=homes))
    project = propose_replan(project).apply(project)
    units, labels = project.units, project.grids.labels
    inner = (units.left >= 0) & (units.right >= 0)
    pairs = zip(labels[units.left[inner]].tolist(), labels[units.right[inner]].tolist(), strict=True)
    of = {key: grid.community for key, grid in project.grids.grids.items()}
    gone, heir = next((a, b) for a, b in pairs if a != b and of[a] == of[b])
    return MoveUnits(tuple(np.flatnonzero(labels == gone).tolist()), heir).apply(project)


def columns_of(path, layer=None):
    meta, _fids, _wkb, data = pyogrio.raw.read(path, layer=layer)
    return dict(zip(meta["fields"], data, strict=True))


def dbf_fields(path):
    """The type letter and width of each field of a .dbf, from its header."""
    data, at, found = path.read_bytes(), 32, {}
    while data[at] != 0x0D:
        found[data[at : at + 11].split(b"\0")[0].decode()] = (chr(data[at + 11]), data[at + 16])
        at += 32
    return found


def words(column):
    return ["" if word is None else word for word in column]


def test_every_profile_fits_the_fields():
    fields = {
        (name, field): next(part for part in SCHEMAS[name].fields if part.name == field) for name, all_ in CODES.items() for field in all_
    }
    assert all(part.kind == TEXT for part in fields.values())
    assert all(part.width >= LONGEST for part in fields.values())
    assert all(profile_of(name).length <= LONGEST for name in profile_names())
    assert profile_of(TWENTY).length == 20
    assert profile_of(LONG).length == LONGEST
    assert fields["grids", "prev_code"].width == PREVIOUS
    assert fields["retired", "new_codes"].width >= NAMED * (LONGEST + 1) - 1
    with pytest.raises(ValueError, match=f"layers have room for {LONGEST}"):
        profile_of(LONG + "x")


def test_codes_are_text_and_whole_in_every_layer(planned, tmp_path):
    write_layers(planned, tmp_path)
    rows = {layer.schema.name: layer for layer in layers_of(planned)}
    assert set(rows) >= set(CODES)
    length = profile_of(planned.settings.grids.codes).length
    package = tmp_path / f"{file_stem(planned.name)}.gpkg"
    for name, fields in CODES.items():
        table = dbf_fields(tmp_path / f"{name}.dbf")
        shape, gpkg = columns_of(tmp_path / f"{name}.dbf"), columns_of(package, name)
        for field in fields:
            wanted = rows[name].columns[field].tolist()
            assert table[field] == ("C", next(part.width for part in SCHEMAS[name].fields if part.name == field))
            assert (words(shape[field]), words(gpkg[field])) == (wanted, wanted), (name, field)
            assert any(wanted)
            lengths = {len(code) for text in wanted for code in text.split(",") if code}
            assert lengths == ({15, length} if field == "prev_code" else {length})
        for dates in {"valid_from", "retired"} & set(rows[name].columns):
            assert words(shape[dates]) == rows[name].columns[dates].tolist()
            assert "2026-03-01" in words(shape[dates])
    assert set(words(columns_of(tmp_path / "units.dbf")["grid_code"])) == set(words(columns_of(tmp_path / "grids.dbf")["grid_code"]))
    assert set(rows["addresses"].columns["grid_code"]) <= set(rows["grids"].columns["grid_code"])
    assert set(rows["retired"].columns["grid_code"]).isdisjoint(rows["grids"].columns["grid_code"])


def test_codes_are_text_in_layers_that_go_the_fast_way_and_in_the_project_file(planned, tmp_path, monkeypatch):
    monkeypatch.setattr(shapefiles, "BULK", 10)
    write_layers(planned, tmp_path)
    codes = [planned.grids.grids[key].code for key in sorted(planned.grids.grids)]
    assert dbf_fields(tmp_path / "addresses.dbf")["grid_code"][0] == "C"
    assert set(columns_of(tmp_path / "addresses.dbf")["grid_code"]) <= set(codes)
    save_project(planned, tmp_path / "town.gpkg")  # the same file under the name that GDAL knows
    assert columns_of(tmp_path / "town.gpkg", "grids")["grid_code"].tolist() == codes


def test_exported_grids_are_read_as_an_earlier_plan_with_the_same_codes(planned, tmp_path, read, write_layer):
    write_layers(planned, tmp_path)
    homes = write_layer(tmp_path / "homes.gpkg", shapely.points(planned.households.xy), crs=planned.crs)
    for path in (tmp_path / "grids.shp", tmp_path / f"{file_stem(planned.name)}.gpkg"):
        source = {"path": path, "fields": {"code": "grid_code"}, **({} if path.suffix == ".shp" else {"layer": "grids"})}
        drawn = read(crs=planned.crs, households=homes, current_grids=source).drawn
        assert sorted(drawn.codes.tolist()) == sorted(grid.code for grid in planned.grids.grids.values())
