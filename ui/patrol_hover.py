"""What the card at the cursor tells at the patrol step: the route below the pointer and when it passes, or how a street is covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF

from gridplanner.i18n import _
from gridplanner.model.lines import Floats
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import Coverage
from ui.map.coverage_classes import time_words
from ui.map.patrol_strokes import required_rows
from ui.map.road_layer import line_pieces
from ui.map.themes import COVERAGE
from ui.patrol_figures import STREET, clock, times_of, zone_code
from ui.patrol_motion import Way, ways_of

if TYPE_CHECKING:
    from ui.desk import Desk

NEAR = 7.0  # pixels from a street within which the pointer means it
LISTED = 4  # times at which a route passes that are told
Facts = list[tuple[str, str, str]]


def tell_patrol(desk: Desk, at: QPoint) -> bool:
    """Show the card of the route or the street below a pixel of the map; False where there is none or the step is another."""
    project, view = desk.session.project, desk.canvas.view
    plan = project.patrol
    if plan is None or not desk.routes.is_on or "patrol" in desk.hidden:
        return False
    x, y = view.point_to_world(at.x(), at.y())
    if desk.maps.theme in COVERAGE:
        row, coverage = street_near(plan, x, y, NEAR / view.scale), desk.patrol.coverage
        if row < 0 or coverage is None:
            return False
        desk.card.show_facts(str(plan.streets.names[row]) or _(STREET), "", street_facts(plan, coverage, row), at)
        return True
    row = desk.routes.row_at(QPointF(at))
    if row < 0:
        return False
    way = next((one for one in ways_of(plan, desk.patrol.choice) if one.row == row), None)
    route = plan.routes[row]
    begin, end = times_of(route)
    facts: Facts = [
        (_("Patrol zone"), zone_code(project, route.zone), ""),
        (_("On duty"), f"{clock(begin)}–{clock(end)}", ""),
        (_("Length"), f"{(route.required_m + route.dead_m) / 1000:,.1f} km", ""),
    ]
    times = passes(way, x, y, NEAR / view.scale) if way is not None else []
    if times:
        more = " …" if len(times) > LISTED else ""
        facts.append((_("Passes here"), _(", ").join(clock(minute) for minute in times[:LISTED]) + more, ""))
    if route.locked:
        facts.append((_("Settled"), _("locked"), ""))
    desk.card.show_facts(_("Route {code}").format(code=route.code), "", facts, at)
    return True


def street_facts(plan: PatrolPlan, coverage: Coverage, row: int) -> Facts:
    """Return how the street at a row of the plan is covered."""
    required = row in required_rows(plan).tolist()
    missed = required and not coverage.patrolled[row]
    return [
        (_("To be patrolled"), _("yes") if required else _("no"), ""),
        (_("Patrolled"), _("{n} times").format(n=f"{coverage.patrolled[row]:,}"), "bad" if missed else ""),
        (_("Patrol comes by"), _("{n} times").format(n=f"{coverage.visits[row]:,}"), ""),
        (_("Longest interval"), time_words(float(coverage.interval_h[row])), ""),
    ]


def passes(way: Way, x: float, y: float, within: float) -> list[float]:
    """Return the clock minutes at which a crew comes by a place within some metres, once for each time."""
    away, share = _away(way.places[:-1], way.places[1:], x, y)
    near = np.flatnonzero(away <= within)
    if not len(near):
        return []
    groups = np.split(near, np.flatnonzero(np.diff(near) > 1) + 1)
    best = [int(group[np.argmin(away[group])]) for group in groups]
    return [float(way.minutes[at] + share[at] * (way.minutes[at + 1] - way.minutes[at])) for at in best]


def street_near(plan: PatrolPlan, x: float, y: float, within: float) -> int:
    """Return the row of the plan's street nearest to a place within some metres, -1 for none."""
    pieces, line = line_pieces(plan.streets.lines)
    low, high = np.minimum(pieces[:, :2], pieces[:, 2:]), np.maximum(pieces[:, :2], pieces[:, 2:])
    near = np.flatnonzero(((low - within <= (x, y)) & (high + within >= (x, y))).all(axis=1))
    if not len(near):
        return -1
    away, _share = _away(pieces[near, :2], pieces[near, 2:], x, y)
    best = int(np.argmin(away))
    return int(line[near[best]]) if away[best] <= within else -1


def _away(a: Floats, b: Floats, x: float, y: float) -> tuple[Floats, Floats]:
    """Return how far a place is from pieces (n, 2) to (n, 2), and how far along each its nearest point lies, 0 to 1."""
    step, place = b - a, np.array([x, y])
    share = np.clip(((place - a) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-12), 0.0, 1.0)
    foot = a + step * share[:, None]
    return np.hypot(foot[:, 0] - x, foot[:, 1] - y), share
