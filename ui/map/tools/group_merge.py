"""Merge at the steps of beats and zones: click neighbours one after another; the first goes on, the others join it."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.group_edits import MergeGroups
from gridplanner.i18n import _
from gridplanner.model.group_sides import borders_of_groups
from gridplanner.model.groups import NONE
from ui.map.tools.group_work import GroupWork, work_of
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class GroupMerge:
    """Enter, a double click, or a click on the first one merges what was clicked; a click on another of them takes it back."""

    cursor = "PointingHandCursor"

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        work = work_of(reach)
        if work is None or work.group_at(press.unit) == NONE:
            return None
        first = work.group_at(press.unit)
        if why := work.locked(first):
            return (yield from refuse(why))
        near = borders_of_groups(work.units, work.groups.of_unit)
        chosen, why = [first], ""
        while True:
            pointer = yield _preview(work, chosen, why)
            ends = pointer.accepted
            if pointer.pressed and pointer.unit >= 0:
                group, why = work.group_at(pointer.unit), ""
                if group == first:
                    ends = True
                elif group in chosen:
                    chosen.remove(group)
                else:
                    why = _refusal(work, near, chosen, group)
                    chosen += [] if why else [group]
            if pointer.back and len(chosen) > 1:
                chosen.pop()
            if ends:
                codes = tuple(work.code(group) for group in chosen)
                return MergeGroups(work.groups.kind, first, tuple(chosen[1:]), codes) if len(chosen) > 1 else None


def _refusal(work: GroupWork, near: dict[int, frozenset[int]], chosen: list[int], group: int) -> str:
    if group == NONE:
        return _("There is no beat here") if work.groups.kind == "beats" else _("There is no zone here")
    if why := work.locked(group):
        return why
    if not near.get(group, frozenset()) & set(chosen):
        text = _("{group} does not touch the others; only neighbours can be merged")
        return text.format(group=work.groups.called(group))
    return ""


def _preview(work: GroupWork, chosen: list[int], why: str) -> Preview:
    units = frozenset(np.flatnonzero(np.isin(work.groups.of_unit, chosen)).tolist())
    more = sum(work.sums[group] for group in chosen[1:])
    if len(chosen) == 1:
        hint = why or _("Merge: click the neighbours that join it; Enter ends, Esc abandons")
        return Preview(units, tallies=(work.tally(chosen[0]),), hint=hint, warning=why, refused=bool(why))
    hint = why or _("Merge: Enter, or a click on the first one, merges them; a click on another takes it back")
    title = f"{work.code(chosen[0])} ← {_(', ').join(work.code(group) for group in chosen[1:])}"
    tallies = (work.tally(chosen[0], more),)
    return Preview(units, tallies=tallies, title=title, words=_("Enter merges"), hint=hint, warning=why, refused=bool(why))
