"""Why hard rules of a roster cannot be kept together, and what to give up, in words."""

from __future__ import annotations

from algorithms.rostering.problem import Conflict
from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import day_of as date_of
from gridplanner.model.roster_calendar import day_words, shift_words
from gridplanner.model.roster_rules import FREE, RosterRules

RULE_WORDS = {
    "follows": N_("the rest between two shifts"), "min_minutes": N_("the least hours"), "max_minutes": N_("the most hours of the roster"),
    "week_minutes": N_("the most hours of a week"), "max_shifts": N_("the most shifts of a kind"),
    "min_run": N_("the least days on duty in a row"),
    "max_run": N_("the most days on duty in a row"), "min_off": N_("the least days off in a row"),
    "max_weekends": N_("the most weekends on duty"), "max_nights": N_("the most nights in a row"), "pairs": N_("shifts for two"),
    "least": N_("the least people on duty"), "allowed": N_("leave"), "fixed": N_("fixed cells"),
}  # fmt: skip


def conflict_words(plan: RosterPlan, rules: RosterRules, conflict: Conflict, *, proven: bool) -> str:
    """Return which rules clash, of whom and when, and what helps: any one of the fixed cells given free, or one of the rules."""
    if not conflict.rules:
        if proven:
            return _("The hard rules of the roster cannot be kept together; give cells that are set by hand free")
        return _("No roster was found in the time; give it more seconds, or give cells that are set by hand free")
    people = sorted({person for _rule, person, _day in conflict.rules if person >= 0})
    parts = [_of_person(plan, rules, conflict, person) for person in people] or [_of_all(conflict)]
    fixed = any(rule == "fixed" for rule, _person, _day in conflict.rules)
    remedy = _("give one of these cells free, or ease one of the rules") if fixed else _("ease one of these rules in [roster]")
    return _("The roster cannot keep its hard rules: {parts}; {remedy}").format(parts="; ".join(parts[:5]), remedy=remedy)


def _of_person(plan: RosterPlan, rules: RosterRules, conflict: Conflict, person: int) -> str:
    mine = [(rule, day) for rule, who, day in conflict.rules if who == person]
    cells = [day for rule, day in mine if rule == "fixed"]
    kept = list(dict.fromkeys(_(RULE_WORDS.get(rule, rule)) for rule, _day in mine if rule != "fixed"))
    told = ", ".join(f"{day_words(date_of(plan, day))} {_cell_words(plan, rules, person, day)}" for day in sorted(cells))
    code = plan.people[person].code
    if not cells:
        return _("{person}: {rules}").format(person=code, rules=", ".join(kept))
    return _("{person} is fixed on {cells}, against {rules}").format(person=code, cells=told, rules=", ".join(kept))


def _of_all(conflict: Conflict) -> str:
    names = ", ".join(dict.fromkeys(_(RULE_WORDS.get(rule, rule)) for rule, _person, _day in conflict.rules))
    missing = int(conflict.short.sum())
    text = ngettext("{rules} ({n} person short)", "{rules} ({n} people short)", missing)
    return text.format(rules=names, n=missing) if missing else names


def _cell_words(plan: RosterPlan, rules: RosterRules, person: int, day: int) -> str:
    cell = int(rules.fixed[person, day])
    return shift_words(plan.shifts[cell]) if cell >= 0 else _("off") if cell != FREE else ""
