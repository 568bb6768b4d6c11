"""An edit that took a while to compute: it writes over nothing that the planner has done meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.edits.edit import Replace
from gridplanner.edits.refusals import changed_since
from gridplanner.model.project import Project


@dataclass(frozen=True, eq=False)
class Computed:
    """`edit`, computed from the project `begun`, where what it replaces is still the very same value."""

    edit: Replace
    begun: Project

    @property
    def words(self) -> str:
        """The words of the edit."""
        return self.edit.words

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected as the edit does, and where what it would replace is another by now."""
        if any(getattr(project, name) is not getattr(self.begun, name) for name in self.edit.values):
            raise changed_since(self.words)
        return self.edit.apply(project)
