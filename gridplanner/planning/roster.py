"""Who is on duty when: a roster for the guards of the railway, patrol crews or volunteers, and the one that follows it."""

from __future__ import annotations

import dataclasses
import time
from datetime import date, timedelta

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from algorithms.rostering.conflict import NoRoster
from algorithms.rostering.problem import RosterParams
from algorithms.rostering.solve import find_roster
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError, NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import coming_monday, day_of, first_day, shifts_of
from gridplanner.model.roster_findings import followed
from gridplanner.model.roster_places import no_places, with_places
from gridplanner.model.roster_rules import SCALE, rules_of
from gridplanner.planning.roster_conflict import conflict_words
from gridplanner.planning.roster_findings import binding_rules
from gridplanner.planning.roster_history import days_before, set_by_hand, with_ledger
from gridplanner.planning.roster_people import roll_of
from gridplanner.planning.roster_problem import cells_of, problem_of
from gridplanner.settings import RosterSettings

# of the seconds that the settings give: deterministic ones of each way of searching, of which several follow one another, and those of
# the clock, as a safety stop; what is left is for the rules that leave too few people
WORK, CLOCK = 0.45, 0.9
SERVED = {"rail": ("rail",), "patrol": ("zones", "patrol"), "volunteers": ()}  # plans that a roster is made from, by whom it is for


def propose_roster(project: Project, progress: Progress = SILENT, today: date | None = None) -> Replace:
    """Return the edit that makes the roster of the settings; where too few people are there, it is made all the same and says who misses.

    It begins where the roster before it ends: with its last days, its ledger, and the cells that were set by hand. It takes as many
    seconds as the settings give at most. `today` counts where the settings name no first day. Raises InputError where nobody is to be
    rostered, NoPlanFound where hard rules clash.
    """
    section = project.settings.roster or RosterSettings()
    end = time.perf_counter() + section.seconds
    progress.report(0.0, _("Reading the rules of the roster"))
    empty = empty_roster(project, section, today)
    rules = rules_of(project, empty)
    params = RosterParams(work=WORK * section.seconds, wall=CLOCK * section.seconds, seed=project.settings.project.seed)
    progress.report(0.05, _("Looking for the best roster, people: {n}, days: {days}").format(n=len(empty), days=empty.days))
    problem = problem_of(rules)
    try:
        found = find_roster(problem, params, Span(progress, 0.05, 0.9))
    except NoRoster as why:
        raise NoPlanFound(conflict_words(empty, rules, why.conflict, proven=why.proven)) from None
    progress.report(0.9, _("Sharing out the places"))
    plan = dataclasses.replace(empty, cells=cells_of(rules, found.cells), bound=found.bound / SCALE)
    plan = followed(project, with_places(project, plan), "optimal" if found.proven else "gap")
    told = binding_rules(plan, problem, end, Span(progress, 0.96, 1.0))
    plan = dataclasses.replace(plan, issues=(*plan.issues, *told), made_from=made_from(project, "roster"))
    text = N_("Roster from {start} to {end}, people: {n}")
    values = {"n": len(plan), "start": plan.start, "end": day_of(plan, plan.days - 1).isoformat()}
    return Replace(text, {"roster": plan}, needs(project, *SERVED[section.group], "roster_cells"), values)


def propose_next_roster(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that makes the roster of the days right after the one that is there, of as many days, in place of it.

    The settings then begin with those days. Raises InputError where there is no roster yet, else as `propose_roster` does.
    """
    if project.roster is None:
        raise InputError(_("There is no roster yet that another could follow; make one first"))
    start = first_day(project.roster) + timedelta(days=project.roster.days)
    section = dataclasses.replace(project.settings.roster or RosterSettings(), start=start.isoformat())
    later = dataclasses.replace(project, settings=dataclasses.replace(project.settings, roster=section))
    made = propose_roster(later, progress)
    return dataclasses.replace(made, values={**made.values, "settings": later.settings})


def empty_roster(project: Project, section: RosterSettings, today: date | None = None) -> RosterPlan:
    """Return a roster of the people, days and shifts in which nobody works yet, but for what was set by hand.

    Raises InputError where nobody is to be rostered.
    """
    start = date.fromisoformat(section.start) if section.start else coming_monday(today or date.today())
    shifts, days = shifts_of(section.shifts), section.days
    roll = roll_of(project, section, shifts, start, days)
    people = with_ledger(project, roll.people, start)
    before = days_before(project.roster, people, shifts, start, section.max_run + 1)
    cells, fixed = set_by_hand(project.roster, people, shifts, start, days)
    for array in (before, cells, fixed, roll.demand):
        array.setflags(write=False)
    return RosterPlan(
        start=start.isoformat(), shifts=shifts, people=people, cells=cells, places=no_places(len(people), days), fixed=fixed,
        before=np.ascontiguousarray(before), squads=roll.squads, demand=roll.demand, group=section.group, issues=roll.issues,
    )  # fmt: skip
