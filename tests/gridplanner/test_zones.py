"""Patrol zones of a town of blocks: even, connected, soon reached, with the plans between, and with what the planner has locked kept."""

import dataclasses

import numpy as np
import pytest
from block_town import BLOCK, X, Y, block_town, planned, unit

from algorithms.graph.components import components
from gridplanner.edits.zone_edits import ChooseZones
from gridplanner.errors import EditRejected, InputError
from gridplanner.model.beats import Beat, BeatPlan
from gridplanner.model.duty_data import Incidents
from gridplanner.model.freshness import stale_plans
from gridplanner.model.outlines import grid_ids, zone_outlines, zone_rows
from gridplanner.model.places import NO_ROADS, Depots, KeySites, texts
from gridplanner.model.zone_choice import with_choice
from gridplanner.model.zone_figures import refigured, work_by_grid, zone_figures
from gridplanner.model.zones import NO_ZONE
from gridplanner.planning.zones import propose_zones
from gridplanner.settings import ZoneSettings

HOMES = {"households": 1.0}


def at(*blocks):
    """Places in the middle of blocks (column, row)."""
    return np.array([(X + BLOCK * (c + 0.5), Y + BLOCK * (r + 0.5)) for c, r in blocks], float).reshape(-1, 2)


def depots(*blocks):
    count = len(blocks)
    return Depots(at(*blocks), texts([f"所{n}" for n in range(count)]), texts(["police"] * count), np.ones(count, np.int32))


def calls(*blocks, each=1.0):
    count = len(blocks)
    return Incidents(at(*blocks), np.full(count, each), texts([""] * count), texts([""] * count))


def zoned(project, **zones):
    """The project with zones by these settings, work being households unless said otherwise."""
    settings = dataclasses.replace(project.settings, zones=ZoneSettings(**{"workload": HOMES, **zones}))
    project = dataclasses.replace(project, settings=settings)
    return propose_zones(project).apply(project)


def kinds(project):
    return [issue.kind for issue in project.zones.issues]


@pytest.fixture(scope="module")
def town():
    """Eight by six blocks of 75 households, 12 grids of four."""
    return planned(block_town(8, 6))


def connected(project):
    rows = zone_rows(project.grids, project.zones)
    units = project.units
    inner = (units.left >= 0) & (units.right >= 0) & ~units.blocked
    left, right = units.left[inner], units.right[inner]
    same = rows[left] == rows[right]
    return int(components(len(rows), left[same], right[same]).max()) + 1 == len(project.zones)


def test_zones_of_grids_are_even_connected_and_hold_every_grid(town):
    project = zoned(town, count=4)
    assert set(project.zones.members) == set(town.grids.grids)
    assert project.zones.workload.tolist() == [900.0] * 4
    assert connected(project)
    assert stale_plans(project) == set()
    assert [zone.code for zone in project.zones.zones.values()] == ["01", "02", "03", "04"]
    assert project.zones.certificate.status in {"optimal", "gap"}
    assert project.zones.certificate.bound <= project.zones.certificate.value
    assert len(project.zones.p90) == 4


def test_the_same_seed_gives_the_same_zones(town):
    one, other = zoned(town, count=3), zoned(town, count=3)
    assert one.zones.members == other.zones.members


def test_workload_is_the_mix_that_the_settings_say(town):
    sites = KeySites(at((0, 0), (0, 0), (7, 5)), texts(["a", "b", "c"]), *[np.ones(3, np.int32)], *[np.zeros(3)] * 1,
                     np.full(3, np.nan), np.full(3, np.nan), np.ones(3))  # fmt: skip
    project = dataclasses.replace(town, key_sites=sites, incidents=calls((5, 5), each=7.0))
    mix = {"households": 1.0, "persons": 2.0, "incidents": 3.0, "key_sites": 10.0, "area_km2": 100.0, "street_km": 5.0}
    project = zoned(project, count=2, workload=mix)
    # inner streets: 7 of 600 m across, 5 of 800 m along; residential counts once
    total = 3600 + 2 * 3600 * 2.6 + 3 * 7 + 10 * 3 + 100 * 0.48 + 5 * (7 * 0.6 + 5 * 0.8)
    assert project.zones.workload.sum() == pytest.approx(total)
    figures = zone_figures(project)
    assert figures.key_sites.sum() == 3
    assert figures.street_km.sum() == pytest.approx(8.2)
    assert work_by_grid(project).sum() == pytest.approx(total)


def test_a_kilometre_of_a_class_counts_as_the_settings_say(town):
    plain = zoned(town, count=2, workload={"street_km": 1.0})
    dear = zoned(town, count=2, workload={"street_km": 1.0}, class_work={"residential": 2.5})
    assert plain.zones.workload.sum() == pytest.approx(8.2)
    assert dear.zones.workload.sum() == pytest.approx(20.5)


def test_zones_of_blocks_and_of_beats_are_made_of_whole_ones(town):
    blocks = zoned(town, count=4, units="blocks")
    assert len(blocks.zones.labels) == len(town.units)
    assert not blocks.zones.members
    assert connected(blocks)
    assert blocks.zones.workload.max() <= 1.05 * 900
    ids = grid_ids(town.grids).tolist()
    beats = BeatPlan({grid: 1 + n // 2 for n, grid in enumerate(ids)}, {n: Beat(f"{n:03d}", "") for n in range(1, len(ids) // 2 + 1)})
    of_beats = zoned(dataclasses.replace(town, beats=beats), count=3, units="beats")
    for beat in beats.beats:
        assert len({of_beats.zones.members[grid] for grid in ids if beats.members[grid] == beat}) == 1
    with pytest.raises(InputError, match="make the beats first"):
        zoned(town, count=3, units="beats")


def test_zones_of_blocks_need_no_grids(town):
    project = zoned(dataclasses.replace(town, grids=None), count=3, units="blocks")
    assert sorted(np.unique(project.zones.labels)) == [1, 2, 3]
    assert len(zone_outlines(project.units, None, project.zones)) == 3


def test_a_river_without_a_bridge_parts_zones():
    project = zoned(planned(block_town(8, 6, split=(4,), river=4)), count=4)
    rows = zone_rows(project.grids, project.zones)
    west = {int(rows[unit(project, c, r)]) for c in range(4) for r in range(6)}
    east = {int(rows[unit(project, c, r)]) for c in range(4, 8) for r in range(6)}
    assert not west & east
    assert connected(project)


def test_every_depot_serves_a_zone_and_zones_without_one_are_told(town):
    project = zoned(dataclasses.replace(town, depots=depots((1, 1), (6, 4))), count=4)
    zones = project.zones.zones.values()
    assert sorted(zone.depot for zone in zones) == [-1, -1, 0, 1]
    assert [issue.values["n"] for issue in project.zones.issues if issue.kind == "depots"] == [2]
    rows = zone_rows(project.grids, project.zones)
    for number, zone in enumerate(zones):
        if zone.depot >= 0:
            assert (zone.x, zone.y) == tuple(project.depots.xy[zone.depot])
            assert rows[unit(project, *((1, 1), (6, 4))[zone.depot])] == number


def test_more_depots_than_zones_leave_the_choice_among_them(town):
    project = zoned(dataclasses.replace(town, depots=depots((0, 0), (1, 3), (4, 5), (6, 3), (7, 0))), count=2)
    used = [zone.depot for zone in project.zones.zones.values()]
    assert used == [1, 3] or used == [3, 1]
    assert [issue.values["n"] for issue in project.zones.issues if issue.kind == "depots"] == [3]


def test_depots_may_be_left_aside_and_none_may_be_there(town):
    given = dataclasses.replace(town, depots=depots((0, 0)))
    assert {zone.depot for zone in zoned(given, count=2, stations="chosen").zones.zones.values()} == {-1}
    assert kinds(zoned(town, count=2, stations="fixed")) == ["no_depot"]
    assert kinds(zoned(town, count=2)) == []


def test_two_depots_in_one_grid_count_as_one(town):
    project = zoned(dataclasses.replace(town, depots=depots((0, 0), (0, 0))), count=2)
    assert sorted(zone.depot for zone in project.zones.zones.values()) == [-1, 0]
    assert any("所1" in issue.message for issue in project.zones.issues)


def test_more_response_is_faster_and_less_even(town):
    project = zoned(dataclasses.replace(town, depots=depots((0, 2), (2, 2))), count=2, response=0.3)  # both in the west
    choices = project.zones.choices
    assert project.zones.chosen >= 0
    assert choices[project.zones.chosen].response == 0.3
    spread, minutes = [c.spread for c in choices], [c.mean_minutes for c in choices]
    assert spread == sorted(spread)
    assert minutes == sorted(minutes, reverse=True)
    assert len(choices) > 1
    fast = ChooseZones(len(choices) - 1).apply(project)
    assert zone_figures(fast).minutes == pytest.approx(minutes[-1])
    assert zone_figures(fast).minutes < zone_figures(project).minutes
    assert connected(fast)
    assert stale_plans(fast) == set()
    back = ChooseZones(project.zones.chosen).apply(fast)
    assert back.zones.members == project.zones.members
    assert back.zones.zones == project.zones.zones
    assert back.zones.p90.tolist() == project.zones.p90.tolist()
    assert zone_figures(project, with_choice(project, project.zones, 0)).spread == pytest.approx(spread[0])
    assert choices[-1].response > choices[0].response
    with pytest.raises(ValueError, match="no choice"):
        with_choice(project, project.zones, len(choices))


def test_figures_are_those_one_counts(town):
    project = zoned(town, count=2)
    ground, rows = project.zones.ground, zone_rows(project.grids, project.zones)
    figures = zone_figures(project)
    for number, zone in enumerate(project.zones.zones.values()):
        site = int(np.argmin(np.hypot(*(ground.sites - (zone.x, zone.y)).T)))
        mine = np.flatnonzero(rows == number)
        minutes = ground.minutes[site][ground.piece[mine]].astype(float)
        assert figures.worst[number] == pytest.approx(minutes.max())
        assert figures.mean_minutes[number] == pytest.approx(minutes @ ground.demand[mine] / ground.demand[mine].sum())
        reached = ground.demand[mine][minutes <= figures.p90[number] + 1e-6].sum() / ground.demand[mine].sum()
        sooner = ground.demand[mine][minutes < figures.p90[number] - 1e-6].sum() / ground.demand[mine].sum()
        assert sooner < 0.9 <= reached + 1e-9


def test_a_hand_edit_counts_its_work_anew_and_ends_the_proof(town):
    project = zoned(town, count=2)
    grid = next(g for g, zone in project.zones.members.items() if zone == 1)
    moved = dataclasses.replace(project.zones, members={**project.zones.members, grid: 2})
    after = refigured(project, moved)
    share = work_by_grid(project)[grid_ids(project.grids).tolist().index(grid)]
    assert after.workload.tolist() == [project.zones.workload[0] - share, project.zones.workload[1] + share]
    assert (after.chosen, after.certificate.status, after.certificate.why) == (-1, "none", "edited")


def test_a_locked_zone_stays_as_it_is_and_the_rest_is_shared_anew(town):
    project = zoned(town, count=4)
    key = 2
    mine = {grid for grid, zone in project.zones.members.items() if zone == key}
    renamed = dataclasses.replace(project.zones.zones[key], name="东关", code="D9", locked=True)
    project = dataclasses.replace(project, zones=dataclasses.replace(project.zones, zones={**project.zones.zones, key: renamed}))
    again = zoned(project, count=3)
    kept = next(k for k, zone in again.zones.zones.items() if zone.code == "D9")
    assert again.zones.zones[kept].name == "东关"
    assert again.zones.zones[kept].locked
    assert {grid for grid, zone in again.zones.members.items() if zone == kept} == mine
    assert len(again.zones) == 3
    others = [work for k, work in zip(again.zones.zones, again.zones.workload, strict=True) if k != kept]
    assert others == [1350.0, 1350.0] or sorted(others) == [1200.0, 1500.0]
    for choice in again.zones.choices:
        assert {g for g, k in zip(grid_ids(again.grids).tolist(), choice.labels.tolist(), strict=True) if k == kept} == mine


def test_another_plan_that_would_change_a_locked_zone_is_refused(town):
    project = zoned(dataclasses.replace(town, depots=depots((0, 2), (2, 2))), count=2)
    last = len(project.zones.choices) - 1
    before, after = (project.zones.choices[row].labels for row in (project.zones.chosen, last))
    key = int(before[before != after][0])
    zones = {**project.zones.zones, key: dataclasses.replace(project.zones.zones[key], locked=True)}
    project = dataclasses.replace(project, zones=dataclasses.replace(project.zones, zones=zones))
    with pytest.raises(EditRejected, match="locked zone would change"):
        ChooseZones(last).apply(project)
    assert ChooseZones(project.zones.chosen).apply(project).zones.members == project.zones.members


def test_locked_zones_that_leave_none_for_the_rest_are_refused(town):
    project = zoned(town, count=2)
    locked = {key: dataclasses.replace(zone, locked=key == 1) for key, zone in project.zones.zones.items()}
    project = dataclasses.replace(project, zones=dataclasses.replace(project.zones, zones=locked))
    with pytest.raises(InputError, match="unlock one or wish for more"):
        zoned(project, count=1)


def test_codes_and_names_follow_the_zone_that_shares_most(town):
    project = zoned(town, count=3)
    named = {key: dataclasses.replace(zone, code=f"X{key}", name=f"区{key}") for key, zone in project.zones.zones.items()}
    project = dataclasses.replace(project, zones=dataclasses.replace(project.zones, zones=named))
    again = zoned(project, count=3)
    assert [zone.name for zone in again.zones.zones.values()] == ["区1", "区2", "区3"]
    more = zoned(project, count=4)
    codes = [zone.code for zone in more.zones.zones.values()]
    assert len(set(codes)) == 4
    assert sum(code.startswith("X") for code in codes) >= 2


def test_a_grid_with_more_work_than_a_zone_should_have_is_named(town):
    project = zoned(
        dataclasses.replace(town, incidents=calls((0, 0), each=10_000.0)), count=4, workload={"households": 1.0, "incidents": 1.0}
    )
    heavy = [issue for issue in project.zones.issues if issue.kind == "heavy"]
    assert len(heavy) == 1
    assert heavy[0].x is not None
    assert heavy[0].message.startswith(town.grids.grids[int(town.grids.labels[unit(town, 0, 0)])].code)


def test_places_reached_later_than_wished_are_told(town):
    project = zoned(town, count=2, max_minutes=0.4)
    late = [issue for issue in project.zones.issues if issue.kind == "late"]
    assert len(late) == 1
    assert zone_figures(project).worst.max() > 0.4
    assert "late" not in kinds(zoned(town, count=2, max_minutes=60))


def test_incidents_outside_are_told(town):
    project = zoned(dataclasses.replace(town, incidents=calls((5, 5), (50, 50))), count=2)
    assert [issue.values["n"] for issue in project.zones.issues if issue.kind == "incidents"] == ["1"]


def test_without_streets_times_are_straight_and_that_is_said(town):
    project = zoned(dataclasses.replace(town, roads=NO_ROADS), count=2)
    assert "no_way" in kinds(project)
    assert np.isfinite(project.zones.p90).all()


def test_as_many_zones_as_grids_are_the_grids(town):
    project = zoned(town, count=99)
    assert len(project.zones) == len(town.grids)
    assert sorted(project.zones.members.values()) == list(range(1, len(town.grids) + 1))


def two_offices():
    """Eight by six blocks in two communities, each of a street office of its own."""
    town = block_town(8, 6, split=(4,))
    places = dataclasses.replace(town.communities, streets=texts(["东城街道", "西城街道"]))
    return planned(dataclasses.replace(town, communities=places))


def test_only_the_street_offices_that_are_named_are_patrolled():
    town = two_offices()
    project = zoned(town, count=2, streets=("西城街道",))
    inside = {grid for grid, known in town.grids.grids.items() if known.community == 1}
    assert {grid for grid, zone in project.zones.members.items() if zone != NO_ZONE} == inside
    assert project.zones.members.keys() == town.grids.grids.keys()
    assert project.zones.workload.sum() == pytest.approx(75 * 24)
    assert zone_rows(project.grids, project.zones)[town.units.community == 0].tolist() == [-1] * int((town.units.community == 0).sum())
    for row in range(len(project.zones.choices)):
        taken = with_choice(project, project.zones, row)
        assert {grid for grid, zone in taken.members.items() if zone != NO_ZONE} == inside
    again = zoned(project, count=2, streets=("西城街道",))
    assert again.zones.members == project.zones.members


def test_blocks_and_more_zones_than_patrolled_grids():
    town = two_offices()
    blocks = zoned(town, count=2, units="blocks", streets=("东城街道",))
    assert set(blocks.zones.labels[town.units.community == 1].tolist()) == {NO_ZONE}
    many = zoned(town, count=50, streets=("东城街道",))
    assert len(many.zones) == sum(known.community == 0 for known in town.grids.grids.values())
    assert "zones" in kinds(many)


def test_a_street_office_that_there_is_not_is_an_error_with_a_hint():
    with pytest.raises(InputError, match="东城街道"):
        zoned(two_offices(), count=2, streets=("东城街",))


def test_the_plan_that_was_chosen_is_what_the_settings_ask_for_from_then_on(town):
    project = zoned(dataclasses.replace(town, depots=depots((0, 2), (2, 2))), count=2, response=0.3)
    others = [row for row in range(len(project.zones.choices)) if row != project.zones.chosen]
    assert others
    for row in others:
        after = ChooseZones(row).apply(project)
        assert after.settings.zones.response == project.zones.choices[row].response
        assert stale_plans(after) == set()
        aged = dataclasses.replace(project, zones=dataclasses.replace(project.zones, made_from="earlier"))
        assert stale_plans(ChooseZones(row).apply(aged)) == {"zones"}
