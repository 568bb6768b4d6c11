"""A plan file from beginning to end: read, plan, export. The command line and the demo both come here."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from concurrent.futures import Executor
from functools import reduce
from pathlib import Path
from typing import Any

from algorithms.progress import Progress, Span
from gridplanner.duty_summary import duty_sections
from gridplanner.errors import InputError
from gridplanner.fit_report import fit_warning
from gridplanner.i18n import _
from gridplanner.issue_lines import issue_lines
from gridplanner.model.issues import Level
from gridplanner.model.project import Project
from gridplanner.model.roster_figures import roster_section
from gridplanner.plan_file import read_plan
from gridplanner.settings import GridSettings, Settings, SourceSettings
from gridplanner.summary import rail_figures, summary_of

MOST_SAID = 3  # findings of one kind that are said when data is read


@dataclasses.dataclass(frozen=True, eq=False)
class Outcome:
    """What a run made: the project, where its files are, and its summary."""

    project: Project
    folder: Path
    summary: dict[str, Any]


def load_plan(path: Path, seed: int | None = None) -> Settings:
    """Return a plan file's settings, with another seed where one is given; raises InputError."""
    settings = read_plan(path)
    if seed is None:
        return settings
    try:
        return dataclasses.replace(settings, project=dataclasses.replace(settings.project, seed=seed))
    except ValueError as why:
        raise InputError(f"--seed: {why}") from None


def run_plan(settings: Settings, folder: Path, progress: Progress, say: Callable[[str], None], workers: Executor | None = None) -> Outcome:
    """Run every step of a plan and write its exports to `folder`; `say` gets a line a step, `workers` take part.

    Raises InputError, NoPlanFound or Cancelled; nothing is written then, and earlier exports stay as they were.
    """
    from gridplanner.io.layers import check_export, write_layers
    from gridplanner.io.sources import read_sources
    from gridplanner.planning.feasibility import feasibility_of
    from gridplanner.planning.pipeline import run_steps

    check_export(settings.export)
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    project = read_sources(settings, Span(progress, 0.0, 0.15))
    seconds["read"] = time.perf_counter() - start
    say(step_line("read", seconds["read"], project))
    for words in issue_lines((issue for issue in project.read_issues if issue.level is not Level.INFO), MOST_SAID):
        say(words)
    for name, after, took in run_steps(project, Span(progress, 0.15, 0.85), workers):
        project, seconds[name] = after, took
        say(step_line(name, took, project))
        if name == "grids" and project.grids is not None and project.grids.replan is not None:
            moved = summary_of(project, {})["replan"]
            say(
                _("Re-plan: {n} households move, {share} % of all").format(
                    n=f"{moved['households_moved']:g}", share=f"{100 * moved['share_moved']:.1f}"
                )
            )
        if name == "units" and (words := fit_warning(feasibility_of(project))):
            say(words)
    progress.check()
    start = time.perf_counter()
    files = write_layers(project, folder, Span(progress, 0.85, 1.0), summary_of(project, seconds))
    seconds["export"] = time.perf_counter() - start
    say(step_line("export", seconds["export"], project))
    summary = summary_of(project, seconds)
    if outside := summary.get("households", {}).get("outside"):
        say(_("{n} households lie farther than 200 m from every community and are not planned").format(n=f"{outside:g}"))
    saved = next((path for path in files if path.suffix == ".gridplan"), folder)
    text = _("Issues: {error} errors, {warning} warnings, {info} notes; “gridplanner check {file}” lists them")
    say(text.format(file=saved, **summary["issues"]))
    return Outcome(project, folder, summary)


def replan_settings(settings: Settings, max_moved: float | None, valid_from: str | None) -> Settings:
    """Return settings with another limit and another date for re-planning, where they are given; raises InputError."""
    wishes = {name: value for name, value in (("max_moved", max_moved), ("valid_from", valid_from)) if value is not None}
    try:
        return dataclasses.replace(settings, grids=dataclasses.replace(settings.grids or GridSettings(), **wishes))  # type: ignore[arg-type]
    except ValueError as why:
        raise InputError(f"[grids] {why}") from None


def new_households(settings: Settings, path: Path) -> SourceSettings:
    """Return the source of a new household file: fields and the rest as the earlier one had them."""
    earlier = settings.sources.get("households")
    found = str(path.resolve())
    return dataclasses.replace(earlier, path=found, layer="") if earlier else SourceSettings(path=found)


def run_replan(project: Project, folder: Path, progress: Progress, say: Callable[[str], None]) -> Outcome:
    """Re-plan a project's grids and write its exports to `folder`; the project's own file stays as it is.

    Raises what `run_plan` raises; nothing is written then.
    """
    from gridplanner.io.layers import check_export, write_layers
    from gridplanner.planning.pipeline import propose_replanned

    check_export(project.settings.export)
    start = time.perf_counter()
    edit = propose_replanned(project, Span(progress, 0.0, 0.7))
    project = edit.apply(project)
    seconds = {"replan": time.perf_counter() - start}
    say(f"{edit.words}  ({seconds['replan']:.1f} s)")
    say(step_line("grids", seconds["replan"], project))
    progress.check()
    write_layers(project, folder, Span(progress, 0.7, 1.0), summary_of(project, seconds))
    return Outcome(project, folder, summary_of(project, seconds))


def _beats_line(project: Project) -> str:
    figures = duty_sections(project).get("beats")
    if figures is None:
        return _("Beats: {n}").format(n=0)
    text = _("Beats: {n}, {ok} of them in the band, {low} to {high} persons").format(
        n=figures["count"], ok=figures["in_band"], low=f"{figures['min_persons']:.0f}", high=f"{figures['max_persons']:.0f}"
    )
    tightest = figures["tightest"]
    return text if tightest is None else _joined(text, _("tightest tolerance {share} %").format(share=f"{100 * tightest:.0f}"))


def _zones_line(project: Project) -> str:
    plan = project.zones
    if plan is None or not len(plan):
        return _("Patrol zones: {n}").format(n=0)
    text = _("Patrol zones: {n}, largest workload {share} % above the mean").format(
        n=len(plan), share=f"{100 * (plan.workload.max() / max(plan.workload.mean(), 1e-9) - 1):.1f}"
    )
    p90 = duty_sections(project)["zones"]["max_p90_minutes"]
    return text if p90 is None else _joined(text, _("90 % of the demand within {minutes} min").format(minutes=f"{p90:.1f}"))


def _checkpoints_line(project: Project) -> str:
    figures = duty_sections(project)["checkpoints"]
    text = _("Checkpoints: {n} at {crossings} crossings").format(n=figures["count"], crossings=figures["crossings"])
    for one in (cordon for cordon in figures["cordons"] if not cordon["cordon"]):
        more = _("they see {share} % of the flow; to close the boundary takes {people} people, {leaks} streets stay open")
        words = {"share": f"{one['flow_pct'] or 0:.0f}", "people": f"{one['people'] or 0:.0f}", "leaks": one["leaks"]}
        text = _joined(text, more.format(**words))
    return text


def _rings_line(project: Project) -> str:
    parts = [
        _("{minutes} min {share} %").format(minutes=f"{row['minutes']:g}", share=f"{100 * (row['household_share'] or 0):.0f}")
        for row in duty_sections(project)["response"]
    ]
    return _("Response: households reached within {shares}").format(shares=", ".join(parts))


def _chiefs_line(project: Project) -> str:
    figures = duty_sections(project)["street_chiefs"]
    return _("Street chiefs: {n} stretches, {km} km").format(n=figures["count"], km=f"{figures['km']:.1f}")


def _rail_line(project: Project) -> str:
    if project.rail is None or not len(project.rail):
        return _("Guard segments: {n}").format(n=0)
    figures = rail_figures(project.rail)
    text = _("Guard segments: {n} on {km} km, heaviest {ratio} of the mean work")
    each = [
        _joined(text.format(n=one["segments"], km=f"{one['km']:.1f}", ratio=f"{one['work_max_over_mean']:.3f}"), _rail_proof(one))
        for one in figures["plans"]
    ]
    if len(each) > 1:
        plans = [one["plan"] for one in figures["plans"]]
        each = [_("{plan}: {figures}").format(plan=plan, figures=words) for plan, words in zip(plans, each, strict=True)]
    return reduce(_joined, each)


def _rail_proof(figures: dict[str, Any]) -> str:
    """Return what is proven of one plan's heaviest segment that is no post nor locked; empty where nothing is."""
    value, bound = figures["value"], figures["bound"]
    if figures["status"] != "optimal" or not bound:
        return ""
    if value <= bound * (1.0 + 1e-6):
        return _("no division has less (proven)")
    text = _("{gap} % above the least possible (proven), for breaks at wished places")
    return text.format(gap=f"{100 * (value / bound - 1):.1f}")


def _roster_line(project: Project) -> str:
    figures = roster_section(project)
    if figures is None:
        return _("Roster: nobody")
    text = _("Roster: {n} people, {duties} duties over {days} days from {start}, {low} to {high} h each").format(
        n=figures["people"], duties=figures["duties"], days=figures["days"], start=figures["start"], low=f"{figures['hours_min']:g}",
        high=f"{figures['hours_max']:g}",
    )  # fmt: skip
    if figures["short"]:
        text = _joined(text, _("{n} of {total} duties have nobody").format(n=figures["short"], total=figures["demand"]))
    proof = {"optimal": _("proven best"), "gap": _("at most {gap} % above the best").format(gap=f"{figures['gap_pct']:.1f}")}
    return _joined(text, proof[figures["status"]]) if figures["status"] in proof else text


def _joined(first: str, second: str) -> str:
    return _("{first}; {second}").format(first=first, second=second) if second else first


_DUTY_LINES: dict[str, Callable[[Project], str]] = {
    "beats": _beats_line, "zones": _zones_line, "checkpoints": _checkpoints_line, "rings": _rings_line, "chiefs": _chiefs_line,
}  # fmt: skip


def step_line(step: str, took: float, project: Project) -> str:
    """Return what a step did, in one line."""
    if step == "read":
        text = _("Read: {n} addresses with {hh} households, {c} communities, {r} streets").format(
            n=len(project.households), hh=f"{project.households.households.sum():.0f}", c=len(project.communities), r=len(project.roads)
        )
    elif step == "units":
        text = _("Units: {n}").format(n=len(project.units or ()))
    elif step == "grids":
        figures = summary_of(project, {})["grids"]
        text = _("Grids: {n}, {ok} of them in the band, largest deviation {dev} %, {street} % of boundaries on streets or limits").format(
            n=figures["count"], ok=figures["in_band"], dev=f"{figures['max_deviation']:.1f}", street=f"{figures['mean_street_pct']:.0f}"
        )
    elif step in _DUTY_LINES:
        text = _DUTY_LINES[step](project)
    elif step == "patrol":
        text = _("Patrol routes: {n}").format(n=len(project.patrol.first if project.patrol is not None else ()))
    elif step == "rail":
        text = _rail_line(project)
    elif step == "roster":
        text = _roster_line(project)
    else:
        text = _("Export written")
    return f"{text}  ({took:.1f} s)"
