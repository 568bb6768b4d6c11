"""The planner's rules of three versions become one: they are sets, and what one side added or took away is added or taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.model.grid_identity import Identities
from gridplanner.model.lines import Lines
from gridplanner.model.merge import THEIRS
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rules import MustStays, RuleAreas, Rules

Token = Callable[[str], Hashable]  # what a code stands for: one value for the grid, whatever code it has in a version


@dataclass(frozen=True)
class PlaceClash:
    """A place (metres) that both sides hold in different grids: the codes as they are in mine and in theirs."""

    x: float
    y: float
    mine: str
    theirs: str

    @property
    def name(self) -> str:
        """What tells clashes of one merge apart."""
        return f"rule:{self.x:.2f}:{self.y:.2f}"


@dataclass(frozen=True, eq=False)
class MergedRules:
    """The merged rules, the places that both hold otherwise, and how many rules theirs added or took away."""

    rules: Rules
    clashes: tuple[PlaceClash, ...]
    count: int


def tokens_of(projects: Sequence[Project], ids: Identities) -> tuple[Token, Token, Token]:
    """Return what codes stand for in the base, in mine and in theirs: merged ids of grids; a code that a side gave up, the base's grid."""
    names = ids.base, ids.mine, ids.theirs
    known = [{} if project.grids is None else {grid.code: own[key] for key, grid in project.grids.grids.items() if grid.code}
             for project, own in zip(projects, names, strict=True)]  # fmt: skip

    def token(codes: Mapping[str, int]) -> Token:
        return lambda code: codes.get(code, known[0].get(code, code))

    return token(known[0]), token(known[1]), token(known[2])


def newly_held(base: MustStays, stays: MustStays, tokens: tuple[Token, Token]) -> set[Hashable]:
    """Return what the codes stand for in which a side holds places that the base does not hold there."""
    one, other = (set(_places_held(stay, token)) for stay, token in zip((base, stays), tokens, strict=True))
    return {held for _place, held in other - one}


def merged_rules(
    base: Rules, mine: Rules, theirs: Rules, tokens: tuple[Token, Token, Token], now: tuple[Mapping[str, str], Mapping[str, str]],
    choices: Mapping[str, str],
) -> MergedRules:  # fmt: skip
    """Return the rules of mine with what theirs added and without what theirs took away.

    `tokens` say what a code stands for in the base, in mine and in theirs; `now` map codes of mine and of theirs to those that the same
    grids have in the merged plan, where they differ.
    """
    areas, count = {}, 0
    for kind in ("keep", "exclusive", "groups"):
        areas[kind], changed = _areas(getattr(base, kind), getattr(mine, kind), getattr(theirs, kind))
        count += changed
    lines, changed = _lines(base.fixed_lines, mine.fixed_lines, theirs.fixed_lines)
    count += changed
    stays, clashes, changed = _stays((base.must_stay, mine.must_stay, theirs.must_stay), tokens, now, choices)
    count += changed
    same = not count and stays is mine.must_stay
    return MergedRules(mine if same else Rules(**areas, fixed_lines=lines, must_stay=stays), clashes, count)


def _places_held(stays: MustStays, token: Token) -> list[tuple[tuple[float, float], Hashable]]:
    return [((round(x, 2), round(y, 2)), token(code)) for (x, y), code in zip(stays.xy.tolist(), stays.codes.tolist(), strict=True)]


def _kept_and_new(base: list[Hashable], mine: list[Hashable], theirs: list[Hashable]) -> tuple[list[int], list[int]]:
    """Return the rows of mine that stay and those of theirs that come; what is there twice is counted."""
    gone = Counter(base) - Counter(theirs)
    kept = []
    for row, key in enumerate(mine):
        if gone[key] > 0:
            gone[key] -= 1
        else:
            kept.append(row)
    have = Counter(mine) - Counter(base)  # what mine added: where theirs added the same it is there once
    old = Counter(base)
    new = []
    for row, key in enumerate(theirs):
        if old[key] > 0:
            old[key] -= 1
        elif have[key] > 0:
            have[key] -= 1
        else:
            new.append(row)
    return kept, new


def _areas(base: RuleAreas, mine: RuleAreas, theirs: RuleAreas) -> tuple[RuleAreas, int]:
    keys = [list(zip(shapely.to_wkb(one.polygons).tolist() if len(one) else [], one.names.tolist(), one.cuts.tolist(), strict=True))
            for one in (base, mine, theirs)]  # fmt: skip
    kept, new = _kept_and_new(*keys)  # type: ignore[arg-type]
    count = len(mine) - len(kept) + len(new)
    if not count:
        return mine, 0
    columns = [np.concatenate((getattr(mine, name)[kept], getattr(theirs, name)[new])) for name in ("polygons", "names", "cuts")]
    return RuleAreas(*columns), count


def _lines(base: Lines, mine: Lines, theirs: Lines) -> tuple[Lines, int]:
    keys = [[one.line(row).tobytes() for row in range(len(one))] for one in (base, mine, theirs)]
    kept, new = _kept_and_new(*keys)  # type: ignore[arg-type]
    count = len(mine) - len(kept) + len(new)
    if not count:
        return mine, 0
    rows = [mine.line(row) for row in kept] + [theirs.line(row) for row in new]
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int32)
    return Lines(np.concatenate((*rows, np.empty((0, 2)))), offsets), count


def _stays(
    stays: tuple[MustStays, MustStays, MustStays], tokens: tuple[Token, Token, Token], now: tuple[Mapping[str, str], Mapping[str, str]],
    choices: Mapping[str, str],
) -> tuple[MustStays, tuple[PlaceClash, ...], int]:  # fmt: skip
    keys = [_places_held(one, token) for one, token in zip(stays, tokens, strict=True)]
    places = [[place for place, _held in some] for some in keys]
    kept, new = _kept_and_new(*keys)  # type: ignore[arg-type]
    mine, theirs = stays[1], stays[2]
    added = {places[1][row]: row for row in kept if keys[1][row] not in keys[0]}
    clashes = []
    for row in list(new):
        other = added.get(places[2][row])
        if other is None:
            continue
        clash = PlaceClash(*places[2][row], str(mine.codes[other]), str(theirs.codes[row]))
        clashes.append(clash)
        if choices.get(clash.name) == THEIRS:
            kept.remove(other)
        else:
            new.remove(row)
    count = len(mine) - len(kept) + len(new)
    codes = [now[0].get(code, code) for code in mine.codes[kept].tolist()] + [now[1].get(code, code) for code in theirs.codes[new].tolist()]
    if not count and codes == mine.codes.tolist():
        return mine, tuple(clashes), 0
    return MustStays(np.concatenate((mine.xy[kept], theirs.xy[new])), texts(codes)), tuple(clashes), count
