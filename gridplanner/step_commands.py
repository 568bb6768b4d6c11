"""One step of the work on a project file, from the command line: computed again by the settings in the file, or by those asked for."""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.settings import (
    BeatSettings,
    CheckpointSettings,
    GridSettings,
    PatrolSettings,
    RailSettings,
    ResponseSettings,
    RosterSettings,
    Settings,
    StreetChiefSettings,
    ZoneSettings,
)

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.model.project import Project

DONE = 0
MOST_SAID = 10  # findings of a step
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


@dataclass(frozen=True)
class Wish:
    """An option that changes a setting for good: `key` of the step's section, its kind, the words that it may be, and its help."""

    option: str
    key: str
    kind: type
    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepCommand:
    """A command: the step of the pipeline that it is, its section of the settings and the class of it, what it needs, help and example."""

    step: str
    section: str
    usual: Callable[[], Any]
    needs: tuple[str, ...]
    text: str
    example: str
    wishes: tuple[Wish, ...] = ()


_TOLERANCE = Wish("--tolerance", "tolerance", float, N_("share by which one may differ from the target, such as 0.10"))
_MODE = Wish("--mode", "mode", str, N_("how crews move: car, motorcycle or foot"), ("car", "motorcycle", "foot"))
STEP_COMMANDS: Mapping[str, StepCommand] = {
    "units": StepCommand(
        "units", "grids", GridSettings, (), N_("cut a project's communities into basic units along streets and water"),
        "gridplanner units town.gridplan",
    ),
    "partition": StepCommand(
        "grids", "grids", GridSettings, ("units",), N_("group the basic units of a project into grids"),
        "gridplanner partition town.gridplan --target-households 300 --tolerance 0.10",
        (
            Wish("--target-households", "target_households", float, N_("households of a grid")),
            Wish("--target-persons", "target_persons", float, N_("persons of a grid")),
            _TOLERANCE,
            Wish("--effort", "effort", str, N_("how hard to search"), ("quick", "standard", "thorough")),
        ),
    ),
    "beats": StepCommand(
        "beats", "beats", BeatSettings, ("units", "grids"), N_("group whole grids into police beats of about as many persons"),
        "gridplanner beats town.gridplan --target-persons 2500 --tolerance 0.20 --within stations",
        (
            Wish("--target-persons", "target_persons", float, N_("persons of a beat")),
            _TOLERANCE,
            Wish("--count", "count", int, N_("number of beats, 0 for persons divided by target")),
            Wish("--within", "within", str, N_("areas that no beat crosses"), ("district", "communities", "streets", "stations")),
        ),
    ),
    "zones": StepCommand(
        "zones", "zones", ZoneSettings, (), N_("divide a project into patrol zones of even work and short ways"),
        "gridplanner zones town.gridplan --count 12 --units grids --response 0.3",
        (
            Wish("--count", "count", int, N_("number of patrol zones")),
            Wish("--units", "units", str, N_("what zones are made of"), ("grids", "beats", "blocks")),
            Wish("--response", "response", float, N_("0 for even work only, 1 for fast response only")),
            Wish("--max-minutes", "max_minutes", float, N_("longest time to any place that is wished, 0 for no wish")),
            Wish("--stations", "stations", str, N_("depots as they are, or chosen places"), ("auto", "fixed", "chosen")),
            _MODE,
        ),
    ),
    "checkpoints": StepCommand(
        "checkpoints", "checkpoints", CheckpointSettings, (),
        N_("choose checkpoints where arterials cross the boundary, and tell what closes it"),
        "gridplanner checkpoints town.gridplan --count 18 --through 0.5",
        (
            Wish("--count", "count", int, N_("checkpoints on the boundary at most")),
            Wish("--through", "through", float, N_("weight of through traffic against outbound traffic, 0 to 1")),
            Wish("--depth", "depth_m", float, N_("metres behind the boundary that a place may be moved to")),
        ),
    ),
    "response": StepCommand(
        "rings", "response", ResponseSettings, (), N_("compute what posts reach within some minutes over the streets"),
        "gridplanner response town.gridplan --minutes 1 3 5 --posts depots",
        (
            Wish("--minutes", "minutes", tuple, N_("limits in minutes, rising")),
            Wish("--posts", "posts", str, N_("where crews start from"), ("depots", "zones")),
            _MODE,
        ),
    ),
    "street-chiefs": StepCommand(
        "chiefs", "street_chiefs", StreetChiefSettings, (), N_("cut streets into stretches of even work, each with its street chief"),
        "gridplanner street-chiefs town.gridplan --length-km 1.5",
        (
            Wish("--length-km", "length_km", float, N_("length of a stretch")),
            Wish("--count", "count", int, N_("number of stretches, 0 as the length gives")),
        ),
    ),
    "patrol": StepCommand(
        "patrol", "patrol", PatrolSettings, ("zones",), N_("find patrol routes in the zones of a project"),
        "gridplanner patrol town.gridplan --shift-minutes 240 --crews-per-zone 2 --balance 1.02",
        (
            Wish("--shift-minutes", "shift_minutes", float, N_("length of a shift")),
            Wish("--max-overtime", "max_overtime_min", float, N_("minutes that a shift may last longer at most")),
            Wish("--break", "break_minutes", float, N_("minutes of a crew's break within its shift, 0 for none")),
            Wish("--crews-per-zone", "crews_per_zone", int, N_("crews of a zone")),
            _MODE,
            Wish("--zone", "zone", str, N_("hard: routes leave their zone only where nothing else leads there; soft: where it saves much"),
                 ("hard", "soft")),
            Wish("--balance", "balance", float, N_("longest route of a zone by the mean at most, such as 1.02; 0 for no wish")),
            Wish("--compact", "compact", float, N_("0 to 1: how much crews keep out of each other's streets")),
            Wish("--variants", "variants", int, N_("number of plans of about equal length, one of which is drawn for each day")),
            Wish("--revisit", "revisit_minutes", float, N_("minutes that a required street may wait within a shift, 0 for no wish")),
            Wish("--cover-share", "cover_share", float, N_("share of a zone's streets that is to lie near its routes, 0 for no wish")),
            Wish("--cover", "cover_m", float, N_("metres along the streets that count as near")),
        ),
    ),
    "rail": StepCommand(
        "rail", "rail", RailSettings, (), N_("divide a project's railway line into guard segments"),
        "gridplanner rail town.gridplan --squads 4 --guards 44 --from K814+000 --to K1044+000",
        (
            Wish("--squads", "squads", int, N_("number of squads")),
            Wish("--guards", "guards", int, N_("number of guards in all")),
            Wish("--from", "start", str, N_("chainage where the guarded line begins, such as K814+000")),
            Wish("--to", "stop", str, N_("chainage where it ends")),
            Wish("--line", "line", str, N_("name of the line, where there are several")),
            Wish("--corridor", "corridor_m", float, N_("metres beside the line within which households and schools count")),
            Wish("--min-km", "min_km", float, N_("shortest segment in km, 0 for no limit")),
            Wish("--max-km", "max_km", float, N_("longest segment in km, 0 for no limit")),
            Wish("--atom", "atom_m", float, N_("metres between the places where a segment may end")),
            Wish("--mode", "mode", str, N_("how guards come to the line: car, motorcycle or foot"), ("car", "motorcycle", "foot")),
            Wish("--access-weight", "access_weight", float, N_("what an hour on the way to a segment weighs, in km of line")),
            Wish("--max-access", "max_access_min", float, N_("minutes to a segment that are wished at most, 0 for no wish")),
            Wish("--rounds", "rounds", int, N_("rounds that a guard makes in a shift")),
        ),
    ),
    "roster": StepCommand(
        "roster", "roster", RosterSettings, (), N_("plan who is on duty when: guards, patrol crews or volunteers"),
        "gridplanner roster town.gridplan --start 2026-01-05 --days 7 --for rail",
        (
            Wish("--start", "start", str, N_("first day, such as 2026-01-05; the days after an earlier roster follow it")),
            Wish("--days", "days", int, N_("number of days, such as 7, 14 or 28")),
            Wish("--for", "group", str, N_("whom it is for: guards of the railway, crews of the patrol zones, or volunteers"),
                 ("rail", "patrol", "volunteers")),
            Wish("--per", "per", str, N_("what the demand is meant for each of"), ("squad", "zone", "segment", "route")),
            Wish("--rest-hours", "rest_hours", float, N_("hours of rest between two shifts at least")),
            Wish("--max-hours", "max_hours_week", float, N_("hours a week at most")),
            Wish("--seconds", "seconds", float, N_("how long to search at most")),
        ),
    ),
}  # fmt: skip
_PLANS = {"units": N_("basic units"), "grids": N_("grids"), "zones": N_("patrol zones")}
_MADE_BY = {command.step: name for name, command in STEP_COMMANDS.items()}


def add_step_commands(add: AddCommand) -> None:
    """Add a command for each step; `add` makes a parser of a name, what runs it, its help and its example."""
    for name, command in STEP_COMMANDS.items():
        parser = add(name, run_step, _(command.text), command.example)
        parser.set_defaults(step_command=name)
        parser.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file (.gridplan)"))
        for wish in command.wishes:
            how: dict[str, Any] = {"type": float, "nargs": "+", "metavar": "N"} if wish.kind is tuple else {"type": wish.kind}
            if wish.choices:
                how["choices"] = wish.choices
            elif wish.kind is not tuple:
                how["metavar"] = "TEXT" if wish.kind is str else "N"
            parser.add_argument(wish.option, dest=f"wish_{wish.key}", help=_(wish.text), **how)
        text = _("project file to write (default: the same one, replaced whole once the step is done)")
        parser.add_argument("--out", type=Path, metavar="FILE.gridplan", help=text)
        parser.add_argument("--json", action="store_true", help=_("print the summary as JSON on standard output"))


def run_step(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Compute one step of a project file and save it; raises what the step raises, and the file is then as it was."""
    from algorithms.progress import Span
    from gridplanner.model.issues import Level
    from gridplanner.planning.pipeline import STEPS
    from gridplanner.project_at_work import worked_on
    from gridplanner.run import step_line
    from gridplanner.summary import summary_of

    path: Path = options.project
    command = STEP_COMMANDS[options.step_command]
    target: Path = options.out or path
    if options.out and target.suffix.lower() != ".gridplan":
        raise InputError(_("{file}: a project file ends in .gridplan; write {name}").format(file=target, name=f"{target}.gridplan"))
    with worked_on(path, target, progress.say) as work:
        project = dataclasses.replace(work.project, settings=_with_wishes(work.project.settings, command, options))
        _check_needs(project, path, command, progress.say)
        step = next(step for step in STEPS if step.name == command.step)
        start = time.perf_counter()
        edit = step.propose(project, Span(progress, 0.0, 0.9), None)
        project = edit.apply(project)
        took = time.perf_counter() - start
        progress.check()
        work.save(project, edit.words, Span(progress, 0.9, 1.0))
    progress.say(step_line(command.step, took, project))
    issues = sorted(getattr(project, command.step).issues, key=lambda issue: list(Level).index(issue.level))
    found = Counter(f"{issue.level}: {issue.message}" for issue in issues)  # the same of several places is said once
    for words, times in list(found.items())[:MOST_SAID]:
        progress.say(f"{words} (×{times})" if times > 1 else words)
    if len(found) > MOST_SAID:
        text = _("{count} more findings; “gridplanner check {file}” lists them")
        progress.say(text.format(count=sum(list(found.values())[MOST_SAID:]), file=target))
    progress.say(_("Saved: {file}").format(file=target))
    if options.json:
        progress.clear()
        print(json.dumps(summary_of(project, {command.step: took}), ensure_ascii=False, indent=1, default=str))
    return DONE


def _with_wishes(settings: Settings, command: StepCommand, options: argparse.Namespace) -> Settings:
    """Return settings with the step's section, and in it what was asked for; raises InputError that names section and key."""
    wished = {wish.key: value for wish in command.wishes if (value := getattr(options, f"wish_{wish.key}")) is not None}
    if "minutes" in wished:
        wished["minutes"] = tuple(wished["minutes"])
    try:
        section = dataclasses.replace(getattr(settings, command.section) or command.usual(), **wished)
        return dataclasses.replace(settings, **{command.section: section})
    except ValueError as why:
        raise InputError(f"[{command.section}] {why}") from None


def _check_needs(project: Project, path: Path, command: StepCommand, say: Callable[[str], None]) -> None:
    """Raise InputError where an earlier step is missing, and say where one is out of date."""
    from gridplanner.model.freshness import stale_plans

    for need in command.needs:
        if getattr(project, need) is None:
            text = _("{file}: has no {what} yet; run “gridplanner {command} {file}” first")
            raise InputError(text.format(file=path, what=_(_PLANS[need]), command=_MADE_BY[need]))
    for stale in sorted(stale_plans(project) & set(command.needs)):
        text = _("Note: the {what} are older than their data or settings; “gridplanner {command} {file}” makes them again")
        say(text.format(file=path, what=_(_PLANS[stale]), command=_MADE_BY[stale]))
