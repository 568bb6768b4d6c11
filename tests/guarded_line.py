"""A guarded line of 10 km with a bridge, a tunnel, crossings, two bases and homes beside it, and its plan."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np

from gridplanner.model.places import Stations, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.planning.rail_segments import propose_rail_segments
from gridplanner.settings import RailSettings
from tests.rail_land import across, depots, homes, land, sites, streets, tracks

PIECES = [(0.0, 2000.0, ""), (2000.0, 2600.0, "bridge"), (2600.0, 6000.0, ""), (6000.0, 7000.0, "tunnel"), (7000.0, 10_000.0, "")]
BESIDE = [(x, -1000.0) for x in (0, 1000, 3000, 5000, 8000, 9000, 10_000)]
ROADS = [BESIDE, *(across(x, -1000.0, 600.0) for x in (1000, 3000, 5000, 8000, 9000))]
HOMES = [(x, 300.0, 20 + x // 200) for x in range(100, 10_000, 200)]
BASES = [(0.0, -1000.0, "西站", "护路"), (10_000.0, -1000.0, "东站", "护路")]


def kilometres(first: int = 814, last: int = 824) -> Stations:
    """Kilometre posts along the line, K814 at its beginning."""
    km = np.arange(first, last + 1)
    blank = texts([""] * len(km))
    xy = np.column_stack((1000.0 * (km - first), np.full(len(km), 3.0)))
    posts = np.ones(len(km), bool)
    return Stations(xy, blank, 1000.0 * km, blank, posts, blank, blank, np.full(len(km), np.nan))


def line_project(**wishes: object) -> Project:
    """The line and what is beside it, without a plan; two squads of eight guards where nothing else is wished."""
    rail = RailSettings(**{"squads": 2, "guards": 8, **wishes})  # type: ignore[arg-type]
    return land(
        rail, railway=tracks(*PIECES), roads=streets(*ROADS), depots=depots(*BASES), households=homes(*HOMES), stations=kilometres(),
        key_sites=sites((4000.0, 500.0, "第一小学")),
    )  # fmt: skip


def divided(project: Project) -> Project:
    """The project with guard segments."""
    return propose_rail_segments(project).apply(project)


@lru_cache(maxsize=4)
def guarded(night: bool = False) -> Project:
    """The line with its plan, and one of the night where wished."""
    from gridplanner.settings import RailShiftPlan

    plans = (RailShiftPlan("day"), RailShiftPlan("night", 4, 2, {"settlement": 0.0})) if night else ()
    return divided(line_project(plans=plans))


def plan_of(project: Project) -> RailPlan:
    """The plan of the railway, which must be there."""
    assert project.rail is not None
    return project.rail


def with_rail(project: Project, **wishes: object) -> Project:
    """The project with other wishes for its railway."""
    rail = dataclasses.replace(project.settings.rail, **wishes)  # type: ignore[type-var, arg-type]
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, rail=rail))
