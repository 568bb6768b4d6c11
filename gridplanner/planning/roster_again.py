"""A roster made again after a sick call: as few cells as can be are others, and only from the first day of it on."""

from __future__ import annotations

import dataclasses

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from algorithms.rostering.conflict import NoRoster
from algorithms.rostering.problem import RosterParams
from algorithms.rostering.replan import replan
from gridplanner.edits.edit import Replace, needs
from gridplanner.edits.roster_edits import EnterCell, day_column, person_row, roster_of
from gridplanner.errors import NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import day_of
from gridplanner.model.roster_check import broken_by
from gridplanner.model.roster_findings import followed
from gridplanner.model.roster_places import with_places
from gridplanner.model.roster_rules import groups_of, rules_of
from gridplanner.planning.roster_conflict import conflict_words
from gridplanner.planning.roster_problem import cells_of, problem_of

WORK = RosterParams(work=2.0, wall=10.0)  # of the one squad that is planned again


def propose_sick_call(project: Project, person: str, day: str, until: str = "", progress: Progress = SILENT) -> Replace:
    """Return the edit that gives a person leave from `day` to `until` and fills its duties within its squad.

    First the fewest duties are left without anybody and the fewest cells changed, then the rest is weighed as ever. Days before `day`,
    cells that are fixed, other squads, and people whose days break a rule by hand stay. The leave is entered in the table of leave and
    wishes. Raises EditRejected for a person or day that the roster has not, NoPlanFound where hard rules clash.
    """
    plan = roster_of(project)
    row, first = person_row(plan, person), max(day_column(plan, max(day, plan.start)), 0)
    progress.report(0.0, _("Looking for who can step in for {person}").format(person=person))
    away = EnterCell(person, day, until=until).apply(project)
    assert away.roster is not None
    rows = free_people(away, np.flatnonzero(groups_of(plan) == groups_of(plan)[row]))
    mine = squad_of(away.roster, plan.people[row].squad, rows, first)
    rules = rules_of(away, mine)
    try:
        found = replan(
            problem_of(rules, kept=mine.cells), dataclasses.replace(WORK, seed=project.settings.project.seed), Span(progress, 0.05, 0.95)
        )
    except NoRoster as why:
        raise NoPlanFound(conflict_words(mine, rules, why.conflict, proven=why.proven)) from None
    cells = away.roster.cells.copy()
    cells[rows] = cells_of(rules, found.cells)
    cells.setflags(write=False)
    after = with_places(away, dataclasses.replace(away.roster, cells=cells), range(first, plan.days))
    after = followed(away, after, "hand")
    changed = len(changed_cells(away.roster, after))
    fresh = plan.made_from == made_from(project, "roster")
    after = dataclasses.replace(after, made_from=made_from(away, "roster") if fresh else plan.made_from)
    text = N_("{person} is absent from {day}; cells that change for others: {n}")
    values = {"person": person, "day": day_of(plan, first).isoformat(), "n": changed}
    return Replace(text, {"roster": after, "roster_cells": away.roster_cells}, needs(project, "roster", "roster_cells"), values)


def free_people(project: Project, rows: Ints) -> Ints:
    """Return those of some people whose days keep all rules; what the planner made others work against a rule stays as it is."""
    plan = project.roster
    assert plan is not None
    rules = rules_of(project, plan)
    return np.array([row for row in rows.tolist() if not broken_by(rules, row, plan.cells[row])], np.int64)


def squad_of(plan: RosterPlan, squad: str, rows: Ints, first: int) -> RosterPlan:
    """Return the roster of some of a squad's people (rows), and what is to be done beside its others; days before `first` are fixed."""
    column = plan.squads.index(squad)
    others = np.setdiff1d(np.flatnonzero(groups_of(plan) == column), rows)
    done = (plan.cells[others][:, :, None] == np.arange(len(plan.shifts))).sum(axis=0)
    fixed = plan.fixed[rows].copy()
    fixed[:, :first] = True
    return dataclasses.replace(
        plan, people=tuple(plan.people[row] for row in rows.tolist()), cells=plan.cells[rows], places=plan.places[rows], fixed=fixed,
        before=plan.before[rows], squads=(squad,), demand=np.maximum(plan.demand[column : column + 1] - done, 0), issues=(),
    )  # fmt: skip


def changed_cells(before: RosterPlan, after: RosterPlan) -> list[tuple[int, int]]:
    """Return the cells (person, day) that two rosters of the same people and days have otherwise."""
    return [(int(person), int(day)) for person, day in np.argwhere(before.cells != after.cells)]
