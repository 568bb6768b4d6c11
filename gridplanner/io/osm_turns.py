"""Turn restrictions of OpenStreetMap: relations of type=restriction, of those over a node that hold for motor vehicles at all times.

What their tags and members mean: OpenStreetMap wiki, Relation:restriction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Ints
from gridplanner.model.places import NO_TURNS, Turns

MOTOR = ("motorcar", "motor_vehicle", "vehicle")
KEYS = ("restriction", "restriction:conditional", *(f"restriction:{mode}{time}" for mode in MOTOR for time in ("", ":conditional")))
_NO = ("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit")
_ONLY = ("only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn")


@dataclass(frozen=True)
class Restriction:
    """One restriction as the file has it: the numbers of the ways driven from and into, `via` longitude and latitude of its node.

    `via` is None where it is over a way or the file lacks its node, whose number is `node`; `at_times` where it holds only under a
    condition.
    """

    start: tuple[int, ...]
    end: tuple[int, ...]
    via: tuple[float, float] | None
    only: bool
    over_way: bool = False
    at_times: bool = False
    node: int | None = None


@dataclass(frozen=True)
class Restrictions:
    """The restrictions of a file, and the number of each of its ways, in the order of its rows."""

    ways: Sequence[int]
    found: Sequence[Restriction]


def restriction_of(relation: object) -> Restriction | None:
    """Return the restriction that an osmium relation is, its place not known yet; None where it is none for motor vehicles."""
    tags: dict[str, str] = dict(relation.tags)  # type: ignore[attr-defined]
    if not tags.get("type", "").startswith("restriction"):
        return None
    word, at_times = _kind(tags)
    if word not in _NO + _ONLY:
        return None
    ways: dict[str, list[int]] = {"from": [], "to": []}
    nodes, over_way = [], False
    for member in relation.members:  # type: ignore[attr-defined]
        if member.type == "w" and member.role in ways:
            ways[member.role].append(member.ref)
        elif member.role == "via":
            over_way |= member.type == "w"
            nodes += [member.ref] if member.type == "n" else []
    node = nodes[0] if len(nodes) == 1 and not over_way else None
    return Restriction(tuple(ways["from"]), tuple(ways["to"]), None, word in _ONLY, over_way, at_times, node)


def _kind(tags: Mapping[str, str]) -> tuple[str, bool]:
    """Return what a restriction forbids motor vehicles, nothing where it does not hold for them, and whether it holds at times only."""
    spared = {word.strip() for word in tags.get("except", "").split(";")}
    if spared & set(MOTOR):
        return "", False
    for key in KEYS:
        if word := tags.get(key, ""):
            told = word.partition("@")[0].strip()
            return told, key.endswith("conditional") or any(name in tags for name in ("hour_on", "day_on"))
    return "", False


def read_turns(given: Restrictions, table: Table, rows: Ints, reading: Reading) -> Turns:
    """Return the turns that streets lie under: street i is row `rows[i]` of `table`; those that cannot be kept are told.

    Restrictions that name several streets at one end (no_entry, no_exit) are as many turns.
    """
    street = dict(zip((table.rows[rows] - 1).tolist(), range(len(rows)), strict=True))
    number = {way: street[row] for row, way in enumerate(given.ways) if row in street}
    kept: list[tuple[int, int, bool]] = []
    via: list[tuple[float, float]] = []
    over_way = at_times = lost = 0
    for one in given.found:
        if one.at_times or one.over_way:
            at_times += one.at_times
            over_way += one.over_way and not one.at_times
            continue
        pairs = [(number[a], number[b], one.only) for a in one.start for b in one.end if a in number and b in number]
        if one.via is None or not pairs:
            lost += 1
            continue
        kept += pairs
        via += [one.via] * len(pairs)
    text = N_("{file}: {kept} turn restrictions read; left out {ways} over a way, {times} at certain times, {lost} of streets not there")
    values = {"file": table.short, "kept": len(given.found) - over_way - at_times - lost, "ways": over_way, "times": at_times, "lost": lost}
    if over_way or at_times or lost:
        reading.tell(Level.INFO, "turns", text, values, layer="roads")
    if not kept:
        return NO_TURNS
    start, end, only = zip(*kept, strict=True)
    return Turns(np.array(start, np.int32), np.array(end, np.int32), reading.to_project(np.array(via), table), np.array(only, bool))
