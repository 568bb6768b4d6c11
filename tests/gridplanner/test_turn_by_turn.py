"""What a crew is told on its way: on small maps where every turn, metre and minute can be read off."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from gridplanner.errors import InputError
from gridplanner.i18n import set_language
from gridplanner.model.patrol_sheet import chosen_routes, route_sheets, route_titles
from gridplanner.model.route_track import track_of
from gridplanner.model.street_turns import Turn, roundabouts, turn_of
from gridplanner.model.turn_by_turn import Kind, turn_by_turn
from gridplanner.model.turn_words import instruction_words
from tests.patrol_town import made_plan
from tests.street_maps import route_of, streets_of, way_of


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(scope="module")
def plan():
    return made_plan()


def told(streets, route, **how):
    return [instruction_words(row, **how).replace("\N{NO-BREAK SPACE}", " ") for row in turn_by_turn(streets, route)]


ENGLISH = [
    "Set off from 西派出所, heading west", "Drive along 四街 for 100 m", "Turn left into 纬2路, drive 200 m",
    "Turn right into 二街, drive 100 m", "Turn round on 二街, patrol it for 500 m", "Turn round on 二街, drive 400 m",
    "Turn left into 纬2路, drive 100 m",
    "Turn right into 一街, drive 100 m", "Visit 水厂, 10 min (08:03–08:13)", "Turn right into 纬1路, drive 100 m",
    "Turn right into 二街, drive 100 m", "Turn left into 纬2路, drive 200 m", "Turn right into 四街, drive 100 m", "Back at 西派出所",
]  # fmt: skip
CHINESE = [
    "从西派出所出发，向西行进", "沿四街行驶100米", "左转进入纬2路，行驶200米", "右转进入二街，行驶100米", "在二街掉头，巡逻500米",
    "在二街掉头，行驶400米", "左转进入纬2路，行驶100米", "右转进入一街，行驶100米", "到达水厂，停留10分钟（08:03—08:13）",
    "右转进入纬1路，行驶100米", "右转进入二街，行驶100米", "左转进入纬2路，行驶200米", "右转进入四街，行驶100米", "返回西派出所",
]  # fmt: skip


@pytest.mark.parametrize(("language", "expected"), [("en", ENGLISH), ("zh_CN", CHINESE)])
def test_a_route_is_told_street_by_street_in_both_languages(plan, language, expected):
    set_language(language)
    assert told(plan.patrol.streets, plan.patrol.routes[0]) == expected


def test_metres_sum_to_the_route_and_clocks_never_fall(plan):
    for route in plan.patrol.routes:
        rows = turn_by_turn(plan.patrol.streets, route)
        assert sum(row.metres for row in rows) == pytest.approx(route.required_m + route.dead_m)
        assert sum(row.metres for row in rows if row.kind is Kind.PATROL) == pytest.approx(route.required_m)
        times = [at for row in rows for at in (row.clock, row.until)]
        assert all(before <= after + 1e-9 for before, after in itertools.pairwise(times))
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert (rows[0].kind, rows[-1].kind) == (Kind.DEPART, Kind.BACK)
        assert rows[-1].clock - rows[0].clock == pytest.approx(route.minutes)


def test_turns_are_called_by_their_angle():
    names = [turn_of(angle).value for angle in (0, 24, 30, 60, 124, 130, 164, 170, -170, -130, -60, -30)]
    assert names == ["straight", "straight", "slight left", "left", "left", "sharp left", "sharp left", "round", "round", "sharp right",
                     "right", "slight right"]  # fmt: skip


CROSS = [
    ("Mill Lane", "residential", [(0, 0), (100, 0)]), ("High Street", "primary", [(100, 0), (200, 0)]),
    ("Bridge Road", "secondary", [(100, 0), (100, 90)]), ("Bridge Road", "secondary", [(100, 0), (100, -90)]),
]  # fmt: skip


def test_going_straight_on_says_which_street_is_crossed():
    streets = streets_of(*CROSS)
    route = route_of(streets, ("drive", way_of(streets, (0, 0), (100, 0), (200, 0))))
    assert told(streets, route)[1:3] == ["Drive along Mill Lane for 100 m", "Straight on across Bridge Road into High Street, drive 100 m"]


def test_the_angle_is_that_of_the_last_and_first_twenty_metres():
    bent = [("A", "residential", [(0, 0), (80, 0), (80, 60)]), ("B", "residential", [(80, 60), (80, 90), (300, 90)]),
            ("C", "residential", [(80, 60), (0, 60)])]  # fmt: skip
    streets = streets_of(*bent)
    rows = turn_by_turn(streets, route_of(streets, ("drive", way_of(streets, (0, 0), (80, 60), (300, 90)))))
    assert rows[2].turn is Turn.STRAIGHT


def test_a_bend_is_not_told_but_a_turn_at_a_junction_on_one_street_is():
    ell = [("Long Lane", "residential", [(0, 0), (100, 0)]), ("Long Lane", "residential", [(100, 0), (100, 100)])]
    streets = streets_of(*ell)
    route = route_of(streets, ("drive", way_of(streets, (0, 0), (100, 0), (100, 100))))
    assert told(streets, route)[1:-1] == ["Drive along Long Lane for 200 m"]
    forked = streets_of(*ell, ("Side Road", "residential", [(100, 0), (200, 0)]))
    assert told(forked, route)[1:-1] == ["Drive along Long Lane for 100 m", "Turn left, still Long Lane, drive 100 m"]


def test_patrolling_and_driving_are_told_apart_and_a_gap_of_a_few_metres_is_not():
    pieces = [(0, 0), (200, 0), (215, 0), (400, 0), (700, 0)]
    streets = streets_of(*(("Long Lane", "residential", [a, b]) for a, b in itertools.pairwise(pieces)))
    way = way_of(streets, *pieces)
    route = route_of(streets, ("patrol", way[:1]), ("drive", way[1:2]), ("patrol", way[2:3]), ("drive", way[3:]))
    assert told(streets, route)[1:-1] == ["Patrol Long Lane for 400 m", "Drive on along Long Lane for 300 m"]


def test_each_side_of_a_street_is_told_where_both_are_wanted():
    streets = streets_of(
        ("Long Lane", "residential", [(0, 0), (300, 0)], "both"), ("Short Lane", "residential", [(0, 0), (0, 90)], "oneway both")
    )
    there = way_of(streets, (0, 0), (300, 0))
    route = route_of(streets, ("patrol", there), ("patrol", (there[0] ^ 1,)), ("patrol", way_of(streets, (0, 0), (0, 90))))
    assert told(streets, route)[1:-1] == [
        "Patrol Long Lane for 300 m (one side)", "Turn round on Long Lane, patrol it for 300 m (the other side)",
        "Turn right into Short Lane, patrol it for 90 m",
    ]  # fmt: skip


def test_a_nameless_piece_between_two_streets_needs_no_words():
    jog = [("A", "residential", [(0, 0), (100, 0)]), ("", "residential", [(100, 0), (100, 20)]), ("B", "residential", [(100, 20), (0, 21)]),
           ("C", "residential", [(100, 0), (200, 0)]), ("C", "residential", [(100, 20), (200, 20)])]  # fmt: skip
    streets = streets_of(*jog)
    route = route_of(streets, ("drive", way_of(streets, (0, 0), (100, 0), (100, 20), (0, 21))))
    assert told(streets, route)[1:-1] == ["Drive along A for 100 m", "Turn round into B, drive 120 m"]


def test_streets_without_names_are_told_by_their_class():
    streets = streets_of(("", "service", [(0, 0), (60, 0)]), ("", "tertiary_link", [(60, 0), (60, -1500)]), ("", "K7", [(60, 0), (99, 0)]))
    route = route_of(streets, ("drive", way_of(streets, (0, 0), (60, 0), (60, -1500))))
    assert told(streets, route)[1:-1] == ["Drive along an unnamed service road for 60 m", "Turn right into a slip road, drive 1.5 km"]
    assert told(streets, route, distance=False, on_foot=True)[1:-1] == ["Walk along an unnamed service road", "Turn right into a slip road"]


def ring_of(sides, *, left=True):
    """A roundabout of radius 20 m around (0, 0) with four arms, driven against the clock; its nodes are a quarter apart."""
    angles = np.linspace(0, 2 * math.pi, 4 * sides + 1)
    places = [(round(20 * math.cos(angle), 3), round(20 * math.sin(angle), 3)) for angle in angles]
    places[-1] = places[0]
    arcs = [("", "residential", places[quarter * sides : (quarter + 1) * sides + 1], "oneway") for quarter in range(4)]
    if not left:
        arcs = [(name, klass, line[::-1], flag) for name, klass, line, flag in arcs]
    east, north, west, south = (places[quarter * sides] for quarter in range(4))
    arms = [("East Road", "primary", [east, (200, 0)]), ("North Road", "primary", [north, (0, 200)]),
            ("West Road", "primary", [west, (-200, 0)]), ("South Road", "primary", [south, (0, -200)])]  # fmt: skip
    return streets_of(*arcs, *arms), (east, north, west, south)


def test_a_roundabout_is_told_by_its_exit():
    streets, (east, north, west, south) = ring_of(4)
    assert (roundabouts(streets)[[0, 2, 4, 6]] == 0).all()
    assert (roundabouts(streets)[[1, 3, 5, 7, 8, 9]] == -1).all()
    way = way_of(streets, (0, -200), south, east, north, west, (-200, 0))
    words = told(streets, route_of(streets, ("drive", way)))
    assert words[1:3] == ["Drive along South Road for 180 m", "At the roundabout take exit 3 into West Road, drive 270 m"]
    first = way_of(streets, (0, -200), south, east, (200, 0))
    assert told(streets, route_of(streets, ("drive", first)))[2] == "At the roundabout take exit 1 into East Road, drive 210 m"


def test_a_roundabout_where_one_drives_on_the_left_is_found_and_a_square_of_one_way_streets_is_not():
    streets, (_east, _north, _west, _south) = ring_of(4, left=False)
    assert (roundabouts(streets)[[0, 2, 4, 6]] >= 0).all()
    square, _places = ring_of(1)
    assert (roundabouts(square) == -1).all()


def test_a_crew_waits_until_a_site_opens_and_may_come_again():
    streets = streets_of(("Long Lane", "residential", [(0, 0), (600, 0)]))
    there = way_of(streets, (0, 0), (600, 0))
    route = route_of(streets, ("drive", there), ("site", "School", 5.0, 490.0), ("rest", 30.0), ("site", "School", 5.0),
                     ("drive", (there[0] ^ 1,)))  # fmt: skip
    assert told(streets, route) == [
        "Set off from Post, heading east", "Drive along Long Lane for 600 m", "Wait 9 min, then: Visit School, 5 min (08:10–08:15)",
        "Rest 30 min (08:15–08:45)", "Visit School again, 5 min (08:45–08:50)", "Turn round on Long Lane, drive 600 m", "Back at Post",
    ]  # fmt: skip
    rows = turn_by_turn(streets, route)
    assert [row.clock for row in rows] == pytest.approx([480, 480, 481, 495, 525, 530, 531])


def test_a_site_at_a_junction_passed_twice_is_visited_when_its_time_has_come():
    streets = streets_of(("A", "residential", [(0, 0), (600, 0)]))
    there = way_of(streets, (0, 0), (600, 0))
    back = (there[0] ^ 1,)
    route = route_of(streets, ("drive", there), ("drive", back), ("drive", there), ("site", "School", 0.0), ("drive", back))
    kinds = [row.kind.value for row in turn_by_turn(streets, route)]
    assert kinds == ["depart", "drive", "drive", "drive", "site", "drive", "back"]


def test_a_plan_without_streets_still_has_its_stops(plan):
    route = replace(plan.patrol.routes[0], arcs=np.zeros(0, np.int64), call_of_arc=np.zeros(0, np.int64), passed=np.zeros(0), calls=())
    assert told(plan.patrol.streets, route)[1:] == ["Visit 水厂, 10 min (08:03–08:13)", "Back at 西派出所"]
    track = track_of(plan.patrol.streets, route)
    assert (track.clock[0], track.clock[-1]) == pytest.approx((480.0, 480.0 + route.minutes))


def test_a_track_passes_every_place_when_the_route_does(plan):
    for route in plan.patrol.routes:
        track = track_of(plan.patrol.streets, route)
        assert np.hypot(*np.diff(track.xy, axis=0).T).sum() == pytest.approx(route.required_m + route.dead_m)
        assert (np.diff(track.clock) >= 0).all()
        assert (track.clock[0], track.clock[-1]) == pytest.approx((route.stops[0].arrive, route.stops[-1].arrive))
        for stop in route.stops:
            if stop.kind in {"site", "rest"}:
                here = track.clock[(track.xy == (stop.x, stop.y)).all(axis=1)]
                assert here.min() <= stop.arrive + 1e-6
                assert here.max() >= stop.arrive + stop.dwell - 1e-6


def test_routes_are_chosen_by_code_variant_and_day(plan):
    patrol = plan.patrol
    assert [route.code for route in chosen_routes(patrol, ["X01-2", "X02-1-V2"])] == ["X01-2", "X02-1-V2"]
    assert {route.variant for route in chosen_routes(patrol, variant=2)} == {2}
    for day in range(3):
        drawn = {draw.zone: draw.variant for draw in patrol.draws if draw.day == day}
        assert {(route.zone, route.variant) for route in chosen_routes(patrol, day=day)} == set(drawn.items())
    for wrong, words in (({"codes": ["X01-3"]}, "did you mean"), ({"variant": 3}, "the plan has 2"), ({"day": 7}, "drawn for 7 days")):
        with pytest.raises(InputError, match=words):
            chosen_routes(patrol, **wrong)


def test_routes_of_one_code_are_told_apart_by_their_variant(plan):
    twins = replace(plan.patrol, routes=tuple(replace(route, code=route.code.removesuffix("-V2")) for route in plan.patrol.routes))
    assert route_titles(twins)[:4] == ["X01-1-V1", "X01-2-V1", "X01-1-V2", "X01-2-V2"]
    sheets = route_sheets(replace(plan, patrol=twins), chosen_routes(twins, ["X01-1"]))
    assert [(sheet.title, sheet.zone, sheet.days) for sheet in sheets] == [
        ("X01-1-V1", "西区", (1, 3, 5)),
        ("X01-1-V2", "西区", (0, 2, 4, 6)),
    ]
