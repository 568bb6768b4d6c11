"""Who covers what: the segments or routes of a squad shared among its people on duty, in line order, each a stretch of even work."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_codes import guards_of
from gridplanner.model.roster import RosterPlan, RosterShift
from gridplanner.model.roster_rules import groups_of
from gridplanner.settings import RosterSettings

JOINED = ";"  # between the codes of several segments or routes


@dataclass(frozen=True)
class Place:
    """A segment or route: its code, its work, how many people go together on it, and `own`: the places that it is to those who have it.

    The segment of a night plan is the own place of the guards whose number it bears, who are called by that of the first plan.
    """

    code: str
    work: float
    guards: int = 1
    own: tuple[str, ...] = ()


def squad_name(squad: int) -> str:
    """Return what a squad of a rail plan is called in a roster."""
    return str(squad)


def plan_of_shift(rail: RailPlan, shift: RosterShift) -> str:
    """Return the rail plan that a shift guards by: the one of its name, that of the night for a night shift, else the first."""
    plans = rail.plans or (rail.plan,)
    if shift.name in plans:
        return shift.name
    return "night" if shift.night and "night" in plans else plans[0]


def places_of(project: Project, group: str, squad: str, shift: RosterShift, day: int) -> tuple[Place, ...]:
    """Return the segments (in line order) or routes that a squad or zone has in a shift of a day (column); none for volunteers."""
    if group == "rail" and project.rail is not None:
        return _segments(project.rail, squad, plan_of_shift(project.rail, shift))
    if group == "patrol" and project.patrol is not None and project.zones is not None:
        keys = [key for key, zone in project.zones.zones.items() if zone.code == squad]
        return _routes(project.patrol, keys[0], shift, day) if keys else ()
    return ()


@lru_cache(maxsize=256)
def _segments(rail: RailPlan, squad: str, plan: str) -> tuple[Place, ...]:
    first = {
        (segment.squad, number): segment.code for segment in rail.segments if segment.plan == rail.plans[0] for number in guards_of(segment)
    }
    rows = [segment for segment in rail.segments if segment.plan == plan and squad_name(segment.squad) == squad]
    return tuple(
        Place(row.code, row.workload, together(row), tuple(first.get((row.squad, number), row.code) for number in guards_of(row)))
        for row in sorted(rows, key=lambda row: (row.line, row.low, row.start))
    )


def together(segment: RailSegment) -> int:
    """Return how many guards go together on a segment."""
    return max(segment.round.guards if segment.round is not None else 1, 1)


@lru_cache(maxsize=1024)
def _routes(patrol: PatrolPlan, zone: int, shift: RosterShift, day: int) -> tuple[Place, ...]:
    """Return the routes of the variant drawn for a day that begin within the shift; all of them where none does: they are driven again."""
    drawn = {draw.day: draw.variant for draw in patrol.draws if draw.zone == zone}
    variant = drawn[sorted(drawn)[day % len(drawn)]] if drawn else 1
    routes = [route for route in patrol.routes if route.zone == zone and route.variant == variant]
    begun = [
        route for route in routes if shift.start <= _start(route) % 1440 < shift.stop or shift.start <= _start(route) + 1440 < shift.stop
    ]
    return tuple(Place(route.code, route.minutes, own=(route.code,)) for route in sorted(begun or routes, key=lambda route: route.crew))


def _start(route: Route) -> float:
    return route.stops[0].arrive if route.stops else 0.0


def with_places(project: Project, plan: RosterPlan, days: Iterable[int] | None = None) -> RosterPlan:
    """Return the roster with its places shared out anew, on some days (columns) or on all of them."""
    section = project.settings.roster or RosterSettings()
    places = plan.places.copy()
    group = groups_of(plan)
    for day in range(plan.days) if days is None else sorted(set(days)):
        places[:, day] = ""
        for row, shift in enumerate(plan.shifts):
            there = plan.cells[:, day] == row
            for squad in np.unique(group[there]).tolist():
                rows = np.flatnonzero(there & (group == squad)).tolist()
                theirs = places_of(project, plan.group, plan.squads[squad], shift, day)
                own = tuple(plan.people[i].place for i in rows)
                places[rows, day] = shared(theirs, own, alone=shift.name not in section.pair_shifts)
    places.setflags(write=False)
    return dataclasses.replace(plan, places=places)


def no_places(people: int, days: int) -> Texts:
    """Return places that are all empty, (people, days)."""
    places = np.empty((people, days), object)
    places[:] = ""
    return places


@lru_cache(maxsize=4096)
def shared(places: tuple[Place, ...], own: tuple[str, ...], *, alone: bool = True) -> tuple[str, ...]:
    """Return the codes that each of some people covers: stretches of places in their order, the heaviest as light as can be.

    `own` is the place of each of the people, empty where they have none. Of the ways that do that, one where most people have their own
    place. Where nobody may be `alone` two go together, and so they do on places for two; where there are more people than places, several
    share one. Without places each has its own, if any.
    """
    if not places or not own:
        return own
    order = _in_order(places, own)
    team = 1 if alone else 2
    count = max(1, min(len(places), len(own) // team))
    if len(own) < team * len(places) and any(place.guards > 1 for place in places):
        count = max(1, min(count, round(len(own) * len(places) / sum(place.guards for place in places))))
    teams = np.array_split(np.array(order), count)
    rows = _rows(places)
    known = np.zeros((count, len(places)), np.int64)
    for number, members in enumerate(teams):
        for member in members.tolist():
            if own[member] in rows:
                known[number, rows[own[member]]] += 1
    cuts = _stretches(np.array([place.work for place in places]), known)
    codes = [""] * len(own)
    for number, members in enumerate(teams):
        text = JOINED.join(place.code for place in places[cuts[number] : cuts[number + 1]])
        for member in members.tolist():
            codes[member] = text
    return tuple(codes)


def _rows(places: Sequence[Place]) -> dict[str, int]:
    """Return the row of each place by its code and by what it is to those who have it."""
    return {code: row for row, place in enumerate(places) for code in (*place.own, place.code)}


def _in_order(places: Sequence[Place], own: Sequence[str]) -> list[int]:
    """Return the people in the order of their own places; those without stay where they stand in the list."""
    rows = _rows(places)
    if not any(place in rows for place in own):
        return list(range(len(own)))
    step = len(places) / max(len(own), 1)
    return sorted(range(len(own)), key=lambda i: (rows.get(own[i], (i + 0.5) * step - 0.5), i))


def _stretches(work: Floats, own: Ints) -> list[int]:
    """Return where each of the teams' stretches begins, and the end of the last: the smallest most, then most of `own` (teams, places)."""
    teams, places = own.shape
    total = np.concatenate(([0.0], np.cumsum(work)))
    cap = _least_most(total, teams) * (1 + 1e-9) + 1e-12
    known = np.concatenate((np.zeros((teams, 1), np.int64), np.cumsum(own, axis=1)), axis=1)
    best = np.full((teams + 1, places + 1), -1, np.int64)
    best[0, 0] = 0
    came = np.zeros((teams + 1, places + 1), np.int64)
    for team in range(1, teams + 1):
        for end in range(team, places - (teams - team) + 1):
            for begin in range(end - 1, team - 2, -1):
                if total[end] - total[begin] > cap:
                    break
                found = best[team - 1, begin]
                if found >= 0 and found + known[team - 1, end] - known[team - 1, begin] > best[team, end]:
                    best[team, end] = found + known[team - 1, end] - known[team - 1, begin]
                    came[team, end] = begin
    cuts = [places]
    for team in range(teams, 0, -1):
        cuts.append(int(came[team, cuts[-1]]))
    return cuts[::-1]


def _least_most(total: Floats, teams: int) -> float:
    """Return the least possible most of `teams` stretches that each hold a place; `total` (n + 1,) are running sums."""
    places = len(total) - 1
    least = total.copy()  # of one team
    for team in range(2, teams + 1):
        least = np.array([
            min((max(least[begin], total[end] - total[begin]) for begin in range(team - 1, end)), default=np.inf)
            for end in range(places + 1)
        ])  # fmt: skip
    return float(least[places])
