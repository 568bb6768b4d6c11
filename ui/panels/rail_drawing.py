"""Draws the profile chart: stacked work by kind, what stands at the line, the segments in the colours of their squads, and readings."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gridplanner.i18n import _
from gridplanner.model.lines import Floats
from gridplanner.model.places import Stations
from gridplanner.model.rail_near import systems_of
from gridplanner.model.rail_work import row_at
from ui.map.rail_signs import CHAIN, STATION, paint_rail_sign
from ui.map.rail_strokes import segment_colours
from ui.map.rail_ticks import chains_of, stations_of
from ui.map.shapes import polygon_of
from ui.map.tools.rail_work import RailWork
from ui.panels.rail_profile import KIND_COLOURS, ProfileAxis, Reach, ticks_on
from ui.rail_figures import kind_words, readings
from ui.styles import SMALL, Theme, font

HIGH, LOW = 188, 136  # pixels of the chart, and on a low screen
LEFT, RIGHT = 30.0, 8.0  # pixels beside the plot
HEAD, SIGNS, BAND, AXIS = 22.0, 15.0, 14.0, 20.0  # heights of its rows but the plot's
APART = 62.0  # pixels between two readings on the axis
STEPS = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # work a kilometre between two lines across the plot
COLUMN = 1.0  # pixels over which the work is the mean
GRIP, SOLID = 4.0, 3.0  # pixels of a handle's half; between two breaks, below which their lines would be one grey area

_ALIGN = Qt.AlignmentFlag


def break_places(work: RailWork, axis: ProfileAxis) -> Floats:
    """Return the places on the axis of the breaks of a plan, (n,), in the order of `work.breaks`."""
    segments = [work.plan.segments[row] for row in work.breaks]
    return np.array([axis.on_axis(segment.line, segment.high) for segment in segments], np.float64)


class Profile:
    """One picture of the chart."""

    def __init__(self, work: RailWork, axis: ProfileAxis, reach: Reach, stations: Stations, size: QSize, look: Theme) -> None:
        self._work, self._axis, self._reach, self._stations, self._look = work, axis, reach, stations, look
        self._plot = QRectF(LEFT, HEAD, max(size.width() - LEFT - RIGHT, 1.0), size.height() - HEAD - SIGNS - BAND - AXIS)
        self._band = QRectF(LEFT, self._plot.bottom() + SIGNS, self._plot.width(), BAND)

    def paint(self, painter: QPainter, over: float | None, lit: int, moved: float | None) -> None:
        """Draw all; `over` is the pixel of the pointer, `lit` the row before a break, `moved` its place on the axis while in hand."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL))
        self._paint_chosen(painter)
        self._paint_work(painter)
        self._paint_signs(painter)
        self._paint_segments(painter)
        self._paint_axis(painter)
        self._paint_breaks(painter, lit, moved)
        place = self._reach.place(over) if over is not None and self._plot.left() <= over <= self._plot.right() else None
        if place is None:
            self._paint_legend(painter)
        else:
            self._paint_reading(painter, place, over or 0.0, line=lit < 0)

    def _paint_chosen(self, painter: QPainter) -> None:
        row = self._work.row
        if row >= 0:
            segment = self._work.plan.segments[row]
            box = self._box(segment.line, segment.low, segment.high, self._plot.top(), self._band.bottom() - self._plot.top())
            painter.fillRect(box, QColor(self._look.tint))

    def _paint_work(self, painter: QPainter) -> None:
        plot, look = self._plot, self._look
        edges = np.arange(plot.left(), plot.right() + COLUMN, COLUMN)
        places = self._reach.start + (edges - self._reach.left) / self._reach.scale
        each = self._axis.columns(places)
        stacked = np.cumsum(each, axis=1)
        most = max(float(stacked[:, -1].max(initial=0.0)) * 1.08, 1e-3)
        step = next((step for step in STEPS if most / step <= 4), STEPS[-1])
        painter.setPen(QPen(QColor(look.line), 1))
        for value in np.arange(0.0, most, step).tolist():
            y = plot.bottom() - plot.height() * value / most
            painter.setPen(QPen(QColor(look.line), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(look.muted))
            painter.drawText(QRectF(0, y - 8, plot.left() - 4, 16), _ALIGN.AlignRight | _ALIGN.AlignVCenter, f"{value:g}")
        x = np.repeat(edges, 2)[1:-1]
        floor = np.zeros(len(each))
        painter.setPen(Qt.PenStyle.NoPen)
        for kind in range(each.shape[1]):
            top = stacked[:, kind]
            if (top - floor).max(initial=0.0) > 1e-6:
                ys = plot.bottom() - plot.height() / most * np.concatenate((np.repeat(top, 2), np.repeat(floor, 2)[::-1]))
                painter.setBrush(_colour(self._axis.kinds[kind]))
                painter.drawPolygon(polygon_of(np.column_stack((np.concatenate((x, x[::-1])), ys))))
            floor = top

    def _paint_signs(self, painter: QPainter) -> None:
        """Draw tunnels and bridges as bars, stations and broken chains as signs, in a row below the work."""
        plan, look, middle = self._work.plan, self._look, self._plot.bottom() + SIGNS / 2
        things = plan.features
        for kind, thick in (("bridge", 4.0), ("tunnel", 7.0)):
            for row in np.flatnonzero(things.kinds.astype(str) == kind).tolist() if len(things) else ():
                box = self._box(
                    int(things.line[row]), float(things.low[row]), float(things.high[row]), middle - thick / 2, thick, least=2.0
                )
                painter.fillRect(box.intersected(self._row(middle, SIGNS)), QColor(KIND_COLOURS[kind]))
        for number, line in enumerate(plan.lines):
            for marks, kind in ((stations_of(line, self._stations), STATION), (chains_of(systems_of(line)[0]), CHAIN)):
                for along in marks.along.tolist():
                    x = self._reach.x(self._axis.on_axis(number, along))
                    if self._plot.left() <= x <= self._plot.right():
                        paint_rail_sign(painter, QPointF(x, middle), kind, look, 0.8)

    def _paint_segments(self, painter: QPainter) -> None:
        work, look = self._work, self._look
        colours = segment_colours(work.plan, work.name, look)
        metrics = QFontMetricsF(font(SMALL, bold=True))
        painter.setFont(font(SMALL, bold=True))
        for row in work.shown:
            segment = work.plan.segments[row]
            box = self._box(segment.line, segment.low, segment.high, self._band.top(), BAND).intersected(self._band)
            if box.width() <= 0:
                continue
            painter.fillRect(box, colours[row])
            if row == work.row:
                painter.setPen(QPen(QColor(look.text), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box.adjusted(1, 1, -1, -1))
            if metrics.horizontalAdvance(segment.code) + 8 <= box.width():
                light = colours[row].lightnessF() > 0.6
                painter.setPen(QColor("#101828" if light else "#ffffff"))
                painter.drawText(box, _ALIGN.AlignCenter, segment.code)
        painter.setFont(font(SMALL))

    def _paint_axis(self, painter: QPainter) -> None:
        look, top, end = self._look, self._band.bottom(), -np.inf
        metrics = QFontMetricsF(font(SMALL))
        for x, words in ticks_on(self._work.plan, self._axis, self._reach, APART):
            wide = metrics.horizontalAdvance(words)
            at = min(max(x - wide / 2, 0.0), self._plot.right() + RIGHT - wide)
            painter.setPen(QPen(QColor(look.muted), 1))
            painter.drawLine(QPointF(x, top), QPointF(x, top + 4))
            if at > end + 6:
                painter.drawText(QRectF(at, top + 4, wide + 2, AXIS - 4), _ALIGN.AlignLeft | _ALIGN.AlignVCenter, words)
                end = at + wide

    def _paint_breaks(self, painter: QPainter, lit: int, moved: float | None) -> None:
        places = break_places(self._work, self._axis)
        apart = float(np.median(np.diff(np.sort(places)))) * self._reach.scale if len(places) > 1 else np.inf
        crowded = apart < 2 * GRIP
        for row, place in zip(self._work.breaks, places.tolist(), strict=True):
            x = self._reach.x(place)
            if self._plot.left() <= x <= self._plot.right() and (apart > SOLID or row == lit):
                self._paint_handle(painter, x, lit=row == lit and moved is None, small=crowded, pale=row == lit and moved is not None)
        if moved is not None:
            self._paint_handle(painter, self._reach.x(moved), lit=True, small=False, pale=False)

    def _paint_handle(self, painter: QPainter, x: float, *, lit: bool, small: bool, pale: bool) -> None:
        look = self._look
        ink = QColor(look.accent if lit else look.faint if pale else look.border)
        ink.setAlphaF(1.0 if lit else 0.18 if small else 0.55)
        style = Qt.PenStyle.DashLine if pale else Qt.PenStyle.SolidLine
        painter.setPen(QPen(ink, 2.0 if lit else 1.0, style))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, lit)
        painter.drawLine(QPointF(round(x) + 0.5, self._plot.top()), QPointF(round(x) + 0.5, self._band.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if (small and not lit) or pale:
            return
        half = 5.0 if lit else 3.6
        y = self._plot.top()
        painter.setPen(QPen(QColor(look.panel), 1))
        painter.setBrush(QColor(look.accent if lit else look.border))
        painter.drawPolygon(QPolygonF([QPointF(x - half, y - 2), QPointF(x + half, y - 2), QPointF(x, y + 1.4 * half)]))

    def _paint_legend(self, painter: QPainter) -> None:
        """Name the kinds of work that there are, as many as find room, and how many more there are."""
        metrics, x, look = QFontMetricsF(painter.font()), self._plot.left(), self._look
        total, left_out = self._axis.sums[-1] - self._axis.sums[0], 0
        for kind in np.argsort(-total, kind="stable").tolist():
            words = kind_words(self._axis.kinds[kind])
            wide = metrics.horizontalAdvance(words)
            if total[kind] <= 1e-6:
                continue
            if left_out or x + 14 + wide > self._plot.right():
                left_out += 1
                continue
            painter.fillRect(QRectF(x, 6, 9, 9), _colour(self._axis.kinds[kind]))
            painter.setPen(QColor(look.muted))
            painter.drawText(QRectF(x + 13, 2, wide + 2, 17), _ALIGN.AlignLeft | _ALIGN.AlignVCenter, words)
            x += wide + 22
        if left_out:
            painter.drawText(QRectF(x - 4, 2, 40, 17), _ALIGN.AlignLeft | _ALIGN.AlignVCenter, f"+{left_out}")

    def _paint_reading(self, painter: QPainter, place: float, over: float, *, line: bool) -> None:
        """Tell what posts read at the pointer, the work there and whose segment it is."""
        work, look = self._work, self._look
        row, along = self._axis.on_line(place)
        half = 1.5 / self._reach.scale
        here = float(self._axis.work(max(place - half, 0.0), min(place + half, self._axis.whole)).sum()) / max(2 * half / 1000.0, 1e-9)
        segment = row_at(work.plan, work.name, row, along)
        words = [readings(work.plan.lines[row], along)[0], _("work {n} a km").format(n=f"{here:.1f}")]
        words += [work.plan.segments[segment].code] if segment >= 0 else []
        words += self._names(row, along)
        if line:
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.drawLine(QPointF(over, self._plot.top()), QPointF(over, self._band.bottom()))
        painter.setPen(QColor(look.text))
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(" · ".join(words), Qt.TextElideMode.ElideRight, self._plot.width())
        painter.drawText(QRectF(self._plot.left(), 2, self._plot.width(), 17), _ALIGN.AlignLeft | _ALIGN.AlignVCenter, text)

    def _names(self, line: int, along: float) -> list[str]:
        """Return what stands at a place of a line, by name: a bridge, a tunnel, a station as far as the pointer means it."""
        things, reach = self._work.plan.features, 4.0 / self._reach.scale
        near = (things.line == line) & (things.low <= along + reach) & (things.high >= along - reach) if len(things) else np.zeros(0, bool)
        named = near & np.isin(things.kinds.astype(str), ("bridge", "tunnel"))
        stations = stations_of(self._work.plan.lines[line], self._stations)
        at = np.abs(stations.along - along) <= reach
        return [str(name) for name in (*stations.words[at], *things.names[named]) if name][:2]

    def _box(self, line: int, low: float, high: float, top: float, high_px: float, least: float = 0.0) -> QRectF:
        left, right = self._reach.x(self._axis.on_axis(line, low)), self._reach.x(self._axis.on_axis(line, high))
        return QRectF(left, top, max(right - left, least), high_px).intersected(QRectF(self._plot.left(), top, self._plot.width(), high_px))

    def _row(self, middle: float, high: float) -> QRectF:
        return QRectF(self._plot.left(), middle - high / 2, self._plot.width(), high)


def _colour(kind: str) -> QColor:
    return QColor(KIND_COLOURS.get(kind, "#98a2b3"))
