"""Who is on duty where: segments and routes with people on them at the chosen time, each with their codes; the others are thin and grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_draws import variant_on, zones_driven
from gridplanner.model.rail import RailPlan
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_places import plan_of_shift
from ui.map.patrol_marks import route_colour
from ui.map.rail_strokes import shade
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of
from ui.roster_duty import Moment, manned, shifts_at
from ui.styles import SMALL, font

BAND, THIN = 9.0, 3.0  # pixels of a place with people on duty and without
ROOM = 26.0  # pixels that the words of a place need along it


@dataclass(frozen=True, eq=False)
class DutyPlace:
    """A segment or route: its code, its line (n, 2) metres, and the number of its squad or zone from 0, by which it is coloured."""

    code: str
    coords: Floats
    squad: int


class DutyLayer:
    """Painted at the roster step, over the railway and the routes."""

    name = "duty"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = showing.project.roster
        if plan is None or showing.duty is None:
            return ()
        rail, patrol = showing.project.rail, showing.project.patrol
        places = duty_places(plan, rail, patrol, showing.duty)
        # of a roster that was changed elsewhere the same words come again, and nothing is painted
        return f"{manned(plan, showing.duty)} {places[0].code if places else ''} {len(places)}", rail, patrol

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing = scene.showing
        plan = showing.project.roster
        assert plan is not None
        assert showing.duty is not None
        on_duty, broader = manned(plan, showing.duty), scene.showing.looks.look(self.name).width
        places = duty_places(plan, showing.project.rail, showing.project.patrol, showing.duty)
        seen = [place for place in places if scene.touches(place.coords, 14.0)]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        teams = _teams(places, on_duty)
        for place in sorted(seen, key=lambda one: one.code in on_duty):
            there = place.code in on_duty
            line = polygon_of(scene.view.to_screen(place.coords))
            if not there:
                painter.setPen(_pen(QColor(scene.theme.faint), THIN * broader))
                painter.drawPolyline(line)
                continue
            painter.setPen(_pen(QColor(scene.theme.halo), (BAND + 3) * broader))
            painter.drawPolyline(line)
            colour = route_colour(place.squad, scene.theme)
            if teams[place.code] % 2:  # so that it is seen where the next people's stretch begins
                colour = shade(colour, scene.theme)
            painter.setPen(_pen(colour, BAND * broader))
            painter.drawPolyline(line)
            scene.breathe()
        self._paint_codes(painter, scene, seen, on_duty, teams)

    def _paint_codes(
        self, painter: QPainter, scene: Scene, seen: list[DutyPlace], on_duty: Mapping[str, str], teams: Mapping[str, int]
    ) -> None:
        """Write who is on duty beside the middle of their stretch, where there is room for it."""
        painter.setFont(font(SMALL, bold=True))
        metrics = QFontMetricsF(painter.font())
        stretches: dict[int, list[DutyPlace]] = {}
        for place in seen:
            if place.code in teams:
                stretches.setdefault(teams[place.code], []).append(place)
        taken: list[QRectF] = []
        for stretch in stretches.values():
            place = stretch[len(stretch) // 2]
            lengths = [_middle(scene.view.to_screen(one.coords)) for one in stretch]
            if sum(long for _at, long in lengths) < ROOM:
                continue
            middle = lengths[len(stretch) // 2][0]
            codes = on_duty[place.code].split(", ")
            words = codes[0] + (f" +{len(codes) - 1}" if len(codes) > 1 else "")
            wide = metrics.horizontalAdvance(words) + 10
            box = QRectF(middle.x() - wide / 2, middle.y() - 27, wide, 17)
            if any(box.intersects(other) for other in taken):
                continue
            taken.append(box)
            painter.setPen(QPen(QColor(scene.theme.line), 1))
            painter.setBrush(QColor(scene.theme.panel))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QColor(scene.theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _teams(places: Sequence[DutyPlace], on_duty: Mapping[str, str]) -> dict[str, int]:
    """Return for each place with people on duty the number of its stretch: neighbours in line order that the same people have."""
    found: dict[str, int] = {}
    number, before = -1, ""
    for place in places:
        people = on_duty.get(place.code, "")
        if people:
            number += people != before
            found[place.code] = number
        before = people
    return found


def rail_plan_at(plan: RosterPlan, rail: RailPlan, moment: Moment) -> str:
    """Return the plan of the railway by which people guard at a moment."""
    shifts = shifts_at(plan, moment[1])
    return plan_of_shift(rail, plan.shifts[shifts[0]]) if shifts else rail.plans[0] if rail.plans else ""


@lru_cache(maxsize=8)
def duty_places(plan: RosterPlan, rail: RailPlan | None, patrol: PatrolPlan | None, moment: Moment) -> tuple[DutyPlace, ...]:
    """Return the places that a roster sends people to at a moment: segments of one plan (day, night, …), routes of the variants drawn."""
    if plan.group == "rail" and rail is not None:
        shown = rail_plan_at(plan, rail, moment)
        found = [(segment.code, segment.coords, segment.squad - 1) for segment in rail.segments if segment.plan == shown]
    elif plan.group == "patrol" and patrol is not None:
        day = moment[0] % max((draw.day + 1 for draw in patrol.draws), default=1)
        variants = {zone: variant_on(patrol, zone, day) for zone in zones_driven(patrol)}
        number = {zone: at for at, zone in enumerate(variants)}
        found = [(route.code, route.coords, number[route.zone]) for route in patrol.routes if route.variant == variants[route.zone]]
    else:
        found = []
    return tuple(DutyPlace(code, np.asarray(coords, np.float64), squad) for code, coords, squad in found if len(coords) > 1)


def _pen(colour: QColor, wide: float) -> QPen:
    return QPen(colour, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)


def _middle(at: Floats) -> tuple[QPointF, float]:
    """Return the place halfway along a line on the screen, and its length."""
    steps = np.hypot(*np.diff(at, axis=0).T)
    so_far = np.concatenate(([0.0], np.cumsum(steps)))
    half = so_far[-1] / 2
    return QPointF(float(np.interp(half, so_far, at[:, 0])), float(np.interp(half, so_far, at[:, 1]))), float(so_far[-1])
