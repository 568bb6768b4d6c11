"""Several edits as one step of the undo list."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project


@dataclass(frozen=True)
class Several:
    """Edits one after another, under `words` of their own in the language in use."""

    words: str
    edits: tuple[Edit, ...]

    def apply(self, project: Project) -> Project:
        """Return the project after all of them; raises EditRejected, and nothing is changed, where one of them does."""
        for edit in self.edits:
            project = edit.apply(project)
        return project
