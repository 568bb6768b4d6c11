"""A square district of 2 km with a few streets over its boundary, and the checkpoints planned for it."""

import numpy as np
import shapely

from gridplanner.duty_settings import CheckpointSettings
from gridplanner.model.checkpoints import NO_CHECKPOINT_SITES, CheckpointPlan, CheckpointSites, Cordons
from gridplanner.model.lines import Lines
from gridplanner.model.places import Communities, Depots, Households, Roads, texts
from gridplanner.model.project import Project
from gridplanner.planning.checkpoints import propose_checkpoints
from gridplanner.settings import ProjectSettings, Settings

SQUARE = shapely.box(0, 0, 2000, 2000)
KINDS = {"primary": 4, "secondary": 4, "tertiary": 4, "residential": 3, "service": 2, "motorway": 4, "motorway_link": 4, "footway": 1}
# a ring road inside, and streets out of it: two primary ones, a secondary, a tertiary and a residential street
RING = ([(500, 500), (1500, 500), (1500, 1500), (500, 1500), (500, 500)], "primary", "环路", 0)
WEST = ([(500, 1000), (-1500, 1000)], "primary", "西路", 0)
EAST = ([(1500, 1000), (3500, 1000)], "primary", "东路", 0)
NORTH = ([(1000, 1500), (1000, 3500)], "secondary", "北路", 0)
SOUTH = ([(1000, 500), (1000, -1500)], "tertiary", "南路", 0)
LANE = ([(1500, 600), (3500, 600)], "residential", "小巷", 0)
STREETS = (RING, WEST, EAST, NORTH, SOUTH, LANE)


def district(*streets, area=SQUARE, sites=(), cordons=(), depots=(), **settings) -> Project:
    """Streets are (points, class, name, one way), sites (x, y, kind), cordons (shape, name, count), depots (x, y)."""
    parts = [street[0] for street in streets]
    lines = Lines(np.array([xy for part in parts for xy in part], float), np.cumsum([0, *map(len, parts)]).astype(np.int32))
    zero = np.zeros(len(parts))
    highway = [street[1] for street in streets]
    roads = Roads(
        lines, np.array([KINDS[h] for h in highway], np.int8), texts(highway), texts([s[2] for s in streets]),
        np.array([s[3] for s in streets], np.int8), zero, zero.astype(np.int8), noded=False,
    )  # fmt: skip
    homes = np.array([[x, y] for x in (600.0, 1000.0, 1400.0) for y in (600.0, 1000.0, 1400.0)])
    return Project(
        settings=Settings(ProjectSettings("square", "EPSG:4545", 1), checkpoints=CheckpointSettings(**settings)),
        crs="EPSG:4545",
        communities=Communities(np.array([area], object), texts(["620802001001"]), texts(["中"]), texts(["街道"])),
        households=Households(homes, np.full(9, 100.0), np.full(9, 260.0), texts([""] * 9)),
        roads=roads,
        checkpoint_sites=_sites(sites),
        cordons=Cordons(*(texts([c[i] for c in cordons]) for i in (0, 1)), np.array([c[2] for c in cordons], np.int32)),
        depots=Depots(np.array(depots, float).reshape(-1, 2), *(texts([""] * len(depots)),) * 2, np.ones(len(depots), np.int32)),
    )


def _sites(sites) -> CheckpointSites:
    if not sites:
        return NO_CHECKPOINT_SITES
    return CheckpointSites(
        np.array([s[:2] for s in sites], float), texts([f"P{i}" for i in range(len(sites))]), texts([s[2] for s in sites])
    )


def plan_of(*args, **words) -> CheckpointPlan:
    project = district(*args, **words)
    return propose_checkpoints(project).apply(project).checkpoints


def names(rows) -> list[str]:
    return [row.road for row in rows]


def said(plan) -> list[str]:
    return [issue.message for issue in plan.issues]


def names_of_leaks(plan, row=0) -> list[str]:
    return [leak[2] for leak in plan.closures[row].leaks]
