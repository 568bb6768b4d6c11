"""Another grid plan put in the place of the one that is there: beats and patrol zones stay where they were."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.edits.edit import Replace
from gridplanner.model.carried_groups import with_carried_groups
from gridplanner.model.project import Project


@dataclass(frozen=True, eq=False)
class ReplaceGrids(Replace):
    """Put a computed grid plan into the project: its ids say nothing of the grids that had them before."""

    def apply(self, project: Project) -> Project:
        """Return the project with the new grids, each in the beat and zone that most of it was in; refuses as `Replace` does."""
        return with_carried_groups(project, super().apply(project))
