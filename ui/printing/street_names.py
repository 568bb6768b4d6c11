"""Names of streets along a printed route, each written once where its line is straight and nothing else stands."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

from gridplanner.model.lines import Floats
from gridplanner.model.patrol_sheet import RouteSheet
from gridplanner.model.project import Project
from gridplanner.model.street_turns import arc_line
from gridplanner.model.turn_by_turn import is_patrolled
from ui.map.view import View
from ui.styles import LIGHT, font

SIZE = 7.5
STRAIGHT = 0.985  # of a line's length that lies between its ends, where a name is written along it
PLACES = 9  # tried along a line
AWAY = 8.0  # points from the middle of the street to that of its name


def paint_street_names(painter: QPainter, view: View, project: Project, sheet: RouteSheet, taken: list[QRectF]) -> None:
    """Write the names along the lines of a route, those of patrolled streets first; `taken` grows by where they stand."""
    metrics = QFontMetricsF(font(round(SIZE)))
    whole = QRectF(4, 4, view.width - 8, view.height - 8)
    corner = [QRectF(0, view.height - 34, 130, 34), QRectF(view.width - 40, 0, 40, 56)]  # scale bar and north arrow
    for name, lines in _lines(project, sheet).items():
        wide = metrics.horizontalAdvance(name)
        for line in sorted((view.to_screen(line) for line in lines), key=lambda line: -_length(line)):
            found = next((spot for spot in _spots(line, wide) if _fits(spot, wide, whole, [*taken, *corner])), None)
            if found is not None:
                _write(painter, found, name, wide)
                taken.append(_box(found, wide))
                break


def _lines(project: Project, sheet: RouteSheet) -> dict[str, list[Floats]]:
    """Return for each named street the parts of the route along it, metres; patrolled streets come first."""
    plan, route = project.patrol, sheet.route
    assert plan is not None
    found: dict[bool, dict[str, list[list[Floats]]]] = {True: {}, False: {}}
    last = ""
    for row, arc in enumerate(route.arcs.tolist()):
        name = str(plan.streets.names[arc // 2])
        parts = found[is_patrolled(route, row)].setdefault(name, [])
        if not parts or name != last or arc == int(route.arcs[row - 1]) ^ 1:
            parts.append([])
        parts[-1].append(arc_line(plan.streets, arc))
        last = name
    names = dict.fromkeys([*found[True], *found[False]])
    return {
        name: [np.concatenate(part) for kind in (True, False) for part in found[kind].get(name, [])] for name in names if name
    }  # fmt: skip


def _spots(line: Floats, wide: float) -> list[tuple[float, float, float]]:
    """Return places and angles (degrees) for words of a width along a line in pixels, the middle of the line first."""
    step = np.hypot(*np.diff(line, axis=0).T)
    run = np.concatenate(([0.0], np.cumsum(step)))
    room = run[-1] - wide - 6.0
    if room < 0:
        return []
    spots = []
    for begin in sorted(np.linspace(3.0, 3.0 + room, PLACES), key=lambda at: abs(at - 3.0 - room / 2)):
        ends = np.array([(np.interp(at, run, line[:, 0]), np.interp(at, run, line[:, 1])) for at in (begin, begin + wide)])
        chord = ends[1] - ends[0]
        if np.hypot(*chord) < STRAIGHT * wide:
            continue
        angle = math.degrees(math.atan2(chord[1], chord[0]))
        angle = angle - 180.0 if angle > 90.0 else angle + 180.0 if angle <= -90.0 else angle  # never upside down
        x, y = ends.mean(axis=0).tolist()
        for side in (-1.0, 1.0):
            away = side * AWAY
            spots.append((x - away * math.sin(math.radians(angle)), y + away * math.cos(math.radians(angle)), angle))
    return spots


def _fits(spot: tuple[float, float, float], wide: float, whole: QRectF, taken: list[QRectF]) -> bool:
    box = _box(spot, wide)
    return whole.contains(box) and not any(box.intersects(other) for other in taken)


def _box(spot: tuple[float, float, float], wide: float) -> QRectF:
    x, y, angle = spot
    turned = QTransform().translate(x, y).rotate(angle)
    return turned.mapRect(QRectF(-wide / 2 - 1, -SIZE / 2 - 1, wide + 2, SIZE + 2))


def _write(painter: QPainter, spot: tuple[float, float, float], name: str, wide: float) -> None:
    """Write words on a white rim; they are text, not shapes, so that they can be found in the file."""
    x, y, angle = spot
    painter.save()
    painter.translate(x, y)
    painter.rotate(angle)
    start = QPointF(-wide / 2, SIZE * 0.36)
    path = QPainterPath()
    path.addText(start, font(round(SIZE)), name)
    painter.strokePath(path, QPen(QColor("#ffffff"), 2.2))
    painter.setFont(font(round(SIZE)))
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(start, name)
    painter.restore()


def _length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())
