"""What a patrol plan comes to, for the variant or the day that is shown: sums, the balance of each zone, and clock times in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.issues import Issue
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from gridplanner.model.patrol_draws import arcs_patrolled, chances_of
from gridplanner.model.project import Project
from ui.map.patrol_marks import STOP_WORDS
from ui.map.patrol_strokes import DAY, routes_shown

STREET = N_("street without a name")
JUNCTION = N_("Junction")
SAME = 1e-6  # minutes by which two sums of the same times may differ
LEAST_WAIT = 0.5  # minutes below which standing is not worth a word


@dataclass(frozen=True)
class PatrolFigures:
    """Of the routes shown: how many, metres in all, empty and outside their zones; the worst ratio of longest to mean and where it is.

    `uneven` is a zone's id, -1 where every zone has one crew; `minutes` are the longest route and the mean of each zone, by its id.
    `longest` and `mean` are minutes of all these routes.
    """

    routes: int
    metres: float
    empty: float
    outside: float
    ratio: float
    uneven: int
    minutes: tuple[tuple[int, float, float], ...]
    longest: float
    mean: float


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
        max((route.minutes for route in routes), default=0.0), sum(route.minutes for route in routes) / max(len(routes), 1),
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
    if plan.variants > 1:
        words.append(_("up to {n} variants").format(n=plan.variants))
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


def variant_words(project: Project, plan: PatrolPlan) -> list[str]:
    """Return how hard it is to know the variant of each zone that has several: a line a zone, of as many even chances as its draw is worth.

    That is two to the power of the entropy in bits: 1 where it is always the same one.
    """
    text = _("{zone}: {n} variants, as hard to guess as {even} with even chances")
    return [
        text.format(zone=zone_code(project, one.zone), n=len(one.variants), even=f"{2**one.bits:.1f}")
        for one in chances_of(plan)
        if len(one.variants) > 1
    ]


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
    """Return what a stop is called; what the program named, a break and a junction for want of a depot, in the language in use."""
    if stop.kind == "rest":
        return _(STOP_WORDS["rest"])
    if stop.name == JUNCTION:
        return _(JUNCTION)
    return stop.name or (_(STREET) if stop.kind == "street" else _(STOP_WORDS.get(stop.kind, stop.kind)))


@lru_cache(maxsize=8)
def waits_of(plan: PatrolPlan, route: Route) -> tuple[float, ...]:
    """Return the minutes that the crew stands before each stop of a route: a site that is closed or was just visited, a street not due yet.

    They are what is left between two stops when the driving is taken off.
    """
    streets, edge = plan.streets, route.arcs >> 1
    if not len(streets) or len(route.passed) != len(route.arcs) + 1:
        return (0.0,) * len(route.stops)
    spent = np.where(arcs_patrolled(route), streets.patrol[edge], streets.seconds[route.arcs]) / 60
    driven, begun = np.concatenate(([0.0], np.cumsum(spent))), route.passed[:-1]
    found, left = [], route.stops[0].arrive if route.stops else 0.0
    for stop in route.stops:
        first, last = np.searchsorted(begun, (left - SAME, stop.arrive - SAME))
        found.append(max(float(stop.arrive - left - (driven[last] - driven[first])), 0.0) if last >= first else 0.0)
        left = stop.arrive + stop.dwell
    return tuple(0.0 if wait < LEAST_WAIT else wait for wait in found)


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
