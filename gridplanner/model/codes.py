"""Numbers of grids: in reading order, the next free ones for new grids, and those that grids take along into a merged community."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from gridplanner.code_profiles import CodeProfile, Frame
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.code_faults import duplicate_codes
from gridplanner.model.lines import Floats, Ints, Texts

Numbers = dict[Frame, set[int]]


@dataclass(frozen=True, eq=False)
class GridCodes:
    """Codes of grids.

    `code` (g,) text; `number` (g,) int32, the number in the code, -1 where a kept code has another layout; `previous` (g,) the code that
    a grid gave up for this one, else empty: its predecessor, and from now on a retired code.
    """

    code: Texts
    number: Ints
    previous: Texts

    def __post_init__(self) -> None:
        for column in (self.code, self.number, self.previous):
            column.setflags(write=False)


def reading_order(xy: Floats, area: Floats) -> Ints:
    """Return the order in which places are numbered: rows of height √(mean area) from the north, west to east in a row."""
    if not len(xy):
        return np.zeros(0, np.int32)
    height = max(float(np.sqrt(area.mean())), 1e-9)
    row = np.floor((xy[:, 1].max() - xy[:, 1]) / height)
    return np.lexsort((-xy[:, 1], xy[:, 0], row)).astype(np.int32)


_ORDERS = {"rows": reading_order}  # what a profile's `order` means


def next_codes(
    profile: CodeProfile, xy: Floats, area: Floats, community: Ints, codes: Texts, names: Texts,
    kept: Texts | None = None, retired: AbstractSet[str] = frozenset(), kind: Ints | None = None,
) -> GridCodes:  # fmt: skip
    """Return codes of grids: kept ones as they are, new ones numbered in reading order.

    `xy` (g, 2) and `area` (g,) of the grids, metres and m²; `community` (g,) rows of `codes` (twelve digits) and `names`; `kept` (g,) the
    code that a grid has already, empty for new grids; `retired` codes that are never given again; `kind` (g,) 0 service grid, 1
    exclusive grid. A new grid's number is above all that its community ever had; only where those run out does it fill the gaps below.
    Where the profile gives an undivided community the number 0, the one grid that has it takes a new number when others join it.
    Raises InputError where two kept codes are alike, or a community has more grids than numbers.
    """
    kept = np.full(len(xy), "", object) if kept is None else kept
    scope, frames = _scopes(profile, community, codes, kind)
    rank = np.zeros(len(xy), np.int64)
    for rows in _groups(scope):
        rank[rows[_ORDERS[profile.order](xy[rows], area[rows])]] = np.arange(len(rows))
    return _numbered(profile, scope, frames, rank, kept, retired, _scope_names(scope, community, names, len(frames)))


def moved_codes(
    profile: CodeProfile, community: Ints, codes: Texts, names: Texts, kept: Texts,
    retired: AbstractSet[str] = frozenset(), kind: Ints | None = None, before: CodeProfile | None = None,
) -> GridCodes:  # fmt: skip
    """Return codes of grids whose community was merged or given another code: the same number where it is free, else the next free one.

    Arguments are those of `next_codes`; `before` is the profile of the kept codes where it was another one. Grids whose codes are their
    community's already, or of another layout, keep them; the others come in the order of their old codes, so what moves together stays
    together. No grid takes a code that another has just given up. Raises InputError as `next_codes` does.
    """
    _refuse_duplicates(kept)
    scope, frames = _scopes(profile, community, codes, kind)
    size = np.bincount(scope, minlength=len(frames))
    old = before or profile
    found = [old.read(code) if code else None for code in kept.tolist()]
    stays = np.zeros(len(kept), bool)
    if old == profile:
        # a code that the planner wrote in a layout of his own says nothing of the community, so it stays too
        stays[:] = [
            code != "" and (mine is None or mine[0] == frames[s]) for code, mine, s in zip(kept, found, scope.tolist(), strict=True)
        ]
    placed = np.where(stays, kept, "") if len(kept) else kept.copy()
    gone = {code for code, stay in zip(kept.tolist(), stays.tolist(), strict=True) if code and not stay} | set(retired)
    used = _used(profile, [*placed.tolist(), *gone])
    order = sorted(range(len(kept)), key=lambda row: (not kept[row], kept[row]))
    for row in order:
        mine, frame = found[row], frames[scope[row]]
        if stays[row] or mine is None or mine[1] in used.get(frame, ()) or not _fits(profile, mine[1], int(size[scope[row]])):
            continue
        placed[row] = profile.code(frame, mine[1])
        used.setdefault(frame, set()).add(mine[1])
    rank = np.empty(len(kept), np.int64)
    rank[order] = np.arange(len(kept))
    result = _numbered(profile, scope, frames, rank, placed, gone, _scope_names(scope, community, names, len(frames)))
    previous = np.where(result.code != kept, kept, "") if len(kept) else result.previous
    return GridCodes(result.code, result.number, previous)


def merged_community_codes(
    profile: CodeProfile, members: Sequence[Sequence[str]], xy: Floats, area: Floats, taken: Collection[str]
) -> list[str]:
    """Return the twelve digits of each community that is merged from several.

    `members` are the codes of the communities of each merger; `xy` (m, 2) and `area` (m,) of the merged communities give the order;
    `taken` are community codes in use or used before. By CJ/T 349-2010, 5.6: the street office's nine digits and a number from 601 in
    reading order; with a profile that has no such rule, the lowest code of the members stays. Raises InputError where members lie in
    several street offices, or their numbers run out.
    """
    out = [""] * len(members)
    used = set(taken)
    for row in _ORDERS[profile.order](xy, area).tolist():
        streets = sorted({code[:9] for code in members[row]})
        if profile.merged_from and len(streets) != 1:
            text = _("Communities {codes} lie in several street offices, {streets}; {profile} numbers merged communities within one")
            raise InputError(text.format(codes=", ".join(members[row]), streets=", ".join(streets), profile=profile.name))
        free = (code for number in range(profile.merged_from, 1000) if (code := f"{streets[0]}{number:03d}") not in used)
        out[row] = next(free, "") if profile.merged_from else min(members[row])
        if not out[row]:
            text = _("Street office {street} has no free number from {first} to 999 for a merged community")
            raise InputError(text.format(street=streets[0], first=profile.merged_from))
        used.add(out[row])
    return out


def check_room(profile: CodeProfile, grids: Ints, exclusive: Ints, codes: Texts, names: Texts) -> None:
    """Raise InputError where communities have more grids than their codes have room for, before there are any codes.

    `grids` (c,) is how many each community has, `exclusive` (c,) how many of those are exclusive ones; `codes` (c,) twelve digits, `names`.
    """
    total: dict[Frame, int] = {}
    rows: dict[Frame, list[int]] = {}
    for row, (code, count, apart) in enumerate(zip(codes.tolist(), grids.tolist(), exclusive.tolist(), strict=True)):
        for kind, number in ((0, count - apart), (1, apart)):
            if number:
                frame = profile.frame(code, kind)
                total[frame] = total.get(frame, 0) + number
                rows.setdefault(frame, []).append(row)
    for frame, number in total.items():
        several = len(set(rows[frame])) > 1
        check_numbers(profile, number, f"{names[rows[frame][0]]} …" if several else str(names[rows[frame][0]]))


def check_numbers(profile: CodeProfile, grids: int, name: str, retired: int = 0) -> None:
    """Raise InputError where a community's `grids`, and the codes of it that are `retired`, are more than the profile has numbers."""
    if grids + retired <= profile.last:
        return
    if retired:
        text = _(
            "Community {name} has {n} grids and {retired} retired codes; a code of {profile} has room for {limit}. "
            "Divide the community, raise the target, or choose codes with more digits"
        )
    else:
        text = _(
            "Community {name} has {n} grids; a code of {profile} has room for {limit}. "
            "Divide the community, raise the target, or choose codes with more digits"
        )
    raise InputError(text.format(name=name, n=grids, retired=retired, profile=profile.name, limit=profile.last))


def _scopes(profile: CodeProfile, community: Ints, codes: Texts, kind: Ints | None) -> tuple[Ints, list[Frame]]:
    """Return the scope of each grid, within which numbers differ, and what stands around the number in each scope's codes."""
    kinds = np.zeros(len(community), np.int64) if kind is None else np.asarray(kind, np.int64)
    pairs, mine = np.unique(2 * np.asarray(community, np.int64) + kinds, return_inverse=True)
    frames: dict[Frame, int] = {}
    scope = [frames.setdefault(profile.frame(codes[pair // 2], pair % 2), len(frames)) for pair in pairs.tolist()]
    return np.array(scope, np.int32)[mine] if len(mine) else np.zeros(0, np.int32), list(frames)


def _groups(scope: Ints) -> list[Ints]:
    """Return the rows of each scope, ascending."""
    order = np.argsort(scope, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(scope[order])) + 1) if len(order) else []


def _scope_names(scope: Ints, community: Ints, names: Texts, count: int) -> list[str]:
    """Return the name of each scope's community; the first and an ellipsis where a template numbers several together."""
    some = np.zeros(count, np.int64)
    some[scope[::-1]] = community[::-1]
    several = np.zeros(count, bool)
    several[scope[community != some[scope]]] = True
    return [f"{names[row]} …" if more else str(names[row]) for row, more in zip(some.tolist(), several.tolist(), strict=True)]


def _used(profile: CodeProfile, codes: Collection[str]) -> Numbers:
    used: Numbers = {}
    for code in codes:
        if code and (found := profile.read(code)) is not None:
            used.setdefault(found[0], set()).add(found[1])
    return used


def _fits(profile: CodeProfile, number: int, grids: int) -> bool:
    return 0 < number <= profile.last or (number == 0 and profile.undivided and grids == 1)


def _refuse_duplicates(kept: Texts) -> None:
    for code, rows in sorted(duplicate_codes(kept.tolist()).items()):
        text = _("Code {code} is used by {n} grids; give all but one of them another, or none")
        raise InputError(text.format(code=code, n=len(rows)))


def _numbered(
    profile: CodeProfile, scope: Ints, frames: list[Frame], rank: Ints, kept: Texts, retired: AbstractSet[str], names: list[str]
) -> GridCodes:
    """Return kept codes, and new ones in the order of `rank` within each scope."""
    _refuse_duplicates(kept)
    code, previous = kept.copy(), np.full(len(kept), "", object)
    given, lost = _used(profile, kept.tolist()), _used(profile, retired)
    for rows in _groups(scope):
        frame = frames[scope[rows[0]]]
        mine, gone = given.get(frame, set()), lost.get(frame, set())
        if profile.undivided and len(rows) > 1 and 0 in mine:
            whole = rows[kept[rows] == profile.code(frame, 0)]
            previous[whole] = code[whole]
            code[whole] = ""
        new = rows[code[rows] == ""]
        if not len(new):
            continue
        new = new[np.argsort(rank[new], kind="stable")]
        if profile.undivided and len(rows) == 1 and not mine and 0 not in gone:
            code[new] = profile.code(frame, 0)
            continue
        numbers = list(zip(range(len(new)), _free(mine | gone, profile.last), strict=False))
        if len(numbers) < len(new):
            # codes of this community may be kept by grids of another, so both are counted by numbers, not by grids
            taken = len((mine | gone) - {0})
            check_numbers(profile, len(new) + len(mine - {0}), names[scope[rows[0]]], taken - len(mine - {0}))
        code[new] = [profile.code(frame, number) for _row, number in numbers]
    found = [profile.read(text) for text in code.tolist()]
    number = np.array([-1 if pair is None else pair[1] for pair in found], np.int32)
    return GridCodes(code, number, previous)


def _free(used: set[int], last: int) -> Iterator[int]:
    """Numbers above all that were ever used, then the gaps below."""
    top = max(used, default=0)
    yield from range(top + 1, last + 1)
    yield from (number for number in range(1, min(top, last)) if number not in used)
