"""What a patrol plan comes to, for the variant or the day that is shown: sums, the balance of each zone, and clock times in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.issues import Issue
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from gridplanner.model.project import Project
from ui.map.patrol_marks import STOP_WORDS
from ui.map.patrol_strokes import DAY, routes_shown

STREET = N_("street without a name")


@dataclass(frozen=True)
class PatrolFigures:
    """Of the routes shown: how many, metres in all, empty and outside their zones; the worst ratio of longest to mean and where it is.

    `uneven` is a zone's id, -1 where every zone has one crew; `minutes` are the longest route and the mean of each zone, by its id.
    """

    routes: int
    metres: float
    empty: float
    outside: float
    ratio: float
    uneven: int
    minutes: tuple[tuple[int, float, float], ...]


@lru_cache(maxsize=8)
def patrol_figures(plan: PatrolPlan, choice: str) -> PatrolFigures:
    """Return the sums of the routes that a choice shows."""
    routes = [plan.routes[row] for row in routes_shown(plan, choice)]
    minutes: dict[int, list[float]] = {}
    for route in routes:
        minutes.setdefault(route.zone, []).append(route.minutes)
    ratios = {zone: max(each) * len(each) / sum(each) for zone, each in minutes.items() if len(each) > 1 and sum(each) > 0}
    worst = max(ratios, key=lambda zone: ratios[zone], default=-1)
    empty = sum(route.dead_m for route in routes)
    return PatrolFigures(
        len(routes), empty + sum(route.required_m for route in routes), empty, sum(route.outside_m for route in routes),
        ratios.get(worst, 1.0), worst, tuple((zone, max(each), sum(each) / len(each)) for zone, each in minutes.items()),
    )  # fmt: skip


def unserved(project: Project, choice: str) -> tuple[Issue, ...]:
    """Return the findings that say what is on none of the routes that a choice shows."""
    plan = project.patrol
    if plan is None:
        return ()
    shown = {zone_code(project, plan.routes[row].zone): plan.routes[row].variant for row in routes_shown(plan, choice)}
    found = (issue for issue in plan.issues if issue.kind == "unserved")  # of all variants, or of one alone
    return tuple(issue for issue in found if issue.values.get("variant", 0) in (0, shown.get(issue.ref, 1)))


def result_words(project: Project) -> str:
    """Return what planning the routes came to: how many there are, what is on none of them, and whether the search was stopped early."""
    plan = project.patrol
    if plan is None:
        return ""
    count, left = patrol_figures(plan, "").routes, len(unserved(project, ""))
    words = [ngettext("Done: {n} patrol route", "Done: {n} patrol routes", count).format(n=f"{count:,}")]
    if left:
        text = ngettext("{n} street or site is on no route", "{n} streets or sites are on no route", left)
        words.append(_("{words}, see the findings").format(words=text.format(n=f"{left:,}")))
    early = sum(issue.kind == "cut_short" for issue in plan.issues)
    if early:
        text = ngettext("the search was stopped early in {n} zone", "the search was stopped early in {n} zones", early)
        words.append(text.format(n=f"{early:,}"))
    return _("; ").join(words)


def choices(plan: PatrolPlan, days: bool = True) -> list[tuple[str, str]]:
    """Return what can be shown: every variant, and every day that one is drawn for, with their words."""
    found = [(str(number), _("Variant {n}").format(n=number)) for number in range(1, plan.variants + 1)]
    drawn = sorted({draw.day for draw in plan.draws}) if days and plan.variants > 1 else []
    return found + [(f"{DAY}{day}", _("As drawn for day {n}").format(n=day + 1)) for day in drawn]


def zone_code(project: Project, zone: int) -> str:
    """Return the code of a zone, empty where there is none."""
    zones = project.zones.zones if project.zones is not None else {}
    return zones[zone].code if zone in zones else ""


def clock(minutes: float) -> str:
    """Return minutes after midnight as a clock time, of the next day too.

    >>> clock(485.4), clock(1440.0 + 61)
    ('08:05', '01:01')
    """
    whole = int(np.floor(minutes + 0.5))
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"


def stop_name(stop: Stop) -> str:
    """Return what a stop is called."""
    return stop.name or (_(STREET) if stop.kind == "street" else _(STOP_WORDS.get(stop.kind, stop.kind)))


def route_title(project: Project, route: Route) -> str:
    """Return a route in a line: code, zone, and from when to when."""
    zones = project.zones.zones if project.zones is not None else {}
    name = (zones[route.zone].name or zones[route.zone].code) if route.zone in zones else ""
    begin, end = times_of(route)
    return " · ".join(filter(None, (route.code, name, f"{clock(begin)}–{clock(end)}")))


def times_of(route: Route) -> tuple[float, float]:
    """Return when a route begins and ends, in clock minutes."""
    begin = route.stops[0].arrive if route.stops else 0.0
    return begin, begin + route.minutes
