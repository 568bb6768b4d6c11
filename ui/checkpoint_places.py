"""The places of checkpoints and crossings as map and tables show them: what each is, with the planner's marks since the plan was made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.checkpoints import Checkpoint, CheckpointPlan, CheckpointSites, Crossing
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project

SAME = 5.0  # metres within which a mark is meant for a place of the plan: the window marks the place itself


class Status(StrEnum):
    """What becomes of a place."""

    NEW = "new"
    EXISTING = "existing"
    OPEN = "open"
    FORBIDDEN = "forbidden"
    LEAK = "leak"
    WISHED = "wished"  # marked as existing since the plan was made


STATUS_WORDS = {
    Status.NEW: N_("new"), Status.EXISTING: N_("existing"), Status.OPEN: N_("open"), Status.FORBIDDEN: N_("forbidden"),
    Status.LEAK: N_("stays open"), Status.WISHED: N_("existing, not planned yet"),
}  # fmt: skip
DIRECTION_WORDS = {"both": N_("both ways"), "in": N_("inward"), "out": N_("outward")}
SHORT_DIRECTIONS = {"both": N_("both"), "in": N_("inbound"), "out": N_("outbound")}
CLASS_WORDS = {
    "motorway": N_("motorway"), "trunk": N_("trunk"), "primary": N_("primary"), "secondary": N_("secondary"), "tertiary": N_("tertiary"),
    "residential": N_("residential"), "unclassified": N_("minor"), "living_street": N_("living street"), "service": N_("service"),
    "track": N_("track"), "path": N_("path"), "footway": N_("footway"), "cycleway": N_("cycle way"), "pedestrian": N_("pedestrian"),
    "steps": N_("steps"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Spot:
    """One place: the row of its checkpoint and of its crossing in the plan (-1: none), and of the planner's mark on it (-1: none)."""

    x: float
    y: float
    status: Status
    checkpoint: int = -1
    crossing: int = -1
    site: int = -1


@dataclass(frozen=True, eq=False)
class Spots:
    """All places of a project, `xy` (n, 2) metres: the crossings in their order first, then other checkpoints, then other marks."""

    spots: tuple[Spot, ...]
    xy: Floats

    def __len__(self) -> int:
        return len(self.spots)

    def near(self, x: float, y: float, within: float) -> Spot | None:
        """Return the nearest place within some metres; one that is held before one that is not."""
        if not len(self.spots):
            return None
        away = np.hypot(self.xy[:, 0] - x, self.xy[:, 1] - y)
        rows = np.flatnonzero(away <= within).tolist()
        return self.spots[min(rows, key=lambda row: (self.spots[row].checkpoint < 0, away[row]))] if rows else None


def spots_of(project: Project) -> Spots:
    """Return the places of a project's checkpoint plan and of the planner's marks."""
    return _spots(project.checkpoints, project.checkpoint_sites)


@lru_cache(maxsize=8)
def _spots(plan: CheckpointPlan | None, sites: CheckpointSites) -> Spots:
    crossings = plan.crossings if plan is not None else ()
    checkpoints = plan.checkpoints if plan is not None else ()
    held = {point.crossing: row for row, point in enumerate(checkpoints) if point.crossing >= 0}
    marks = _marks(sites, np.array([(c.x, c.y) for c in crossings] + [(p.x, p.y) for p in checkpoints]).reshape(-1, 2))
    found = []
    for row, crossing in enumerate(crossings):
        at, mark = held.get(row, -1), marks.get(row, -1)
        known = str(sites.kinds[mark]) if mark >= 0 else ""
        found.append(Spot(crossing.x, crossing.y, _status(crossing, checkpoints[at] if at >= 0 else None, known), at, row, mark))
    for row, point in enumerate(checkpoints):
        if point.crossing < 0:
            mark = marks.get(len(crossings) + row, -1)
            found.append(Spot(point.x, point.y, Status.EXISTING if point.existing else Status.NEW, row, -1, mark))
    taken = set(marks.values())
    for row, (x, y) in enumerate(sites.xy.tolist()):
        if row not in taken:
            status = Status.FORBIDDEN if sites.kinds[row] == "forbidden" else Status.WISHED
            found.append(Spot(x, y, status, site=row))
    return Spots(tuple(found), np.array([(spot.x, spot.y) for spot in found]).reshape(-1, 2))


def _status(crossing: Crossing, held: Checkpoint | None, mark: str) -> Status:
    """Return what a crossing is: as the plan has it, but for a mark that was set since, which says so at once."""
    if mark == "forbidden":
        return Status.FORBIDDEN
    if held is not None:
        return Status.EXISTING if held.existing or mark == "existing" else Status.NEW
    if mark == "existing":
        return Status.WISHED
    if crossing.site == "forbidden":
        return Status.FORBIDDEN
    return Status.OPEN if crossing.arterial else Status.LEAK


def _marks(sites: CheckpointSites, places: Floats) -> dict[int, int]:
    """Return which row of the marks lies on which place, the nearest where several do."""
    found: dict[int, int] = {}
    if len(places):
        for row, (x, y) in enumerate(sites.xy.tolist()):
            away = np.hypot(places[:, 0] - x, places[:, 1] - y)
            nearest = int(away.argmin())
            if away[nearest] <= SAME:
                found[nearest] = row
    return found


def class_words(highway: str) -> str:
    """Return a class of streets in the language in use; one that is not known as it is."""
    link = highway.removesuffix("_link")
    words = _(CLASS_WORDS[link]) if link in CLASS_WORDS else highway
    return _("{road}, slip road").format(road=words) if link != highway else words


def direction_words(direction: str, *, short: bool = False) -> str:
    """Return a direction in the language in use."""
    words = SHORT_DIRECTIONS if short else DIRECTION_WORDS
    return _(words[direction]) if direction in words else direction


def road_words(road: str) -> str:
    """Return what a street is called."""
    return road or _("street without a name")


def spot_facts(project: Project, spot: Spot) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Return the title of a place, the line below it, and its facts: name, value, and the mood of the value."""
    plan = project.checkpoints
    point = plan.checkpoints[spot.checkpoint] if plan is not None and spot.checkpoint >= 0 else None
    crossing = plan.crossings[spot.crossing] if plan is not None and spot.crossing >= 0 else None
    status = _(STATUS_WORDS[spot.status])
    mood = "bad" if spot.status is Status.LEAK else ""
    facts: list[tuple[str, str, str]] = []
    road = point or crossing
    if road is not None:
        facts.append((_("Class"), class_words(road.highway), ""))
        facts.append((_("Direction"), direction_words(road.direction), ""))
        if road.cordon:
            facts.append((_("Cordon"), road.cordon, ""))
    if point is not None:
        facts += [(_("Rank"), str(point.rank), ""), (_("Sees beside those before it"), percent(point.flow), "")]
    if crossing is not None:
        facts += [(_("Through traffic"), percent(crossing.through), ""), (_("Outbound traffic"), percent(crossing.outbound), "")]
    facts.append((_("Status"), status, mood))
    if road is None:
        name = str(project.checkpoint_sites.names[spot.site]) if spot.site >= 0 else ""
        return name or _("Marked place"), "", facts
    title = _("Checkpoint {code}").format(code=point.code) if point is not None else road_words(road.road)
    return title, road_words(road.road) if point is not None else "", facts


def percent(share: float) -> str:
    """Return a share as per cent, with a decimal where it is small.

    >>> percent(0.123), percent(0.0123), percent(0.0)
    ('12 %', '1.2 %', '0 %')
    """
    value = 100.0 * share
    return f"{value:.0f} %" if value >= 9.95 or value < 0.05 else f"{value:.1f} %"
