"""The change log: who changed what, when, from what to what."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.change_line import ChangeLine as ChangeLine
from gridplanner.model.change_line import bounded
from gridplanner.model.duty_changes import duty_changes
from gridplanner.model.grid_changes import grid_changes
from gridplanner.model.layer_changes import handout_changes, layer_changes, rule_changes
from gridplanner.model.project import Project
from gridplanner.model.setting_changes import is_switch, scenario_changes, setting_changes

DONE, UNDONE, REDONE = "done", "undone", "redone"


@dataclass(frozen=True)
class Change:
    """One adopted change; `number` counts all of the project from 1 on, `at` is in seconds since 1970, `way` done, undone or redone.

    `words` are those of the edit in the language that was in use; clocks may go back, numbers do not.
    """

    number: int
    at: float
    who: str
    words: str
    way: str = DONE
    lines: tuple[ChangeLine, ...] = ()


def changes_between(before: Project, after: Project) -> tuple[ChangeLine, ...]:
    """Return what differs between two projects, for the log: at most `change_line.MOST` lines, the last of which sums up what is left out.

    Values are compared by identity first, so that an ordinary edit of a large plan takes a fraction of a millisecond. Of people on duty
    the lines have numbers, never names; of sources the name of the file, not its folder.
    """
    if before is after:
        return ()
    lines: list[ChangeLine] = []
    if before.scenario != after.scenario or before.scenarios is not after.scenarios or before.master != after.master:
        lines += scenario_changes(before, after)
    if is_switch(before, after):  # all else is another scenario's, and nobody's change
        return bounded(lines)
    lines += layer_changes(before, after)
    if before.settings is not after.settings:
        lines += setting_changes(before.settings, after.settings)
    if before.rules is not after.rules:
        lines += rule_changes(before.rules, after.rules)
    if before.handouts is not after.handouts:
        lines += handout_changes(before, after)
    lines += grid_changes(before, after)
    lines += duty_changes(before, after)
    return bounded(lines)
