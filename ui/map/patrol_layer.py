"""Patrol routes: one variant at a time, patrolled parts broad and empty ones dashed, beside each other where they share a street."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_near import street_middle
from ui.map.label_places import without_overlap
from ui.map.patrol_marks import DASHES, EMPTY, VIA, paint_arrows, paint_stop, paler, route_colour
from ui.map.patrol_strokes import Strokes, route_colours, routes_shown, streets_left_out, strokes_of
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of
from ui.map.themes import COVERAGE, theme_of_map
from ui.marks import SIZE, paint_lock
from ui.styles import SMALL, font

METRES, LEAST, MOST = 9.0, 2.4, 4.2  # what a patrolled street is broad in metres, and in pixels at least and at most
CASING, GAP = 1.8, 1.2  # pixels around a line, and between two lines in one street
STEP, SHORT = 120.0, 44.0  # pixels between two arrows, and of a line that has one
ARROWED = 0.06  # pixels per metre from which lines have arrows
SIGNED, NUMBERED = 0.05, 0.9  # from which stops have signs, and numbers where no route is chosen
ROOM = 10.0  # pixels around the middle of a numbered stop


class PatrolLayer:
    """The lines: what should be patrolled and is not below, then the routes, the chosen one on top and the others pale."""

    name = "patrol"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = showing.project.patrol
        if plan is None or theme_of_map(showing.map_theme, showing.project).id in COVERAGE:
            return ()
        return (plan, showing.patrol_choice, chosen_route(showing))

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing = scene.showing
        plan = showing.project.patrol
        assert plan is not None
        broader = showing.looks.look(self.name).width
        width = float(np.clip(METRES * scene.view.scale, LEAST, MOST)) * broader
        self._paint_left_out(painter, scene, streets_left_out(plan, showing.patrol_choice), width)
        strokes = strokes_of(plan, showing.patrol_choice)
        scene.breathe()
        lane = np.repeat(strokes.lane, np.diff(strokes.offsets))[:, None] * (width + GAP)
        screen = scene.view.to_screen(strokes.coords) + strokes.side * lane * (1.0, -1.0)
        scene.breathe()
        seen = scene.sees(strokes.boxes, 12.0 + float(np.abs(strokes.lane).max(initial=0.0)) * (width + GAP))
        chosen = chosen_route(showing)
        mine = strokes.route == chosen
        for group, is_pale in ((~mine, chosen >= 0), (mine, False)):
            rows = np.flatnonzero(seen & group)
            if len(rows):
                self._paint_lines(painter, scene, plan, strokes, screen, rows, width, broader, is_pale=is_pale)
                if not is_pale and scene.view.scale >= ARROWED:
                    self._paint_arrows(painter, scene, plan, strokes, screen, seen & group)

    def _paint_left_out(self, painter: QPainter, scene: Scene, pieces: Floats, width: float) -> None:
        """Draw the streets that no route patrols although they must be."""
        if not len(pieces):
            return
        for colour, extra in ((scene.theme.halo, 2 * CASING), (scene.theme.bad, 0.0)):
            painter.setPen(QPen(QColor(colour), width + extra, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            scene.draw_pieces(painter, pieces)

    def _paint_lines(
        self, painter: QPainter, scene: Scene, plan: PatrolPlan, strokes: Strokes, screen: Floats, rows: Ints, width: float,
        broader: float, *, is_pale: bool,
    ) -> None:  # fmt: skip
        """Draw lines: first what sets them off from the map, then the empty ones, then the patrolled."""
        number = route_colours(plan)
        lines = [(polygon_of(screen[strokes.offsets[row] : strokes.offsets[row + 1]]), row) for row in rows.tolist()]
        scene.breathe()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(QColor(scene.theme.halo), 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
        pen.setWidthF(width + 2 * CASING)
        painter.setPen(pen)
        for line, row in lines:
            if not strokes.dead[row]:
                painter.drawPolyline(line)
                scene.breathe()
        for dead in (True, False):
            pen.setWidthF(EMPTY * broader if dead else width)
            if dead:
                pen.setDashPattern(DASHES)
            else:
                pen.setStyle(Qt.PenStyle.SolidLine)
            last = -1
            for line, row in lines:
                if bool(strokes.dead[row]) is not dead:
                    continue
                if strokes.route[row] != last:  # lines of one route follow each other
                    last = int(strokes.route[row])
                    colour = route_colour(number[last], scene.theme)
                    pen.setColor(paler(colour, scene.theme) if is_pale else colour)
                    painter.setPen(pen)
                painter.drawPolyline(line)
                scene.breathe()

    def _paint_arrows(self, painter: QPainter, scene: Scene, plan: PatrolPlan, strokes: Strokes, screen: Floats, seen: Bools) -> None:
        """Draw heads along the lines, each where it is whatever part of the map is painted."""
        places, ways, line = arrows_along(screen, strokes.offsets)
        region = scene.region
        near = seen[line] & (places[:, 0] > region.left - 12) & (places[:, 0] < region.right + 12)
        near &= (places[:, 1] > region.top - 12) & (places[:, 1] < region.bottom + 12)
        number, halo = np.array(route_colours(plan)), QColor(scene.theme.halo)
        colour = number[strokes.route[line]]
        for one in np.unique(colour[near]).tolist():
            at = near & (colour == one)
            paint_arrows(painter, places[at], ways[at], route_colour(one, scene.theme), halo)
            scene.breathe()


class PatrolStopLayer:
    """Where the routes stop, over the sites: signs, numbers in the order of driving, and the codes of the routes with their locks."""

    name = "patrol-stops"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = showing.project.patrol
        if plan is None or PatrolLayer.name in showing.hidden or theme_of_map(showing.map_theme, showing.project).id in COVERAGE:
            return ()
        return (plan, showing.patrol_choice, chosen_route(showing))

    def paint(self, painter: QPainter, scene: Scene) -> None:
        plan = scene.showing.project.patrol
        assert plan is not None
        chosen = chosen_route(scene.showing)
        shown = routes_shown(plan, scene.showing.patrol_choice)
        self._paint_depots(painter, scene, plan, shown, chosen)
        if chosen >= 0:
            self._paint_vias(painter, scene, plan, chosen)
        if scene.view.scale >= SIGNED or chosen >= 0:
            signed = [row for row in shown if row != chosen] if chosen < 0 else [chosen]
            self._paint_stops(painter, scene, plan, signed, numbered=chosen >= 0 or scene.view.scale >= NUMBERED)
        self._paint_codes(painter, scene, plan, shown, chosen)

    def _paint_depots(self, painter: QPainter, scene: Scene, plan: PatrolPlan, shown: tuple[int, ...], chosen: int) -> None:
        places = {(stop.x, stop.y): row for row in shown for stop in plan.routes[row].stops if stop.kind == "depot"}
        for place in places:
            mine = chosen >= 0 and any((stop.x, stop.y) == place for stop in plan.routes[chosen].stops if stop.kind == "depot")
            colour = route_colour(route_colours(plan)[chosen], scene.theme) if mine else QColor(scene.theme.text)
            paint_stop(painter, QPointF(*scene.view.point_to_screen(*place)), "depot", colour, scene.theme)
        scene.breathe()

    def _paint_vias(self, painter: QPainter, scene: Scene, plan: PatrolPlan, chosen: int) -> None:
        """Draw a sign on each street that the chosen route was led through by hand."""
        route = plan.routes[chosen]
        colour = route_colour(route_colours(plan)[chosen], scene.theme)
        for call in route.calls:
            if call.kind == VIA and call.arcs:
                place = street_middle(plan.streets, call.arcs[len(call.arcs) // 2] // 2)
                paint_stop(painter, QPointF(*scene.view.point_to_screen(*place)), VIA, colour, scene.theme)
        scene.breathe()

    def _paint_stops(self, painter: QPainter, scene: Scene, plan: PatrolPlan, rows: list[int], *, numbered: bool) -> None:
        """Draw stops: of those that lie on each other a site comes before a break, and both before a street."""
        found = numbered_stops(plan, tuple(rows))
        at = scene.view.to_screen(found.places)
        kept = np.arange(len(at))
        if numbered:
            kept = kept[without_overlap(np.hstack((at - ROOM, at + ROOM)), found.rank)]
        region = scene.region
        kept = kept[(np.abs(at[kept, 0] - (region.left + region.right) / 2) < region.width / 2 + 16)
                    & (np.abs(at[kept, 1] - (region.top + region.bottom) / 2) < region.height / 2 + 16)]  # fmt: skip
        for one in kept.tolist():
            kind = found.kinds[one]
            if kind != "street" or numbered:
                colour = route_colour(route_colours(plan)[found.routes[one]], scene.theme)
                number = str(found.numbers[one]) if numbered else ""
                paint_stop(painter, QPointF(*at[one].tolist()), kind, colour, scene.theme, number)
                scene.breathe()

    def _paint_codes(self, painter: QPainter, scene: Scene, plan: PatrolPlan, shown: tuple[int, ...], chosen: int) -> None:
        """Write the code of each route where there is room, the chosen one's first; a padlock says that it is locked."""
        rows = [row for row in shown if len(plan.routes[row].coords)]
        places = code_places(plan, tuple(rows))
        painter.setFont(font(SMALL, bold=True))
        metrics = painter.fontMetrics()
        wide = np.array([metrics.horizontalAdvance(plan.routes[row].code) + 12.0 + (SIZE + 3) * plan.routes[row].locked for row in rows])
        half = np.column_stack((wide / 2, np.full(len(rows), 9.0))).reshape(-1, 2)
        at = scene.view.to_screen(places)
        rank = np.array([-1 if row == chosen else row for row in rows], np.int64)
        for one in np.flatnonzero(without_overlap(np.hstack((at - half, at + half)), rank)).tolist():
            route = plan.routes[rows[one]]
            colour = route_colour(route_colours(plan)[rows[one]], scene.theme)
            (x, y), (dx, dy) = at[one].tolist(), half[one].tolist()
            box = QRectF(x - dx, y - dy, 2 * dx, 2 * dy)
            is_pale = chosen >= 0 and rows[one] != chosen
            painter.setPen(QPen(paler(colour, scene.theme) if is_pale else colour, 1.6))
            painter.setBrush(QColor(scene.theme.panel))
            painter.drawRoundedRect(box, 9.0, 9.0)
            ink = QColor(scene.theme.muted if is_pale else scene.theme.text)
            painter.setPen(ink)
            room = SIZE + 3 if route.locked else 0.0
            painter.drawText(box.adjusted(room, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, route.code)
            if route.locked:
                paint_lock(painter, box.left() + 6, y - SIZE / 2, ink)
            scene.breathe()


def chosen_route(showing: Showing) -> int:
    """Return the row of the route that is chosen, -1 where none of those shown is."""
    plan = showing.project.patrol
    there = plan is not None and showing.patrol_route in routes_shown(plan, showing.patrol_choice)
    return showing.patrol_route if there else -1


def arrows_along(screen: Floats, offsets: Ints) -> tuple[Floats, Floats, Ints]:
    """Return places (m, 2) of arrows along lines, where each points (m, 2) and on which line it is; all in pixels."""
    step = np.diff(screen, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    length[offsets[1:-1] - 1] = 0.0
    run = np.concatenate(([0.0], np.cumsum(length)))
    begin, whole = run[offsets[:-1]], run[offsets[1:] - 1] - run[offsets[:-1]]
    count = np.where(whole >= STEP, whole // STEP, whole >= SHORT).astype(np.int64)
    line = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    at = begin[line] + (turn + 0.5) * (whole / np.maximum(count, 1))[line]
    piece = np.clip(np.searchsorted(run, at, side="right") - 1, 0, max(len(length) - 1, 0))
    way = step[piece] / np.maximum(length[piece], 1e-9)[:, None]
    return screen[piece] + way * (at - run[piece])[:, None], way, line


class Numbered:
    """Stops of some routes but their depots, each with its number along its route; `rank` says which comes first where room is short."""

    def __init__(self, plan: PatrolPlan, rows: tuple[int, ...]) -> None:
        listed = [
            (row, number, stop)
            for row in rows
            for number, stop in enumerate((stop for stop in plan.routes[row].stops if stop.kind != "depot"), start=1)
        ]
        self.routes = [row for row, _number, _stop in listed]
        self.numbers = [number for _row, number, _stop in listed]
        self.kinds = [stop.kind for _row, _number, stop in listed]
        self.places: Floats = np.array([(stop.x, stop.y) for _row, _number, stop in listed], np.float64).reshape(-1, 2)
        rank = {"site": 0, "rest": 1}
        first = np.argsort([rank.get(kind, 2) for kind in self.kinds], kind="stable")
        self.rank = np.argsort(first, kind="stable")


@lru_cache(maxsize=16)
def numbered_stops(plan: PatrolPlan, rows: tuple[int, ...]) -> Numbered:
    """Return the stops of some routes."""
    return Numbered(plan, rows)


@lru_cache(maxsize=16)
def code_places(plan: PatrolPlan, rows: tuple[int, ...]) -> Floats:
    """Return a place (n, 2) on each route where its code is written: as far along as no other route's is near, half way for one alone."""
    found: list[tuple[float, float]] = []
    for row in rows:
        coords = plan.routes[row].coords
        run = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))))
        at = run[-1] * np.linspace(0.2, 0.8, 13)
        places = np.column_stack((np.interp(at, run, coords[:, 0]), np.interp(at, run, coords[:, 1])))
        if found:
            away = np.hypot(*(places[:, None] - np.array(found)).transpose(2, 0, 1)).min(axis=1)
            best = int(away.argmax())
        else:
            best = 6
        found.append((float(places[best, 0]), float(places[best, 1])))
    return np.array(found, np.float64).reshape(-1, 2)
