"""Repairs: each listed with its place, left out where the planner wants the data as it was read, and asked for again."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.fresh_data import import_some, left_as_read, repaired_again
from gridplanner.io.doctor.repairs import REPAIRS, sources_leaving
from gridplanner.io.sources import with_source
from gridplanner.model.check import check
from gridplanner.model.issues import LEFT, Level
from gridplanner.model.project import fingerprint
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units
from gridplanner.session import Session
from gridplanner.settings import GridSettings, SourceSettings

X, Y = 500_000.0, 3_900_000.0


def square(x=0.0, y=0.0, width=1000.0, height=1000.0):
    return shapely.box(X + x, Y + y, X + x + width, Y + y + height)


def bow(x, y=0.0):
    return shapely.Polygon([(X + x, Y + y), (X + x + 100, Y + y + 100), (X + x + 100, Y + y), (X + x, Y + y + 100)])


def homes(count=400, width=2000.0):
    rng = np.random.default_rng(1)
    return shapely.points(X + rng.uniform(10, width - 10, count), Y + rng.uniform(10, 990, count))


def placed(project, kind):
    return [issue for issue in project.read_issues if issue.kind == kind and issue.x is not None]


def left(project):
    return [issue for issue in project.read_issues if issue.kind == LEFT]


@pytest.fixture
def dirty(write_layer, read, tmp_path):
    """Four communities with a crossing one, one given twice, a sliver gap and a sliver overlap, and addresses in them."""
    shapes = [square(), square(1003), square(1999, 0, 1000), bow(5000), square()]
    communities = write_layer(tmp_path / "c.gpkg", shapes, {"n": ["甲", "乙", "丙", "丁", "甲"]})
    households = write_layer(tmp_path / "h.gpkg", homes())
    project = read(communities={"path": communities, "fields": {"name": "n"}}, households=households)
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=GridSettings()))


def test_each_repair_has_a_place_and_a_word_that_leaves_it(dirty):
    found = {issue.kind: (issue.repair, round(issue.x - X), round(issue.y - Y)) for issue in dirty.read_issues if issue.is_repair}
    assert found["mended"] == ("mended:4", 5050, 50)
    assert found["doubled"][0] == "doubled:5"
    assert found["overlap_mended"][0] == "overlap_mended:2-3"
    kind, x, y = found["gap_mended"]
    assert kind == f"gap_mended:{X + x:.0f},{Y + y:.0f}"
    assert 1000 <= x <= 1003
    assert {kind for kind in found if kind not in REPAIRS} == set()


def test_a_repair_is_left_and_made_again_and_both_are_undone(dirty):
    session = Session(dirty)
    (gap,) = placed(dirty, "gap_mended")
    session.do(left_as_read(session.project, gap))
    after = session.project
    assert after.settings.sources["communities"].as_is == (gap.repair,)
    assert after.settings.sources["households"] == dirty.settings.sources["households"]
    assert after.households is dirty.households
    ground = shapely.area(dirty.communities.polygons).sum() - shapely.area(after.communities.polygons).sum()
    assert ground == pytest.approx(3000, abs=1)
    (note,) = left(after)
    assert (note.level, note.is_left, note.is_repair, (note.x, note.y)) == (Level.INFO, True, False, (gap.x, gap.y))
    assert placed(after, "gap_mended") == []
    session.do(repaired_again(after, note))
    assert fingerprint(session.project.communities) == fingerprint(dirty.communities)
    assert session.project.settings.sources["communities"].as_is == ()
    assert left(session.project) == []
    session.undo()
    assert session.project is after
    session.undo()
    assert session.project is dirty
    assert "gap_mended" in session.history.future[-1].words


def test_a_crossing_area_that_is_not_mended_is_in_no_plan_and_that_is_an_error(dirty):
    (mended,) = placed(dirty, "mended")
    after = left_as_read(dirty, mended).apply(dirty)
    assert list(after.communities.names) == ["甲", "乙", "丙"]
    (note,) = left(after)
    assert (note.level, note.ref, note.repair) == (Level.ERROR, "4", "mended:4")
    assert (note.x, note.y) == (mended.x, mended.y)


def test_ground_left_to_two_communities_is_an_error_and_still_is_planned(dirty):
    (overlap,) = placed(dirty, "overlap_mended")
    before = shapely.area(dirty.communities.polygons).sum()
    after = left_as_read(dirty, overlap).apply(dirty)
    assert shapely.area(after.communities.polygons).sum() == pytest.approx(before + 4000, abs=1)
    assert [issue.level for issue in left(after)] == [Level.ERROR]
    for propose in (propose_units, propose_grids):
        after = propose(after).apply(after)
    assert after.units.address_unit.min() >= 0
    assert Level.ERROR in {issue.level for issue in check(after)}


def test_an_area_given_twice_can_be_kept_where_areas_may_overlap(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "g.gpkg", [square(), square()], {"n": ["一", "二"]})
    communities = write_layer(tmp_path / "c.gpkg", [square()])
    drawn = read(communities=communities, current_grids={"path": path, "fields": {"name": "n"}})
    assert len(drawn.drawn) == 1
    (doubled,) = placed(drawn, "doubled")
    after = left_as_read(drawn, doubled).apply(drawn)
    assert list(after.drawn.names) == ["一", "二"]


def test_a_kind_leaves_all_of_it_and_is_taken_back_at_once(write_layer, read, tmp_path):
    shapes = [square(), square(1003), square(2006), square(3009)]
    path = write_layer(tmp_path / "c.gpkg", shapes)
    project = read(communities={"path": path, "as_is": ("gap_mended",)})
    assert shapely.area(project.communities.polygons).sum() == pytest.approx(4e6)
    assert [issue.repair for issue in left(project)] == ["gap_mended"] * 3
    again = repaired_again(project, left(project)[1]).apply(project)
    assert again.settings.sources["communities"].as_is == ()
    every = next(issue for issue in again.read_issues if issue.repair == "gap_mended")
    assert every.values["count"] == 3
    one = placed(again, "gap_mended")[0]
    few = left_as_read(again, one).apply(again)
    assert sources_leaving(few.settings, every)["communities"].as_is == ("gap_mended",)  # which says it for all its places


def test_points_at_zero_can_be_kept(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "h.gpkg", [*homes(30), shapely.Point(0, 0)])
    communities = write_layer(tmp_path / "c.gpkg", [square(), square(1000)])
    project = read(households=path, communities=communities)
    (zero,) = [issue for issue in project.read_issues if issue.kind == "null_place"]
    assert (zero.repair, len(project.households)) == ("null_place:31", 30)
    after = left_as_read(project, zero).apply(project)
    assert len(after.households) == 31
    assert fingerprint(repaired_again(after, left(after)[0]).apply(after).households) == fingerprint(project.households)


def test_communities_can_stay_beyond_the_district(write_layer, read, tmp_path):
    communities = write_layer(tmp_path / "c.gpkg", [square(), square(1000)], {"n": ["甲", "乙"]})
    district = write_layer(tmp_path / "d.gpkg", [square(200, 0, 1300)])
    project = read(communities=communities, district=district)
    (clipped,) = [issue for issue in project.read_issues if issue.kind == "clipped"]
    after = left_as_read(project, clipped).apply(project)
    assert shapely.area(after.communities.polygons).sum() == pytest.approx(2e6)


def test_words_that_name_nothing_are_told(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "c.gpkg", [square(), square(1000)])
    project = read(communities={"path": path, "as_is": ("gap_mendet", "mended:7")})
    unknown, unmet = left(project)
    assert (unknown.level, unmet.level) == (Level.WARNING, Level.INFO)
    assert "gap_mended" in unknown.message
    assert "mended:7" in unmet.message
    assert repaired_again(project, unmet).apply(project).settings.sources["communities"].as_is == ("gap_mendet",)


def test_a_file_that_is_gone_is_said_and_changes_nothing(dirty):
    (gap,) = placed(dirty, "gap_mended")
    source = dirty.settings.sources["communities"]
    missing = {**dirty.settings.sources, "communities": dataclasses.replace(source, path=source.path + ".gone")}
    project = dataclasses.replace(dirty, settings=dataclasses.replace(dirty.settings, sources=missing))
    with pytest.raises(InputError, match=r"c\.gpkg\.gone"):
        left_as_read(project, gap)
    unsaid = dataclasses.replace(dirty, settings=dataclasses.replace(dirty.settings, sources={}))
    with pytest.raises(InputError, match="source of its own"):
        left_as_read(unsaid, gap)


def test_one_source_is_read_anew_and_the_rest_stays_where_other_files_are_gone(dirty, write_layer, tmp_path):
    project = propose_units(dirty).apply(dirty)
    (tmp_path / "c.gpkg").unlink()
    path = write_layer(tmp_path / "new.gpkg", homes(50))
    after = with_source(project, {"households": SourceSettings(path=str(path))})
    assert (len(after.households), after.communities is project.communities, after.units is project.units) == (50, True, True)
    assert [came.count for came in after.provenance if came.source == "households"] == [50]
    assert [issue for issue in after.read_issues if issue.layer == "communities"] == [
        issue for issue in project.read_issues if issue.layer == "communities"
    ]
    edited = import_some(project, {"households": SourceSettings(path=str(path))}).apply(project)
    assert len(edited.units.address_unit) == 50  # the units hold the new addresses


def test_the_hull_of_the_addresses_stays_while_units_divide_it(write_layer, read, tmp_path):
    old, new = write_layer(tmp_path / "a.gpkg", homes()), write_layer(tmp_path / "b.gpkg", homes(60, 1500.0))
    project = read(households=old)
    assert project.communities.made_up
    source = {"households": SourceSettings(path=str(new))}
    assert shapely.area(with_source(project, source).communities.polygons)[0] < shapely.area(project.communities.polygons)[0]
    divided = propose_units(project).apply(project)
    assert with_source(divided, source).communities is project.communities
