"""Communities that nearly tile made to tile: slivers go to the longest border, real overlaps are warnings, no ground is lost unsaid."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.units.coverage import find_contested, share_out
from gridplanner.io.cleaning import only_polygons
from gridplanner.io.coverage import exact_coverage
from gridplanner.io.reading import Reading
from gridplanner.model.issues import Level
from gridplanner.model.places import texts

X, Y = 500_000.0, 3_900_000.0


def box(left, bottom, right, top):
    return shapely.box(X + left, Y + bottom, X + right, Y + top)


def covered(shapes, as_is=()):
    """Return the coverage of polygons called A, B, C … and what was told."""
    reading = Reading(crs="EPSG:4545", as_is={"communities": frozenset(as_is)} if as_is else {})
    names = texts([chr(ord("A") + row) for row in range(len(shapes))])
    return exact_coverage(np.array(shapes, object), names, reading, "communities"), reading.issues


def areas(shapes):
    return np.round(shapely.area(shapes)).tolist()


def tiles(shapes):
    """True where polygons share their borders vertex by vertex on the lattice, and each is valid."""
    xy = shapely.get_coordinates(shapes)
    there = shapes[~shapely.is_empty(shapes)]
    on_lattice = np.abs(xy * 100 - np.round(xy * 100)).max() < 1e-4
    return bool(shapely.is_valid(there).all() and shapely.coverage_is_valid(shapely.get_parts(there)) and on_lattice)


def test_a_gap_goes_to_the_neighbour_with_the_longest_border():
    # C lies above a gap of 4 m along all of its width; A and B share the other side, A two thirds of it
    clean, issues = covered([box(0, 0, 200, 100), box(200, 0, 300, 100), box(0, 104, 300, 200), box(-50, 0, 0, 200), box(300, 0, 350, 200)])
    assert areas(clean) == [20_000, 10_000, 300 * 96 + 300 * 4, 10_000, 10_000]
    assert tiles(clean)
    assert {(issue.level, issue.kind) for issue in issues} == {(Level.INFO, "gap_mended")}


def test_a_sliver_overlap_goes_to_the_one_with_the_longest_border_not_the_first():
    # A ends in a tongue 4 m wide into B: it is B's on three sides
    clean, issues = covered([shapely.union(box(0, 0, 100, 100), box(100, 48, 160, 52)), box(100, 0, 200, 100)])
    assert areas(clean) == [10_000, 10_000]
    assert tiles(clean)
    assert issues[0].values["one"] == "B"
    assert issues[0].level is Level.INFO


def test_a_wide_overlap_is_a_warning_with_both_names_and_its_area():
    clean, issues = covered([box(0, 0, 100, 100), box(80, 0, 200, 100)])
    assert areas(clean) == [10_000, 10_000]
    (issue,) = issues
    assert (issue.level, issue.values) == (Level.WARNING, {"one": "A", "other": "B", "area": pytest.approx(2000.0)})


def test_an_enclave_drawn_over_a_community_without_a_hole_keeps_its_ground():
    clean, issues = covered([box(0, 0, 100, 100), box(40, 40, 60, 60)])
    assert areas(clean) == [9600, 400]
    assert tiles(clean)
    assert [issue.level for issue in issues] == [Level.WARNING]


def test_gaps_all_around_many_do_not_go_to_one_of_them():
    # nine squares with streets of 4 m between them: each strip goes to one of the two beside it
    clean, issues = covered([box(100 * i, 100 * j, 100 * i + 96, 100 * j + 96) for i in range(3) for j in range(3)])
    assert tiles(clean)
    assert shapely.area(clean).sum() == pytest.approx(296 * 296, abs=1)
    assert shapely.area(clean).max() < 96 * 96 + 3 * 4 * 96
    assert sum(issue.kind == "gap_mended" and bool(issue.repair.partition(":")[2]) for issue in issues) > 8


def test_a_wide_gap_stays_and_its_narrow_tail_is_closed():
    left = shapely.Polygon([(X, Y), (X + 100, Y), (X + 100, Y + 300), (X, Y + 300)])
    right = shapely.Polygon([(X + 102, Y), (X + 200, Y), (X + 200, Y + 300), (X + 130, Y + 300), (X + 130, Y + 100), (X + 102, Y + 100)])
    clean, issues = covered([left, right])
    assert shapely.area(clean).sum() == pytest.approx(shapely.area([left, right]).sum() + 200, abs=1)
    assert [issue.kind for issue in issues] == ["gap_mended"]


def test_a_notch_in_one_community_alone_stays():
    notched = shapely.difference(box(0, 0, 100, 100), box(48, 50, 52, 100))
    clean, issues = covered([notched, box(100, 0, 200, 100.3)])
    assert areas(clean)[0] == round(notched.area)
    assert [issue.kind for issue in issues] == []


def test_three_that_overlap_are_named_together_and_the_words_that_leave_it_too():
    shapes = [box(0, 0, 100, 100), box(60, 0, 160, 100), box(0, 60, 160, 160)]
    clean, issues = covered(shapes)
    assert tiles(clean)
    words = {issue.repair for issue in issues if ":" in issue.repair}
    assert words == {"overlap_mended:1-2", "overlap_mended:1-3", "overlap_mended:2-3", "overlap_mended:1-2-3"}
    kept, told = covered(shapes, ["overlap_mended:1-2-3"])
    assert shapely.area(kept).sum() == pytest.approx(shapely.area(clean).sum() + 2 * 1600)
    assert [issue.level for issue in told if issue.is_left] == [Level.ERROR]


def test_parts_far_apart_stay_one_community():
    exclave = shapely.MultiPolygon([box(0, 0, 100, 100), box(5000, 0, 5100, 100)])
    clean, _issues = covered([exclave, box(99, 0, 200, 100)])
    assert clean[0].geom_type == "MultiPolygon"
    assert areas(clean) == [20_000, 10_000]


def test_the_words_for_repairs_are_the_same_at_every_reading():
    shapes = [box(0, 0, 100, 100), box(103, 0, 200, 100), box(198, 0, 300, 100), box(0, 102, 300, 200)]
    first, second = (sorted(issue.repair for issue in covered(shapes)[1]) for _time in range(2))
    assert first == second
    assert [word.partition(":")[0] for word in first] == ["gap_mended", "overlap_mended"]
    left = next(word for word in first if word.startswith("gap_mended:"))
    assert {issue.repair for issue in covered(shapes, [left])[1]} <= {*first}


def drawn_apart(seed, cells, sway):
    """Return cells of a square whose borders each were drawn twice, a little apart, and how many metres of border they have."""
    rng = np.random.default_rng(seed)
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.uniform(0, 2000, (cells, 2)))))
    parts = shapely.segmentize(shapely.intersection(parts, shapely.box(0, 0, 2000, 2000)), 60)
    moved = [shapely.transform(part, lambda xy, i=i: xy + sway * np.sin(xy * 0.7 + i) + (X, Y)) for i, part in enumerate(parts)]
    drawn = only_polygons(shapely.make_valid(np.array(moved, object)))
    return drawn, float(shapely.length(drawn).sum())


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 14), st.sampled_from([0.0, 0.004, 0.3, 2.0]))
def test_whatever_was_drawn_tiles_and_every_square_metre_is_accounted_for(seed, cells, sway):
    drawn, border = drawn_apart(seed, cells, sway)
    found = find_contested(drawn, 6.0)
    clean, given_to = share_out(found, np.zeros(len(found.area), bool))
    assert tiles(clean)
    total = shapely.area(clean).sum()
    assert total == pytest.approx(shapely.union_all(clean).area, abs=0.01)
    several = np.bincount(found.claimed, minlength=len(found.area))
    closed = found.area[(several == 0) & (given_to >= 0)].sum()
    shared = (found.area * np.maximum(several - 1, 0)).sum()
    assert total == pytest.approx(shapely.area(drawn).sum() + closed - shared, abs=0.01 * border)  # rounding: half a cell a metre
    assert (given_to[several > 0] >= 0).all()
    claims = set(zip(found.claimed.tolist(), found.claimant.tolist(), strict=True))
    assert all((region, given_to[region]) in claims for region in np.flatnonzero(several).tolist())


@pytest.mark.parametrize("kind", ["gpkg", "shp"])
def test_the_nine_defects_of_the_standard_are_read_and_told(test_data, read, kind):
    source = {"path": test_data / "torture" / "generated" / f"invalid_polygons.{kind}", "fields": {"name": "kind"}}
    project = read(station_areas=source)
    assert len(project.station_areas) == 7  # two of the nine have no extent
    assert shapely.is_valid(project.station_areas.polygons).all()
    told = {issue.ref for issue in project.read_issues if issue.kind == "mended"}
    assert {"1", "2", "5", "9"} <= told
    assert [issue.values["rows"] for issue in project.read_issues if issue.kind == "geometry"] == ["6, 7"]
    size = dict(zip(project.station_areas.names, shapely.area(project.station_areas.polygons), strict=True))
    assert size["nested_shells"] == pytest.approx(100, rel=0.01)  # a part within a part is no hole
    assert size["bowtie"] == pytest.approx(2, rel=0.01)


def test_the_areas_of_a_collection_are_taken_and_told(write_layer, read, tmp_path):
    mixed = shapely.GeometryCollection([shapely.Point(X, Y), box(100, 0, 200, 100)])
    bare = shapely.GeometryCollection([shapely.Point(X, Y), shapely.LineString([(X, Y), (X + 9, Y)])])
    project = read(communities=write_layer(tmp_path / "c.gpkg", [box(0, 0, 100, 100), mixed, bare]))
    assert areas(project.communities.polygons) == [10_000, 10_000]
    taken, left_out = (issue for issue in project.read_issues if issue.kind == "geometry")
    assert (taken.values["rows"], left_out.values["rows"]) == ("2", "3")


@pytest.mark.parametrize(("name", "rows"), [("Stacks", 1), ("issue_14385", 3), ("slightly_overlapping_polygons", 1), ("testpoly", 14)])
def test_polygons_that_break_readers_are_mended_without_losing_ground(test_data, read, name, rows):
    crs = {"testpoly": "EPSG:32631", "slightly_overlapping_polygons": "EPSG:32631"}.get(name, "auto")
    source = {"path": test_data / "torture" / "gdal_shp" / f"{name}.shp", "crs": crs}
    project = read(communities=source)
    assert shapely.is_valid(project.communities.polygons).all()
    lost = [issue for issue in project.read_issues if issue.kind in {"geometry", "doubled"}]
    assert len(project.communities) == rows or lost


def test_ten_crossing_counties_are_mended_and_listed_with_their_places(test_data, read):
    path = test_data / "china" / "qinghai_gansu_counties_datav.gpkg"
    prefectures = ("6201", "6208", "6209", "6210", "6211", "6230", "6323")  # all that have a county that crosses itself
    where = " OR ".join(f"adcode >= {code}00 AND adcode <= {code}99" for code in prefectures)
    project = read(communities={"path": path, "fields": {"code": "adcode", "name": "name"}, "where": where})
    mended = [issue for issue in project.read_issues if issue.kind == "mended" and issue.ref]
    assert len(mended) == 10
    assert len({issue.repair for issue in mended}) == 10
    assert all(issue.x is not None for issue in mended)
    assert len(project.communities) == 49
    assert tiles(project.communities.polygons)
