import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.project import Project
from gridplanner.model.units import unit_areas
from tests.ui.builders import planned, town
from ui.map.bounds import bounds_of
from ui.map.colours import HUES, grid_colours, neighbour_pairs, palette
from ui.map.label_layer import short_code
from ui.map.land_layer import community_loops
from ui.map.road_layer import line_pieces, road_index
from ui.map.shapes import border_pieces, grid_loops, inner_point, path_of, polygon_of, unit_loops
from ui.styles import DARK, LIGHT


def shoelace(loop: np.ndarray) -> float:
    x, y = (loop - loop[0]).T
    return float(0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def test_the_loops_of_a_grid_enclose_the_area_of_its_units(project: Project) -> None:
    assert project.units is not None
    assert project.grids is not None
    areas = grid_loops(project.units, project.grids)
    wanted = np.bincount(project.grids.labels, unit_areas(project.units))
    for row, label in enumerate(areas.ids.tolist()):
        assert sum(shoelace(loop) for loop in areas.loops(row)) == pytest.approx(wanted[label])


def test_a_grid_around_another_has_a_hole(project: Project) -> None:
    assert project.units is not None
    labels = np.ones(len(project.units), np.int32)
    labels[[13, 14]] = 2
    plan = GridPlan(labels, {1: Grid(0), 2: Grid(0)})
    areas = grid_loops(project.units, plan)
    path = path_of(areas.loops(0), areas.origin)
    inside = project.units.xy[project.units.ends[project.units.left == 13]].reshape(-1, 2).mean(axis=0) - areas.origin
    assert len(areas.loops(0)) == 2
    assert not path.contains(QPointF(*inside.tolist()))


def test_labels_stand_inside_their_grids(project: Project) -> None:
    assert project.units is not None
    assert project.grids is not None
    areas = grid_loops(project.units, project.grids)
    for row in range(len(areas)):
        x, y = inner_point(areas.loops(row))
        assert path_of(areas.loops(row), areas.origin).contains(QPointF(x - areas.origin[0], y - areas.origin[1]))


def test_a_polygon_is_copied_point_by_point() -> None:
    xy = np.array([[1.5, 2.0], [3.0, 4.25], [5.0, 6.0]])
    assert [(point.x(), point.y()) for point in polygon_of(xy).toList()] == [tuple(place) for place in xy.tolist()]


def test_neighbouring_grids_never_share_a_colour() -> None:
    project = planned(town(30, 30, 2), 30, 2, 2)
    assert project.units is not None
    assert project.grids is not None
    colours = grid_colours(project.units, project.grids)
    pairs = neighbour_pairs(project.units, project.grids.labels)
    assert len(pairs) > 300
    assert all(colours[a] != colours[b] for a, b in pairs.tolist())
    assert len(set(colours.values())) > 4


def test_most_grids_keep_their_colour_through_an_edit(project: Project) -> None:
    assert project.units is not None
    assert project.grids is not None
    after = MoveUnits((4,), 0).apply(project)
    assert after.grids is not None
    before, now = grid_colours(project.units, project.grids), grid_colours(project.units, after.grids)
    assert sum(before[label] == now[label] for label in before) >= len(before) - 3


def test_border_pieces_lie_between_different_labels_or_outside(project: Project) -> None:
    assert project.units is not None
    assert project.grids is not None
    assert len(border_pieces(project.units, project.grids.labels)) < len(project.units.ends)
    assert len(border_pieces(project.units, np.zeros(len(project.units), np.int32))) == 2 * (12 + 8)
    assert len(unit_loops(project.units)) == len(project.units)


def test_polylines_become_straight_pieces_that_never_join_two_lines(project: Project) -> None:
    pieces, owner = line_pieces(project.roads.lines)
    assert len(pieces) == len(project.roads)
    assert owner.tolist() == list(range(len(project.roads)))
    assert sum(map(len, road_index(project.roads).values())) == len(pieces)


def test_communities_come_as_rings_without_shapely_and_bounds_follow_the_data(project: Project) -> None:
    rings = community_loops(project.communities)
    assert [len(loops) for loops in rings] == [1, 1]
    assert bounds_of(dataclasses.replace(project, units=None, grids=None)) == pytest.approx(bounds_of(project))
    assert bounds_of(Project()) is None


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_fills_are_all_different(theme: object) -> None:
    assert len({colour.name() for colour in palette(theme)}) == len(HUES)  # type: ignore[arg-type]


def test_short_codes_are_what_tells_neighbours_apart() -> None:
    assert short_code(Grid(0, "620802100001007"), 7) == "07"
    assert short_code(Grid(0, "620802100001123"), 7) == "123"
    assert short_code(Grid(0), 4) == "05"
