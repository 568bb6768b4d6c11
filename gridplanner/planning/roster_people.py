"""Who is in a roster: the guards of the rail plan, the officers of the patrol zones, or the volunteers that the settings name."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.model.rail_codes import guards_of, usual_code
from gridplanner.model.roster import RosterMember, RosterShift
from gridplanner.model.roster_calendar import shift_minutes, weekend_days
from gridplanner.model.roster_places import places_of, squad_name
from gridplanner.nearest import near_word
from gridplanner.settings import RosterPerson, RosterSettings

OFFICERS = 2  # of a crew
SLACK = 1.15  # by which officers that are made up are more than their hours alone ask for


@dataclass(frozen=True, eq=False)
class Roll:
    """The people of a roster, the squads (zones) they are of, how many each squad needs (g, d, s), and what was made up."""

    people: tuple[RosterMember, ...]
    squads: tuple[str, ...]
    demand: Ints
    issues: tuple[Issue, ...] = ()


def roll_of(project: Project, section: RosterSettings, shifts: Sequence[RosterShift], start: date, days: int) -> Roll:
    """Return who is to be rostered; raises InputError where nobody is, or the plan that the roster is for is missing."""
    _refuse_doubled(section.people)
    if section.group == "rail":
        squads, members = _guards(project, section)
    elif section.group == "patrol":
        squads, members = _officers(project, section)
    else:
        squads, members = _volunteers(section)
    demand = demand_of(project, section, squads, shifts, start, days)
    issues: tuple[Issue, ...] = ()
    if section.group == "patrol" and not section.people:
        members = _made_up(project, section, squads, demand, shift_minutes(shifts), days)
        text = N_("[roster] names no people: {n} officers were made up, as many as the demand of the zones takes")
        issues = (Issue(Level.INFO, "roster", text, {"n": len(members)}, "roster"),)
    if not members:
        raise InputError(_("[roster] there is nobody to be rostered; name people, each with its code and squad"))
    return Roll(tuple(members), squads, demand, issues)


def demand_of(
    project: Project, section: RosterSettings, squads: Sequence[str], shifts: Sequence[RosterShift], start: date, days: int
) -> Ints:
    """Return how many people each squad needs on each day and shift, (g, d, s); per segment or route, for each that it has then."""
    weekend = weekend_days(start, days)
    demand = np.zeros((len(squads), days, len(shifts)), np.int64)
    for column, shift in enumerate(shifts):
        usual = section.demand.get(shift.name, 0)
        at_weekend = section.weekend_demand.get(shift.name, usual)
        demand[:, :, column] = np.where(weekend, at_weekend, usual)
        if section.per in {"segment", "route"}:
            for row, squad in enumerate(squads):
                for day in range(days):
                    demand[row, day, column] *= sum(place.guards for place in places_of(project, section.group, squad, shift, day))
    return demand


def _refuse_doubled(people: Sequence[RosterPerson]) -> None:
    codes = [person.code for person in people]
    doubled = next((code for code in codes if codes.count(code) > 1), None)
    if doubled is not None:
        raise InputError(_("[roster] people: there are two of the code {code}; give each its own").format(code=doubled))


def _guards(project: Project, section: RosterSettings) -> tuple[tuple[str, ...], list[RosterMember]]:
    plan = project.rail
    if plan is None or not len(plan):
        raise InputError(_("The roster is for guards, and there are no guard segments yet; plan the railway first, or set [roster] for"))
    first = [plan.segments[row] for row in plan.of_plan(plan.plans[0])]
    squads = tuple(squad_name(squad) for squad in sorted({segment.squad for segment in plan.segments}))
    if not section.people:
        return squads, [
            RosterMember(
                segment.code if number == segment.guard else usual_code("", segment.squad, number),
                squad_name(segment.squad),
                place=segment.code,
            )
            for segment in first
            for number in guards_of(segment)
        ]
    own = {segment.code: squad_name(segment.squad) for segment in first}
    return squads, [
        _member(person, _squad_of(person, squads, {squad: squad for squad in squads}, own), person.code if person.code in own else "")
        for person in section.people
    ]


def _officers(project: Project, section: RosterSettings) -> tuple[tuple[str, ...], list[RosterMember]]:
    if project.zones is None or not len(project.zones):
        raise InputError(
            _("The roster is for patrols, and there are no patrol zones yet; plan zones and routes first, or set [roster] for")
        )
    zones = list(project.zones.zones.values())
    squads = tuple(zone.code for zone in zones)
    names = {**{zone.name: zone.code for zone in zones}, **{zone.code: zone.code for zone in zones}}
    return squads, [_member(person, _squad_of(person, squads, names, {}), "") for person in section.people]


def _made_up(
    project: Project, section: RosterSettings, squads: Sequence[str], demand: Ints, minutes: Ints, days: int
) -> list[RosterMember]:
    """Return officers for each zone, two a crew at least and otherwise as many as its demand takes."""
    assert project.zones is not None
    crews = [0] * len(squads)
    for route in project.patrol.first if project.patrol is not None else ():
        if route.zone in project.zones.zones:
            crews[squads.index(project.zones.zones[route.zone].code)] += 1
    found = []
    for row, squad in enumerate(squads):
        hours = float((demand[row] * minutes).sum()) / 60.0 * 7.0 / max(days, 7)
        on_days = section.max_run / (section.max_run + max(section.min_off_run, 1))
        need = max(
            OFFICERS * crews[row], int(demand[row].sum(axis=1).max(initial=0)), math.ceil(SLACK * hours / section.max_hours_week),
            math.ceil(float(demand[row].sum(axis=1).mean()) / on_days),
        )  # fmt: skip
        found += [RosterMember(f"{squad}-{number:02d}", squad) for number in range(1, need + 1)]
    return found


def _volunteers(section: RosterSettings) -> tuple[tuple[str, ...], list[RosterMember]]:
    if not section.people:
        raise InputError(_("The roster is for volunteers, and [roster] names none; give people = [{ code = …, squad = … }, …]"))
    squads = tuple(dict.fromkeys(person.squad for person in section.people))
    return squads, [_member(person, person.squad, "") for person in section.people]


def _member(person: RosterPerson, squad: str, place: str) -> RosterMember:
    return RosterMember(person.code, squad, person.skills, place, person.hours, person.points, max_hours=person.max_hours)


def _squad_of(person: RosterPerson, squads: Sequence[str], names: dict[str, str], own: dict[str, str]) -> str:
    """Return the squad that a person names, or that of its own segment; raises InputError where there is none such."""
    if person.squad in names:
        return names[person.squad]
    number = re.fullmatch(r"\D*0*(\d+)\D*", person.squad)
    if number and number[1] in names:
        return names[number[1]]
    if not person.squad:
        known = own.get(person.code) or names.get(person.code.split("-")[0])
        if known or len(squads) == 1:
            return known or squads[0]
    hint = near_word(person.squad, tuple(names)) or _("known are {words}").format(words=", ".join(squads))
    raise InputError(
        _("[roster] people: {code} is of the squad or zone “{squad}”, which there is not; {hint}").format(
            code=person.code, squad=person.squad, hint=hint
        )
    )
