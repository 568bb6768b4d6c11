"""The choice between even work and fast response: the plans that nothing beats in both as points, and a slider along them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.zone_choice import choices_fit
from gridplanner.model.zone_figures import zone_figures
from gridplanner.model.zones import ZoneChoice
from ui.styles import SMALL, font, theme

PAUSE = 600  # milliseconds after the last key until the plan is taken
HIGH, LEFT, RIGHT, TOP, BELOW = 132, 44.0, 12.0, 10.0, 32.0
NEAR = 12.0  # pixels within which a click takes a point


class ParetoChoice(QWidget):
    """Moving the slider says what a plan would bring; letting it go, or a pause after a key, takes it: `taken` carries its row."""

    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[ZoneChoice, ...] = ()
        self._order: tuple[int, ...] = ()
        self._chosen = -1
        self._fits = True
        self._moved = False  # whether the slider was, since the plan came
        self.chart, self.slider = ParetoChart(), QSlider(Qt.Orientation.Horizontal)
        self._even, self._fast, self._words = QLabel(), QLabel(), QLabel()
        for label in (self._even, self._fast, self._words):
            label.setObjectName("small")
        self._words.setWordWrap(True)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setMinimumHeight(28)
        self.slider.valueChanged.connect(self._look_at)
        self.slider.sliderReleased.connect(self._let_go)
        self.chart.picked.connect(self._pick)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._take)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._fast)  # at the left, as few minutes are in the chart above
        row.addWidget(self.slider, 1)
        row.addWidget(self._even)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.chart)
        layout.addLayout(row)
        layout.addWidget(self._words)
        self.hide()

    def show_plan(self, project: Project) -> None:
        """Show the choices that a project's zones have, and where the zones themselves lie among them."""
        plan = project.zones
        self._choices = plan.choices if plan is not None else ()
        self._order = tuple(
            sorted(range(len(self._choices)), key=lambda row: (self._choices[row].mean_minutes, -self._choices[row].spread))
        )
        self._chosen = plan.chosen if plan is not None else -1
        self._fits = plan is None or choices_fit(project, plan)
        self._moved = False
        own: tuple[float, float] | None = None
        if plan is not None and self._chosen < 0 and (figures := zone_figures(project)) is not None and np.isfinite(figures.minutes):
            own = figures.minutes, figures.spread
        self.chart.show_points([(one.mean_minutes, one.spread) for one in self._choices], self._chosen, own)
        self.setVisible(len(self._choices) > 1)
        self._pause.stop()
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(self._order) - 1, 0))
        if self._chosen in self._order:
            self.slider.setValue(self._order.index(self._chosen))
        elif own is not None and self._order:
            away = [abs(self._choices[row].spread - own[1]) for row in self._order]
            self.slider.setValue(int(np.argmin(away)))
        self.slider.blockSignals(False)
        self.slider.setEnabled(self._fits)
        self.chart.setEnabled(self._fits)
        self._tell(self._chosen)

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._even.setText(_("even work"))
        self._fast.setText(_("fast response"))
        self.slider.setAccessibleName(_("Even work or fast response"))
        self.slider.setToolTip(_("Arrow keys or the mouse; the zones change when you let go"))
        self.chart.setToolTip(_("Plans that no other one beats in both: click one to take it"))
        self.chart.update()
        self._tell(self._order[self.slider.value()] if self._pause.isActive() and self._order else self._chosen)

    def _look_at(self, value: int) -> None:
        row = self._order[value]
        self._moved = True
        self.chart.light(row)
        self._tell(row)
        if not self.slider.isSliderDown():
            self._pause.start()

    def _let_go(self) -> None:
        """Take what was moved to: a press on the handle alone takes nothing, or work by hand would be lost by it."""
        if self._moved:
            self._take()

    def _take(self) -> None:
        self._pause.stop()
        if self._order and (row := self._order[self.slider.value()]) != self._chosen:
            self.taken.emit(row)

    def _pick(self, row: int) -> None:
        self.slider.setValue(self._order.index(row))
        self._take()

    def _tell(self, row: int) -> None:
        if not self._fits:
            words = _("The grids have changed since; group again to choose between plans.")
        elif 0 <= row < len(self._choices):
            one = self._choices[row]
            text = _("Largest zone {spread} · mean way {mean} min · longest {worst} min")
            words = text.format(spread=f"{100 * one.spread:.0f} %", mean=f"{one.mean_minutes:.2f}", worst=f"{one.worst_minutes:.1f}")
        else:
            words = _("Changed by hand: the diamond shows where these zones lie")
        self._words.setText(words)


class ParetoChart(QWidget):
    """Points over two axes: the mean way in minutes to the right, the work of the largest zone upwards. Small is good in both."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[tuple[float, float]] = []
        self._chosen, self._lit = -1, -1
        self._own: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_points(self, points: list[tuple[float, float]], chosen: int, own: tuple[float, float] | None) -> None:
        """Show points (minutes, spread), which of them is chosen (-1: none), and where zones changed by hand lie."""
        self._points, self._chosen, self._lit, self._own = points, chosen, chosen, own
        told = _("{n} plans between even work and fast response").format(n=len(points))
        self.setAccessibleName(told)
        self.update()

    def light(self, row: int) -> None:
        """Mark the point that is looked at."""
        self._lit = row
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, HIGH)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._below(event.position())
        if found >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._below(event.position()) >= 0 else Qt.CursorShape.ArrowCursor)

    def place(self, minutes: float, spread: float) -> QPointF:
        """Return where a point is drawn."""
        known = np.array([*self._points, *([self._own] if self._own is not None else [])])
        low, high = known.min(axis=0), known.max(axis=0)
        span = np.maximum(high - low, (0.1, 0.01))
        x, y = (np.array([minutes, spread]) - low + 0.06 * span) / (1.12 * span)
        return QPointF(LEFT + x * (self.width() - LEFT - RIGHT), self.height() - BELOW - y * (self.height() - TOP - BELOW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._points:
            return
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL))
        self._paint_axes(painter)
        places = [self.place(*point) for point in self._points]
        line = sorted(places, key=lambda place: place.x())
        strong = look.accent if self.isEnabled() else look.faint
        painter.setPen(QPen(QColor(look.faint), 1.5))
        painter.drawPolyline(QPolygonF(line))
        for row, place in enumerate(places):
            lit = row == self._lit
            painter.setPen(QPen(QColor(strong), 2.0))
            painter.setBrush(QColor(strong if row == self._chosen else look.tint if lit else look.panel))
            painter.drawEllipse(place, 6.0 if lit else 4.0, 6.0 if lit else 4.0)
        if self._own is not None:
            middle = self.place(*self._own)
            corners = [middle + QPointF(dx, dy) for dx, dy in ((0, -6), (6, 0), (0, 6), (-6, 0))]
            painter.setPen(QPen(QColor(look.warn), 2.0))
            painter.setBrush(QColor(look.warn_tint))
            painter.drawPolygon(QPolygonF(corners))
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        look, align = theme(), Qt.AlignmentFlag
        right, bottom = self.width() - RIGHT, self.height() - BELOW
        painter.setPen(QPen(QColor(look.line), 1.0))
        painter.drawLine(QPointF(LEFT, TOP), QPointF(LEFT, bottom))
        painter.drawLine(QPointF(LEFT, bottom), QPointF(right, bottom))
        known = [*self._points, *([self._own] if self._own is not None else [])]
        minutes, spreads = [point[0] for point in known], [point[1] for point in known]
        painter.setPen(QColor(look.muted))
        for value in dict.fromkeys((min(spreads), max(spreads))):
            y = self.place(minutes[0], value).y()
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), align.AlignRight | align.AlignVCenter, f"{100 * value:.0f} %")
        digits = 1 if max(minutes) - min(minutes) >= 1 else 2
        for value in dict.fromkeys((min(minutes), max(minutes))):
            x = self.place(value, spreads[0]).x()
            painter.drawText(QRectF(x - 30, bottom + 1, 60, 14), align.AlignHCenter | align.AlignTop, f"{value:.{digits}f}")
        painter.drawText(QRectF(LEFT, bottom + 14, right - LEFT, 16), align.AlignHCenter | align.AlignVCenter, _("mean way, minutes"))
        painter.save()
        painter.translate(8.0, (TOP + bottom) / 2)
        painter.rotate(-90.0)
        painter.drawText(QRectF(-60, -8, 120, 16), align.AlignCenter, _("largest zone"))
        painter.restore()

    def _below(self, at: QPointF) -> int:
        """Return the row of the point near a place, -1 for none."""
        away = [(place - at).manhattanLength() for place in (self.place(*point) for point in self._points)]
        return int(np.argmin(away)) if away and min(away) <= NEAR else -1
