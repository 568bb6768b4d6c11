"""Edits of the patrol zones as a whole: another plan between even work and fast response."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.freshness import made_from
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
        return _made_so(dataclasses.replace(project, zones=after), after.choices[self.row].response, project)


def _made_so(chosen: Project, response: float, before: Project) -> Project:
    """Return the project with settings that ask for the plan chosen: zones made again are like it, and these are as fresh as before."""
    settings, zones = before.settings.zones, chosen.zones
    assert zones is not None
    if settings is None or settings.response == response:
        return chosen
    wished = dataclasses.replace(before.settings, zones=dataclasses.replace(settings, response=response))
    after = dataclasses.replace(chosen, settings=wished)
    if zones.made_from != made_from(before, "zones"):
        return after
    return dataclasses.replace(after, zones=dataclasses.replace(zones, made_from=made_from(after, "zones")))


def same_pieces(before: ZonePlan, after: ZonePlan, key: int) -> bool:
    """Return whether zone `key` holds the same pieces in two plans of the same ground."""
    if len(before.labels):
        return bool(np.array_equal(before.labels == key, after.labels == key))
    grids = before.members.keys() | after.members.keys()
    return all((before.members.get(grid) == key) == (after.members.get(grid) == key) for grid in grids)
