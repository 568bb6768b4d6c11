"""Towns with plans of checkpoints, response rings and street chiefs made by hand: known figures, no solver."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely

from gridplanner.model.checkpoints import Checkpoint, CheckpointPlan, Closure, Crossing
from gridplanner.model.duty_data import Incidents
from gridplanner.model.freshness import made_from
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rings import RingPlan
from gridplanner.model.street_chiefs import ChiefPlan, Stretch

CORNER = (200.0, 120.0)  # where the lower left corner of the drawn cordon lies


def guarded(project: Project) -> Project:
    """Return a town with two checkpoints among four crossings: one new, one existing, one open, and a lane that stays open."""
    crossings = (
        Crossing(0.0, 200.0, "", "中山路", "secondary", "both", True, "", 0.5, 0.25),
        Crossing(720.0, 240.0, "", "中山路", "primary", "both", True, "existing", 0.25, 0.25),
        Crossing(300.0, 0.0, "", "", "tertiary", "in", True, "", 0.125, 0.25),
        Crossing(400.0, 480.0, "", "西郊巷", "residential", "out", False, "", 0.125, 0.25),
    )
    checkpoints = (
        Checkpoint("K001", 720.0, 240.0, 1, "", "中山路", "primary", "both", 1, 0.25, existing=True),
        Checkpoint("K002", 0.0, 200.0, 0, "", "中山路", "secondary", "both", 2, 0.375),
    )
    closure = Closure(
        "", 18.0, 18.0, ((0.0, 200.0, "中山路", "secondary"), (720.0, 240.0, "中山路", "primary"), (300.0, 0.0, "", "tertiary")),
        ((400.0, 480.0, "西郊巷", "residential"),),
    )  # fmt: skip
    plan = CheckpointPlan(checkpoints, crossings, (closure,), {"": (0.25, 0.625, 0.875)}, {"": "optimal"}, {"": 0.625})
    return dataclasses.replace(project, checkpoints=dataclasses.replace(plan, made_from=made_from(project, "checkpoints")))


def ringed(project: Project) -> Project:
    """Return a town with two posts at its sides and rings of 1 and 3 minutes; the three last addresses are beyond, one has no way."""
    xy = project.households.xy
    posts = np.array([[60.0, 240.0], [660.0, 240.0]])
    away = np.hypot(xy[:, None, 0] - posts[:, 0], xy[:, None, 1] - posts[:, 1])
    minutes = away.min(axis=1) / 200.0
    minutes[-3:] = (4.5, 6.25, np.inf)
    first = away.argmin(axis=1).astype(np.int32)
    first[-1] = -1
    incidents = Incidents(posts + 10.0, np.array([3.0, 1.0]), texts(["2026-01", "2026-01"]), texts(["", ""]))
    shapes = np.empty(3, object)
    inner = [shapely.Point(*place).buffer(100.0) for place in posts]
    shapes[:] = [inner[0], inner[1], shapely.box(0, 0, 720, 480).difference(shapely.union_all(inner))]
    plan = RingPlan(
        (1.0, 3.0), posts, texts(["西郊派出所", "东关警务站"]), minutes, first, np.array([0.5, 2.0]), shapes,
        np.array([0, 1, 0], np.int32), np.array([1.0, 1.0, 3.0]), incident_post=np.array([0, 1], np.int32),
    )  # fmt: skip
    given = dataclasses.replace(project, incidents=incidents)
    return dataclasses.replace(given, rings=dataclasses.replace(plan, made_from=made_from(given, "rings")))


def in_charge(project: Project) -> Project:
    """Return a town with a street of two stretches, and one cross street that meets both; one has no chief."""
    stretches = (
        Stretch("S001", "中山路", np.array([[0.0, 200.0], [360.0, 200.0]]), 360.0, 1.0, (0, 1), (3,), "张街长"),
        Stretch("S002", "中山路", np.array([[360.0, 200.0], [720.0, 200.0]]), 360.0, 2.0, (2,), (4, 5), "李街长"),
        Stretch("S003", "", np.array([[360.0, 0.0], [360.0, 200.0], [360.0, 480.0]]), 480.0, 3.0, (0,), (1,)),
        Stretch("S003", "北巷", np.array([[360.0, 480.0], [420.0, 480.0]]), 60.0, 0.0, (6,), ()),
    )
    plan = ChiefPlan(stretches, made_from=made_from(project, "chiefs"))
    return dataclasses.replace(project, chiefs=plan)
