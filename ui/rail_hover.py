"""What the card at the cursor tells at the railway: chainage in all systems, and whose segment it is with its work and its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF

from gridplanner.i18n import _
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_near import RailSpot
from ui.rail_figures import deviations_of, ends_words, km, minutes_words, percent, readings, round_words, who_words

if TYPE_CHECKING:
    from ui.desk import Desk

SIGN = 10.0  # pixels within which the pointer means a base or an entry point
Facts = list[tuple[str, str, str]]


def tell_rail(desk: Desk, at: QPoint) -> bool:
    """Show the card of the segment, base or entry point below a pixel of the map; False where there is none or the step is another."""
    hand = desk.rail
    plan = hand.plan
    if plan is None:
        return False
    x, y = desk.canvas.view.point_to_world(at.x(), at.y())
    within = SIGN / desk.canvas.view.scale
    if "chainage" not in desk.hidden:
        base = _nearest(plan.bases.xy, x, y, within)
        if base >= 0:
            desk.card.show_facts(_("Base {name}").format(name=str(plan.bases.names[base])), "", base_facts(plan, hand.shown, base), at)
            return True
    spot = hand.spot_at(x, y)
    row = hand.row_at(QPointF(at))
    if spot is None:
        return False
    title = _("Segment {code}").format(code=plan.segments[row].code) if row >= 0 else plan.lines[spot.line].name
    gate = _nearest(plan.gates.xy, x, y, within) if "chainage" not in desk.hidden else -1
    below = _("Entry point {name}").format(name=str(plan.gates.names[gate])) if gate >= 0 else ""
    desk.card.show_facts(title, below, [*place_facts(plan, spot), *(segment_facts(plan, row) if row >= 0 else [])], at)
    return True


def place_facts(plan: RailPlan, spot: RailSpot) -> Facts:
    """Return what posts read at a place, the first system and the others."""
    first, *others = readings(plan.lines[spot.line], spot.along)
    return [(_("Chainage here"), first, ""), *([(_("Also"), ", ".join(others), "")] if others else [])]


def segment_facts(plan: RailPlan, row: int) -> Facts:
    """Return whose a segment is, how long, with which work, and how it is reached and patrolled."""
    segment: RailSegment = plan.segments[row]
    work = f"{segment.workload:.2f} ({percent(deviations_of(plan)[row])})"
    facts = [
        (_("Guarded by"), who_words(segment), ""), (_("From–to"), ends_words(plan, segment), ""),
        (_("Length"), f"{km(segment.high - segment.low)} km", ""), (_("Work"), work, ""),
    ]  # fmt: skip
    if segment.base:
        facts.append((_("From {base}").format(base=segment.base), minutes_words(segment.access_s), ""))
    if segment.round is not None and not (segment.locked or segment.post):
        facts.append((_("Round"), round_words(segment.round), ""))
    elif segment.locked or segment.post:
        facts.append((_("Settled"), _("fixed post {name}").format(name=segment.post) if segment.post else _("locked"), ""))
    return facts


def base_facts(plan: RailPlan, rows: tuple[int, ...], base: int) -> Facts:
    """Return how many segments are reached from a base, and the longest way."""
    mine = [plan.segments[row] for row in rows if plan.segments[row].base == str(plan.bases.names[base])]
    ways = [segment.access_s for segment in mine if np.isfinite(segment.access_s)]
    facts = [(_("Segments"), f"{len(mine)}", "")]
    if ways:
        facts.append((_("Longest way"), minutes_words(max(ways)), ""))
    return facts


def _nearest(xy: np.ndarray[tuple[int, int], np.dtype[np.float64]], x: float, y: float, within: float) -> int:
    if not len(xy):
        return -1
    away = np.hypot(xy[:, 0] - x, xy[:, 1] - y)
    return int(away.argmin()) if away.min() <= within else -1
