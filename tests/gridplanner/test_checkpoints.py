"""Checkpoints of a square district of 2 km with a few streets over its boundary: what is held, what closes it, what is said."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
import shapely
from checkpoint_town import EAST, RING, STREETS, WEST, district, names, names_of_leaks, plan_of, said

from gridplanner.errors import InputError
from gridplanner.io.sources import read_sources
from gridplanner.model.checkpoints import Cordons
from gridplanner.model.freshness import stale_plans
from gridplanner.model.places import NO_COMMUNITIES, NO_ROADS, RoadClass, texts
from gridplanner.model.project import Project, fingerprint
from gridplanner.plan_file import read_plan
from gridplanner.planning.checkpoints import propose_checkpoints


def test_every_street_over_the_boundary_is_in_the_table_and_the_main_ones_are_held():
    plan = plan_of(*STREETS, count=18)
    assert names(plan.crossings) == ["西路", "东路", "北路", "南路", "小巷"]
    assert [(row.x, row.y) for row in plan.crossings] == [(0, 1000), (2000, 1000), (1000, 2000), (1000, 0), (2000, 600)]
    assert [row.arterial for row in plan.crossings] == [True] * 4 + [False]
    assert sorted(names(plan.checkpoints)) == sorted(["西路", "东路", "北路", "南路"])
    assert [point.rank for point in plan.checkpoints] == [1, 2, 3, 4]
    assert [point.code for point in plan.checkpoints] == ["K01", "K02", "K03", "K04"]
    for point in plan.checkpoints:
        row = plan.crossings[point.crossing]
        assert (point.x, point.y, point.road, point.highway) == (row.x, row.y, row.road, row.highway)
    assert sum(row.outbound for row in plan.crossings) == pytest.approx(1.0)
    assert sum(row.through for row in plan.crossings) == pytest.approx(2.0)
    assert any("18 checkpoints were wished for" in words and "4 can be held" in words for words in said(plan))


def test_two_checkpoints_see_the_most_and_the_curve_goes_on_to_all_that_may_be_held():
    plan = plan_of(*STREETS, count=2)
    assert sorted(names(plan.checkpoints)) == ["东路", "西路"]
    curve = plan.curves[""]
    assert len(curve) == 4
    assert list(curve) == sorted(curve)
    assert curve[1] == pytest.approx(sum(point.flow for point in plan.checkpoints))
    assert plan.status[""] == "optimal"
    assert plan.bounds[""] == pytest.approx(curve[1])


def test_what_flow_counts_is_the_planners_to_say():
    outward, through = (plan_of(*STREETS, count=1, through=share) for share in (0.0, 1.0))
    for plan, column in ((outward, "outbound"), (through, "through")):
        best = max(getattr(row, column) for row in plan.crossings)
        assert plan.checkpoints[0].flow == pytest.approx(best)


def test_a_forbidden_place_is_never_chosen_and_an_existing_one_always():
    sites = ((0, 1010, "forbidden"), (1000, 20, "existing"))
    plan = plan_of(*STREETS, count=2, sites=sites)
    assert [row.site for row in plan.crossings] == ["forbidden", "", "", "existing", ""]
    assert names(plan.checkpoints) == ["南路", "东路"]
    assert [point.existing for point in plan.checkpoints] == [True, False]
    assert "西路" in names_of_leaks(plan)
    assert any("No checkpoint may stand on 西路" in words for words in said(plan))


def test_existing_checkpoints_are_kept_beyond_the_count_and_on_streets_that_may_not_be_held():
    sites = ((1000, 0, "existing"), (2000, 600, "existing"))
    plan = plan_of(*STREETS, count=1, sites=sites)
    assert sorted(names(plan.checkpoints)) == ["南路", "小巷"]
    assert names_of_leaks(plan) == []
    assert any("2 stand there already" in words for words in said(plan))


def test_an_existing_checkpoint_at_no_crossing_is_kept_and_sees_what_passes_and_the_planner_is_told():
    plan = plan_of(*STREETS, count=2, sites=((700, 1500, "existing"), (1000, 1000, "forbidden")))
    point = plan.checkpoints[0]
    assert (point.crossing, point.existing, point.road, point.rank) == (-1, True, "环路", 1)
    assert 0 < point.flow < 1
    told = [issue for issue in plan.issues if "at no crossing" in issue.message]
    assert [(issue.x, issue.y) for issue in told] == [(700, 1500), (1000, 1000)]


def test_the_cut_that_closes_the_district_is_proven_and_names_its_leaks():
    plan = plan_of(*STREETS)
    closure = plan.closures[0]
    assert closure.people == closure.bound == 8 + 8 + 6 + 4
    assert names_of_leaks(plan) == ["小巷"]
    assert [place[2] for place in closure.places] == ["西路", "东路", "北路", "南路"]
    leaks = [issue for issue in plan.issues if issue.kind == "leak"]
    assert [(issue.x, issue.y, "小巷" in issue.message) for issue in leaks] == [(2000, 600, True)]
    closed = plan_of(*STREETS, classes=("primary", "secondary", "tertiary", "residential"), manpower={"residential": 1.5})
    assert closed.closures[0].leaks == ()
    assert closed.closures[0].people == 8 + 8 + 6 + 4 + 1.5


def test_a_cut_further_inside_takes_fewer_people_where_streets_meet_there():
    trunk = ([(500, 1000), (1700, 1000)], "primary", "干路", 0)
    fork = [([(1700, 1000), (3500, 1000 + y)], "primary", f"岔{y}", 0) for y in (-900, 0, 900)]
    start = ([(500, 1000), (500, 500)], "residential", "", 0)
    flat, deep = (plan_of(trunk, start, *fork, depth_m=depth).closures[0] for depth in (0.0, 400.0))
    assert (flat.people, len(flat.places)) == (24, 3)
    assert (deep.people, deep.bound, [place[2] for place in deep.places]) == (8, 8, ["干路"])


def test_a_depth_beyond_the_middle_is_cut_back_and_told():
    plan = plan_of(*STREETS, depth_m=5000.0)
    assert plan.closures[0].people > 0
    assert any("as deep as checkpoints may move" in words for words in said(plan))


def test_the_two_lines_of_a_dual_carriageway_and_its_ramp_are_one_place_that_takes_one_crew():
    out = ([(1500, 1000), (3500, 1000)], "motorway", "高速", 1)
    come = ([(3500, 1030), (1500, 1030)], "motorway", "高速", 1)
    ramp = ([(1500, 970), (3500, 970)], "motorway_link", "", 1)
    plan = plan_of(RING, WEST, out, come, ramp, ([(1500, 970), (1500, 1030)], "primary", "", 0))
    assert [(row.road, row.highway, row.direction) for row in plan.crossings] == [("高速", "motorway", "both"), ("西路", "primary", "both")]
    assert plan.closures[0].people == 6 + 6 + 6 + 8  # three one-way lines take half a crew each
    plain = plan_of(RING, WEST, out, come, ([(1500, 1000), (1500, 1030)], "primary", "", 0))
    assert plain.closures[0].people == 12 + 8


def test_of_places_that_see_as_much_the_one_near_a_depot_is_held():
    streets = (RING, WEST, EAST)
    for x, held in ((500, "西路"), (1500, "东路")):
        plan = plan_of(*streets, count=1, through=1.0, depots=[(x, 1000)])  # every through trip passes both
        assert (names(plan.checkpoints), plan.status[""]) == ([held], "optimal")


def test_footways_are_not_streets_to_hold_and_streets_without_classes_may_all_be():
    project = district(*STREETS, ([(1500, 1400), (3500, 1400)], "footway", "步道", 0))
    assert "步道" not in names(propose_checkpoints(project).apply(project).checkpoints.crossings)
    bare = dataclasses.replace(project.roads, classed=False, highway=texts([""] * 7), classes=np.full(7, RoadClass.STREET, np.int8))
    project = dataclasses.replace(project, roads=bare)
    plan = propose_checkpoints(project).apply(project).checkpoints
    assert all(row.arterial for row in plan.crossings)
    assert plan.closures[0].leaks == ()


def test_a_drawn_ring_has_crossings_checkpoints_and_a_closure_of_its_own():
    plan = plan_of(*STREETS, cordons=[(shapely.box(900, 900, 1700, 1300), "核心", 1)])
    inner = [row for row in plan.crossings if row.cordon == "核心"]
    assert sorted(names(inner)) == ["东路", "环路", "环路"]
    assert [point.code for point in plan.checkpoints if point.cordon] == ["K1-01"]
    assert [closure.cordon for closure in plan.closures] == ["", "核心"]
    assert plan.closures[1].people == 24
    for point in plan.checkpoints:
        assert plan.crossings[point.crossing].cordon == point.cordon


def test_a_drawn_line_is_crossed_by_the_streets_over_it_and_by_no_others():
    across = plan_of(*STREETS, cordons=[(shapely.LineString([(-100, 1200), (2100, 1200)]), "河", 2)])
    rows = [row for row in across.crossings if row.cordon == "河"]
    assert [(row.road, row.x, row.y) for row in rows] == [("环路", 500, 1200), ("环路", 1500, 1200)]
    assert across.closures[1].people == across.closures[1].bound == 16
    assert across.closures[1].why == ""
    short = plan_of(*STREETS, cordons=[(shapely.LineString([(400, 1200), (600, 1200)]), "河", 2)])
    assert [row.x for row in short.crossings if row.cordon == "河"] == [500]
    assert short.closures[1].why != ""
    assert any("go round the ends of 河" in words for words in said(short))


def test_a_cordon_that_crosses_itself_is_left_out_and_told():
    knot = shapely.LineString([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    plan = plan_of(*STREETS, cordons=[(knot, "结", 2)])
    assert [closure.cordon for closure in plan.closures] == [""]
    assert any("crosses itself" in words for words in said(plan))


def test_a_district_that_no_street_leaves_has_no_checkpoints_and_says_so():
    plan = plan_of(RING)
    assert (len(plan), plan.crossings, plan.closures[0].people, plan.status) == (0, (), 0, {"": "optimal"})
    assert any("No street crosses the boundary" in words for words in said(plan))


def test_without_streets_or_without_anything_to_close_the_remedy_is_named():
    with pytest.raises(InputError, match="import the streets"):
        propose_checkpoints(dataclasses.replace(district(*STREETS), roads=NO_ROADS))
    bare = dataclasses.replace(district(*STREETS), communities=NO_COMMUNITIES)
    with pytest.raises(InputError, match="draw a cordon"):
        propose_checkpoints(bare)
    drawn = Cordons(np.array([shapely.box(900, 900, 1700, 1300)], object), texts(["核心"]), np.array([1], np.int32))
    fenced = dataclasses.replace(bare, cordons=drawn)
    assert len(propose_checkpoints(fenced).apply(fenced).checkpoints) == 1


def test_the_same_project_gives_the_same_plan_and_a_new_mark_makes_it_stale():
    project = district(*STREETS, depots=[(900, 900)])
    first, second = (propose_checkpoints(project).apply(project) for _ in range(2))
    assert fingerprint(first.checkpoints) == fingerprint(second.checkpoints)
    assert stale_plans(first) == set()
    moved = dataclasses.replace(first, checkpoint_sites=district(*STREETS, sites=((0, 1000, "forbidden"),)).checkpoint_sites)
    assert stale_plans(moved) == {"checkpoints"}


def random_district(seed) -> Project:
    """A crooked lattice of streets of any class, some one-way, under a crooked district with a hole; marks and cordons anywhere."""
    rng = np.random.default_rng(seed)
    n, streets = 9, []
    xy = np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), axis=-1) * 250.0 + rng.uniform(-60, 60, (n, n, 2))
    words = rng.choice(["primary", "tertiary", "residential", "service", "footway"], 2 * n)
    for line in range(n):
        for axis in (0, 1):
            course = xy[line] if axis == 0 else xy[:, line]
            way = int(rng.choice([0, 0, 1, -1]))
            gap = int(rng.integers(1, n - 1))
            named = f"{axis}-{line}" if rng.random() < 0.7 else ""
            for part in (course[: gap + 1], course[gap + 1 :]):
                if len(part) > 1:
                    streets.append((part.tolist(), str(words[2 * line + axis]), named, way))
    angle, reach = np.linspace(0, 2 * np.pi, 14)[:-1], rng.uniform(300, 1100, 13)
    area = shapely.buffer(shapely.Polygon(np.column_stack((1000 + reach * np.cos(angle), 1000 + reach * np.sin(angle)))), 0)
    area = shapely.difference(area, shapely.box(900, 900, 1150, 1100))
    sites = [(*rng.uniform(0, 2000, 2).tolist(), str(rng.choice(["existing", "forbidden"]))) for _ in range(int(rng.integers(0, 5)))]
    ring, line = shapely.Point(*rng.uniform(600, 1400, 2)).buffer(400), shapely.LineString(rng.uniform(0, 2000, (2, 2)))
    return district(*streets, area=area, sites=sites, cordons=[(ring, "ring", 3), (line, "line", 2)], depots=[(1000, 1000)],
                    count=int(rng.integers(1, 9)), depth_m=float(rng.choice([0, 0, 200])))  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_district_what_is_promised_holds(seed):
    project = random_district(seed)
    plan = propose_checkpoints(project).apply(project).checkpoints
    held = {point.crossing for point in plan.checkpoints}
    for i, row in enumerate(plan.crossings):
        assert i not in held or row.site != "forbidden"
        assert i not in held or row.arterial or row.site == "existing"
        assert i in held or row.site != "existing"
        assert 0 <= row.through <= 1 + 1e-9
        assert 0 <= row.outbound <= 1 + 1e-9
        assert row.direction in {"both", "in", "out"}
    standing = sum(kind == "existing" for kind in project.checkpoint_sites.kinds)
    assert sum(point.existing for point in plan.checkpoints if not point.cordon) <= standing
    for closure in plan.closures:
        assert closure.people == closure.bound
        rows = [row for row in plan.crossings if row.cordon == closure.cordon]
        if project.settings.checkpoints.depth_m == 0:
            assert len(closure.places) + len(closure.leaks) == len(rows)
        assert plan.status[closure.cordon] == "optimal"
        points = [point for point in plan.checkpoints if point.cordon == closure.cordon]
        assert [point.rank for point in points] == list(range(1, len(points) + 1))
        assert sum(point.flow for point in points) <= plan.bounds[closure.cordon] + 1e-6
    assert len({point.code for point in plan.checkpoints}) == len(plan.checkpoints)
    assert all(issue.message for issue in plan.issues)


@pytest.mark.skipif("GRIDPLANNER_TEST_DATA" not in os.environ, reason="real towns are not here")
def test_every_crossing_of_liechtenstein_is_one_to_austria_or_switzerland(tmp_path):
    towns = Path(os.environ["GRIDPLANNER_TEST_DATA"]) / "towns"
    file = tmp_path / "plan.toml"
    osm, homes = (towns / name for name in ("liechtenstein.osm.pbf", "liechtenstein_households.gpkg"))
    where = "boundary = 'administrative' AND admin_level = '8' AND name IS NOT NULL"
    file.write_text(
        f'[project]\nname = "L"\ncrs = "EPSG:2056"\n[sources.communities]\npath = "{osm}"\nwhere = "{where}"\n'
        f'[sources.households]\npath = "{homes}"\nfields = {{ households = "hh" }}\n'
        f'[sources.roads]\npath = "{osm}"\n[checkpoints]\ncount = 8\n',
        encoding="utf-8",
    )
    project = read_sources(read_plan(file))
    plan = propose_checkpoints(project).apply(project).checkpoints
    assert (len(plan), plan.status[""]) == (8, "optimal")
    country = shapely.union_all(project.communities.polygons)
    away = shapely.distance(country.boundary, shapely.points([(row.x, row.y) for row in plan.crossings]))
    assert away.max() < 60
    assert sum(row.highway in {"primary", "secondary"} for row in plan.crossings) == 8  # five Rhine bridges, the Luziensteig, Tisis, Nofels
    assert "Rheinbrücke Haag-Bendern" in names(plan.checkpoints)
    assert plan.closures[0].people == plan.closures[0].bound
