import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.units.cells import cell_areas, without_specks


def drawn(picture):
    """Columns, rows from the bottom, and labels of a picture; a space is no cell, a dot a cell without a label."""
    lines = picture.split("\n")[::-1]
    cells = [(x, y, -1 if sign == "." else int(sign)) for y, line in enumerate(lines) for x, sign in enumerate(line) if sign != " "]
    return tuple(np.array(column) for column in zip(*cells, strict=True))


def test_a_block_of_cells_is_one_square():
    column, row, label = drawn("00\n00")
    area = cell_areas(column, row, label, 1, (100.0, 200.0), 10.0)[0]
    assert shapely.equals(area, shapely.box(100, 200, 120, 220))


def test_a_hole_belongs_to_what_lies_in_it():
    column, row, label = drawn("000000\n001100\n001100\n000000")
    around, inside = cell_areas(column, row, label, 2, (0.0, 0.0), 10.0)
    assert len(around.interiors) == 1
    assert shapely.area(around) + shapely.area(inside) == pytest.approx(2400)
    assert shapely.area(shapely.intersection(around, inside)) == 0


def test_stairs_become_slopes():
    n = 12
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n)))
    label = (column > row).astype(int)
    upper, lower = cell_areas(column, row, label, 2, (0.0, 0.0), 10.0)
    assert shapely.get_num_coordinates(upper) < n
    assert shapely.area(upper) + shapely.area(lower) == pytest.approx(100 * n * n)


def test_a_label_without_cells_has_no_area():
    column, row, label = drawn("00.\n00.\n...")
    found = cell_areas(column, row, label, 2, (0.0, 0.0), 10.0)
    assert shapely.area(found[0]) == 400
    assert found[1] is None


def test_specks_are_given_to_what_is_around_them():
    column, row, label = drawn("0000011\n0100011\n00.0002\n0002200\n0002200")
    found = without_specks(column, row, label, 4)
    changed = ((column == 1) & (label == 1)) | ((column == 6) & (label == 2)) | (label < 0)
    assert np.array_equal(found != label, changed)
    assert set(found.tolist()) == {0, 1, 2}  # the larger speck of two cells stays, or no area of 1 were left
    assert set(without_specks(column, row, label, 1).tolist()) == {-1, 0, 1, 2}
    alone = drawn("1")
    assert without_specks(*alone, 4).tolist() == [1]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_areas_cover_their_cells_without_overlap(seed):
    rng = np.random.default_rng(seed)
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(9) - 4, np.arange(7)))
    kept = rng.random(63) < 0.8
    column, row = column[kept], row[kept]
    label = rng.integers(-1, 3, len(column))
    areas = cell_areas(column, row, label, 3, (0.5, 0.25), 2.0)
    there = areas[shapely.is_geometry(areas)]
    assert shapely.is_valid(there).all()
    assert shapely.coverage_is_valid(there)
    whole = shapely.union_all(there)
    assert shapely.area(there).sum() == pytest.approx(shapely.area(whole))
    assert [area is not None for area in areas] == [bool((label == k).any()) for k in range(3)]
