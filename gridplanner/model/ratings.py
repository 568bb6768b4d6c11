"""The five-colour rating of areas by month, after the maps that police publish: counts and satisfaction, weighed, to one of five colours.

Counts below `suppress_below` are hidden before anything is computed from them. Each is rated as the middle of what it can be, so that
neither score nor colour nor arrow says which of these small numbers it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from gridplanner.i18n import N_
from gridplanner.model.duty_data import Incidents, Indicators
from gridplanner.model.issues import Issue
from gridplanner.model.issues import Level as IssueLevel
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.model.project import Project
from gridplanner.model.rated_areas import MISSING, OF, RatedAreas, rated_areas
from gridplanner.model.rating_figures import (
    MOST_TOLD,
    Figures,
    from_incidents,
    from_indicators,
    no_figures,
    total_issues,
    unknown_area_issues,
    without_small,
)
from gridplanner.model.recent import Recent
from gridplanner.settings import RatingSettings

COLOURS = ("green", "blue", "yellow", "red", "black")
COLOUR_NAMES = (N_("green"), N_("blue"), N_("yellow"), N_("red"), N_("black"))
COLOUR_WORDS = (N_("green: good"), N_("blue: safe"), N_("yellow: attention"), N_("red: warning"), N_("black: severe"))
NOT_RATED = -1
SATISFACTION = "satisfaction"  # its key in weights and limits
USUAL = RatingSettings()
Levels = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Ratings:
    """The rating of `areas` (a) in all months (m) of their `figures`.

    `score` (a, m) is 0 for the best; 1 is the worst where areas are ranked, and lies at the limits where there are limits; NaN where an
    area is not rated. `level` (a, m) is the row in COLOURS, NOT_RATED for none. `change` (a, m) is up (a worse colour than in the
    month before), down, same, new (not rated then), or empty (not rated now). `month` is the one that the settings name, else the
    latest. `source` is indicators or incidents, empty where there are neither.
    """

    areas: RatedAreas
    figures: Figures
    score: Floats
    level: Levels
    change: Texts
    month: str
    source: str
    suppress_below: int
    issues: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.areas)

    @property
    def months(self) -> tuple[str, ...]:
        """The months that can be shown, rising."""
        return self.figures.months

    def column(self, month: str = "") -> int:
        """Return the column of a month, of `self.month` where it is empty or there are no figures of it; -1 without any month."""
        wanted = month if month in self.months else self.month
        return self.months.index(wanted) if wanted in self.months else -1


_recent = Recent[Ratings](4)


def ratings_of(project: Project) -> Ratings:
    """Return the rating of the areas that the settings name ([rating] with its defaults where it is left out).

    It is the same value for the same data and settings for as long as it is among the last few asked for.
    """
    settings = project.settings.rating or USUAL
    areas = rated_areas(project, settings.per)
    given = (areas, project.indicators, project.incidents, settings)
    known = _recent.find(*given)
    return known if known is not None else _recent.keep(rated(areas, project.indicators, project.incidents, settings), *given)


def rating_issues(project: Project) -> tuple[Issue, ...]:
    """Return the findings of the rating, where the settings or monthly figures ask for one."""
    if project.settings.rating is None and not len(project.indicators):
        return ()
    ratings = ratings_of(project)
    elsewhere = _named(project)
    unknown = [name for name in ratings.figures.unknown if name not in elsewhere]
    return (*ratings.issues, *unknown_area_issues(ratings.areas, unknown))


def _named(project: Project) -> set[str]:
    """Return the codes and names of all areas that a project has: monthly figures may be of stations and of beats."""
    groups = [*(project.beats.beats.values() if project.beats is not None else ())]
    groups += project.zones.zones.values() if project.zones is not None else ()
    stations = (*project.station_areas.codes.tolist(), *project.station_areas.names.tolist())
    return {*stations, *(group.code for group in groups), *(group.name for group in groups)}


def rated(areas: RatedAreas, indicators: Indicators, incidents: Incidents, settings: RatingSettings) -> Ratings:
    """Return the rating of areas from monthly figures, or from incidents where there are none of these areas."""
    figures, issues, source = no_figures(len(areas)), list[Issue](), ""
    if len(indicators):
        (figures, issues), source = from_indicators(areas, indicators), "indicators"
    if len(incidents) and not figures.any_known:
        unknown = figures.unknown
        (figures, issues), source = from_incidents(areas, incidents, settings.suppress_below), "incidents"
        if unknown and len(areas):
            text = N_("The monthly figures are of no {what}, so incidents are counted instead")
            issues.append(Issue(IssueLevel.INFO, "rating", text, {"what": OF[areas.per]}, "indicators"))
        figures = replace(figures, unknown=unknown)
    if settings.suppress_below > 0:
        issues += total_issues(figures)
    figures = without_small(figures, settings.suppress_below)
    weights, badness = _weights(figures, settings), _badness(figures, settings)
    score, spared = _scores(figures, weights, badness)
    level = np.where(np.isnan(score), NOT_RATED, np.searchsorted(settings.thresholds, score, side="right")).astype(np.int8)
    month = settings.month if settings.month in figures.months else figures.months[-1] if figures.months else ""
    issues += _setting_issues(areas, figures, settings, source, month)
    if len(areas) and figures.months:
        issues += _missing_issues(areas, figures, weights)
        issues += _unrated_issues(areas, figures.months, spared, settings)
        issues += _telling_nothing(figures, score, weights, settings)
    change = _changes(figures.months, level)
    return Ratings(areas, figures, score, level, change, month, source, settings.suppress_below, tuple(issues))


def _weights(figures: Figures, settings: RatingSettings) -> Floats:
    """Return the weight of each indicator and, last, of satisfaction, (k + 1,)."""
    return np.array([settings.weights.get(name, 1.0) for name in (*figures.indicators, SATISFACTION)])


def _badness(figures: Figures, settings: RatingSettings) -> Floats:
    """Return how bad each count and, last, satisfaction is, (a, m, k + 1); NaN where nothing is known or nothing can be said."""
    middle = (settings.suppress_below - 1) / 2
    values = np.concatenate((np.where(figures.hidden, middle, figures.counts), 100 - figures.satisfaction[:, :, None]), axis=2)
    if settings.method == "percentile":
        return _ranks(values)
    limits = np.array([settings.limits.get(name, np.nan) for name in (*figures.indicators, SATISFACTION)])
    limits[-1] = 100 - limits[-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(values / np.where(limits > 0, limits, np.nan))


def _ranks(values: Floats) -> Floats:
    """Return the rank of each area (first axis) among those with a value, 0 lowest to 1 highest; equal ones share the mean of theirs.

    Where a single area has a value, it has no rank.

    >>> _ranks(np.array([3.0, 5.0, 3.0, np.nan])).tolist()
    [0.25, 1.0, 0.25, nan]
    """
    flat = values.reshape(len(values), int(np.prod(values.shape[1:])))
    ranks = np.full(flat.shape, np.nan)
    for column in range(flat.shape[1]):
        known = ~np.isnan(flat[:, column])
        given = flat[known, column]
        if len(given) > 1:
            rising = np.sort(given)
            first, behind = np.searchsorted(rising, given, "left"), np.searchsorted(rising, given, "right")
            ranks[known, column] = (first + behind - 1) / 2 / (len(given) - 1)
    return ranks.reshape(values.shape)


def _scores(figures: Figures, weights: Floats, badness: Floats) -> tuple[Floats, Bools]:
    """Return the weighted mean of what is known (a, m), and where there is none because all counts are hidden (a, m)."""
    known = ~np.isnan(badness) & (weights > 0)
    total = (known * weights).sum(axis=2)
    counted = known[:, :, :-1]
    spared = counted.any(axis=2) & (figures.hidden | ~counted).all(axis=2)
    score = (np.where(known, badness, 0.0) * weights).sum(axis=2) / np.where(total > 0, total, np.nan)
    return np.where(spared, np.nan, score.round(9)), np.asarray(spared)


def _changes(months: tuple[str, ...], level: Levels) -> Texts:
    """Return how each colour differs from that of the calendar month before."""
    change = np.full(level.shape, "", object)
    for column, month in enumerate(months):
        now = level[:, column]
        then = level[:, column - 1] if column and months[column - 1] == _before(month) else np.full(len(level), NOT_RATED)
        words = np.select([then == NOT_RATED, now > then, now < then], ["new", "up", "down"], "same")
        change[:, column] = np.where(now == NOT_RATED, "", words)
    return change


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02}"


def _setting_issues(areas: RatedAreas, figures: Figures, settings: RatingSettings, source: str, month: str) -> list[Issue]:
    """Say what the settings ask for that the data does not have."""
    found: list[tuple[str, dict[str, object]]] = []
    if not source:
        found.append((N_("There are no monthly figures and no incidents to rate by; give [sources.indicators] or [sources.incidents]"), {}))
    if not len(areas):
        found.append((MISSING[settings.per], {}))
    if settings.month and month and settings.month != month:
        text = N_("There are no figures for {wanted}, the month of [rating]; {month} is shown")
        found.append((text, {"wanted": settings.month, "month": month}))
    for section, given in (("weights", settings.weights), ("limits", settings.limits)):
        for name in given:
            if source and name not in (*figures.indicators, SATISFACTION):
                text = N_("[rating] {section} has “{name}”, which is no indicator; those are {names}")
                found.append((text, {"section": section, "name": name, "names": ", ".join((*figures.indicators, SATISFACTION))}))
    if settings.method == "absolute" and source:
        there = (*figures.indicators, *(() if np.isnan(figures.satisfaction).all() else (SATISFACTION,)))
        for name in there:
            limit = settings.limits.get(name, 0.0)
            if settings.weights.get(name, 1.0) > 0 and not (0 < limit < 100 if name == SATISFACTION else limit > 0):
                text = N_("[rating] limits says nothing of “{name}”, so it is left out of the rating; give its limit, or weight 0")
                found.append((text, {"name": name}))
    return [Issue(IssueLevel.WARNING, "rating", text, values, "ratings") for text, values in found]


def _missing_issues(areas: RatedAreas, figures: Figures, weights: Floats) -> list[Issue]:
    """Say which areas have no figures at all, and which lack some."""
    values = np.concatenate((np.where(figures.hidden, 0.0, figures.counts), figures.satisfaction[:, :, None]), axis=2)
    missing = np.isnan(values) & (weights > 0)
    missing[:, :, np.isnan(values).all(axis=(0, 1))] = False  # what nobody gave is not missing
    issues = []
    places = shapely.get_coordinates(shapely.point_on_surface(areas.polygons)).round(2).tolist()
    nothing = np.isnan(values).all(axis=(1, 2))
    lacking = np.flatnonzero(missing.any(axis=(1, 2))).tolist()
    for row in lacking[:MOST_TOLD]:
        x, y = places[row]
        if nothing[row]:
            text, level = N_("The {what} {name} has no monthly figures and is not coloured"), IssueLevel.WARNING
            given: dict[str, object] = {"what": OF[areas.per], "name": areas.title(row)}
        else:
            month, column = (int(axis[0]) for axis in np.nonzero(missing[row]))
            text = N_("{name} lacks {n} of its figures, such as {what} of {month}; there the others count for more")
            level = IssueLevel.INFO
            indicator = (*figures.indicators, N_("satisfaction"))[column]
            given = {"n": int(missing[row].sum()), "name": areas.title(row), "what": indicator, "month": figures.months[month]}
        issues.append(Issue(level, "rating", text, given, "ratings", areas.title(row), x, y))
    if len(lacking) > MOST_TOLD:
        more = {"n": len(lacking) - MOST_TOLD, "what": OF[areas.per]}
        issues.append(Issue(IssueLevel.INFO, "rating", N_("Figures are missing for further areas ({what}: {n})"), more, "ratings"))
    return issues


def _unrated_issues(areas: RatedAreas, months: tuple[str, ...], spared: Bools, settings: RatingSettings) -> list[Issue]:
    """Say where no colour can be given although there are figures."""
    issues = []
    if settings.method == "percentile" and len(areas) == 1:
        text = N_("A single area cannot be ranked among others; set [rating] method = absolute and limits")
        issues.append(Issue(IssueLevel.WARNING, "rating", text, {}, "ratings"))
    if spared.any():
        row, column = (int(axis[0]) for axis in np.nonzero(spared))
        text = N_("Every count of {name} in {month} is below {least}, so it is not rated then ({n} times in all)")
        values = {"n": int(spared.sum()), "least": settings.suppress_below, "name": areas.title(row), "month": months[column]}
        issues.append(Issue(IssueLevel.INFO, "rating", text, values, "ratings", areas.title(row)))
    return issues


def _telling_nothing(figures: Figures, score: Floats, weights: Floats, settings: RatingSettings) -> list[Issue]:
    """Say where the rating tells nothing: by weights of nothing, without any figure, or with all areas alike."""
    there = ~np.isnan(np.concatenate((np.where(figures.hidden, 0.0, figures.counts), figures.satisfaction[:, :, None]), axis=2))
    if not (there.any(axis=(0, 1)) & (weights > 0)).any():
        text = N_("There is nothing to rate by: all figures are empty, or have weight 0 in [rating] weights")
        return [Issue(IssueLevel.WARNING, "rating", text, {}, "ratings")]
    rated_there = (~np.isnan(score)).sum(axis=0)
    alike = (rated_there > 1) & (rated_there == (np.abs(score - np.nan_to_num(score, nan=-1.0).max(axis=0)) < 1e-9).sum(axis=0))
    if settings.method != "percentile" or not alike.any():
        return []
    text = N_("In {month} all areas rank alike, so all have the colour in the middle, however few cases there were (such months: {n})")
    values = {"month": figures.months[int(np.flatnonzero(alike)[-1])], "n": int(alike.sum())}
    return [Issue(IssueLevel.INFO, "rating", text, values, "ratings")]
