"""Codes that two sides gave without knowing of each other: no two grids have one, and none that ended has its code again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.code_profiles import profile_of
from gridplanner.errors import EditRejected, InputError
from gridplanner.i18n import _
from gridplanner.model.codes import next_codes
from gridplanner.model.grids import Grid
from gridplanner.model.merge import THEIRS
from gridplanner.model.places import Communities, texts
from gridplanner.settings import GridSettings


@dataclass(frozen=True)
class CodeClash:
    """A code that mine gave to the grid `mine` and theirs to the grid `theirs`, which had another one before; -1: mine gave it up."""

    code: str
    mine: int
    theirs: int

    @property
    def name(self) -> str:
        """What tells clashes of one merge apart."""
        return f"code:{self.code}"


@dataclass(frozen=True, eq=False)
class Coded:
    """Grids with codes of their own; `renumbered` maps grids to (the code that was meant, the code that they have)."""

    grids: Mapping[int, Grid]
    clashes: tuple[CodeClash, ...]
    renumbered: Mapping[int, tuple[str, str]]


def coded(
    grids: Mapping[int, Grid], mine: Mapping[int, Grid], base_codes: Mapping[int, str], retired: frozenset[str], places: Communities,
    settings: GridSettings | None, choices: Mapping[str, str], *, other_layout: bool = False,
) -> Coded:  # fmt: skip
    """Return merged grids whose codes differ.

    `mine` are the grids as they are in mine, `base_codes` the codes of those that the base has, `retired` codes that mine gave up. A new
    grid of theirs whose code is taken, or was given by an `other_layout` than is in use now, gets the next one; a grid that got a taken
    code by hand is a clash, decided by `choices`.
    """
    found, clashes, renumbered = dict(grids), [], {}
    holder = {grid.code: key for key, grid in found.items() if grid.code and key in mine and mine[key].code == grid.code}
    came = sorted(key for key, grid in found.items() if grid.code and holder.get(grid.code) != key)
    taken: dict[str, int] = dict(holder)
    for key in came:
        code = found[key].code
        other = taken.get(code)
        fresh = key not in base_codes
        if other is None and not (fresh and other_layout) and (code not in retired or base_codes.get(key) == code):
            taken[code] = key
            continue
        if fresh:
            found[key] = dataclasses.replace(found[key], code=_next(found, key, retired, places, settings))
            renumbered[key] = (code, found[key].code)
            taken[found[key].code] = key
            continue
        clash = CodeClash(code, -1 if other is None else other, key)
        clashes.append(clash)
        loser = key
        if choices.get(clash.name) == THEIRS and other is not None:
            loser = other
            taken[code] = key
        elif choices.get(clash.name) == THEIRS:
            taken[code] = key
            continue
        back = mine[key].code if loser == key and key in mine else base_codes.get(loser, "")
        if not back or taken.get(back, loser) != loser:
            back = _next({**found, loser: dataclasses.replace(found[loser], code="")}, loser, retired, places, settings)
            renumbered[loser] = (code, back)
        found[loser] = dataclasses.replace(found[loser], code=back)
        taken[back] = loser
    return Coded(found, tuple(clashes), renumbered)


def _next(grids: Mapping[int, Grid], key: int, retired: frozenset[str], places: Communities, settings: GridSettings | None) -> str:
    """Return the next free code of a grid's community; raises EditRejected where there is none."""
    profile = profile_of((settings or GridSettings()).codes)
    kind = int(grids[key].kind == "exclusive")
    frames = [profile.frame(code, kind) for code in places.codes.tolist()]
    home = grids[key].community
    near = [other for other, grid in grids.items() if other != key and grid.code and frames[grid.community] == frames[home]]
    codes = list(dict.fromkeys(grids[other].code for other in near))
    rows = {grids[other].code: other for other in near}
    near = [rows[code] for code in codes]
    community = np.array([*(grids[other].community for other in near), home], np.int32)
    kinds = np.array([*(int(grids[other].kind == "exclusive") for other in near), kind], np.int32)
    size = len(near) + 1
    try:
        found = next_codes(
            profile, np.zeros((size, 2)), np.ones(size), community, places.codes, places.names, texts([*codes, ""]), retired, kinds
        )
    except InputError as why:
        raise EditRejected(_("No code is left for a grid that came in: {why}").format(why=why)) from None
    return str(found.code[-1])
