"""What each person of a roster has worked, and what the roster costs in words: the figures of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.roster import OFF, RosterPenalty, RosterPlan
from gridplanner.model.roster_calendar import day_of, shift_words
from gridplanner.model.roster_check import RULES, broken_rules
from gridplanner.model.roster_rules import ANY, RosterRules, rules_of
from gridplanner.settings import RosterSettings
from ui.roster_rows import Cell
from ui.roster_words import short_day, squad_words

KINDS = {
    "short": N_("People missing"), "over": N_("More people than needed"), "hours": N_("Hours shared unevenly"),
    "nights": N_("Nights shared unevenly"), "weekends": N_("Weekends shared unevenly"), "wish": N_("Wishes not met"),
    "change": N_("Changed against before"), "single": N_("Single days on or off duty"), "points": N_("Points shared unevenly"),
}  # fmt: skip

WISHES = {"want": N_("wished: {shift}"), "avoid": N_("wished: no {shift}")}


@dataclass(frozen=True, eq=False)
class Ledger:
    """One row a person: `hours`, `nights`, `weekends` (days on duty of a Saturday or Sunday) and `points` of the roster, (p,).

    `hours_before` and `points_before` are those from before its first day.
    """

    hours: Floats
    nights: Ints
    weekends: Ints
    points: Floats
    hours_before: Floats
    points_before: Floats


def ledger_of(project: Project, plan: RosterPlan) -> Ledger:
    """Return what each person has worked."""
    settings = project.settings.roster or RosterSettings()
    return _ledger(plan, tuple(float(settings.points.get(shift.name, 0.0)) for shift in plan.shifts))


@lru_cache(maxsize=8)
def _ledger(plan: RosterPlan, points: tuple[float, ...]) -> Ledger:
    night = np.array([*(shift.night for shift in plan.shifts), False, False])
    earned = np.array([*(shift.hours * each for shift, each in zip(plan.shifts, points, strict=True)), 0.0, 0.0])
    weekend = np.array([day_of(plan, day).weekday() >= 5 for day in range(plan.days)], np.bool_)
    return Ledger(
        plan.hours, night[plan.cells].sum(axis=1), ((plan.cells >= 0) & weekend).sum(axis=1), earned[plan.cells].sum(axis=1),
        np.array([member.hours for member in plan.people]), np.array([member.points for member in plan.people]),
    )  # fmt: skip


def penalty_words(plan: RosterPlan, penalty: RosterPenalty) -> str:
    """Return what one penalty is for, in a line."""
    parts = [_(KINDS[penalty.kind]) if penalty.kind in KINDS else penalty.kind]
    if penalty.person >= 0:
        parts.append(plan.people[penalty.person].code)
    elif penalty.squad:
        parts.append(squad_words(plan, penalty.squad))
    if penalty.day >= 0:
        parts.append(short_day(plan, penalty.day))
    if penalty.shift >= 0:
        parts.append(shift_words(plan.shifts[penalty.shift]))
    if penalty.text:
        parts.append(penalty.text)
    return " · ".join(parts)


def bad_cells(project: Project, plan: RosterPlan, language: str) -> dict[Cell, str]:
    """Return which rules cells break and what they cost, in words; `language` is the one in use."""
    return _bad(rules_of(project, plan), plan, language)


@lru_cache(maxsize=8)
def _bad(rules: RosterRules, plan: RosterPlan, language: str) -> dict[Cell, str]:
    del language
    found: dict[Cell, list[str]] = {}
    for broken in broken_rules(rules, plan.cells):
        found.setdefault((broken.person, broken.day), []).append(_(RULES[broken.rule]))
    for penalty in plan.penalties:
        if penalty.person >= 0 and penalty.day >= 0:
            found.setdefault((penalty.person, penalty.day), []).append(penalty_words(plan, penalty))
    return {cell: "\n".join(words) for cell, words in found.items()}


def wished_cells(project: Project, plan: RosterPlan, language: str) -> dict[Cell, str]:
    """Return what is wished of cells, in words; `language` is the one in use."""
    return _wished(rules_of(project, plan), plan, language)


@lru_cache(maxsize=8)
def _wished(rules: RosterRules, plan: RosterPlan, language: str) -> dict[Cell, str]:
    del language
    found: dict[Cell, str] = {}
    for wish in rules.wishes:
        what = _("duty") if wish.shift == ANY else _("off") if wish.shift == OFF else shift_words(plan.shifts[wish.shift])
        found[wish.person, wish.day] = _(WISHES[wish.kind]).format(shift=what)
    return found
