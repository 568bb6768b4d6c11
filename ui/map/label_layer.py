"""Labels: each grid's short code with the signs of what is settled, and its households, where there is room, none over another."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from gridplanner.i18n import _
from gridplanner.model.grids import Grid
from gridplanner.model.statistics import grid_figures
from ui.figures import out_of_band
from ui.map.scene import Scene, Showing
from ui.map.shapes import grid_loops, label_places
from ui.marks import SIZE, paint_diamond, paint_lock
from ui.styles import SMALL, TEXT, font

HALO = [(dx, dy) for dx in (-1.5, 0.0, 1.5) for dy in (-1.5, 0.0, 1.5) if dx or dy]
KEPT = 2000  # label pictures
WIDE, HIGH = 62, 44  # pixels that a label of two lines wants


class LabelLayer:
    """Code over household count; the count is red in a grid out of its band."""

    name = "labels"

    def __init__(self) -> None:
        self._pictures: dict[tuple[object, ...], QImage] = {}

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        if project.units is None or project.grids is None:
            return ()
        return (project.units, project.grids, project.households, project.settings.grids, showing.language)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        assert project.units is not None
        assert project.grids is not None
        areas = grid_loops(project.units, project.grids)
        scene.breathe()
        figures = grid_figures(project)
        out = out_of_band(figures, project.settings.grids)
        places = scene.view.to_screen(label_places(areas))
        size = (areas.boxes[:, 2:] - areas.boxes[:, :2]) * scene.view.scale
        seen = np.flatnonzero(scene.view.sees(areas.boxes))
        roomy = (size[seen, 0] > WIDE) & (size[seen, 1] > HIGH)
        counted = bool(roomy.mean() > 0.6) if len(seen) else False  # counts on some labels only would look like an accident
        taken: list[QRectF] = []
        for index in seen[np.argsort(-size[seen].prod(axis=1), kind="stable")].tolist():
            label = int(areas.ids[index])
            two_lines = counted and size[index, 0] > WIDE and size[index, 1] > HIGH
            if size[index, 0] < 26 or size[index, 1] < 18:
                continue
            count = _("{n} hh").format(n=f"{figures.households[index]:,.0f}") if two_lines else ""
            off = bool(out[index])
            grid = project.grids.grids[label]
            picture = self._picture(short_code(grid, label), count, off, (grid.locked, grid.kind == "exclusive"), scene)
            wide, high = picture.width() / scene.ratio, picture.height() / scene.ratio
            box = QRectF(places[index, 0] - wide / 2, places[index, 1] - high / 2, wide, high)
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                painter.drawImage(QPointF(round(box.x()), round(box.y())), picture)
            scene.breathe()

    def _picture(self, code: str, count: str, off: bool, signs: tuple[bool, bool], scene: Scene) -> QImage:
        """Return one label as a picture, kept for the next time."""
        key = (code, count, off, signs, scene.theme.name, scene.ratio)
        if key not in self._pictures:
            if len(self._pictures) >= KEPT:
                self._pictures.clear()
            self._pictures[key] = _label_picture(code, count, off, signs, scene)
        return self._pictures[key]


def short_code(grid: Grid, label: int) -> str:
    """Return the part of a grid's code that tells it from its neighbours: the last three digits, without a leading zero."""
    tail = (grid.code or f"{label + 1:03d}")[-3:]
    return tail[1:] if len(tail) == 3 and tail.startswith("0") else tail


def _label_picture(code: str, count: str, off: bool, signs: tuple[bool, bool], scene: Scene) -> QImage:
    """Return a label; `signs` say whether a padlock and a diamond stand behind its code."""
    beside = sum(signs) * (SIZE + 3)
    lines = [(code, font(TEXT + 1, bold=True), scene.theme.text), (count, font(SMALL + 1), scene.theme.bad if off else scene.theme.text)]
    lines = [line for line in lines if line[0]]
    sizes = [QFontMetricsF(face) for _text, face, _colour in lines]
    widths = [metrics.horizontalAdvance(text) for metrics, (text, _face, _colour) in zip(sizes, lines, strict=True)]
    wide = max([widths[0] + beside, *widths[1:]]) + 6
    high = sum(metrics.height() for metrics in sizes)
    image = QImage(round(wide * scene.ratio), round(high * scene.ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scene.ratio)
    image.fill(0)
    painter = QPainter(image)
    top = 0.0
    for metrics, (text, face, colour) in zip(sizes, lines, strict=True):
        painter.setFont(face)
        room = beside if text == code else 0.0
        halo = QColor(scene.theme.halo)
        halo.setAlphaF(0.8)
        painter.setPen(halo)
        for dx, dy in HALO:
            painter.drawText(QRectF(dx, top + dy, wide - room, metrics.height()), Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(0, top, wide - room, metrics.height()), Qt.AlignmentFlag.AlignCenter, text)
        top += metrics.height()
    left, middle = (wide - beside + widths[0]) / 2 + 3, (sizes[0].height() - SIZE) / 2
    for there, paint in zip(signs, (paint_lock, paint_diamond), strict=True):
        if there:
            paint(painter, left, middle, QColor(scene.theme.text), QColor(scene.theme.halo))
            left += SIZE + 3
    painter.end()
    return image
