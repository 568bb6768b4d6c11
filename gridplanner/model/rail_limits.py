"""What keeps a guard segment from ending at a place of its line, in words with the nearest places where it may."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import length_of
from gridplanner.model.rail_pieces import mileage_of
from gridplanner.model.rail_work import closed_at, nearest_break

INSIDE = 0.5  # metres from the end of a thing within which a place is its end
KIND_WORDS = {
    "tunnel": N_("tunnel"), "bridge": N_("bridge"), "station": N_("station"), "crossing": N_("crossing"), "limit": N_("limit"),
    "post": N_("fixed post"), "gate": N_("entry point"),
}  # fmt: skip


def thing_around(plan: RailPlan, kinds: Collection[str], line: int, along: float) -> int:
    """Return the row of the feature of one of some kinds that a place lies within, or on where it is a point; -1 where there is none."""
    things = plan.features
    if not len(things):
        return -1
    mine = (things.line == line) & np.isin(things.kinds.astype(str), list(kinds))
    long = (things.high - things.low) > 2 * INSIDE
    within = np.where(long, (things.low + INSIDE < along) & (along < things.high - INSIDE), np.abs(things.low - along) < INSIDE)
    rows = np.flatnonzero(mine & within)
    return int(rows[0]) if len(rows) else -1


def name_after(plan: RailPlan, row: int) -> str:
    """Return the name of a thing (row of the plan's features) with a blank before it, empty where it has none."""
    name = str(plan.features.names[row])
    return f" {name}" if name else ""


def why_no_break(plan: RailPlan, forbid: Collection[str], line: int, along: float) -> str:
    """Return why no segment may end at a place, in the language in use; empty where one may."""
    row = thing_around(plan, forbid, line, along)
    if row < 0 and not closed_at(plan.profile, line, along):
        return ""
    mileage = mileage_of(plan.lines[line])
    place = mileage.text(along)
    before, behind = _nearest_two(plan, line, along)
    near = [mileage.text(at) for at in (before, behind) if at is not None]
    if row < 0:
        text = _("No segment may end at {place}; the nearest places are {near}")
        return text.format(place=place, near=", ".join(near) or "–")
    kind = KIND_WORDS.get(str(plan.features.kinds[row]), "")
    what = " ".join(filter(None, (_(kind) if kind else "", str(plan.features.names[row]))))
    text = _("No segment may end at {place}, within {what}; the nearest places are {near}")
    return text.format(place=place, what=what, near=", ".join(near) or "–")


def _nearest_two(plan: RailPlan, line: int, along: float) -> tuple[float | None, float | None]:
    """Return the nearest allowed places before and behind a place."""
    length = length_of(plan.lines[line])
    if not len(plan.profile):
        return None, None
    return nearest_break(plan.profile, line, along, 0.0, along), nearest_break(plan.profile, line, along, along, length)
