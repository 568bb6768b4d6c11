"""Codes of grids when a plan is made: by the profile in the settings, from west to east and north to south in each community."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import numpy as np

from gridplanner.code_profiles import CodeProfile, profile_of
from gridplanner.model.codes import check_numbers, next_codes, reading_order
from gridplanner.model.lines import Floats, Ints, Texts

__all__ = ["check_room", "grid_codes", "reading_order"]


def check_room(grids: Ints, names: Texts, profile: CodeProfile | None = None, codes: Texts | None = None) -> None:
    """Raise InputError where a community has more grids than its codes have room for; `grids` (c,) is how many each has.

    `codes` (c,) are needed where a template numbers several communities together.
    """
    profile = profile or profile_of()
    if codes is None:
        for row in np.flatnonzero(grids > profile.last).tolist():
            check_numbers(profile, int(grids[row]), str(names[row]))
        return
    frames = [profile.frame(code) for code in codes[: len(grids)].tolist()]
    first = {frame: row for row, frame in reversed(list(enumerate(frames)))}
    total = np.bincount([first[frame] for frame in frames], grids, minlength=len(frames))
    for row in np.flatnonzero(total > profile.last).tolist():
        check_numbers(profile, int(total[row]), f"{names[row]} …" if total[row] > grids[row] else str(names[row]))


def grid_codes(
    xy: Floats, area: Floats, community: Ints, codes: Texts, names: Texts,
    profile: CodeProfile | None = None, retired: AbstractSet[str] = frozenset(), kind: Ints | None = None,
) -> tuple[Texts, Ints]:  # fmt: skip
    """Return each grid's code and its number in its community, for its name: 1 where an undivided community's code has the number 0.

    Arguments are those of `model.codes.next_codes`; without a profile, DB11/T 2157-2023. Raises InputError where a community has more
    grids than numbers.
    """
    found = next_codes(profile or profile_of(), xy, area, community, codes, names, retired=retired, kind=kind)
    return found.code, np.maximum(found.number, 1)
