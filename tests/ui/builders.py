"""A made-up town on a jittered lattice, for the window's tests: real model values, no solver and no files."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely

from gridplanner.model.freshness import made_from
from gridplanner.model.grids import Certificate, Grid, GridPlan, Replan
from gridplanner.model.lines import Lines
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from gridplanner.model.places import Communities, Households, Railway, RoadClass, Roads, texts
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.units import OUTSIDE, BorderKind, Units
from gridplanner.settings import GridSettings, ProjectSettings, Settings

SIDE = 60.0  # metres between two lattice lines


def town(columns: int = 12, rows: int = 8, per_unit: int = 25, seed: int = 1) -> Project:
    """Return a project with everything that is read and its units, no plan; two communities side by side."""
    rng = np.random.default_rng(seed)
    nodes = _nodes(columns, rows, rng)
    ends, left, right = _pieces(columns, rows)
    column = np.arange(columns * rows) % columns
    community = (column >= columns // 2).astype(np.int32)
    xy, unit = _addresses(nodes, columns, rows, per_unit, rng)
    count = len(xy)
    households = Households(
        xy=xy,
        households=rng.integers(1, 3, count).astype(float),
        persons=np.round(rng.uniform(1, 6, count), 1),
        address=texts([f"西郊路{i % 200 + 1}号" for i in range(count)]),
    )
    main = _is_main(ends, columns)
    units = Units(
        xy=nodes,
        ends=ends,
        left=left,
        right=right,
        kind=np.where(main, BorderKind.ARTERIAL, BorderKind.STREET).astype(np.int8),
        road=np.full(len(ends), -1, np.int32),
        blocked=np.zeros(len(ends), bool),
        community=community,
        address_unit=unit,
    )
    roads = _roads(nodes, ends, main)
    track = np.array([[-40.0, -30.0], [columns * SIDE * 0.5, rows * SIDE * 0.4], [columns * SIDE + 40, -60.0]])
    lines = Lines(track, np.array([0, 3], np.int32))
    project = Project(
        settings=Settings(project=ProjectSettings(name="西郊街道"), grids=GridSettings(target_households=300.0)),
        crs="EPSG:4545",
        communities=_communities(nodes, columns, rows),
        households=households,
        roads=roads,
        railway=Railway(lines, np.ones(1, bool), texts(["包兰线"])),
    )
    return dataclasses.replace(project, units=dataclasses.replace(units, made_from=made_from(project, "units")))


def planned(project: Project, columns: int = 12, wide: int = 4, high: int = 2) -> Project:
    """Return the town with a grid plan of `wide` × `high` units a grid."""
    assert project.units is not None
    unit = np.arange(len(project.units))
    across = -(-columns // wide)
    labels = ((unit // columns // high) * across + (unit % columns) // wide).astype(np.int32)
    community = {int(label): int(project.units.community[np.flatnonzero(labels == label)[0]]) for label in np.unique(labels)}
    grids = {label: Grid(community=row, code=f"62080210{row + 1:04d}{label + 1:03d}") for label, row in community.items()}
    return dataclasses.replace(project, grids=GridPlan(labels, grids, made_from=made_from(project, "grids")))


def patrolled(project: Project) -> Project:
    """Return the town with one patrol route and one guarded rail line."""
    coords = np.array([[0.0, 0.0], [200.0, 60.0], [300.0, 200.0], [120.0, 220.0], [0.0, 0.0]])
    stops = (Stop("depot", "西郊派出所", 0.0, 0.0, 480.0, 0.0), Stop("site", "第一小学", 300.0, 200.0, 500.0, 10.0))
    route = Route("R01", 1, "西郊派出所", 1, "08:00", coords, 95.0, 800.0, 120.0, 1, stops)
    rail = project.railway.lines.line(0)
    half = len(rail) // 2
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(rail, axis=0).T))))
    ends = [(0.0, float(along[half])), (float(along[half]), float(along[-1]))]
    segments = tuple(
        RailSegment(f"S{i + 1:02d}", 0, 1, i + 1, low, high, (high - low) / 1000.0, part, low, high)
        for i, ((low, high), part) in enumerate(zip(ends, (rail[: half + 1], rail[half:]), strict=True))
    )
    plan = RailPlan((RailLine("包兰线", rail),), segments, made_from=made_from(project, "rail"))
    return dataclasses.replace(project, patrol=PatrolPlan((route,)), rail=plan)


def _nodes(columns: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[0 : rows + 1, 0 : columns + 1].astype(float)
    nodes = np.column_stack((x.ravel(), y.ravel())) * SIDE
    return np.round(nodes + rng.uniform(-0.22, 0.22, nodes.shape) * SIDE, 2)


def _pieces(columns: int, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ends, left and right of all lattice pieces; node (i, j) is j × (columns + 1) + i, unit (i, j) is j × columns + i."""
    width = columns + 1
    i, j = (part.ravel() for part in np.meshgrid(np.arange(columns), np.arange(rows + 1)))
    across = np.column_stack((j * width + i, j * width + i + 1))
    above = np.where(j < rows, j * columns + i, OUTSIDE)
    below = np.where(j > 0, (j - 1) * columns + i, OUTSIDE)
    i, j = (part.ravel() for part in np.meshgrid(np.arange(columns + 1), np.arange(rows)))
    along = np.column_stack((j * width + i, (j + 1) * width + i))
    west = np.where(i > 0, j * columns + i - 1, OUTSIDE)
    east = np.where(i < columns, j * columns + i, OUTSIDE)
    ends = np.concatenate((across, along)).astype(np.int32)
    return ends, np.concatenate((above, west)).astype(np.int32), np.concatenate((below, east)).astype(np.int32)


def _is_main(ends: np.ndarray, columns: int) -> np.ndarray:
    node_x, node_y = ends % (columns + 1), ends // (columns + 1)
    same_x, same_y = node_x[:, 0] == node_x[:, 1], node_y[:, 0] == node_y[:, 1]
    return (same_x & (node_x[:, 0] % 6 == 3)) | (same_y & (node_y[:, 0] % 6 == 3))


def _addresses(nodes: np.ndarray, columns: int, rows: int, per_unit: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    unit = np.repeat(np.arange(columns * rows), rng.integers(per_unit // 2, per_unit * 3 // 2 + 1, columns * rows))
    i, j = unit % columns, unit // columns
    corner = j * (columns + 1) + i
    a, b = rng.uniform(0.1, 0.9, (2, len(unit), 1))
    south = nodes[corner] * (1 - a) + nodes[corner + 1] * a
    north = nodes[corner + columns + 1] * (1 - a) + nodes[corner + columns + 2] * a
    return south * (1 - b) + north * b, unit.astype(np.int32)


def _roads(nodes: np.ndarray, ends: np.ndarray, main: np.ndarray) -> Roads:
    count = len(ends)
    classes = np.where(main, RoadClass.ARTERIAL, RoadClass.STREET).astype(np.int8)
    names = texts(["中山路" if is_main else "" for is_main in main.tolist()])
    highway = texts(["secondary" if is_main else "residential" for is_main in main.tolist()])
    lines = Lines(nodes[ends].reshape(-1, 2), np.arange(0, 2 * count + 1, 2, dtype=np.int32))
    zeros = np.zeros(count, np.int8)
    return Roads(lines, classes, highway, names, zeros, np.zeros(count), zeros)


def _communities(nodes: np.ndarray, columns: int, rows: int) -> Communities:
    grid = nodes.reshape(rows + 1, columns + 1, 2)
    middle = columns // 2

    def ring(part: np.ndarray) -> shapely.Polygon:
        return shapely.Polygon(np.concatenate((part[0], part[1:, -1], part[-1, -2::-1], part[-2:0:-1, 0])))

    column = np.empty(2, object)
    column[:] = [ring(grid[:, : middle + 1]), ring(grid[:, middle:])]
    return Communities(column, texts(["620802100001", "620802100002"]), texts(["西街社区", "东街社区"]), texts(["西郊街道"] * 2))


def replanned(project: Project) -> Project:
    """Return a planned town that remembers its plan as the one before a re-planning; what is moved by hand now is a transfer."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    order = sorted(plan.grids)
    row = np.searchsorted(np.array(order), plan.labels)[units.address_unit].astype(np.int32)
    was = Replan(tuple(plan.grids[label].code for label in order), row, fingerprint(project.households), 0.05, 0.0, 0.0)
    return dataclasses.replace(project, grids=dataclasses.replace(plan, replan=was))


def certified(project: Project, *certificates: Certificate) -> Project:
    """Return a planned town with certificates."""
    assert project.grids is not None
    return dataclasses.replace(project, grids=dataclasses.replace(project.grids, certificates=certificates))


def coarser(project: Project) -> Project:
    """Return a planned town of 12 columns whose units are pairs of those before; a pair is in the grid of its eastern half."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    unit = np.arange(len(units))
    row_of = np.append(unit // 12 * 6 + unit % 12 // 2, -1).astype(np.int32)
    left, right = row_of[units.left], row_of[units.right]
    kept = left != right
    community = np.zeros(len(units) // 2, np.int32)
    community[row_of[:-1]] = units.community
    coarse = dataclasses.replace(
        units, ends=units.ends[kept], left=left[kept], right=right[kept], kind=units.kind[kept], road=units.road[kept],
        blocked=units.blocked[kept], community=community, address_unit=row_of[units.address_unit],
    )  # fmt: skip
    labels = np.zeros(len(community), np.int32)
    labels[row_of[:-1]] = plan.labels
    return dataclasses.replace(project, units=coarse, grids=dataclasses.replace(plan, labels=labels))
