"""Street chiefs' stretches along the streets, each in another colour than those that it meets."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.street_chiefs import ChiefPlan
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of
from ui.styles import SMALL, font

# Paul Tol's "vibrant" scheme, made for lines that colour-blind eyes tell apart (Tol 2021, Colour Schemes, fig. 3), without its grey
HUES = ("#0077bb", "#ee7733", "#009988", "#ee3377", "#33bbee", "#cc3311")
METRES = 9.0  # that a line is broad where the map is close
LEAST, MOST = 2.6, 7.0  # pixels of that
WRITTEN = 90.0  # pixels that a stretch needs for its code
NAMED = 0.3  # pixels per metre from which codes are written; below that they would lie over one another
SAME = 0.1  # metres within which two places are one


class ChiefLayer:
    """A broad line each, its code in the middle where there is room."""

    name = "chiefs"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.chiefs,) if showing.project.chiefs is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        plan = scene.showing.project.chiefs
        assert plan is not None
        boxes = stretch_boxes(plan)
        width = float(np.clip(METRES * scene.view.scale, LEAST, MOST)) * scene.showing.looks.look(self.name).width
        seen = np.flatnonzero(scene.sees(boxes, width + WRITTEN)).tolist()
        colours = stretch_colours(plan)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        scene.breathe()
        lines = []
        for row in seen:
            lines.append((row, polygon_of(scene.view.to_screen(plan.stretches[row].coords))))
            scene.breathe()
        casing = QPen(QColor(scene.theme.halo), width + 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
        pen = QPen(casing)
        pen.setWidthF(width)
        painter.setPen(casing)
        for _row, line in lines:
            painter.drawPolyline(line)
            scene.breathe()
        for row, line in lines:
            pen.setColor(QColor(HUES[colours[row]]))
            painter.setPen(pen)
            painter.drawPolyline(line)
            scene.breathe()
        if scene.view.scale >= NAMED:
            self._write_codes(painter, scene, plan, seen)

    def _write_codes(self, painter: QPainter, scene: Scene, plan: ChiefPlan, rows: list[int]) -> None:
        """Write the code on each stretch that is long enough on the screen."""
        painter.setFont(font(SMALL, bold=True))
        metrics = painter.fontMetrics()
        for row in rows:
            stretch = plan.stretches[row]
            if stretch.length_m * scene.view.scale < WRITTEN or not stretch.code:
                continue
            x, y = scene.view.point_to_screen(*middle_of(stretch.coords))
            wide = metrics.horizontalAdvance(stretch.code) + 8.0
            box = QRectF(x - wide / 2, y - 8.0, wide, 16.0)
            painter.setPen(QPen(QColor(HUES[stretch_colours(plan)[row]]), 1.2))
            painter.setBrush(QColor(scene.theme.panel))
            painter.drawRoundedRect(box, 4.0, 4.0)
            painter.setPen(QColor(scene.theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, stretch.code)
            scene.breathe()


@lru_cache(maxsize=4)
def stretch_boxes(plan: ChiefPlan) -> Floats:
    """Return left, bottom, right and top of each stretch, (n, 4)."""
    ends = [np.concatenate((stretch.coords.min(axis=0), stretch.coords.max(axis=0))) for stretch in plan.stretches]
    return np.array(ends).reshape(-1, 4)


@lru_cache(maxsize=4)
def stretch_colours(plan: ChiefPlan) -> tuple[int, ...]:
    """Return the place in HUES of each stretch: none like another's that it meets, rows of one code alike.

    Greedy in the order of the codes; with more than six that meet, the colour that they have least.
    """
    codes = {code: number for number, code in enumerate(dict.fromkeys(stretch.code for stretch in plan.stretches))}
    number = np.array([codes[stretch.code] for stretch in plan.stretches], np.int64)
    beside: list[set[int]] = [set() for _code in codes]
    for a, b in _meeting(plan, number).tolist():
        beside[a].add(b)
        beside[b].add(a)
    chosen: dict[int, int] = {}
    for one in range(len(codes)):
        taken = [chosen[other] for other in beside[one] if other in chosen]
        chosen[one] = min(((one + step) % len(HUES) for step in range(len(HUES))), key=taken.count)
    return tuple(chosen[one] for one in number.tolist())


def _meeting(plan: ChiefPlan, number: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the pairs (m, 2) of stretches that have a place in common, each once."""
    if not len(plan):
        return np.empty((0, 2), np.int64)
    places = np.round(np.concatenate([stretch.coords for stretch in plan.stretches]) / SAME).astype(np.int64)
    of = np.repeat(number, [len(stretch.coords) for stretch in plan.stretches])
    _unique, place = np.unique(places, axis=0, return_inverse=True)
    both = np.unique(np.column_stack((place.ravel(), of)), axis=0)  # a stretch at a place, each once, by place
    pairs = [np.empty((0, 2), np.int64)]
    for step in range(1, int(np.bincount(both[:, 0]).max())):
        at = np.flatnonzero(both[step:, 0] == both[:-step, 0])
        pairs.append(np.column_stack((both[at, 1], both[at + step, 1])))
    return np.unique(np.concatenate(pairs), axis=0)


def middle_of(coords: Floats) -> tuple[float, float]:
    """Return the place half way along a line (n, 2)."""
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(coords, axis=0).T)))
    half = along[-1] / 2
    return float(np.interp(half, along, coords[:, 0])), float(np.interp(half, along, coords[:, 1]))


def stretch_near(plan: ChiefPlan, x: float, y: float, within: float) -> int:
    """Return the row of the stretch nearest to a place within some metres, -1 for none."""
    boxes = stretch_boxes(plan)
    near = (boxes[:, 0] <= x + within) & (boxes[:, 2] >= x - within) & (boxes[:, 1] <= y + within) & (boxes[:, 3] >= y - within)
    rows = np.flatnonzero(near).tolist()
    away = {row: _away(plan.stretches[row].coords, x, y) for row in rows}
    best = min(rows, key=lambda row: away[row], default=-1)
    return best if best >= 0 and away[best] <= within else -1


def _away(coords: Floats, x: float, y: float) -> float:
    """Return how far a place is from a line (n, 2)."""
    a, way = coords[:-1], np.diff(coords, axis=0)
    place = np.array([x, y])
    share = ((place - a) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12)
    foot = a + np.clip(share, 0.0, 1.0)[:, None] * way
    return float(np.hypot(*(foot - place).T).min())
