"""Case: closing a district of a made city of 100,000 road nodes, and choosing which crossings to hold."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import shapely

from algorithms.checkpoints.min_cut import min_cut
from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.made_city import CELL, CRS, corners, homes_in, kept_sides, streets, walls
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.duty_settings import CheckpointSettings
from gridplanner.model.lines import Floats, Texts
from gridplanner.model.places import Communities, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.planning.checkpoints import propose_checkpoints
from gridplanner.planning.cordon_areas import cordon_areas
from gridplanner.planning.cordon_closing import closure_of
from gridplanner.planning.cordon_crossings import crossings_of
from gridplanner.planning.travel import ways_of
from gridplanner.settings import ProjectSettings, Settings

NOTES = (
    "Checkpoints: a made city of bent streets with an arterial every ten cells of 90 m, a round district in its middle. For the cut every"
    " street may be held, so that it is as large as it can be; it begins with the road graph and the crossings found.",
)
CELLS, QUICK_CELLS = 335, 120  # cells across the city
SHARE = 0.33  # of the city's width that the district's radius is
SECONDS = 0.5
DEPTHS = (0.0, 1000.0, 5000.0)  # metres behind the boundary within which the cut may lie


def rows(quick: bool, progress: Progress = SILENT) -> list[Row]:
    """Return the rows: seconds of the minimum cut at some depths, whether it is proven, and the choice of 18 crossings."""
    project = made_district(QUICK_CELLS if quick else CELLS)
    settings = CheckpointSettings(count=18)
    ways = ways_of(project.roads, "car")
    case = f"district in {ways.graph.node_count:,} road nodes"
    area = cordon_areas(project, settings.count)[0][0]
    every = (*settings.manpower, "residential")  # all may be held: the cut is the largest that there is
    start = time.perf_counter()
    crossed = crossings_of(project, ways, area, CheckpointSettings(classes=every), progress)
    found = [at_most(case, "crossings found", time.perf_counter() - start, None, "s")]
    for depth in DEPTHS:
        progress.check()
        wish = CheckpointSettings(classes=every, depth_m=depth)
        start = time.perf_counter()
        closure = closure_of(project, ways, crossed, wish)
        took = time.perf_counter() - start
        name = f"minimum cut, {depth / 1000:g} km deep"
        found.append(at_most(case, name, took, SECONDS, "s"))
        found.append(at_most(case, f"{name}: people beyond the proof", abs(closure.people - closure.bound), 0.0))
        found.append(at_most(case, f"{name}: people", closure.people, None))
    start = time.perf_counter()
    whole = _whole_graph(project)
    found.append(at_most(case, "minimum cut from the middle to the rim", time.perf_counter() - start, SECONDS, "s"))
    found.append(at_most(case, "the same: people beyond the proof", whole, 0.0))
    start = time.perf_counter()
    plan = propose_checkpoints(project, progress).apply(project).checkpoints
    assert plan is not None
    found.append(at_most(case, "18 checkpoints chosen, whole step", time.perf_counter() - start, None, "s"))
    gap = 100 * (plan.bounds[""] - sum(point.flow for point in plan.checkpoints))
    found.append(at_most(case, "share of the flow beyond the proof", round(gap, 6), 0.0, "%"))
    return found


def made_district(cells: int, seed: int = 1) -> Project:
    """Return a city of `cells` cells across with a round district in its middle, 20 households in each of some cells."""
    rng = np.random.default_rng(seed)
    corner = corners(cells, cells, rng)
    wall = walls(cells, float(cells))
    roads = streets(corner, kept_sides(corner, (wall, wall), rng))
    roads = dataclasses.replace(roads, highway=_classes(roads, corner))
    middle = corner.reshape(-1, 2).mean(axis=0)
    district = shapely.buffer(shapely.points(middle), SHARE * cells * CELL, quad_segs=32)
    homes = homes_in(corner, rng.integers(0, cells * cells, cells * cells // 4), rng)
    one = (texts(["620802001001"]), texts(["中"]), texts(["街道"]))
    return Project(
        settings=Settings(ProjectSettings(f"district-{cells}", CRS, seed), checkpoints=CheckpointSettings(count=18)),
        crs=CRS,
        communities=Communities(np.array([district], object), *one),
        households=homes,
        roads=roads,
    )


def _classes(roads: Roads, corner: Floats) -> Texts:
    """Return the class of each street: of the arterials every third is a secondary road, every sixth a primary one."""
    half = (roads.lines.coords[::2] + roads.lines.coords[1::2] - 2 * corner[0, 0]) / (2 * CELL)
    number = np.rint(np.where(np.abs(half - np.rint(half)).argmin(axis=1) == 0, half[:, 0], half[:, 1])).astype(int)
    main = roads.classes == RoadClass.ARTERIAL
    found = roads.highway.copy()
    found[main & (number % 30 == 0)] = "secondary"
    found[main & (number % 60 == 0)] = "primary"
    return found


def _whole_graph(project: Project) -> float:
    """Return by how much the cut exceeds the flow between the middle of the city and its rim, every junction between being free."""
    graph = ways_of(project.roads, "car").graph
    middle = (graph.node_xy.min(axis=0) + graph.node_xy.max(axis=0)) / 2
    away = np.abs(graph.node_xy - middle).max(axis=1)
    side = np.where(away < 10 * CELL, 1, np.where(away > away.max() - 2 * CELL, -1, 0))
    main = np.isin(project.roads.highway[graph.line], ("tertiary",))
    cut = min_cut(graph.u, graph.v, np.where(main, 4000, 1000), side)
    return float(cut.value - cut.flow)
