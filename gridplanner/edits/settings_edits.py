"""Changes of settings, which change no plan."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from gridplanner.i18n import N_, _
from gridplanner.model.project import Project

_SECTIONS = {
    "project": N_("the project"),
    "grids": N_("grids"),
    "beats": N_("beats"),
    "zones": N_("patrol zones"),
    "checkpoints": N_("checkpoints"),
    "response": N_("response rings"),
    "rating": N_("the rating map"),
    "street_chiefs": N_("street chiefs"),
    "patrol": N_("patrols"),
    "rail": N_("the railway"),
    "export": N_("the export"),
}


@dataclass(frozen=True)
class ChangeSettings:
    """Put a new section (such as GridSettings) in the place of the old."""

    section: str
    value: object

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Change the settings of {section}").format(section=_(_SECTIONS.get(self.section, self.section)))

    def apply(self, project: Project) -> Project:
        """Return the project with the section replaced."""
        return dataclasses.replace(project, settings=dataclasses.replace(project.settings, **{self.section: self.value}))  # type: ignore[arg-type]
