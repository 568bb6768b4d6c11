"""What the worker process is asked to do beyond one call: several proposals in a row, and reading into a project that is open."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from gridplanner.edits.edit import Edit, Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_
from gridplanner.model.patrol_sites import with_sites_followed
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.rail import RailPlan
from gridplanner.model.rules import NO_AREAS, NO_RULES, RuleAreas, Rules
from gridplanner.model.scenarios import PLANNED, Scenario, project_in
from gridplanner.planning.pipeline import STEPS
from gridplanner.planning.workers import open_workers
from gridplanner.progress import SILENT, Progress, Span
from gridplanner.settings import Settings
from ui.replanned import Replanned, replanned

DATA = (
    "communities", "households", "roads", "barriers", "railway", "stations", "rail_things", "key_sites", "depots", "rules", "drawn",
    "incidents", "station_areas", "indicators", "staff", "checkpoint_sites", "cordons", "roster_cells",
)  # fmt: skip
BY_HAND = ("checkpoint_sites", "cordons", "roster_cells")  # what the planner may have drawn: it stays where no source gives it
GONE = dict.fromkeys(name for name in PLANNED if name not in {"rail", "roster"})  # plans that do not fit other ground
CUT_FROM = ("communities", "roads", "barriers", "railway", "drawn")


def propose(project: Project, names: Sequence[str], progress: Progress = SILENT) -> list[Edit]:
    """Return the edits of the named steps, in the order of the work; a step sees what those before it made."""
    steps = [step for step in STEPS if step.name in names]
    total, done = sum(step.share for step in steps), 0.0
    edits: list[Edit] = []
    with open_workers() as workers:
        for step in steps:
            edit = step.propose(project, Span(progress, done / total, (done + step.share) / total), workers)
            project = edit.apply(project)
            edits.append(edit)
            done += step.share
            progress.check()
    return edits


def import_sources(project: Project, settings: Settings, progress: Progress = SILENT) -> Replace:
    """Return the edit that reads all sources of `settings` into a project.

    Layers whose content is the same as before stay the very same value, so that plans made from them stay too; plans that no longer
    fit the streets and limits they were made for are taken out, and undo brings them back. Units stay where only the addresses are
    others: these are put into them anew, so that the grids can be re-planned from what they were. Rules made by hand stay.
    """
    from gridplanner.io.sources import read_sources

    fresh = read_sources(settings, progress)
    read = fresh.rules
    fresh = dataclasses.replace(fresh, rules=_with_rules_by_hand(read, project.rules, settings))
    kept = {name: getattr(project, name) for name in BY_HAND if name not in settings.sources}
    fresh = dataclasses.replace(fresh, **kept)
    changed = {name for name in DATA if fingerprint(getattr(fresh, name)) != fingerprint(getattr(project, name))}
    values: dict[str, object] = {name: getattr(fresh, name) for name in changed}
    values.update(settings=fresh.settings, crs=fresh.crs, read_issues=fresh.read_issues, provenance=fresh.provenance)
    if changed & set(CUT_FROM) or fresh.crs != project.crs:
        values.update(GONE)
    elif "households" in changed and project.units is not None:
        values.update(_addresses_anew(project, fresh))
    values.update(_rail_anew(project, fresh, project.rail, changed))
    if "key_sites" in changed and project.patrol is not None and "patrol" not in values:
        values["patrol"] = with_sites_followed(project.patrol, project.key_sites, fresh.key_sites)
    others = tuple(
        _with_rules(_scenario_over(project, fresh, other, changed, values), _with_rules_by_hand(read, other.rules, settings))
        for other in project.scenarios
    )
    if any(now is not before for now, before in zip(others, project.scenarios, strict=True)):
        values["scenarios"] = others
    return Replace(N_("Import {n} layers"), values, needs(project), {"n": len(fresh.provenance)})


def _scenario_over(project: Project, fresh: Project, scenario: Scenario, changed: set[str], active: Mapping[str, object]) -> Scenario:
    """Return a scenario that is not worked on over data that were read anew; `active` is what becomes of the one worked on."""
    values: dict[str, object] = {}
    if changed & set(CUT_FROM) or fresh.crs != project.crs:
        values.update(GONE)
    elif "households" in changed and scenario.units is not None:
        alike = scenario.units is project.units
        anew = active if alike else _addresses_anew(project_in(project, scenario.name), fresh)
        values.update({name: anew[name] for name in GONE if name in anew})
    settings = dataclasses.replace(fresh.settings, rail=scenario.settings.rail)
    values.update(_rail_anew(project, dataclasses.replace(fresh, settings=settings), scenario.rail, changed))
    if "key_sites" in changed and scenario.patrol is not None and "patrol" not in values:
        values["patrol"] = with_sites_followed(scenario.patrol, project.key_sites, fresh.key_sites)
    return dataclasses.replace(scenario, **values) if values else scenario  # type: ignore[arg-type]


def _rail_anew(project: Project, fresh: Project, plan: RailPlan | None, changed: set[str]) -> dict[str, object]:
    """Return the guard segments on a railway, or by kilometre posts, that were read anew; none of them where the CRS is another."""
    if plan is None or not (changed & {"railway", "stations"} or fresh.crs != project.crs):
        return {}
    from gridplanner.planning.rail_kept import rail_kept

    return {"rail": rail_kept(fresh, plan) if fresh.crs == project.crs else None}


def _with_rules(scenario: Scenario, rules: Rules) -> Scenario:
    return scenario if fingerprint(rules) == fingerprint(scenario.rules) else dataclasses.replace(scenario, rules=rules)


def _addresses_anew(project: Project, fresh: Project) -> dict[str, object]:
    """Return the units with other addresses in them, or no plan at all where none of these lies there.

    What the units were made from stays as it was: that the addresses are others since is for the planner to see.
    """
    from gridplanner.planning.new_addresses import units_with_addresses

    assert project.units is not None
    try:
        units = units_with_addresses(dataclasses.replace(project, households=fresh.households))
    except InputError:
        return dict(GONE)
    return {"units": dataclasses.replace(units, made_from=project.units.made_from)}


def _with_rules_by_hand(fresh: Rules, before: Rules, settings: Settings) -> Rules:
    """Return the rules that were read, and those that the planner made: areas of whole units, and what has no source."""

    def areas(kind: str) -> RuleAreas:
        read, had = getattr(fresh, kind), getattr(before, kind)
        for row in [row for row in range(len(had)) if not had.cuts[row]]:
            read = read.with_area(had.polygons[row], str(had.names[row]), cuts=False)
        return read if len(read) else NO_AREAS

    rules = Rules(
        keep=areas("keep"),
        exclusive=areas("exclusive"),
        groups=fresh.groups,
        fixed_lines=fresh.fixed_lines if "fixed_lines" in settings.sources else before.fixed_lines,
        must_stay=fresh.must_stay if "must_stay" in settings.sources else before.must_stay,
    )
    return rules if len(rules) else NO_RULES


def replan(project: Project, progress: Progress = SILENT) -> Replanned:
    """Return the edit that re-plans the grids of a project under its settings, and what it changes."""
    from gridplanner.planning.pipeline import propose_replanned

    edit = propose_replanned(project, progress)
    assert isinstance(edit, Replace)
    return replanned(edit, edit.apply(project))


def export_layers(project: Project, folder: Path, progress: Progress = SILENT) -> None:
    """Write what the command line would: all layers of a project, and its figures as `summary.json`."""
    from gridplanner.io.layers import write_layers
    from gridplanner.summary import summary_of

    write_layers(project, folder, progress, summary_of(project, {}))
