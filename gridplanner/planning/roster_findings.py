"""Which rules leave a squad short of people: those without which more of its duties would be filled."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from algorithms.progress import SILENT, Progress
from algorithms.rostering.conflict import shortage
from algorithms.rostering.parts import part_of
from algorithms.rostering.problem import RosterParams, RosterProblem
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.roster import RosterPlan
from gridplanner.planning.roster_conflict import RULE_WORDS

MOST_SQUADS = 8  # that are looked into
WORK = RosterParams(work=0.5, workers=1)  # of each question, of which there is one more than rules
QUESTIONS, LEAST = 14, 0.1  # of a squad; seconds that each has where the clock runs out


def binding_rules(plan: RosterPlan, problem: RosterProblem, end: float, progress: Progress = SILENT) -> tuple[Issue, ...]:
    """Return for each squad that is short the rules that alone make it so; none where it takes several together, as hours and days off.

    The fewest duties that nobody has are counted once under all rules, and once without each of them. At `end` (of perf_counter) no
    other squad is looked into. Raises Cancelled.
    """
    short = list(dict.fromkeys(penalty.squad for penalty in plan.penalties if penalty.kind == "short" and not penalty.text))
    found = []
    for done, squad in enumerate(short[:MOST_SQUADS]):
        progress.report(done / min(len(short), MOST_SQUADS))
        row = plan.squads.index(squad)
        people = np.flatnonzero(problem.group == row)
        left = end - time.perf_counter()
        if not len(people) or left <= 0 or progress.should_finish():
            continue
        part, limits = part_of(problem, people), replace(WORK, wall=max(left / QUESTIONS, LEAST))
        for rule in dict.fromkeys(rule for rule, _person, _day in shortage(part, part.demand, limits, progress).rules):
            if rule in RULE_WORDS and rule not in {"least", "min_run", "min_minutes"}:
                text = N_("Squad {squad}: more of its duties could be filled without this rule: {what}")
                found.append(Issue(Level.INFO, "rule", text, {"squad": squad or "–", "what": RULE_WORDS[rule]}, "roster", squad))
    return tuple(found)
