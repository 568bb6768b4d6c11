"""The instructions of a crew: which streets to follow, where to turn, what to patrol and visit, and when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gridplanner.model.patrol import PatrolStreets, Route, Stop
from gridplanner.model.street_turns import SLIGHT, STRAIGHT, Arcs, Turn, arcs_of, roundabouts, turn_of, wrapped

CONNECTOR = 25.0  # metres of a nameless piece between two streets, or of one driven between two patrolled, that needs no words of its own
SOON = 1e-6  # minutes
NO_SIDE, ONE_SIDE, OTHER_SIDE = "", "one", "other"
NO_RING = -1
Key = tuple[str, str, int]  # a street's name, else its class, else its roundabout


class Kind(StrEnum):
    """What an instruction is about."""

    DEPART = "depart"
    DRIVE = "drive"
    PATROL = "patrol"
    SITE = "site"
    REST = "rest"
    BACK = "back"


@dataclass(frozen=True)
class Instruction:
    """One line of a crew's sheet, numbered by `seq` from 1; words for it are in model/turn_words.py.

    It holds from `clock` until `until`, minutes after midnight, for `metres` from (`x`, `y`). `name` is that of the depot, street or site
    (empty: no name), `highway` the class of the street. `turn` is made at the beginning, out of a street of the same name where `stays`,
    straight across the street `across`, or by the exit numbered `way_out` of a roundabout; `heading` counts eighths of the compass from the
    east, against the clock. `side` is one or other where each side of a street is patrolled by itself. Of a site, `wait` are the minutes
    until it opens, and `again` says that this crew has been there before.
    """

    seq: int
    clock: float
    until: float
    kind: Kind
    metres: float
    x: float
    y: float
    name: str = ""
    highway: str = ""
    turn: Turn = Turn.NONE
    stays: bool = False
    across: str = ""
    way_out: int = 0
    heading: int = 0
    side: str = NO_SIDE
    wait: float = 0.0
    again: bool = False


@dataclass(frozen=True)
class _Run:
    """Arcs `start` … `stop` of a route on one street, `after_stop` where the crew has halted before."""

    start: int
    stop: int
    key: Key
    patrolled: bool
    side: str
    after_stop: bool
    turn: Turn = Turn.NONE
    angle: float = 0.0
    stays: bool = False
    across: str = ""
    way_out: int = 0
    named: int = -1  # the arc whose street is told, else the first


@dataclass(frozen=True)
class Halt:
    """A stop at a site or to rest, made after `before` arcs; `arrive` is when the crew is there, before it begins to wait."""

    before: int
    arrive: float
    stop: Stop
    again: bool = False


def turn_by_turn(streets: PatrolStreets, route: Route) -> tuple[Instruction, ...]:
    """Return the instructions of a route, from its depot and back.

    Their metres sum to those of the route's arcs, and their times never fall. A street is told once as long as one need not turn and
    patrols it or does not, gaps below CONNECTOR metres left aside; a route without arcs has its stops only.
    """
    halts = halts_of(streets, route)
    runs = _joined(streets, route, _runs(streets, route, {halt.before for halt in halts})) if len(route.arcs) else []
    arcs = arcs_of(streets)
    begin, end = clocks_of(streets, route)
    back, x, y = route.stops[-1], route.stops[0].x, route.stops[0].y
    step = route.coords[1] - route.coords[0] if len(route.coords) > 1 else (1.0, 0.0)
    heading = _eighth(float(arcs.begins[route.arcs[0]]) if len(route.arcs) else math.degrees(math.atan2(step[1], step[0])))
    rows = [Instruction(0, route.stops[0].arrive, route.stops[0].arrive, Kind.DEPART, 0.0, x, y, route.depot, heading=heading)]
    left = list(halts)
    for run in runs:
        while left and left[0].before <= run.start:
            rows.append(_halt_row(left.pop(0)))
        rows.append(_run_row(streets, arcs, route, run, begin[run.start], end[run.stop - 1]))
    rows += [_halt_row(halt) for halt in left]
    rows.append(Instruction(0, back.arrive, back.arrive, Kind.BACK, 0.0, back.x, back.y, route.depot))
    return tuple(replace(row, seq=seq) for seq, row in enumerate(rows, 1))


def clocks_of(streets: PatrolStreets, route: Route) -> tuple[list[float], list[float]]:
    """Return when each arc of a route is begun and when its end is reached, minutes after midnight."""
    begin = [float(at) for at in route.passed[: len(route.arcs)]]
    end = []
    for row, arc in enumerate(route.arcs.tolist()):
        takes = streets.patrol[arc // 2] if is_patrolled(route, row) else streets.seconds[arc]
        end.append(min(begin[row] + float(takes) / 60.0, float(route.passed[row + 1])))
    return begin, end


def is_patrolled(route: Route, row: int) -> bool:
    """True where the arc at a row of a route is patrolled, not only driven."""
    call = int(route.call_of_arc[row])
    return call >= 0 and route.calls[call].kind == "street"


def halts_of(streets: PatrolStreets, route: Route) -> list[Halt]:
    """Return the stops at sites and to rest in order, each with the number of arcs driven before it."""
    stops = [stop for stop in route.stops if stop.kind in {"site", "rest"}]
    calls = [row for row, call in enumerate(route.calls) if call.kind in {"site", "rest"}]
    begin, end = clocks_of(streets, route)
    halts: list[Halt] = []
    least = 0
    for number, stop in enumerate(stops):
        call = calls[number] if len(calls) == len(stops) else -1
        before = least
        while before < len(begin) and _comes_first(route, before, begin[before], stop, call):
            before += 1
        least = before
        arrive = end[before - 1] if before else route.stops[0].arrive if end else stop.arrive
        if halts and halts[-1].before == before:
            arrive = halts[-1].stop.arrive + halts[-1].stop.dwell
        again = stop.kind == "site" and call >= 0 and any(
            route.calls[row].kind == "site" and route.calls[row].site == route.calls[call].site for row in calls[:number]
        )  # fmt: skip
        halts.append(Halt(before, min(arrive, stop.arrive), stop, again))
    return halts


def _comes_first(route: Route, row: int, begin: float, stop: Stop, call: int) -> bool:
    """True where the arc at a row is driven before a stop; the order of calls decides where the clock leaves it open."""
    if begin < stop.arrive - SOON:
        return True
    serves = int(route.call_of_arc[row])
    return begin < stop.arrive + SOON and 0 <= serves < call


def _runs(streets: PatrolStreets, route: Route, halted: set[int]) -> list[_Run]:
    """Return the route's arcs as runs along one street, each with the turn into it."""
    arcs, way = arcs_of(streets), route.arcs.tolist()
    sides = _sides(streets, route)
    keys = _keys(streets, way)
    runs: list[_Run] = []
    for row, arc in enumerate(way):
        before = way[row - 1] if row else -1
        fresh = _Run(row, row + 1, keys[row], is_patrolled(route, row), sides[row], row in halted or not row)
        if row:
            last = runs[-1]
            same = last.key == fresh.key
            angle = arcs.angle(before, arc)
            turn = Turn.ROUND if arc == before ^ 1 else turn_of(angle)
            needed = turn is Turn.ROUND or not same or (fresh.key[2] == NO_RING and _must_be_told(arcs, before, arc, angle))
            if not needed and not fresh.after_stop and (last.patrolled, last.side) == (fresh.patrolled, fresh.side):
                runs[-1] = replace(last, stop=row + 1)
                continue
            fresh = replace(fresh, turn=turn if needed else Turn.NONE, angle=angle, stays=same)
            if needed and not same and turn is Turn.STRAIGHT:
                fresh = replace(fresh, across=_crossed(streets, arcs, before, arc))
        runs.append(fresh)
    return runs


def _keys(streets: PatrolStreets, way: Sequence[int]) -> list[Key]:
    """Return what each arc of a way is called by: a roundabout comes before its name, and a name before its class."""
    ring = roundabouts(streets)
    keys: list[Key] = []
    for arc in way:
        name = str(streets.names[arc // 2])
        if ring[arc] >= 0:
            keys.append(("", "", int(ring[arc])))
        else:
            keys.append((name, "" if name else str(streets.classes[arc // 2]), NO_RING))
    return keys


def _sides(streets: PatrolStreets, route: Route) -> list[str]:
    """Return for each arc which side is patrolled: none told where one passing is for the whole street."""
    seen: set[int] = set()
    sides = []
    for row, arc in enumerate(route.arcs.tolist()):
        if not is_patrolled(route, row) or not streets.both[arc // 2] or streets.seconds[arc ^ 1] == float("inf"):
            sides.append(NO_SIDE)
            continue
        sides.append(OTHER_SIDE if arc ^ 1 in seen else ONE_SIDE)
        seen.add(arc)
    return sides


def _must_be_told(arcs: Arcs, before: int, after: int, angle: float) -> bool:
    """True where one stays on a street but has to turn: a junction, not a bend, where another way is straighter or the turn is plain."""
    others = [arc for arc in arcs.exits(int(arcs.head[before])) if arc not in (before ^ 1, after)]
    if not others or abs(angle) < STRAIGHT:
        return False
    return abs(angle) >= SLIGHT or any(abs(arcs.angle(before, arc)) < abs(angle) for arc in others)


def _crossed(streets: PatrolStreets, arcs: Arcs, before: int, after: int) -> str:
    """Return the name of the street that goes off to both sides of a junction passed straight on, empty where none does."""
    sides: dict[str, set[bool]] = {}
    node = int(arcs.head[before])
    for arc in arcs.exits(node):
        angle = arcs.angle(before, arc)
        if arc not in (before ^ 1, after) and SLIGHT <= abs(angle) <= 180 - SLIGHT:
            sides.setdefault(str(streets.names[arc // 2]), set()).add(angle > 0)
    names = [name for name, both in sides.items() if name and len(both) == 2]
    return names[0] if names else ""


def _joined(streets: PatrolStreets, route: Route, runs: list[_Run]) -> list[_Run]:
    """Return the runs without those that need no words: the way round a roundabout, and short nameless pieces between two streets."""
    arcs, way = arcs_of(streets), route.arcs.tolist()
    out: list[_Run] = []
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else None
        if out and out[-1].stop > run.start:  # taken into the one before
            continue
        if following is not None and not following.after_stop and following.patrolled == run.patrolled and number:
            metres = float(arcs.metres[way[run.start : run.stop]].sum())
            if run.key[2] != NO_RING:
                count = _exits_passed(streets, arcs, way[run.start : run.stop])
                run = replace(following, start=run.start, turn=Turn.ROUNDABOUT, way_out=count, after_stop=run.after_stop,
                              stays=False, across="", named=following.start)  # fmt: skip
            elif (not run.key[0] and metres < CONNECTOR and not run.after_stop
                  and run.turn is not Turn.ROUND and following.turn is not Turn.ROUND
                  and (run.angle * following.angle > 0 or min(abs(run.angle), abs(following.angle)) < STRAIGHT)
                  and following.key[2] == NO_RING):  # fmt: skip
                angle = run.angle + following.angle
                turn = Turn.ROUND if abs(angle) > 180 else turn_of(wrapped(angle))
                stays = bool(out) and out[-1].key == following.key
                run = replace(following, start=run.start, turn=turn, angle=angle, stays=stays, named=following.start,
                              across=following.across or run.across)  # fmt: skip
        elif run.key[2] != NO_RING and not run.patrolled:
            run = replace(run, turn=Turn.ROUNDABOUT, way_out=_exits_passed(streets, arcs, way[run.start : run.stop]))
        last = out[-1] if out else None
        if last is not None and _is_gap(arcs, way, last, run, following):
            out[-1] = replace(last, stop=run.stop)
            continue
        if (last is not None and run.turn in {Turn.NONE, Turn.STRAIGHT} and not run.after_stop
                and (last.key, last.patrolled, last.side) == (run.key, run.patrolled, run.side)):  # fmt: skip
            out[-1] = replace(last, stop=run.stop)
            continue
        out.append(run)
    return out


def _is_gap(arcs: Arcs, way: Sequence[int], last: _Run, run: _Run, following: _Run | None) -> bool:
    """True for a short piece that is merely driven, straight on between two that are patrolled, all on one street."""
    if following is None or run.after_stop or following.after_stop or run.patrolled or not (last.patrolled and following.patrolled):
        return False
    straight = {Turn.NONE, Turn.STRAIGHT}
    same = last.key == run.key == following.key and last.side == following.side and {run.turn, following.turn} <= straight
    return same and float(arcs.metres[way[run.start : run.stop]].sum()) < CONNECTOR


def _exits_passed(streets: PatrolStreets, arcs: Arcs, way: Sequence[int]) -> int:
    """Return which exit of a roundabout is taken, counted from 1."""
    ring = roundabouts(streets)
    count = sum(any(ring[arc] < 0 for arc in arcs.exits(int(arcs.head[at]))) for at in way)
    return max(count, 1)


def _run_row(streets: PatrolStreets, arcs: Arcs, route: Route, run: _Run, clock: float, until: float) -> Instruction:
    way = route.arcs.tolist()
    first = way[run.start]
    told = way[run.named if run.named >= 0 else run.start]
    line = streets.lines.line(first // 2)
    x, y = line[-1 if first % 2 else 0].tolist()
    return Instruction(
        0, clock, until, Kind.PATROL if run.patrolled else Kind.DRIVE, float(arcs.metres[way[run.start : run.stop]].sum()), x, y,
        str(streets.names[told // 2]), str(streets.classes[told // 2]), run.turn, run.stays, run.across, run.way_out,
        _eighth(float(arcs.begins[told])), run.side,
    )  # fmt: skip


def _halt_row(halt: Halt) -> Instruction:
    stop = halt.stop
    return Instruction(
        0, halt.arrive, stop.arrive + stop.dwell, Kind.SITE if stop.kind == "site" else Kind.REST, 0.0, stop.x, stop.y, stop.name,
        wait=stop.arrive - halt.arrive, again=halt.again,
    )  # fmt: skip


def _eighth(degrees: float) -> int:
    """Return a direction as eighths of the compass, from the east against the clock.

    >>> _eighth(0.0), _eighth(50.0), _eighth(-90.0)
    (0, 1, 6)
    """
    return round(degrees / 45.0) % 8
