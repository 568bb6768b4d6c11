"""Codes of street chiefs' stretches: kept by those that are mostly what they were, the next free numbers in reading order for others."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.street_chiefs import ChiefPlan

_ON = 1.0  # metres from a stretch of the plan before within which a piece of street is the same piece


def stretch_codes(order: Ints, label: Ints, middle: Floats, length: Floats, before: ChiefPlan | None) -> dict[int, str]:
    """Return the code of each stretch 0 … k - 1, in the order of their codes.

    `order` (k,) are the stretches in reading order; atoms have a `label` (n,), a `middle` (n, 2) and a `length` (n,) metres. A stretch
    keeps the code of one before where they share more than half the length of both.
    """
    kept = _kept(len(order), label, middle, length, before) if before is not None and len(before) else {}
    used = {_number(code) for code in kept.values()}
    free = (number for number in range(1, len(order) + len(used) + 1) if number not in used)
    digits = max(3, len(str(max(len(order), *used, 0))))
    codes = {int(g): kept.get(int(g)) or f"S{next(free):0{digits}d}" for g in order}
    return dict(sorted(codes.items(), key=lambda item: (_number(item[1]), item[1])))


def _kept(count: int, label: Ints, middle: Floats, length: Floats, before: ChiefPlan) -> dict[int, str]:
    rows = before.stretches
    code, of = np.unique([row.code for row in rows], return_inverse=True)
    lines = np.array([shapely.linestrings(row.coords) for row in rows], object)
    point, row = shapely.STRtree(lines).query_nearest(shapely.points(middle), max_distance=_ON, all_matches=False)
    pair, place = np.unique(label[point] * len(code) + of[row], return_inverse=True)
    shared = group_sums(place, length[point])
    now, then = pair // len(code), pair % len(code)
    was = group_sums(of, np.array([row.length_m for row in rows]), len(code))
    same = (shared > group_sums(label, length, count)[now] / 2) & (shared > was[then] / 2)
    return {int(g): str(code[c]) for g, c in zip(now[same].tolist(), then[same].tolist(), strict=True)}


def _number(code: str) -> int:
    return int(code[1:]) if code[1:].isdecimal() else 0
