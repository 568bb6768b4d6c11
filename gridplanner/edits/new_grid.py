"""A grid that begins by the planner's hand: its id, the next code of its community, and what it takes over from those it is made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from gridplanner.code_profiles import profile_of
from gridplanner.edits.code_edits import with_codes
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.refusals import plan_of, units_of
from gridplanner.errors import EditRejected, InputError
from gridplanner.i18n import _
from gridplanner.model.codes import next_codes
from gridplanner.model.grids import Grid, GridPlan, listed_codes
from gridplanner.model.groups import grids_named, with_heirs
from gridplanner.model.lines import Ints
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings

NAMED = 6  # predecessors that are named


def with_new_grid(project: Project, units: Ints, kind: str = "", like: Grid | None = None) -> Project:
    """Return the project with some units of one community as a grid of their own.

    It has the next code of its community, a name as new plans give it, the codes of the grids that it takes most households from as
    `prev_code`, the beat and the zone of the first of them, and the settings' date; with the grid `like` of another plan its code, where
    that is free, and its name. Grids that lose their last unit end with it as their successor.
    Raises EditRejected where a locked grid would lose units or the community's codes are used up.
    """
    plan, all_units = plan_of(project), units_of(project)
    community = int(all_units.community[units[0]])
    parents = _parents(project, plan, units)
    key = max([0, *plan.grids, *grids_named(project)]) + 1
    since = project.settings.grids.valid_from if project.settings.grids is not None else ""
    made, moved = _coded(project, plan, community)
    before = listed_codes([plan.grids[parent].code for parent in parents[:NAMED]])
    if like is not None:
        taken = {*(known.code for known in plan.grids.values()), *moved.values(), *plan.retired_codes, ""}
        made = dataclasses.replace(made, code=made.code if like.code in taken else like.code, name=like.name or made.name)
    grid = dataclasses.replace(made, prev_code=before, valid_from=since, kind=kind)
    grids = {**plan.grids, key: grid}
    for other, other_code in moved.items():
        old = grids[other]
        grids[other] = dataclasses.replace(old, code=other_code, prev_code=old.code)
    if since:
        for parent in parents:
            grids[parent] = dataclasses.replace(grids[parent], valid_from=since)
    began = with_codes(project, dataclasses.replace(plan, grids=grids), {plan.grids[other].code: code for other, code in moved.items()})
    after = MoveUnits(tuple(units.tolist()), key).apply(began)
    assert after.grids is not None
    kept = dataclasses.replace(after.grids.grids[key], prev_code=before, valid_from=since)
    after = dataclasses.replace(after, grids=dataclasses.replace(after.grids, grids={**after.grids.grids, key: kept}))
    for parent in reversed(parents):  # the first of them that is in a beat or zone says last
        after = with_heirs(after, {key: parent})
    return after


def _parents(project: Project, plan: GridPlan, units: Ints) -> list[int]:
    """Return the grids that units are taken from, those that give most households first."""
    taken = np.zeros(len(plan.labels) + 1, bool)  # the last for addresses in no unit
    taken[units] = True
    assert project.units is not None
    rows = np.flatnonzero(taken[project.units.address_unit])
    held = np.bincount(plan.labels[project.units.address_unit[rows]], project.households.households[rows]) if len(rows) else np.zeros(0)
    found = [grid for grid in np.unique(plan.labels[units]).tolist() if grid in plan.grids]
    return sorted(found, key=lambda grid: (-held[grid] if grid < len(held) else 0.0, grid))


def _coded(project: Project, plan: GridPlan, community: int) -> tuple[Grid, dict[int, str]]:
    """Return a new grid of a community with its code and name, and the codes of those that have to take another because of it."""
    places = project.communities
    profile = profile_of((project.settings.grids or GridSettings()).codes)
    frames = [profile.frame(code) for code in places.codes.tolist()]
    together = {row for row, frame in enumerate(frames) if frame == frames[community]}  # a template may number several as one
    keys = [key for key, grid in plan.grids.items() if grid.community in together]
    kept = texts([*(plan.grids[key].code for key in keys), ""])
    rows = np.array([*(plan.grids[key].community for key in keys), community], np.int32)
    kind = np.array([*(int(plan.grids[key].kind == "exclusive") for key in keys), 0], np.int32)
    try:
        found = next_codes(
            profile, np.zeros((len(rows), 2)), np.ones(len(rows)), rows, places.codes, places.names, kept, plan.retired_codes, kind
        )
    except InputError as why:
        raise EditRejected(str(why)) from None
    codes: Sequence[str] = found.code.tolist()
    name = _("{community} grid {n:02d}").format(community=places.names[community], n=max(int(found.number[-1]), 1))
    moved = {key: code for key, code, old in zip(keys, codes, kept.tolist(), strict=False) if old and code != old}
    return Grid(community, str(codes[-1]), name), moved
