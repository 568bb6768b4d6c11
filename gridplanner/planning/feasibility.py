"""What the sizes allow, in words: parts that are joined, communities that no number of grids fits, units heavier than a grid may be."""

from __future__ import annotations

import numpy as np

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.planning.grid_problem import GridProblem


def feasibility(project: Project, given: GridProblem) -> tuple[Issue, ...]:
    """Return what can be said of a grid problem before it is solved."""
    return (*_part_issues(project, given), *_size_issues(project, given), *_heavy_units(given))


def _part_issues(project: Project, given: GridProblem) -> list[Issue]:
    """Say which inhabited parts of a community were joined to another part."""
    issues = []
    text = N_("A part of {name} with {n} {what} does not fit the band by itself; it joins the nearest part")
    for area, loads, piece in given.regions.joined:
        if max(loads) > 0:
            x, y = given.land.xy[piece].tolist()
            values = {"name": project.communities.names[area], **given.band.amount(loads)}
            issues.append(Issue(Level.INFO, "part", text, values, "communities", str(area), x, y))
    return issues


def _size_issues(project: Project, given: GridProblem) -> list[Issue]:
    """Say where no number of grids fits the band, and what the two nearest numbers give."""
    issues = []
    band, land, regions = given.band, given.land, given.regions
    totals = np.stack([group_sums(regions.region, column) for column in given.loads])
    for region in np.flatnonzero([len(band.fitting(w)) == 0 for w in regions.load.tolist()]).tolist():
        load, k, mine = float(regions.load[region]), int(given.problem.districts[region]), totals[:, region].tolist()
        target, _kind = band.binding(mine)
        less = max(int(load), 1)
        more = less + 1
        row = int(np.flatnonzero(regions.region == region)[0])
        x, y = land.xy[row].tolist()
        values = {
            "name": project.communities.names[land.area_row[row]], "k": k,
            "limits": f"{band.low * target:g}–{band.high * target:g}", **band.amount(mine),
            "less": less, "each": f"{load * target / less:.0f}", "more": more, "other": f"{load * target / more:.0f}",
        }  # fmt: skip
        text = (
            N_("{name} has no {what}; it is one grid")
            if load == 0
            else N_(
                "{name} has {n} {what}: no number of grids fits {limits}. "
                "k = {less} gives {each} each, k = {more} gives {other}; k = {k} was taken"
            )
        )
        issues.append(Issue(Level.WARNING if load > 0 else Level.INFO, "band", text, values, "communities", str(land.area_row[row]), x, y))
    return issues


def _heavy_units(given: GridProblem) -> list[Issue]:
    text = N_("A building or block that cannot be divided holds {n} {what}, more than a grid may")
    issues = []
    for piece in np.flatnonzero(given.loads.max(axis=0) > given.band.high).tolist():
        x, y = given.land.xy[piece].tolist()
        issues.append(Issue(Level.WARNING, "heavy", text, given.band.amount(given.loads[:, piece].tolist()), "units", str(piece), x, y))
    return issues
