"""An edit that was tried while the hand could still mend it: what came of it is not computed again."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project


@dataclass(frozen=True, eq=False)
class Prepared:
    """`edit` with the project `after` that it makes of the project `before`; of any other project it makes what the edit makes."""

    edit: Edit
    before: Project
    after: Project

    @property
    def words(self) -> str:
        """The words of the edit."""
        return self.edit.words

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected as the edit does."""
        return self.after if project is self.before else self.edit.apply(project)


def prepared(edit: Edit, project: Project) -> Prepared:
    """Return an edit tried on a project; raises EditRejected where it cannot be done."""
    return Prepared(edit, project, edit.apply(project))
