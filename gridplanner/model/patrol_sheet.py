"""A route as a crew is handed it: what it is called, who drives it when, its figures, and its instructions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.project import Project
from gridplanner.model.route_colours import PALETTE, route_colours
from gridplanner.model.street_words import clock_words, distance_words, minutes_words
from gridplanner.model.turn_by_turn import Instruction, turn_by_turn
from gridplanner.model.turn_words import instruction_words
from gridplanner.nearest import nearest_word


@dataclass(frozen=True, eq=False)
class RouteSheet:
    """A route with its title, unlike that of any other of the plan, the name and code of its zone, its colour, and its instructions.

    `days` are those it is drawn for, counted from 0; `date` is the day of duty where it is known.
    """

    route: Route
    title: str
    zone: str
    zone_code: str
    colour: str
    on_foot: bool
    days: tuple[int, ...]
    date: date | None
    instructions: tuple[Instruction, ...]

    @property
    def metres(self) -> float:
        """The whole way."""
        return self.route.required_m + self.route.dead_m

    def words(self, row: Instruction, *, distance: bool = True) -> str:
        """Return an instruction in the language in use."""
        return instruction_words(row, distance=distance, on_foot=self.on_foot)


def chosen_routes(plan: PatrolPlan, codes: Sequence[str] = (), variant: int = 0, day: int = -1) -> tuple[Route, ...]:
    """Return the routes of some codes, of one variant, or of the variants drawn for a day (from 0); all where nothing is asked.

    Raises InputError where a code, variant or day is none of the plan's.
    """
    routes = plan.routes
    titles = route_titles(plan)
    if codes:
        known = {*titles, *(route.code for route in routes)}
        for code in codes:
            if code not in known:
                hint = nearest_word(code, sorted(known))
                raise InputError(_("There is no route {code}; {hint}").format(code=code, hint=hint))
        routes = tuple(route for route, title in zip(routes, titles, strict=True) if title in codes or route.code in codes)
    if variant:
        if not 1 <= variant <= plan.variants:
            raise InputError(_("There is no variant {n}; the plan has {count}").format(n=variant, count=plan.variants))
        routes = tuple(route for route in routes if route.variant == variant)
    if day >= 0:
        drawn = {draw.zone: draw.variant for draw in plan.draws if draw.day == day}
        if not drawn:
            last = max((draw.day for draw in plan.draws), default=-1) + 1
            raise InputError(_("Nothing is drawn for day {n}; variants are drawn for {count} days").format(n=day + 1, count=last))
        routes = tuple(route for route in routes if drawn.get(route.zone, 1) == route.variant)
    return routes


def route_titles(plan: PatrolPlan) -> list[str]:
    """Return what each route is called, no two alike: its code, with the variant where several have the same."""
    count = Counter(route.code for route in plan.routes)
    return [route.code if count[route.code] == 1 else f"{route.code}-V{route.variant}" for route in plan.routes]


def route_sheets(project: Project, routes: Sequence[Route], day: date | None = None) -> list[RouteSheet]:
    """Return the sheets of some routes of a project's plan, for a day of duty where it is known."""
    plan = project.patrol
    if plan is None:
        raise InputError(_("There are no patrol routes yet; plan the routes first"))
    row_of = {id(route): row for row, route in enumerate(plan.routes)}
    titles, colours = route_titles(plan), [PALETTE[number] for number in route_colours(plan)]
    zones = project.zones.zones if project.zones is not None else {}
    on_foot = project.settings.patrol is not None and project.settings.patrol.mode == "foot"
    sheets = []
    for route in routes:
        row, zone = row_of[id(route)], zones.get(route.zone)
        days = tuple(draw.day for draw in plan.draws if (draw.zone, draw.variant) == (route.zone, route.variant))
        name, code = (zone.name or zone.code, zone.code) if zone is not None else ("", "")
        sheets.append(
            RouteSheet(route, titles[row], name, code, colours[row], on_foot, days, day, turn_by_turn(plan.streets, route))
        )  # fmt: skip
    return sheets


def sheet_facts(sheet: RouteSheet, variants: int) -> list[tuple[str, str]]:
    """Return what is told of a route above its instructions: titles and values in the language in use."""
    route = sheet.route
    first, last = route.stops[0].arrive, route.stops[-1].arrive
    facts = [
        (_("Patrol zone"), sheet.zone), (_("Crew"), str(route.crew + 1)),
        (_("Time"), _("{begins}–{ends}").format(begins=clock_words(first), ends=clock_words(last))),
        (_("Takes"), minutes_words(route.minutes)), (_("Whole way"), distance_words(sheet.metres)),
        (_("Patrolled"), distance_words(route.required_m)), (_("Key sites"), str(route.sites)),
    ]  # fmt: skip
    if variants > 1:
        facts.insert(2, (_("Variant"), _("{n} of {count}").format(n=route.variant, count=variants)))
    if sheet.date is not None:
        facts.insert(0, (_("Date"), date_words(sheet.date)))
    return [fact for fact in facts if fact[1]]


def date_words(day: date) -> str:
    """Return a day as it is written in the language in use."""
    return _("{year}-{month:02d}-{day:02d}").format(year=day.year, month=day.month, day=day.day)
