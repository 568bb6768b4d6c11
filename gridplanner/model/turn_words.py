"""A crew's instructions in the language in use, to be read aloud in a moving car."""

from __future__ import annotations

from gridplanner.i18n import N_, _
from gridplanner.model.street_turns import Turn
from gridplanner.model.street_words import HEADINGS, clock_words, distance_words, minutes_words, street_words
from gridplanner.model.turn_by_turn import ONE_SIDE, OTHER_SIDE, Instruction, Kind

_INTO = {
    Turn.STRAIGHT: N_("Straight on into {street}"), Turn.SLIGHT_LEFT: N_("Bear left into {street}"),
    Turn.LEFT: N_("Turn left into {street}"), Turn.SHARP_LEFT: N_("Turn sharp left into {street}"),
    Turn.SLIGHT_RIGHT: N_("Bear right into {street}"), Turn.RIGHT: N_("Turn right into {street}"),
    Turn.SHARP_RIGHT: N_("Turn sharp right into {street}"), Turn.ROUND: N_("Turn round into {street}"),
}  # fmt: skip
_STAYS = {
    Turn.STRAIGHT: N_("Straight on, still {street}"), Turn.SLIGHT_LEFT: N_("Keep left, still {street}"),
    Turn.LEFT: N_("Turn left, still {street}"), Turn.SHARP_LEFT: N_("Turn sharp left, still {street}"),
    Turn.SLIGHT_RIGHT: N_("Keep right, still {street}"), Turn.RIGHT: N_("Turn right, still {street}"),
    Turn.SHARP_RIGHT: N_("Turn sharp right, still {street}"), Turn.ROUND: N_("Turn round on {street}"),
}  # fmt: skip
# by what is done, and whether it is the first way, one that goes on as before, or one that is turned into; with the distance and without
_ALONG = {
    ("go", False): (N_("Drive along {street} for {distance}"), N_("Drive along {street}")),
    ("go", True): (N_("Drive on along {street} for {distance}"), N_("Drive on along {street}")),
    ("walk", False): (N_("Walk along {street} for {distance}"), N_("Walk along {street}")),
    ("walk", True): (N_("Walk on along {street} for {distance}"), N_("Walk on along {street}")),
    ("patrol", False): (N_("Patrol {street} for {distance}"), N_("Patrol {street}")),
    ("patrol", True): (N_("Patrol {street} from here for {distance}"), N_("Patrol {street} from here")),
}
_AFTER_TURN = {
    "go": (N_("{turn}, drive {distance}"), "{turn}"),
    "walk": (N_("{turn}, walk {distance}"), "{turn}"),
    "patrol": (N_("{turn}, patrol it for {distance}"), N_("{turn}, patrol it")),
}
_SIDES = {ONE_SIDE: N_("{words} (one side)"), OTHER_SIDE: N_("{words} (the other side)")}


def instruction_words(row: Instruction, *, distance: bool = True, on_foot: bool = False) -> str:
    """Return what a crew is to do, with how far unless a column beside tells `distance`; crews `on_foot` walk."""
    if row.kind is Kind.DEPART:
        return _("Set off from {depot}, heading {heading}").format(depot=row.name, heading=_(HEADINGS[row.heading]))
    if row.kind is Kind.BACK:
        return _("Back at {depot}").format(depot=row.name)
    if row.kind in {Kind.SITE, Kind.REST}:
        return _halt_words(row)
    street, how_far = street_words(row.name, row.highway), 0 if distance else 1
    does = "patrol" if row.kind is Kind.PATROL else "walk" if on_foot else "go"
    told = {"street": street, "distance": distance_words(row.metres)}
    turn = _turn_words(row, street)
    text = _AFTER_TURN[does][how_far] if turn else _ALONG[does, row.stays][how_far]
    words = _(text).format(turn=turn, **told)
    return _(_SIDES[row.side]).format(words=words) if row.side else words


def _turn_words(row: Instruction, street: str) -> str:
    """Return the turn into a street; empty where one sets off, or goes on as before."""
    if row.turn is Turn.ROUNDABOUT:
        return _("At the roundabout take exit {n} into {street}").format(n=row.way_out, street=street)
    if row.turn is Turn.NONE or (row.turn is Turn.STRAIGHT and row.stays):
        return ""
    if row.across:
        return _("Straight on across {across} into {street}").format(across=row.across, street=street)
    return _((_STAYS if row.stays else _INTO)[row.turn]).format(street=street)


def _halt_words(row: Instruction) -> str:
    begins, ends = clock_words(row.clock + row.wait), clock_words(row.until)
    told = {"site": row.name, "begins": begins, "ends": ends, "minutes": minutes_words(row.until - row.clock - row.wait)}
    if row.kind is Kind.REST:
        return _("Rest {minutes} ({begins}–{ends})").format(**told)
    if row.again:
        words = _("Visit {site} again, {minutes} ({begins}–{ends})").format(**told)
    else:
        words = _("Visit {site}, {minutes} ({begins}–{ends})").format(**told)
    if row.wait >= 0.5:
        return _("Wait {minutes}, then: {words}").format(minutes=minutes_words(row.wait), words=words)
    return words
