"""A plan drawn elsewhere as the start: overlaps, gaps, shifts, limits and pieces are mended, told, and move few households."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.model.check import check
from gridplanner.model.issues import Level
from gridplanner.model.lines import Lines
from gridplanner.model.outlines import grid_ids, grid_outlines
from gridplanner.model.places import Communities, DrawnGrids, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.model.transfers import transfers_of
from gridplanner.planning.drawn_grids import drawn_plan
from gridplanner.planning.pipeline import run_steps
from gridplanner.planning.replan import propose_replan
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings, ProjectSettings, Settings

X0, Y0, BLOCK = 500_000.0, 3_900_000.0, 100.0
WEST, EAST = "620802001001", "620802001002"


def square(column, row, wide=2, high=2):
    """A rectangle of blocks: two communities of 4 × 4 blocks lie side by side, columns 0–3 and 4–7."""
    return shapely.box(X0 + BLOCK * column, Y0 + BLOCK * row, X0 + BLOCK * (column + wide), Y0 + BLOCK * (row + high))


def squares():
    """The eight grids that anybody would draw: 2 × 2 blocks, 300 households each."""
    return {(c, r): square(c, r) for c in (0, 2, 4, 6) for r in (0, 2)}


def code(column, row):
    return f"{WEST if column < 4 else EAST}{100 * column // 2 + row // 2 + 1:03d}"


@pytest.fixture(scope="module")
def town():
    """Two communities of sixteen blocks; each block has 75 households at 25 addresses."""
    rng = np.random.default_rng(3)
    spots = 8 + 84 * rng.random((25, 2))
    xy = np.concatenate([spots + np.array([X0 + BLOCK * c, Y0 + BLOCK * r]) for c in range(8) for r in range(4)])
    ticks = [[(X0 + BLOCK * c, Y0), (X0 + BLOCK * c, Y0 + 4 * BLOCK)] for c in range(9)]
    ticks += [[(X0, Y0 + BLOCK * r), (X0 + 8 * BLOCK, Y0 + BLOCK * r)] for r in range(5)]
    count = len(ticks)
    zero = np.zeros(count, np.int8)
    roads = Roads(
        Lines(np.array(ticks).reshape(-1, 2), np.arange(0, 2 * count + 1, 2, dtype=np.int32)),
        np.full(count, RoadClass.STREET, np.int8), texts(["residential"] * count), texts([""] * count), zero, np.zeros(count), zero,
        noded=False,
    )  # fmt: skip
    outlines = np.array([square(0, 0, 4, 4), square(4, 0, 4, 4)], object)
    return Project(
        settings=Settings(ProjectSettings("drawn", "EPSG:4545", 1), grids=GridSettings(target_households=300.0)),
        crs="EPSG:4545",
        communities=Communities(outlines, texts([WEST, EAST]), texts(["西", "东"]), texts(["", ""])),
        households=Households(np.round(xy, 2), np.full(len(xy), 3.0), np.full(len(xy), 7.8), texts([f"{i}号" for i in range(len(xy))])),
        roads=roads,
    )


def drawn_over(town, shapes):
    """The town with drawn grids {(column, row): shape}, its units made, and the issues told at the end."""
    polygons = np.empty(len(shapes), object)
    polygons[:] = list(shapes.values())
    drawn = DrawnGrids(polygons, texts([code(*key) for key in shapes]), texts([f"网格{c}{r}" for c, r in shapes]))
    project = dataclasses.replace(town, drawn=drawn)
    return propose_units(project).apply(project)


def replanned(project):
    return propose_replan(project).apply(project)


def kinds(project):
    return [issue.kind for issue in check(project)]


def code_at(project, column, row):
    """The code of the grid over the middle of a block."""
    shapes = grid_outlines(project.units, project.grids)
    hit = shapely.STRtree(shapes).query(square(column, row, 1, 1).centroid, predicate="intersects")
    return project.grids.grids[int(grid_ids(project.grids)[hit[0]])].code


def test_a_plan_drawn_well_stays_as_it_was_drawn(town):
    project = replanned(drawn_over(town, squares()))
    assert len(transfers_of(project)) == 0
    assert {grid.code for grid in project.grids.grids.values()} == {code(*key) for key in squares()}
    assert {grid.name for grid in project.grids.grids.values()} == {f"网格{c}{r}" for c, r in squares()}
    assert project.grids.retired == ()
    shapes = dict(zip([g.code for _id, g in sorted(project.grids.grids.items())], grid_outlines(project.units, project.grids), strict=True))
    for key, shape in squares().items():
        assert shapes[code(*key)].symmetric_difference(shape).area < 1.0
    assert not [kind for kind in kinds(project) if kind.startswith("drawn")]
    assert all(issue.level is Level.INFO for issue in check(project))


def test_outlines_a_few_metres_off_follow_the_streets_and_move_nobody(town):
    rng = np.random.default_rng(1)
    shifted = {key: shapely.transform(shape, lambda xy: xy + rng.uniform(-3, 3, 2)) for key, shape in squares().items()}
    project = replanned(drawn_over(town, shifted))
    assert len(transfers_of(project)) == 0
    assert set(grid_figures(project).status) == {"ok"}
    plain = propose_units(town).apply(town)
    assert len(project.units) <= 1.1 * len(plain.units)


def test_of_two_that_overlap_each_unit_goes_to_the_one_that_holds_more_of_it(town):
    shapes = squares() | {(2, 0): square(1.5, 0, 2.5, 2)}
    project = replanned(drawn_over(town, shapes))
    told = [issue for issue in check(project) if issue.kind == "drawn_overlap"]
    assert len(told) == 1
    assert code(0, 0) in told[0].message
    assert "households" in told[0].message
    assert X0 + 150 <= told[0].x <= X0 + 200
    assert Y0 <= told[0].y <= Y0 + 200
    assert set(grid_figures(project).status) == {"ok"}
    assert len(project.grids.grids) == 8


def test_a_gap_goes_to_the_nearest_grids_of_its_community_and_is_told(town):
    shapes = squares()
    shapes[0, 0] = square(0, 0, 1, 2)  # the second column of its blocks is in no grid
    project = drawn_over(town, shapes)
    told = [issue for issue in drawn_plan(project).issues if issue.kind == "drawn_gap"]
    assert len(told) == 1
    assert told[0].values["n"] == "150"
    assert X0 + 100 <= told[0].x <= X0 + 200
    project = replanned(project)
    assert set(grid_figures(project).status) == {"ok"}
    moves = transfers_of(project)
    gap = shapely.contains_xy(square(1, 0, 1, 2), town.households.xy[:, 0], town.households.xy[:, 1])
    assert set(np.flatnonzero(gap).tolist()) == set(moves.address[moves.before == ""].tolist())
    assert code_at(project, 0, 0) == code(0, 0)


def test_a_grid_across_a_limit_is_cut_there_and_the_larger_part_keeps_the_code(town):
    shapes = squares()
    shapes[2, 0] = square(2, 0, 2.8, 2)
    shapes[4, 0] = square(4.8, 0, 1.2, 2)
    project = drawn_over(town, shapes)
    told = [issue for issue in drawn_plan(project).issues if issue.kind == "crosses_limit"]
    assert len(told) == 1
    assert "西" in told[0].message
    assert "东" in told[0].message
    project = replanned(project)
    assert code_at(project, 3, 0) == code(2, 0)
    figures = grid_figures(project)
    for shape, row in zip(grid_outlines(project.units, project.grids), figures.community.tolist(), strict=True):
        assert shape.difference(town.communities.polygons[row]).area < 1.0
    assert set(figures.status) == {"ok"}


def test_what_a_limit_cuts_off_is_a_grid_of_its_own_where_it_weighs_enough(town):
    shapes = squares()
    del shapes[4, 0]
    shapes[2, 0] = square(2, 0, 4, 2)
    project = replanned(drawn_over(town, shapes))
    (new,) = [grid for grid in project.grids.grids.values() if grid.code not in {code(*key) for key in shapes}]
    assert new.community == 1
    assert new.prev_code == code(2, 0)
    assert new.code.startswith(EAST)
    moves = transfers_of(project)
    assert moves.moved == 300
    assert set(moves.before) == {code(2, 0)}
    assert set(moves.now) == {new.code}


def test_a_grid_in_two_pieces_is_told_and_made_one(town):
    shapes = squares()
    shapes[0, 0] = shapely.union_all([square(0, 0, 2, 1), square(0, 2, 2, 1)])
    shapes[0, 2] = shapely.union_all([square(0, 1, 2, 1), square(0, 3, 2, 1)])
    project = drawn_over(town, shapes)
    assert [issue.kind for issue in drawn_plan(project).issues].count("drawn_pieces") == 2
    project = replanned(project)
    assert set(grid_figures(project).status) == {"ok"}
    assert {grid.code for grid in project.grids.grids.values()} == {code(*key) for key in shapes}


def test_a_drawn_grid_beside_all_communities_ends_and_is_told(town):
    shapes = squares() | {(8, 0): square(20, 20)}
    project = replanned(drawn_over(town, shapes))
    assert [issue.kind for issue in check(project)].count("drawn_lost") == 1
    assert [end.code for end in project.grids.retired] == [code(8, 0)]
    assert len(transfers_of(project)) == 0


def test_a_code_that_the_profile_does_not_know_is_kept_and_told(town):
    project = drawn_over(town, squares())
    codes = project.drawn.codes.copy()
    codes[0], codes[1] = "A-17", ""
    project = dataclasses.replace(project, drawn=dataclasses.replace(project.drawn, codes=codes))
    project = propose_units(project).apply(project)
    project = replanned(project)
    found = {grid.code for grid in project.grids.grids.values()}
    assert "A-17" in found
    assert len(found) == 8
    assert "" not in found
    assert "drawn_code" in kinds(project)


def test_a_crowded_drawn_plan_comes_into_the_band_within_its_limit(town):
    shapes = squares()
    shapes[0, 0], shapes[2, 0] = square(0, 0, 3, 2), square(3, 0, 1, 2)
    project = drawn_over(town, shapes)
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=GridSettings(300.0, max_moved=0.08)))
    project = replanned(project)
    moves = transfers_of(project)
    assert 120 <= moves.moved <= 150
    assert set(grid_figures(project).status) == {"ok"}
    assert set(moves.before) == {code(0, 0)}


def test_the_steps_of_a_plan_start_from_what_is_drawn(town):
    project = dataclasses.replace(drawn_over(town, squares()), units=None)
    for _name, after, _seconds in run_steps(project):
        project = after
    assert project.grids.replan is not None
    assert {grid.code for grid in project.grids.grids.values()} == {code(*key) for key in squares()}


def test_without_any_plan_there_is_nothing_to_start_from(town):
    project = propose_units(town).apply(town)
    with pytest.raises(InputError, match="current_grids"):
        propose_replan(project)
