"""Dividing the rest again: locked segments stay as they are, to the bit, and what lies between them is divided among the other guards."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailProof, RailSegment
from gridplanner.model.rail_codes import guards_of
from gridplanner.model.rail_follow import with_proofs_by_hand
from gridplanner.model.rail_pieces import segment_on
from gridplanner.planning.rail_problem import Fixed, in_order, plans_of, squads_of, with_edges
from gridplanner.planning.rail_segments import NEEDED, coded, divided, finished, ground_of, total_km
from gridplanner.planning.rail_uneven import uneven
from gridplanner.settings import RailSettings, RailShiftPlan


def propose_rail_rest(project: Project, plan: str | None = None, progress: Progress = SILENT) -> Replace:
    """Return the edit that divides again whatever is not locked, in one plan (day, night …) or in all; other plans stay.

    Locked segments keep their place, guard and code; the others are divided by the settings, work and posts of today. Raises InputError
    where there is no plan, where a locked segment's line has changed or is no longer guarded, and where its squad or guard is no more;
    NoPlanFound where what is left cannot be divided within the limits.
    """
    before, settings = project.rail, project.settings.rail or RailSettings()
    if before is None:
        raise InputError(_("There are no guard segments yet; divide the line first"))
    asked = plans_of(settings)
    if plan is not None and plan not in {one.name for one in asked}:
        raise InputError(_("[rail] plans has no plan {name}; divide the line again").format(name=plan))
    blank, posts, issues = ground_of(project, settings, progress)
    rest = _Rest(before, blank, settings, posts)
    if any(segment.locked for segment in before.segments) or plan is not None:
        rest.refuse_other_lines()
    again = [one for one in asked if plan in (None, one.name)]
    _refuse_lost_plans(before, {one.name for one in asked})
    held = {one.name: rest.fixed(one) for one in again}
    ground = dataclasses.replace(blank, profile=with_edges(blank.profile, [one for fixed in held.values() for one in fixed]))
    made: dict[str, tuple[list[RailSegment], RailProof | None]] = {
        name: ([before.segments[row] for row in before.of_plan(name)], next((proof for proof in before.proofs if proof.plan == name), None))
        for name in (one.name for one in asked)
    }
    bases = dict(before.squad_bases)
    for number, one in enumerate(again):
        span = Span(progress, 0.8 + 0.15 * number / len(again), 0.8 + 0.15 * (number + 1) / len(again))
        segments, proof, bases[one.name] = divided(ground, one, settings, held[one.name], span)
        placed = dataclasses.replace(ground, squad_bases={one.name: bases[one.name]})
        made[one.name] = rest.in_place(placed, segments, held[one.name]), proof
    proofs = [proof for _segments, proof in made.values() if proof is not None]
    segments = [segment for segments, _proof in made.values() for segment in segments]
    found = (*issues, *uneven(ground, segments, proofs, settings))
    whole = dataclasses.replace(ground, segments=coded(segments), proofs=tuple(proofs), squad_bases=bases, issues=found)
    whole = _with_figures_of_today(whole, [one.name for one in asked if one not in again])
    fresh = plan is None or len(asked) == 1
    after = dataclasses.replace(
        finished(project, whole, settings, progress), made_from=made_from(project, "rail") if fresh else before.made_from
    )
    locked = sum(segment.locked for segment in after.segments if plan in (None, segment.plan))
    text = N_("Divide {km} km of railway again (locked segments: {n})") if locked else N_("Divide {km} km of railway again")
    return Replace(text, {"rail": after}, needs(project, *NEEDED, "rail"), {"km": f"{total_km(ground.lines):.1f}", "n": locked})


def _refuse_lost_plans(before: RailPlan, names: set[str]) -> None:
    """Raise InputError where a segment is locked in a plan that is no longer asked for."""
    lost = next((segment for segment in before.segments if segment.locked and segment.plan not in names), None)
    if lost is not None:
        text = _("Segment {code} is locked in the plan {plan}, which [rail] plans has no more; unlock it and divide the line again")
        raise InputError(text.format(code=lost.code, plan=lost.plan))


@dataclass(frozen=True, eq=False)
class _Rest:
    """The plan that is there, the ground of today, and the fixed posts on it."""

    before: RailPlan
    blank: RailPlan
    settings: RailSettings
    posts: Sequence[Fixed]

    def refuse_other_lines(self) -> None:
        """Raise InputError where a segment would stay on a line that is another now."""
        locked = next((segment for segment in self.before.segments if segment.locked), None)
        same = len(self.before.lines) == len(self.blank.lines) and all(map(_alike, self.before.lines, self.blank.lines))
        if not same:
            if locked is None:
                raise InputError(_("The guarded line has changed since it was divided; divide the whole line again"))
            text = _("The guarded line has changed since segment {code} was locked, so it cannot stay; unlock it and divide the line again")
            raise InputError(text.format(code=locked.code))

    def fixed(self, plan: RailShiftPlan) -> list[Fixed]:
        """Return the locked segments of a plan and the posts that none of them is, in line order."""
        squads = squads_of(self.settings, plan)
        found = []
        for row in self.before.of_plan(plan.name):
            segment = self.before.segments[row]
            if segment.locked:
                count = len(guards_of(segment))
                if segment.squad > len(squads) or segment.guard + count - 1 > squads[segment.squad - 1]:
                    text = _("Segment {code} is locked for guard {guard} of squad {squad}, but there is no such guard any more; unlock it")
                    raise InputError(text.format(code=segment.code, guard=segment.guard, squad=segment.squad))
                found.append(Fixed(segment.line, segment.low, segment.high, count, segment.squad - 1, segment.guard - 1, segment.post, row))
        return in_order([*found, *(post for post in self.posts if not any(_overlap(post, one) for one in found))])

    def in_place(self, ground: RailPlan, segments: Sequence[RailSegment], held: Sequence[Fixed]) -> list[RailSegment]:
        """Return segments with the locked ones as they were, and neighbours that end exactly where these begin."""
        found = list(segments)
        kept = {
            row: self.before.segments[one.row]
            for one in held if one.row >= 0
            for row, segment in enumerate(found)
            if segment.line == one.line and segment.low <= (one.low + one.high) / 2 <= segment.high
        }  # fmt: skip
        for row, locked in kept.items():
            found[row] = locked
            for near, low, high in ((row - 1, None, locked.low), (row + 1, locked.high, None)):
                if 0 <= near < len(found) and near not in kept and found[near].line == locked.line:
                    here = found[near]
                    found[near] = segment_on(ground, here, here.low if low is None else low, here.high if high is None else high)
        return found


def _with_figures_of_today(plan: RailPlan, others: Sequence[str]) -> RailPlan:
    """Return a plan whose segments that stayed weigh and are reached as today; of `others` nothing is proven then."""
    segments = tuple(segment_on(plan, segment, segment.low, segment.high) for segment in plan.segments)
    changed = {
        now.plan for now, before in zip(segments, plan.segments, strict=True) if abs(now.workload - before.workload) > 1e-9
    } & set(others)  # fmt: skip
    return with_proofs_by_hand(dataclasses.replace(plan, segments=segments), changed)


def _overlap(one: Fixed, other: Fixed) -> bool:
    return one.line == other.line and min(one.high, other.high) - max(one.low, other.low) > 1e-3


def _alike(one: RailLine, other: RailLine) -> bool:
    """Return whether two lines are drawn alike, so that places along the one are the same along the other."""
    return np.array_equal(one.coords, other.coords)
