"""Patrol routes and guard segments of a made town: what they promise, and what they say when they cannot."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.benchmarks.made_city import made_city
from gridplanner.errors import InputError, NoPlanFound
from gridplanner.model.lines import Lines, line_lengths
from gridplanner.model.patrol_check import patrol_issues
from gridplanner.model.places import Depots, KeySites, Railway, Stations, texts
from gridplanner.model.project import Project
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.rail_segments import propose_rail_segments
from gridplanner.planning.routes import propose_routes
from gridplanner.planning.units import propose_units
from gridplanner.planning.zones import propose_zones
from gridplanner.settings import PatrolSettings, RailSettings, ZoneSettings

CLASSES = ("tertiary",)


@pytest.fixture(scope="module")
def town() -> Project:
    """Two zones, one depot, three key sites."""
    project = made_city(3_000, seed=9)
    x, y = project.households.xy.mean(axis=0)
    sites = KeySites(
        np.array([[x, y], [x + 200, y], [x, y + 200]]),
        texts(["学校", "医院", "银行"]),
        np.array([1, 2, 1], np.int32),
        np.array([5.0, 10.0, 5.0]),
        np.array([np.nan, np.nan, 9 * 60.0]),
        np.array([np.nan, np.nan, 11 * 60.0]),
        np.ones(3),
    )
    depots = Depots(np.array([[x, y]]), texts(["派出所"]), texts(["police"]), np.array([1], np.int32))
    settings = dataclasses.replace(project.settings, zones=ZoneSettings(count=2), patrol=PatrolSettings(required_classes=CLASSES))
    project = dataclasses.replace(project, key_sites=sites, depots=depots, settings=settings)
    for propose in (propose_units, propose_grids, propose_zones):
        project = propose(project).apply(project)
    return project


@pytest.fixture(scope="module")
def plan(town):
    return propose_routes(town).values["patrol"]


def test_every_required_street_and_site_is_on_a_route_that_returns_in_time(town, plan):
    assert patrol_issues(dataclasses.replace(town, patrol=plan)) == ()
    required = line_lengths(town.roads.lines)[town.roads.highway == "tertiary"].sum()
    assert len(plan.routes) == 2
    assert sum(route.required_m for route in plan.routes) == pytest.approx(required, rel=0.02)
    assert sum(route.sites for route in plan.routes) == 4
    assert not [issue for issue in plan.issues if issue.kind == "unserved"]
    for route in plan.routes:
        assert route.minutes <= 240
        assert np.array_equal(route.coords[0], route.coords[-1])
        assert shapely.LineString(route.coords).length == pytest.approx(route.required_m + route.dead_m)
        times = [stop.arrive for stop in route.stops]
        assert times == sorted(times)
        assert times[0] == 8 * 60
    bank = next(stop for route in plan.routes for stop in route.stops if stop.name == "银行")
    assert 9 * 60 <= bank.arrive <= 11 * 60


def test_what_does_not_fit_the_shift_is_told_with_its_reason(town):
    patrol = PatrolSettings(required_classes=CLASSES, shift_minutes=8)
    short = dataclasses.replace(town, settings=dataclasses.replace(town.settings, patrol=patrol))
    plan = propose_routes(short).values["patrol"]
    assert all(route.minutes <= 8 for route in plan.routes)
    assert any("shift has no time left" in issue.message for issue in plan.issues)


def test_the_zone_without_a_depot_starts_at_a_junction_and_says_so(plan):
    assert [issue.kind for issue in plan.issues].count("no_depot") == 1
    assert {route.depot for route in plan.routes} == {"派出所", "Junction"}


def test_a_class_that_no_street_has_is_told(town):
    none = dataclasses.replace(town, settings=dataclasses.replace(town.settings, patrol=PatrolSettings(required_classes=("trunk",))))
    assert "nothing_required" in {issue.kind for issue in propose_routes(none).values["patrol"].issues}
    with pytest.raises(InputError, match="no patrol zones"):
        propose_routes(dataclasses.replace(town, zones=None))


def railway(*lines, main=None) -> Railway:
    coords = np.array([p for line in lines for p in line], float)
    offsets = np.cumsum([0] + [len(line) for line in lines]).astype(np.int32)
    return Railway(Lines(coords, offsets), np.ones(len(lines), bool) if main is None else np.array(main), texts(["陇海线"] * len(lines)))


#  a line of 10 km in three pieces of mixed order and direction, and a siding
TRACKS = railway([(4_000, 0), (10_000, 0)], [(1_000, 0), (0, 0)], [(1_000, 0), (4_000, 0)], [(4_000, 0), (4_500, 300)], main=[1, 1, 1, 0])


def rail_project(settings, stations=None) -> Project:
    base = Project(railway=dataclasses.replace(TRACKS, main=TRACKS.main.astype(bool)))
    project = dataclasses.replace(base, settings=dataclasses.replace(base.settings, rail=settings))
    return project if stations is None else dataclasses.replace(project, stations=stations)


def posts(x, km) -> Stations:
    xy = np.column_stack((np.array(x, float), np.full(len(x), 5.0)))
    return Stations(xy, texts([""] * len(x)), np.array(km, float) * 1000, texts([""] * len(x)))


def test_the_line_is_assembled_and_divided_equally_from_its_western_end():
    plan = propose_rail_segments(rail_project(RailSettings(squads=2, guards=4))).values["rail"]
    assert [x for s in plan.segments for x in (s.start, s.stop)] == pytest.approx([0, 2500, 2500, 5000, 5000, 7500, 7500, 10_000])
    assert [(s.squad, s.guard) for s in plan.segments] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert "no_posts" in {issue.kind for issue in plan.issues}


def test_kilometre_posts_measure_the_line_in_their_direction():
    plan = propose_rail_segments(rail_project(RailSettings(squads=1, guards=2), posts([2_000, 9_000], [822.0, 815.0]))).values["rail"]
    assert plan.segments[0].start == pytest.approx(814_000)
    assert plan.segments[-1].stop == pytest.approx(824_000)
    assert plan.segments[0].coords[0].tolist() == [10_000, 0]


def test_a_stretch_is_guarded_from_one_chainage_to_another():
    settings = RailSettings(start="K2+000", stop="K8+000", squads=1, guards=3)
    plan = propose_rail_segments(rail_project(settings)).values["rail"]
    assert [x for s in plan.segments for x in (s.start, s.stop)] == pytest.approx([2000, 4000, 4000, 6000, 6000, 8000])
    with pytest.raises(InputError, match=r"K50\+000.*K0\+000"):
        propose_rail_segments(rail_project(RailSettings(start="K50+000", stop="K60+000", squads=1, guards=3)))
    with pytest.raises(InputError, match=r"\[rail\] from, to"):
        propose_rail_segments(rail_project(RailSettings(start="fifty", squads=1, guards=3)))


def test_more_lines_than_guards_is_a_rule_that_cannot_be_kept():
    far = railway([(0, 0), (5_000, 0)], [(0, 9_000), (5_000, 9_000)])
    project = dataclasses.replace(rail_project(RailSettings(squads=1, guards=1)), railway=far)
    with pytest.raises(NoPlanFound, match="2 separate lines") as stopped:
        propose_rail_segments(project)
    assert stopped.value.exit_code == 3


def test_a_railway_of_sidings_alone_is_refused():
    project = dataclasses.replace(rail_project(RailSettings()), railway=dataclasses.replace(TRACKS, main=np.zeros(4, bool)))
    with pytest.raises(InputError, match="no main railway line"):
        propose_rail_segments(project)


def test_without_grids_patrol_zones_are_made_of_streets_and_every_one_is_driven(town):
    settings = dataclasses.replace(town.settings, zones=ZoneSettings(count=3))
    bare = dataclasses.replace(town, units=None, grids=None, zones=None, settings=settings)
    bare = propose_zones(bare).apply(bare)
    hulls = bare.zones.hulls
    assert len(hulls) == 3
    assert all(a.intersection(b).area < 0.02 * a.area for k, a in enumerate(hulls) for b in hulls[k + 1 :])
    assert bare.zones.workload.max() / bare.zones.workload.mean() < 1.1
    plan = propose_routes(bare).values["patrol"]
    required = line_lengths(town.roads.lines)[town.roads.highway == "tertiary"].sum()
    assert len(plan.routes) == 3
    assert sum(route.required_m for route in plan.routes) == pytest.approx(required, rel=0.01)
