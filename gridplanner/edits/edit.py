"""An edit: a function from a project to a project, with words for the planner."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gridplanner.edits.refusals import refuse_changed
from gridplanner.i18n import _
from gridplanner.model.project import Project, fingerprint


class Edit(Protocol):
    """A change to a project as a value."""

    @property
    def words(self) -> str:
        """What the edit does, in the language in use, for the undo list."""

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected where the change would corrupt it."""


@dataclass(frozen=True, eq=False)
class Replace:
    """Put computed values into the project's fields: what every computation and every import returns.

    `values` maps project fields to what comes there; `needs` maps the fields they were computed from to the fingerprints they
    had, so that a slow result made from data that was replaced meanwhile is refused.
    `text` is the msgid of the words, filled from `places`.
    """

    text: str
    values: Mapping[str, object]
    needs: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _(self.text).format(**self.places)

    def apply(self, project: Project) -> Project:
        """Return the project with the values in place."""
        refuse_changed(project, self.needs, self.words)
        return dataclasses.replace(project, **self.values)  # type: ignore[arg-type]


def needs(project: Project, *names: str) -> dict[str, str]:
    """Return the fingerprints of project fields, for `Replace.needs`; a result is for the scenario it was computed in alone."""
    return {name: fingerprint(getattr(project, name)) for name in (*names, "scenario")}
