"""How many grids have how many households, with the band they should lie in."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridplanner.i18n import _
from gridplanner.model.band import Band, band_of
from gridplanner.model.lines import Floats, Ints
from ui.derived import Derived
from ui.figures import limits
from ui.styles import SMALL, font, theme

INSIDE, MOST = 4, 16  # bars within the band, bars in all


class Histogram(QWidget):
    """Bars within the band in one colour, those out of it in another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._counts: Ints = np.zeros(0, np.int32)
        self._edges: Floats = np.zeros(1)
        self._band: Band | None = None

    def show_grids(self, derived: Derived) -> None:
        """Show the grids of a project."""
        self._counts, self._band = np.zeros(0, np.int32), None
        if derived.figures is not None and len(derived.figures):
            self._band = band_of(derived.project.settings.grids)
            self._counts, self._edges = bars(derived.figures.load, self._band)
        self.setAccessibleName(_("Grids by size") + ": " + ", ".join(map(str, self._counts.tolist())))
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
    place = np.clip(np.floor((load - edges[0]) / step + 1e-9).astype(int), 0, len(edges) - 2)
    return np.bincount(place, minlength=len(edges) - 1).astype(np.int32), edges
