import dataclasses

import numpy as np
import pytest
import shapely
from block_town import BLOCK, X, Y, block_town

from gridplanner.errors import InputError
from gridplanner.io.duty_rows import rings
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.duty_data import Incidents
from gridplanner.model.freshness import made_from, stale_plans
from gridplanner.model.lines import Lines
from gridplanner.model.places import Depots, Households, RoadClass, Roads, texts
from gridplanner.model.ring_figures import coverage_of, uncovered
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.planning.rings import propose_rings
from gridplanner.planning.travel import OFF_ROAD, YARD, minutes_between, ways_of
from gridplanner.settings import RatingSettings, ResponseSettings


def posts(*places) -> Depots:
    xy = np.array([(X + BLOCK * x, Y + BLOCK * y) for x, y in places], float)
    return Depots(xy, texts([f"所{i}" for i in range(len(xy))]), texts(["police"] * len(xy)), np.ones(len(xy), np.int32))


def town(*places, minutes=(1, 3), mode="car", **given):
    """Blocks of 10 × 6 with 10 households each in their middle, 50 m from the streets, and posts at crossings (blocks)."""
    project = block_town(10, 6, households=10.0)
    settings = dataclasses.replace(project.settings, response=ResponseSettings(minutes=minutes, mode=mode))
    return dataclasses.replace(project, settings=settings, depots=posts(*places), **given)


def ringed(project):
    return propose_rings(project).apply(project)


def at(*places) -> np.ndarray:
    return np.array([(X + BLOCK * x, Y + BLOCK * y) for x, y in places], float)


def with_street(project, *line, speed=0.0):
    """The town with one more street, through places in blocks."""
    roads = project.roads
    count = len(roads) + 1
    lines = Lines(np.concatenate((roads.lines.coords, at(*line))), np.append(roads.lines.offsets, len(roads.lines.coords) + len(line)))
    return dataclasses.replace(
        project,
        roads=Roads(
            Lines(lines.coords, lines.offsets.astype(np.int32)), np.append(roads.classes, RoadClass.STREET).astype(np.int8),
            texts([*roads.highway, "residential"]), texts([""] * count), np.zeros(count, np.int8), np.append(roads.speed, speed),
            np.zeros(count, np.int8), noded=False,
        ),
    )  # fmt: skip


def test_minutes_are_those_of_the_way_along_the_streets_and_on_foot_at_the_end():
    project = ringed(town((1, 1)))
    speed = 30 / 3.6
    # the block in column c, row r: on a street 50 m away; the nearest crossing is known only for blocks beside the post's streets
    block = {(c, r): r * 10 + c for c in range(10) for r in range(6)}
    minutes = project.rings.address_minutes
    assert minutes[block[0, 0]] == pytest.approx((50 / speed + 50 / OFF_ROAD) / 60)
    assert minutes[block[9, 0]] == pytest.approx((850 / speed + 50 / OFF_ROAD) / 60)  # 8 blocks east, then half a block south or west
    assert np.all(project.rings.address_post == 0)
    assert minutes_between(ways_of(project.roads, "car"), project.depots.xy, project.households.xy)[0] == pytest.approx(minutes)


def test_a_post_beside_the_street_begins_with_the_drive_out_of_its_yard():
    beside = ringed(town((1.3, 1.3)))  # 30 m from both streets
    assert beside.rings.address_minutes.min() == pytest.approx((30 / YARD + 50 / OFF_ROAD + 20 / (30 / 3.6)) / 60)


def test_each_place_is_of_the_post_that_is_there_first():
    project = ringed(town((1, 1), (8, 4)))
    each = minutes_between(ways_of(project.roads, "car"), project.depots.xy, project.households.xy)
    assert project.rings.address_minutes == pytest.approx(each.min(axis=0))
    assert np.all(each[project.rings.address_post, np.arange(60)] == each.min(axis=0))
    assert set(project.rings.address_post.tolist()) == {0, 1}


def test_rings_do_not_overlap_lie_in_the_communities_and_hold_what_is_reached_in_time():
    project = ringed(town((1, 1), (8, 4), minutes=(0.7, 1.2, 2)))
    plan = project.rings
    assert shapely.is_valid(plan.shapes).all()
    ground = shapely.union_all(project.communities.polygons)
    whole = shapely.union_all(plan.shapes)
    assert shapely.area(plan.shapes).sum() == pytest.approx(shapely.area(whole), abs=0.01)
    assert shapely.area(shapely.difference(whole, ground)) < 0.01
    assert list(zip(plan.shape_post.tolist(), plan.shape_minutes.tolist(), strict=True)) == [
        (post, minutes) for post in (0, 1) for minutes in (0.7, 1.2, 2.0)
    ]
    # places lie in the ring that their own minutes say, but for those at its border: a square is 10 m, a minute on foot 83 m
    rng = np.random.default_rng(1)
    places = rng.uniform((X + 100, Y + 100), (X + 900, Y + 500), (4000, 2))
    each = minutes_between(ways_of(project.roads, "car"), project.depots.xy, places)
    soon, post = each.min(axis=0), each.argmin(axis=0)
    clear = (np.abs(soon[:, None] - np.array(plan.minutes)).min(axis=1) > 0.12) & (np.abs(each[0] - each[1]) > 0.12)
    for ring, of, limit in zip(plan.shapes, plan.shape_post, plan.shape_minutes, strict=True):
        begin = max((m for m in plan.minutes if m < limit), default=0.0)
        belongs = (post == of) & (soon <= limit) & (soon > begin)
        inside = shapely.contains_xy(ring, *places.T)
        assert (inside[clear] != belongs[clear]).mean() < 0.01
        assert belongs[clear].sum() > 20


@pytest.mark.parametrize("seed", range(3))
def test_no_ring_with_addresses_is_too_small_to_be_exported(seed):
    rng = np.random.default_rng(seed)
    project = town(*rng.uniform((0.5, 0.5), (9.5, 5.5), (25, 2)).tolist(), minutes=(0.5, 1, 1.5))
    some = np.ones(3000)
    homes = Households(rng.uniform((X, Y), (X + 1000, Y + 600), (3000, 2)), some, some, texts([""] * 3000))
    found = ringed(dataclasses.replace(project, households=homes))
    layer = rings(found)
    assert layer.columns["households"].sum() == coverage_of(found).households[-1]
    assert shapely.is_valid(found.rings.shapes).all()


def test_figures_of_the_rings_are_sums_of_what_is_reached():
    incidents = Incidents(at((1, 1.1), (9, 5), (5, 3)), np.array([3.0, 1.0, 2.0]), texts(["2026-01"] * 3), texts(["盗窃"] * 3))
    project = ringed(town((1, 1), (8, 4), incidents=incidents))
    found, plan = coverage_of(project), project.rings
    for column, limit in enumerate(plan.minutes):
        assert found.households[column] == 10.0 * (plan.address_minutes <= limit).sum()
        assert found.persons[column] == pytest.approx(26.0 * (plan.address_minutes <= limit).sum())
        assert found.incidents[column] == incidents.weight[plan.incident_minutes <= limit].sum()
    assert found.household_share == pytest.approx(found.households / 600)
    assert found.incident_share == pytest.approx(found.incidents / 6)
    assert found.post_households.sum(axis=0) == pytest.approx(found.households)
    assert found.post_incidents.sum(axis=0) == pytest.approx(found.incidents)
    assert found.posts.tolist() == ["所0", "所1"]
    far = uncovered(project, 1)
    assert sorted(far.rows.tolist()) == np.flatnonzero(plan.address_minutes > 1).tolist()
    assert np.all(np.diff(far.minutes) <= 0)
    assert len(uncovered(project)) == (plan.address_minutes > 3).sum()


def test_what_is_too_far_is_one_issue_a_community_and_what_is_cut_off_another():
    project = town((1, 1), minutes=(0.8,))
    # a hamlet far to the east, on 1.2 km of streets that are joined to no others
    hamlet = with_street(project, (30, 0), (42, 0))
    homes = hamlet.households
    more = at((31, 0.2), (33, 0.2))
    homes = dataclasses.replace(
        homes, xy=np.concatenate((homes.xy, more)), households=np.append(homes.households, [4.0, 5.0]),
        persons=np.append(homes.persons, [8.0, 9.0]), address=texts([""] * 62),
    )  # fmt: skip
    found = ringed(dataclasses.replace(hamlet, households=homes))
    assert np.isinf(found.rings.address_minutes[60:]).all()
    assert found.rings.address_post[60:].tolist() == [-1, -1]
    assert np.isfinite(found.rings.address_minutes[:60]).all()
    kinds = {issue.kind: issue for issue in found.rings.issues}
    assert len(found.rings.issues) == 2
    assert kinds["cut_off"].values["households"] == 9
    assert kinds["late"].values["n"] == (found.rings.address_minutes[:60] > 0.8).sum()
    assert (kinds["late"].x, kinds["late"].y) == tuple(found.households.xy[found.rings.address_minutes[:60].argmax()])
    assert coverage_of(found).cut_off == 9
    assert uncovered(found).rows[:2].tolist() == [60, 61]
    assert all(issue.message for issue in found.rings.issues)


def test_a_scrap_of_a_street_beside_the_others_cuts_nobody_off():
    project = with_street(town((1, 1)), (4.4, 3.5), (4.6, 3.5))  # 20 m in the middle of a block, on its address
    assert np.isfinite(ringed(project).rings.address_minutes).all()


def test_nobody_stops_on_the_motorway():
    project = with_street(town((1, 1)), (0, 3.5), (10, 3.5), speed=30.0)  # through the middle of blocks, joined to the streets across
    roads = dataclasses.replace(project.roads, highway=texts([*project.roads.highway[:-1], "motorway"]))
    driven = ringed(project).rings.address_minutes
    passed = ringed(dataclasses.replace(project, roads=roads)).rings.address_minutes
    beside = np.arange(30, 40)
    assert np.all(passed[beside] > driven[beside])
    assert np.all(passed <= ringed(town((1, 1))).rings.address_minutes + 1e-9)  # but one may drive along it


def test_the_posts_may_be_those_of_the_patrol_zones():
    project = town((1, 1))
    zones = {1: Zone("01", "一区", x=X + 800, y=Y + 400), 2: Zone("02", "二区", depot=0), 3: Zone("03", "三区")}
    plan = ZonePlan({}, zones, np.zeros(3))
    settings = dataclasses.replace(project.settings, response=ResponseSettings(posts="zones"))
    project = dataclasses.replace(project, settings=settings, zones=plan)
    found = ringed(project).rings
    assert found.posts.tolist() == [[X + 800, Y + 400], [X + 100, Y + 100]]
    assert found.names.tolist() == ["一区", "二区"]
    assert [issue.ref for issue in found.issues if issue.kind == "no_post"] == ["03"]
    with pytest.raises(InputError, match="patrol zones"):
        propose_rings(dataclasses.replace(project, zones=None))
    with pytest.raises(InputError, match="No patrol zone"):
        propose_rings(dataclasses.replace(project, zones=ZonePlan({}, {3: zones[3]}, np.zeros(1))))


def test_without_posts_or_streets_the_remedy_is_said():
    with pytest.raises(InputError, match="depots"):
        propose_rings(town())
    with pytest.raises(InputError, match="import the streets"):
        propose_rings(dataclasses.replace(town((1, 1)), roads=block_town(1, 1).roads))


def test_addresses_far_from_all_streets_are_told_with_the_farthest():
    project = town((1, 1))
    homes = project.households
    xy = homes.xy.copy()
    xy[:2] = at((5, 12), (5, 14))  # 700 m and 900 m north of the last crossing
    found = ringed(dataclasses.replace(project, households=dataclasses.replace(homes, xy=xy)))
    far = [issue for issue in found.rings.issues if issue.kind == "far_address"]
    assert [(issue.values["n"], issue.values["households"], issue.x, issue.y) for issue in far] == [(2, 20, *xy[1])]
    assert not [issue for issue in ringed(project).rings.issues if issue.kind == "far_address"]


def test_incidents_not_reached_are_told_and_small_counts_of_them_hidden_where_asked():
    incidents = Incidents(at((9, 5), (5, 20)), np.array([3.0, 1.0]), texts(["2026-01"] * 2), texts(["盗窃"] * 2))
    project = town((1, 1), minutes=(0.5,), incidents=incidents)
    late = [issue for issue in ringed(project).rings.issues if "Incidents" in issue.message]
    assert [(issue.kind, issue.values["n"], issue.y) for issue in late] == [("late", "4", Y + 2000)]
    hiding = dataclasses.replace(project, settings=dataclasses.replace(project.settings, rating=RatingSettings(suppress_below=5)))
    assert [(issue.values["n"], issue.x) for issue in ringed(hiding).rings.issues if "Incidents" in issue.message] == [("<5", None)]


@pytest.mark.parametrize("minutes", [(), (0, 1), (3, 1), (1, 1), (1, float("nan")), (1, 700)], ids=str)
def test_minutes_that_do_not_rise_are_refused(minutes):
    with pytest.raises(ValueError, match="rising numbers above 0"):
        ResponseSettings(minutes=minutes)


def test_a_post_far_from_all_streets_is_told():
    issues = ringed(town((1, 1), (20, 3))).rings.issues
    assert [(issue.kind, issue.ref) for issue in issues if issue.kind == "far_post"] == [("far_post", "所1")]


def test_rings_are_stale_when_what_they_are_made_from_changes_and_survive_saving(tmp_path):
    project = ringed(town((1, 1), (8, 4)))
    assert project.rings.made_from == made_from(project, "rings")
    moved = dataclasses.replace(project, depots=posts((2, 2)))
    assert "rings" in stale_plans(moved)
    save_project(project, tmp_path / "a.gridplan")
    again = open_project(tmp_path / "a.gridplan")
    assert "rings" not in stale_plans(again)
    assert again.rings.address_minutes == pytest.approx(project.rings.address_minutes)
    assert np.array_equal(again.rings.incident_post, project.rings.incident_post)
    assert shapely.equals_exact(again.rings.shapes, project.rings.shapes).all()
    assert coverage_of(again).households == pytest.approx(coverage_of(project).households)


def test_the_same_town_gives_the_same_rings():
    one, other = ringed(town((1, 1), (8, 4))), ringed(town((1, 1), (8, 4)))
    assert shapely.equals_exact(one.rings.shapes, other.rings.shapes).all()
