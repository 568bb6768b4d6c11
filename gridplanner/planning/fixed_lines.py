"""Lines that stay grid boundaries: the borders of units along them, and the grids that lie on both sides all the same."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely

from algorithms.units.noding import PlanarGraph
from gridplanner.i18n import N_
from gridplanner.model.grids import Grid
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Ints, Lines
from gridplanner.model.places import Barriers, Communities, Railway, Roads
from gridplanner.model.project import Project
from gridplanner.model.rules import Rules
from gridplanner.model.units import Units, border_lengths
from gridplanner.planning.linework import along, pulled_fixed_lines

FOLLOWED = 0.95  # share of the lines inside communities that borders follow, below which it is said


def fixed_pieces(project: Project) -> Bools:
    """Return which border pieces of the project's units run along a line that stays a grid boundary, (m,)."""
    units = project.units
    assert units is not None
    if not len(project.rules.fixed_lines):
        return np.zeros(len(units.ends), bool)
    return _pieces(units, project.rules.fixed_lines, project.communities, project.roads, project.barriers, project.railway)[0]


@lru_cache(maxsize=4)
def _pieces(
    units: Units, lines: Lines, communities: Communities, roads: Roads, barriers: Barriers, railway: Railway
) -> tuple[Bools, float]:
    """Return the border pieces along the lines, and the share of the lines inside the communities that they make up."""
    ground = Project(communities=communities, roads=roads, barriers=barriers, railway=railway, rules=Rules(fixed_lines=lines))
    drawn = pulled_fixed_lines(ground)
    found = along(PlanarGraph(units.xy, units.ends), drawn)
    inside = shapely.intersection(shapely.union_all(drawn, grid_size=0.01), shapely.union_all(communities.polygons))
    share = border_lengths(units)[found].sum() / max(float(shapely.length(inside)), 1e-9)
    return found, float(share)


def fixed_line_issues(project: Project, labels: Ints, grids: dict[int, Grid]) -> tuple[Issue, ...]:
    """Return which grids of a plan lie on both sides of a line that stays a boundary, and whether units are too narrow to follow it."""
    units, rules = project.units, project.rules
    assert units is not None
    if not len(rules.fixed_lines):
        return ()
    pieces, share = _pieces(units, rules.fixed_lines, project.communities, project.roads, project.barriers, project.railway)
    issues: list[Issue] = []
    if share < FOLLOWED:
        text = N_(
            "{share} of the lines that are to stay boundaries could be followed; the rest ends inside a block or runs beside another line"
        )
        issues.append(Issue(Level.WARNING, "rule", text, {"share": f"{100 * share:.0f} %"}, "rules", "fixed_lines"))
    rows = np.flatnonzero(pieces & (units.left >= 0) & (units.right >= 0))
    rows = rows[labels[units.left[rows]] == labels[units.right[rows]]]
    text = N_("Grid {code} lies on both sides of a line that is to stay a boundary, along {n} m")
    for grid in np.unique(labels[units.left[rows]]).tolist():
        mine = rows[labels[units.left[rows]] == grid]
        x, y = units.xy[units.ends[mine[0]]].mean(axis=0).round(2).tolist()
        values = {"code": grids[grid].code, "n": f"{border_lengths(units)[mine].sum():.0f}"}
        issues.append(Issue(Level.WARNING, "rule", text, values, "rules", grids[grid].code, x, y))
    return tuple(issues)
