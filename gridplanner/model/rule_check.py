"""Whether a grid plan keeps the rules, the planner's own edits included."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.grids import GridPlan
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.lookup import unit_at
from gridplanner.model.outlines import polygons_of_units
from gridplanner.model.project import Project
from gridplanner.model.rules import area_of_units, members, together
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import Units


def rule_issues(project: Project) -> list[Issue]:
    """Return where the grid plan breaks a rule: exclusive areas with others in their grid, estates divided, places in another grid."""
    units, plan = project.units, project.grids
    if units is None or plan is None or not len(project.rules):
        return []
    told = {issue.ref for issue in plan.issues if issue.kind == "rule"}
    return [
        *_exclusive(project, units, plan),
        *(issue for issue in _kept(project, units, plan) if issue.ref not in told),
        *_places(project, units, plan),
    ]


def rural_issues(project: Project) -> list[Issue]:
    """Say where villages were asked for and no source names their groups, or groups are named and not asked for."""
    settings = project.settings.grids
    groups = len(project.rules.groups) > 0 or (project.households.group is not None and any(project.households.group))
    if settings is None or groups == (settings.rural == "villages"):
        return []
    if groups:
        text = N_("Villagers' groups are named, but [grids] rural is not “villages”; grids were made by size")
        return [Issue(Level.INFO, "rural", text, {}, "grids")]
    text = N_("[grids] rural is “villages”, but no source names groups: map fields.group of the households, or give [sources.groups]")
    return [Issue(Level.WARNING, "rural", text, {}, "grids")]


def _exclusive(project: Project, units: Units, plan: GridPlan) -> list[Issue]:
    """An exclusive area whose units share a grid with households from outside, or that is partly in such a grid."""
    areas, issues = project.rules.exclusive, []
    if not len(areas):
        return []
    of_unit = area_of_units(units, areas)
    homes = unit_households(units, project.households)
    whole = group_sums(plan.labels, homes)
    for row, mine in enumerate(members(of_unit, len(areas))):
        grids, index = np.unique(plan.labels[mine], return_inverse=True)
        inside = group_sums(index, homes[mine], len(grids))
        for number, grid in enumerate(grids.tolist()):
            others = whole[grid] - inside[number]
            bare = inside[number] == 0 and inside.sum() > 0  # empty ground of it may be in whatever grid is beside
            if others > 1e-9 and not bare:
                text = N_("Grid {code} holds a part of the exclusive area {name} and {n} households from outside")
                values = {"code": plan.grids[grid].code, "name": str(areas.names[row]), "n": f"{others:g}"}
                issues.append(_issue(units, mine[index == number], text, values))
    return issues


def _kept(project: Project, units: Units, plan: GridPlan) -> list[Issue]:
    """An area that is to stay together in more than one grid of one community."""
    of_unit, names = together(units, project.rules.keep)
    issues = []
    homes = unit_households(units, project.households)
    for name, rows in zip(names, members(of_unit, len(names)), strict=True):
        mine = rows[homes[rows] > 0]
        for community in np.unique(units.community[mine]).tolist():
            here = mine[units.community[mine] == community]
            grids, index = np.unique(plan.labels[here], return_inverse=True)
            if len(grids) > 1:
                text = N_("{name} is to stay together, but is divided among the grids {codes}")
                codes = ", ".join(plan.grids[g].code for g in grids.tolist())
                least = int(np.argmin(group_sums(index, homes[here])))
                issues.append(_issue(units, here[index == least], text, {"name": name, "codes": codes}))
    return issues


def _places(project: Project, units: Units, plan: GridPlan) -> list[Issue]:
    """A place that is to stay in one grid and lies in another."""
    stays, issues = project.rules.must_stay, []
    text = N_("Place {row} is to stay in grid {code}, but lies in grid {other}")
    for row, ((x, y), code) in enumerate(zip(stays.xy.tolist(), stays.codes.tolist(), strict=True)):
        unit = unit_at(units, x, y)
        if unit >= 0 and (other := plan.grids[int(plan.labels[unit])].code) != code:
            values = {"row": row + 1, "code": code, "other": other}
            issues.append(Issue(Level.WARNING, "rule", text, values, "rules", code, round(x, 2), round(y, 2)))
    return issues


def _issue(units: Units, rows: Ints, text: str, values: Mapping[str, object]) -> Issue:
    x, y = shapely.get_coordinates(shapely.point_on_surface(polygons_of_units(units, rows[:1])))[0].round(2).tolist()
    return Issue(Level.WARNING, "rule", text, values, "rules", str(values["name"]), x, y)
