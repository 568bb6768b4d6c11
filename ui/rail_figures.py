"""The railway in words: what a plan comes to, what a segment's work consists of, how it is reached and patrolled, what posts read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailProof, RailRound, RailSegment
from gridplanner.model.rail_codes import guards_of
from gridplanner.model.rail_near import RailSpot, systems_of
from gridplanner.model.rail_pieces import chainage_words
from gridplanner.model.rail_work import deviations, plan_figures, profile_in, work_between, work_kinds
from ui.patrol_figures import clock

KIND_WORDS = {
    "length": N_("Length"), "crossing": N_("Level crossings"), "bridge": N_("Bridges"), "tunnel": N_("Tunnels"), "station": N_("Stations"),
    "settlement": N_("Settlements"), "school": N_("Schools"), "slope": N_("Slope"), "fence": N_("Without a fence"),
    "history": N_("Cases"), "gate": N_("Entry points"),
}  # fmt: skip
TRACK_WORDS = {"up": N_("up track"), "down": N_("down track")}
ROUND_MODES = {"foot": N_("on foot"), "motorcycle": N_("by motorcycle"), "car": N_("by car")}
OPTIMAL, GAP, BY_HAND = "optimal", "gap", "by hand"  # what a proof says of its plan
_NAMES = ("bridge", "tunnel", "station", "crossing", "school", "settlement", "history")  # kinds whose things are counted


def kind_words(kind: str) -> str:
    """Return what a kind of work is called in the language in use."""
    return _(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def ends_words(plan: RailPlan, segment: RailSegment) -> str:
    """Return from where to where a segment goes."""
    return "–".join(chainage_words(plan, segment))


def who_words(segment: RailSegment) -> str:
    """Return whose a segment is."""
    return _("squad {squad}, guard {guard}").format(squad=segment.squad, guard=segment.guard)


def km(metres: float) -> str:
    """Return metres as kilometres with one decimal, with two below ten."""
    return f"{metres / 1000:,.1f}" if metres >= 9950 else f"{metres / 1000:.2f}"


def percent(value: float) -> str:
    """Return a deviation in whole per cent with its sign.

    >>> percent(3.6), percent(-0.2)
    ('+4%', '0%')
    """
    return f"{value:+.0f}%".replace("-", "\N{MINUS SIGN}") if round(value) else "0%"


def minutes_words(seconds: float) -> str:
    """Return how long a way takes; a dash where it is not known, words where there is none."""
    if math.isnan(seconds):
        return "–"
    return _("{n} min").format(n=f"{seconds / 60:.0f}") if math.isfinite(seconds) else _("no way")


@lru_cache(maxsize=8)
def deviations_of(plan: RailPlan) -> Floats:
    """Return by how many % each segment's work differs from the mean of its plan."""
    return deviations(plan)


def work_parts(plan: RailPlan, segment: RailSegment) -> list[tuple[str, float]]:
    """Return the kinds of work that a segment has with their amounts, km-equivalents, the most first."""
    profile = profile_in(plan, segment.plan)
    each = work_between(profile, segment.line, segment.low, segment.high)
    parts = [(kind, float(amount)) for kind, amount in zip(work_kinds(profile), each.tolist(), strict=True) if amount > 5e-3]
    return sorted(parts, key=lambda part: -part[1])


def things_on(plan: RailPlan, segment: RailSegment) -> dict[str, int]:
    """Return how many things of each kind stand along a segment; one that reaches over its end counts."""
    things = plan.features
    mine = (things.line == segment.line) & (things.high >= segment.low) & (things.low < segment.high)
    kinds, counts = np.unique(things.kinds[mine].astype(str), return_counts=True)
    return {kind: int(count) for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True) if kind in _NAMES}


def heading_words(plan: RailPlan, name: str) -> str:
    """Return what a plan comes to: kilometres, guards, and how even the work is."""
    figures = plan_figures(plan, name)
    guards = len({(one.squad, guard) for one in map(plan.segments.__getitem__, plan.of_plan(name)) for guard in guards_of(one)})
    words = [_("{n} km").format(n=f"{figures.km:,.1f}"), ngettext("{n} guard", "{n} guards", guards).format(n=f"{guards:,}")]
    if figures.max_over_mean:
        words.append(_("work max/mean {ratio}").format(ratio=f"{figures.max_over_mean:.3f}"))
    return " · ".join(words)


def rail_words(project: Project) -> str:
    """Return what the plans of a project's railway come to, a part each."""
    plan = project.rail
    return "; ".join(heading_words(plan, name) for name in plan.plans) if plan is not None else ""


def proof_words(plan: RailPlan, name: str) -> tuple[str, str]:
    """Return what is proven of a plan, and its mood (good or small); empty where nothing is."""
    proof = next((one for one in plan.proofs if one.plan == name), None)
    if proof is None:
        return "", "small"
    bound = f"{proof.bound:.2f}"
    if proof.status == OPTIMAL and f"{proof.value:.2f}" != bound:
        text = _("Heaviest {value}; proven least without wishes {bound}")
        return text.format(value=f"{proof.value:.2f}", bound=bound), "good"
    if proof.status == OPTIMAL:
        return _("Proven: the heaviest segment cannot weigh less than {bound}").format(bound=bound), "good"
    if proof.status == BY_HAND:
        text = _("Changed by hand: the heaviest weighs {value}, the least possible is {bound}")
        return text.format(value=f"{proof.value:.2f}", bound=bound), "small"
    return _("At most {gap} % above the least possible, {bound}").format(gap=_gap(proof), bound=bound), "small"


def round_words(done: RailRound) -> str:
    """Return how a segment is patrolled."""
    mode = _(ROUND_MODES[done.mode]) if done.mode in ROUND_MODES else done.mode
    words = [mode, _("{n} min there and back").format(n=f"{done.minutes:.0f}")]
    words.append(ngettext("{n} time a shift", "{n} times a shift", done.times).format(n=done.times))
    if done.guards > 1:
        words.append(ngettext("{n} guard", "{n} guards", done.guards).format(n=done.guards))
    return _(", ").join(words)


def shift_time(project: Project, minute: float) -> str:
    """Return a minute of the shift as the clock tells it in each of the roster's shifts; without a roster how long after the beginning.

    Minutes of a shift that begins at 22:00 pass midnight.
    """
    roster = project.settings.roster
    starts = sorted({float(hours[0]) for hours in roster.shifts.values()}) if roster is not None and roster.group == "rail" else []
    if starts:
        return "/".join(clock((60 * start + minute) % (24 * 60)) for start in starts)
    hours, minutes = divmod(round(minute), 60)
    return _("{time} after the shift begins").format(time=f"{hours}:{minutes:02d}")


def readings(line: RailLine, along: float) -> list[str]:
    """Return what every mileage system of a line reads at a place, the one in which segments are told first."""
    found = []
    for system in systems_of(line):
        text = system.text(along)
        if system.track in TRACK_WORDS:
            text += " " + _(TRACK_WORDS[system.track])
        if text not in found:
            found.append(text)
    return found


def spot_words(lines: Sequence[RailLine], spot: RailSpot) -> str:
    """Return what is read at a place on a line, in all systems, and which line it is."""
    line = lines[spot.line]
    return " · ".join((*readings(line, spot.along), line.name))


def _gap(proof: RailProof) -> str:
    share = 100 * (proof.value / proof.bound - 1) if proof.bound > 0 else 100.0
    return f"{math.ceil(10 * share - 1e-6) / 10:.1f}"
