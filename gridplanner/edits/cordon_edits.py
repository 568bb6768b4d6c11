"""Changes to a drawn cordon: what it is called and how many checkpoints may stand on it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.checkpoints import MOST_CHECKPOINTS
from gridplanner.model.places import texts
from gridplanner.model.project import Project


@dataclass(frozen=True)
class ChangeCordon:
    """Call the cordon of a row `name` and let it have `count` checkpoints at most."""

    row: int
    name: str
    count: int

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Change cordon {name}").format(name=self.name.strip())

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected for an unknown row, a name that is empty or taken, or a count beyond 1 to 10,000."""
        cordons, name = project.cordons, self.name.strip()
        if not 0 <= self.row < len(cordons):
            raise EditRejected(_("There is no such cordon"))
        names = [str(other) for other in cordons.names]
        if not name:
            raise EditRejected(_("A cordon needs a name"))
        if name in names[: self.row] + names[self.row + 1 :]:
            raise EditRejected(_("There is a cordon {name} already").format(name=name))
        if not 1 <= self.count <= MOST_CHECKPOINTS:
            raise EditRejected(_("A cordon has 1 to {most} checkpoints").format(most=f"{MOST_CHECKPOINTS:,}"))
        names[self.row] = name
        counts = np.array(cordons.counts, np.int32)
        counts[self.row] = self.count
        return dataclasses.replace(project, cordons=dataclasses.replace(cordons, names=texts(names), counts=counts))
