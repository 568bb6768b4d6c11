"""Guard segments kept when their line is read anew: their ends put where the new line has their chainages, and what moved told."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from algorithms.railguard.chainage import measures, metres_of, pieces, points_at
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats
from gridplanner.model.rail import NO_CORRIDOR, NO_FEATURES, NO_PLACES, NO_PROFILE, RailLine, RailPlan, RailSegment
from gridplanner.planning.rail_readings import same_line

SAMPLES = 9  # places of a segment that are looked for on the new lines
FAR = 2000.0  # metres: a segment whose places lie farther from a line on the whole was not of it
STILL = 1.0  # metres that an end may move without being told
MUCH = 100.0  # metres from which a move is a warning


@dataclass(frozen=True, eq=False)
class _Kept:
    """A segment on its new line: `low` and `high` metres along it as far as they are known before neighbours are made to meet."""

    segment: RailSegment
    line: int
    low: float
    high: float


def reprojected(plan: RailPlan, lines: Sequence[RailLine]) -> tuple[RailPlan, list[Issue]]:
    """Return the plan on lines that were read anew, and issues that say which segments moved by how many metres.

    An end is where the new line reads its chainage, else the nearest place; neighbours still meet, and the first and last segments reach
    to the ends of a line. Segments of a line that is gone are left out, lines without segments too, both told. Work, bases, gates, proofs
    and corridor are of the old line and empty: the caller makes them anew.
    """
    issues: list[Issue] = []
    kept: list[_Kept] = []
    gone: dict[str, list[str]] = {}
    for segment in plan.segments:
        found = _on_new_line(segment, plan.lines[segment.line], lines)
        if found is None:
            gone.setdefault(plan.lines[segment.line].name, []).append(segment.code)
        else:
            kept.append(found)
    for name, codes in gone.items():
        text = N_("{name} is no longer there; its segments {codes} are left out, divide the line again")
        issues.append(Issue(Level.WARNING, "line_gone", text, {"name": name, "codes": ", ".join(codes)}, "rail", codes[0]))
    used = sorted({one.line for one in kept})
    for row, line in enumerate(lines):
        if row not in used:
            text = N_("{name} is new and has no guard segments; divide the line again")
            x, y = line.coords[0].tolist()
            issues.append(Issue(Level.WARNING, "line_new", text, {"name": line.name}, "railway", line.name, x, y))
    segments: list[RailSegment] = []
    for name in plan.plans:
        for number, row in enumerate(used):
            mine = [one for one in kept if one.line == row and one.segment.plan == name]
            for old, new in _tiled(mine, lines[row], number):
                segments.append(new)
                issues += _told(old, plan.lines[old.line], new, lines[row])
    made = dataclasses.replace(
        plan, lines=tuple(lines[row] for row in used), segments=tuple(segments), features=NO_FEATURES, profile=NO_PROFILE,
        bases=NO_PLACES, gates=NO_PLACES, proofs=(), corridor=NO_CORRIDOR,
    )  # fmt: skip
    return made, issues


def _on_new_line(segment: RailSegment, old: RailLine, lines: Sequence[RailLine]) -> _Kept | None:
    """Return a segment on the new line that it lies on: one of the same name before any other; None where it is far from all."""
    at = points_at(old.coords, np.linspace(segment.low, segment.high, SAMPLES))
    best: tuple[bool, float, int] | None = None
    for row, line in enumerate(lines):
        along, away = metres_of(line.coords, at)
        if away.mean() <= FAR:
            choice = (not same_line(line.name, old.name) and line.name != old.name, float(away.mean()), row)
            best = choice if best is None or choice < best else best
    if best is None:
        return None
    new = lines[best[2]]
    along, _away = metres_of(new.coords, at[[0, -1]])
    ends = [
        _end(old, segment.low, new, float(along[0]), coming=False),
        _end(old, segment.high, new, float(along[1]), coming=True),
    ]  # fmt: skip
    return _Kept(segment, best[2], min(ends), max(ends))


def _end(old: RailLine, place: float, new: RailLine, nearest: float, *, coming: bool) -> float:
    """Return where a new line reads what the old one reads at a place, the nearest of such places; else `nearest`."""
    if not (_is_measured(old) and _is_measured(new)) or old.mileage.prefix != new.mileage.prefix:
        return nearest
    found = new.mileage.places(old.mileage.at(place, coming=coming))
    return min(found, key=lambda along: abs(along - nearest)) if found else nearest


def _is_measured(line: RailLine) -> bool:
    """Return whether posts say what a line reads; without any it counts its own metres from its western end."""
    mileage = line.mileage
    counts = len(mileage.along) == 2 and mileage.ahead[0] == 0 and abs(mileage.behind[1] - mileage.along[1]) < 1e-6
    return not counts


def _tiled(mine: list[_Kept], line: RailLine, number: int) -> list[tuple[RailSegment, RailSegment]]:
    """Return each old segment of one plan on one line beside the new one, so that they tile the line, the `number`-th of the new plan."""
    if not mine:
        return []
    length = float(measures(line.coords)[-1])
    order = sorted(mine, key=lambda one: (one.low + one.high, one.segment.low))
    ends = np.array([(one.high + after.low) / 2 for one, after in pairwise(order)])
    cuts = _apart(np.concatenate(([0.0], ends, [length])))
    mileage = line.mileage
    coords, offsets = pieces(line.coords, cuts[:-1], cuts[1:])
    found: list[tuple[RailSegment, RailSegment]] = []
    for row, one in enumerate(order):
        low, high = float(cuts[row]), float(cuts[row + 1])
        new = dataclasses.replace(
            one.segment, line=number, low=low, high=high, start=mileage.at(low), stop=mileage.at(high, coming=True), gate=-1,
            coords=coords[offsets[row] : offsets[row + 1]],
        )  # fmt: skip
        found.append((one.segment, new))
    return found


def _apart(cuts: Floats) -> Floats:
    """Return cuts that rise by a metre at least (or by a tenth of what there is for each), moved as little as that needs."""
    count = len(cuts) - 1
    step = min(1.0, 0.1 * float(cuts[-1]) / count)
    low = cuts[0] + step * np.arange(count + 1)
    high = cuts[-1] - step * np.arange(count, -1, -1)
    rising = np.maximum.accumulate(cuts - low) + low  # each at least a step behind the one before
    moved: Floats = np.minimum(np.maximum(rising, low), high)
    return moved


def _told(old: RailSegment, before: RailLine, new: RailSegment, line: RailLine) -> list[Issue]:
    """Return the issue about a segment whose ends moved."""
    was, now = points_at(before.coords, [old.low, old.high]), points_at(line.coords, [new.low, new.high])
    away = float(min(np.hypot(*(was - now).T).max(), np.hypot(*(was - now[::-1]).T).max()))
    if away <= STILL:
        return []
    mileage = line.mileage
    text = N_("{code} moved by {m} m as the line was read anew; it now reaches from {low} to {high}")
    values = {"code": new.code, "m": f"{away:.0f}", "low": mileage.text(new.low), "high": mileage.text(new.high, coming=True)}
    x, y = now[0].tolist()
    return [Issue(Level.WARNING if away >= MUCH else Level.INFO, "moved", text, values, "railsegs", new.code, x, y)]
