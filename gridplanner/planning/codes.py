"""Codes of grids: the community's twelve digits and a sequence from west to east, north to south (DB11/T 2157-2023)."""

from __future__ import annotations

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints, Texts

LAST = 999


def reading_order(xy: Floats, area: Floats) -> Ints:
    """Return the order in which places are numbered: rows of height √(mean area) from the north, west to east in a row."""
    if not len(xy):
        return np.zeros(0, np.int32)
    height = max(float(np.sqrt(area.mean())), 1e-9)
    row = np.floor((xy[:, 1].max() - xy[:, 1]) / height)
    return np.lexsort((-xy[:, 1], xy[:, 0], row)).astype(np.int32)


def check_room(grids: Ints, names: Texts) -> None:
    """Raise InputError where a community has more grids than its codes have room for; `grids` (c,) is how many each has."""
    for row in np.flatnonzero(grids > LAST).tolist():
        text = _("Community {name} has {n} grids; the code has room for 999. Divide the community, or raise the target")
        raise InputError(text.format(name=names[row], n=int(grids[row])))


def grid_codes(xy: Floats, area: Floats, community: Ints, codes: Texts, names: Texts) -> tuple[Texts, Ints]:
    """Return each grid's 15-digit code and its sequence number in its community.

    Raises InputError where a community has more than 999 grids.
    """
    check_room(np.bincount(community), names)
    code, number = np.full(len(xy), "", object), np.zeros(len(xy), np.int32)
    for row in np.unique(community).tolist():
        mine = np.flatnonzero(community == row)
        mine = mine[reading_order(xy[mine], area[mine])]
        number[mine] = np.arange(1, len(mine) + 1)
        code[mine] = [f"{codes[row]}{k:03d}" for k in range(1, len(mine) + 1)]
    return code, number
