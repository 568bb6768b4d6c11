"""Guard segments of the railway: lines measured, their work weighed, and for each plan (day, night …) divided among squads and guards."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from algorithms.railguard.dividing import divide_line
from algorithms.railguard.line_work import CannotDivide, Division
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailProof, RailRound, RailSegment
from gridplanner.model.rail_codes import free_code, plan_letters, usual_code
from gridplanner.model.rail_corridors import corridor_of
from gridplanner.model.rail_near import length_of
from gridplanner.model.rail_pieces import segment_on
from gridplanner.model.rail_rounds import with_rounds
from gridplanner.model.rail_weights import weighted
from gridplanner.planning.rail_access import access_of, gates_of, with_access
from gridplanner.planning.rail_lines import lines_of
from gridplanner.planning.rail_problem import (
    Fixed,
    line_work,
    no_division,
    params_of,
    plans_of,
    posts_on,
    squads_of,
    with_edges,
)
from gridplanner.planning.rail_uneven import uneven
from gridplanner.planning.rail_work import features_of, profile_of
from gridplanner.settings import RailSettings, RailShiftPlan

# what is read for the plan; it is refused where one of these was replaced meanwhile
NEEDED = (
    "railway", "stations", "rail_things", "roads", "depots", "households", "key_sites", "communities", "incidents",
)  # fmt: skip


def propose_rail_segments(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that divides the guarded lines among the guards of all squads, in line order, by equal work; a plan after another.

    Segments that are locked stay as they are (see rail_rest.py). Raises InputError where there is no main line or what the settings name
    is on none, NoPlanFound where no division keeps the limits; it says which, and the nearest that can be.
    """
    if project.rail is not None and any(segment.locked for segment in project.rail.segments):
        from gridplanner.planning.rail_rest import propose_rail_rest  # it divides with what is here

        return propose_rail_rest(project, progress=progress)
    settings = project.settings.rail or RailSettings()
    asked = plans_of(settings)
    blank, posts, issues = ground_of(project, settings, progress)
    segments: list[RailSegment] = []
    proofs: list[RailProof] = []
    bases: dict[str, tuple[int, ...]] = {}
    for number, plan in enumerate(asked):
        span = Span(progress, 0.8 + 0.15 * number / len(asked), 0.8 + 0.15 * (number + 1) / len(asked))
        span.report(0.0, _("Dividing {km} km among {n} guards").format(km=f"{total_km(blank.lines):.1f}", n=plan.guards))
        made, proof, bases[plan.name] = divided(blank, plan, settings, posts, span)
        segments += made
        proofs.append(proof)
    found = (*issues, *uneven(blank, segments, proofs, settings))
    whole = dataclasses.replace(blank, segments=coded(segments), proofs=tuple(proofs), squad_bases=bases, issues=found)
    progress.report(0.95, _("Rounds and the corridor"))
    plan_made = dataclasses.replace(finished(project, whole, settings, progress), made_from=made_from(project, "rail"))
    text = N_("Divide {km} km of railway into {n} guard segments")
    return Replace(text, {"rail": plan_made}, needs(project, *NEEDED), {"km": f"{total_km(blank.lines):.1f}", "n": len(segments)})


def finished(project: Project, plan: RailPlan, settings: RailSettings, progress: Progress = SILENT) -> RailPlan:
    """Return a plan with its rounds and the corridor of its first plan (day, night …)."""
    first = [plan.segments[row] for row in plan.of_plan(plan.plans[0])]
    return with_rounds(dataclasses.replace(plan, corridor=corridor_of(project, plan.lines, first, settings, progress)), settings)


def ground_of(project: Project, settings: RailSettings, progress: Progress) -> tuple[RailPlan, list[Fixed], list[Issue]]:
    """Return a plan without segments: its lines, the work along them, bases and entry points; and the fixed posts, and what was found."""
    progress.report(0.0, _("Assembling the railway"))
    lines, issues = lines_of(project, Span(progress, 0.0, 0.4))
    lines = told_apart(lines)
    posts, lost = posts_on(lines, settings.posts)
    blank, found = weighed(project, lines, posts, settings, progress)
    return blank, posts, [*issues, *lost, *found]


def weighed(
    project: Project, lines: tuple[RailLine, ...], fixed: Sequence[Fixed], settings: RailSettings, progress: Progress = SILENT
) -> tuple[RailPlan, list[Issue]]:  # fmt: skip
    """Return a plan without segments on some lines: the work along them, bases and entry points; and what was found."""
    progress.report(0.4, _("Counting the work along the line"))
    features, issues = features_of(project, lines, Span(progress, 0.4, 0.7))
    gates, shut = gates_of(project, lines, features, settings)
    profile = with_edges(profile_of(lines, features, settings, gates.places), fixed)
    issues = [*issues, *shut]
    if not profile.work.any():
        profile = weighted(profile, {"length": 1.0})
        text = N_("All weights of the work along the line are 0, so its length is all that counts; give [rail] weights above 0")
        issues.append(Issue(Level.WARNING, "weights", text, {}, "rail"))
    asked = plans_of(settings)
    weights = {
        plan.name: tuple(float(plan.weights.get(kind, 0.0)) for kind in profile.kinds) for plan in asked if plan.weights != settings.weights
    }
    for name in [name for name, each in weights.items() if not any(each)]:
        weights[name] = tuple(float(kind == "length") for kind in profile.kinds)
        text = N_("All weights of the plan {plan} are 0, so length is all that counts in it; give it weights above 0")
        issues.append(Issue(Level.WARNING, "weights", text, {"plan": name}, "rail"))
    progress.report(0.7, _("Looking for ways to the line"))
    access, cut_off = access_of(project, lines, profile, gates, settings, Span(progress, 0.7, 0.8))
    profile = dataclasses.replace(with_access(profile, access), seconds=access.times.seconds.T.copy(), through=access.times.gate.T.copy())
    blank = RailPlan(
        lines, (), asked[0].name, features=features, profile=profile, bases=access.bases, gates=access.gates, weights=weights
    )  # fmt: skip
    return blank, [*issues, *cut_off]


def divided(
    blank: RailPlan, plan: RailShiftPlan, settings: RailSettings, fixed: Sequence[Fixed], progress: Progress = SILENT
) -> tuple[list[RailSegment], RailProof, tuple[int, ...]]:  # fmt: skip
    """Return the segments of one plan in line order, without codes and rounds, what is proven of them, and each squad's base (row, -1).

    Which base a squad sets out from is known when it is known where it stands: where the way counts as work, the line is divided by the
    nearest bases first, and once more by those of the squads.
    """
    squads = squads_of(settings, plan)
    try:
        found = divide_line(line_work(blank, plan.name, squads, fixed, settings), params_of(settings), progress)
        bases = squad_bases(blank, found, len(squads))
        if settings.access_weight > 0 and len(blank.bases) > 1 and min(bases, default=-1) >= 0:
            found = divide_line(line_work(blank, plan.name, squads, fixed, settings, bases), params_of(settings), progress)
    except CannotDivide as why:
        failure = no_division(why, blank, int(squads.sum()), fixed, settings)
        if len(settings.plans) > 1:
            failure = NoPlanFound(_("{plan}: {figures}").format(plan=plan.name, figures=failure))
        raise failure from None
    ready = dataclasses.replace(blank, squad_bases={plan.name: bases})
    segments = [_segment(ready, plan.name, found, row, fixed, settings) for row in range(len(found))]
    return segments, RailProof(plan.name, found.value, found.bound, found.status, found.mean), bases


def squad_bases(blank: RailPlan, found: Division, squads: int) -> tuple[int, ...]:
    """Return the base from which the atoms of each squad are reached soonest on the whole, -1 where none reaches any."""
    rows = [np.flatnonzero(found.squad == squad) for squad in range(squads)]
    atoms = [[np.arange(found.start[row], found.stop[row]) for row in mine] for mine in rows]
    return tuple(base_for(blank, np.concatenate(mine) if mine else np.zeros(0, np.int64)) for mine in atoms)


def base_for(blank: RailPlan, atoms: Ints) -> int:
    """Return the base from which some atoms are reached soonest on the whole, -1 where none reaches any.

    Of bases that reach as many of them the one with the least mean counts.
    """
    seconds = blank.profile.seconds[atoms]
    there = np.isfinite(seconds)
    if not there.any():
        return -1
    reached, total = there.sum(axis=0), np.where(there, seconds, 0.0).sum(axis=0)
    return int(np.lexsort((total / np.maximum(reached, 1), -reached))[0])


def _segment(blank: RailPlan, name: str, found: Division, row: int, fixed: Sequence[Fixed], settings: RailSettings) -> RailSegment:
    """Return a segment of a division; its code is told by squad and guard, counted from 1."""
    profile = blank.profile
    first, last = int(found.start[row]), int(found.stop[row]) - 1
    line = int(profile.line[first])
    post = fixed[found.held[row]].name if found.held[row] >= 0 else ""
    who = int(found.squad[row]) + 1, int(found.guard[row]) + 1
    rounds = RailRound(settings.patrol_mode, 0.0, 0, guards=int(found.guards[row]))  # how many guards; the rest is made when all is known
    bare = RailSegment("", line, *who, 0.0, 0.0, 0.0, blank.lines[line].coords[:0], plan=name, post=post, round=rounds)
    return segment_on(blank, bare, float(profile.low[first]), float(profile.high[last]))


def coded(segments: Sequence[RailSegment]) -> tuple[RailSegment, ...]:
    """Return segments with the usual code where they have none; no two have the same."""
    letters = plan_letters(tuple(dict.fromkeys(segment.plan for segment in segments)))
    taken = {segment.code for segment in segments if segment.code}
    found = []
    for segment in segments:
        if not segment.code:
            code = free_code(usual_code(letters[segment.plan], segment.squad, segment.guard), taken)
            taken.add(code)
            segment = dataclasses.replace(segment, code=code)
        found.append(segment)
    return tuple(found)


def told_apart(lines: Sequence[RailLine]) -> tuple[RailLine, ...]:
    """Return lines of which no two have the same name: the second of a name is called (2)."""
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        seen[line.name] = count = seen.get(line.name, 0) + 1
        found.append(line if count == 1 else dataclasses.replace(line, name=f"{line.name} ({count})"))
    return tuple(found)


def total_km(lines: Sequence[RailLine]) -> float:
    """Return how many km of line there are."""
    return sum(length_of(line) for line in lines) / 1000.0
