"""The map on a crew's sheet: the way with arrows, patrolled parts broad, stops with the numbers of their lines, and street names."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.patrol_sheet import RouteSheet
from gridplanner.model.project import Project
from gridplanner.model.turn_by_turn import Instruction, Kind, is_patrolled
from gridplanner.model.zones import ZonePlan
from ui.map.decorations import bar_length
from ui.map.label_places import without_overlap
from ui.map.land_layer import LandLayer, LimitLayer
from ui.map.layer_looks import PLAIN, LayerLook, Looks
from ui.map.patrol_layer import arrows_along
from ui.map.patrol_marks import paint_arrows, paint_stop
from ui.map.patrol_strokes import arc_coords, sides_of
from ui.map.road_layer import RoadLayer
from ui.map.scene import Request, Scene, Showing
from ui.map.shapes import polygon_of
from ui.map.view import View
from ui.map.zone_layer import ZoneLayer
from ui.printing.street_names import paint_street_names
from ui.styles import LIGHT, font

BROAD, NARROW, CASING = 2.6, 1.1, 1.2  # points of a patrolled and of a driven line, and around both
ASIDE = 1.7  # points to the right that the way is drawn, so that there and back are beside each other
ROOM = 7.5  # points around the middle of a number
BELOW = 11.0  # points from the middle of a sign down to a number that does not fit into it
SMALLEST = 250.0  # metres that a map shows at least
RANKS = {Kind.SITE: 0, Kind.REST: 1, Kind.PATROL: 2}


def paint_map(painter: QPainter, box: QRectF, project: Project, sheet: RouteSheet, scale: float) -> None:
    """Paint a route with the streets around it into a box; `scale` are the dots of a point."""
    showing = Showing(project, LIGHT, "", hidden=frozenset({"grids"}), looks=_looks())
    view = View(width=int(box.width()), height=int(box.height())).fitted(_bounds(sheet), margin=0.07)
    scene = Scene(Request(showing, view, scale), lambda: False)
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, QColor(LIGHT.map))
    painter.translate(box.topLeft())
    for layer in (_Land(), RoadLayer(), LimitLayer(), _Zones()):
        if layer.sources(showing):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            layer.paint(painter, scene)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = _way(project, sheet)
    _paint_way(painter, view, lines, QColor(sheet.colour))
    taken = _paint_stops(painter, view, sheet)
    paint_street_names(painter, view, project, sheet, taken)
    _paint_scale(painter, view)
    _paint_north(painter, view)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(LIGHT.faint), 0.6))
    painter.drawRect(box)


class _Land(LandLayer):
    """Land under streets: a map on paper is moved by its painter, which the map on the screen is not."""

    def paint(self, painter: QPainter, scene: Scene) -> None:
        paths, boxes, (x, y) = self._paths(scene.showing.project.communities)
        painter.save()
        left, top = scene.view.point_to_screen(x, y)
        painter.translate(left, top)
        painter.scale(scene.view.scale, -scene.view.scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#eef0f1"))
        for row in np.flatnonzero(scene.sees(boxes)).tolist():
            painter.drawPath(paths[row])
        painter.restore()


class _Zones(ZoneLayer):
    """The borders of the zones without the places that they are served from: the sheet shows this crew's."""

    def _paint_places(self, painter: QPainter, scene: Scene, zones: ZonePlan) -> None:
        pass


class _Way:
    """The lines of a route in driving order, metres, `patrolled` (lines,) or only driven."""

    def __init__(self, coords: Floats, offsets: Ints, patrolled: list[bool]) -> None:
        self.coords, self.offsets, self.patrolled = coords, offsets, patrolled


def _way(project: Project, sheet: RouteSheet) -> _Way:
    route, plan = sheet.route, project.patrol
    assert plan is not None
    if not len(route.arcs):
        return _Way(route.coords, np.array([0, len(route.coords)]), [True])
    flags = np.array([is_patrolled(route, row) for row in range(len(route.arcs))])
    coords, counts = arc_coords(plan, np.asarray(route.arcs, np.int64))
    begins = np.concatenate(([True], flags[1:] != flags[:-1]))
    kept = np.ones(len(coords), bool)
    kept[(np.cumsum(counts) - counts)[~begins]] = False  # where the arc before ended
    places = np.bincount(np.cumsum(begins) - 1, counts - ~begins).astype(np.int64)
    return _Way(coords[kept], np.concatenate(([0], np.cumsum(places))), flags[begins].tolist())


def _paint_way(painter: QPainter, view: View, way: _Way, colour: QColor) -> None:
    """Draw the way a little to the right of the streets' middle: first what sets it off, then what is driven, then what is patrolled."""
    screen = view.to_screen(way.coords) + sides_of(way.coords, way.offsets) * (ASIDE, -ASIDE)
    lines = [polygon_of(screen[a:b]) for a, b in zip(way.offsets[:-1].tolist(), way.offsets[1:].tolist(), strict=True)]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(QColor("#ffffff"), 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    for line, patrolled in zip(lines, way.patrolled, strict=True):
        pen.setWidthF((BROAD if patrolled else NARROW) + 2 * CASING)
        painter.setPen(pen)
        painter.drawPolyline(line)
    for wanted in (False, True):
        pen = line_pen(colour, patrolled=wanted)
        painter.setPen(pen)
        for line, patrolled in zip(lines, way.patrolled, strict=True):
            if patrolled is wanted:
                painter.drawPolyline(line)
    places, ways, _line = arrows_along(screen, way.offsets)
    paint_arrows(painter, places, ways, colour, QColor("#ffffff"))


def line_pen(colour: QColor, *, patrolled: bool) -> QPen:
    """Return the pen for parts that are patrolled, or only driven."""
    pen = QPen(colour, BROAD if patrolled else NARROW, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    if not patrolled:
        pen.setDashPattern([3.5, 2.2])
    return pen


def _paint_stops(painter: QPainter, view: View, sheet: RouteSheet) -> list[QRectF]:
    """Draw the depot and, where there is room, the numbers of sites, rests and patrolled streets; return the places taken."""
    colour = QColor(sheet.colour)
    first = sheet.instructions[0]
    depot = QPointF(*view.point_to_screen(first.x, first.y))
    marks = _marks(sheet)
    at = view.to_screen(np.array([(row.x, row.y) for row, _words in marks], np.float64).reshape(-1, 2))
    room = np.array([_room(row, words) for row, words in marks]).reshape(-1, 4)
    boxes = np.vstack(([[depot.x() - 7, depot.y() - 7, depot.x() + 7, depot.y() + 7]], np.hstack((at, at)) + room))
    kept = without_overlap(boxes, np.arange(len(boxes)))
    for number, (row, words) in enumerate(marks):
        if kept[number + 1]:
            middle = QPointF(*at[number].tolist())
            if row.kind is Kind.PATROL:
                _paint_number(painter, middle, words, QColor("#ffffff"), colour, colour)
            elif len(words) > 2:  # what does not fit into the sign stands below it
                paint_stop(painter, middle, str(row.kind), colour, LIGHT)
                _paint_number(painter, middle + QPointF(0.0, BELOW), words, QColor(LIGHT.text), QColor("#ffffff"), colour)
            else:
                paint_stop(painter, middle, str(row.kind), colour, LIGHT, words, scale=0.85)
    paint_stop(painter, depot, "depot", colour, LIGHT, scale=0.85)
    return [QRectF(QPointF(*box[:2]), QPointF(*box[2:])) for box in boxes[kept].tolist()]


def _marks(sheet: RouteSheet) -> list[tuple[Instruction, str]]:
    """Return what has a number on the map, sites first, with all lines of the sheet that stop at the same place."""
    rows = sorted((row for row in sheet.instructions if row.kind in RANKS), key=lambda row: RANKS[row.kind])
    at: dict[tuple[object, ...], list[Instruction]] = {}
    for row in rows:
        at.setdefault((row.kind, row.x, row.y) if row.kind is Kind.SITE else (row.seq,), []).append(row)
    return [(same[0], "·".join(str(row.seq) for row in same)) for same in at.values()]


def _room(row: Instruction, words: str) -> tuple[float, float, float, float]:
    """Return how far a mark reaches to the left, up, right and down of its place."""
    if row.kind is not Kind.PATROL and len(words) < 3:
        return -ROOM, -ROOM, ROOM, ROOM
    half = max(_number_width(words) / 2, ROOM if row.kind is not Kind.PATROL else 0.0)
    return (-half, -ROOM, half, ROOM) if row.kind is Kind.PATROL else (-half, -ROOM, half, BELOW + 6.0)


def _number_width(words: str) -> float:
    return max(QFontMetricsF(font(7, bold=True)).horizontalAdvance(words) + 5.0, 10.0)


def _paint_number(painter: QPainter, middle: QPointF, words: str, ink: QColor, ground: QColor, rim: QColor) -> None:
    """Write the number of a line of the sheet on a small plate."""
    wide = _number_width(words)
    box = QRectF(middle.x() - wide / 2, middle.y() - 5.0, wide, 10.0)
    painter.setPen(QPen(QColor("#ffffff") if ground == rim else rim, 0.8))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 5.0, 5.0)
    painter.setFont(font(7, bold=True))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _paint_scale(painter: QPainter, view: View) -> None:
    metres = bar_length(view.scale, 90.0)
    wide, y = metres * view.scale, view.height - 12.0
    _paint_plate(painter, QRectF(6, y - 16, wide + 16, 23))
    painter.fillRect(QRectF(14, y, wide, 1.6), QColor(LIGHT.text))
    for x in (14.0, 14.0 + wide - 0.8):
        painter.fillRect(QRectF(x, y - 3, 0.8, 3), QColor(LIGHT.text))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(8))
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    painter.drawText(QRectF(14, y - 15, wide, 12), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, words)


def _paint_north(painter: QPainter, view: View) -> None:
    x, y = view.width - 20.0, 12.0
    _paint_plate(painter, QRectF(x - 12, y - 6, 24, 42))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.text))
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x + 5, y + 18), QPointF(x, y + 14), QPointF(x - 5, y + 18)]))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(9, bold=True))
    painter.drawText(QRectF(x - 12, y + 19, 24, 13), Qt.AlignmentFlag.AlignCenter, _("N"))


def _paint_plate(painter: QPainter, box: QRectF) -> None:
    ground = QColor("#ffffff")
    ground.setAlphaF(0.88)
    path = QPainterPath()
    path.addRoundedRect(box, 4, 4)
    painter.fillPath(path, ground)


def _bounds(sheet: RouteSheet) -> tuple[float, float, float, float]:
    """Return what a map must show: the way and the places visited, and SMALLEST metres both ways."""
    places = np.array([(row.x, row.y) for row in sheet.instructions])
    xy = np.concatenate((sheet.route.coords, places))
    low, high = xy.min(axis=0), xy.max(axis=0)
    more = np.maximum(SMALLEST - (high - low), 0.0) / 2
    return (*(low - more).tolist(), *(high + more).tolist())


@lru_cache(maxsize=1)
def _looks() -> Looks:
    return PLAIN.with_look("limits", LayerLook(width=0.4)).with_look("zones", LayerLook(width=0.45))
