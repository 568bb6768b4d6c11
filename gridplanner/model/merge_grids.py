"""The grid plans of three versions become one: who has each unit, what is known of each grid, which ended, what is proven."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.model.grid_identity import NO_GRID, Identities, identities, same_as_base, same_new, translated
from gridplanner.model.grids import Certificate, Grid, GridPlan, RetiredGrid, still_retired
from gridplanner.model.groups import grids_named
from gridplanner.model.lines import Ints
from gridplanner.model.merge_codes import CodeClash, coded
from gridplanner.model.merge_fields import FieldClash, changed_fields, merged_grid
from gridplanner.model.merge_ground import Communities3, Ground
from gridplanner.model.merge_labels import Dispute, Sides, decided
from gridplanner.model.merge_rules import newly_held, tokens_of
from gridplanner.model.outlines import inner_border
from gridplanner.model.project import Project
from gridplanner.model.unit_match import NOWHERE
from gridplanner.settings import GridSettings

NO_PLAN = GridPlan(np.zeros(0, np.int32), {})


@dataclass(frozen=True, eq=False)
class MergedGrids:
    """A merged plan and what came of both sides.

    `disputes`, `fields` and `codes` are conflicts; `moved` (n,) the merged units whose grid came from theirs, `changed` the grids that
    theirs changed (merged ids), `values` the number of fields that came from theirs, `renumbered` new grids of theirs with (the code that
    they had, the one that they have). `ids` are the merged ids of every side's grids; `codes_of_mine`, `codes_of_theirs` map codes to those
    that the same grids have now, where they differ; `sides` is what was decided on.
    """

    plan: GridPlan
    disputes: tuple[Dispute, ...]
    fields: tuple[FieldClash, ...]
    codes: tuple[CodeClash, ...]
    moved: Ints
    changed: tuple[int, ...]
    values: int
    renumbered: Mapping[int, tuple[str, str]]
    ids: Identities
    codes_of_mine: Mapping[str, str]
    codes_of_theirs: Mapping[str, str]
    sides: Sides


def merged_grids(
    base: Project, mine: Project, theirs: Project, ground: Ground, places: Communities3, choices: Mapping[str, str]
) -> MergedGrids:
    """Return the merged plan over merged units; the choices' keys are those of the disputes, fields and codes."""
    plans = [project.grids or NO_PLAN for project in (base, mine, theirs)]
    b, m, t = plans
    own = [_at(plan.labels, rows) for plan, rows in zip(plans, (ground.base, ground.mine, ground.theirs), strict=True)]
    to_base = [_to_base(places, which, project) for which, project in (("in_mine", mine), ("in_theirs", theirs))]
    known = ground.base >= 0
    of_mine = same_as_base(b, m, to_base[0], own[1][known], own[0][known])
    of_theirs = same_as_base(b, t, to_base[1], own[2][known], own[0][known])
    both = (ground.mine >= 0) & (ground.theirs >= 0)
    new = same_new(m, set(m.grids) - set(of_mine), t, set(t.grids) - set(of_theirs), own[1][both], own[2][both])
    compared = {key for key, grid in b.grids.items() if places.in_mine[grid.community] >= 0 and places.in_theirs[grid.community] >= 0}
    ids = identities(b.grids, of_mine, m.grids, of_theirs, t.grids, new, grids_named(mine))
    sides = Sides(*(translated(labels, names) for labels, names in zip(own, (ids.base, ids.mine, ids.theirs), strict=True)))
    back = {name: key for key, name in ids.base.items()}
    in_mine, in_theirs = {ids.mine[key]: m.grids[key] for key in m.grids}, {ids.theirs[key]: t.grids[key] for key in t.grids}
    base_ids = {ids.base[key] for key in compared}
    ended = frozenset(base_ids - set(in_mine)), frozenset(base_ids - set(in_theirs))
    codes = [(project.settings.grids or GridSettings()).codes for project in (base, mine, theirs)]
    tokens = tokens_of((base, mine, theirs), ids)
    wanted = [
        frozenset(one for one in base_ids & set(grids) if changed_fields(b.grids[back[one]], grids[one], code=layout == codes[0]))
        | (base_ids & newly_held(base.rules.must_stay, project.rules.must_stay, (tokens[0], token)))
        for grids, layout, project, token in zip((in_mine, in_theirs), codes[1:], (mine, theirs), tokens[1:], strict=True)
    ]
    labels, disputes = decided(sides, ended, (wanted[0], wanted[1]), choices)
    here = {row: there for there, row in enumerate(places.in_mine.tolist()) if row >= 0}
    home = {there: row for row, there in here.items()}
    their_home = {there: home[row] for there, row in to_base[1].items() if row in home}
    grids, clashes, values, changed = _known(b, in_mine, in_theirs, back, (labels, m.labels), their_home, base_ids, choices)
    base_codes = {ids.base[key]: b.grids[key].code for key in b.grids if ids.base[key] in grids}
    found = coded(
        grids, in_mine, base_codes, m.retired_codes, mine.communities, mine.settings.grids, choices,
        other_layout=codes[1] not in (codes[0], codes[2]),
    )  # fmt: skip
    moved = np.flatnonzero((labels != sides.mine) & (sides.mine != NO_GRID))
    came = np.unique(np.concatenate((labels[moved], sides.mine[moved], labels[ground.cut]))).tolist()
    codes_mine, codes_theirs = _new_codes(in_mine, found.grids), _new_codes(in_theirs, found.grids)
    plan = dataclasses.replace(m, labels=labels.astype(m.labels.dtype if len(m.labels) else np.int32), grids=found.grids)
    plan = dataclasses.replace(plan, retired=_retired(plans, plan, ids, codes_mine, codes_theirs, their_home, sides.mine))
    if plan.replan is not None and codes_mine:
        was = plan.replan
        plan = dataclasses.replace(plan, replan=dataclasses.replace(was, codes=tuple(codes_mine.get(code, code) for code in was.codes)))
    plan = dataclasses.replace(plan, certificates=_certificates(plans, plan, ground, sides, places, their_home))
    touched = tuple(sorted({*came, *changed, *found.renumbered} & {*found.grids, *in_mine} - {NO_GRID}))
    return MergedGrids(
        plan, tuple(disputes), tuple(clashes), found.clashes, moved, touched, values, found.renumbered, ids, codes_mine, codes_theirs, sides
    )


def _new_codes(had: Mapping[int, Grid], grids: Mapping[int, Grid]) -> dict[str, str]:
    """Return the codes that grids have now by those that they had, where they differ."""
    return {had[key].code: grid.code for key, grid in grids.items() if key in had and had[key].code not in ("", grid.code)}


def _at(labels: Ints, rows: Ints) -> Ints:
    """Return the grid of each merged unit in one version, NO_GRID where it does not tell."""
    if not len(labels):
        return np.full(len(rows), NO_GRID, np.int64)
    return np.where(rows >= 0, labels[np.where(rows >= 0, rows, 0)], NO_GRID).astype(np.int64)


def _to_base(places: Communities3, which: str, project: Project) -> dict[int, int]:
    rows = places.to_base(which, len(project.communities))
    return {row: int(there) for row, there in enumerate(rows[:-1].tolist()) if there != NOWHERE}


def _known(
    base: GridPlan, mine: Mapping[int, Grid], theirs: Mapping[int, Grid], back: Mapping[int, int], labels: tuple[Ints, Ints],
    their_home: Mapping[int, int], compared: set[int], choices: Mapping[str, str],
) -> tuple[dict[int, Grid], list[FieldClash], int, set[int]]:  # fmt: skip
    """Return the merged grids by id, the clashes of their fields, how many values came from theirs, and the grids that these are of.

    `labels` are those of the merged plan and of mine.
    """
    used, had = (set(np.unique(one).tolist()) for one in labels)
    without = set(mine) - used  # a grid that mine has without a unit stays so unless theirs ended it; one that loses its last one ends
    empty_in_mine = {key for key in without if (key not in compared and key not in had) or key in theirs}
    grids: dict[int, Grid] = {}
    clashes: list[FieldClash] = []
    values, changed = 0, set()
    for key in sorted({*used, *empty_in_mine} - {NO_GRID}):
        here, there = mine.get(key), theirs.get(key)
        if there is not None:
            there = dataclasses.replace(there, community=their_home.get(there.community, there.community))
        if here is None:
            if there is not None:
                grids[key] = there
                changed.add(key)
            continue
        if there is None:
            grids[key] = here
            continue
        was = base.grids.get(back[key]) if key in back else None
        grids[key], more, count = merged_grid(was, here, there, key, choices, "")
        clashes += more
        values += count
        if count:
            changed.add(key)
    return {key: grids[key] for key in [*(k for k in mine if k in grids), *(k for k in grids if k not in mine)]}, clashes, values, changed


def _retired(
    plans: list[GridPlan], merged: GridPlan, ids: Identities, codes_mine: Mapping[str, str], codes_theirs: Mapping[str, str],
    their_home: Mapping[int, int], was: Ints,
) -> tuple[RetiredGrid, ...]:  # fmt: skip
    """Return the grids that ended: those of mine, then those that only theirs ended, without those that are there again."""
    base, mine, theirs = plans
    follow = {**codes_mine}
    ends = [dataclasses.replace(end, successors=tuple(follow.get(code, code) for code in end.successors)) for end in mine.retired]
    known = {end.code for end in mine.retired} | {end.code for end in base.retired}
    code_in_mine = {}  # of grids of the base, by the code that theirs knew them by
    for key, name in ids.base.items():
        if name in mine.grids and name not in merged.grids:
            code_in_mine[base.grids[key].code] = mine.grids[name].code
    told = {end.code for end in ends}
    for end in theirs.retired:
        if end.code in known:
            continue
        code = code_in_mine.get(end.code, end.code)
        successors = tuple(codes_theirs.get(one, one) for one in end.successors)
        community = their_home.get(end.community, end.community)
        ends.append(dataclasses.replace(end, code=code, successors=successors, community=community))
        told.add(code)
    for key, grid in mine.grids.items():
        if key not in merged.grids and grid.code and grid.code not in told:
            heirs, count = np.unique(merged.labels[was == key], return_counts=True)
            order = np.argsort(-count, kind="stable")
            codes = tuple(merged.grids[int(heir)].code for heir in heirs[order] if int(heir) in merged.grids)
            ends.append(RetiredGrid(grid.community, grid.code, grid.name, codes))
    return still_retired(ends, merged.grids)


def _certificates(
    plans: list[GridPlan], merged: GridPlan, ground: Ground, sides: Sides, places: Communities3, their_home: Mapping[int, int]
) -> tuple[Certificate, ...]:
    """Return what is proven: of a community that one side changed that side's, of one that is now neither's what was computed, edited."""
    base, mine, theirs = plans
    from_base = {int(row): there for there, row in enumerate(places.in_mine.tolist()) if row >= 0}
    was = {one.community: one for one in base.certificates}
    came = {their_home[one.community]: dataclasses.replace(one, community=their_home[one.community])
            for one in theirs.certificates if one.community in their_home}  # fmt: skip
    differs = [merged.labels != side for side in (sides.mine, sides.theirs)]
    differs[0] |= ground.cut
    parts = np.bincount(ground.base[ground.base >= 0], minlength=1)
    differs[1] |= (ground.base >= 0) & (parts[np.where(ground.base >= 0, ground.base, 0)] > 1) & ~ground.cut  # mine cut them
    unlike = [set(np.unique(ground.units.community[differ]).tolist()) for differ in differs]
    found: list[Certificate] = []
    had = set()
    for one in mine.certificates:
        had.add(one.community)
        there = came.get(one.community)
        before = was.get(from_base.get(one.community, -1))
        if there is None or _same(there, before):
            found.append(one)
        elif one.community not in unlike[1] and (one.community in unlike[0] or _same(before, one)):
            found.append(there)
        elif one.community not in unlike[0] or one.why == "edited":
            found.append(one)
        elif there.why == "edited":
            found.append(there)
        else:
            border = inner_border(ground.units, sides.mine, one.community)
            found.append(dataclasses.replace(one, status="none", why="edited", border=border))
    found += [one for place, one in sorted(came.items()) if place not in had and place not in unlike[1]]
    return tuple(found)


def _same(one: Certificate | None, other: Certificate | None) -> bool:
    return one is not None and other is not None and dataclasses.replace(one, community=other.community) == other
