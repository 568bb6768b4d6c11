"""Why the work of a plan cannot be even, or a segment cannot be as short as wished: the piece without a break, and what would allow one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.rail import RailPlan, RailProof, RailSegment
from gridplanner.model.rail_limits import KIND_WORDS, name_after, thing_around
from gridplanner.model.rail_near import place_at
from gridplanner.model.rail_pieces import chainage_words, mileage_of
from gridplanner.model.rail_work import nearest_break
from gridplanner.settings import RailSettings

UNEVEN = 1.1  # times the mean work that the heaviest segment must have, before it is told


def uneven(ground: RailPlan, segments: Sequence[RailSegment], proofs: Sequence[RailProof], settings: RailSettings) -> list[Issue]:
    """Say of each plan where its work cannot be even, and why: the least possible heaviest segment is well above the mean.

    Either the heaviest segment is one piece that no break may divide, a bridge or tunnel or a long atom, or lines, walls, posts, squads
    and limits of length leave too few guards where it lies.
    """
    found = []
    for proof in proofs:
        free = [one for one in segments if one.plan == proof.plan and not one.post and not one.locked]
        if not free or proof.mean <= 0 or proof.bound <= UNEVEN * proof.mean:
            continue
        heaviest = max(free, key=lambda one: one.workload)
        found.append(_told(ground, heaviest, proof, settings))
    return found


def _told(ground: RailPlan, heaviest: RailSegment, proof: RailProof, settings: RailSettings) -> Issue:
    line = ground.lines[heaviest.line]
    middle = (heaviest.low + heaviest.high) / 2.0
    first, last = chainage_words(ground, heaviest)
    values: dict[str, object] = {
        "plan": proof.plan, "share": f"{100 * (proof.bound / proof.mean - 1):.0f}", "first": first, "last": last,
    }  # fmt: skip
    text = N_(
        "{plan}: the segment from {first} to {last} weighs {share} % more than the mean, and no division does better: lines, walls, posts,"
        " squads and limits of length leave too few guards there; change [rail] line, walls, posts, squad_guards, min_km or max_km"
    )
    if nearest_break(ground.profile, heaviest.line, middle, heaviest.low, heaviest.high) is None:
        text = N_(
            "{plan}: the segment from {first} to {last} weighs {share} % more than the mean, and no break may lie in it; a smaller [rail]"
            " atom_m makes places for breaks"
        )
        row = thing_around(ground, settings.forbid, heaviest.line, middle)
        if row >= 0:
            kind = str(ground.features.kinds[row])
            values |= {"what": KIND_WORDS.get(kind, kind), "name": name_after(ground, row), "kind": kind}
            text = N_(
                "{plan}: the segment from {first} to {last} weighs {share} % more than the mean, as no break may lie within {what}{name};"
                " take {kind} out of [rail] forbid to allow breaks there, or make it a fixed post"
            )
    x, y = place_at(line, middle)
    return Issue(Level.WARNING, "uneven", text, values, "rail", proof.plan, x, y)


def longest_piece(ground: RailPlan, held: Sequence[tuple[int, float, float]], settings: RailSettings) -> tuple[float, str]:
    """Return the metres of the longest piece without a place for a break, and where it is in words, with the thing that forbids it.

    `held` are the stretches (line, low, high) that are segments as they are; what begins within them does not count.
    """
    profile = ground.profile
    starts = np.flatnonzero(profile.open | profile.wall | np.append(True, np.diff(profile.line) != 0))
    ends = np.append(starts[1:], len(profile)) - 1
    metres = profile.high[ends] - profile.low[starts]
    for line, low, high in held:
        inside = (profile.line[starts] == line) & (profile.low[starts] > low - 1e-3) & (profile.low[starts] < high - 1e-3)
        metres[inside] = 0.0
    piece = int(metres.argmax())
    number, low, high = int(profile.line[starts[piece]]), float(profile.low[starts[piece]]), float(profile.high[ends[piece]])
    mileage = mileage_of(ground.lines[number])
    words = f"{mileage.text(low)}–{mileage.text(high, coming=True)}"
    row = thing_around(ground, settings.forbid, number, (low + high) / 2.0)
    if row >= 0:
        kind = str(ground.features.kinds[row])
        words = f"{_(KIND_WORDS.get(kind, kind))}{name_after(ground, row)} {words}"
    return float(metres[piece]), words
