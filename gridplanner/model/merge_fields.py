"""What is known of each grid beside its shape, decided three ways field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridplanner.i18n import N_
from gridplanner.model.grids import Grid, listed_codes
from gridplanner.model.merge import THEIRS

SAID = {"name": N_("name"), "code": N_("code"), "locked": N_("lock"), "workers": N_("people on duty"), "kind": N_("kind")}
WISHES = ("name", "locked", "workers", "kind")  # whose change says that a side goes on with a grid; codes may change with their layout


@dataclass(frozen=True)
class FieldClash:
    """A field of a grid that both sides changed otherwise."""

    grid: int
    field: str
    mine: Any
    theirs: Any

    @property
    def name(self) -> str:
        """What tells clashes of one merge apart."""
        return f"grid:{self.grid}:{self.field}"


def merged_grid(
    base: Grid | None, mine: Grid, theirs: Grid, grid: int, choices: Mapping[str, str], key: str
) -> tuple[Grid, list[FieldClash], int]:
    """Return what is known of a grid that both sides have, what they clash in, and how many fields came from theirs.

    `base` is None for a grid that both began. Clashes are decided by `choices` under `key` and their name, else as in mine.
    """
    values: dict[str, Any] = {}
    clashes: list[FieldClash] = []
    for name in SAID:
        m, t = getattr(mine, name), getattr(theirs, name)
        if m == t or (base is not None and t == getattr(base, name)):
            continue
        if base is not None and m == getattr(base, name):
            values[name] = t
            continue
        if base is None and name == "code":
            continue  # one grid begun twice: its code is the one that it has here
        clash = FieldClash(grid, name, m, t)
        clashes.append(clash)
        if choices.get(key + clash.name) == THEIRS:
            values[name] = t
    count = len(values)
    if base is not None:
        values |= _followed(base, mine, theirs)
    return dataclasses.replace(mine, **values) if values else mine, clashes, count


def changed_fields(base: Grid, grid: Grid, *, code: bool) -> bool:
    """Return whether a side changed what it calls a grid, who works there, its lock or its kind; its `code` too where that counts."""
    return any(getattr(base, name) != getattr(grid, name) for name in WISHES) or (code and base.code != grid.code)


def _followed(base: Grid, mine: Grid, theirs: Grid) -> dict[str, Any]:
    """Return predecessors and date where theirs changed them: all predecessors of both sides, and the later day."""
    values: dict[str, Any] = {}
    if theirs.prev_code not in (base.prev_code, mine.prev_code):
        codes = [*mine.prev_code.split(","), *theirs.prev_code.split(",")]
        values["prev_code"] = theirs.prev_code if mine.prev_code == base.prev_code else listed_codes(codes)
    if theirs.valid_from not in (base.valid_from, mine.valid_from):
        own = mine.valid_from == base.valid_from
        values["valid_from"] = theirs.valid_from if own else max(mine.valid_from, theirs.valid_from)
    return values
