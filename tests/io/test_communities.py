"""Communities: an exact coverage whatever came in, and codes of twelve digits."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.codes import clean_codes
from gridplanner.io.coverage import exact_coverage
from gridplanner.io.reading import Reading
from gridplanner.model.places import texts

X, Y = 500_000.0, 3_900_000.0


def square(x=0.0, y=0.0, width=1000.0, height=1000.0):
    return shapely.box(X + x, Y + y, X + x + width, Y + y + height)


def told(project, kind):
    return [issue for issue in project.read_issues if issue.kind == kind]


def is_exact(shapes):
    parts = shapely.get_parts(shapes)
    slits = shapely.length(shapely.coverage_invalid_edges(parts, gap_width=5.0)).sum()
    on_lattice = np.abs(shapely.get_coordinates(shapes) * 100 - np.round(shapely.get_coordinates(shapes) * 100)).max() < 1e-4
    return shapely.is_valid(shapes).all() and slits < 1e-6 and on_lattice


def test_an_exact_coverage_stays_as_it_is(write_layer, read, tmp_path):
    shapes = [square(), square(1000), square(0, 1000, 2000)]
    shapes[2] = shapely.union(shapes[2], shapely.box(X + 5000, Y, X + 5100, Y + 100))  # an exclave
    shapes = [*shapely.set_precision(shapely.node(shapely.MultiLineString([])), 0.01).geoms, *_matched(shapes)]
    path = write_layer(tmp_path / "c.gpkg", shapes, {"n": ["甲", "乙", "丙"]})
    project = read(communities={"path": path, "fields": {"name": "n"}})
    assert shapely.equals(project.communities.polygons, np.array(shapes, object)).all()
    assert {issue.kind for issue in project.read_issues} == {"code_made_up"}


def _matched(shapes):
    """The squares with the vertices of their neighbours."""
    return list(shapely.coverage_clean(np.array(shapes, object)))


def test_overlaps_go_to_the_first_and_are_told_with_their_place(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "c.gpkg", [square(), square(900)], {"n": ["甲", "乙"]})
    project = read(communities={"path": path, "fields": {"name": "n"}})
    assert shapely.area(project.communities.polygons).tolist() == pytest.approx([1e6, 9e5])
    (overlap,) = told(project, "overlap_mended")
    assert "甲" in overlap.message
    assert "乙" in overlap.message
    assert "100000" in overlap.message
    assert X + 900 <= overlap.x <= X + 1000
    assert is_exact(project.communities.polygons)


def test_a_gap_of_metres_is_closed_and_one_of_a_street_stays(write_layer, read, tmp_path):
    shapes = [square(), square(1003), square(2100), square(0, 1000, 3100)]
    project = read(communities=write_layer(tmp_path / "c.gpkg", shapes))
    areas = shapely.area(project.communities.polygons)
    assert areas.sum() == pytest.approx(shapely.area(np.array(shapes, object)).sum() + 3000, rel=1e-4)
    (gap,) = told(project, "gap_mended")
    assert X + 1000 < gap.x < X + 1003
    assert is_exact(project.communities.polygons)


def test_a_slit_that_is_open_at_both_ends_is_closed_too(write_layer, read, tmp_path):
    project = read(communities=write_layer(tmp_path / "c.gpkg", [square(), square(1002.5)]))
    assert shapely.area(project.communities.polygons).sum() == pytest.approx(2_002_500, rel=1e-3)
    assert is_exact(project.communities.polygons)


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_borders_drawn_twice_become_one(seed):
    rng = np.random.default_rng(seed)
    lines = [shapely.LineString([(X + a, Y - 50), (X + b, Y + 2050)]) for a, b in rng.uniform(200, 1800, (3, 2))]
    frame = square(0, 0, 2000, 2000)
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all([*lines, frame.boundary])]))
    drawn = np.array(
        [shapely.transform(p, lambda xy, i=i: xy + 0.6 * np.sin(xy * 1.7 + i)) for i, p in enumerate(shapely.segmentize(pieces, 40))],
        object,
    )
    drawn = shapely.make_valid(drawn)
    reading = Reading(crs="EPSG:4545")
    clean = exact_coverage(drawn, texts([str(i) for i in range(len(drawn))]), reading, "communities")
    assert shapely.is_valid(clean).all()
    parts = shapely.get_parts(clean)
    assert shapely.coverage_is_valid(parts)
    assert shapely.area(clean).sum() == pytest.approx(4e6, rel=0.01)
    assert abs(shapely.area(clean).sum() - shapely.union_all(clean).area) < 0.01


def test_crossing_polygons_are_mended_where_they_cross(write_layer, read, tmp_path):
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    project = read(communities=write_layer(tmp_path / "c.gpkg", [bow, square(1000)]))
    (mended,) = told(project, "mended")
    assert (mended.x, mended.y) == (X + 50, Y + 50)
    assert "rows 1" in mended.message
    assert shapely.area(project.communities.polygons)[0] == pytest.approx(5000)


def test_areas_given_twice_are_read_once_and_the_named_one_stays(write_layer, read, tmp_path):
    shapes = [square(100, 100, 200, 200), square(), square(), square(5000)]
    path = write_layer(tmp_path / "c.gpkg", shapes, {"n": ["", "", "甲", "乙"]})
    project = read(communities={"path": path, "fields": {"name": "n"}})
    assert list(project.communities.names) == ["甲", "乙"]
    assert "rows 1, 2" in told(project, "doubled")[0].message
    assert shapely.area(project.communities.polygons)[0] == pytest.approx(1e6)


def test_one_drawn_over_others_keeps_its_ground_with_a_warning(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "c.gpkg", [square(), square(1000), square(500, 200, 900, 500)], {"n": ["甲", "乙", "丙"]})
    project = read(communities={"path": path, "fields": {"name": "n"}})
    assert list(project.communities.names) == ["甲", "乙", "丙"]
    assert shapely.area(project.communities.polygons).tolist() == pytest.approx([750_000, 800_000, 450_000])
    overlaps = [issue for issue in told(project, "overlap_mended") if issue.x is not None]
    assert [(issue.level, issue.values["one"], issue.values["other"]) for issue in overlaps] == [
        ("warning", "丙", "甲"),
        ("warning", "丙", "乙"),
    ]


def test_one_drawn_twice_with_a_little_less_keeps_what_the_first_has_not(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "c.gpkg", [square(), square(0, 0, 999.99)], {"n": ["甲", "乙"]})
    project = read(communities={"path": path, "fields": {"name": "n"}})
    assert list(project.communities.names) == ["甲"]
    assert "rows 2" in told(project, "doubled")[0].message


def test_the_district_clips_and_stands_in_where_there_are_no_communities(write_layer, read, tmp_path):
    communities = write_layer(tmp_path / "c.gpkg", [square(), square(1000), square(9000)], {"n": ["甲", "乙", "丙"]})
    district = write_layer(tmp_path / "d.gpkg", [square(200, 0, 1300)], {"n": ["区"]})
    project = read(communities={"path": communities, "fields": {"name": "n"}}, district=district)
    assert list(project.communities.names) == ["甲", "乙"]
    assert shapely.area(project.communities.polygons).tolist() == pytest.approx([8e5, 5e5])
    assert told(project, "clipped")
    assert is_exact(project.communities.polygons)
    alone = read(district=district, name="崆峒区")
    assert (list(alone.communities.names), alone.communities.made_up) == (["崆峒区"], True)
    far = write_layer(tmp_path / "far.gpkg", [square(90_000)])
    with pytest.raises(InputError, match=r"c\.gpkg.*inside the district"):
        read(communities=communities, district=far)


def test_one_centimetre_overlaps_along_a_real_border_cost_no_area(test_data, read):
    path = test_data / "china" / "qinghai_gansu_counties_datav.gpkg"
    project = read(
        communities={"path": path, "fields": {"code": "adcode", "name": "name"}, "where": "adcode IN (620802, 620821, 620822, 620823)"}
    )
    assert sorted(project.communities.codes) == ["620802000001", "620821000001", "620822000001", "620823000001"]
    assert shapely.coverage_is_valid(shapely.get_parts(project.communities.polygons))
    assert project.crs == "EPSG:4545"


# codes


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        (["620802001001", "620802001002"], ["620802001001", "620802001002"]),
        (["6208", "6208"], ["620800000001", "620800000002"]),
        (["620802001", "620802001001"], ["620802001002", "620802001001"]),
        (["620802001001", "620802001001"], ["620802001001", "620802001002"]),
        (["62080200100100"], ["620802001001"]),
        (["西街", "", "620802.0"], ["900000000001", "900000000002", "620802000001"]),
    ],
)
def test_codes_become_twelve_digits(given, clean):
    assert clean_codes(given, [""] * len(given)).codes == clean


@given(st.lists(st.text("0123456789ab区 .", max_size=14), max_size=30))
def test_codes_are_always_twelve_digits_and_never_alike(given):
    clean = clean_codes(given, ["x"] * len(given))
    assert len(set(clean.codes)) == len(given)
    assert all(len(code) == 12 and code.isdigit() for code in clean.codes)
    kept = [row for row in range(len(given)) if row not in clean.made_up]
    assert all(clean.codes[row] == given[row].strip() for row in kept)


def test_text_codes_become_the_name_and_what_was_made_up_is_told(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "c.gpkg", [square(), square(1000)], {"code": ["西街社区", "620802001001"]})
    project = read(communities={"path": path, "fields": {"code": "code"}})
    assert list(project.communities.names) == ["西街社区", ""]
    (made,) = told(project, "code_made_up")
    assert (made.ref, made.level) == ("900000000001", "info")
    assert "西街社区" in made.message


def test_codes_that_went_through_excel_are_whole_again(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "c.gpkg", [square()], {"code": np.array([620802001001.0])})
    assert list(read(communities={"path": path, "fields": {"code": "code"}}).communities.codes) == ["620802001001"]
