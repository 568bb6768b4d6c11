"""What a three-way merge found: the merged project, what both sides changed, and what came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplanner.model.project import Project

MINE, THEIRS = "mine", "theirs"
SIDES = (MINE, THEIRS)
# kinds of conflicts: who has some units, how units are cut, a field of a grid, a grid that one side ended, one that lost its last unit to
# both, a code that both gave, a place that must stay in two grids, a plan, a section of the settings, a scenario, a layer of the data
KINDS = ("units", "cut", "grid", "ended", "empty", "code", "rule", "plan", "settings", "scenario", "data")


@dataclass(frozen=True)
class Conflict:
    """Something that both sides changed, each in its own way; `key` names it in `choices`, the same for the same three projects.

    `kind` is one of KINDS, `community` a community's code or empty, `x` and `y` metres or None where it has no place. `what`, `mine` and
    `theirs` are in the language in use. `units` are rows and `grids` ids in the merged project.
    """

    key: str
    kind: str
    community: str
    what: str
    mine: str
    theirs: str
    x: float | None = None
    y: float | None = None
    units: tuple[int, ...] = ()
    grids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What came in from theirs: `units` that are in another grid or cut otherwise, `grids` that changed (ids in the merged project).

    `fields` counts values of grids (names, codes, locks …), `rules` those added and taken away, `plans` names other parts of the project
    (beats, settings, scenarios …), `communities` the codes of those in which something changed.
    """

    units: int = 0
    cuts: int = 0
    grids: tuple[int, ...] = ()
    fields: int = 0
    rules: int = 0
    plans: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where nothing came in."""
        return self == Taken()


@dataclass(frozen=True, eq=False)
class Merge:
    """Two versions of a project brought together: `project` has mine where a conflict is not decided by `choices` yet.

    `conflicts` are all that were found, decided or not; `notes` tell in words what was settled without asking (a new grid that got
    another code because its own was given on both sides).
    """

    project: Project
    conflicts: tuple[Conflict, ...] = ()
    taken: Taken = field(default_factory=Taken)
    notes: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that are not decided."""
        return tuple(conflict for conflict in self.conflicts if self.choices.get(conflict.key) not in SIDES)
