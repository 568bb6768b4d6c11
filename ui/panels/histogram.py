"""How many grids have how many households, with the band they should lie in; a bar tells its grids, a click selects them."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gridplanner.i18n import _, ngettext
from gridplanner.model.band import Band, band_of
from gridplanner.model.lines import Floats, Ints
from ui.derived import Derived
from ui.figures import limits
from ui.map.label_layer import short_code
from ui.styles import SMALL, font, theme

INSIDE, MOST = 4, 16  # bars within the band, bars in all
TOLD = 12  # grids that a tooltip names


class Histogram(QWidget):
    """Bars within the band in one colour, those out of it in another; `grids_chosen` carries the grids of the bar that was clicked."""

    grids_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._counts: Ints = np.zeros(0, np.int32)
        self._edges: Floats = np.zeros(1)
        self._place: Ints = np.zeros(0, np.int32)
        self._band: Band | None = None
        self._derived: Derived | None = None
        self._pointed = -1

    def show_grids(self, derived: Derived) -> None:
        """Show the grids of a project; painted anew only where a bar or the band is another."""
        was = (self._counts, self._edges, self._band)
        self._derived = derived
        self._counts, self._band, self._place = np.zeros(0, np.int32), None, np.zeros(0, np.int32)
        if derived.figures is not None and len(derived.figures):
            self._band = band_of(derived.project.settings.grids)
            self._counts, self._edges = bars(derived.figures.load, self._band)
            self._place = places(derived.figures.load, self._edges)
        words = _("Grids by size") + ": " + ", ".join(map(str, self._counts.tolist()))
        if words != self.accessibleName():
            self.setAccessibleName(words)
        if was[2] != self._band or not np.array_equal(was[0], self._counts) or not np.array_equal(was[1], self._edges):
            self.update()

    def grids_of(self, bar: int) -> tuple[int, ...]:
        """Return the grids that a bar counts, the largest first."""
        figures = self._derived.figures if self._derived is not None else None
        if figures is None:
            return ()
        rows = np.flatnonzero(self._place == bar)
        return tuple(figures.ids[rows[np.argsort(-figures.load[rows], kind="stable")]].tolist())

    def words_of(self, bar: int) -> str:
        """Return what a bar counts, in words, with the codes of its first grids."""
        grids, plan = self.grids_of(bar), self._derived.project.grids if self._derived is not None else None
        if plan is None or self._band is None:
            return ""
        target = self._band.households or self._band.persons or 1.0
        low, high = (f"{self._edges[i] * target:,.0f}" for i in (bar, bar + 1))
        text = ngettext("{n} grid from {low} to {high}", "{n} grids from {low} to {high}", len(grids))
        codes = [short_code(plan.grids[grid], grid) for grid in grids[:TOLD]]
        codes += [_("{n} more").format(n=len(grids) - TOLD)] if len(grids) > TOLD else []
        return text.format(n=f"{len(grids):,}", low=low, high=high) + ("\n" + _(", ").join(codes) if codes else "")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bar = self._bar_at(event.pos().x())
            QToolTip.showText(event.globalPos(), self.words_of(bar) if bar >= 0 else "", self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._bar_at(int(event.position().x())))

    def leaveEvent(self, _event: QEvent) -> None:
        self._point(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        bar = self._bar_at(int(event.position().x()))
        if event.button() == Qt.MouseButton.LeftButton and bar >= 0 and (grids := self.grids_of(bar)):
            self.grids_chosen.emit(grids)

    def _bar_at(self, x: int) -> int:
        return min(max(int(x * len(self._counts) / max(self.width(), 1)), 0), len(self._counts) - 1)

    def _point(self, bar: int) -> None:
        if bar != self._pointed:
            self._pointed = bar
            self.setCursor(Qt.CursorShape.PointingHandCursor if bar >= 0 and self._counts[bar] else Qt.CursorShape.ArrowCursor)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 118)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._band is None or not len(self._counts):
            return
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        floor, top, wide = self.height() - 24.0, 16.0, self.width() / len(self._counts)
        most = max(int(self._counts.max()), 1)
        target = self._band.households or self._band.persons or 1.0
        painter.setFont(font(SMALL))
        for i, count in enumerate(self._counts.tolist()):
            middle = (self._edges[i] + self._edges[i + 1]) / 2
            inside = self._band.low <= middle <= self._band.high
            high = max((floor - top) * count / most, 3.0)
            if i == self._pointed and count:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.sunken))
                painter.drawRoundedRect(QRectF(i * wide, 0, wide, floor), 2, 2)
            if count:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.bar if inside else look.bar_out))
                painter.drawRoundedRect(QRectF(i * wide + 1.5, floor - high, wide - 3, high), 2, 2)
                painter.setPen(QColor(look.muted))
                painter.drawText(QRectF(i * wide - 10, floor - high - 15, wide + 20, 14), Qt.AlignmentFlag.AlignCenter, f"{count}")
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(0, int(floor), self.width(), int(floor))
        painter.setPen(QColor(look.muted))
        align = Qt.AlignmentFlag
        base = QRectF(0, floor + 4, self.width(), 18)
        painter.drawText(base, align.AlignLeft, f"{math.ceil(self._edges[0] * target - 1e-6):,}")
        painter.drawText(base, align.AlignRight, f"{math.floor(self._edges[-1] * target + 1e-6):,}")
        low, high_end = limits(self._band, target)
        span = (self._edges[-1] - self._edges[0]) or 1.0
        at = ((self._band.low + self._band.high) / 2 - self._edges[0]) / span * self.width()
        at = min(max(at, 106.0), self.width() - 106.0)
        words = _("band {low}–{high}").format(low=f"{low:,}", high=f"{high_end:,}")
        painter.drawText(QRectF(at - 70, floor + 4, 140, 18), align.AlignHCenter, words)
        painter.end()


def bars(load: Floats, band: Band) -> tuple[Ints, Floats]:
    """Return the counts of the bars and their edges; the band's limits are edges, the outermost bars take what lies beyond them.

    >>> counts, edges = bars(np.array([0.95, 1.0, 1.3]), Band(300.0, None, 0.9, 1.1))
    >>> counts.tolist(), edges.round(2).tolist()
    ([0, 1, 1, 0, 0, 0, 0, 1], [0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3])
    """
    step = (band.high - band.low) / INSIDE
    room = (MOST - INSIDE) // 2
    below = min(max(int(np.ceil((band.low - load.min()) / step - 1e-9)), 0), room)
    above = min(max(int(np.ceil((load.max() - band.high) / step - 1e-9)), 0), room)
    edges: Floats = np.asarray(band.low + step * np.arange(-below, INSIDE + above + 1), np.float64)
    return np.bincount(places(load, edges), minlength=len(edges) - 1).astype(np.int32), edges


def places(load: Floats, edges: Floats) -> Ints:
    """Return which bar each load falls into, (g,)."""
    step = (edges[-1] - edges[0]) / (len(edges) - 1)
    bar: Ints = np.clip(np.floor((load - edges[0]) / step + 1e-9), 0, len(edges) - 2).astype(np.int32)
    return bar
