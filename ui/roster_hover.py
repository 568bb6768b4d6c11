"""What the card at the cursor tells at the roster step: who is on duty at the segment or route below the pointer, with work phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint

from gridplanner.i18n import _
from gridplanner.model.lines import Floats
from gridplanner.model.roster_calendar import clock_span, shift_words
from ui.map.duty_layer import duty_places
from ui.roster_duty import on_duty_at
from ui.roster_words import clock, short_day

if TYPE_CHECKING:
    from ui.desk import Desk

NEAR = 8.0  # pixels from a place within which the pointer means it


def tell_roster(desk: Desk, at: QPoint) -> bool:
    """Show the card of the place below a pixel of the map; False where there is none or the step is another."""
    project, view, moment = desk.session.project, desk.canvas.view, desk.canvas.showing.duty
    plan = project.roster
    if plan is None or moment is None or "duty" in desk.hidden:
        return False
    x, y = view.point_to_world(at.x(), at.y())
    places = duty_places(plan, project.rail, project.patrol, moment)
    away = [distance(place.coords, x, y) for place in places]
    nearest = min(range(len(away)), key=away.__getitem__, default=-1)
    if nearest < 0 or away[nearest] > NEAR / view.scale:
        desk.card.hide()
        return True  # the grids below are not what this step is about
    code = places[nearest].code
    facts: list[tuple[str, str, str]] = []
    for one in on_duty_at(project, plan, moment):
        if code in one.place.split(";"):
            shift = plan.shifts[one.shift]
            who = " ".join(filter(None, (one.code, one.name, one.phone)))
            facts.append((who, f"{shift_words(shift)} {clock_span(shift)}", ""))
    if not facts:
        facts.append((_("On duty"), _("nobody"), "bad"))
    when = f"{short_day(plan, moment[0])} {clock(moment[1])}"
    desk.card.show_facts(code, when, facts, at)
    return True


def distance(coords: Floats, x: float, y: float) -> float:
    """Return how far a place lies from a line (n, 2), n at least 2.

    >>> distance(np.array([[0.0, 0.0], [10.0, 0.0]]), 4.0, 3.0)
    3.0
    """
    begins, ways = coords[:-1], np.diff(coords, axis=0)
    long = np.maximum((ways**2).sum(axis=1), 1e-12)
    share = np.clip(((np.array([x, y]) - begins) * ways).sum(axis=1) / long, 0.0, 1.0)
    near = begins + share[:, None] * ways
    return float(np.hypot(near[:, 0] - x, near[:, 1] - y).min())
