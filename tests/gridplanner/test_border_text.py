"""The streets on the four sides of a grid: held against the corners of the lattice town, where they are known."""

import dataclasses

import numpy as np
import pytest

from gridplanner.model.border_text import limits_of_grids, limits_words, neighbours_of
from gridplanner.model.outlines import grid_ids, grid_outlines
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.units import BorderKind
from tests.ui.builders import SIDE, planned, town

COLUMNS = 12


def named_town() -> Project:
    """The lattice town in which every lattice line is a street called after its number: R0, R1 … across and C0, C1 … along."""
    project = planned(town(COLUMNS, 8), COLUMNS)
    units = project.units
    assert units is not None
    column, row = units.ends % (COLUMNS + 1), units.ends // (COLUMNS + 1)
    along = column[:, 0] == column[:, 1]
    names = [f"C{c}" if up else f"R{r}" for up, c, r in zip(along, column[:, 0], row[:, 0], strict=True)]
    roads = dataclasses.replace(project.roads, names=texts(names))
    return dataclasses.replace(project, roads=roads, units=dataclasses.replace(units, road=np.arange(len(units.ends), dtype=np.int32)))


def test_each_side_is_named_by_the_lattice_line_that_runs_there() -> None:
    project = named_town()
    assert project.grids is not None
    ids = grid_ids(project.grids)
    for grid, limits in zip(ids.tolist(), limits_of_grids(project, ids), strict=True):
        across, up = grid % 3, grid // 3
        assert limits == ((f"C{4 * across + 4}",), (f"R{2 * up}",), (f"C{4 * across}",), (f"R{2 * up + 2}",))


def test_a_street_along_part_of_a_side_is_named_after_the_longer_one_and_a_short_one_is_not() -> None:
    project = named_town()
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    labels = plan.labels.copy()
    labels[[4, 5]] = 0  # two units of the second grid's lower row: the eastern side steps from C4 to C6
    stepped = dataclasses.replace(project, grids=dataclasses.replace(plan, labels=labels))
    east, south, west, north = limits_of_grids(stepped, np.array([0], np.int32))[0]
    assert sorted(east) == ["C4", "C6"]
    assert (south, west) == (("R0",), ("C0",))
    assert north == ("R2", "R1")
    words = limits_words((east, south, west, north))
    assert words == f"east: {east[0]}, {east[1]}; south: R0; west: C0; north: R2, R1"


def test_what_has_no_name_is_called_by_its_kind() -> None:
    project = planned(town(COLUMNS, 8), COLUMNS)
    units = project.units
    assert units is not None
    kind = units.kind.copy()
    outside = (units.left < 0) | (units.right < 0)
    kind[outside] = BorderKind.CUT
    bare = dataclasses.replace(project, units=dataclasses.replace(units, kind=kind))
    limits = limits_of_grids(bare, np.array([0], np.int32))[0]
    assert limits[1] == limits[2] == ("community limit",)
    assert limits[0] == limits[3] == ("street",)


@pytest.mark.parametrize("few", [True, False])
def test_a_grid_alone_is_told_as_among_all(few: bool) -> None:
    project = named_town()
    assert project.grids is not None
    ids = grid_ids(project.grids)
    everywhere = limits_of_grids(project, np.tile(ids, 1) if few else ids)
    assert [limits_of_grids(project, ids[i : i + 1])[0] for i in range(len(ids))] == everywhere


def test_the_first_name_of_a_side_lies_there() -> None:
    """Of a jittered town: the eastern street's pieces lie east of the middle of the grid, and so on."""
    project = named_town()
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    shapes = grid_outlines(units, plan)
    for row, limits in enumerate(limits_of_grids(project, grid_ids(plan))):
        middle = shapes[row].centroid
        for (name, *_others), axis, sign in zip(limits, (0, 1, 0, 1), (1, -1, -1, 1), strict=True):
            lines = np.flatnonzero(project.roads.names == name)
            place = np.concatenate([project.roads.lines.line(i) for i in lines])[:, axis].mean()
            assert sign * (place - (middle.x, middle.y)[axis]) > SIDE / 2


def test_neighbours_are_those_with_a_common_border_the_longest_first() -> None:
    project = planned(town(COLUMNS, 8), COLUMNS)
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    shapes, ids = grid_outlines(units, plan), grid_ids(plan)
    for row, grid in enumerate(ids.tolist()):
        found, metres = neighbours_of(units, plan, grid)
        common = {int(ids[i]): shapes[row].intersection(shapes[i]).length for i in range(len(ids)) if i != row}
        assert dict(zip(found.tolist(), metres.round(6).tolist(), strict=True)) == {g: round(m, 6) for g, m in common.items() if m > 0}
        assert metres.tolist() == sorted(metres.tolist(), reverse=True)
