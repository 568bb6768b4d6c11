"""What is told of the cells of a roster, in words: hard rules they break, what they cost, and what is wished."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPenalty, RosterPlan
from gridplanner.model.roster_check import RULES, broken_rules
from gridplanner.model.roster_rules import ANY, RosterRules, rules_of
from gridplanner.model.roster_words import WISHES, cell_name
from ui.roster_rows import Cell


def bad_cells(project: Project, plan: RosterPlan, language: str) -> dict[Cell, str]:
    """Return which hard rules cells break, in words; `language` is the one in use."""
    return _bad(rules_of(project, plan), plan, language)


@lru_cache(maxsize=8)
def _bad(rules: RosterRules, plan: RosterPlan, language: str) -> dict[Cell, str]:
    del language
    return _joined(((one.person, one.day), _(RULES[one.rule])) for one in broken_rules(rules, plan.cells))


@lru_cache(maxsize=8)
def dear_cells(plan: RosterPlan) -> dict[Cell, list[RosterPenalty]]:
    """Return what single cells cost; there may be very many, so that words are for whoever looks at one."""
    found: dict[Cell, list[RosterPenalty]] = {}
    for penalty in plan.penalties:
        if penalty.person >= 0 and penalty.day >= 0:
            found.setdefault((penalty.person, penalty.day), []).append(penalty)
    return found


def _joined(found: Iterable[tuple[Cell, str]]) -> dict[Cell, str]:
    """Return the words of each cell, a line each."""
    lines: dict[Cell, list[str]] = {}
    for cell, words in found:
        lines.setdefault(cell, []).append(words)
    return {cell: "\n".join(words) for cell, words in lines.items()}


def wished_cells(project: Project, plan: RosterPlan, language: str) -> dict[Cell, str]:
    """Return what is wished of cells, in words; `language` is the one in use."""
    return _wished(rules_of(project, plan), plan, language)


@lru_cache(maxsize=8)
def _wished(rules: RosterRules, plan: RosterPlan, language: str) -> dict[Cell, str]:
    del language
    found: dict[Cell, str] = {}
    for wish in rules.wishes:
        what = _("duty") if wish.shift == ANY else cell_name(plan, wish.shift)
        found[wish.person, wish.day] = _(WISHES[wish.kind]).format(shift=what)
    return found
