"""Work along the lines of a rail plan between any two places, and what segments make of it: sums of atoms, uniform within each.

Every figure is a difference of two running sums, so that those at the cursor follow the mouse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.rail import RailPlan, RailProfile
from gridplanner.model.rail_weights import weighted

LENGTH = ("length",)  # the kinds of work where a plan has no profile: kilometres of line
NEVER = (float("nan"), -1, -1)
_EDGE = 1e-6  # metres


@dataclass(frozen=True)
class RailFigures:
    """One plan in figures: its segments, the km they cover, the mean and the largest work, and the largest by the mean."""

    plan: str
    segments: int
    km: float
    mean: float
    largest: float
    max_over_mean: float


@dataclass(frozen=True)
class BreakSide:
    """The segment (row) on one side of a break: its metres of line, its work, and by how many % that differs from the plan's mean."""

    row: int
    metres: float
    work: float
    dev_pct: float


@dataclass(frozen=True)
class MovedBreak:
    """What a break at `along` metres of the line would give: what posts read there, and both sides."""

    along: float
    chainage: str
    left: BreakSide
    right: BreakSide


@dataclass(frozen=True, eq=False)
class _Line:
    """One line's atoms: their rows from `first`, their edges (n + 1,), and the work before each edge by kind (n + 1, k)."""

    first: int
    edges: Floats
    sums: Floats
    open: Bools
    wish: Floats


def work_kinds(profile: RailProfile) -> tuple[str, ...]:
    """Return the kinds of work, in the order of what `work_between` returns."""
    return profile.kinds if len(profile) else LENGTH


def work_between(profile: RailProfile, line: int, low: float, high: float) -> Floats:
    """Return the work between two places of a line by kind, (k,) km-equivalents; km of line where there is no profile."""
    atoms = _lines_of(profile).get(line)
    if atoms is None:
        return np.array([max(high - low, 0.0) / 1000.0])
    return _before(atoms, high) - _before(atoms, low)


def profile_in(plan: RailPlan, name: str) -> RailProfile:
    """Return the profile with the work as it counts in a plan (day, night …)."""
    weights = plan.weights.get(name)
    return plan.profile if weights is None or not len(plan.profile) else _weighed(plan.profile, weights)


def segment_work(plan: RailPlan, name: str, line: int, low: float, high: float) -> float:
    """Return what a segment between two places of a line would weigh in a plan, km-equivalents."""
    return float(work_between(profile_in(plan, name), line, low, high).sum())


def access_between(plan: RailPlan, name: str, squad: int, line: int, low: float, high: float) -> tuple[float, int, int]:
    """Return seconds, base and gate (rows, -1: none) of the shortest way of a squad to anywhere between two places of a line.

    A squad sets out from its own base where the plan knows it, else from the nearest. NaN seconds where access is not known, infinite
    where there is no way.
    """
    profile = plan.profile
    atoms = _lines_of(profile).get(line)
    if atoms is None or len(profile.access_s) != len(profile) or not len(plan.bases):
        return NEVER
    since = min(max(int(np.searchsorted(atoms.edges, low + _EDGE, side="right")) - 1, 0), len(atoms.open) - 1)
    until = max(int(np.searchsorted(atoms.edges, high - _EDGE, side="left")), since + 1)
    rows = slice(atoms.first + since, atoms.first + min(until, len(atoms.open)))
    own = plan.squad_bases.get(name, ())
    base = own[squad - 1] if 0 < squad <= len(own) else -1
    known = 0 <= base < profile.seconds.shape[1] and len(profile.seconds) == len(profile)
    seconds = profile.seconds[rows, base] if known else profile.access_s[rows]
    best = int(np.argmin(seconds))
    if not np.isfinite(seconds[best]):
        return float("inf"), base if known else -1, -1
    row = rows.start + best
    gate = profile.through[row, base] if known else profile.gate[row]
    return float(seconds[best]), base if known else int(profile.base[row]), int(gate)


def plan_figures(plan: RailPlan, name: str) -> RailFigures:
    """Return the figures of one plan; all zero where it has no segments."""
    segments = [plan.segments[row] for row in plan.of_plan(name)]
    work = np.array([segment.workload for segment in segments])
    if not len(work):
        return RailFigures(name, 0, 0.0, 0.0, 0.0, 0.0)
    km = sum(segment.high - segment.low for segment in segments) / 1000.0
    mean, largest = float(work.mean()), float(work.max())
    return RailFigures(name, len(work), km, mean, largest, largest / mean if mean > 0 else 0.0)


def deviations(plan: RailPlan) -> Floats:
    """Return by how many % the work of each segment differs from the mean of its plan, (n,)."""
    work = np.array([segment.workload for segment in plan.segments], np.float64)
    found = np.zeros(len(work))
    for name in plan.plans:
        rows = np.array(plan.of_plan(name), np.int64)
        mean = float(work[rows].mean())
        found[rows] = 100.0 * (work[rows] / mean - 1.0) if mean > 0 else 0.0
    return found


def next_row(plan: RailPlan, row: int) -> int:
    """Return the row of the segment that begins where that of `row` ends, on the same line in the same plan, -1 where none does."""
    here = plan.segments[row]
    for other in range(row + 1, len(plan.segments)):
        there = plan.segments[other]
        if there.plan == here.plan and there.line == here.line and abs(there.low - here.high) < 1e-3:
            return other
    return -1


def row_at(plan: RailPlan, name: str, line: int, along: float) -> int:
    """Return the row of a plan's segment at a place of a line, -1 where there is none."""
    for row in plan.of_plan(name):
        segment = plan.segments[row]
        if segment.line == line and segment.low <= along <= segment.high:
            return row
    return -1


def moved_break(plan: RailPlan, row: int, along: float) -> MovedBreak | None:
    """Return what the break behind a segment (row) would give at another place; None where no segment of its plan begins there.

    Whether a break may be there is not asked; what lies beyond the two segments is taken as their far ends.
    """
    other = next_row(plan, row)
    if other < 0:
        return None
    left, right = plan.segments[row], plan.segments[other]
    along = min(max(along, left.low), right.high)
    mean = plan_figures(plan, left.plan).mean  # a moved break changes no sum
    sides = []
    for mine, low, high in ((row, left.low, along), (other, along, right.high)):
        work = segment_work(plan, left.plan, left.line, low, high)
        sides.append(BreakSide(mine, high - low, work, 100.0 * (work / mean - 1.0) if mean > 0 else 0.0))
    return MovedBreak(along, plan.lines[left.line].mileage.text(along), *sides)


def nearest_break(
    profile: RailProfile, line: int, along: float, low: float, high: float, reach: float = 0.0
) -> float | None:  # fmt: skip
    """Return the allowed place for a break nearest to `along`, strictly between `low` and `high`; None where there is none.

    A preferred place (a station, a tunnel's mouth) within `reach` metres comes before a nearer one. Without a profile any place is allowed.
    """
    atoms = _lines_of(profile).get(line)
    if atoms is None:
        return along if low < along < high else None
    inside = (atoms.edges[:-1] > low + _EDGE) & (atoms.edges[:-1] < high - _EDGE) & atoms.open
    if not inside.any():
        return None
    place, wish = atoms.edges[:-1][inside], atoms.wish[inside]
    away = np.abs(place - along)
    wished = np.flatnonzero((wish > 0) & (away <= reach))
    row = wished[np.argmin(away[wished])] if len(wished) else np.argmin(away)
    return float(place[row])


def closed_at(profile: RailProfile, line: int, along: float) -> bool:
    """Return whether a place lies where no segment may end: on an edge between atoms that is closed, or between two such edges."""
    atoms = _lines_of(profile).get(line)
    if atoms is None:
        return False
    row = int(np.searchsorted(atoms.edges, along + 0.5, side="right")) - 1
    if row < 0 or row >= len(atoms.open):
        return False
    if along - atoms.edges[row] < 0.5:
        return not atoms.open[row]
    ahead = bool(atoms.open[row + 1]) if row + 1 < len(atoms.open) else True
    return not atoms.open[row] and not ahead


def walls_within(profile: RailProfile, line: int, low: float, high: float) -> Floats:
    """Return the places of a line between two others, these among them, that no segment may cross."""
    mine = (profile.line == line) & profile.wall
    found: Floats = profile.low[mine & (profile.low >= low - _EDGE) & (profile.low <= high + _EDGE)]
    return found


def atom_rows(profile: RailProfile, line: int) -> Ints:
    """Return the rows of a line's atoms in their order along it."""
    atoms = _lines_of(profile).get(line)
    return np.arange(0) if atoms is None else np.arange(atoms.first, atoms.first + len(atoms.edges) - 1)


def _before(atoms: _Line, along: float) -> Floats:
    """Return the work from the line's start to a place, (k,)."""
    row = int(np.clip(np.searchsorted(atoms.edges, along, side="right") - 1, 0, len(atoms.edges) - 2))
    share = (along - atoms.edges[row]) / max(atoms.edges[row + 1] - atoms.edges[row], 1e-9)
    found: Floats = atoms.sums[row] + min(max(share, 0.0), 1.0) * (atoms.sums[row + 1] - atoms.sums[row])
    return found


@lru_cache(maxsize=8)
def _weighed(profile: RailProfile, weights: tuple[float, ...]) -> RailProfile:
    return weighted(profile, dict(zip(profile.kinds, weights, strict=True)))


@lru_cache(maxsize=8)
def _lines_of(profile: RailProfile) -> dict[int, _Line]:
    """Return each line's atoms; they lie together and rise along the line."""
    found: dict[int, _Line] = {}
    for line in np.unique(profile.line).tolist():
        rows = np.flatnonzero(profile.line == line)
        edges = np.append(profile.low[rows], profile.high[rows[-1]])
        sums = np.concatenate((np.zeros((1, profile.work.shape[1])), np.cumsum(profile.work[rows], axis=0)))
        found[line] = _Line(int(rows[0]), edges, sums, profile.open[rows], profile.wish[rows])
    return found
