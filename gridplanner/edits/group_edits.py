"""The planner's hand on beats and patrol zones: whole grids, or units of zones of street blocks, change group."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.refusals import plan_of, units_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.beats import Beat, BeatPlan
from gridplanner.model.group_codes import next_code, next_name
from gridplanner.model.group_loads import loads_of
from gridplanner.model.group_sides import borders_of_groups
from gridplanner.model.groups import NONE, Groups, called, group_plan, groups_of, pieces_of, plan_groups, units_of_pieces
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.model.zone_figures import refigured, zone_figures
from gridplanner.model.zones import Zone, ZonePlan


@dataclass(frozen=True)
class MovePieces:
    """Give grids (units, by their rows, where zones are made of street blocks) to a beat or zone; `code` is the group's, for the words.

    A group that loses its last grid ends. What was proven of the plan is proven no longer.
    """

    kind: str
    pieces: tuple[int, ...]
    to: int
    code: str = field(default="", compare=False)
    by_units: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count, group = len(self.pieces), called(self.kind, self.code or str(self.to))
        if self.by_units:
            return ngettext("Move {n} unit to {group}", "Move {n} units to {group}", count).format(n=count, group=group)
        return ngettext("Move {n} grid to {group}", "Move {n} grids to {group}", count).format(n=count, group=group)

    def apply(self, project: Project) -> Project:
        """Return the project with the pieces in that group; raises EditRejected for unknown pieces or groups and for locked groups."""
        groups = _groups(project, self.kind)
        if self.to not in groups.known:
            raise EditRejected(_("There is no {group}").format(group=called(self.kind, self.code or str(self.to))))
        units = _units(project, groups, self.pieces)
        _refuse_locked(groups, units, self.to)
        return _moved(project, groups, units, self.to, groups.known)


@dataclass(frozen=True)
class SplitOff:
    """Make a beat or zone of its own of some grids or units; `code` is the code of the group that they are taken from, for the words."""

    kind: str
    pieces: tuple[int, ...]
    code: str = field(default="", compare=False)
    by_units: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.pieces)
        what = _("a new beat") if self.kind == "beats" else _("a new zone")
        if self.by_units:
            return ngettext("Make {what} of {n} unit", "Make {what} of {n} units", count).format(n=count, what=what)
        return ngettext("Make {what} of {n} grid", "Make {what} of {n} grids", count).format(n=count, what=what)

    def apply(self, project: Project) -> Project:
        """Return the project with the new group.

        Raises EditRejected for unknown pieces, for locked groups, and where the pieces are all that a group has.
        """
        groups = _groups(project, self.kind)
        units = _units(project, groups, self.pieces)
        _refuse_locked(groups, units)
        givers = np.unique(groups.of_unit[units]).tolist()
        if len(givers) == 1 and givers[0] in groups.known and int((groups.of_unit == givers[0]).sum()) == len(units):
            raise EditRejected(_("These are all grids of {group}; leave it one at least").format(group=groups.called(givers[0])))
        key = _free_key(project, groups)
        area = next((known.area for giver in givers if isinstance(known := groups.known.get(giver), Beat)), "")
        made = _new_group(groups, area)
        return _moved(project, groups, units, key, {**groups.known, key: made})


@dataclass(frozen=True)
class MergeGroups:
    """Give all that some beats or zones have to the one `into`; `codes` are the codes of all, `into` in front, for the words."""

    kind: str
    into: int
    others: tuple[int, ...]
    codes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        codes = self.codes or tuple(str(group) for group in (self.into, *self.others))
        return _("Merge {others} into {group}").format(others=_(", ").join(codes[1:]), group=called(self.kind, codes[0]))

    def apply(self, project: Project) -> Project:
        """Return the project with one group in place of several; raises EditRejected for unknown, locked, and far groups."""
        groups = _groups(project, self.kind)
        others = [group for group in dict.fromkeys(self.others) if group != self.into]
        if not others:
            raise EditRejected(_("Choose at least two to merge"))
        for group in (self.into, *others):
            if group not in groups.known:
                raise EditRejected(_("There is no {group}").format(group=called(self.kind, str(group))))
        units = np.flatnonzero(np.isin(groups.of_unit, others))
        _refuse_locked(groups, units, self.into)
        near, reached, left = borders_of_groups(units_of(project), groups.of_unit), {self.into}, set(others)
        while left:
            touching = {group for group in left if near.get(group, frozenset()) & reached}
            if not touching:
                text = _("{group} does not touch the others; only neighbours can be merged")
                raise EditRejected(text.format(group=groups.called(min(left))))
            reached |= touching
            left -= touching
        return _moved(project, groups, units, self.into, groups.known)


@dataclass(frozen=True)
class LockGroups:
    """Lock beats or zones, or unlock them."""

    kind: str
    groups: tuple[int, ...]
    locked: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.groups)
        if self.kind == "beats" and self.locked:
            text = ngettext("Lock {n} beat", "Lock {n} beats", count)
        elif self.kind == "beats":
            text = ngettext("Unlock {n} beat", "Unlock {n} beats", count)
        elif self.locked:
            text = ngettext("Lock {n} zone", "Lock {n} zones", count)
        else:
            text = ngettext("Unlock {n} zone", "Unlock {n} zones", count)
        return text.format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the project with the groups locked or unlocked; raises EditRejected for an unknown group."""
        known = _known(project, self.kind)
        changed = {group: dataclasses.replace(_group(self.kind, known, group), locked=self.locked) for group in self.groups}
        return _with_known(project, self.kind, {**known, **changed})


@dataclass(frozen=True)
class RenameGroup:
    """Give a beat or zone another code and name; `was` is its code before, for the words."""

    kind: str
    group: int
    code: str
    name: str
    was: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Rename {group}").format(group=called(self.kind, self.was or self.code))

    def apply(self, project: Project) -> Project:
        """Return the project with the group renamed; raises EditRejected for an unknown group, and a code that is empty or taken."""
        known = _known(project, self.kind)
        group, code = _group(self.kind, known, self.group), self.code.strip()
        if not code:
            raise EditRejected(_("The code is empty"))
        if any(other.code == code for key, other in known.items() if key != self.group):
            raise EditRejected(_("The code {code} is taken").format(code=code))
        changed = dataclasses.replace(group, code=code, name=self.name.strip())
        return _with_known(project, self.kind, {**known, self.group: changed})


def _groups(project: Project, kind: str) -> Groups:
    groups = groups_of(project, kind)
    if groups is None:
        raise EditRejected(_("There are no beats yet") if kind == "beats" else _("There are no patrol zones over grids yet"))
    return groups


def _free_key(project: Project, groups: Groups) -> int:
    """Return an id that no group has, nor one of another plan between even work and fast response, which may be taken yet."""
    plan = group_plan(project, groups.kind)
    choices = plan.choices if isinstance(plan, ZonePlan) else ()
    return max([0, *groups.known, *(len(choice.sites) for choice in choices)]) + 1


def _known(project: Project, kind: str) -> Mapping[int, Beat | Zone]:
    if group_plan(project, kind) is None:
        raise EditRejected(_("There are no beats yet") if kind == "beats" else _("There are no patrol zones over grids yet"))
    return plan_groups(project, kind)


def _group(kind: str, known: Mapping[int, Beat | Zone], group: int) -> Beat | Zone:
    if group not in known:
        raise EditRejected(_("There is no {group}").format(group=called(kind, str(group))))
    return known[group]


def _units(project: Project, groups: Groups, pieces: tuple[int, ...]) -> Ints:
    """Return the units of some pieces; raises EditRejected for pieces that are not there, and for none."""
    units = units_of_pieces(project, groups, pieces)
    if not pieces or len(pieces_of(project, groups, units)) != len(set(pieces)):
        plan_of(project)
        raise EditRejected(_("There is no such unit") if groups.by_units else _("There is no such grid"))
    return units


def _refuse_locked(groups: Groups, units: Ints, *others: int) -> None:
    for group in {*np.unique(groups.of_unit[units]).tolist(), *others}:
        if groups.locked(group):
            raise EditRejected(locked_words(groups, group))


def locked_words(groups: Groups, group: int) -> str:
    """Return why a locked group stays as it is, in the language in use."""
    return _("The {group} is locked; unlock it first").format(group=groups.called(group))


def _moved(project: Project, groups: Groups, units: Ints, to: int, known: Mapping[int, Beat | Zone]) -> Project:
    """Return the project with some units in a group; groups with nothing left end, and what is known of the plan follows."""
    of_unit = groups.of_unit.copy()
    touched = {*np.unique(of_unit[units]).tolist(), to} - {NONE}
    of_unit[units] = to
    there = set(np.unique(of_unit).tolist())
    kept = {group: what for group, what in known.items() if group in there or group not in touched}
    plan = group_plan(project, groups.kind)
    assert plan is not None
    if groups.by_units:
        assert isinstance(plan, ZonePlan)
        return _refigured(project, dataclasses.replace(plan, labels=of_unit, zones=kept))  # type: ignore[arg-type]
    members = {**plan.members, **dict.fromkeys(pieces_of(project, groups, units), to)}
    if isinstance(plan, ZonePlan):
        return _refigured(project, dataclasses.replace(plan, members=members, zones=kept))  # type: ignore[arg-type]
    areas = {known[group].area for group in touched if isinstance(known.get(group), Beat)}  # type: ignore[union-attr]
    proofs = tuple(
        dataclasses.replace(part, status="none", why="edited") if part.area in areas or not part.area else part
        for part in plan.certificates
    )
    return dataclasses.replace(project, beats=dataclasses.replace(plan, members=members, beats=kept, certificates=proofs))  # type: ignore[arg-type]


def _refigured(project: Project, plan: ZonePlan) -> Project:
    """Return the project with zones that the hand has changed; where their ground is not known, their work is that of their households."""
    plan = refigured(project, plan)
    after = dataclasses.replace(project, zones=plan)
    if zone_figures(project, plan) is not None:
        return after
    work = np.array(list(loads_of(after, "zones").values()))
    return dataclasses.replace(project, zones=dataclasses.replace(plan, workload=work, p90=np.zeros(0)))


def _with_known(project: Project, kind: str, known: Mapping[int, Beat | Zone]) -> Project:
    plan = group_plan(project, kind)
    if isinstance(plan, BeatPlan):
        return dataclasses.replace(project, beats=dataclasses.replace(plan, beats=known))  # type: ignore[arg-type]
    assert plan is not None
    return dataclasses.replace(project, zones=dataclasses.replace(plan, zones=known))  # type: ignore[arg-type]


def _new_group(groups: Groups, area: str) -> Beat | Zone:
    """Return a group that begins: with the code that follows those of its area, and a name that no other one has."""
    everything = list(groups.known.values())
    taken, names = {known.code for known in everything}, {known.name for known in everything}
    like = [known.code for known in everything if isinstance(known, Zone) or known.area == area]
    code = next_code([code for code in like if code], taken)
    if groups.kind == "zones":
        return Zone(code, next_name(_("Patrol zone {n}"), names))
    return Beat(code, next_name(_("{area} beat {n}") if area else _("Beat {n}"), names, area), area)
