"""Grids divided anew: what the solver made of a few grids, put into a plan whose other grids stay the very same."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.grid_edits import edited_certificates
from gridplanner.edits.refusals import changed_since, plan_of, refuse_changed, refuse_locked, units_of
from gridplanner.i18n import _
from gridplanner.model.grids import Certificate, Grid, RetiredGrid
from gridplanner.model.groups import with_heirs
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project


@dataclass(frozen=True, eq=False)
class DivideGrids:
    """Give the units `rows` (n,), in the grids `was` (n,) so far, to the grids `labels` (n,), of which `grids` says what is known.

    `before` are the grids that they were made from, as they were known: what the planner changed of them meanwhile is not written over.
    `ended` are those that are no more. `certificates` take the place of those of their communities; other communities touched are proven
    no longer. `needs` are the fingerprints of what it was computed from. `text` is the msgid of the words, filled from `places`.
    """

    text: str
    rows: Ints
    was: Ints
    labels: Ints
    before: Mapping[int, Grid]
    grids: Mapping[int, Grid]
    ended: tuple[RetiredGrid, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _(self.text).format(**self.places)

    def apply(self, project: Project) -> Project:
        """Return the project with these grids divided anew; raises EditRejected where they are others by now, or locked."""
        refuse_changed(project, self.needs, self.words)
        plan, units = plan_of(project), units_of(project)
        old = set(np.unique(self.was).tolist())
        refuse_locked(plan, old)
        others = {key: grid for key, grid in plan.grids.items() if key not in old}
        taken = {grid.code for grid in others.values() if grid.code}
        same = np.array_equal(plan.labels[self.rows], self.was) and int(np.isin(plan.labels, list(old)).sum()) == len(self.rows)
        known = all(plan.grids.get(key) == grid for key, grid in self.before.items())
        free = not others.keys() & self.grids.keys() and not taken & {grid.code for grid in self.grids.values()}
        if not (same and known and free):
            raise changed_since(self.words)
        labels = plan.labels.copy()
        labels[self.rows] = self.labels
        grids = others | dict(self.grids)
        touched = {grid.community for grid in self.grids.values()}
        own = {certificate.community: certificate for certificate in self.certificates}
        certificates = tuple(own.get(c.community, c) for c in edited_certificates(units, plan, touched))
        after = dataclasses.replace(
            plan, labels=labels, grids=dict(sorted(grids.items())), certificates=certificates, retired=(*plan.retired, *self.ended)
        )
        return with_heirs(dataclasses.replace(project, grids=after), self._parents())

    def _parents(self) -> dict[int, int]:
        """Return for each new grid the one that it has most units of."""
        parents = {}
        for key in sorted(self.grids.keys() - set(np.unique(self.was).tolist())):
            before, count = np.unique(self.was[self.labels == key], return_counts=True)
            parents[key] = int(before[count.argmax()])
        return parents
