"""The draw of patrol variants, made anew."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import dataclass, field

from gridplanner.edits.patrol_edits import patrol_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.patrol_draws import with_draws
from gridplanner.model.project import Project
from gridplanner.settings import PatrolSettings

SEED_BITS = 48  # few enough for any file and table to keep the number whole


def fresh_seed() -> int:
    """Return a seed that nobody can guess."""
    return secrets.randbits(SEED_BITS)


@dataclass(frozen=True)
class DrawAgain:
    """Draw again which variant each zone drives on which day. The seed is kept with the plan, so that the draw can be shown to be fair."""

    seed: int = field(default_factory=fresh_seed)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Draw the variants of the patrol routes again")

    def apply(self, project: Project) -> Project:
        """Return the project with the draw; raises EditRejected where there are no routes, or only one variant of them."""
        plan = patrol_of(project)
        if plan.variants < 2:
            raise EditRejected(_("There is only one variant of the routes; ask for more in the settings and plan the routes again"))
        settings = project.settings.patrol or PatrolSettings()
        return dataclasses.replace(project, patrol=with_draws(plan, settings.days, self.seed))
