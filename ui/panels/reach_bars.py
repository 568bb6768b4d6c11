"""What the posts reach within each limit of minutes: a bar for the households and one for the incidents, with their numbers."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridplanner.i18n import _
from gridplanner.model.ring_figures import RingCoverage
from ui.checkpoint_places import percent
from ui.map.ring_layer import HUES, ring_colours
from ui.styles import SMALL, TEXT, font, theme

ROW, ONE, BAR, LEFT, NAME, NUMBERS = 44, 28, 15, 72, 78, 94  # pixels: of a limit, with one bar, of a bar, left of it, behind it
_ALIGN = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ReachBars(QWidget):
    """A row for each limit; `chosen` carries the place of the one that was clicked, or reached by the arrow keys."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._figures: RingCoverage | None = None
        self.row = -1

    def show_figures(self, figures: RingCoverage | None, row: int) -> None:
        """Show figures with one limit chosen."""
        self._figures, self.row = figures, row
        self.retranslate()
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.setAccessibleName(_("Share reached within each limit"))
        self.setAccessibleDescription("; ".join(self.words_of(row) for row in range(self._count)))
        self.setToolTip(_("Click a limit to list its posts and what is not reached"))

    def words_of(self, row: int) -> str:
        """Return what is reached within a limit, in words."""
        known = self._figures
        if known is None:
            return ""
        words = _("{households} of the households within {minutes} min").format(
            households=share_words(float(known.household_share[row])), minutes=f"{known.minutes[row]:g}"
        )
        if math.isnan(known.incident_share[row]):
            return words
        return f"{words}, {_('{share} of the incidents').format(share=share_words(float(known.incident_share[row])))}"

    @property
    def _count(self) -> int:
        return len(self._figures.minutes) if self._figures is not None else 0

    @property
    def _high(self) -> int:
        return ROW if self._has_incidents else ONE

    @property
    def _has_incidents(self) -> bool:
        return self._figures is not None and not bool(np.isnan(self._figures.incident_share).all())

    def sizeHint(self) -> QSize:
        return QSize(280, self._high * self._count + 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().y() // self._high))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._choose(self.row + step)
        else:
            super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        if 0 <= row < self._count and row != self.row:
            self.row = row
            self.update()
            self.chosen.emit(row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        known = self._figures
        if known is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, colours = theme(), list(ring_colours(tuple(known.minutes.tolist()), theme()).values())
        high = self._high
        for row in range(self._count):
            top = float(high * row)
            if row == self.row:
                painter.setPen(QPen(QColor(look.accent), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.tint))
                painter.drawRoundedRect(QRectF(1, top + 1, self.width() - 2, high - 2), 6, 6)
            painter.setFont(font(TEXT, bold=row == self.row))
            painter.setPen(QColor(look.text))
            painter.drawText(QRectF(22, top, LEFT - 20, high), _ALIGN, _("{n} min").format(n=f"{known.minutes[row]:g}"))
            painter.setPen(QPen(QColor(look.line), 1.0))
            painter.setBrush(colours[row])
            painter.drawRoundedRect(QRectF(6.5, top + high / 2 - 5.5, 11, 11), 3, 3)
            bars = [(_("Households"), float(known.household_share[row]), float(known.households[row]), QColor(HUES[look.name]))]
            if self._has_incidents:
                bars.append((_("Incidents"), float(known.incident_share[row]), float(known.incidents[row]), QColor(look.muted)))
            for line, bar in enumerate(bars):
                self._paint_bar(painter, top + 6 + line * (BAR + 3), *bar)
        painter.end()

    def _paint_bar(self, painter: QPainter, top: float, name: str, share: float, count: float, colour: QColor) -> None:
        look = theme()
        painter.setFont(font(SMALL))
        painter.setPen(QColor(look.muted))
        words = QFontMetrics(painter.font()).elidedText(name, Qt.TextElideMode.ElideRight, NAME - 6)
        painter.drawText(QRectF(LEFT, top, NAME, BAR), _ALIGN, words)
        box = QRectF(LEFT + NAME, top, self.width() - LEFT - NAME - NUMBERS, BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.line))
        painter.drawRoundedRect(box, 3, 3)
        if share > 0:
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(box.left(), box.top(), max(box.width() * share, 3.0), box.height()), 3, 3)
        painter.setPen(QColor(look.text))
        numbers = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(box.right() + 4, top, 42, BAR), numbers, share_words(share))
        painter.setPen(QColor(look.muted))
        painter.drawText(QRectF(box.right() + 46, top, NUMBERS - 52, BAR), numbers, f"{count:,.0f}")


def share_words(share: float) -> str:
    """Return a share as per cent, a dash where there is nothing to reach; never 100 % where something is left.

    >>> share_words(0.9996), share_words(0.9952), share_words(1.0), share_words(math.nan)
    ('99.9 %', '99.5 %', '100 %', '–')
    """
    if math.isnan(share):
        return "–"
    return f"{math.floor(1000.0 * share) / 10.0:.1f} %" if 0.99 <= share < 1.0 else percent(share)
