"""A small map of the layers that are about to be read, one above the other, so that one in a wrong place is seen at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gridplanner.i18n import _
from gridplanner.io.preview import Preview
from ui.map.shapes import polygon_of
from ui.styles import Theme, theme

Floats = NDArray[np.float64]
MARGIN = 16  # pixels around what is shown
KM_PER_DEGREE = 111.32
FAR = 20.0  # sizes of the nearest other layer: one farther off than that is told of
NEAREST = 30.0  # kilometres that are never far
DETAIL = 2.5  # the closer look is this many shifts high and wide, to each side of its middle
ARROW = 10.0  # pixels: a shift that is shorter on the screen gets no arrow
HEAD = 7.0  # pixels of an arrow's head
Box = tuple[float, float, float, float]  # west, south, east, north
Near = tuple[float, float, float]  # longitude, latitude, metres to each side


class PreviewMap(QWidget):
    """Draws previews in longitude and latitude; the current one in accent. The wheel zooms, a drag moves, a double click fits.

    A layer that is moved is drawn as it stands too, grey and dashed, with its shift; `closer` looks at a place where that can be seen:
    `near_asked` then carries the place, as PreviewWish.near has it, for the layers to be drawn finer there.
    """

    near_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(280, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Where the layers lie"))
        self._previews: dict[int, Preview] = {}
        self._fine: dict[int, Preview] = {}
        self._current = -1
        self._whole: Box | None = None
        self._near: Near | None = None
        self._zoom, self._shift = 1.0, QPointF()
        self._held: QPointF | None = None
        self.closer = QPushButton(_("Closer look"), self)
        self.closer.setObjectName("chip")
        self.closer.setCheckable(True)
        self.closer.setAutoDefault(False)
        self.closer.setToolTip(_("Look at a place where the shift can be seen"))
        self.closer.adjustSize()
        self.closer.hide()
        self.closer.toggled.connect(lambda _on: self._look_closer())

    def show_previews(self, previews: Mapping[int, Preview], current: int, fine: Mapping[int, Preview] | None = None) -> None:
        """Show layers by their numbers; those without a known place only while they are the current one. `fine` are closer looks."""
        chosen = previews.get(current)
        alone = chosen is not None and not chosen.placed and len(chosen.xy) > 0
        seen = {number: one for number, one in previews.items() if (number == current if alone else one.placed) and len(one.xy)}
        self._previews, self._current = seen, current
        moved = chosen is not None and chosen.placed and chosen.shift > 0 and len(chosen.before) > 0
        before = self._box
        self._whole = _box_of(list(seen.values()))
        self._near = near_of(seen, current) if moved else None
        self._fine = {number: one for number, one in (fine or {}).items() if one.wish.near == self._near and self._near is not None}
        if (self._near is not None) == self.closer.isHidden():
            self.closer.setVisible(self._near is not None)
            self.closer.blockSignals(True)
            self.closer.setChecked(self._near is not None)  # what is moved is first looked at where that can be seen
            self.closer.blockSignals(False)
        if self._box != before:
            self._look_closer()
        self.update()

    @property
    def _is_close(self) -> bool:
        return self._near is not None and self.closer.isChecked()

    @property
    def _box(self) -> Box | None:
        """What fills the map without zoom."""
        return _box_around(self._near) if self._near is not None and self._is_close else self._whole

    def _drawn(self, number: int) -> Preview:
        """Return what is drawn of a layer now."""
        return self._fine.get(number, self._previews[number]) if self._is_close else self._previews[number]

    def _look_closer(self) -> None:
        self._fit()
        if self._is_close:
            self.near_asked.emit(self._near)

    def _fit(self) -> None:
        self._zoom, self._shift = 1.0, QPointF()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(look.line)))
        painter.setBrush(QColor(look.map))
        painter.drawRoundedRect(frame, 6, 6)
        painter.setClipRect(frame.adjusted(1, 1, -1, -1))
        if self._box is None:
            painter.setPen(QColor(look.muted))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, _("Nothing to show yet"))
        else:
            order = sorted(self._previews, key=lambda number: (number == self._current, -_rank(self._previews[number])))
            for number in order:
                self._paint_layer(painter, self._drawn(number), look, current=number == self._current)
            if any(one.placed for one in self._previews.values()):
                self._paint_scale(painter, look)
            if self._near is not None:
                self._paint_shift(painter, look, self._drawn(self._current), self._near)
        painter.end()

    def _paint_layer(self, painter: QPainter, preview: Preview, look: Theme, *, current: bool) -> None:
        ink = QColor(look.accent if current else look.dot)
        ink.setAlpha(255 if current else 130)
        if current and len(preview.before) == len(preview.xy):
            grey = QPen(QColor(look.dot), 1.4, Qt.PenStyle.DashLine)
            self._paint_shapes(painter, preview, preview.before, grey, fill=None, size=3.0)
        fill = QColor(ink)
        fill.setAlpha(36)
        area = preview.kind == "polygon" and current
        self._paint_shapes(
            painter, preview, preview.xy, QPen(ink, 1.6 if current else 1.0), fill=fill if area else None, size=4.0 if current else 1.5
        )

    def _paint_shapes(self, painter: QPainter, preview: Preview, at: Floats, pen: QPen, *, fill: QColor | None, size: float) -> None:
        xy = self._to_screen(at)
        if len(preview.ends) < 2:
            painter.setPen(QPen(pen.color(), size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            good = xy[np.isfinite(xy).all(axis=1)]
            within = ((good > -9) & (good < (self.width() + 9, self.height() + 9))).all(axis=1)
            painter.drawPoints(polygon_of(good[within]))
            return
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
        for start, end in zip(preview.ends[:-1].tolist(), preview.ends[1:].tolist(), strict=True):
            part = xy[start:end]
            if not np.isfinite(part).all() or (part.max(axis=0) < 0).any() or (part.min(axis=0) > (self.width(), self.height())).any():
                continue
            shape: QPolygonF = polygon_of(part)
            if preview.kind == "polygon":
                painter.drawPolygon(shape)
            else:
                painter.drawPolyline(shape)

    def _paint_shift(self, painter: QPainter, look: Theme, preview: Preview, near: Near) -> None:
        """Write how far the layer is moved, with an arrow from where it stands where that is long enough to be seen."""
        words = _("moved by {metres} m").format(metres=f"{preview.shift:,.0f}")
        face = painter.fontMetrics()
        spot = _vertex_at(preview, near)
        if spot is not None:
            start, end = self._to_screen(np.array([preview.before[spot], preview.xy[spot]]))
            along = end - start
            length = float(np.hypot(*along))
            if length >= ARROW:
                painter.setPen(QPen(QColor(look.text), 1.6))
                painter.drawLine(QPointF(*start), QPointF(*end))
                unit, side = along / length, np.array([-along[1], along[0]]) / length
                painter.setBrush(QColor(look.text))
                tip = np.array([end, end - HEAD * unit + HEAD / 2 * side, end - HEAD * unit - HEAD / 2 * side])
                painter.drawPolygon(polygon_of(tip))
        room = QRectF(8, 8, face.horizontalAdvance(words) + 16, 24)
        painter.setPen(QPen(QColor(look.line)))
        painter.setBrush(QColor(look.panel))
        painter.drawRoundedRect(room, 6, 6)
        painter.setPen(QColor(look.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_scale(self, painter: QPainter, look: Theme) -> None:
        """Draw a bar of a round length at the lower left."""
        per_km = self._scale() / KM_PER_DEGREE
        if per_km <= 0:
            return
        length = 10.0 ** np.floor(np.log10(100 / per_km))
        length *= next(step for step in (5.0, 2.0, 1.0) if length * step * per_km <= 110 or step == 1.0)
        wide, y = float(length * per_km), self.height() - 14.0
        words = f"{length:,.0f} km" if length >= 1 else f"{1000 * length:,.0f} m"
        painter.setPen(QPen(QColor(look.text), 1.5))
        painter.drawLine(QPointF(12, y), QPointF(12 + wide, y))
        painter.drawText(QPointF(12, y - 5), words)

    def _scale(self) -> float:
        """Return pixels a degree of latitude."""
        assert self._box is not None
        west, south, east, north = self._box
        squeeze = self._squeeze()
        wide, high = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
        return min((self.width() - 2 * MARGIN) / wide, (self.height() - 2 * MARGIN) / high) * self._zoom

    def _squeeze(self) -> float:
        """Return how much shorter a degree of longitude is than one of latitude; 1 where the coordinates are no degrees."""
        assert self._box is not None
        placed = all(one.placed for one in self._previews.values())
        return float(np.cos(np.radians((self._box[1] + self._box[3]) / 2))) if placed else 1.0

    def _to_screen(self, xy: Floats) -> Floats:
        assert self._box is not None
        west, south, east, north = self._box
        scale = self._scale()
        x = (xy[:, 0] - (west + east) / 2) * self._squeeze() * scale + self.width() / 2 + self._shift.x()
        y = ((south + north) / 2 - xy[:, 1]) * scale + self.height() / 2 + self._shift.y()
        return np.column_stack((x, y))

    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = 1.2 ** (event.angleDelta().y() / 120)
        factor = min(max(self._zoom * factor, 0.2), 1e5) / self._zoom
        at = event.position() - QPointF(self.width() / 2, self.height() / 2)
        self._shift = at - (at - self._shift) * factor
        self._zoom *= factor
        self.update()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._shift += event.position() - self._held
            self._held = event.position()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.closer.move(self.width() - self.closer.width() - 8, 8)


def far_off(previews: Mapping[int, Preview], current: int) -> float:
    """Return how many kilometres a layer lies from the nearest other one, 0 where that is near enough or there is no other."""
    own = previews.get(current)
    others = [one for number, one in previews.items() if number != current and one.placed and len(one.xy)]
    mine = _box_of([own]) if own is not None and own.placed else None
    if mine is None or not others:
        return 0.0
    found = []
    for box in filter(None, (_box_of([one]) for one in others)):
        squeeze = float(np.cos(np.radians((box[1] + box[3]) / 2)))
        apart = np.hypot(max(mine[0] - box[2], box[0] - mine[2], 0.0) * squeeze, max(mine[1] - box[3], box[1] - mine[3], 0.0))
        size = np.hypot((box[2] - box[0]) * squeeze, box[3] - box[1])
        found.append((float(apart) * KM_PER_DEGREE, float(size) * KM_PER_DEGREE))
    if not found:
        return 0.0
    apart_km, size_km = min(found)
    return apart_km if apart_km > min(max(FAR * size_km, 1.0), NEAREST) else 0.0


def near_of(previews: Mapping[int, Preview], current: int) -> Near | None:
    """Return a place of the current layer where its shift can be judged: its vertex nearest to the middle of the other layers."""
    own = previews[current]
    mine = own.xy[np.isfinite(own.xy).all(axis=1)]
    if not len(mine):
        return None
    others = [one.xy[np.isfinite(one.xy).all(axis=1)] for number, one in previews.items() if number != current and one.placed]
    there = np.concatenate(others) if others else mine
    inside = there[((there >= mine.min(axis=0)) & (there <= mine.max(axis=0))).all(axis=1)]
    middle = np.median(inside if len(inside) else mine, axis=0)
    lon, lat = mine[np.argmin(np.hypot(*(mine - middle).T))].tolist()
    return lon, lat, DETAIL * own.shift


def _box_around(near: Near) -> Box:
    lon, lat, metres = near
    high = metres / 1000.0 / KM_PER_DEGREE
    wide = high / float(np.cos(np.radians(lat)))
    return lon - wide, lat - high, lon + wide, lat + high


def _vertex_at(preview: Preview, near: Near) -> int | None:
    """Return the vertex of a layer that lies nearest to a place, None where it has none or does not move."""
    if len(preview.before) != len(preview.xy):
        return None
    off = np.hypot(*(preview.xy - near[:2]).T) + np.hypot(*(preview.before - near[:2]).T)
    return int(np.nanargmin(off)) if np.isfinite(off).any() else None


def _box_of(previews: list[Preview]) -> Box | None:
    xy = np.concatenate([one.xy for one in previews]) if previews else np.zeros((0, 2))
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return None
    (west, south), (east, north) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    return west, south, east, north


def _rank(preview: Preview) -> int:
    """Return what lies lower: areas below lines below points."""
    return {"polygon": 2, "line": 1}.get(preview.kind, 0)
