"""Checkpoints where the ground or the drawing is odd: exclaves, lines in pieces, marks that contradict, nothing that may be held."""

import numpy as np
import pytest
import shapely
from checkpoint_town import EAST, LANE, RING, SQUARE, STREETS, WEST, names, names_of_leaks, plan_of, said

ALL = [(0, 1000), (2000, 1000), (1000, 2000), (1000, 0)]  # where the four main streets cross
EXCLAVE = shapely.box(2600, 800, 3200, 1200)  # the road to the east goes through it


def test_a_street_into_a_hole_crosses_and_so_does_its_way_out():
    plan = plan_of(*STREETS, area=shapely.difference(SQUARE, shapely.box(700, 300, 1300, 900)))
    crossed = {(row.road, row.x, row.y) for row in plan.crossings}
    assert {("环路", 700, 500), ("环路", 1300, 500), ("南路", 1000, 300)} <= crossed
    assert len(crossed) == 8
    assert plan.closures[0].people == plan.closures[0].bound == 8 * 4 + 6 + 4 * 2


@pytest.mark.parametrize("depth", [0.0, 150.0, 400.0])
def test_an_exclave_is_closed_too_however_far_places_may_move_inside(depth):
    closure = plan_of(*STREETS, area=shapely.MultiPolygon([SQUARE, EXCLAVE]), depth_m=depth).closures[0]
    beyond = [place for place in closure.places if place[0] > 2300]
    assert [place[2] for place in beyond] == ["东路", "东路"]
    assert closure.people == closure.bound == 3 * 8 + 8 + 6 + 4


def test_an_existing_checkpoint_stays_though_a_forbidden_place_is_nearer_to_the_crossing_and_the_planner_is_told():
    plan = plan_of(*STREETS, count=2, sites=((0, 1000, "forbidden"), (60, 1000, "existing")))
    assert plan.crossings[0].site == "existing"
    assert [point.road for point in plan.checkpoints if point.existing] == ["西路"]
    (told,) = [issue for issue in plan.issues if "both" in issue.message]
    assert (told.x, told.y) == (0, 1000)
    assert "西路" in told.message


def test_where_all_crossings_are_forbidden_nothing_is_held_and_the_remedy_is_told():
    plan = plan_of(*STREETS, sites=[(x, y, "forbidden") for x, y in ALL])
    assert (len(plan), plan.curves[""], plan.bounds[""]) == (0, (), 0)
    assert sorted(names_of_leaks(plan)) == sorted(["西路", "东路", "北路", "南路", "小巷"])
    assert any("No checkpoint can stand at the boundary" in words for words in said(plan))
    assert not any("can be held" in words for words in said(plan))


def test_where_no_main_street_crosses_the_planner_is_told_which_setting_helps():
    lanes = [([*street[0]], "residential", street[2], 0) for street in (RING, WEST, LANE)]
    plan = plan_of(*lanes)
    assert (len(plan), len(plan.crossings)) == (0, 2)
    assert any("classes" in words for words in said(plan))
    assert len(plan_of(*lanes, classes=("residential",))) == 2


def test_a_checkpoint_far_from_any_street_bears_no_streets_name_and_sees_nothing():
    plan = plan_of(*STREETS, count=2, sites=((9300, 9000, "existing"),))
    assert [(point.road, point.highway, point.flow) for point in plan.checkpoints if point.existing] == [("", "", 0)]


def test_through_trips_that_stay_outside_are_no_flow_over_the_boundary():
    detour = ([(-300, 1000), (-300, 2200), (2300, 2200), (2300, 1000)], "motorway", "外环", 0)  # sooner than through the lanes inside
    lanes = [([*street[0]], "residential", street[2], 0) for street in (RING, WEST, EAST)]
    plan = plan_of(*lanes, detour, through=1.0, classes=("residential",), sites=((1000, 2200, "existing"),))
    assert sorted(names(plan.crossings)) == ["东路", "西路"]
    assert [(point.road, point.flow) for point in plan.checkpoints if point.crossing < 0] == [("外环", 0)]
    assert [row.through for row in plan.crossings] == [0, 0]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.LineString([(5, 5), (5, 5)]),
        shapely.MultiLineString([[(-100, 1200), (900, 1200)], [(1000, 1200), (2100, 1200)]]),
        shapely.Polygon([(900, 900), (1700, 1300), (1700, 900), (900, 1300)]),
        shapely.LineString([(0, 1000), (2000, 1000), (0, 1000)]),
        shapely.Polygon(),
        shapely.LineString(),
    ],
)
def test_what_is_no_cordon_is_left_out_and_told(shape):
    plan = plan_of(*STREETS, cordons=[(shape, "结", 2)])
    assert [closure.cordon for closure in plan.closures] == [""]
    (told,) = [issue for issue in plan.issues if issue.ref == "结"]
    assert "in pieces" in told.message


@pytest.mark.parametrize("doubled", [0, 1])
def test_a_line_whose_first_or_last_corner_was_clicked_twice_is_a_line(doubled):
    corners = np.array([(-100.0, 1200.0), (2100.0, 1200.0)])
    line = shapely.LineString(np.insert(corners, doubled, corners[doubled], axis=0))
    plan = plan_of(*STREETS, cordons=[(line, "河", 2)])
    assert [(row.x, row.y) for row in plan.crossings if row.cordon == "河"] == [(500, 1200), (1500, 1200)]


def test_a_closed_line_is_a_ring_and_one_that_no_street_crosses_says_so():
    ring = shapely.LineString([(900, 900), (1700, 900), (1700, 1300), (900, 1300), (900, 900)])
    line, area = (plan_of(*STREETS, cordons=[(shape, "核心", 2)]) for shape in (ring, shapely.Polygon(ring)))
    assert line.crossings == area.crossings
    assert line.closures == area.closures
    far = plan_of(*STREETS, cordons=[(shapely.box(8000, 8000, 9000, 9000), "远", 2)])
    assert any("No street crosses 远" in words for words in said(far))
