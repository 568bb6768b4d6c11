"""Counts and satisfaction by area and month: of monthly figures joined to their areas, or counted from incidents; small ones hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from algorithms.sums import group_sums
from gridplanner.i18n import N_
from gridplanner.model.duty_data import Incidents, Indicators
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.rated_areas import OF, RatedAreas, row_at

MOST_KINDS = 4  # kinds of incidents that are indicators where there are no monthly figures
MOST_TOLD = 20  # issues of one kind; the rest are told as a number


@dataclass(frozen=True, eq=False)
class Figures:
    """What is known of each area (a) and month (m, rising): `counts` (a, m, k) of the `indicators` (k), `satisfaction` (a, m) 0 to 100.

    NaN where nothing is known, and for counts that are `hidden` (a, m, k) because they are too small. `unknown` are names that figures
    are given for and that no area has.
    """

    indicators: tuple[str, ...]
    months: tuple[str, ...]
    counts: Floats
    hidden: Bools
    satisfaction: Floats
    unknown: tuple[str, ...] = ()

    @property
    def any_known(self) -> bool:
        """True where there is a figure of any area."""
        return bool((~np.isnan(self.counts)).any() or self.hidden.any() or (~np.isnan(self.satisfaction)).any())


def no_figures(areas: int) -> Figures:
    """Return the figures of areas of which nothing is known."""
    return Figures((), (), np.zeros((areas, 0, 0)), np.zeros((areas, 0, 0), bool), np.zeros((areas, 0)))


def without_small(figures: Figures, below: float) -> Figures:
    """Return figures in which counts below a number are hidden."""
    hidden = figures.counts < below
    return replace(figures, counts=np.where(hidden, np.nan, figures.counts), hidden=hidden)


def from_indicators(areas: RatedAreas, given: Indicators) -> tuple[Figures, list[Issue]]:
    """Return monthly figures by area and month; of several rows for the same the first counts."""
    row_of = areas.row_of()
    area = np.array([row_of.get(str(name), -1) for name in given.areas], np.int64)
    month_names, month = _numbered(given.months)
    known = (area >= 0) & (month >= 0)
    rows = np.flatnonzero(known)
    size = max(len(month_names), 1)
    first = rows[np.unique(area[rows] * size + month[rows], return_index=True)[1]]
    shape = (len(areas), len(month_names))
    counts, satisfaction = np.full((*shape, len(given.names)), np.nan), np.full(shape, np.nan)
    counts[area[first], month[first]] = given.counts[first]
    satisfaction[area[first], month[first]] = given.satisfaction[first]
    issues = []
    twice = np.setdiff1d(rows, first)
    if len(twice):
        text = N_("Figures of {name} for {month} are given more than once; the first row counts (left out in all: {n})")
        at = int(twice[0])
        values = {"name": given.areas[at], "month": given.months[at], "n": len(twice)}
        issues.append(Issue(Level.WARNING, "rating", text, values, "indicators", str(given.areas[at])))
    if (month < 0).any():
        text = N_("Monthly figures without a month are left out (rows: {n}); give their month, such as 2026-01")
        issues.append(Issue(Level.WARNING, "rating", text, {"n": int((month < 0).sum())}, "indicators"))
    names = tuple(str(name) for name in given.names)
    unknown = tuple(dict.fromkeys(str(name) for name in given.areas[area < 0]))
    return Figures(names, month_names, counts, np.zeros(counts.shape, bool), satisfaction, unknown), issues


def from_incidents(areas: RatedAreas, given: Incidents, below: int = 0) -> tuple[Figures, list[Issue]]:
    """Return incidents counted by area, month and kind: of the four kinds with the most, in that order.

    Where counts `below` a number are to be hidden, findings tell neither such a count nor the place of an incident.
    """
    month_names, month = _numbered(given.months)
    kind_names, kind = _numbered(given.kinds)
    issues = []
    vague = (month < 0) | (kind < 0)
    if vague.any():
        text = N_("Incidents without a month or a kind are left out of the rating ({n} of them)")
        issues.append(Issue(Level.INFO, "rating", text, {"n": told_count(float(given.weight[vague].sum()), below)}, "incidents"))
    totals = group_sums(kind[kind >= 0], given.weight[kind >= 0], len(kind_names))
    kept = np.argsort(-totals, kind="stable")[:MOST_KINDS]
    place = np.full(len(kind_names) + 1, -1)  # the last is of those without a kind
    place[kept] = np.arange(len(kept))
    area, column = row_at(areas, given.xy), place[kind]
    outside = ~vague & (area < 0)
    if outside.any() and len(areas):
        at = int(np.flatnonzero(outside)[0])
        text = N_("Incidents that lie in no {what} are left out of the rating ({n} of them)")
        values = {"n": told_count(float(given.weight[outside].sum()), below), "what": OF[areas.per]}
        spot = () if below > 0 else given.xy[at].round(2).tolist()
        issues.append(Issue(Level.INFO, "rating", text, values, "incidents", "", *spot))
    counted = ~vague & (area >= 0) & (column >= 0)
    shape = (len(areas), len(month_names), len(kept))
    cell = (area[counted] * shape[1] + month[counted]) * shape[2] + column[counted]
    counts = group_sums(cell.astype(np.int64), given.weight[counted], int(np.prod(shape))).reshape(shape)
    names = tuple(kind_names[row] for row in kept.tolist())
    return Figures(names, month_names, counts, np.zeros(shape, bool), np.full(shape[:2], np.nan)), issues


def told_count(count: float, below: int) -> str:
    """Return a count as it may be told: as a bound where it is to be hidden.

    >>> told_count(4.0, 5), told_count(5.0, 5)
    ('<5', '5')
    """
    return f"<{below}" if count < below else f"{count:.10g}"


def total_issues(figures: Figures) -> list[Issue]:
    """Say which indicator is the sum of the others: a single hidden count is what it leaves over. `figures` are those before hiding."""
    k = len(figures.indicators)
    issues = []
    known = ~np.isnan(figures.counts).any(axis=2) if k > 2 else np.zeros((0, 0), bool)
    for column in range(k) if known.any() else ():
        rest = figures.counts.sum(axis=2) - figures.counts[:, :, column]
        if np.allclose(rest[known], figures.counts[known, column], atol=1e-6) and figures.counts[known, column].any():
            text = N_(
                "“{name}” is the sum of the other counts, so small ones can be computed from it although they are hidden; leave it out"
            )
            issues.append(Issue(Level.WARNING, "rating", text, {"name": figures.indicators[column]}, "indicators"))
    return issues


def unknown_area_issues(areas: RatedAreas, unknown: Sequence[str]) -> list[Issue]:
    """Say which areas of the figures are none of those on the map."""
    if not len(areas):
        return []
    text = N_("Monthly figures are given for “{name}”, which is the code or name of no {what}; correct it there, or add the area")
    issues = [
        Issue(Level.WARNING, "rating", text, {"name": name, "what": OF[areas.per]}, "indicators", name) for name in unknown[:MOST_TOLD]
    ]
    if len(unknown) > MOST_TOLD:
        more = N_("Further names in the monthly figures that are of no {what}: {n}")
        values = {"n": len(unknown) - MOST_TOLD, "what": OF[areas.per]}
        issues.append(Issue(Level.WARNING, "rating", more, values, "indicators"))
    return issues


def _numbered(column: Texts) -> tuple[tuple[str, ...], Ints]:
    """Return the different texts of a column in rising order and the place of each row's, -1 for an empty one."""
    named = np.array([bool(text) for text in column], bool)
    names, place = np.unique(column[named].astype(str), return_inverse=True)
    found = np.full(len(column), -1, np.int32)
    found[named] = place
    return tuple(names.tolist()), found
