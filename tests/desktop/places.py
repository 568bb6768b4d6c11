"""Where to put the hand: places, borders and grids of a project that a step of the day needs, and what must hold after it."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
import shapely

from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.model.units import border_lengths, unit_areas
from ui.find import KINDS, found_of


def outline(project: Project, grid: int) -> shapely.Geometry:
    assert project.units is not None
    assert project.grids is not None
    return grid_outlines(project.units, project.grids)[sorted(project.grids.grids).index(grid)]


def inside(project: Project, grid: int) -> tuple[float, float]:
    """Return a place well inside the largest unit of a grid."""
    assert project.units is not None
    assert project.grids is not None
    mine = [unit_polygons(project.units)[unit] for unit in np.flatnonzero(project.grids.labels == grid).tolist()]
    largest = max(mine, key=lambda shape: float(shape.area))
    place = shapely.point_on_surface(largest)
    return float(place.x), float(place.y)


def border_to_push(project: Project, number: int) -> tuple[tuple[int, int], tuple[float, float], tuple[float, float]]:
    """Return two neighbouring grids of one community, a place on their border, and the direction into the second."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    a, b = plan.labels[units.left], plan.labels[units.right]
    both = (units.left >= 0) & (units.right >= 0) & (a != b)
    both &= np.where(both, units.community[units.left] == units.community[units.right], False)
    both &= border_lengths(units) > 20.0
    row = int(np.argsort(np.where(both, unit_areas(units)[units.right], np.inf), kind="stable")[number * 3])
    start, end = units.xy[units.ends[row]]
    step = (end - start) / np.hypot(*(end - start))
    right = (float(step[1]), float(-step[0]))  # what lies right of a piece is on its right
    return (int(a[row]), int(b[row])), tuple(((start + end) / 2).tolist()), right


def largest_grid(project: Project) -> int:
    figures = grid_figures(project)
    return int(figures.ids[int(figures.area_m2.argmax())])


def worst_grid(project: Project) -> int:
    figures = grid_figures(project)
    return int(figures.ids[int(np.abs(figures.deviation).argmax())])


def deviation_of(project: Project, grid: int) -> float:
    figures = grid_figures(project)
    return float(figures.deviation[figures.ids.tolist().index(grid)])


def first_kind(project: Project) -> tuple[str, list[int]]:
    """Return the first kind of what wants a look that there is, and its grids in the order in which they are walked through."""
    figures = grid_figures(project)
    return next((kind, [one.grid for one in found]) for kind in KINDS if (found := found_of(kind, project, figures)))


def two_small_neighbours(project: Project) -> tuple[int, int]:
    """Return two neighbouring grids of one community with few households together, none of them locked."""
    units, plan, figures = project.units, project.grids, grid_figures(project)
    assert units is not None
    assert plan is not None
    held = dict(zip(figures.ids.tolist(), figures.households.tolist(), strict=True))
    both = (units.left >= 0) & (units.right >= 0)
    pairs = np.unique(np.sort(plan.labels[np.column_stack((units.left, units.right))[both]], axis=1), axis=0).tolist()
    fitting = [
        (a, b) for a, b in pairs
        if a != b and plan.grids[a].community == plan.grids[b].community and not plan.grids[a].locked and not plan.grids[b].locked
    ]  # fmt: skip
    return min(fitting, key=lambda pair: held[pair[0]] + held[pair[1]])


def grid_of_another(project: Project, members: Mapping[int, int]) -> tuple[int, int]:
    """Return two neighbouring grids of different groups, the second of a group that stays in one piece without it."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    both = (units.left >= 0) & (units.right >= 0) & ~units.blocked
    sides = plan.labels[np.column_stack((units.left, units.right))[both]]
    graph = nx.Graph(sides[sides[:, 0] != sides[:, 1]].tolist())

    def stays(grid: int) -> bool:
        rest = [other for other, group in members.items() if group == members[grid] and other != grid]
        return len(rest) > 0 and nx.is_connected(graph.subgraph(rest))

    return next((a, b) for a, b in sorted(graph.to_directed().edges) if members[a] != members[b] and stays(b))


def check_coverage(project: Project) -> None:
    """The grids fill the communities without gap or overlap, and hold every household that lies in one."""
    assert project.units is not None
    assert project.grids is not None
    shapes = grid_outlines(project.units, project.grids)
    assert shapely.coverage_is_valid(shapes)
    assert abs(shapely.area(shapes).sum() - shapely.area(project.communities.polygons).sum()) < 2.0
    inside_one = project.units.address_unit >= 0
    assert abs(grid_figures(project).households.sum() - project.households.households[inside_one].sum()) < 1e-6
