"""Units, grids, rules and the plans that follow from them, of three versions of a project, put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.chain_merge import UnfitError
from gridplanner.model.freshness import made_from
from gridplanner.model.grid_identity import Identities
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.groups import with_heirs
from gridplanner.model.handout import community_keys
from gridplanner.model.lines import Ints
from gridplanner.model.merge import Conflict, Taken
from gridplanner.model.merge_grids import MergedGrids, merged_grids
from gridplanner.model.merge_ground import Communities3, Ground, merged_ground
from gridplanner.model.merge_plans import PLANS, Wholes, merged_plans
from gridplanner.model.merge_rules import MergedRules, merged_rules, tokens_of
from gridplanner.model.merge_words import Words
from gridplanner.model.outlines import traced
from gridplanner.model.project import Project
from gridplanner.model.sameness import same_value
from gridplanner.model.unit_match import blocks_of
from gridplanner.model.zones import ZonePlan

FOLLOW = ("beats", "zones", "rings", "chiefs", "patrol")  # plans that a cut alone leaves as they were


@dataclass(frozen=True, eq=False)
class MergedPlan:
    """The merged project, the conflicts in its plan, what came in, and notes in words."""

    project: Project
    conflicts: tuple[Conflict, ...]
    taken: Taken
    notes: tuple[str, ...]


def merged_plan(
    base: Project, mine: Project, theirs: Project, places: Communities3, choices: Mapping[str, str], wholes: Wholes, *, part: bool
) -> MergedPlan:
    """Return `mine` with the units, grids, rules and plans merged; raises EditRejected where the ground does not fit."""
    if base.units is None or mine.units is None or theirs.units is None:
        return _without_units(base, mine, theirs, wholes, part=part)
    try:
        ground = merged_ground(base, mine, theirs, places, choices, lambda: _moved(base, mine, theirs, places))
    except UnfitError:
        text = _("The limits of these communities differ too much to bring both sides together; take the work in by hand")
        raise EditRejected(text) from None
    after = dataclasses.replace(mine, units=ground.units) if ground.units is not mine.units else mine
    grids = merged_grids(base, mine, theirs, ground, places, choices)
    rules = _rules(base, mine, theirs, grids, choices)
    if rules.rules is not mine.rules:
        after = dataclasses.replace(after, rules=rules.rules)
    plan = _as_mine(mine.grids, grids.plan, ground.units is mine.units)
    if plan is not mine.grids and (mine.grids is not None or theirs.grids is not None):
        after = dataclasses.replace(after, grids=plan)
    new = {key: _parent(grids, key) for key in grids.plan.grids if mine.grids is None or key not in mine.grids.grids}
    if part:
        after = with_heirs(after, {key: parent for key, parent in new.items() if parent is not None})
    else:
        rows = (ground.base, ground.mine, ground.theirs)
        found = merged_plans(base, mine, theirs, grids.ids, rows, after, wholes)
        if any(found[name] is not getattr(after, name) for name in found):
            after = dataclasses.replace(after, **found)
    if ground.cut.any() and part:
        found = merged_plans(mine, mine, mine, _kept(grids), (ground.mine, ground.mine, ground.mine), after, Wholes({}))
        after = dataclasses.replace(after, zones=_with_members(found["zones"], after))
    after = _as_fresh(mine, theirs, after, ground, grids)
    conflicts = _conflicts(base, mine, theirs, after, ground, grids, rules)
    return MergedPlan(after, conflicts, _taken(mine, after, ground, grids, rules), _notes(mine, theirs, ground, grids))


def _without_units(base: Project, mine: Project, theirs: Project, wholes: Wholes, *, part: bool) -> MergedPlan:
    """Merge projects of which one has no units: rules, units and grids are one value."""
    if part and mine.units is None and theirs.units is not None:
        raise EditRejected(_("The project has no units yet; make them before a package is taken in"))
    if part:
        return MergedPlan(mine, (), Taken(), ())
    names = ("rules", "units", "grids", *PLANS)
    one, two, three = ({name: getattr(project, name) for name in names} for project in (base, mine, theirs))
    kept = wholes.decide("plan", "units", one, two, three)
    after = mine if kept is two else dataclasses.replace(mine, **kept)
    return MergedPlan(after, (), Taken(), ())


def _moved(base: Project, mine: Project, theirs: Project, places: Communities3) -> tuple[Ints, Ints]:
    """Return the communities (rows in the base) in which mine and theirs changed grids other than by cutting units."""
    found = []
    for which, project in (("in_mine", mine), ("in_theirs", theirs)):
        units, plan = project.units, project.grids
        if base.grids is None or plan is None or base.units is None or units is None:
            found.append(np.arange(len(places.keys)) if (base.grids is None) != (plan is None) else np.zeros(0, np.int64))
            continue
        place = places.to_base(which, len(project.communities))
        community = place[units.community]
        blocks = blocks_of(base.units, units, community)
        inside = (blocks.block >= 0) & (blocks.block < blocks.count)
        rows = np.flatnonzero(inside)
        differ = rows[plan.labels[rows] != base.grids.labels[blocks.block[rows]]]
        known = [(int(place[grid.community]), grid, base.grids.grids.get(key)) for key, grid in plan.grids.items()]
        names = {row for row, grid, was in known if row >= 0 and not _alike(was, grid)}
        found.append(np.union1d(np.unique(community[differ]), np.array(sorted(names), np.int64)))
    return found[0], found[1]


def _alike(one: Grid | None, other: Grid) -> bool:
    return one is not None and dataclasses.replace(one, community=other.community) == other


def _rules(base: Project, mine: Project, theirs: Project, grids: MergedGrids, choices: Mapping[str, str]) -> MergedRules:
    codes = grids.codes_of_mine, grids.codes_of_theirs
    return merged_rules(base.rules, mine.rules, theirs.rules, tokens_of((base, mine, theirs), grids.ids), codes, choices)


def _as_mine(mine: GridPlan | None, plan: GridPlan, same_units: bool) -> GridPlan:
    """Return mine itself where the merged plan is no other."""
    if mine is not None and same_units and same_value(mine, plan) and list(mine.grids) == list(plan.grids):
        return mine
    return plan


def _parent(grids: MergedGrids, key: int) -> int | None:
    """Return the grid of mine that a new grid took most units from."""
    had = grids.sides.mine[grids.plan.labels == key]
    had = had[had >= 0]
    return int(np.bincount(had).argmax()) if len(had) else None


def _kept(grids: MergedGrids) -> Identities:
    return dataclasses.replace(grids.ids, base=grids.ids.mine, theirs=grids.ids.mine)


def _with_members(zones: ZonePlan | None, after: Project) -> ZonePlan | None:
    if zones is None or after.zones is None:
        return zones
    return dataclasses.replace(zones, members=after.zones.members)


def _as_fresh(mine: Project, theirs: Project, after: Project, ground: Ground, grids: MergedGrids) -> Project:
    """Return the project in which what was up to date on both sides is so: cuts and edits by hand make no plan of grids stale."""
    if after.grids is None or (after.units is mine.units and after.rules is mine.rules):
        return after
    fresh = [project.grids is None or project.grids.made_from == made_from(project, "grids") for project in (mine, theirs)]
    names = ["grids"] if all(fresh) and after.grids.made_from else []
    if not len(grids.moved) and ground.cut.any():
        names += [name for name in FOLLOW if getattr(mine, name) is not None and getattr(mine, name).made_from == made_from(mine, name)]
    for name in names:
        after = dataclasses.replace(after, **{name: dataclasses.replace(getattr(after, name), made_from=made_from(after, name))})
    return after


def _conflicts(
    base: Project, mine: Project, theirs: Project, after: Project, ground: Ground, grids: MergedGrids, rules: MergedRules
) -> tuple[Conflict, ...]:
    ids = grids.ids
    known = [
        {} if project.grids is None else {names[key]: grid for key, grid in project.grids.grids.items()}
        for project, names in ((base, ids.base), (mine, ids.mine), (theirs, ids.theirs))
    ]
    words = Words(ground.units, grids.plan.labels, after.communities, community_keys(after.communities), [*known, grids.plan.grids])
    return (
        *(words.dispute(one) for one in grids.disputes), *(words.field(one) for one in grids.fields),
        *(words.code(one) for one in grids.codes), *(words.cut(key, rows) for key, rows in sorted(ground.apart.items())),
        *(words.place(one) for one in rules.clashes),
    )  # fmt: skip


def _taken(mine: Project, after: Project, ground: Ground, grids: MergedGrids, rules: MergedRules) -> Taken:
    keys = community_keys(after.communities)
    rows = {int(one) for one in np.unique(ground.units.community[np.concatenate((grids.moved, np.flatnonzero(ground.cut)))]).tolist()}
    known = {**(mine.grids.grids if mine.grids is not None else {}), **grids.plan.grids}
    rows |= {known[key].community for key in grids.changed if key in known}
    units = len(np.union1d(grids.moved, np.flatnonzero(ground.cut)))
    return Taken(
        units, int(ground.cut.sum()), grids.changed, grids.values, rules.count, communities=tuple(keys[row] for row in sorted(rows))
    )


def _notes(mine: Project, theirs: Project, ground: Ground, grids: MergedGrids) -> tuple[str, ...]:
    text = _("Grid {name} has the code {code} now: {meant} was given on both sides")
    known = grids.plan.grids
    given = [(known[key].name or key, meant, code) for key, (meant, code) in sorted(grids.renumbered.items()) if key in known]
    told = [text.format(name=name, code=code, meant=meant) for name, meant, code in given]
    had = {} if mine.grids is None else mine.grids.grids
    moved = np.union1d(grids.plan.labels[grids.moved], grids.sides.mine[grids.moved]).tolist()
    text = _("Grid {grid} is locked on one side, and units of it were moved on the other: they are moved")
    told += [text.format(grid=had[key].code or key) for key in moved if key in had and had[key].locked]
    text = _("Grid {grid} lies in {n} pieces now: each side moved other units of it")
    return (*told, *(text.format(grid=known[key].code or key, n=n) for key, n in _broken(mine, theirs, ground, grids)))


def _broken(mine: Project, theirs: Project, ground: Ground, grids: MergedGrids) -> list[tuple[int, int]]:
    """Return grids that lie in more pieces than on either side, with how many."""
    if mine.units is None or mine.grids is None or theirs.units is None or theirs.grids is None:
        return []
    there = {name: key for key, name in grids.ids.theirs.items()}
    shared = [key for key in grids.changed if key in grids.plan.grids and key in mine.grids.grids and there.get(key) in theirs.grids.grids]
    if not shared:
        return []
    ids = np.array(sorted(shared), np.int32)
    own = np.array([there[key] for key in ids.tolist()], np.int32)
    pieces = traced(ground.units, grids.plan.labels, ids).pieces
    before = [traced(units, labels, keys).pieces for units, labels, keys in
              ((mine.units, mine.grids.labels, ids), (theirs.units, theirs.grids.labels, own))]  # fmt: skip
    more = pieces > np.maximum(*before)
    return list(zip(ids[more].tolist(), pieces[more].tolist(), strict=True))
