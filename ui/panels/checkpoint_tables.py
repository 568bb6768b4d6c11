"""The rows of checkpoints, crossings and cordons beside the map: columns of values, and which place each row is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.checkpoints import CheckpointPlan
from gridplanner.model.project import Project
from ui.checkpoint_places import STATUS_WORDS, Spot, Status, class_words, direction_words, percent, road_words, spots_of
from ui.panels.sorted_table import TableColumn, Values


def _more(value: float) -> str:
    return percent(value) if value == value else "–"


def _whole(value: float) -> str:
    return f"{value:,.0f}" if value == value else "–"


HELD = (
    TableColumn(N_("No."), N_("Rank: the order in which checkpoints are taken up"), 36, True, _whole),
    TableColumn(N_("Road"), N_("Name of the street")),
    TableColumn(N_("Class"), N_("Class of the street")),
    TableColumn(N_("Way"), N_("Direction of traffic over the line"), 42),
    TableColumn(N_("Flow"), N_("Share of the flow that it sees beside those ranked before it"), 54, True, _more),
    TableColumn(N_("Status"), N_("Whether a checkpoint stands there already"), 64),
)
CROSSINGS = (
    TableColumn(N_("Road"), N_("Name of the street")),
    TableColumn(N_("Class"), N_("Class of the street")),
    TableColumn(N_("Way"), N_("Direction of traffic over the line"), 42),
    TableColumn(N_("Through"), N_("Share of the through traffic that passes here"), 60, True, _more),
    TableColumn(N_("Out"), N_("Share of the outbound traffic that passes here"), 46, True, _more),
    TableColumn(N_("Status"), N_("Held under a number, open, forbidden, or a street that no checkpoint may hold"), 70),
)
CORDONS = (
    TableColumn(N_("Cordon"), N_("Name of the line")),
    TableColumn(N_("At most"), N_("Checkpoints that may be set up"), 62, True, _whole),
    TableColumn(N_("Held"), N_("Checkpoints of the plan"), 50, True, _whole),
    TableColumn(N_("People"), N_("People that it takes to close the line wholly"), 58, True, _whole),
    TableColumn(N_("Open"), N_("Streets that stay open because no checkpoint may hold them"), 50, True, _whole),
)


@dataclass(frozen=True, eq=False)
class Rows:
    """Values of the columns, and the place of each row."""

    values: tuple[Values, ...]
    spots: tuple[Spot, ...]

    def __len__(self) -> int:
        return len(self.spots)


def held_rows(project: Project, cordon: str) -> Rows:
    """Return the checkpoints of one cordon (empty: the district's boundary) by rank."""
    plan = project.checkpoints
    if plan is None:
        return Rows(((),) * len(HELD), ())
    mine = [spot for spot in spots_of(project).spots if spot.checkpoint >= 0 and plan.checkpoints[spot.checkpoint].cordon == cordon]
    mine.sort(key=lambda spot: plan.checkpoints[spot.checkpoint].rank)
    points = [plan.checkpoints[spot.checkpoint] for spot in mine]
    values = (
        np.array([point.rank for point in points], float),
        [road_words(point.road) for point in points],
        [class_words(point.highway) for point in points],
        [direction_words(point.direction, short=True) for point in points],
        np.array([point.flow for point in points], float),
        [_(STATUS_WORDS[spot.status]) for spot in mine],
    )
    return Rows(values, tuple(mine))


def crossing_rows(project: Project, cordon: str) -> Rows:
    """Return all crossings of one cordon, those that are held first, then by the flow that passes."""
    plan = project.checkpoints
    if plan is None:
        return Rows(((),) * len(CROSSINGS), ())
    mine = [spot for spot in spots_of(project).spots if spot.crossing >= 0 and plan.crossings[spot.crossing].cordon == cordon]

    def order(spot: Spot) -> tuple[bool, float, float]:
        crossing = plan.crossings[spot.crossing]
        rank = plan.checkpoints[spot.checkpoint].rank if spot.checkpoint >= 0 else 0
        return spot.checkpoint < 0, rank, -crossing.through - crossing.outbound

    mine.sort(key=order)
    crossings = [plan.crossings[spot.crossing] for spot in mine]
    values = (
        [road_words(crossing.road) for crossing in crossings],
        [class_words(crossing.highway) for crossing in crossings],
        [direction_words(crossing.direction, short=True) for crossing in crossings],
        np.array([crossing.through for crossing in crossings], float),
        np.array([crossing.outbound for crossing in crossings], float),
        [_crossing_status(plan, spot) for spot in mine],
    )
    return Rows(values, tuple(mine))


def cordon_values(project: Project) -> tuple[Values, ...]:
    """Return the columns of the drawn cordons, NaN for what was not planned yet."""
    plan, cordons = project.checkpoints, project.cordons
    names = [str(name) for name in cordons.names]
    closures = {closure.cordon: closure for closure in plan.closures} if plan is not None else {}
    planned = {name for name in names if name in closures}
    held = {name: sum(point.cordon == name for point in plan.checkpoints) for name in planned} if plan is not None else {}
    return (
        names,
        cordons.counts.astype(float),
        np.array([held.get(name, np.nan) for name in names], float),
        np.array([closures[name].people if name in closures else np.nan for name in names], float),
        np.array([len(closures[name].leaks) if name in closures else np.nan for name in names], float),
    )


def cordon_names(project: Project) -> list[str]:
    """Return what there are checkpoints for: the district's boundary as an empty name, drawn cordons, and others that the plan knows."""
    plan = project.checkpoints
    planned = [closure.cordon for closure in plan.closures] if plan is not None else []
    return list(dict.fromkeys(["", *(str(name) for name in project.cordons.names), *planned]))


def _crossing_status(plan: CheckpointPlan, spot: Spot) -> str:
    if spot.checkpoint >= 0 and spot.status is not Status.FORBIDDEN:
        return plan.checkpoints[spot.checkpoint].code or _(STATUS_WORDS[spot.status])
    return _(STATUS_WORDS[spot.status])
