"""What else a project holds, merged as whole values: what one side alone changed is taken, what both changed is a conflict."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gridplanner.model.beats import BeatPlan
from gridplanner.model.grid_identity import NO_GRID, Identities
from gridplanner.model.lines import Ints
from gridplanner.model.merge import THEIRS
from gridplanner.model.project import Project
from gridplanner.model.sameness import same_value
from gridplanner.model.street_chiefs import ChiefPlan
from gridplanner.model.units import unit_areas
from gridplanner.model.zones import NO_ZONE, ZonePlan
from gridplanner.settings import Settings

PLANS = ("beats", "zones", "checkpoints", "rings", "chiefs", "patrol", "rail", "roster")
LAYERS = (
    "roads", "barriers", "railway", "stations", "rail_things", "key_sites", "depots", "incidents", "station_areas", "indicators", "staff",
    "checkpoint_sites", "cordons", "roster_cells", "drawn", "picks", "read_issues", "provenance",
)  # fmt: skip
QUIET = ("read_issues", "provenance", "handouts")  # of which mine stay where both changed them: nobody made them by hand


@dataclass(frozen=True)
class WholeClash:
    """A value that both sides changed: `kind` of the conflict, `field` of the project or section of its settings."""

    kind: str
    field: str

    @property
    def name(self) -> str:
        """What tells clashes of one merge apart."""
        return f"{self.kind}:{self.field}"


@dataclass(eq=False)
class Wholes:
    """Decides values as wholes and remembers what clashed and what came from theirs."""

    choices: Mapping[str, str]
    clashes: list[WholeClash] = dataclasses.field(default_factory=list)
    taken: list[str] = dataclasses.field(default_factory=list)

    def decide(self, kind: str, field: str, base: Any, mine: Any, theirs: Any, same: Callable[[Any, Any], bool] = same_value) -> Any:
        """Return the value of a field."""
        if same(theirs, base) or same(theirs, mine):
            return mine
        if not same(mine, base):
            if field in QUIET:
                return mine
            clash = WholeClash(kind, field)
            self.clashes.append(clash)
            if self.choices.get(clash.name) != THEIRS:
                return mine
        self.taken.append("settings" if kind == "settings" else field)
        return theirs


def merged_layers(base: Project, mine: Project, theirs: Project, wholes: Wholes) -> dict[str, Any]:
    """Return the layers that are no communities or households, each as a whole."""
    return {name: wholes.decide("data", name, *(getattr(project, name) for project in (base, mine, theirs))) for name in LAYERS}


def merged_settings(base: Settings, mine: Settings, theirs: Settings, wholes: Wholes) -> Settings:
    """Return settings, section by section."""
    values = {
        part.name: wholes.decide("settings", part.name, *(getattr(one, part.name) for one in (base, mine, theirs)))
        for part in dataclasses.fields(Settings)
    }
    return mine if all(values[name] is getattr(mine, name) for name in values) else Settings(**values)


def merged_plans(
    base: Project, mine: Project, theirs: Project, ids: Identities, rows: tuple[Ints, Ints, Ints], merged: Project, wholes: Wholes
) -> dict[str, Any]:
    """Return the plans that follow from grids, each as a whole, over merged units and under the ids of the merged grids.

    `rows` are the units of the base, of mine and of theirs in which each merged unit lies (NOWHERE: not known). Of beats and zones over
    grids, who is in which is decided grid by grid where nothing else differs.
    """
    found: dict[str, Any] = {}
    for name in PLANS:
        names = (ids.base, ids.mine, ids.theirs)
        values = [_followed(getattr(project, name), project, mapping, at, merged)
                  for project, mapping, at in zip((base, mine, theirs), names, rows, strict=True)]  # fmt: skip
        one, two, three = values
        if isinstance(one, BeatPlan | ZonePlan) and isinstance(two, BeatPlan | ZonePlan) and isinstance(three, BeatPlan | ZonePlan):
            members = _members(one.members, two.members, three.members)
            if members is not None:
                one, two, three = (dataclasses.replace(plan, members=members) for plan in (one, two, three))
                if members != values[1].members:
                    wholes.taken.append(name)
        found[name] = wholes.decide("plan", name, one, two, three, _same_plan)
        if found[name] is values[1] or (found[name] is not None and _same_plan(found[name], values[1])):
            found[name] = values[1]
    return found


def _members(base: Mapping[int, int], mine: Mapping[int, int], theirs: Mapping[int, int]) -> dict[int, int] | None:
    """Return who is in which group, grid by grid; None where both sides moved a grid otherwise."""
    found = dict(mine)
    for key in [*mine, *(key for key in theirs if key not in mine)]:
        b, m, t = base.get(key), mine.get(key), theirs.get(key)
        if t in (b, m):
            continue
        if m != b:
            return None
        if t is None:
            found.pop(key, None)
        else:
            found[key] = t
    return found


def _same_plan(one: Any, other: Any) -> bool:
    """Return whether two plans are the same but for what they were made from, what zones are judged by, and the choice behind them."""
    if isinstance(one, ZonePlan) and isinstance(other, ZonePlan):
        one, other = (dataclasses.replace(plan, ground=None, choices=(), made_from="") for plan in (one, other))
    elif one is not None and other is not None:
        one, other = (dataclasses.replace(plan, made_from="") for plan in (one, other))
    return same_value(one, other)


def _followed(plan: Any, project: Project, names: Mapping[int, int], rows: Ints, merged: Project) -> Any:
    """Return a plan over the merged units and grids."""
    if isinstance(plan, BeatPlan | ZonePlan):
        members = {names.get(grid, grid): group for grid, group in plan.members.items()}
        if members != plan.members:
            plan = dataclasses.replace(plan, members=members)
    if isinstance(plan, ChiefPlan):
        stretches = tuple(
            dataclasses.replace(one, left=tuple(names.get(g, g) for g in one.left), right=tuple(names.get(g, g) for g in one.right))
            for one in plan.stretches
        )
        if not same_value(stretches, plan.stretches):
            plan = dataclasses.replace(plan, stretches=stretches)
    if isinstance(plan, ZonePlan) and project.units is not None and project.units is not merged.units:
        plan = _zones_over(plan, len(project.units), rows, merged)
    return plan


def _zones_over(zones: ZonePlan, count: int, rows: Ints, merged: Project) -> ZonePlan:
    """Return zones of a version with `count` units over the merged ones: parts share by their ground what the whole counted for."""
    there = rows >= 0
    at = np.where(there, rows, 0)
    if np.array_equal(rows, np.arange(count)):
        return zones
    if len(zones.labels) == count:
        labels = np.where(there, zones.labels[at], NO_ZONE).astype(zones.labels.dtype)
        choices = tuple(dataclasses.replace(one, labels=np.where(there, one.labels[at], NO_GRID).astype(one.labels.dtype))
                        if len(one.labels) == count else one for one in zones.choices)  # fmt: skip
        zones = dataclasses.replace(zones, labels=labels, choices=choices)
    ground = zones.ground
    if ground is None or len(ground.work) != count or merged.units is None:
        return zones
    area = unit_areas(merged.units)
    share = np.where(there, area / np.maximum(np.bincount(at[there], area[there], minlength=count)[at], 1e-9), 0.0)
    amounts = {name: getattr(ground, name)[at] * share for name in ("work", "demand", "street_km", "key_sites")}
    return dataclasses.replace(zones, ground=dataclasses.replace(ground, piece=ground.piece[at], **amounts))
