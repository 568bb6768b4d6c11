"""The command for a roster in use: a sick call, the roster that follows, who is on duty together, and the spreadsheet."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.errors import InputError
from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.edits.edit import Edit
    from gridplanner.model.project import Project

DONE = 0
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_roster_command(command: AddCommand) -> None:
    """Add the command and its options."""
    text = _("use a project's roster: plan it again after a sick call, plan the days after it, list who is on duty, write it for Excel")
    parser = command("duty", run_duty, text, "gridplanner duty town.gridplan --sick 1-03 --from 2026-01-07 --until 2026-01-09")
    parser.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file with a roster"))
    parser.add_argument("--sick", metavar="CODE", help=_("a person who is absent: others step in, and as little as can be changes"))
    parser.add_argument("--from", dest="first", type=_day, metavar="YYYY-MM-DD", help=_("first day of absence"))
    parser.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help=_("last day of absence (default: the first)"))
    text = _("plan as many days after the roster, from where it ends: rest, hours and the ledger go on")
    parser.add_argument("--next", action="store_true", dest="following", help=text)
    parser.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help=_("print who is on duty together on a day, with work phones"))
    parser.add_argument("--book", type=Path, metavar="FILE.xlsx", help=_("write the roster as a spreadsheet with colours"))
    text = _("project file to write (default: the same one, replaced whole once the step is done)")
    parser.add_argument("--out", type=Path, metavar="FILE.gridplan", help=text)


def run_duty(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Do what was asked for, in the order sick call, following days, list, spreadsheet; raises InputError, EditRejected, NoPlanFound."""
    from gridplanner.io.project_places import open_at
    from gridplanner.project_at_work import worked_on

    if not (options.sick or options.following or options.day or options.book):
        raise InputError(_("Say what to do with the roster: --sick, --next, --day or --book"))
    if bool(options.sick) != bool(options.first):
        raise InputError(_("A sick call needs both: who (--sick) and from which day (--from)"))
    if options.book and options.book.suffix.lower() != ".xlsx":
        raise InputError(_("{file}: a spreadsheet ends in .xlsx").format(file=options.book))
    if options.out and options.out.suffix.lower() != ".gridplan":
        raise InputError(
            _("{file}: a project file ends in .gridplan; write {name}").format(file=options.out, name=f"{options.out}.gridplan")
        )
    if not (options.sick or options.following):
        _show(open_at(options.project).project, options, progress)
        return DONE
    target = options.out or options.project
    with worked_on(options.project, target, progress.say) as work:
        project, words = _changed(work.project, options, progress)
        _show(project, options, progress)
        work.save(project, words, progress)
    progress.say(_("Saved: {file}").format(file=target))
    return DONE


def _changed(project: Project, options: argparse.Namespace, progress: ConsoleProgress) -> tuple[Project, str]:
    """Return the project after the sick call and the days that follow, and the words for its log."""
    from gridplanner.planning.roster import propose_next_roster
    from gridplanner.planning.roster_again import propose_sick_call

    said = []
    _check_has_roster(project, options.project)
    if options.sick:
        until = options.until.isoformat() if options.until else ""
        edit = propose_sick_call(project, options.sick, options.first.isoformat(), until, progress)
        project = _done(project, edit, progress)
        said.append(edit.words)
    if options.following:
        edit = propose_next_roster(project, progress)
        project = _done(project, edit, progress)
        said.append(edit.words)
    return project, "; ".join(said)


def _check_has_roster(project: Project, path: Path) -> None:
    if project.roster is None:
        raise InputError(_("{file}: has no roster yet; run “gridplanner roster {file}” first").format(file=path))


def _show(project: Project, options: argparse.Namespace, progress: ConsoleProgress) -> None:
    """List a day and write the spreadsheet, where asked for."""
    _check_has_roster(project, options.project)
    if options.day:
        _list(project, options.day, progress)
    if options.book:
        from gridplanner.io.roster_book import write_roster_book

        write_roster_book(project, options.book)
        progress.say(_("Saved: {file}").format(file=options.book))


def _done(project: Project, edit: Edit, progress: ConsoleProgress) -> Project:
    """Return the project after an edit, of which the words are said, and the cells that it changed."""
    from gridplanner.model.roster_calendar import day_of, day_words
    from gridplanner.model.roster_words import cell_name

    after = edit.apply(project)
    progress.say(edit.words)
    one, two = project.roster, after.roster
    assert one is not None
    assert two is not None
    if one.start == two.start and one.cells.shape == two.cells.shape:
        for person, day in zip(*(index.tolist() for index in (one.cells != two.cells).nonzero()), strict=True):
            text = _("{person}, {day}: {before} → {after}")
            cells = [cell_name(plan, int(plan.cells[person, day])) for plan in (one, two)]
            words = {"person": one.people[person].code, "day": day_words(day_of(one, day)), "before": cells[0], "after": cells[1]}
            progress.say(text.format(**words))
    for issue in two.issues:
        progress.say(f"{issue.level}: {issue.message}")
    return after


def _list(project: Project, day: date, progress: ConsoleProgress) -> None:
    from gridplanner.model.roster_calendar import clock_span, column_of, day_of, shift_words
    from gridplanner.model.roster_figures import on_duty_together
    from gridplanner.model.roster_words import squad_words

    plan = project.roster
    assert plan is not None
    column = column_of(plan, day)
    if not 0 <= column < plan.days:
        text = _("{day} is no day of the roster, which goes from {start} to {end}")
        raise InputError(text.format(day=day.isoformat(), start=plan.start, end=day_of(plan, plan.days - 1).isoformat()))
    progress.clear()
    for one in on_duty_together(project, plan, column):
        shift = plan.shifts[one.shift]
        print("\t".join((shift_words(shift), clock_span(shift), squad_words(plan, one.squad), one.code, one.name, one.phone, one.place)))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("{text} is not a day such as 2026-01-05").format(text=text)) from None
