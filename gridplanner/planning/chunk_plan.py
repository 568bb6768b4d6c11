"""One chunk of a province planned by itself: its units and grids, and what its neighbours must know of its limits."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from gridplanner.model.freshness import made_from
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import NO_LINES, Texts
from gridplanner.model.places import NO_BARRIERS, NO_RAILWAY, NO_ROADS, Roads
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.seams import Rim, rim_of, stitched
from gridplanner.planning.units import propose_units


@dataclass(frozen=True, eq=False)
class ChunkPlan:
    """The plan of a chunk; `units.road` are rows of `streets`, the names that its borders need."""

    units: Units
    grids: GridPlan
    rim: Rim
    streets: Texts


def plan_chunk(project: Project, progress: Progress = SILENT) -> ChunkPlan:
    """Return the plan of a project that is a chunk of a larger one; raises what the two steps raise."""
    forget_derived()
    project = propose_units(project, Span(progress, 0.0, 0.5)).apply(project)
    project = propose_grids(project, Span(progress, 0.5, 1.0)).apply(project)
    assert project.units is not None
    assert project.grids is not None
    road = project.units.road
    used, row = np.unique(road[road >= 0], return_inverse=True)
    names, word = np.unique(project.roads.names[used].astype(str), return_inverse=True)
    streets = road.copy()
    streets[road >= 0] = word[row]
    units = dataclasses.replace(project.units, road=streets)
    return ChunkPlan(units, project.grids, rim_of(units, project.communities.polygons), names.astype(object))


def with_plan(project: Project, plan: ChunkPlan, rims: Rim) -> tuple[Project, int]:
    """Return a project of the chunk's communities and households with its plan, stitched to its neighbours, and how many nodes were lost.

    Of the ground only the names of streets are left, so the plans are told that they were made from this.
    """
    units, lost = stitched(plan.units, project.communities.polygons, rims)
    count = len(plan.streets)
    zero = np.zeros(count, np.int8)
    roads = Roads(NO_LINES, zero, plan.streets, plan.streets, zero, np.zeros(count), zero) if count else NO_ROADS
    bare = dataclasses.replace(project, roads=roads, barriers=NO_BARRIERS, railway=NO_RAILWAY)
    units = dataclasses.replace(units, made_from=made_from(bare, "units"))
    bare = dataclasses.replace(bare, units=units)
    grids = dataclasses.replace(plan.grids, made_from=made_from(bare, "grids"))
    return dataclasses.replace(bare, grids=grids), lost


def forget_derived() -> None:
    """Let go of what was derived from projects before (outlines, figures, fingerprints): it would outlive the chunk it belongs to."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gridplanner."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()
