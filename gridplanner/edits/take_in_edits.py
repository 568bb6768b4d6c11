"""Adopting what came from elsewhere: a package that is brought back, another version of the project."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from gridplanner.edits.refusals import changed_since
from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.handout import community_states
from gridplanner.model.leases import Handout
from gridplanner.model.merge import Merge
from gridplanner.model.project import Project


@dataclass(frozen=True, eq=False)
class TakeIn:
    """Adopt a merge of the project `before` with what came from `who`.

    `package` is the lease that it was handed out by, which ends with it unless `goes_on`; None: another version of the whole project.
    """

    merge: Merge
    before: Project
    who: str = ""
    package: Handout | None = None
    goes_on: bool = False

    @property
    def words(self) -> str:
        """The words in the language in use."""
        taken = self.merge.taken
        units = ngettext("{n} unit", "{n} units", taken.units).format(n=f"{taken.units:,}")
        grids = ngettext("{n} grid", "{n} grids", len(taken.grids)).format(n=f"{len(taken.grids):,}")
        if self.package is None:
            return _("Take in changes of {who}: {units}, {grids}").format(who=self.who or _("another version"), units=units, grids=grids)
        text = _("Take in package {package} of {who}: {units}, {grids}")
        return text.format(package=self.package.package_id[:6], who=self.who or self.package.to, units=units, grids=grids)

    def apply(self, project: Project) -> Project:
        """Return the merged project; raises EditRejected where the project is not the one merged with, or conflicts are not decided."""
        if project is not self.before:
            raise changed_since(self.words)
        left = len(self.merge.open)
        if left:
            raise EditRejected(ngettext("{n} conflict is not decided yet", "{n} conflicts are not decided yet", left).format(n=f"{left:,}"))
        after = self.merge.project
        return after if self.package is None else with_leases(after, [self.package], goes_on=self.goes_on)


def with_leases(project: Project, packages: Sequence[Handout], *, goes_on: bool) -> Project:
    """Return a project into which packages came: their leases end, or go on from what the communities are now."""
    came = {package.package_id for package in packages}
    if not any(one.package_id in came for one in project.handouts):
        return project
    kept = []
    for one in project.handouts:
        if one.package_id not in came:
            kept.append(one)
        elif goes_on:  # what came in is no change made here
            kept.append(dataclasses.replace(one, states=community_states(project, one.communities)))
    return dataclasses.replace(project, handouts=tuple(kept))
