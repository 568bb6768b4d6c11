"""Random rules for random towns: areas of all shapes anywhere, lines across, places that stay, villagers' groups."""

import dataclasses

import numpy as np
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rules import NO_AREAS, RuleAreas, Rules


def with_rules(project: Project, seed: int) -> Project:
    """The project with random estates, exclusive areas and fixed lines; maybe villagers' groups by address."""
    rng = np.random.default_rng([seed, 7])
    box = shapely.total_bounds(project.communities.polygons)
    rules = Rules(
        keep=_areas(rng, box, int(rng.integers(0, 4)), "estate"),
        exclusive=_in_communities(project, rng, _areas(rng, box, int(rng.integers(0, 3)), "own")),
        fixed_lines=_lines(rng, box, int(rng.integers(0, 2))),
    )
    homes, settings = project.households, project.settings
    if rng.random() < 0.3:
        cell = np.floor((homes.xy - box[:2]) / float(rng.choice([400.0, 800.0, 1500.0]))).astype(int)
        group = texts([f"{x} {y}" if rng.random() < 0.9 else "" for x, y in cell.tolist()])
        homes = dataclasses.replace(homes, group=group)
        settings = dataclasses.replace(settings, grids=dataclasses.replace(settings.grids, rural="villages"))
    return dataclasses.replace(project, rules=rules, households=homes, settings=settings)


def _areas(rng: np.random.Generator, box: np.ndarray, count: int, name: str) -> RuleAreas:
    areas = NO_AREAS
    for number in range(count):
        x, y = box[:2] + rng.random(2) * (box[2:] - box[:2])
        size = rng.choice([10.0, 60.0, 200.0, 500.0])
        corners = shapely.points(np.array([x, y]) + rng.normal(0, size, (8, 2)))
        shape = shapely.convex_hull(shapely.multipoints(corners))
        if rng.random() < 0.2:
            shape = shapely.difference(shape, shapely.buffer(shapely.centroid(shape), size / 3))  # a ring
        if rng.random() < 0.2:
            shape = shapely.union_all([shape, shapely.box(x + 3 * size, y, x + 4 * size, y + size)])  # two parts
        areas = areas.with_area(shape, f"{name} {number}", cuts=bool(rng.random() < 0.8))
    return areas


def _in_communities(project: Project, rng: np.random.Generator, areas: RuleAreas) -> RuleAreas:
    """Exclusive areas cut at the limits of one community each: in several there is no plan."""
    found = NO_AREAS
    for shape, name, cuts in zip(areas.polygons, areas.names, areas.cuts, strict=True):
        parts = shapely.intersection(project.communities.polygons, shape)
        best = parts[int(np.argmax(shapely.area(parts)))]
        flat = [part for part in shapely.get_parts(best) if part.geom_type == "Polygon" and part.area > 1]
        if flat:
            found = found.with_area(shapely.union_all(flat), str(name), cuts=bool(cuts))
    return found


def _lines(rng: np.random.Generator, box: np.ndarray, count: int) -> Lines:
    start, stop = (box[:2] + rng.random((2, count, 2)) * (box[2:] - box[:2])) if count else np.empty((2, 0, 2))
    return Lines(np.stack((start, stop), axis=1).reshape(-1, 2), np.arange(0, 2 * count + 1, 2, dtype=np.int32))
