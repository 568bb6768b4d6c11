"""Sources read into a project that is open, as an edit: what is the same stays, and plans follow their data as far as they can."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue
from gridplanner.model.patrol_sites import with_sites_followed
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.rail import RailPlan
from gridplanner.model.rules import Rules
from gridplanner.model.rules_by_hand import with_rules_by_hand
from gridplanner.model.scenarios import PLANNED, Scenario, project_in
from gridplanner.progress import SILENT, Progress
from gridplanner.settings import Settings, SourceSettings

DATA = (
    "communities", "households", "roads", "barriers", "railway", "stations", "rail_things", "key_sites", "depots", "rules", "drawn",
    "incidents", "station_areas", "indicators", "staff", "checkpoint_sites", "cordons", "roster_cells",
)  # fmt: skip
BY_HAND = ("checkpoint_sites", "cordons", "roster_cells")  # what the planner may have drawn: it stays where no source gives it
GONE = dict.fromkeys(name for name in PLANNED if name not in {"rail", "roster"})  # plans that do not fit other ground
CUT_FROM = ("communities", "roads", "barriers", "railway", "drawn")


def import_sources(project: Project, settings: Settings, progress: Progress = SILENT) -> Replace:
    """Return the edit that reads all sources of `settings` into a project, as `fresh_data` puts it; rules made by hand stay."""
    from gridplanner.io.sources import read_sources

    fresh = read_sources(settings, progress)
    kept = {name: getattr(project, name) for name in BY_HAND if name not in settings.sources}
    fresh = dataclasses.replace(fresh, **kept)
    return fresh_data(project, fresh, N_("Import {n} layers"), {"n": len(fresh.provenance)})


def import_some(project: Project, sources: Mapping[str, SourceSettings], progress: Progress = SILENT) -> Replace:
    """Return the edit that replaces or adds some sources of a project and leaves the others as they are."""
    from gridplanner.io.sources import with_source

    return fresh_data(project, with_source(project, sources, progress), N_("Import {n} layers"), {"n": len(sources)})


def left_as_read(project: Project, issue: Issue, progress: Progress = SILENT) -> Replace:
    """Return the edit that leaves what a repair changed as it was read; raises InputError where it cannot be, or the file is gone."""
    from gridplanner.io.doctor.repairs import sources_leaving
    from gridplanner.io.sources import with_source

    sources = sources_leaving(project.settings, issue)
    _check_source(sources, issue)
    return fresh_data(project, with_source(project, sources, progress), N_("Leave {repair} as it was read"), {"repair": issue.repair})


def repaired_again(project: Project, issue: Issue, progress: Progress = SILENT) -> Replace:
    """Return the edit that makes a repair again which was left out; raises InputError as `left_as_read` does."""
    from gridplanner.io.doctor.repairs import sources_repairing
    from gridplanner.io.sources import with_source

    sources = sources_repairing(project.settings, issue)
    _check_source(sources, issue)
    return fresh_data(project, with_source(project, sources, progress), N_("Repair {repair} again"), {"repair": issue.repair})


def _check_source(sources: Mapping[str, SourceSettings], issue: Issue) -> None:
    if not sources:
        text = _("[sources.{key}] is not given, or says so already: “{repair}” cannot be changed; give the layer as a source of its own")
        raise InputError(text.format(key=issue.layer, repair=issue.repair))


def fresh_data(project: Project, fresh: Project, text: str, places: Mapping[str, object]) -> Replace:
    """Return the edit that puts the data of `fresh`, a reading of sources, into a project; `text` and `places` are its words.

    Layers whose content is the same as before stay the very same value, so that plans made from them stay too; plans that no longer
    fit the streets and limits they were made for are taken out, and undo brings them back. Units stay where only the addresses are
    others: these are put into them anew, so that the grids can be re-planned from what they were. Rules made by hand stay.
    """
    read, sources = fresh.rules, fresh.settings.sources
    fresh = dataclasses.replace(fresh, rules=with_rules_by_hand(read, project.rules, sources))
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
        _with_rules(_scenario_over(project, fresh, other, changed, values), with_rules_by_hand(read, other.rules, sources))
        for other in project.scenarios
    )
    if any(now is not before for now, before in zip(others, project.scenarios, strict=True)):
        values["scenarios"] = others
    return Replace(text, values, needs(project), places)


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
