"""Lines of the hand across units and grids, on a made-up town of 8 × 6 blocks in two communities."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.edits.area_edits import AddArea, DrawGrid
from gridplanner.edits.code_edits import RecodeGrids
from gridplanner.edits.course_edits import ReshapeBorder
from gridplanner.edits.cut_edits import CutUnits, SplitGrid
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.prepared import prepared
from gridplanner.edits.rule_edits import HoldUnits, MakeExclusive
from gridplanner.errors import EditRejected
from gridplanner.io.packing import pack, unpack
from gridplanner.model.code_check import code_issues
from gridplanner.model.cut_borders import street_along
from gridplanner.model.freshness import stale_plans
from gridplanner.model.grids import Certificate
from gridplanner.model.lines import Lines
from gridplanner.model.lookup import unit_at
from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.places import NO_ROADS, texts
from gridplanner.model.project import fingerprint
from gridplanner.model.statistics import grid_figures
from gridplanner.model.units import BorderKind, sum_by_unit
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.session import Session
from tests.ui.builders import certified, planned, town

# units 0–47 in rows of 8, columns 0–3 are one community; grids of two columns and three rows: 0–3 in the south, 4–7 in the north
WIDE, HIGH = 8 * 60.0, 6 * 60.0


@pytest.fixture(scope="module")
def project():
    return planned(town(8, 6, 10), 8, 2, 3)


def households(project):
    figures = grid_figures(project)
    return dict(zip(figures.ids.tolist(), figures.households.tolist(), strict=True))


def is_exact(project):
    """Whether units and grids cover the town, and every address lies in its unit."""
    units, homes = project.units, project.households
    polygons = unit_polygons(units)
    away = shapely.distance(polygons[units.address_unit], shapely.points(homes.xy))
    covered = shapely.coverage_is_valid(polygons) and shapely.coverage_is_valid(grid_outlines(units, project.grids))
    return bool(covered and away.max() < 0.02 and set(np.unique(project.grids.labels).tolist()) == set(project.grids.grids))


def test_cutting_units_leaves_grids_sums_and_everything_up_to_date(project):
    before = stale_plans(project)
    after = CutUnits((((-20.0, 80.0), (WIDE + 20, 100.0)),)).apply(project)
    assert len(after.units) == 48 + 8
    assert np.array_equal(after.grids.labels[48:], project.grids.labels[8:16])
    assert households(after) == households(project)
    assert sum_by_unit(after.units, after.households.persons).sum() == pytest.approx(project.households.persons.sum())
    assert before == stale_plans(after) == set()
    assert after.units.issues is project.units.issues
    assert is_exact(after)
    assert fingerprint(after.units) != fingerprint(project.units)
    again = unpack(pack(after))
    assert stale_plans(again) == set()
    assert fingerprint(again.units) == fingerprint(after.units)


def test_a_stale_plan_is_not_fresh_by_a_cut(project):
    stale = dataclasses.replace(project, grids=dataclasses.replace(project.grids, made_from="other"))
    assert stale_plans(CutUnits((((-20.0, 80.0), (WIDE + 20, 100.0)),)).apply(stale)) == {"grids"}


def test_an_address_on_the_line_goes_with_the_part_that_keeps_the_row(project):
    xy = project.households.xy.copy()
    row = int(np.flatnonzero(project.units.address_unit == 18)[0])
    xy[row] = unit_polygons(project.units)[18].representative_point().coords[0]
    x, y = xy[row]
    moved = dataclasses.replace(project, households=dataclasses.replace(project.households, xy=xy))
    after = CutUnits((((x - 100, y), (x + 100, y)),), (18,)).apply(moved)
    assert len(after.units) == 49
    assert after.units.address_unit[row] == 18


def test_a_new_border_along_a_street_is_of_its_kind(project):
    piece = int(np.flatnonzero(project.units.kind == BorderKind.ARTERIAL)[0])
    a, b = project.units.xy[project.units.ends[piece]]
    kind, road = street_along(project.roads, np.array([[a + 0.3 * (b - a), b], [a, a + np.array([30.0, 30.0])]]))
    assert kind.tolist() == [BorderKind.ARTERIAL, BorderKind.CUT]
    assert road.tolist() == [piece, -1]


def test_a_part_that_no_bridge_leads_to_any_longer_cannot_be_crossed_to(project):
    units = project.units
    banks = np.flatnonzero(((units.left == 18) & (units.right == 10)) | ((units.left == 10) & (units.right == 18)))
    kind = units.kind.copy()
    kind[banks] = BorderKind.WATER
    west = units.xy[units.ends[banks[0], 0]]
    street = Lines(west + np.array([[0.0, -20.0], [0.0, 0.0], [0.0, 20.0]]), np.array([0, 3], np.int32))
    one = {"classes": np.array([3], np.int8), "highway": texts(["a"]), "names": texts(["b"]), "oneway": np.zeros(1, np.int8)}
    bridge = dataclasses.replace(project.roads, lines=street, speed=np.zeros(1), level=np.zeros(1, np.int8), **one)
    river = dataclasses.replace(project, units=dataclasses.replace(units, kind=kind), roads=bridge)
    x, y = units.xy[units.ends[banks[0]]].mean(axis=0)
    after = CutUnits((((x, y - 100), (x, y + 100)),), (18,)).apply(river)
    water = np.flatnonzero(after.units.kind == BorderKind.WATER)
    assert len(after.units) == 49
    assert len(water) == 2
    away = np.hypot(*(after.units.xy[after.units.ends[water]] - west).T).min(axis=0)
    assert after.units.blocked[water].tolist() == (away > 1).tolist()
    assert after.units.blocked.sum() == 1
    without = dataclasses.replace(river, roads=NO_ROADS)  # nothing says how the river was crossed before: nothing is concluded
    assert not CutUnits((((x, y - 100), (x, y + 100)),), (18,)).apply(without).units.blocked.any()


def test_nothing_cut_and_locked_grids_are_refused_in_words(project):
    with pytest.raises(EditRejected, match="cuts no unit"):
        CutUnits((((100.0, 90.0), (110.0, 95.0)),)).apply(project)
    locked = LockGrids((0,)).apply(project)
    with pytest.raises(EditRejected, match="is locked"):
        CutUnits((((-20.0, 80.0), (WIDE, 100.0)),), (8,)).apply(locked)
    assert len(CutUnits((((-20.0, 80.0), (WIDE + 20, 100.0)),)).apply(locked).units) == 48 + 6
    for edit in (
        SplitGrid(0, ((60.0, -30.0), (60.0, 220.0))),
        DrawGrid(((30.0, 30.0), (200.0, 30.0), (200.0, 90.0)), 0),
        AddArea(((30.0, 30.0), (200.0, 30.0), (200.0, 90.0)), 1),
        ReshapeBorder(((120.0, 30.0), (90.0, 60.0), (120.0, 90.0)), 0, 1),
    ):
        with pytest.raises(EditRejected, match="is locked"):
            edit.apply(locked)


def test_the_smaller_side_of_a_split_is_a_new_grid_that_knows_where_it_comes_from(project):
    zones = ZonePlan({grid: grid % 2 for grid in range(8)}, {0: Zone("Z1", "a"), 1: Zone("Z2", "b")}, np.zeros(2))
    proof = [Certificate(row, "balance+border", "optimal", 1.0, 1.0, "columns") for row in (0, 1)]
    settings = dataclasses.replace(project.settings, grids=dataclasses.replace(project.settings.grids, valid_from="2026-03-01"))
    base = certified(dataclasses.replace(project, zones=zones, settings=settings), *proof)
    after = SplitGrid(0, ((80.0, -40.0), (85.0, 220.0))).apply(base)
    new = after.grids.grids[8]
    held = households(after)
    assert 0 < held[8] <= held[0] == households(project)[0] - held[8]
    assert (new.code, new.prev_code, new.valid_from, new.community) == ("620802100001007", project.grids.grids[0].code, "2026-03-01", 0)
    assert new.name.endswith("07")
    assert after.grids.grids[0].code == project.grids.grids[0].code
    assert after.zones.members[8] == 0
    assert [(c.status, c.why) for c in after.grids.certificates] == [("none", "edited"), ("optimal", "")]
    assert not code_issues(after)
    assert is_exact(after)


def test_a_split_with_whole_units_cuts_none_and_a_line_that_ends_inside_divides_nothing(project):
    after = SplitGrid(0, ((70.0, -40.0), (66.0, 220.0)), whole=True).apply(project)
    assert len(after.units) == 48
    assert set(np.flatnonzero((after.grids.labels == 8) | (after.grids.labels == 0)).tolist()) == {0, 1, 8, 9, 16, 17}
    assert sorted(((after.grids.labels == 8).sum(), (after.grids.labels == 0).sum())) == [3, 3]
    for line in (((60.0, -40.0), (66.0, 100.0)), ((300.0, 0.0), (400.0, 50.0))):
        with pytest.raises(EditRejected, match="does not divide"):
            SplitGrid(0, line).apply(project)
    with pytest.raises(EditRejected, match="exclusive"):
        SplitGrid(0, ((70.0, -40.0), (66.0, 220.0))).apply(MakeExclusive(0).apply(project))


def test_a_drawn_grid_holds_what_is_within_its_community_and_an_emptied_one_names_it(project):
    ring = ((-30.0, -30.0), (150.0, -30.0), (150.0, 280.0), (-30.0, 280.0))
    after = DrawGrid(ring, 0).apply(project)
    assert is_exact(after)
    assert 0 not in after.grids.grids  # it lies wholly within the line
    assert [(end.code, end.successors) for end in after.grids.retired] == [(project.grids.grids[0].code, (after.grids.grids[8].code,))]
    assert after.grids.grids[8].prev_code.split(",")[0] == project.grids.grids[0].code
    outline = grid_outlines(after.units, after.grids)[-1]
    within = shapely.intersection(shapely.Polygon(ring), shapely.union_all(unit_polygons(project.units)))
    assert outline.symmetric_difference(within).area < 0.01 * within.area
    wide = DrawGrid(((150.0, 60.0), (330.0, 60.0), (330.0, 150.0), (150.0, 150.0)), 0).apply(project)
    assert {grid: households(wide)[grid] for grid in (2, 3, 6, 7)} == {grid: households(project)[grid] for grid in (2, 3, 6, 7)}
    with pytest.raises(EditRejected, match="nothing within"):
        DrawGrid(((800.0, 60.0), (900.0, 60.0), (900.0, 150.0)), 0).apply(project)


def test_a_ring_around_one_grid_makes_no_other_of_it(project):
    around = shapely.buffer(grid_outlines(project.units, project.grids)[0], 0.1)
    with pytest.raises(EditRejected, match="very outline"):
        DrawGrid(tuple(around.exterior.coords[:-1]), 0).apply(project)


def test_an_area_in_the_middle_of_a_unit_can_change_grids(project):
    x, y = unit_polygons(project.units)[19].representative_point().coords[0]
    ring = ((x - 8, y - 8), (x + 8, y - 8), (x + 8, y + 8), (x - 8, y + 8))
    grid = int(project.grids.labels[18])
    after = AddArea(ring, 4 if grid != 4 else 0).apply(project)
    assert len(after.units) == 49
    assert shapely.area(unit_polygons(after.units)[48]) == pytest.approx(256, abs=2)
    assert is_exact(after)


def test_a_new_course_of_a_border_moves_what_lies_between(project):
    units = project.units
    both = {int(node) for node in units.ends[(project.grids.labels[units.left] == 0) & (project.grids.labels[units.right] == 1)].ravel()}
    both |= {int(node) for node in units.ends[(project.grids.labels[units.left] == 1) & (project.grids.labels[units.right] == 0)].ravel()}
    places = units.xy[sorted(both)]
    low, high = places[places[:, 1].argmin()], places[places[:, 1].argmax()]
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    line = ((x0 + 2, y0 + 10), (x0 - 30, y0 + 30), (x1 - 30, y1 - 30), (x1 + 3, y1 - 10))
    after = ReshapeBorder(line, 0, 1).apply(project)
    held, was = households(after), households(project)
    assert held[1] > was[1]
    assert held[0] + held[1] == was[0] + was[1]
    assert is_exact(after)
    with pytest.raises(EditRejected, match="from one place on the border"):
        ReshapeBorder(((60.0, 60.0), (61.0, 60.0)), 0, 1).apply(project)
    with pytest.raises(EditRejected, match="no border in common"):
        ReshapeBorder(line, 0, 5).apply(project)


def test_places_that_must_stay_lie_in_a_part_of_their_unit(project):
    stays = HoldUnits((18,)).apply(project)
    x, y = stays.rules.must_stay.xy[0].tolist()
    after = CutUnits((((x - 100, y + 3), (x + 100, y + 3)),), (18,)).apply(stays)
    part = unit_at(after.units, x, y)
    assert part in {18, 48}
    assert after.grids.labels[part] == stays.grids.labels[18]


def test_an_edit_that_was_tried_is_not_computed_again_unless_the_project_is_another(project):
    edit = CutUnits((((-20.0, 80.0), (WIDE + 20, 100.0)),))
    ready = prepared(edit, project)
    assert ready.words == edit.words
    assert ready.apply(project) is ready.after
    cut = ready.apply(LockGrids((0,)).apply(project))
    assert len(cut.units) == len(ready.after.units) - 2


def test_a_cut_leaves_what_it_does_not_touch_row_by_row(project):
    after = CutUnits((((-20.0, 80.0), (WIDE + 20, 100.0)),)).apply(project)
    beyond = np.arange(24, 48)  # two rows of units north of those that are cut
    assert shapely.equals(unit_polygons(after.units)[beyond], unit_polygons(project.units)[beyond]).all()
    assert np.array_equal(after.units.xy[: len(project.units.xy)], project.units.xy)
    pieces = np.flatnonzero((project.units.left >= 24) & (project.units.right >= 24))
    for name in ("ends", "left", "right", "kind", "road", "blocked"):
        assert np.array_equal(getattr(after.units, name)[pieces], getattr(project.units, name)[pieces])


def test_the_one_grid_of_a_community_takes_another_code_where_the_standard_wants_it_when_it_is_split():
    plain = planned(town(8, 6, 10), 8, 4, 6)
    uncoded = {key: dataclasses.replace(grid, code="") for key, grid in plain.grids.grids.items()}
    whole = RecodeGrids("CJ/T 349:010000").apply(dataclasses.replace(plain, grids=dataclasses.replace(plain.grids, grids=uncoded)))
    assert {grid.code[-2:] for grid in whole.grids.grids.values()} == {"00"}
    held = HoldUnits((0,)).apply(whole)
    after = SplitGrid(0, ((120.0, -40.0), (120.0, 400.0))).apply(held)
    numbers = sorted(grid.code[-2:] for grid in after.grids.grids.values())
    assert numbers == ["00", "01", "02"]  # the other community is still undivided
    assert after.grids.grids[0].prev_code == whole.grids.grids[0].code
    assert after.rules.must_stay.codes.tolist() == [after.grids.grids[0].code]
    assert not code_issues(after)


def random_edit(rng, project):
    place = rng.uniform((0, 0), (WIDE, HIGH))
    grids = sorted(project.grids.grids)
    grid = int(rng.choice(grids))
    line = tuple(map(tuple, np.cumsum(np.vstack((place, rng.normal(0, 60, (rng.integers(1, 5), 2)))), axis=0)))
    angle = np.sort(rng.uniform(0, 2 * np.pi, 6))
    ring = tuple(map(tuple, place + rng.uniform(10, 120) * np.column_stack((np.cos(angle), np.sin(angle)))))
    across = tuple(map(tuple, (place - (0, 200), place + rng.normal(0, 20, 2), place + np.array([rng.normal(0, 40), 200]))))
    kinds = (
        CutUnits((line,)), SplitGrid(grid, across), SplitGrid(grid, across, whole=True), AddArea(ring, grid),
        DrawGrid(ring, int(rng.integers(2))), ReshapeBorder(line, grid, int(rng.choice(grids))),
    )  # fmt: skip
    return kinds[rng.integers(len(kinds))]


def test_after_hundreds_of_random_lines_the_plan_is_exact_and_undo_restores_it(project):
    rng = np.random.default_rng(4)
    session, done = Session(project), 0
    total = project.households.households.sum()
    community = project.units.community[project.units.address_unit]
    for step in range(160):
        if step == 80:
            session.do(LockGrids((sorted(session.project.grids.grids)[0],)))
        before = session.project
        try:
            session.do(random_edit(rng, before))
        except EditRejected:
            assert session.project is before
            continue
        done += 1
        after = session.project
        assert sum_by_unit(after.units, after.households.households).sum() == total
        assert np.array_equal(after.units.community[after.units.address_unit], community)
        if done % 20 == 0:
            assert is_exact(after)
            assert stale_plans(after) == set()
            assert not code_issues(after)
    assert done > 40
    assert is_exact(session.project)
    while session.history.past:
        session.undo()
    assert session.project is project
