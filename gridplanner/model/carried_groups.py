"""Beats and patrol zones over another grid plan of the same units: they stay where they were, whatever ids the new grids have."""

from __future__ import annotations

import dataclasses

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.beats import BeatPlan
from gridplanner.model.grids import GridPlan
from gridplanner.model.groups import KINDS, NONE, Groups, group_plan, groups_of
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import grid_ids, grid_rows
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import Units, unit_areas
from gridplanner.model.zone_figures import zone_figures
from gridplanner.model.zones import ZonePlan

LEAST = 1e-3  # households' worth of all ground together: it decides only where nobody lives


def with_carried_groups(before: Project, after: Project) -> Project:
    """Return the project `after`, whose grids are others than `before`, with each grid in the beat and zone that most of it was in.

    Groups that get no grid end. Other plans between even work and fast response go: they spoke of the grids before.
    """
    units, grids = after.units, after.grids
    if units is None or grids is None or before.units is None or before.grids is None or len(before.units) != len(units):
        return after
    if np.array_equal(before.grids.labels, grids.labels):
        return after
    for kind in KINDS:
        groups, plan = groups_of(before, kind), group_plan(after, kind)
        if groups is not None and plan is not None and not groups.by_units:
            after = _with_members(after, plan, _members(after, units, grids, groups))
    return after


def _members(project: Project, units: Units, grids: GridPlan, groups: Groups) -> dict[int, int]:
    """Return the group of each grid by the households that live in both; grids in no group are left out."""
    area = unit_areas(units)
    weight = unit_households(units, project.households) + LEAST * area / max(float(area.sum()), 1e-9)
    held = groups.of_unit != NONE
    row, group = grid_rows(grids)[held].astype(np.int64), groups.of_unit[held].astype(np.int64)
    size = int(group.max(initial=0)) + 1
    pairs, pair = np.unique(row * size + group, return_inverse=True)
    order = np.argsort(group_sums(pair.ravel(), weight[held], len(pairs)), kind="stable")
    ids: Ints = grid_ids(grids)
    return {int(ids[at // size]): int(at % size) for at in pairs[order].tolist()}  # the heaviest comes last and stays


def _with_members(project: Project, plan: BeatPlan | ZonePlan, members: dict[int, int]) -> Project:
    """Return the project with other members of a plan; groups without any end, and figures of zones follow."""
    there = set(members.values())
    if isinstance(plan, BeatPlan):
        beats = {key: beat for key, beat in plan.beats.items() if key in there}
        return dataclasses.replace(project, beats=dataclasses.replace(plan, members=members, beats=beats))
    rows = [row for row, key in enumerate(plan.zones) if key in there]
    zones = {key: zone for key, zone in plan.zones.items() if key in there}
    p90 = plan.p90[rows] if len(plan.p90) == len(plan.zones) else plan.p90
    plan = dataclasses.replace(plan, members=members, zones=zones, workload=plan.workload[rows], p90=p90, choices=(), chosen=-1)
    figures = zone_figures(project, plan)
    if figures is not None:
        plan = dataclasses.replace(plan, workload=figures.workload, p90=figures.p90)
    return dataclasses.replace(project, zones=plan)
