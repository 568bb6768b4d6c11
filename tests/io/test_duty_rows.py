"""What police planning exports is what was planned: every field, in files that GDAL reads again, and in half-made plans too."""

import dataclasses
import itertools

import numpy as np
import pyogrio
import pyogrio.raw
import pytest
import shapely
from block_town import box, grid, unit
from duty_town import at, block_zones, duty_town, grids_of_column

from gridplanner.io.export_faults import fitted
from gridplanner.io.layer_rows import BUILDERS, layers_of
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.layers import write_layers
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.beats import Beat
from gridplanner.model.duty_data import NO_INDICATORS
from gridplanner.model.grids import Grid
from gridplanner.model.ring_figures import coverage_of
from gridplanner.model.scenarios import PLANNED
from gridplanner.settings import ExportSettings
from gridplanner.summary import summary_of

DUTY = ("beats", "zones", "checkpts", "crossings", "rings", "ratings", "streets", "crosstab")


@pytest.fixture(scope="module")
def town():
    return duty_town()


def columns(project, name):
    (rows,) = [rows for rows in layers_of(project) if rows.schema.name == name]
    return {field: column.tolist() for field, column in rows.columns.items()}


def shapes(project, name):
    (rows,) = [rows for rows in layers_of(project) if rows.schema.name == name]
    return rows.shapes


def test_layers_come_in_the_order_of_the_field_table_and_only_where_there_is_a_plan(town):
    names = [rows.schema.name for rows in layers_of(town)]
    assert set(DUTY) <= set(names)
    assert names == sorted(names, key=list(SCHEMAS).index)
    bare = dataclasses.replace(
        town, beats=None, zones=None, checkpoints=None, rings=None, chiefs=None, settings=dataclasses.replace(town.settings, rating=None)
    )
    assert not set(DUTY) & {rows.schema.name for rows in layers_of(bare)}


def test_beats_bear_the_figures_of_their_grids(town):
    found = columns(town, "beats")
    assert found["beat_code"] == ["001", "002", "003", "004"]
    assert found["name"][0] == "第1警务区"
    assert found["area"] == ["城关派出所"] * 2 + ["站前派出所"] * 2
    assert (found["households"], found["grids"], found["deviation"]) == ([600.0] * 4, [2] * 4, [4.0] * 4)
    assert shapely.area(shapes(town, "beats")).sum() == pytest.approx(320_000)
    crossed = [one.intersection(other).area for one, other in itertools.combinations(shapes(town, "beats"), 2)]
    assert max(crossed) == 0


def test_grids_bear_the_codes_of_beat_and_zone(town):
    found = columns(town, "grids")
    ids = sorted(town.grids.grids)
    assert found["beat_code"] == [town.beats.beats[town.beats.members[key]].code for key in ids]
    assert found["zone_code"] == [town.zones.zones[town.zones.members[key]].code for key in ids]


def test_a_grid_parted_by_zones_of_blocks_bears_the_code_of_its_larger_part(town):
    project = block_zones(town)
    parted = sorted(grids_of_column(town, 2) & grids_of_column(town, 3))
    assert parted
    for zone, code in ((1, "01"), (2, "02")):
        labels = project.zones.labels.copy()
        labels[unit(town, 3 if zone == 1 else 2, 0)] = zone  # one of two blocks more: three of four
        other = dataclasses.replace(project, zones=dataclasses.replace(project.zones, labels=labels))
        codes = dict(zip(sorted(town.grids.grids), columns(other, "grids")["zone_code"], strict=True))
        assert codes[grid(town, 3, 0)] == code
        assert {codes[key] for key in grids_of_column(town, 7)} == {"02"}


def test_zones_bear_work_streets_sites_depot_and_response(town):
    found = columns(town, "zones")
    assert found["zone_code"] == ["01", "02"]
    assert found["dev_pct"] == pytest.approx([8.33, -8.33])
    assert found["depot"] == ["城关派出所", ""]
    assert found["key_sites"] == [2, 1]
    assert found["resp_p90"][0] == 2.2
    assert np.isnan(found["resp_p90"][1])
    assert sum(found["street_km"]) == pytest.approx(7 * 0.4 + 3 * 0.8)  # the one along the border of the zones counts once


def test_zones_of_blocks_are_drawn_from_their_blocks_with_and_without_grids(town):
    project = block_zones(town)
    for grids in (project.grids, None):
        west, east = shapes(dataclasses.replace(project, grids=grids, beats=None), "zones")
        assert west.area == pytest.approx(3 * 4 * 10_000)
        assert east.equals(box(3, 0, 8, 4))


def test_a_group_that_lost_its_last_piece_is_no_row_and_labels_of_other_units_draw_nothing(town):
    beats = dataclasses.replace(town.beats, beats={**town.beats.beats, 9: Beat("009", "空")})
    assert columns(dataclasses.replace(town, beats=beats), "beats")["beat_code"] == ["001", "002", "003", "004"]
    zones = dataclasses.replace(block_zones(town).zones, labels=np.ones(3, np.int32))
    assert len(shapes(dataclasses.replace(town, zones=zones), "zones")) == 0


def test_checkpoints_and_the_border_crossing_table_agree(town):
    held = columns(town, "checkpts")
    assert held["id"] == ["C001", "C002"]
    assert held["flow_pct"] == [42.5, 100.0]
    assert held["status"] == ["existing", "new"]
    assert held["cordon"] == ["", "河边"]
    found = columns(town, "crossings")
    assert found["held"] == ["C001", "", "C002"]
    assert found["note"] == ["existing", "no arterial", ""]
    assert (found["through"], found["outbound"]) == ([60.0, 0.0, 100.0], [25.0, 0.0, 0.0])


def test_rings_tell_who_lives_in_them_and_add_up_to_what_is_reached(town):
    found = columns(town, "rings")
    assert found["minutes"] == [1.0, 3.0]
    assert (found["code"], found["name"]) == (["01"] * 2, ["岗亭"] * 2)
    assert np.cumsum(found["households"]).tolist() == coverage_of(town).households.tolist()
    fewer = dataclasses.replace(town.rings, address_minutes=town.rings.address_minutes[1:], address_post=town.rings.address_post[1:])
    assert columns(dataclasses.replace(town, rings=fewer), "rings")["households"] == [0, 0]


def test_the_rating_map_is_that_of_one_month(town):
    found = columns(town, "ratings")
    assert found["code"] == ["A1", "A2"]
    assert found["month"] == ["2026-01"] * 2
    assert found["colour"][0] != found["colour"][1]
    assert found["value"] == [0.0, 1.0]
    assert found["change"] == ["new", "new"]
    assert found["households"] == [1200.0, 1200.0]
    unrated = dataclasses.replace(town, indicators=NO_INDICATORS)
    assert "ratings" not in {rows.schema.name for rows in layers_of(unrated)}


def test_stretches_name_each_grid_once_and_none_that_is_gone(town):
    found = columns(town, "streets")
    codes = [town.grids.grids[key].code for key in sorted(town.grids.grids)]
    assert found["grids_l"] == [f"{codes[0]},{codes[1]}", ""]
    assert found["grids_r"] == [codes[2], ""]
    assert found["chief"] == ["戊", ""]
    assert [shape.length for shape in shapes(town, "streets")] == found["length_m"] == [400.0, 400.0]


def test_the_cross_table_has_codes_and_names(town):
    found = columns(town, "crosstab")
    assert sum(found["households"]) == sum(columns(town, "grids")["households"]) == sum(columns(town, "beats")["households"])
    assert set(zip(found["beat_code"], found["station"], strict=True)) == {
        ("001", "城关派出所"), ("002", "城关派出所"), ("003", "站前派出所"), ("004", "站前派出所"),
    }  # fmt: skip
    assert set(zip(found["zone_code"], found["zone_name"], found["comm_name"], strict=True)) == {
        ("01", "西区", "社区0"),
        ("02", "东区", "社区1"),
    }


def test_gdal_reads_the_same_values_and_text_again(town, tmp_path):
    long = {key: dataclasses.replace(beat, name="第十四派出所警务区" * 12) for key, beat in town.beats.beats.items()}
    project = dataclasses.replace(
        town, beats=dataclasses.replace(town.beats, beats=long),
        settings=dataclasses.replace(town.settings, export=ExportSettings(formats=("shp", "gpkg"), encoding="gb18030")),
    )  # fmt: skip
    write_layers(project, tmp_path / "out", summary=summary_of(project, {}))
    (pack,) = (tmp_path / "out").glob("*.gpkg")
    for rows in layers_of(project):
        name = rows.schema.name
        if name not in DUTY:
            continue
        file = tmp_path / "out" / f"{name}.shp"
        meta, _fids, _wkb, data = pyogrio.raw.read(file if file.exists() else file.with_suffix(".dbf"), encoding="gb18030")
        packed, _fids, _wkb, full = pyogrio.raw.read(pack, layer=name)
        assert list(meta["fields"]) == list(packed["fields"]) == [part.name for part in rows.schema.fields]
        for part, column, whole in zip(rows.schema.fields, data, full, strict=True):
            wanted = rows.columns[part.name].tolist()
            if part.kind == "text":
                assert [word or "" for word in whole] == wanted, f"{name}.{part.name}"
                assert [word or "" for word in column] == [word.encode("gb18030")[: part.width].decode("gb18030") for word in wanted]
            else:
                assert np.array_equal(column.astype(float), np.array(wanted, float), equal_nan=True), f"{name}.{part.name}"
    fields = (tmp_path / "out" / "fields.csv").read_text(encoding="utf-8-sig")
    assert all(f"\n{name}," in fields for name in DUTY)


def test_lists_that_a_shapefile_has_no_room_for_lose_whole_items_and_say_so(town, tmp_path):
    (first, *others) = town.chiefs.stretches
    many = {**town.grids.grids, **{1000 + i: Grid(0, f"6208020010{i:05d}") for i in range(20)}}
    stretch = dataclasses.replace(first, left=tuple(range(1000, 1020)))
    project = dataclasses.replace(
        town, grids=dataclasses.replace(town.grids, grids=many), chiefs=dataclasses.replace(town.chiefs, stretches=(stretch, *others))
    )
    (rows,) = [rows for rows in layers_of(project) if rows.schema.name == "streets"]
    fits, faults = fitted(rows, "gb18030")
    found = fits.columns["grids_l"][0]
    assert found.split(",") == rows.columns["grids_l"][0].split(",")[:15]
    assert [fault.kind for fault in faults] == ["shortened"]


def test_a_saved_project_shows_what_was_planned_and_gives_it_back(town, tmp_path):
    save_project(town, tmp_path / "town.gridplan")
    (tmp_path / "town.gridplan").rename(tmp_path / "town.gpkg")  # GDAL warns of a GeoPackage by another name
    layers = {str(name) for name, _kind in pyogrio.list_layers(tmp_path / "town.gpkg")}
    assert set(DUTY) - {"crosstab"} <= layers
    again = open_project(tmp_path / "town.gpkg")
    for name in DUTY:
        assert str(columns(again, name)) == str(columns(town, name))


def test_the_summary_has_a_section_for_each_plan(town):
    found = summary_of(town, {})
    beats = found["beats"]
    assert (beats["count"], beats["in_band"], beats["max_deviation"], beats["tightest"]) == (4, 4, 4.0, 0.05)
    assert beats["certificates"][0]["excluded"] == 0.04
    assert found["zones"]["max_over_mean"] == pytest.approx(1300 / 1200, abs=1e-3)
    assert found["zones"]["max_p90_minutes"] == 2.25
    assert found["zones"]["certificate"]["status"] == "gap"
    assert found["checkpoints"]["crossings"] == 3
    assert found["checkpoints"]["cordons"] == [
        {"cordon": "", "checkpoints": 1, "flow_pct": 42.5, "status": "optimal", "bound_pct": 42.5, "people": 8.0, "people_bound": 8.0,
         "places": 1, "leaks": 1}
    ]  # fmt: skip
    assert [row["minutes"] for row in found["response"]] == [1.0, 3.0]
    assert found["rating"]["areas"] == 2
    assert sum(found["rating"][colour] for colour in ("green", "blue", "yellow", "red", "black")) == 2
    assert (found["street_chiefs"]["km"], found["street_chiefs"]["without_chief"]) == (0.8, 1)
    bare = dataclasses.replace(town, **dict.fromkeys((name for name in PLANNED if name not in {"units", "grids"}), None))
    assert not {"beats", "zones", "checkpoints", "response", "street_chiefs"} & set(summary_of(bare, {}))


def test_every_builder_copes_with_an_empty_project():
    from gridplanner.model.project import Project

    assert [build(Project()) for build in BUILDERS] == [None] * len(BUILDERS)
    assert len(at((0, 0))) == 1
