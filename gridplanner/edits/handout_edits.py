"""Communities handed out, and leases that end."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.handout import community_keys, community_states
from gridplanner.model.leases import Handout
from gridplanner.model.project import Project


@dataclass(frozen=True)
class HandOut:
    """Write a lease into the project: its communities are with somebody else until it ends."""

    handout: Handout

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.handout.communities)
        text = ngettext("Hand out {n} community to {whom}", "Hand out {n} communities to {whom}", count)
        return text.format(n=f"{count:,}", whom=self.handout.to)

    def apply(self, project: Project) -> Project:
        """Return the project with the lease; raises EditRejected for a community that is not there, or none."""
        known = set(community_keys(project.communities))
        for key in self.handout.communities:
            if key not in known:
                raise EditRejected(_("There is no community {code}").format(code=key))
        if not self.handout.communities:
            raise EditRejected(_("Choose at least one community"))
        states = community_states(project, self.handout.communities)
        kept = tuple(one for one in project.handouts if one.package_id != self.handout.package_id)
        return dataclasses.replace(project, handouts=(*kept, dataclasses.replace(self.handout, states=states)))


@dataclass(frozen=True)
class EndLease:
    """End a lease: its communities are worked on here again; a package that comes back later can be taken in all the same."""

    package_id: str
    to: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("End the lease of {whom}").format(whom=self.to or self.package_id[:6])

    def apply(self, project: Project) -> Project:
        """Return the project without the lease; raises EditRejected where there is no such lease."""
        kept = tuple(one for one in project.handouts if one.package_id != self.package_id)
        if len(kept) == len(project.handouts):
            raise EditRejected(_("There is no such lease"))
        return dataclasses.replace(project, handouts=kept)
