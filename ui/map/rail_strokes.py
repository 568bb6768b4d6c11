"""Which guard segments the map shows, and in which colours: a squad has one, and two segments that meet differ in it or in its shade."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from gridplanner.i18n import N_, _
from gridplanner.model.rail import RailPlan, RailSegment
from ui.map.patrol_marks import route_colour
from ui.styles import Theme

PALER = 0.58  # of its squad's colour that every other segment keeps
PLAN_WORDS = {"day": N_("By day"), "night": N_("By night")}


def plan_shown(plan: RailPlan, choice: str) -> str:
    """Return the name of the plan that a choice shows: the first where it names none."""
    names = plan.plans
    return choice if choice in names else names[0] if names else plan.plan


def plan_words(name: str) -> str:
    """Return what a plan is called in the language in use."""
    return _(PLAN_WORDS[name]) if name in PLAN_WORDS else name


def segments_shown(plan: RailPlan, choice: str) -> tuple[int, ...]:
    """Return the rows of the segments that a choice shows, in line order."""
    return _rows(plan, plan_shown(plan, choice))


def row_again(plan: RailPlan, segment: RailSegment) -> int:
    """Return the row of a segment of another plan: of what lies in the same place, else of the same code; -1 where neither is."""
    places = [(one.plan, one.line, one.low, one.high) for one in plan.segments]
    place, codes = (segment.plan, segment.line, segment.low, segment.high), [one.code for one in plan.segments]
    if place in places:
        return places.index(place)
    return codes.index(segment.code) if segment.code in codes else -1


def squad_colour(squad: int, look: Theme) -> QColor:
    """Return the colour of a squad, counted from 1."""
    return route_colour(squad - 1, look)


@lru_cache(maxsize=16)
def segment_colours(plan: RailPlan, choice: str, look: Theme) -> dict[int, QColor]:
    """Return the colour of each segment shown, by its row."""
    found = {}
    for place, row in enumerate(segments_shown(plan, choice)):
        colour = squad_colour(plan.segments[row].squad, look)
        found[row] = shade(colour, look) if place % 2 else colour
    return found


def shade(colour: QColor, look: Theme, share: float = PALER) -> QColor:
    """Return a colour mixed with the ground's."""
    ground = QColor("#ffffff" if look.name == "light" else look.land)
    parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]  # getRgb returns a tuple
    return QColor(*(round(share * a + (1 - share) * b) for a, b in parts))


@lru_cache(maxsize=16)
def _rows(plan: RailPlan, name: str) -> tuple[int, ...]:
    return plan.of_plan(name)
