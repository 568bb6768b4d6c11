"""The conflicts of a merge as the list and the map show them: words by community, ground, and the grid on either side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.handout import community_keys
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.lookup import unit_at
from gridplanner.model.merge import MINE as MINE_WORD
from gridplanner.model.merge import THEIRS as THEIRS_WORD
from gridplanner.model.merge import Conflict
from gridplanner.model.outlines import ground_of, rings_of_units
from gridplanner.model.project import Project
from ui.map.conflicts import MINE, OPEN, THEIRS, Conflicts
from ui.map.shapes import Areas, areas_of
from ui.panels.conflict_list import ConflictRow

SIDES = {MINE_WORD: MINE, THEIRS_WORD: THEIRS}
WORDS = {MINE: MINE_WORD, THEIRS: THEIRS_WORD}
NO_PIECES = np.zeros((0, 4))


def rows_of(conflicts: Sequence[Conflict], project: Project) -> list[ConflictRow]:
    """Return conflicts in words, each under the name of its community; what belongs to none is under the project's."""
    named = dict(zip(community_keys(project.communities), project.communities.names.tolist(), strict=True))
    named |= dict(zip(project.communities.codes.tolist(), project.communities.names.tolist(), strict=True))
    return [
        ConflictRow(
            str(named.get(one.community) or one.community) if one.community else _("The whole project"), one.what, one.mine, one.theirs
        )
        for one in conflicts
    ]


def sides_of(conflicts: Sequence[Conflict], choices: Mapping[str, str]) -> tuple[int, ...]:
    """Return how each conflict is decided."""
    return tuple(SIDES.get(choices.get(conflict.key, ""), OPEN) for conflict in conflicts)


def areas_of_conflicts(conflicts: Sequence[Conflict], project: Project) -> Areas:
    """Return the ground of each conflict in the merged project: its units, else its grids; some have none."""
    units, plan = project.units, project.grids
    coords: list[Floats] = []
    ends: list[int] = [0]
    faces: list[int] = []
    for row, conflict in enumerate(conflicts):
        if units is None:
            break
        mine = np.array(conflict.units, np.int32)
        if not len(mine) and conflict.grids and plan is not None:
            mine = np.flatnonzero(np.isin(plan.labels, np.array(conflict.grids))).astype(np.int32)
        if not len(mine):
            continue
        rings = rings_of_units(units, mine)
        coords.append(units.xy[rings.nodes])
        ends += (rings.offsets[1:] + ends[-1]).tolist()
        faces += [row] * (len(rings.offsets) - 1)
    count = np.arange(len(conflicts), dtype=np.int32)
    together = np.concatenate(coords) if coords else np.zeros((0, 2))
    return areas_of(together, np.array(ends, np.int64), np.array(faces, np.int64), count)


def shown_conflicts(
    conflicts: Sequence[Conflict], areas: Areas, sides: tuple[int, ...], chosen: int, merged: Project, theirs: Project
) -> Conflicts:
    """Return what the map shows while one conflict is in hand."""
    if not 0 <= chosen < len(conflicts):
        return Conflicts(areas, sides, -1, NO_PIECES, NO_PIECES, ("", ""))
    one = conflicts[chosen]
    here = _outline_at(one, merged)
    there = _outline_at(one, theirs) if theirs is not merged else NO_PIECES
    if np.array_equal(here, there):  # what they do not agree about is no ground
        here = there = NO_PIECES
    return Conflicts(areas, sides, chosen, here, there, (one.mine, one.theirs))


def box_of_conflict(conflict: Conflict, areas: Areas, row: int) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right and top of a conflict's ground in metres, None where it has none."""
    box = areas.boxes[row]
    if np.isfinite(box).all():
        left, bottom, right, top = box.tolist()
        return left, bottom, right, top
    return None if conflict.x is None or conflict.y is None else (conflict.x, conflict.y, conflict.x, conflict.y)


def _outline_at(conflict: Conflict, project: Project) -> Floats:
    """Return the outline (m, 4) of the grid that a conflict lies in on one side; nothing where it has no place or no grid."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        return NO_PIECES
    unit = -1
    if conflict.x is not None and conflict.y is not None:
        unit = unit_at(units, conflict.x, conflict.y)
    elif conflict.units and conflict.units[0] < len(units):
        unit = conflict.units[0]
    label = int(plan.labels[unit]) if unit >= 0 else next(iter(conflict.grids), -1)
    if label not in plan.grids:
        return NO_PIECES
    ids: Ints = np.array([label], np.int32)
    ground = ground_of(units, plan.labels, ids)
    pieces: Floats = units.xy[units.ends[ground.pieces[ground.left != ground.right]]].reshape(-1, 4)
    return pieces
