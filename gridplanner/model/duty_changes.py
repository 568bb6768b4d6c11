"""What changed of beats, patrol zones, checkpoints, routes, guard segments and rosters, for the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from gridplanner.model.beats import Beat
from gridplanner.model.change_line import ChangeLine, counted, shortened
from gridplanner.model.grid_changes import called, text_of
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.roster import RosterPlan
from gridplanner.model.zones import Zone

ONE_BY_ONE = 8  # changed things of a kind that are told one by one
_DUTY_FIELDS = ("code", "name", "area", "locked", "depot", "x", "y")
_SEGMENT_FIELDS = ("code", "squad", "guard", "locked", "post")


def duty_changes(before: Project, after: Project) -> Iterator[ChangeLine]:
    """Return what changed of the plans beside units and grids; what an edit leaves alone is passed over by identity."""
    for kind, told in _PLANS.items():
        old, new = getattr(before, kind), getattr(after, kind)
        if old is new:
            continue
        if old is None or new is None:
            yield from counted(len(old or ()), len(new or ()), kind)
            if not old and not new:
                yield ChangeLine(kind, "", "ended" if new is None else "begun", "", "")
        else:
            yield from told(before, after)
    if before.picks is not after.picks:
        yield from counted(len(before.picks), len(after.picks), "picks") or (ChangeLine("picks", "", "changed", "", ""),)


def _groups(kind: str) -> Callable[[Project, Project], Iterator[ChangeLine]]:
    def told(before: Project, after: Project) -> Iterator[ChangeLine]:
        one, many = kind, f"{kind}s"
        plans = [getattr(project, many) for project in (before, after)]
        known: list[Mapping[int, Beat | Zone]] = [getattr(plan, many) for plan in plans]
        yield from counted(len(known[0]), len(known[1]), many)
        moved = _members(before, after, plans[0].members, plans[1].members, known)
        yield from moved[:ONE_BY_ONE]
        if len(moved) > ONE_BY_ONE:
            yield ChangeLine("grids", str(len(moved) - ONE_BY_ONE), one, "", "")
        labels = [getattr(plan, "labels", None) for plan in plans]
        if labels[0] is not labels[1] and labels[0] is not None and labels[1] is not None and len(labels[0]) == len(labels[1]):
            units = int((labels[0] != labels[1]).sum())
            if units:
                yield ChangeLine("units", f"units={units}", one, "", "")
        for ref in sorted(known[0].keys() & known[1].keys()):
            was, now = known[0][ref], known[1][ref]
            if was is not now:
                name = was.code or f"#{ref}"
                for field in _DUTY_FIELDS:
                    yield from _field(one, name, field, getattr(was, field, None), getattr(now, field, None))
        chosen = [int(getattr(plan, "chosen", 0)) + 1 for plan in plans]
        yield from counted(chosen[0], chosen[1], many, "choice")

    return told


def _members(
    before: Project, after: Project, old: Mapping[int, int], new: Mapping[int, int], known: Sequence[Mapping[int, Beat | Zone]]
) -> list[ChangeLine]:
    """Return the grids that are in another beat or zone."""
    if old is new:
        return []
    kind = "beat" if known[0] and isinstance(next(iter(known[0].values())), Beat) else "zone"
    lines = []
    for grid in sorted(old.keys() | new.keys()):
        was, now = old.get(grid), new.get(grid)
        if was != now:
            grids = (after.grids or before.grids).grids if (after.grids or before.grids) is not None else {}  # type: ignore[union-attr]
            lines.append(ChangeLine("grid", called(grids, grid), kind, _code(known[0], was), _code(known[1], now)))
    return lines


def _code(known: Mapping[int, Beat | Zone], ref: int | None) -> str:
    if ref is None or ref not in known:
        return ""
    return known[ref].code or f"#{ref}"


def _field(what: str, ref: str, field: str, was: object, now: object) -> Iterator[ChangeLine]:
    if was != now:
        yield ChangeLine(what, ref, field, shortened(text_of(was)), shortened(text_of(now)))


def _checkpoints(before: Project, after: Project) -> Iterator[ChangeLine]:
    one, other = before.checkpoints, after.checkpoints
    assert one is not None
    assert other is not None
    old, new = ({point.code: point for point in plan.checkpoints} for plan in (one, other))
    yield from _begun_and_ended("checkpoint", old.keys(), new.keys())
    for code in sorted(old.keys() & new.keys()):
        was, now = old[code], new[code]
        if (was.x, was.y) != (now.x, now.y):
            yield ChangeLine("checkpoint", code, "place", f"{was.x:.1f} {was.y:.1f}", f"{now.x:.1f} {now.y:.1f}")
        yield from _field("checkpoint", code, "road", was.road, now.road)


def _begun_and_ended(what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[ChangeLine]:
    before, after = set(old), set(new)
    gone, fresh = sorted(before - after), sorted(after - before)
    if len(gone) + len(fresh) > ONE_BY_ONE:
        yield ChangeLine(f"{what}s", "", "number", str(len(before)), str(len(after)))
        return
    for code in gone:
        yield ChangeLine(what, code, "ended", code, "")
    for code in fresh:
        yield ChangeLine(what, code, "begun", "", code)


def _rail(before: Project, after: Project) -> Iterator[ChangeLine]:
    one, other = before.rail, after.rail
    assert one is not None
    assert other is not None
    if one.segments is other.segments:
        yield ChangeLine("rail", "", "changed", "", "")
        return
    if [part.plan for part in one.segments] == [part.plan for part in other.segments]:  # in line order, whatever their codes
        pairs = [(was, now) for was, now in zip(one.segments, other.segments, strict=True) if was is not now]
    else:
        old, new = ({(part.plan, part.code): part for part in plan.segments} for plan in (one, other))
        yield from counted(len(old), len(new), "segments")
        yield from _begun_and_ended("segment", (_called(old[key]) for key in old), (_called(new[key]) for key in new))
        pairs = [(old[key], new[key]) for key in sorted(old.keys() & new.keys()) if old[key] is not new[key]]
    lines = [line for was, now in pairs for line in _segment(one, other, was, now)]
    yield from lines[:ONE_BY_ONE]
    if len(lines) > ONE_BY_ONE:
        yield ChangeLine("segments", str(len(lines) - ONE_BY_ONE), "changed", "", "")


def _segment(one: RailPlan, other: RailPlan, was: RailSegment, now: RailSegment) -> Iterator[ChangeLine]:
    ref = _called(was)
    if (was.line, was.low, was.high) != (now.line, now.low, now.high):
        yield ChangeLine("segment", ref, "limits", limits_text(one, was), limits_text(other, now))
    for field in _SEGMENT_FIELDS:
        yield from _field("segment", ref, field, getattr(was, field), getattr(now, field))


def _called(segment: RailSegment) -> str:
    return segment.code if segment.plan == "day" else f"{segment.plan} {segment.code}"


def limits_text(plan: RailPlan, segment: RailSegment) -> str:
    """Return a segment's limits as chainages, K163+500–K164+300."""
    mileage = plan.lines[segment.line].mileage
    return f"{mileage.text(segment.low)}–{mileage.text(segment.high, coming=True)}"


def _patrol(before: Project, after: Project) -> Iterator[ChangeLine]:
    one, other = before.patrol, after.patrol
    assert one is not None
    assert other is not None
    yield from counted(len(one.routes), len(other.routes), "routes")
    old, new = ({(route.variant, route.code): route for route in plan.routes} for plan in (one, other))
    found = [key for key in sorted(old.keys() & new.keys()) if old[key] is not new[key]]
    for variant, code in found[:ONE_BY_ONE]:
        was, now = old[variant, code], new[variant, code]
        ref = code if variant == 1 else f"{code} ({variant})"
        yield from _field("route", ref, "locked", was.locked, now.locked)
        km = [f"{(route.required_m + route.dead_m) / 1000:.2f}" for route in (was, now)]
        yield from _field("route", ref, "km", *km)
        yield from _field("route", ref, "minutes", round(was.minutes), round(now.minutes))
        yield from counted(len(was.calls), len(now.calls), "route", "calls", ref)
    if len(found) > ONE_BY_ONE:
        yield ChangeLine("routes", str(len(found) - ONE_BY_ONE), "changed", "", "")
    if one.draws != other.draws:
        yield ChangeLine("patrol", "", "draws", str(len(one.draws)), str(len(other.draws)))


def _roster(before: Project, after: Project) -> Iterator[ChangeLine]:
    """Return how many cells of the roster changed; who is on leave is not told."""
    one, other = before.roster, after.roster
    assert one is not None
    assert other is not None
    yield from _field("roster", "", "start", one.start, other.start)
    yield from counted(len(one), len(other), "roster", "people")
    if one.cells.shape == other.cells.shape and one.start == other.start:
        changed = int((one.cells != other.cells).sum())
        if changed:
            yield ChangeLine("roster", "", "cells", "", str(changed))
    else:
        yield from _field("roster", "", "days", one.days, other.days)
    yield from counted(_fixed(one), _fixed(other), "roster", "fixed")
    moved = int((one.places != other.places).sum()) if one.places.shape == other.places.shape else 0
    if moved:
        yield ChangeLine("roster", "", "places", "", str(moved))


def _fixed(plan: RosterPlan) -> int:
    return int(np.count_nonzero(plan.fixed))


def _rings(before: Project, after: Project) -> Iterator[ChangeLine]:
    one, other = before.rings, after.rings
    assert one is not None
    assert other is not None
    yield from counted(len(one.posts), len(other.posts), "rings", "posts") or (ChangeLine("rings", "", "made", "", ""),)


def _chiefs(before: Project, after: Project) -> Iterator[ChangeLine]:
    one, other = before.chiefs, after.chiefs
    assert one is not None
    assert other is not None
    number = counted(len(one.stretches), len(other.stretches), "chiefs", "stretches")
    yield from number
    old, new = ({part.code: part for part in plan.stretches} for plan in (one, other))
    changed = sum(old[code] is not new[code] for code in old.keys() & new.keys())
    if changed and not number:
        yield ChangeLine("chiefs", str(changed), "changed", "", "")


_PLANS: Mapping[str, Callable[[Project, Project], Iterator[ChangeLine]]] = {
    "beats": _groups("beat"),
    "zones": _groups("zone"),
    "checkpoints": _checkpoints,
    "rings": _rings,
    "chiefs": _chiefs,
    "patrol": _patrol,
    "rail": _rail,
    "roster": _roster,
}
