"""The lines of a rail plan as one line of atoms to be divided: what is fixed, who guards, and what a failure means for the planner."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from algorithms.railguard.line_work import CannotDivide, DivideParams, Held, LineWork
from algorithms.railguard.squads import even_squads
from gridplanner.errors import InputError, NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.mileage import read_chainage
from gridplanner.model.rail import RailLine, RailPlan, RailProfile
from gridplanner.model.rail_near import length_of
from gridplanner.model.rail_pieces import mileage_of
from gridplanner.model.rail_work import atom_rows, profile_in
from gridplanner.planning.rail_stretch import place_on
from gridplanner.planning.rail_uneven import longest_piece
from gridplanner.settings import RailPost, RailSettings, RailShiftPlan

DAY = "day"
NEAR = 1e-3  # metres within which a place is an edge that is there


@dataclass(frozen=True)
class Fixed:
    """A stretch of a line that is one segment as it is: a fixed post by its `name`, or the locked segment of a `row` of the plan."""

    line: int
    low: float
    high: float
    guards: int = 1
    squad: int = -1
    guard: int = -1
    name: str = ""
    row: int = -1


def plans_of(settings: RailSettings) -> tuple[RailShiftPlan, ...]:
    """Return the plans that are asked for, with the section's guards, squads and weights where they name none; one for the day if none."""
    asked = settings.plans or (RailShiftPlan(DAY),)
    names = [plan.name for plan in asked]
    if len(set(names)) < len(names):
        raise InputError(_("[rail] plans: two plans are called {name}").format(name=max(names, key=names.count)))
    return tuple(
        dataclasses.replace(
            plan, guards=plan.guards or settings.guards, squads=plan.squads or settings.squads, weights={**settings.weights, **plan.weights}
        )
        for plan in asked
    )


def squads_of(settings: RailSettings, plan: RailShiftPlan) -> Ints:
    """Return how many guards each squad has in a plan, (s,); raises InputError where a plan has more squads than guards."""
    same = (plan.guards, plan.squads) == (settings.guards, settings.squads)
    if same and settings.squad_guards:
        return np.array(settings.squad_guards, np.int64)
    if plan.guards < plan.squads:
        text = _("[rail] plans: {guards} guards of {name} cannot fill {squads} squads; guards is the total")
        raise InputError(text.format(guards=plan.guards, name=plan.name, squads=plan.squads))
    return even_squads(plan.guards, plan.squads)


def posts_on(lines: Sequence[RailLine], posts: Sequence[RailPost]) -> tuple[list[Fixed], list[Issue]]:
    """Return the fixed posts in line order, and those that are not on the lines.

    Raises InputError where two overlap, one has no length, or an end is no chainage.
    """
    found: list[Fixed] = []
    issues: list[Issue] = []
    for post in posts:
        name = post.name or f"{post.start}–{post.stop}"
        whole = _spans(lines, post, name)
        if not whole:
            text = N_("The fixed post {name} from {start} to {stop} is not on a guarded line, so it has no segment; the lines are {spans}")
            values = {"name": name, "start": post.start, "stop": post.stop, "spans": spans_of(lines)}
            issues.append(Issue(Level.WARNING, "post", text, values, "rail", name))
            continue
        row, low, high = whole[0]
        if high - low < 1.0:
            raise InputError(_("[rail] posts: {name} has no length; give a start and a stop that differ").format(name=name))
        found.append(Fixed(row, low, high, post.guards, name=name))
    return in_order(found), issues


def _spans(lines: Sequence[RailLine], post: RailPost, name: str) -> list[tuple[int, float, float]]:
    """Return the lines (rows) that both ends of a post lie on, and its places there."""
    for text in (post.start, post.stop):
        if not np.isfinite(read_chainage(text)[1]):
            why = _("{text} is not a chainage such as K814+300").format(text=text)
            raise InputError(_("[rail] posts: {name}: {why}").format(name=name, why=why))
    named = [(row, line) for row, line in enumerate(lines) if post.line in ("", line.name)]
    ends = [(row, place_on(line, post.start), place_on(line, post.stop)) for row, line in named]
    return [(row, min(a, b), max(a, b)) for row, a, b in ends if a is not None and b is not None]


def spans_of(lines: Sequence[RailLine]) -> str:
    """Return from where to where each line reads, as text."""
    words = [(line.name, mileage_of(line).text(0.0), mileage_of(line).text(length_of(line), coming=True)) for line in lines]
    return ", ".join(f"{name} {first}–{last}" for name, first, last in words)


def in_order(fixed: Sequence[Fixed]) -> list[Fixed]:
    """Return fixed stretches in line order; raises InputError where two overlap."""
    found = sorted(fixed, key=lambda one: (one.line, one.low))
    for a, b in pairwise(found):
        if a.line == b.line and b.low < a.high - NEAR:
            text = _("[rail] posts: {one} and {other} overlap; a place can only be of one fixed post")
            raise InputError(text.format(one=a.name or a.row + 1, other=b.name or b.row + 1))
    return found


def with_edges(profile: RailProfile, fixed: Sequence[Fixed]) -> RailProfile:
    """Return the profile with an atom's edge at both ends of every fixed stretch: segments may begin there."""
    places = [(one.line, place) for one in fixed for place in (one.low, one.high)]
    keep = np.arange(len(profile))
    low, high, share, opened = profile.low.copy(), profile.high.copy(), np.ones(len(profile)), np.zeros(len(profile), bool)
    for line, place in places:
        row = int(np.flatnonzero((profile.line[keep] == line) & (low <= place + NEAR))[-1])
        if abs(low[row] - place) <= NEAR:
            opened[row] = True
            continue
        if high[row] - place <= NEAR:  # the line's end, or the next atom's edge
            if row + 1 < len(low) and profile.line[keep[row + 1]] == line:
                opened[row + 1] = True
            continue
        part = (place - low[row]) / (high[row] - low[row])
        keep, low, high = np.insert(keep, row + 1, keep[row]), np.insert(low, row + 1, place), np.insert(high, row, place)
        share, opened = np.insert(share, row + 1, share[row] * (1 - part)), np.insert(opened, row + 1, True)
        share[row] *= part
    values = {item.name: getattr(profile, item.name) for item in dataclasses.fields(RailProfile)}
    taken = {name: value[keep] for name, value in values.items() if isinstance(value, np.ndarray) and len(value) == len(profile)}
    fresh = np.append(False, np.diff(keep) == 0)  # the second parts of atoms that were cut
    scaled = {name: taken[name] * share[:, None] for name in ("work", "amount") if name in taken}
    changed = {
        "low": low, "high": high, "open": (taken["open"] & ~fresh) | opened, "wish": np.where(fresh, 0.0, taken["wish"]),
        "wall": taken["wall"] & ~fresh,
    }  # fmt: skip
    return dataclasses.replace(profile, **(taken | scaled | changed))


def line_work(
    blank: RailPlan, name: str, squads: Ints, fixed: Sequence[Fixed], settings: RailSettings, bases: Sequence[int] = ()
) -> LineWork:  # fmt: skip
    """Return the lines of a plan (with a profile, segments or not) as one line of atoms, line after line, for `squads`.

    Where the way counts as work it is that from the base of each squad, or from the nearest where `bases` are not known yet.
    """
    profile = profile_in(blank, name)
    wall = profile.wall.copy()
    wall[np.append(True, np.diff(profile.line) != 0)] = True
    access = np.zeros(0)
    if settings.access_weight > 0 and np.isfinite(profile.access_s).any():
        access = profile.seconds.T[list(bases)] if len(bases) else profile.access_s
    held = [(_row(profile, one.line, one.low), _row(profile, one.line, one.high), one) for one in fixed]
    columns = [[start, stop, one.guards, one.squad, one.guard] for start, stop, one in held]
    table = np.array(columns, np.int64).reshape(-1, 5).T
    return LineWork(
        profile.work.sum(axis=1), squads, profile.high - profile.low, profile.open, profile.wish, wall, Held(*table), access,
    )  # fmt: skip


def params_of(settings: RailSettings) -> DivideParams:
    """Return the limits of a segment and the price of the way to it."""
    longest = settings.max_km * 1000.0 if settings.max_km > 0 else math.inf
    return DivideParams(shortest=settings.min_km * 1000.0, longest=longest, access_weight=settings.access_weight / 3600.0)


def no_division(
    why: CannotDivide, blank: RailPlan, guards: int, fixed: Sequence[Fixed], settings: RailSettings
) -> NoPlanFound:  # fmt: skip
    """Return the failure in the planner's words, with the nearest that can be."""
    km = sum(length_of(line) for line in blank.lines) / 1000.0
    values: dict[str, object] = {"guards": guards, "km": f"{km:.1f}", "n": why.guards, "nearest": f"{why.metres / 1000.0:.2f}"}
    if why.limit == "longest":
        values["limit"] = f"{settings.max_km:g}"
        text = _("{guards} guards with at most {limit} km each do not reach {km} km of line; max_km {nearest} or {n} guards would do")
        if not why.guards:
            text = _("{guards} guards with at most {limit} km each do not reach {km} km of line; max_km {nearest} would do")
            metres, values["piece"] = longest_piece(blank, [(one.line, one.low, one.high) for one in fixed], settings)
            if metres > 1000.0 * settings.max_km:
                text = _("max_km {limit} cannot be kept: no break may lie in {piece}; max_km {nearest} or less in forbid would do")
    elif why.limit == "shortest":
        values["limit"] = f"{settings.min_km:g}"
        text = _("{guards} guards with at least {limit} km each have no room on {km} km of line; min_km {nearest} or {n} guards would do")
    elif why.limit == "guards":
        text = _("{guards} guards cannot be divided among {n} separate lines and stretches; give more guards, or name one line")
    elif why.limit == "pieces":
        text = _("{guards} guards are more than the {n} pieces between allowed breaks; a smaller atom_m or less in forbid makes more")
    else:
        text = _("The guards of a fixed post or of locked segments fit into no squad where they lie; give the squads other numbers")
    return NoPlanFound(text.format(**values))


def _row(profile: RailProfile, line: int, along: float) -> int:
    """Return the atom that begins at a place of a line; behind its last atom, the next line's first."""
    rows = atom_rows(profile, line)
    return int(rows[0] + np.searchsorted(profile.low[rows], along - NEAR))
