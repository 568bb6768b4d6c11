"""Every finding about a project: what reading repaired, what planning could not do, and what the plan breaks."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.band import band_of
from gridplanner.model.code_check import code_issues
from gridplanner.model.cross_table import staff_issues
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lease_check import lease_issues
from gridplanner.model.lines import Ints, Texts
from gridplanner.model.outlines import outlines_of_grids
from gridplanner.model.patrol_check import patrol_issues
from gridplanner.model.places import Communities
from gridplanner.model.project import Project
from gridplanner.model.rail_check import rail_issues
from gridplanner.model.ratings import rating_issues
from gridplanner.model.rule_check import rule_issues, rural_issues
from gridplanner.model.scenarios import PLANNED
from gridplanner.model.statistics import GridFigures, grid_figures
from gridplanner.model.units import Units, unit_areas

# wishes of a section that is built which no step follows yet
NOT_FOLLOWED = (("export", "map_book"),)


@dataclass(frozen=True, eq=False)
class Findings:
    """The issues of a project, apart by what they follow from, so that after an edit only those it can have changed are looked for.

    `given` came with the data and the plans; `grids` are by grid, in rising order; `empty` are grids without units, and labels of units
    that are no grid, rising; `codes`, `gaps`, `rules` and `stale` are of the grid plan, `wishes` of the settings.
    """

    given: tuple[Issue, ...]
    grids: dict[int, Issue]
    codes: tuple[Issue, ...]
    empty: tuple[int, ...]
    gaps: tuple[Issue, ...]
    rules: tuple[Issue, ...]
    stale: tuple[Issue, ...]
    wishes: tuple[Issue, ...]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All of them, errors first."""
        text = N_("Grid {grid} has no area")
        empty = [Issue(Level.ERROR, "empty", text, {"grid": grid}, "grids", str(grid)) for grid in self.empty]
        found = (*self.given, *self.grids.values(), *self.codes, *empty, *self.gaps, *self.rules, *self.stale, *self.wishes)
        order = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}
        return tuple(sorted(found, key=lambda issue: order[issue.level]))


def check(project: Project) -> tuple[Issue, ...]:
    """Return all issues of a project, errors first."""
    return findings(project).issues


def findings(project: Project) -> Findings:
    """Return all issues of a project by what they follow from."""
    found = Findings(given_issues(project), {}, (), (), (), (), (), ())
    units, plan = project.units, project.grids
    if units is not None and plan is not None:
        figures = grid_figures(project)
        rows = np.flatnonzero(figures.status != "ok")
        issues = grid_issues(project, figures, rows, outlines_of_grids(units, plan, figures.ids[rows]))
        missing = np.setxor1d(np.flatnonzero(np.bincount(plan.labels)), figures.ids, assume_unique=True)
        found = dataclasses.replace(found, grids=issues, empty=tuple(missing.tolist()), gaps=gaps(units, project.communities))
    return completed(found, project)


def completed(found: Findings, project: Project) -> Findings:
    """Return the findings with those looked for that may take longer: codes, rules, what is stale, and wishes."""
    planned = project.units is not None and project.grids is not None
    return dataclasses.replace(
        found,
        codes=code_issues(project) if planned else (),
        rules=tuple(rule_issues(project)) if planned else (),
        stale=_stale_issues(project),
        wishes=(
            *_band_issues(project), *rural_issues(project), *rating_issues(project), *staff_issues(project), *_wish_issues(project),
            *patrol_issues(project), *rail_issues(project), *lease_issues(project),
        ),
    )  # fmt: skip


def given_issues(project: Project) -> tuple[Issue, ...]:
    """Return what reading the data and making the plans found."""
    plans = (getattr(project, name) for name in PLANNED)
    return sum((plan.issues for plan in plans if plan is not None), start=project.read_issues)


def _stale_issues(project: Project) -> tuple[Issue, ...]:
    text = N_("[{plan}] was made from data, plans or settings that have changed since; make it again")
    return tuple(Issue(Level.WARNING, "stale", text, {"plan": name}, name) for name in sorted(stale_plans(project)))


def _wish_issues(project: Project) -> list[Issue]:
    """Say which wishes of the settings are not followed yet."""
    found = []
    for section, key in NOT_FOLLOWED:
        wish = getattr(project.settings, section)
        if wish is not None and getattr(wish, key) != getattr(type(wish)(), key):
            text = N_("[{section}] {key} is not built yet; it was left aside")
            found.append(Issue(Level.WARNING, "not_built", text, {"section": section, "key": key}, section))
    return found


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


def grid_issues(project: Project, figures: GridFigures, rows: Ints, outlines: Texts) -> dict[int, Issue]:
    """Return the issues of the grids in some rows of the figures whose status is not ok, by grid; `outlines` are theirs."""
    assert project.grids is not None
    there = ~shapely.is_missing(outlines)  # a grid without units has no place
    rows = rows[there]
    place = shapely.get_coordinates(shapely.point_on_surface(outlines[there]))
    band = band_of(project.settings.grids)
    loads = band.loads(figures.households, figures.persons)
    issues = {}
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
        issues[int(figures.ids[row])] = Issue(level, str(figures.status[row]), text, values, "grids", code, x, y)
    return issues


@lru_cache(maxsize=4)
def gaps(units: Units, communities: Communities) -> tuple[Issue, ...]:
    """Return communities that their units do not fill: they tile by construction, but what they were cut from may have changed."""
    issues = []
    filled = group_sums(units.community, unit_areas(units), len(communities))
    wanted = shapely.area(communities.polygons)
    for row in np.flatnonzero(np.abs(filled - wanted) > 0.002 * wanted + 1).tolist():
        text = N_("The grids of community {name} cover {share} of it")
        values = {"name": communities.names[row], "share": f"{100 * filled[row] / wanted[row]:.1f} %"}
        issues.append(Issue(Level.ERROR, "gap" if filled[row] < wanted[row] else "overlap", text, values, "communities", str(row)))
    return tuple(issues)
