"""Three versions of a project become one: what one side changed is taken, what both changed otherwise is a conflict."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.handout import community_keys, community_states, same_communities
from gridplanner.model.leases import Handout
from gridplanner.model.merge import MINE as MINE
from gridplanner.model.merge import SIDES, THEIRS
from gridplanner.model.merge import Conflict as Conflict
from gridplanner.model.merge import Merge as Merge
from gridplanner.model.merge import Taken as Taken
from gridplanner.model.merge_ground import Communities3
from gridplanner.model.merge_plan import MergedPlan, merged_plan
from gridplanner.model.merge_plans import LAYERS, PLANS, Wholes, merged_layers, merged_settings
from gridplanner.model.merge_scenarios import merged_scenarios, on_one_scenario, with_own_names
from gridplanner.model.merge_words import part_words, sorted_conflicts, turned_conflict, whole_conflict
from gridplanner.model.project import Project
from gridplanner.model.sameness import same_value
from gridplanner.model.scenarios import scenario_names, scenario_of, scenario_title

NO_CHOICES: Mapping[str, str] = MappingProxyType({})
ROUNDS = 8  # of deciding what is open: choices of one round seldom open another
GIVEN = ("crs", "communities", "households")  # what units and grids are made over


def merge(base: Project, mine: Project, theirs: Project, choices: Mapping[str, str] = NO_CHOICES, *, part: bool | None = None) -> Merge:
    """Return `mine` with what `theirs` changed since `base`.

    `choices` maps keys of conflicts to MINE or THEIRS; where one is not decided, mine stays. `part` says that base and theirs are of some
    communities alone (a package), so that only their units, grids and rules are looked at; None: it is found out. The same three
    projects and choices give the same merge. Raises EditRejected where they cannot be brought together: both read their households or
    communities anew, or a package did.
    """
    if part is None:
        part = set(community_keys(base.communities)) < set(community_keys(mine.communities))
    if theirs is base:
        return Merge(mine, choices=choices)
    if part:
        _refuse_other_data(base, theirs)
        return _merged(base, mine, theirs, choices, part=True)
    changed = [any(not same_value(getattr(base, name), getattr(one, name)) for name in GIVEN) for one in (mine, theirs)]
    if all(changed):
        if any(not same_value(getattr(mine, name), getattr(theirs, name)) for name in GIVEN):
            text = _("Both sides read households or communities anew; go on with one of them and repeat the other's edits in it")
            raise EditRejected(text)
    elif changed[1]:
        return _turned(base, theirs, _merged(base, theirs, mine, _Turned(choices), part=False), choices)
    found = _merged(base, mine, theirs, choices, part=False)
    if not found.conflicts and same_value(mine, base):
        return dataclasses.replace(found, project=theirs)
    return found


def resolved(
    base: Project, mine: Project, theirs: Project, side: str, given: Mapping[str, str] = NO_CHOICES, *, part: bool | None = None
) -> Merge:
    """Return the merge with every conflict decided for one side but those `given`, those too that appear once others are decided."""
    choices = dict(given)
    for _round in range(ROUNDS):
        found = merge(base, mine, theirs, choices, part=part)
        if not found.open:
            return found
        choices |= {one.key: side for one in found.open}
    raise EditRejected(_("The conflicts cannot all be decided for one side; decide them one by one"))


def _merged(base: Project, mine: Project, theirs: Project, choices: Mapping[str, str], *, part: bool) -> Merge:
    places = _places(base, mine, theirs)
    wholes = Wholes(choices)
    conflicts: list[Conflict] = []
    values: dict[str, Any] = {}
    notes: list[str] = []
    if not part:
        theirs, told = with_own_names(base, mine, theirs)
        full = base, mine, theirs
        base, theirs, more = on_one_scenario(base, mine, theirs)
        notes += [*told, *more, *_taken_away(base, theirs, places)]
        values |= merged_layers(base, mine, theirs, wholes)
        values["settings"] = merged_settings(base.settings, mine.settings, theirs.settings, wholes)
        values["handouts"] = _handouts(*(project.handouts for project in full))
        values |= merged_scenarios(*full, wholes)
    else:
        notes += _left_aside(base, theirs)
    start = dataclasses.replace(mine, **values) if any(values[name] is not getattr(mine, name) for name in values) else mine
    plan: MergedPlan = merged_plan(base, start, theirs, places, choices, wholes, part=part)
    conflicts += plan.conflicts
    conflicts += [whole_conflict(one, *(_value(one.kind, one.field, project) for project in (mine, theirs))) for one in wholes.clashes]
    taken = dataclasses.replace(plan.taken, plans=tuple(dict.fromkeys(wholes.taken)))
    return Merge(plan.project, sorted_conflicts(conflicts), taken, (*notes, *plan.notes), choices)


def _left_aside(base: Project, theirs: Project) -> list[str]:
    """Say what was changed in a package beside units, grids and rules."""
    names = [name for name in ("settings", *PLANS, *LAYERS) if not same_value(getattr(base, name), getattr(theirs, name))]
    if not names:
        return []
    text = _("Left aside, as a package brings units, grids and rules alone: {names}")
    return [text.format(names=_(", ").join(map(part_words, names)))]


def _taken_away(base: Project, theirs: Project, places: Communities3) -> list[str]:
    """Say in which communities theirs changed something that mine has no more."""
    rows = zip(places.keys, base.communities.names.tolist(), places.in_mine, places.in_theirs, strict=True)
    gone = {key: str(name) for key, name, here, there in rows if here < 0 <= there}
    was, now = (community_states(project, gone) for project in (base, theirs))
    lost = [name or key for (key, name), before, after in zip(gone.items(), was, now, strict=True) if before != after]
    text = _("Left aside, as one side has these communities no more: what the other changed in {names}")
    return [text.format(names=_(", ").join(lost))] if lost else []


def _value(kind: str, field: str, project: Project) -> object:
    if kind == "scenario":
        return scenario_of(project, field) if field in scenario_names(project) else None
    if field == "master":
        return None if project.master is None else scenario_title(project.master)
    return getattr(project.settings, field) if kind == "settings" else getattr(project, field)


def _places(base: Project, mine: Project, theirs: Project) -> Communities3:
    rows = [same_communities(base.communities, project.communities) for project in (mine, theirs)]
    return Communities3(community_keys(base.communities), *rows)


def _refuse_other_data(base: Project, theirs: Project) -> None:
    for name in GIVEN:
        if not same_value(getattr(base, name), getattr(theirs, name)):
            text = _("Households or communities of the package were read anew; that is done in the whole project. Hand out the communities "
                     "again, and repeat the edits")  # fmt: skip
            raise EditRejected(text)


def _handouts(base: tuple[Handout, ...], mine: tuple[Handout, ...], theirs: tuple[Handout, ...]) -> tuple[Handout, ...]:
    """Return leases as a set: those that began on either side, without those that ended on either side; a change of one is taken."""
    if same_value(base, theirs):
        return mine
    known, here, there = ({one.package_id: one for one in some} for some in (base, mine, theirs))
    kept = [one for one in mine if one.package_id not in known or one.package_id in there]
    now = [there[one.package_id] if known.get(one.package_id) == one else one for one in kept]
    return (*now, *(one for one in theirs if one.package_id not in known and one.package_id not in here))


class _Turned(Mapping[str, str]):
    """Choices seen from the other side, on which what is not decided stays with the other."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self._choices = choices

    def __getitem__(self, key: str) -> str:
        return MINE if self._choices.get(key) == THEIRS else THEIRS

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ARG002  (every key has a side)
        return self[key]

    def __iter__(self) -> Any:
        return iter(self._choices)

    def __len__(self) -> int:
        return len(self._choices)


def _turned(base: Project, theirs: Project, found: Merge, choices: Mapping[str, str]) -> Merge:
    """Return a merge that was made from the other side; what came in are the parts that theirs changed."""
    came = tuple(name for name in (*GIVEN, "units", *PLANS, *LAYERS) if not same_value(getattr(base, name), getattr(theirs, name)))
    return dataclasses.replace(found, conflicts=tuple(map(turned_conflict, found.conflicts)), taken=Taken(plans=came), choices=choices)


__all__ = ["MINE", "NO_CHOICES", "SIDES", "THEIRS", "Conflict", "Merge", "Taken", "merge", "resolved"]
