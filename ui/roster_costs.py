"""What a roster costs and what is wrong with its cells, in words for its pages."""

from __future__ import annotations

from functools import lru_cache

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.project import Project
from gridplanner.model.roster import OFF, RosterPenalty, RosterPlan
from gridplanner.model.roster_calendar import shift_words
from gridplanner.model.roster_check import RULES, broken_rules
from gridplanner.model.roster_rules import ANY, RosterRules, rules_of
from ui.roster_rows import Cell
from ui.roster_words import short_day, squad_words

# what is shared unevenly between two people
UNEVEN = {
    "hours": N_("Hours: {one} is {n} ahead of {other}, each against a fair share"),
    "nights": N_("Nights: {one} is {n} ahead of {other}, each against a fair share"),
    "weekends": N_("Weekend days: {one} is {n} ahead of {other}, each against a fair share"),
    "points": N_("Points: {one} is {n} ahead of {other}, each against a fair share"),
}
WISHES = {"want": N_("wished: {shift}"), "avoid": N_("wished: no {shift}")}
SINGLE = {"on": N_("{person}, {day}: a single day on duty"), "off": N_("{person}, {day}: a single day off")}


def penalty_words(plan: RosterPlan, penalty: RosterPenalty) -> str:
    """Return what one penalty is for, in a line."""
    squad = squad_words(plan, penalty.squad)
    person = plan.people[penalty.person].code if penalty.person >= 0 else squad
    day = short_day(plan, penalty.day) if penalty.day >= 0 else ""
    shift = shift_words(plan.shifts[penalty.shift]) if penalty.shift >= 0 else ""
    number = round(penalty.amount)
    if penalty.kind in ("short", "over"):
        text = ngettext("{n} person short", "{n} people short", number) if penalty.kind == "short" else _("{n} more than needed")
        return " · ".join(filter(None, (day, shift, squad, text.format(n=number), penalty.text)))
    if penalty.kind in UNEVEN and penalty.other >= 0:
        return _(UNEVEN[penalty.kind]).format(one=person, other=plan.people[penalty.other].code, n=f"{penalty.amount:g}")
    if penalty.kind == "wish":
        what = shift or (_("duty") if penalty.shift == ANY else _("off"))
        return f"{person}, {day}: " + _(WISHES.get(penalty.text, WISHES["want"])).format(shift=what)
    if penalty.kind == "single":
        return _(SINGLE.get(penalty.text, SINGLE["on"])).format(person=person, day=day)
    return " · ".join(filter(None, (penalty.kind, person, day, shift, penalty.text)))


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
