"""The cross-table names everybody on duty once, and its sums are those of the grids, whichever dimensions they are taken by."""

import dataclasses
import itertools

import numpy as np
import pytest
from block_town import box
from duty_town import at, block_zones, duty_town, grids_of_column

from gridplanner.model.beat_figures import beat_figures
from gridplanner.model.check import check
from gridplanner.model.cross_table import DIMENSIONS, NONE, cross_sums, cross_table, staff_issues
from gridplanner.model.duty_data import NO_STATION_AREAS, Incidents, StationAreas
from gridplanner.model.places import Depots, texts
from gridplanner.model.project import Project
from gridplanner.model.stations import areas_that_hold, nearest_stations, stations_of_grids
from gridplanner.model.statistics import grid_figures
from gridplanner.settings import ZoneSettings


@pytest.fixture(scope="module")
def town():
    return duty_town()


def test_there_is_no_table_without_grids():
    assert cross_table(Project()) is None
    assert cross_sums(Project(), "grid", "beat") is None


@pytest.mark.parametrize("blocks", [False, True])
@pytest.mark.parametrize(("down", "across"), list(itertools.permutations(DIMENSIONS, 2)))
def test_sums_by_any_two_dimensions_are_those_of_the_grids(town, down, across, blocks):
    project = block_zones(town) if blocks else town
    figures = grid_figures(project)
    found = cross_sums(project, down, across)
    assert found.households.shape == found.persons.shape == found.grids.shape == (len(found.down_titles), len(found.across_titles))
    assert found.households.sum() == pytest.approx(figures.households.sum())
    assert found.persons.sum() == pytest.approx(figures.persons.sum())
    assert np.array_equal(cross_sums(project, across, down).households, found.households.T)
    if down == "grid":
        assert found.households.sum(axis=1) == pytest.approx(figures.households)
        assert found.persons.sum(axis=1) == pytest.approx(figures.persons)


def test_a_row_says_whom_a_grid_belongs_to(town):
    table = cross_table(town)
    assert len(table) == len(town.grids)
    codes = [town.grids.grids[key].code for key in table.grid.tolist()]
    assert codes == sorted(codes)
    assert all(town.beats.members[grid] == beat for grid, beat in zip(table.grid.tolist(), table.beat.tolist(), strict=True))
    assert all(town.zones.members[grid] == zone for grid, zone in zip(table.grid.tolist(), table.zone.tolist(), strict=True))
    assert table.stations == ("城关派出所", "站前派出所")
    assert table.station.tolist() == table.community.tolist()
    assert cross_sums(town, "beat", "station").grids.tolist() == [[2, 0], [2, 0], [0, 2], [0, 2]]


def test_people_on_duty_are_found_by_code_or_name_the_nearest_first(town):
    table = cross_table(town)
    first = sorted(town.grids.grids)[0]
    duty = dict(zip(table.grid.tolist(), table.on_duty.tolist(), strict=True))
    assert duty[first] == "甲 (网格员) 000-1; 乙 (社区民警); 丁"
    in_beat = [grid for grid, beat in town.beats.members.items() if beat == 1 and grid != first]
    assert [duty[grid] for grid in in_beat] == ["乙 (社区民警); 丁"]
    assert {duty[grid] for grid, beat in town.beats.members.items() if beat == 2} == {"丁"}
    assert {duty[grid] for grid, zone in town.zones.members.items() if zone == 2} == {"丙 (巡防队员) 000-3"}


def test_workers_named_at_a_grid_are_on_duty_too_but_nobody_twice(town):
    first = sorted(town.grids.grids)[0]
    named = dataclasses.replace(town.grids.grids[first], workers=("甲", "己"))
    project = dataclasses.replace(town, grids=dataclasses.replace(town.grids, grids={**town.grids.grids, first: named}))
    table = cross_table(project)
    assert table.on_duty[table.grid.tolist().index(first)] == "甲 (网格员) 000-1; 己; 乙 (社区民警); 丁"


def test_a_worker_whose_name_begins_anothers_is_named_too(town):
    first = sorted(town.grids.grids)[0]
    staff = dataclasses.replace(town.staff, names=texts(["王伟明", *town.staff.names[1:]]))
    named = dataclasses.replace(town.grids.grids[first], workers=("王伟", "王伟明"))
    grids = dataclasses.replace(town.grids, grids={**town.grids.grids, first: named})
    table = cross_table(dataclasses.replace(town, staff=staff, grids=grids))
    assert table.on_duty[table.grid.tolist().index(first)] == "王伟明 (网格员) 000-1; 王伟; 乙 (社区民警); 丁"


def test_people_of_the_street_office_and_the_police_station_come_last(town):
    units = ["A1", "站前派出所", "街道", "第1警务区", "nowhere"]
    offices = dataclasses.replace(town.communities, streets=texts(["街道", ""]))
    project = dataclasses.replace(town, staff=dataclasses.replace(town.staff, units=texts(units)), communities=offices)
    table = cross_table(project)
    told = {(beat, duty) for beat, duty in zip(table.beat.tolist(), table.on_duty.tolist(), strict=True)}
    west = "丙 (巡防队员) 000-3; 甲 (网格员) 000-1"
    assert told == {(1, f"丁; {west}"), (2, west), (3, "乙 (社区民警)"), (4, "乙 (社区民警)")}
    assert [issue.values["unit"] for issue in staff_issues(project)] == ["nowhere"]


def test_a_grid_between_zones_of_blocks_has_a_row_for_each(town):
    project = block_zones(town)
    table = cross_table(project)
    cut = grids_of_column(project, 2) & grids_of_column(project, 3)
    assert cut
    for grid in project.grids.grids:
        rows = table.grid == grid
        assert rows.sum() == (2 if grid in cut else 1)
        assert set(table.zone[rows].tolist()) <= {1, 2}
    west = cross_sums(project, "zone", "community")
    assert west.households[0, 0] == 75 * 12
    assert west.households.sum(axis=1).tolist() == [75 * 12, 75 * 20]


def test_what_is_in_no_beat_or_zone_has_a_row_of_its_own_sums(town):
    first, *others = sorted(town.beats.members)
    beats = dataclasses.replace(town.beats, members={key: town.beats.members[key] for key in others})
    found = cross_sums(dataclasses.replace(town, beats=beats, zones=None), "beat", "zone")
    assert found.down.tolist() == [NONE, 1, 2, 3, 4]
    assert found.down_titles[0] == "–"
    assert found.across.tolist() == [NONE]
    row = grid_figures(town).ids.tolist().index(first)
    assert found.households[0, 0] == grid_figures(town).households[row]


def test_people_on_duty_for_nothing_that_there_is_are_an_issue(town):
    (issue,) = staff_issues(town)
    assert issue.values["unit"] == "no such place"
    assert "no such place" in issue.message
    assert issue in check(town)
    assert staff_issues(dataclasses.replace(town, zones=None)) == []  # it may be the name of a zone that is still to be made


# stations


def test_without_areas_each_community_goes_to_its_nearest_police_station(town):
    depots = Depots(
        at((0, 0), (7, 1), (5, 2)), texts(["西", "东", "岗亭"]), texts(["派出所", "Police station", "岗亭"]), np.ones(3, np.int32)
    )
    project = dataclasses.replace(town, station_areas=NO_STATION_AREAS, depots=depots)
    names, row = stations_of_grids(project)
    assert names == ("西", "东", "岗亭")
    assert row.tolist() == [town.grids.grids[key].community for key in sorted(town.grids.grids)]
    posts = dataclasses.replace(depots, kinds=texts(["", "", ""]))
    assert nearest_stations(town.communities, posts).tolist() == [0, 2]
    bare = dataclasses.replace(
        project, depots=dataclasses.replace(depots, xy=np.empty((0, 2)), names=texts(), kinds=texts(), crews=depots.crews[:0])
    )
    assert stations_of_grids(bare)[1].tolist() == [NONE] * len(town.grids)


def test_a_shape_goes_to_the_area_that_holds_most_of_it():
    shapes = np.array([box(0, 0, 2, 1), box(0, 0, 4, 1), box(9, 9, 10, 10), None], object)
    areas = np.array([box(0, 0, 1, 1), box(1, 0, 4, 1)], object)
    assert areas_that_hold(shapes, areas).tolist() == [0, 1, 1, NONE]


def test_a_grid_outside_all_station_areas_goes_to_the_nearest(town):
    areas = StationAreas(np.array([box(-1, -1, 4, 5)], object), texts(["A1"]), texts([""]))
    table = cross_table(dataclasses.replace(town, station_areas=areas))
    assert table.stations == ("A1",)
    assert set(table.station.tolist()) == {0}


# beats


def test_figures_of_beats_are_sums_of_their_grids(town):
    figures = beat_figures(town)
    assert figures.households.tolist() == [600.0] * 4
    assert figures.persons == pytest.approx([1560.0] * 4)
    assert figures.grids.tolist() == [2] * 4
    assert figures.deviation == pytest.approx([4.0] * 4)


def test_the_workload_of_beats_follows_the_settings_where_there_are_no_zones(town):
    mix = {"households": 1.0, "incidents": 5.0, "key_sites": 20.0, "street_km": 10.0, "area_km2": 100.0}
    settings = dataclasses.replace(town.settings, zones=ZoneSettings(2, workload=mix, class_work={"residential": 2.0}))
    incidents = Incidents(at((0.5, 0.5), (7.5, 3.5)), np.array([3.0, 1.0]), texts(["", ""]), texts(["", ""]))
    project = dataclasses.replace(town, settings=settings, incidents=incidents, zones=None)
    found = beat_figures(project).workload
    street_km = 7 * 0.4 + 3 * 0.8
    assert found.sum() == pytest.approx(2400 + 5 * 4 + 20 * 3 + 10 * 2 * street_km + 100 * 0.32)
    assert len(found) == 4
