"""How much of the flow the first checkpoints see: a curve of their number, with the number that was chosen marked on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gridplanner.i18n import _, ngettext
from ui.checkpoint_places import percent
from ui.styles import SMALL, font, theme

LEFT, RIGHT, TOP, BELOW = 40.0, 12.0, 14.0, 22.0  # pixels around the plot
HIGH = 128


class CoverageCurve(QWidget):
    """Shares 0 to 1 of the first 1, 2 … checkpoints; the pointer tells a number's share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._shares: tuple[float, ...] = ()
        self._chosen = 0
        self._pointed = 0

    def show_curve(self, shares: tuple[float, ...], chosen: int) -> None:
        """Show another curve; `chosen` is how many there are, 0 for none."""
        if (shares, chosen) != (self._shares, self._chosen):
            self._shares, self._chosen, self._pointed = shares, min(chosen, len(shares)), 0
            self.update()
        self.retranslate()

    def retranslate(self) -> None:
        """Take up the language in use."""
        words = self.words_of(self._chosen) if self._chosen else ""
        self.setAccessibleName(_("Share of the flow by number of checkpoints"))
        self.setAccessibleDescription(words)

    def words_of(self, count: int) -> str:
        """Return what a number of checkpoints sees, in words; empty where the curve has no such number."""
        if not 0 < count <= len(self._shares):
            return ""
        text = ngettext("{n} checkpoint sees {share} of the flow", "{n} checkpoints see {share} of the flow", count)
        return text.format(n=count, share=percent(self._shares[count - 1]))

    def count_at(self, x: float) -> int:
        """Return the number of checkpoints at a pixel, 0 where there is no curve."""
        if not self._shares:
            return 0
        return min(max(round((x - LEFT) / max(self._wide, 1.0) * len(self._shares)), 1), len(self._shares))

    def place_of(self, count: int) -> QPointF:
        """Return the pixel of a number of checkpoints."""
        share = self._shares[count - 1] if count else 0.0
        return QPointF(LEFT + self._wide * count / max(len(self._shares), 1), TOP + (self.height() - TOP - BELOW) * (1.0 - share))

    @property
    def _wide(self) -> float:
        return self.width() - LEFT - RIGHT

    def sizeHint(self) -> QSize:
        return QSize(280, HIGH)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_of(self.count_at(event.pos().x())), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.count_at(event.position().x()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._point(0)

    def _point(self, count: int) -> None:
        if count != self._pointed:
            self._pointed = count
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._shares:
            return
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL))
        self._paint_axes(painter)
        line = QPainterPath(self.place_of(0))
        for count in range(1, len(self._shares) + 1):
            line.lineTo(self.place_of(count))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.bar), 2.0))
        painter.drawPath(line)
        for count in range(1, len(self._shares) + 1) if len(self._shares) <= 60 else ():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.accent if count <= self._chosen else look.bar))
            painter.drawEllipse(self.place_of(count), 2.2, 2.2)
        shown = self._pointed or self._chosen
        if shown:
            self._paint_mark(painter, shown)
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        look, align = theme(), Qt.AlignmentFlag
        floor = self.height() - BELOW
        for share in (0.0, 0.5, 1.0):
            y = TOP + (floor - TOP) * (1.0 - share)
            painter.setPen(QPen(QColor(look.line), 1.0))
            painter.drawLine(QPointF(LEFT, y), QPointF(self.width() - RIGHT, y))
            painter.setPen(QColor(look.muted))
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), align.AlignRight | align.AlignVCenter, percent(share))
        painter.drawText(QRectF(LEFT - 20, floor + 4, 40, 16), align.AlignHCenter, "0")
        painter.drawText(QRectF(self.width() - 60, floor + 4, 60 - RIGHT + 8, 16), align.AlignRight, f"{len(self._shares):,}")

    def _paint_mark(self, painter: QPainter, count: int) -> None:
        look, align, at = theme(), Qt.AlignmentFlag, self.place_of(count)
        painter.setPen(QPen(QColor(look.accent), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(at, QPointF(at.x(), self.height() - BELOW))
        painter.drawLine(QPointF(LEFT, at.y()), at)
        painter.setPen(QPen(QColor(look.panel), 1.5))
        painter.setBrush(QColor(look.accent))
        painter.drawEllipse(at, 4.5, 4.5)
        words = f"{count:,} · {percent(self._shares[count - 1])}"
        wide = painter.fontMetrics().horizontalAdvance(words) + 12.0
        left = min(max(at.x() - wide / 2, LEFT), self.width() - wide)
        above = at.y() - 22.0
        box = QRectF(left, above if above >= 0 else at.y() + 8.0, wide, 17.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.panel))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(look.text))
        painter.setFont(font(SMALL, bold=True))
        painter.drawText(box, align.AlignCenter, words)
        painter.setFont(font(SMALL))
