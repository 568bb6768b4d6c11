"""Scenarios of three versions: the one worked on is merged in full, each of the others as a whole."""

from __future__ import annotations

import dataclasses
from typing import Any

from gridplanner.i18n import _
from gridplanner.model.merge_plans import Wholes
from gridplanner.model.project import Project
from gridplanner.model.sameness import same_value
from gridplanner.model.scenarios import PARTS, Scenario, project_in, renamed_scenario, scenario_names, scenario_of, scenario_title


def on_one_scenario(base: Project, mine: Project, theirs: Project) -> tuple[Project, Project, list[str]]:
    """Return base and theirs with the scenario active that mine has, and notes; where one has none of that name, mine's plan stays."""
    name = mine.scenario
    has = [name in scenario_names(project) for project in (base, theirs)]
    if all(has):
        return project_in(base, name), project_in(theirs, name), []
    note = []
    if has[0]:
        note = [_("“{scenario}” was deleted or renamed there; it stays here").format(scenario=scenario_title(name))]
    plan = {part: getattr(mine, part) for part in PARTS}
    settings = mine.settings
    return (
        dataclasses.replace(base, settings=settings, **plan),
        dataclasses.replace(theirs, settings=settings, **plan),
        note,
    )


def with_own_names(base: Project, mine: Project, theirs: Project) -> tuple[Project, list[str]]:
    """Return theirs with another name for each scenario that it began under the name of one that mine began too, and notes.

    Both are kept: “Scenario B” of two people are two plans.
    """
    notes = []
    taken = {scenario_title(name) for project in (base, mine, theirs) for name in scenario_names(project)}
    for name in sorted(set(scenario_names(theirs)) & set(scenario_names(mine)) - set(scenario_names(base))):
        other = scenario_of(theirs, name)
        if same_value(scenario_of(mine, name), other):
            continue
        known = [one.name for one in mine.scenarios if same_value(dataclasses.replace(one, name=name), other)]  # it came in before
        title = next(text for number in range(2, len(taken) + 3) if (text := f"{scenario_title(name)} ({number})") not in taken)
        own = next((one for one in known if one not in scenario_names(theirs)), title)
        taken.add(own)
        theirs = renamed_scenario(theirs, name, own)
        text = _("“{scenario}” was begun on both sides: both are kept, the other one as “{name}”")
        notes.append(text.format(scenario=scenario_title(name), name=own))
    return theirs, notes


def merged_scenarios(base: Project, mine: Project, theirs: Project, wholes: Wholes) -> dict[str, Any]:
    """Return the other scenarios and the name of the master plan."""
    names = [set(scenario_names(project)) for project in (base, mine, theirs)]
    order = [one.name for one in mine.scenarios]
    order += [name for name in (*(one.name for one in theirs.scenarios), theirs.scenario) if name not in names[1]]
    found: list[Scenario] = []
    for name in order:
        values = [scenario_of(project, name) if name in known else None for project, known in zip((base, mine, theirs), names, strict=True)]
        kept = wholes.decide("scenario", name, values[0], values[1], values[2])
        if kept is not None:
            found.append(kept)
    master = wholes.decide("plan", "master", base.master, mine.master, theirs.master)
    if master is not None and master not in {mine.scenario, *(one.name for one in found)}:
        master = mine.master
    same = len(found) == len(mine.scenarios) and all(one is other for one, other in zip(found, mine.scenarios, strict=True))
    return {"scenarios": mine.scenarios if same else tuple(found), "master": master}
