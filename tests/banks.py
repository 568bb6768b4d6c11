"""A square town in strips between rivers that streets cross: what rivers do to a plan, with counts that can be checked by hand."""

from collections.abc import Sequence

import numpy as np
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.places import BarrierKind, Barriers, Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings, ProjectSettings, Settings

WIDE, LONG = 380.0, 800.0  # no river runs along a street


def banks(counts: Sequence[int]) -> Project:
    """A community of as many strips as there are counts, a household at each address, and a river between any two of them.

    Streets run every 160 m, so that bridges lead over every river.
    """
    rng = np.random.default_rng(1)
    addresses, east = sum(counts), WIDE * len(counts)
    west = np.repeat(np.arange(len(counts)) * WIDE, counts)
    xy = np.column_stack((west + 10 + rng.random(addresses) * (WIDE - 20), rng.random(addresses) * LONG))
    streets = [[(x, -10), (x, LONG + 10)] for x in np.arange(0, east + 1, 160.0)]
    streets += [[(-10, y), (east + 10, y)] for y in np.arange(0, LONG + 1, 160.0)]
    rivers = [[(x, -10), (x, LONG + 10)] for x in np.arange(WIDE, east - 1, WIDE)]
    n = len(streets)
    zero = np.zeros(n, np.int8)
    kinds = np.full(n, RoadClass.STREET, np.int8)
    project = Project(
        settings=Settings(ProjectSettings("banks", "EPSG:4545"), grids=GridSettings(target_households=300.0, effort="quick")),
        crs="EPSG:4545",
        communities=Communities(np.array([shapely.box(0, 0, east, LONG)]), texts(["620802001001"]), texts(["河边"]), texts([""])),
        households=Households(xy, np.ones(addresses), np.full(addresses, 2.6), texts([""] * addresses)),
        roads=Roads(_lines(streets), kinds, texts(["residential"] * n), texts([""] * n), zero, np.zeros(n), zero, noded=False),
        barriers=Barriers(_lines(rivers), np.full(len(rivers), BarrierKind.WATER, np.int8), texts(["河"] * len(rivers))),
    )
    return propose_units(project).apply(project)


def _lines(pairs: list[list[tuple[float, float]]]) -> Lines:
    coords = np.array(pairs, np.float64).reshape(-1, 2)
    return Lines(coords, np.arange(0, len(coords) + 1, 2, dtype=np.int32))
