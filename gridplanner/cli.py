"""The command line: what the desktop does, for scripts and for machines without a screen."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from algorithms.progress import Cancelled
from gridplanner import __version__, logbook
from gridplanner.benchmarks.command import add_benchmark_arguments, run_benchmark
from gridplanner.change_command import add_change_command
from gridplanner.console import ConsoleProgress, plain, plain_output
from gridplanner.errors import GridplannerError, InputError
from gridplanner.export_command import add_export_command
from gridplanner.i18n import LANGUAGES, _, set_language, system_language
from gridplanner.keeping_commands import add_keeping_commands
from gridplanner.nearest import nearest_word
from gridplanner.roster_command import add_roster_command
from gridplanner.route_command import add_route_command
from gridplanner.shared_command import add_shared_command
from gridplanner.source_commands import add_source_commands
from gridplanner.step_commands import add_step_commands
from gridplanner.support_command import add_support_command
from gridplanner.team_commands import add_team_commands

if TYPE_CHECKING:
    from gridplanner.io.route_files import Printer
    from gridplanner.model.issues import Issue
    from gridplanner.model.project import Project
    from gridplanner.settings import Settings

DONE, FOUND, WRONG, CANCELLED = 0, 1, 2, 130
# commands that search for nothing: the first Ctrl-C cancels them
FILES_ONLY = (
    "inspect", "new", "import", "export", "check", "changes", "support", "shared", "backups", "recover", "pack", "merge", "compare",
)  # fmt: skip


def main(argv: Sequence[str] | None = None, print_sheets: Printer | None = None) -> int:
    """Run one command and return its exit code (contracts.md); `print_sheets` writes PDF pages, which only the desktop's packages can."""
    words = list(sys.argv[1:] if argv is None else argv)
    set_language(_language_of(words))
    options = _parser(words).parse_args(words, argparse.Namespace(print_sheets=print_sheets))
    with plain_output(), ConsoleProgress(quiet="quiet" in options, searches=options.verb not in FILES_ONLY) as progress:
        logbook.begin("command", verb=options.verb)
        try:
            with logbook.timed("command", verb=options.verb):
                return int(options.command(options, progress))
        except Cancelled:
            progress.say(_("Cancelled; nothing was changed"))
            return CANCELLED
        except GridplannerError as why:
            progress.clear()
            from gridplanner.model.setting_changes import without_secrets

            print(plain(f"gridplanner: {without_secrets(str(why))}"), file=sys.stderr)
            if help_words := _help_with(why):
                print(plain(help_words), file=sys.stderr)
            return why.exit_code
        except BrokenPipeError:  # the reader of our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        except OSError as why:
            from gridplanner.io.keeping.disk_words import cause_words

            progress.clear()
            text = _("{file}: {why}").format(file=why.filename or "", why=cause_words(why))
            print(plain(f"gridplanner: {text}"), file=sys.stderr)
            return WRONG


def _help_with(why: GridplannerError) -> str:
    """Return which commands help after an error, empty where none does."""
    from gridplanner.io.saved import DamagedProjectError
    from gridplanner.keeping_commands import damage_words

    return damage_words(why) if isinstance(why, DamagedProjectError) else ""


def _language_of(words: list[str]) -> str:
    """Return the language asked for, before the parser that speaks it is made."""
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            return words[at + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    return system_language()


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    # a subcommand's default would undo what was said before it: an option that was not given leaves no trace (bpo-9351)
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--lang", choices=sorted(LANGUAGES), help=_("language of the messages (default: the system's)"))
    shared.add_argument("--quiet", action="store_true", help=_("no progress and no talk, only errors"))
    parser = argparse.ArgumentParser(
        prog="gridplanner",
        parents=[shared],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=_("Service grids, patrol zones and routes, and rail-guard segments from streets and households."),
        epilog=_("Without a command the desktop opens.\n\nExample:\n  gridplanner run town.toml --out town-out"),
    )
    parser.add_argument("--version", action="version", version=f"gridplanner {__version__}")
    commands = parser.add_subparsers(required=True, metavar=_("COMMAND"))

    def command(name: str, run: object, text: str, example: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            parents=[shared],
            help=text,
            description=text,
            epilog=_("Example:") + f"\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(command=run, verb=name)
        return made

    run = command("run", _run, _("run every step of a plan file, then export"), "gridplanner run town.toml --out town-out --seed 7")
    run.add_argument("plan", type=Path, help=_("plan file (TOML)"))
    run.add_argument("--out", type=Path, help=_("folder for the exports (default: PLAN-out beside the plan)"))
    run.add_argument("--seed", type=int, help=_("another seed than the plan's"))
    _add_workers(run)
    text = _("plan the grids of a province chunk by chunk, in little memory; goes on where it was interrupted")
    run.add_argument("--stream", action="store_true", help=text)
    run.add_argument("--json", action="store_true", help=_("print the summary as JSON on standard output"))

    replan = command(
        "replan", _replan, _("bring a plan into its band again, moving few households"),
        "gridplanner replan town.gridplan --households 2026.gpkg --max-moved 0.02 --valid-from 2026-03-01 --out town-2026",
    )  # fmt: skip
    replan.add_argument(
        "source", type=Path, metavar="PROJECT.gridplan|PLAN.toml", help=_("project file, or a plan file with [sources.current_grids]")
    )
    replan.add_argument("--out", type=Path, help=_("folder for the project and its exports (default: NAME-replan beside it)"))
    replan.add_argument("--max-moved", type=float, help=_("share of the households that may change grid, such as 0.05 (default: as set)"))
    replan.add_argument("--valid-from", metavar="YYYY-MM-DD", help=_("day from which changed grids are valid and ended ones retired"))
    replan.add_argument("--households", type=Path, metavar="FILE", help=_("new household layer, with the fields of the earlier one"))
    replan.add_argument("--json", action="store_true", help=_("print the summary as JSON on standard output"))

    demo = command("demo", _demo, _("plan the sample town, write its exports, then show it"), "gridplanner demo --no-window")
    demo.add_argument("--out", type=Path, default=Path("demo-out"), help=_("folder for the exports (default: demo-out)"))
    _add_workers(demo)
    demo.add_argument("--no-window", action="store_true", help=_("do not open the window afterwards"))
    demo.add_argument("--json", action="store_true", help=_("print the summary as JSON on standard output"))

    add_source_commands(command)

    check = command(
        "check", _check, _("list the issues of a project; exit 1 where there is an error"), "gridplanner check town.gridplan --json"
    )
    check.add_argument("project", type=Path, help=_("project file (.gridplan)"))
    check.add_argument("--all", action="store_true", help=_("list every issue, also where many are alike"))
    check.add_argument("--json", action="store_true", help=_("print the issues as JSON on standard output"))

    feasibility = command(
        "feasibility", _feasibility, _("tell how many grids fit, what does not, and what would help; no grids are made"),
        "gridplanner feasibility town.toml --json",
    )  # fmt: skip
    feasibility.add_argument("source", type=Path, metavar="PLAN.toml|PROJECT.gridplan", help=_("plan file or project file"))
    feasibility.add_argument("--json", action="store_true", help=_("print the figures as JSON on standard output"))
    text = _("of what: grids, or patrol: streets and key sites that no crew can serve, and hours that crews lack; no routes are made")
    feasibility.add_argument("--of", choices=("grids", "patrol"), default="grids", help=text)

    add_export_command(command)
    add_route_command(command)
    add_roster_command(command)
    add_step_commands(command)
    add_change_command(command)
    add_support_command(command)
    add_team_commands(command)
    add_keeping_commands(command)
    add_shared_command(command)

    benchmark = command("benchmark", run_benchmark, _("measure the program on this machine"), "gridplanner benchmark partition --quick")
    add_benchmark_arguments(benchmark)
    _check_command(parser, words, list(commands.choices))
    return parser


def _check_command(parser: argparse.ArgumentParser, words: Sequence[str], known: Sequence[str]) -> None:
    """Meet a command that is not known with the nearest one: argparse would list all of them."""
    before = ["", *words]
    word = next((word for last, word in zip(before, words, strict=False) if not word.startswith("-") and last != "--lang"), "")
    if word and word not in known:
        parser.error(_("{word} is not a command; {hint}").format(word=word, hint=nearest_word(word, known)))


def _add_workers(command: argparse.ArgumentParser) -> None:
    """Let a command be told who computes; the plan is the same whoever does."""
    who = command.add_mutually_exclusive_group()
    text = _("processes that compute, 1 for none beside this one (default: as many as there are processors, at most 8)")
    who.add_argument("--workers", type=_count, metavar="N", help=text)
    who.add_argument("--dask", metavar="ADDRESS", help=_("let the workers of a Dask cluster compute, such as tcp://10.0.0.5:8786"))


def _count(text: str) -> int:
    """Return a whole number from 1 on; argparse makes an error of the ValueError's text."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(_("{value} is not a whole number from 1 on").format(value=text))
    return int(text)


def _run(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.planning.workers import open_workers
    from gridplanner.run import load_plan, run_plan

    plan: Path = options.plan
    folder = options.out or plan.with_name(f"{plan.stem}-out")
    settings = load_plan(plan, options.seed)
    with _exported(folder, settings, progress), open_workers(options.workers, options.dask) as workers:
        if options.stream:
            from gridplanner.province.run import run_province

            summary = run_province(settings, folder, progress, progress.say, workers)
        else:
            summary = run_plan(settings, folder, progress, progress.say, workers).summary
    progress.say(_("Exports: {folder}").format(folder=folder))
    if options.json:
        _print_json(summary)
    return DONE


def _replan(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.io.project_places import open_at
    from gridplanner.io.sources import with_new_households
    from gridplanner.run import load_plan, new_households, replan_settings, run_plan, run_replan

    source: Path = options.source
    folder = options.out or source.with_name(f"{source.stem}-replan")
    if source.suffix.lower() == ".toml":
        settings = replan_settings(load_plan(source), options.max_moved, options.valid_from)
        if "current_grids" not in settings.sources:
            text = _("{file}: names no plan to start from; give [sources.current_grids], or a project file")
            raise InputError(text.format(file=source))
        if options.households:
            homes = new_households(settings, options.households)
            settings = dataclasses.replace(settings, sources={**settings.sources, "households": homes})
        with _exported(folder, settings, progress):
            outcome = run_plan(settings, folder, progress, progress.say)
    else:
        project = open_at(source).project
        project = dataclasses.replace(project, settings=replan_settings(project.settings, options.max_moved, options.valid_from))
        if options.households:
            project = with_new_households(project, new_households(project.settings, options.households), progress)
        with _exported(folder, project.settings, progress):
            outcome = run_replan(project, folder, progress, progress.say)
    progress.say(_("Exports: {folder}").format(folder=outcome.folder))
    if options.json:
        _print_json(outcome.summary)
    return DONE


@contextlib.contextmanager
def _exported(folder: Path, settings: Settings, progress: ConsoleProgress) -> Iterator[None]:
    """Hold the lock of the project file that an export will replace; raises LockedError where somebody has it open."""
    from gridplanner.io.file_names import file_stem
    from gridplanner.project_at_work import locked

    with locked(folder / f"{file_stem(settings.project.name)}.gridplan", progress.say):
        yield


def _demo(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.planning.workers import open_workers
    from gridplanner.run import load_plan, run_plan
    from sample_data import SAMPLE_PLAN

    with open_workers(options.workers, options.dask) as workers:
        outcome = run_plan(load_plan(SAMPLE_PLAN), options.out, progress, progress.say, workers)
    progress.say(_("Exports: {folder}").format(folder=outcome.folder))
    if options.json:
        _print_json(outcome.summary)
    return DONE


def _check(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.io.project_places import open_at
    from gridplanner.issue_lines import ALIKE, issue_lines
    from gridplanner.model.check import check
    from gridplanner.model.issues import Level

    issues = check(open_at(options.project).project)
    progress.clear()
    if options.json:
        _print_json([_issue_row(issue) for issue in issues])
    else:
        print("\n".join(issue_lines(issues, None if options.all else ALIKE) or [_("No issues")]))
    return FOUND if any(issue.level is Level.ERROR for issue in issues) else DONE


def _issue_row(issue: Issue) -> dict[str, object]:
    return {name: getattr(issue, name) for name in ("level", "kind", "message", "layer", "ref", "x", "y", "repair")}


def _feasibility(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    if options.of == "patrol":
        return _patrol_feasibility(options, progress)
    from gridplanner.fit_report import fit_lines, fit_values
    from gridplanner.planning.feasibility import feasibility_of

    found = feasibility_of(_with_units(options.source, progress))
    progress.clear()
    if options.json:
        _print_json(fit_values(found))
    else:
        print("\n".join(fit_lines(found)))
    return DONE


def _patrol_feasibility(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.io.project_places import open_at
    from gridplanner.planning.patrol_findings import patrol_feasibility

    if options.source.suffix.lower() == ".toml":
        text = _("{file}: a patrol is judged by its zones; make a project file first: gridplanner run {file} --out FOLDER")
        raise InputError(text.format(file=options.source))
    issues = patrol_feasibility(open_at(options.source).project)
    progress.clear()
    if options.json:
        _print_json([_issue_row(issue) for issue in issues])
    else:
        print("\n".join(f"{issue.level}: {issue.message}" for issue in issues))
    return DONE


def _with_units(source: Path, progress: ConsoleProgress) -> Project:
    """Return the project of a plan file or project file, its units made where it has none or they are out of date."""
    from gridplanner.io.project_places import open_at
    from gridplanner.io.sources import read_sources
    from gridplanner.model.freshness import stale_plans
    from gridplanner.planning.units import propose_units
    from gridplanner.run import load_plan

    planned = source.suffix.lower() != ".toml"
    project = open_at(source).project if planned else read_sources(load_plan(source), progress)
    if project.units is None or "units" in stale_plans(project):
        return propose_units(project, progress).apply(project)
    return project


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))
