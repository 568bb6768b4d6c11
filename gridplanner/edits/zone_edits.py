"""Edits of the patrol zones as a whole: another plan between even work and fast response."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.zone_choice import with_choice
from gridplanner.model.zones import ZonePlan


@dataclass(frozen=True)
class ChooseZones:
    """Take the plan `row` of `project.zones.choices`."""

    row: int

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Take zone plan {n} between even work and fast response").format(n=self.row + 1)

    def apply(self, project: Project) -> Project:
        """Return the project with these zones; raises EditRejected where there is no such plan, or the grids have changed since."""
        if project.zones is None:
            raise EditRejected(_("There are no patrol zones yet; make the zones first"))
        try:
            after = with_choice(project, project.zones, self.row)
        except ValueError as why:
            raise EditRejected(_("The zones were made of other grids than there are now; make the zones again")) from why
        if any(zone.locked and not same_pieces(project.zones, after, key) for key, zone in project.zones.zones.items()):
            raise EditRejected(_("A locked zone would change; unlock it first, or make the zones again with it"))
        return dataclasses.replace(project, zones=after)


def same_pieces(before: ZonePlan, after: ZonePlan, key: int) -> bool:
    """Return whether zone `key` holds the same pieces in two plans of the same ground."""
    if len(before.labels):
        return bool(np.array_equal(before.labels == key, after.labels == key))
    grids = before.members.keys() | after.members.keys()
    return all((before.members.get(grid) == key) == (after.members.get(grid) == key) for grid in grids)
