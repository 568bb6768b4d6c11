"""Scenarios: several plans of one district side by side, each with its own units, rules and settings, over the same data."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gridplanner.i18n import _
from gridplanner.model.beats import BeatPlan
from gridplanner.model.checkpoints import CheckpointPlan
from gridplanner.model.grids import GridPlan
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.rail import RailPlan
from gridplanner.model.rings import RingPlan
from gridplanner.model.roster import RosterPlan
from gridplanner.model.rules import NO_RULES, Rules
from gridplanner.model.street_chiefs import ChiefPlan
from gridplanner.model.units import Units
from gridplanner.model.zones import ZonePlan
from gridplanner.settings import Settings

if TYPE_CHECKING:
    from gridplanner.model.project import Project

# what was planned, in the order in which one follows from the other
PLANNED = ("units", "grids", "beats", "zones", "checkpoints", "rings", "chiefs", "patrol", "rail", "roster")
PARTS = ("rules", *PLANNED)
SHARED_SECTIONS = ("project", "sources", "export")  # of the settings: they speak of the district, not of a plan
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, eq=False)
class Scenario:
    """What planning made under one name, while another scenario is worked on; `settings` has the sections of the plan alone.

    The name is empty for the scenario that every project begins with: it is called by a word of the language in use.
    """

    name: str
    settings: Settings = field(default_factory=Settings)
    rules: Rules = NO_RULES
    units: Units | None = None
    grids: GridPlan | None = None
    beats: BeatPlan | None = None
    zones: ZonePlan | None = None
    checkpoints: CheckpointPlan | None = None
    rings: RingPlan | None = None
    chiefs: ChiefPlan | None = None
    patrol: PatrolPlan | None = None
    rail: RailPlan | None = None
    roster: RosterPlan | None = None


def scenario_title(name: str) -> str:
    """Return what a scenario is called in the language in use."""
    return name or _("Scenario {letter}").format(letter="A")


def scenario_names(project: Project) -> tuple[str, ...]:
    """Return the names of all scenarios in the order of their titles, numbers in them by size: switching moves none."""
    return tuple(sorted((project.scenario, *(other.name for other in project.scenarios)), key=lambda name: _order(scenario_title(name))))


def scenario_of(project: Project, name: str) -> Scenario:
    """Return a scenario as it is now, the active one too; raises KeyError where there is none of that name."""
    if name == project.scenario:
        sections = {part.name: getattr(project.settings, part.name) for part in dataclasses.fields(Settings)}
        settings = Settings(**{key: value for key, value in sections.items() if key not in SHARED_SECTIONS})
        return Scenario(name, settings, **{part: getattr(project, part) for part in PARTS})
    for other in project.scenarios:
        if other.name == name:
            return other
    raise KeyError(name)


def project_in(project: Project, name: str) -> Project:
    """Return the project with another scenario active, the one left being kept as it is; raises KeyError as `scenario_of` does."""
    if name == project.scenario:
        return project
    wanted, left = scenario_of(project, name), scenario_of(project, project.scenario)
    others = (*(other for other in project.scenarios if other.name != name), left)
    shared = {section: getattr(project.settings, section) for section in SHARED_SECTIONS}
    return dataclasses.replace(
        project,
        settings=dataclasses.replace(wanted.settings, **shared),
        scenario=name,
        scenarios=others,
        **{part: getattr(wanted, part) for part in PARTS},
    )


def renamed_scenario(project: Project, name: str, to: str) -> Project:
    """Return the project in which a scenario that it has is called otherwise."""
    master = to if project.master == name else project.master
    if name == project.scenario:
        return dataclasses.replace(project, scenario=to, master=master)
    others = tuple(dataclasses.replace(one, name=to) if one.name == name else one for one in project.scenarios)
    return dataclasses.replace(project, scenarios=others, master=master)


def fits(project: Project, scenario: Scenario) -> bool:
    """Return whether a scenario was made over as many addresses and communities as there are now."""
    units = scenario.units
    if units is None:
        return True
    return len(units.address_unit) == len(project.households) and int(units.community.max(initial=-1)) < len(project.communities)


def free_title(project: Project) -> str:
    """Return a title for a new scenario that no other one has: Scenario B, Scenario C and so on."""
    taken = {scenario_title(name) for name in scenario_names(project)}
    titles = [_("Scenario {letter}").format(letter=letter) for letter in (*LETTERS, *(str(n) for n in range(1, len(taken) + 2)))]
    return next(title for title in titles if title not in taken)


def backup_title(project: Project, day: str) -> str:
    """Return a title that no scenario has for a copy of the master plan, with the day (YYYY-MM-DD) on which it was replaced."""
    taken = {scenario_title(name) for name in scenario_names(project)}
    base = _("{scenario}, backup of {day}").format(scenario=scenario_title(project.master or ""), day=day)
    return next(title for title in (base, *(f"{base} ({n})" for n in range(2, len(taken) + 3))) if title not in taken)


def _order(title: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key under which 'plan 10' comes after 'plan 9'."""
    parts = re.findall(r"\d+|\D+", title)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
