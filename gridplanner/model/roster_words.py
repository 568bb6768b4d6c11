"""What a roster says in words: its squads, what each penalty is for, and how good it is known to be."""

from __future__ import annotations

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.roster import LEAVE, OFF, RosterPenalty, RosterPlan
from gridplanner.model.roster_calendar import day_of, day_words, shift_words
from gridplanner.model.roster_figures import gap_of
from gridplanner.model.roster_rules import ANY, KINDS

WISHES = {"want": N_("wished: {shift}"), "avoid": N_("wished: no {shift}")}
SINGLE = {"on": N_("{person}, {day}: a single day on duty"), "off": N_("{person}, {day}: a single day off")}


def squad_words(plan: RosterPlan, squad: str) -> str:
    """Return what a squad is called: of railway guards, a patrol zone, or a group of volunteers."""
    if not squad:
        return _("No squad")
    if plan.group == "patrol":
        return _("Zone {zone}").format(zone=squad)
    return _("Squad {squad}").format(squad=squad) if squad.isdecimal() else squad


def cell_name(plan: RosterPlan, cell: int) -> str:
    """Return what stands in a cell."""
    return _("leave") if cell == LEAVE else _("off") if cell == OFF else shift_words(plan.shifts[cell])


def penalty_words(plan: RosterPlan, penalty: RosterPenalty) -> str:
    """Return what one penalty is for, in a line."""
    squad = squad_words(plan, penalty.squad)
    person = plan.people[penalty.person].code if penalty.person >= 0 else squad
    day = day_words(day_of(plan, penalty.day)) if penalty.kind in ("short", "over", "wish", "single") else ""
    number = round(penalty.amount)
    if penalty.kind in ("short", "over"):
        text = ngettext("{n} person short", "{n} people short", number) if penalty.kind == "short" else _("{n} more than needed")
        return " · ".join(filter(None, (day, shift_words(plan.shifts[penalty.shift]), squad, text.format(n=number), penalty.text)))
    if penalty.kind in KINDS:
        text = _uneven(penalty.kind, 1 if penalty.amount == 1 else 2)
        return text.format(one=person, other=plan.people[penalty.other].code, n=f"{penalty.amount:g}")
    if penalty.kind == "wish":
        what = _("duty") if penalty.shift == ANY else cell_name(plan, penalty.shift)
        return _("{person}, {day}: {wish}").format(person=person, day=day, wish=_(WISHES[penalty.text]).format(shift=what))
    return _(SINGLE[penalty.text]).format(person=person, day=day)


def _uneven(kind: str, count: int) -> str:
    """Return the words for what two people of a squad have unevenly."""
    if kind == "nights":
        return ngettext(
            "{one} has {n} night more than {other}, each against a fair share",
            "{one} has {n} nights more than {other}, each against a fair share", count,
        )  # fmt: skip
    if kind == "weekends":
        return ngettext(
            "{one} has {n} weekend day more than {other}, each against a fair share",
            "{one} has {n} weekend days more than {other}, each against a fair share", count,
        )  # fmt: skip
    if kind == "points":
        return ngettext(
            "{one} has {n} point more than {other}, each against a fair share",
            "{one} has {n} points more than {other}, each against a fair share", count,
        )  # fmt: skip
    return _("{one} has {n} h more than {other}, each against a fair share")


def proof_words(plan: RosterPlan) -> str:
    """Return how good the roster is known to be."""
    if plan.status == "optimal":
        return _("proven best")
    if plan.status == "gap" and plan.value > 0:
        return _("at most {gap} % above the best").format(gap=f"{gap_of(plan):.1f}")
    return _("changed by hand") if plan.status == "hand" else ""
