"""Every finding about a project: what reading repaired, what planning could not do, and what the plan breaks."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.band import band_of
from gridplanner.model.code_check import code_issues
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue, Level
from gridplanner.model.outlines import grid_ids, grid_outlines
from gridplanner.model.project import Project
from gridplanner.model.rule_check import rule_issues, rural_issues
from gridplanner.model.statistics import grid_figures
from gridplanner.model.units import unit_areas

# wishes of a section that is built which no step follows yet
NOT_FOLLOWED = (
    ("zones", "units"), ("zones", "response"), ("rail", "weights"), ("rail", "breaks"),
    ("export", "profile"), ("export", "map_book"),
)  # fmt: skip
NOT_BUILT = ("beats", "checkpoints", "roster", "response", "rating", "street_chiefs")


def check(project: Project) -> tuple[Issue, ...]:
    """Return all issues of a project, errors first."""
    found = list(project.read_issues)
    for plan in (project.units, project.grids, project.zones, project.patrol, project.rail):
        found += plan.issues if plan is not None else ()
    if project.units is not None and project.grids is not None:
        found += [*_grid_issues(project), *code_issues(project), *_area_issues(project), *rule_issues(project)]
    for name in sorted(stale_plans(project)):
        text = N_("[{plan}] was made from data, plans or settings that have changed since; make it again")
        found.append(Issue(Level.WARNING, "stale", text, {"plan": name}, name))
    found += [*_band_issues(project), *rural_issues(project)]
    for section in NOT_BUILT:
        if getattr(project.settings, section) is not None:
            text = N_("[{section}] is not built yet; its step was skipped")
            found.append(Issue(Level.INFO, "not_built", text, {"section": section}, section))
    for section, key in NOT_FOLLOWED:
        wish = getattr(project.settings, section)
        if wish is not None and getattr(wish, key) != getattr(type(wish)(), key):
            text = N_("[{section}] {key} is not built yet; it was left aside")
            found.append(Issue(Level.WARNING, "not_built", text, {"section": section, "key": key}, section))
    order = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}
    return tuple(sorted(found, key=lambda issue: order[issue.level]))


def count_issues(issues: tuple[Issue, ...]) -> dict[str, int]:
    """Return the number of issues of each level."""
    counts = Counter(issue.level for issue in issues)
    return {str(level): counts.get(level, 0) for level in Level}


def _band_issues(project: Project) -> list[Issue]:
    """Say where limits are given without a target and the usual one lies outside them: deviations are then from a size nobody wants."""
    settings = project.settings.grids
    if settings is None or settings.target_households is not None or settings.min_households is None:
        return []
    band = band_of(settings)
    if band.households is None or band.low <= 1.0 <= band.high:
        return []
    text = N_("[grids] names no target_households, so {target} is taken, outside {low} to {high}; name a target between them")
    values = {"target": f"{band.households:g}", "low": f"{settings.min_households:g}", "high": f"{band.high * band.households:g}"}
    return [Issue(Level.WARNING, "target", text, values, "grids")]


_WORDS = {
    "split": (Level.ERROR, N_("Grid {code} is in {pieces} pieces that could be one")),
    "under": (Level.WARNING, N_("Grid {code} has {n} {what}, {deviation}: below the band")),
    "over": (Level.WARNING, N_("Grid {code} has {n} {what}, {deviation}: above the band")),
    "parts": (Level.INFO, N_("Grid {code} lies in {pieces} pieces because its community does")),
}


def _grid_issues(project: Project) -> list[Issue]:
    assert project.units is not None
    assert project.grids is not None
    figures = grid_figures(project)
    rows = np.flatnonzero(figures.status != "ok")
    shapes = grid_outlines(project.units, project.grids)
    place = shapely.get_coordinates(shapely.point_on_surface(shapes[rows]))
    band = band_of(project.settings.grids)
    loads = band.loads(figures.households, figures.persons)
    issues = []
    for row, (x, y) in zip(rows.tolist(), place.tolist(), strict=True):
        level, text = _WORDS[figures.status[row]]
        grid = project.grids.grids[int(figures.ids[row])]
        code = grid.code
        if grid.kind and level is Level.WARNING:
            level = Level.INFO  # what is a grid whatever it weighs is out of the band by right
        values = {
            "code": code,
            "pieces": int(figures.pieces[row]),
            **band.amount(loads[:, row].tolist()),
            "deviation": f"{figures.deviation[row]:+.1f} %",
        }
        issues.append(Issue(level, str(figures.status[row]), text, values, "grids", code, x, y))
    return issues


def _area_issues(project: Project) -> list[Issue]:
    """The units tile by construction; what can fail is that they no longer fill the communities they were cut from."""
    assert project.units is not None
    assert project.grids is not None
    issues = []
    missing = set(np.unique(project.grids.labels).tolist()) ^ set(grid_ids(project.grids).tolist())
    for grid in sorted(missing):
        issues.append(Issue(Level.ERROR, "empty", N_("Grid {grid} has no area"), {"grid": grid}, "grids", str(grid)))
    size = len(project.communities)
    filled = group_sums(project.units.community, unit_areas(project.units), size)
    wanted = shapely.area(project.communities.polygons)
    for row in np.flatnonzero(np.abs(filled - wanted) > 0.002 * wanted + 1).tolist():
        text = N_("The grids of community {name} cover {share} of it")
        values = {"name": project.communities.names[row], "share": f"{100 * filled[row] / wanted[row]:.1f} %"}
        issues.append(Issue(Level.ERROR, "gap" if filled[row] < wanted[row] else "overlap", text, values, "communities", str(row)))
    return issues
