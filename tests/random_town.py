"""Random towns with everything that real ones have: exclaves, rivers without bridges, dead ends, empty and tiny communities."""

import numpy as np
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.places import BarrierKind, Barriers, Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings, ProjectSettings, Settings

SIZE = 2_000.0
X0, Y0 = 500_000.0, 3_900_000.0


def random_town(seed: int) -> Project:
    """A project with 1–5 communities, random streets, maybe a river, 50–4,000 households."""
    rng = np.random.default_rng(seed)
    communities = _communities(rng)
    addresses = int(rng.integers(20, 500))
    xy = np.round(rng.normal(0.5, rng.choice([0.15, 0.3, 0.6]), (addresses, 2)) * SIZE, 2) + np.array([X0, Y0])
    households = rng.choice([0, 1, 1, 2, 5, 12, 40, 400], addresses, p=[0.05, 0.35, 0.2, 0.15, 0.1, 0.1, 0.045, 0.005]).astype(float)
    households[0] = 3.0
    return Project(
        settings=Settings(
            ProjectSettings(f"random {seed}", "EPSG:4545", seed), grids=GridSettings(target_households=300.0, effort="quick")
        ),
        crs="EPSG:4545",
        communities=communities,
        households=Households(xy, households, households * 2.6, texts([""] * addresses)),
        roads=_roads(rng),
        barriers=_river(rng),
    )


def _communities(rng: np.random.Generator) -> Communities:
    box = shapely.box(X0, Y0, X0 + SIZE, Y0 + SIZE)
    seeds = shapely.multipoints(rng.random((int(rng.integers(1, 6)), 2)) * SIZE + (X0, Y0))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=box)) if shapely.get_num_geometries(seeds) > 1 else np.array([box])
    cells = shapely.set_precision(shapely.intersection(cells, box), 0.01)
    if rng.random() < 0.5:  # an exclave: a square of the second community inside the first, an island for the last
        x, y = shapely.get_coordinates(shapely.point_on_surface(cells[0]))[0].round()
        square = shapely.intersection(shapely.box(x - 90, y - 90, x + 90, y + 90), cells[0])
        island = shapely.box(X0 + SIZE + 300, Y0, X0 + SIZE + 300 + float(rng.integers(50, 600)), Y0 + 400)
        if len(cells) > 1:
            cells[0] = shapely.difference(cells[0], square)
            cells[1] = shapely.union_all([cells[1], square])
        cells[-1] = shapely.union_all([cells[-1], island])
        cells = shapely.set_precision(cells, 0.01)
    count = len(cells)
    codes = texts([f"6208020010{i:02d}" for i in range(count)])
    return Communities(cells, codes, texts([f"社区{i}" for i in range(count)]), texts(["街道"] * count))


def _roads(rng: np.random.Generator) -> Roads:
    count = int(rng.integers(0, 40))
    start = rng.random((count, 2)) * SIZE * 1.2 + (X0 - 0.1 * SIZE, Y0 - 0.1 * SIZE)
    angle = rng.random(count) * np.pi
    reach = rng.choice([100.0, 500.0, 3000.0], count)[:, None]
    step = np.column_stack((np.cos(angle), np.sin(angle))) * reach
    coords = np.stack((start - step, start, start + step), axis=1).reshape(-1, 2)
    kinds = rng.choice([RoadClass.PATH, RoadClass.LANE, RoadClass.STREET, RoadClass.ARTERIAL], count).astype(np.int8)
    zero = np.zeros(count, np.int8)
    lines = Lines(coords, np.arange(0, 3 * count + 1, 3, dtype=np.int32))
    return Roads(lines, kinds, texts(["residential"] * count), texts([""] * count), zero, np.zeros(count), zero, noded=False)


def _river(rng: np.random.Generator) -> Barriers:
    if rng.random() < 0.5:
        y = np.cumsum(rng.normal(0, 60, 12)) + Y0 + SIZE * rng.random()
        coords = np.column_stack((np.linspace(X0 - 100, X0 + SIZE + 100, 12), y))
        return Barriers(Lines(coords, np.array([0, 12], np.int32)), np.array([BarrierKind.WATER], np.int8), texts(["河"]))
    return Barriers(Lines(np.empty((0, 2)), np.zeros(1, np.int32)), np.zeros(0, np.int8), texts())
