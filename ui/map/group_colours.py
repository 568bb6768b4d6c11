"""Colours of beats and of patrol zones: neighbours differ, and one keeps its colour while others are moved, split or merged."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from gridplanner.model.group_sides import borders_of_groups
from gridplanner.model.groups import Groups, groups_of
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from ui.map.colours import HUES, palette
from ui.styles import Theme

LISTED = len(HUES)  # groups that have a line each in the legend


def group_fills(project: Project, kind: str, look: Theme, bare: QColor) -> dict[int, QColor]:
    """Return the colour of each grid by its beat or zone, `bare` for those in none and where groups do not follow grids."""
    groups, plan = groups_of(project, kind), project.grids
    if groups is None or plan is None or project.units is None or groups.by_units:
        return dict.fromkeys(plan.grids, bare) if plan is not None else {}
    number, fills = group_colours(project.units, groups), palette(look)
    members = project.beats.members if kind == "beats" and project.beats is not None else {}
    if kind == "zones" and project.zones is not None:
        members = project.zones.members
    return {grid: fills[number[group]] if (group := members.get(grid, -1)) in number else bare for grid in plan.grids}


def group_names(project: Project, kind: str, look: Theme) -> list[tuple[str, str]]:
    """Return the colour and name of each beat or zone for the legend; none where there are too many for a line each."""
    groups = groups_of(project, kind)
    if groups is None or project.units is None or len(groups) > LISTED:
        return []
    number, fills = group_colours(project.units, groups), palette(look)
    return [(fills[number[group]].name(), known.name or known.code) for group, known in groups.known.items()]


@lru_cache(maxsize=8)
def group_colours(units: Units, groups: Groups) -> dict[int, int]:
    """Return the place in the palette of each group, by its id.

    Greedy: each prefers a colour that follows from its id alone, and takes the next one that no neighbour has: up to nine have a colour
    of their own.
    """
    near, colours = borders_of_groups(units, groups.of_unit), dict[int, int]()
    for group in sorted(groups.known):
        taken = [colours[other] for other in near.get(group, ()) if other in colours]
        colours[group] = min(((group * 4 + step) % LISTED for step in range(LISTED)), key=taken.count)
    return colours
