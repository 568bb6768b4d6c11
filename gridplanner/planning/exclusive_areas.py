"""Areas that are grids of their own, whatever they weigh (专属网格): which units they take."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.errors import NoPlanFound
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.rules import RuleAreas, area_of_units, area_shares, members
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import OUTSIDE, unit_areas

STRAY = 0.05  # share of an area's ground in another community, without households, that is taken for a slip of the pen


def exclusive_units(project: Project, load: Floats) -> tuple[Ints, list[Issue]]:
    """Return the exclusive area of each unit, (u,) OUTSIDE for none, and what is to be said of the areas.

    `load` (u,) is what the units weigh. Raises NoPlanFound where an area lies in two communities.
    """
    units, areas = project.units, project.rules.exclusive
    assert units is not None
    issues: list[Issue] = []
    found = area_of_units(units, areas).copy()
    if not len(areas):
        return found, issues
    unit, touched, share = area_shares(units, areas)
    twice = np.bincount(unit[share > 0.5], minlength=len(units)) > 1
    for row, mine in enumerate(members(found, len(areas))):
        name = str(areas.names[row])
        if not len(mine):
            text = N_("The exclusive area {name} holds no unit of its own; draw it larger, inside a community, and off the other areas")
            if row not in touched:
                text = N_("The exclusive area {name} lies outside every community; check its place and its coordinate system")
            issues.append(_issue(areas, row, text))
            continue
        found[mine] = OUTSIDE
        found[_in_one_community(project, mine, load, name)] = row
        if twice[mine].any():
            text = N_("The exclusive area {name} overlaps another; each unit is in the one that holds more of it")
            issues.append(_issue(areas, row, text))
    return found, issues


def _issue(areas: RuleAreas, row: int, text: str) -> Issue:
    x, y = shapely.get_coordinates(shapely.point_on_surface(areas.polygons[row]))[0].round(2).tolist()
    return Issue(Level.WARNING, "rule", text, {"name": str(areas.names[row])}, "rules", str(areas.names[row]), x, y)


def _in_one_community(project: Project, rows: Ints, load: Floats, name: str) -> Ints:
    """Return the units without a slip into another community; raises NoPlanFound where the area really lies in several."""
    units = project.units
    assert units is not None
    ground = group_sums(units.community[rows], unit_areas(units)[rows])
    homes = group_sums(units.community[rows], load[rows])
    main = int(np.lexsort((ground, homes))[-1])
    strays = np.arange(len(ground)) != main
    if homes[strays].sum() == 0 and ground[strays].sum() <= STRAY * ground.sum():
        return np.asarray(rows[units.community[rows] == main])
    households = group_sums(units.community[rows], unit_households(units, project.households)[rows], len(ground))
    there = np.flatnonzero(ground > 0).tolist()
    parts = ", ".join(f"{project.communities.names[c]}: {households[c]:g}" for c in there)
    text = _(
        "The exclusive area {name} lies in several communities (households: {parts}), and a grid never crosses a community. "
        "Draw one area in each; the largest that can be one grid is the part in {main}"
    )
    raise NoPlanFound(text.format(name=name, parts=parts, main=project.communities.names[main]))


def free_of_locks(project: Project, rows: Ints, member: Ints, load: Floats, name: str) -> Ints:
    """Return the units of one part of an exclusive area that are to be a grid, none where a locked grid is that already.

    Empty ground stays with the locked grid that has it. Raises NoPlanFound where a locked grid holds some of the part's households and
    leaves others out, or holds others as well.
    """
    inhabited = rows[load[rows] > 0]
    holders = np.unique(member[inhabited])
    if holders.max(initial=OUTSIDE) == OUTSIDE:
        return np.asarray(rows[member[rows] == OUTSIDE])
    number = int(holders[-1])
    theirs = np.flatnonzero(member == number)
    if len(holders) == 1 and len(np.setdiff1d(theirs[load[theirs] > 0], inhabited)) == 0:
        return rows[:0]
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    households = unit_households(units, project.households)
    text = _(
        "Grid {code} is locked and holds {n} of the {all} households of the exclusive area {name}, and {others} others. Unlock it, or "
        "redraw the area: beside the lock, {rest} households can be a grid of their own"
    )
    grid = plan.grids[int(plan.labels[theirs[0]])]
    both = float(households[np.intersect1d(rows, theirs)].sum())
    whole = float(households[rows].sum())
    others = float(households[theirs].sum()) - both
    rest = float(households[rows[member[rows] == OUTSIDE]].sum())
    values = {"n": f"{both:g}", "all": f"{whole:g}", "rest": f"{rest:g}", "others": f"{others:g}"}
    raise NoPlanFound(text.format(code=grid.code, name=name, **values))
