"""Which rules leave a squad short of people: those without which more of its duties would be filled."""

from __future__ import annotations

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
WORK = RosterParams(work=0.5, wall=5.0, workers=1)  # of each rule of each


def binding_rules(plan: RosterPlan, problem: RosterProblem, progress: Progress = SILENT) -> tuple[Issue, ...]:
    """Return for each squad that is short the rules that alone make it so; none where it takes several together, as hours and days off.

    The fewest duties that nobody has are counted once under all rules, and once without each of them. Raises Cancelled.
    """
    short = list(dict.fromkeys(penalty.squad for penalty in plan.penalties if penalty.kind == "short" and not penalty.text))
    found = []
    for done, squad in enumerate(short[:MOST_SQUADS]):
        progress.report(done / min(len(short), MOST_SQUADS))
        row = plan.squads.index(squad)
        people = np.flatnonzero(problem.group == row)
        if not len(people) or progress.should_finish():
            continue
        part = part_of(problem, people)
        for rule in dict.fromkeys(rule for rule, _person, _day in shortage(part, part.demand, WORK, progress).rules):
            if rule in RULE_WORDS and rule not in {"least", "min_run", "min_minutes"}:
                text = N_("Squad {squad}: more of its duties could be filled without this rule: {what}")
                found.append(Issue(Level.INFO, "rule", text, {"squad": squad or "–", "what": RULE_WORDS[rule]}, "roster", squad))
    return tuple(found)
