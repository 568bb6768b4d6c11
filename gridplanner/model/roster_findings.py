"""What is wrong with a roster, in words: who is missing where and by which rule, and which rules are broken by hand."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.roster import OFF, RosterPenalty, RosterPlan
from gridplanner.model.roster_calendar import SHIFT_WORDS, day_of, rest_between
from gridplanner.model.roster_check import Broken, broken_rules, why_not
from gridplanner.model.roster_places import squad_name
from gridplanner.model.roster_rules import RosterRules, rules_of
from gridplanner.model.roster_score import penalties_of, value_of
from gridplanner.model.zones import ZonePlan
from gridplanner.settings import RosterSettings

MOST_REASONS = 60  # cells whose reason is looked for
SHORT, BROKEN = "short", "roster"  # kinds of issues

_WHY = {
    "nobody": N_("everyone of the squad is on duty or on leave that day"),
    "leave": N_("those off duty are on leave"),
    "rest": N_("those off duty would rest too short between two shifts"),
    "hours": N_("those off duty have the most hours of a week already"),
    "cycle": N_("those off duty have the most hours of the whole roster already"),
    "run": N_("those off duty have the most days on duty in a row already"),
    "nights": N_("those off duty have the most nights in a row already"),
    "off": N_("those off duty need more days off in a row"),
    "weekends": N_("those off duty have the most weekends on duty already"),
    "alone": N_("nobody may be alone in this shift"),
    "": N_("somebody off duty could still work it: plan again with more time, or set it by hand"),
}
_RULE = {
    "leave": N_("{person} is on leave on {day} and works all the same ({what})"),
    "rest": N_("{person} has {amount} h of rest before {what} on {day}; the least is {limit} h"),
    "hours": N_("{person} works {amount} h in the week of {day}; the most is {limit} h"),
    "cycle": N_("{person} works {amount} h in the whole roster; the most, as a mean of its weeks, is {limit} h"),
    "run": N_("{person} works {amount} days in a row around {day}; the most is {limit}"),
    "nights": N_("{person} works {amount} nights in a row around {day}; the most is {limit}"),
    "off": N_("{person} is off duty too short before {day}: {amount} d in a row; the least is {limit} d"),
    "weekends": N_("{person} works on {amount} weekends up to {day}; the most is {limit}"),
    "alone": N_("{person} is alone in {what} on {day}; nobody of squad {squad} may be"),
}


def followed(project: Project, plan: RosterPlan, status: str = "") -> RosterPlan:
    """Return the roster with penalties, value and findings as its cells have them now; what was found of the data stays.

    Without a new `status`, a roster that was changed is proven best only while its value is the bound.
    """
    rules = rules_of(project, plan)
    penalties = penalties_of(rules, plan)
    value = value_of(penalties)
    broken = broken_rules(rules, plan.cells)
    if not status:
        kept = plan.status == "optimal" and not broken and value <= plan.bound + 1e-9
        status = "optimal" if kept else "hand"
    told = (issue for issue in plan.issues if issue.level is Level.INFO)  # of who is in it
    plan = dataclasses.replace(plan, penalties=penalties, value=value, status=status)
    return dataclasses.replace(plan, issues=(*told, *rules.issues, *roster_issues(project, plan, rules, penalties, broken)))


def roster_issues(
    project: Project, plan: RosterPlan, rules: RosterRules, penalties: tuple[RosterPenalty, ...], broken: list[Broken]
) -> list[Issue]:
    """Return the findings of a roster: broken rules, then squads with too few people, each with its days and shifts."""
    section = project.settings.roster or RosterSettings()
    short = sorted((p for p in penalties if p.kind == "short"), key=lambda p: (p.squad, p.day, p.shift, p.text))
    found = [_broken_issue(project, plan, rules, section, one) for one in broken]
    for squad in dict.fromkeys(p.squad for p in short if not p.text):
        found.append(_squad_issue(project, plan, rules, squad, sum(round(p.amount) for p in short if p.squad == squad and not p.text)))
    for number, penalty in enumerate(short):
        found.append(_short_issue(project, plan, rules, penalty, reasons=number < MOST_REASONS))
    return found


def people_needed(rules: RosterRules, squad: int) -> int:
    """Return how many people a squad's demand takes at least, by the days, the hours of a week and the days off that the rules ask for."""
    demand = rules.demand[squad]
    per_day = int(demand.sum(axis=1).max(initial=0))
    rows = np.flatnonzero(rules.group == squad)
    week = int(rules.week_minutes[rows].max()) if len(rows) else int(rules.week_minutes.max(initial=1))
    minutes = (demand * rules.minutes).sum(axis=1)
    inside = [minutes[max(start, 0) : start + 7].sum() for start in rules.weeks.tolist()]
    by_hours = math.ceil(max(inside, default=0) / max(week, 1))
    days_on = 7 * rules.max_run // (rules.max_run + max(rules.min_off, 1)) if len(demand) >= 7 else len(demand)
    most = max((demand[max(start, 0) : start + 7].sum() for start in rules.weeks.tolist()), default=0)
    return max(per_day, by_hours, math.ceil(most / max(days_on, 1)))


def _squad_issue(project: Project, plan: RosterPlan, rules: RosterRules, squad: str, missing: int) -> Issue:
    row = plan.squads.index(squad)
    have, need = int((rules.group == row).sum()), people_needed(rules, row)
    values = {"squad": squad or "–", "n": missing, "total": int(rules.demand[row].sum()), "have": have, "need": need}
    text = N_("Squad {squad}: {n} of {total} duties have nobody; it has {have} of the {need} people that the demand takes at least")
    if need <= have:
        text = N_("Squad {squad}: {n} of {total} duties have nobody, as leave, fixed cells and rest leave too few of its people ({have})")
    week, shift = _least_shift(rules, row)
    if week < shift:
        values |= {"hours": f"{week / 60:g}", "shift": f"{shift / 60:g}"}
        text = N_("Squad {squad}: {n} of {total} duties have nobody; nobody may work more than {hours} h a week, and a shift has {shift} h")
    x, y = _place(project, plan, squad)
    return Issue(Level.WARNING, SHORT, text, values, "roster", squad, x, y)


def _least_shift(rules: RosterRules, squad: int) -> tuple[int, int]:
    """Return the most minutes that anybody of a squad may work in a week, and those of the shortest shift that it needs."""
    rows, needed = rules.group == squad, rules.demand[squad].any(axis=0)
    return int(rules.week_minutes[rows].max(initial=0)), int(rules.minutes[needed].min(initial=0 if not needed.any() else 10**6))


def _short_issue(project: Project, plan: RosterPlan, rules: RosterRules, penalty: RosterPenalty, *, reasons: bool) -> Issue:
    values: dict[str, object] = {
        "day": day_of(plan, penalty.day).isoformat(), "what": _shift_word(plan, penalty.shift), "squad": penalty.squad or "–",
        "n": round(penalty.amount),
    }  # fmt: skip
    if penalty.text:
        text = N_("{day}, {what}: squad {squad} lacks {n} with {skill}")
        values["skill"] = penalty.text
    elif reasons:
        text = N_("{day}, {what}: squad {squad} lacks {n}; {why}")
        values["why"] = _WHY[_reason(plan, rules, penalty)]
    else:
        text = N_("{day}, {what}: squad {squad} lacks {n}")
    x, y = _place(project, plan, penalty.squad)
    return Issue(Level.WARNING, SHORT, text, values, "roster", penalty.squad, x, y)


def _reason(plan: RosterPlan, rules: RosterRules, penalty: RosterPenalty) -> str:
    """Return the rule that keeps most of those who are off duty from a shift; "" where one of them could work it."""
    squad = plan.squads.index(penalty.squad)
    off = np.flatnonzero((rules.group == squad) & (plan.cells[:, penalty.day] == OFF) & ~rules.leave[:, penalty.day])
    if not len(off):
        return "nobody"
    if rules.pairs[penalty.shift] and penalty.amount == 1 and not (plan.cells[rules.group == squad, penalty.day] == penalty.shift).any():
        return "alone"
    found = [why_not(rules, plan.cells, person, penalty.day, penalty.shift) for person in off.tolist()]
    free = [person for person, why in zip(off.tolist(), found, strict=True) if not why and rules.fixed[person, penalty.day] != OFF]
    if free:  # a rest of more than a day is planned as whole days off, whatever the next shift is
        return "rest" if plan.status == "optimal" and rules.gap.max(initial=1) > 2 else ""
    counts = Counter(why for why in found if why)
    return counts.most_common(1)[0][0] if counts else "nobody"


def _broken_issue(project: Project, plan: RosterPlan, rules: RosterRules, section: RosterSettings, one: Broken) -> Issue:
    member = plan.people[one.person]
    limits = {
        "rest": section.rest_hours, "hours": rules.week_minutes[one.person] / 60, "cycle": rules.cycle_minutes[one.person] / 60,
        "run": rules.max_run, "nights": rules.max_nights, "off": rules.min_off, "weekends": rules.max_weekends,
    }  # fmt: skip
    cell, amount = int(plan.cells[one.person, one.day]), one.amount
    if one.rule == "rest":
        past = plan.before.shape[1]
        days = np.concatenate((plan.before[one.person], plan.cells[one.person]))
        amount = rest_between(plan.shifts[days[past + one.day - round(one.amount)]], plan.shifts[cell], round(one.amount))
    values = {
        "person": member.code, "day": day_of(plan, one.day).isoformat(), "what": _shift_word(plan, cell), "amount": f"{amount:g}",
        "limit": f"{limits.get(one.rule, 0):g}", "squad": member.squad or "–",
    }  # fmt: skip
    x, y = _place(project, plan, member.squad)
    return Issue(Level.ERROR, BROKEN, _RULE[one.rule], values, "roster", member.code, x, y)


def _shift_word(plan: RosterPlan, shift: int) -> str:
    if shift < 0:
        return ""
    name = plan.shifts[shift].name
    return SHIFT_WORDS.get(name, name)


def _place(project: Project, plan: RosterPlan, squad: str) -> tuple[float | None, float | None]:
    """Return a place of a squad on the map: the middle of its first segment, or the depot of its first route."""
    places: dict[str, tuple[float, float]] = {}
    if plan.group == "rail" and project.rail is not None:
        places = _squad_places(project.rail)
    elif plan.group == "patrol" and project.patrol is not None and project.zones is not None:
        places = _zone_places(project.patrol, project.zones)
    return places.get(squad, (None, None))


@lru_cache(maxsize=4)
def _squad_places(rail: RailPlan) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for segment in rail.segments:
        x, y = segment.coords[len(segment.coords) // 2].tolist()
        found.setdefault(squad_name(segment.squad), (x, y))
    return found


@lru_cache(maxsize=4)
def _zone_places(patrol: PatrolPlan, zones: ZonePlan) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for route in patrol.routes:
        if len(route.coords) and route.zone in zones.zones:
            x, y = route.coords[0].tolist()
            found.setdefault(zones.zones[route.zone].code, (x, y))
    return found
