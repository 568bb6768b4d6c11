"""Random lines with random streets, people and things beside them: for promises that hold whatever the land is."""

from dataclasses import replace

import numpy as np
import shapely

from gridplanner.io.read_rail import KINDS
from gridplanner.model.duty_data import Incidents
from gridplanner.model.places import Communities, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine
from gridplanner.rail_settings import BREAK_PLACES
from gridplanner.settings import RailSettings
from tests.rail_land import CLASS, depots, halts, homes, land, sites, streets, things


def random_rail(seed) -> tuple[list[RailLine], Project]:
    """A few lines that wander eastwards, and a project around them; each of its parts is there or not."""
    random = np.random.default_rng(seed)
    lines = [_line(random, number) for number in range(random.integers(1, 4))]
    parts: dict[str, object] = {}
    if random.random() < 0.9:
        parts["roads"] = _roads(random, lines)
    if random.random() < 0.8:
        parts["rail_things"] = things(*[_thing(random, lines) for _row in range(random.integers(1, 15))])
    if random.random() < 0.8:
        near = _near(random, lines, 50, 1500.0)
        parts["households"] = homes(*[(x, y, int(random.integers(0, 20))) for x, y in near])
        parts["incidents"] = Incidents(near[:20], random.random(20), texts([""] * 20), texts([""] * 20))
        parts["key_sites"] = sites(*[(x, y, str(random.choice(["小学", "银行"]))) for x, y in near[:5]])
        parts["depots"] = depots(*[(x, y, "", str(random.choice(["护路", "仓库"]))) for x, y in near[:3]])
        heights = random.choice([np.nan, 100.0, 150.0], 6)
        parts["stations"] = halts(*[(x, y, "站", height) for (x, y), height in zip(_near(random, lines, 6, 50.0), heights, strict=True)])
    if random.random() < 0.5:
        parts["communities"] = _communities(random)
    return lines, land(_settings(random), **parts)


def _line(random, number) -> RailLine:
    steps = random.normal(size=(random.integers(2, 30), 2)) * [400, 250] + [200, 0]
    return RailLine(f"线{number}", np.round(np.cumsum(steps, axis=0) + random.normal(size=2) * 2000, 2), float(random.integers(0, 900_000)))


def _near(random, lines, count, spread):
    """Places beside the vertices of the lines."""
    vertices = np.concatenate([line.coords for line in lines])
    return vertices[random.integers(len(vertices), size=count)] + random.normal(size=(count, 2)) * spread


def _roads(random, lines):
    ways = []
    for start in _near(random, lines, random.integers(1, 40), 1.0) + random.normal(size=2) * random.choice([0, 10, 300]):
        steps = random.normal(size=(random.integers(1, 6), 2)) * 300
        ways.append(np.round(np.cumsum(np.vstack((start, steps)), axis=0), 2).tolist())
    count = len(ways)
    levels = random.choice([0, 0, 0, 1, -1], count).tolist()
    made = streets(*ways, highway=random.choice(list(CLASS), count).tolist(), level=levels)
    return replace(made, oneway=random.choice([0, 0, 1, -1], count).astype(np.int8), noded=bool(random.random() < 0.5))


def _thing(random, lines):
    place = _near(random, lines, 1, 100.0)[0]
    shape = tuple(place) if random.random() < 0.5 else [tuple(place), tuple(place + random.normal(size=2) * 500)]
    return str(random.choice(KINDS)), shape, str(random.choice(["", "甲", "乙"])), float(random.choice([np.nan, 0.0, 5.0, 200.0]))


def _communities(random) -> Communities:
    around = shapely.box(-90_000, -90_000, 90_000, 90_000)
    shapes = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(random.normal(size=(8, 2)) * 4000), extend_to=around))
    names = [f"村{number}" for number in range(len(shapes))]
    return Communities(shapes, texts([f"{number:012d}" for number in range(len(shapes))]), texts(names), texts([""] * len(shapes)))


def _settings(random) -> RailSettings:
    def some() -> tuple[str, ...]:
        return tuple(random.choice(BREAK_PLACES, random.integers(0, 4), replace=False).tolist())

    return RailSettings(
        atom_m=float(random.choice([1.7, 50.0, 333.0, 5000.0])), corridor_m=float(random.choice([1.0, 100.0, 2500.0])),
        gate_m=float(random.choice([0.0, 50.0, 500.0])), prefer=some(), forbid=some(), walls=some(),
        slope_limit=float(random.choice([0.0, 6.0])), mode=str(random.choice(["car", "foot"])),
    )  # fmt: skip
