"""Scenarios begin, are switched to, renamed and deleted, and one of them is the master plan; undo takes all of that back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.scenarios import Scenario, fits, project_in, renamed_scenario, scenario_names, scenario_of, scenario_title


@dataclass(frozen=True)
class BranchScenario:
    """Go on under a new name with a plan that is now like the one worked on, which stays as it is."""

    name: str

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Begin “{scenario}”").format(scenario=self.name)

    def apply(self, project: Project) -> Project:
        """Return the project in the new scenario; raises EditRejected for a name that is empty or in use."""
        _refuse_name(project, self.name)
        kept = scenario_of(project, project.scenario)
        return dataclasses.replace(project, scenario=self.name, scenarios=(*project.scenarios, kept))


@dataclass(frozen=True)
class SwitchScenario:
    """Work on another scenario; the one left stays as it is."""

    name: str

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Switch to “{scenario}”").format(scenario=scenario_title(self.name))

    def apply(self, project: Project) -> Project:
        """Return the project in the scenario; raises EditRejected where there is none, or it was made over other data."""
        if not fits(project, _known(project, self.name)):
            text = _("“{scenario}” was made for other addresses or communities than there are now")
            raise EditRejected(text.format(scenario=scenario_title(self.name)))
        return project_in(project, self.name)


@dataclass(frozen=True)
class RenameScenario:
    """Call a scenario by another name."""

    name: str
    to: str

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Rename “{scenario}” to “{name}”").format(scenario=scenario_title(self.name), name=self.to)

    def apply(self, project: Project) -> Project:
        """Return the project with the name changed; raises EditRejected for an unknown scenario or a name that is empty or in use."""
        _known(project, self.name)
        if self.to == self.name:
            return project
        _refuse_name(project, self.to)
        return renamed_scenario(project, self.name, self.to)


@dataclass(frozen=True)
class DeleteScenario:
    """Take a scenario out; where it is the one worked on, the one beside it in the list is worked on instead."""

    name: str

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Delete “{scenario}”").format(scenario=scenario_title(self.name))

    def apply(self, project: Project) -> Project:
        """Return the project without it; raises EditRejected for an unknown scenario, the only one, or the master plan."""
        _known(project, self.name)
        names = scenario_names(project)
        if len(names) == 1:
            raise EditRejected(_("This is the only scenario; begin another one first"))
        if self.name == project.master:
            text = _("“{scenario}” is the master plan; make another scenario the master first")
            raise EditRejected(text.format(scenario=scenario_title(self.name)))
        if self.name == project.scenario:
            at = names.index(self.name)
            project = SwitchScenario(names[at - 1] if at else names[1]).apply(project)
        return dataclasses.replace(project, scenarios=tuple(part for part in project.scenarios if part.name != self.name))


@dataclass(frozen=True)
class AdoptMaster:
    """Make a scenario the master plan; the master until then is kept a second time under `backup`, whatever becomes of it later."""

    name: str
    backup: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Make “{scenario}” the master plan").format(scenario=scenario_title(self.name))

    def apply(self, project: Project) -> Project:
        """Return the project with the other master; raises EditRejected for an unknown scenario or one without grids."""
        if _known(project, self.name).grids is None:
            raise EditRejected(_("“{scenario}” has no grids yet").format(scenario=scenario_title(self.name)))
        if self.name == project.master:
            return project
        if project.master is not None:
            project = KeepBackup(self.backup).apply(project)
        return dataclasses.replace(project, master=self.name)


@dataclass(frozen=True)
class KeepBackup:
    """Keep the master plan as it is now under another name, before it is replaced."""

    name: str

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Keep “{scenario}”").format(scenario=self.name)

    def apply(self, project: Project) -> Project:
        """Return the project with the copy; raises EditRejected where there is no master plan, or for a name that is empty or in use."""
        if project.master is None:
            raise EditRejected(_("No scenario is the master plan"))
        _refuse_name(project, self.name)
        copy = dataclasses.replace(_known(project, project.master), name=self.name)
        return dataclasses.replace(project, scenarios=(*project.scenarios, copy))


def _known(project: Project, name: str) -> Scenario:
    try:
        return scenario_of(project, name)
    except KeyError:
        raise EditRejected(_("There is no scenario “{scenario}”").format(scenario=scenario_title(name))) from None


def _refuse_name(project: Project, name: str) -> None:
    if not name.strip():
        raise EditRejected(_("A scenario needs a name"))
    if name in {scenario_title(other) for other in scenario_names(project)}:
        raise EditRejected(_("There is a scenario “{scenario}” already").format(scenario=name))
