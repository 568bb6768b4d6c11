"""Cells of the table of routes and of the list of stops: a swatch before the code, a bar behind the minutes, a sign before a stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui.map.patrol_marks import paint_stop
from ui.panels.cells import Cells
from ui.styles import theme

Index = QModelIndex | QPersistentModelIndex
INDENT = 16  # pixels of a swatch or a sign


class SwatchCells(Cells):
    """A swatch in the colour of its route before the words; `colour` says which, by the line of the table."""

    def __init__(self, colour: Callable[[int], QColor], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._colour = colour

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = paint_ground(painter, option, INDENT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(index.row()))
        painter.drawRoundedRect(QRectF(box.left() + 6, box.center().y() - 5, 10, 10), 3, 3)
        painter.restore()
        super().paint(painter, option, index)
        option.rect = box


class BarCells(Cells):
    """A number at the right of a bar; `share` says how long the bar is, 1 for all of it, and what is beyond is marked.

    `words` are the pixels that the number takes.
    """

    def __init__(self, share: Callable[[int], float], words: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._share, self._words = share, words

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = paint_ground(painter, option, max(option.rect.width() - self._words - 4, 0))
        look, share = theme(), self._share(index.row())
        room = QRectF(box.left() + 6, box.center().y() - 3.5, box.width() - self._words - 10, 7)
        if room.width() > 12:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.line))
            painter.drawRoundedRect(room, 3, 3)
            painter.setBrush(QColor(look.bar if share <= 1.0 + 1e-9 else look.bad))
            filled = QRectF(room)
            filled.setWidth(max(room.width() * min(share, 1.0), 3.0))
            painter.drawRoundedRect(filled, 3, 3)
            painter.restore()
        super().paint(painter, option, index)
        option.rect = box


class SignCells(Cells):
    """The sign of a stop before its name; `kind` and `colour` say which, by the line of the table."""

    def __init__(self, kind: Callable[[int], str], colour: Callable[[], QColor], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kind, self._colour = kind, colour

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = paint_ground(painter, option, INDENT)
        painter.save()
        at = QPointF(box.left() + 11, box.center().y() + 0.5)
        paint_stop(painter, at, self._kind(index.row()), self._colour(), theme(), scale=0.8)
        painter.restore()
        super().paint(painter, option, index)
        option.rect = box


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, indent: int) -> QRect:
    """Paint what lies below a cell, move the option's box to the right for the words, and return the box as it was."""
    box = QRect(option.rect)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(box, QColor(theme().tint))
    painter.setPen(QPen(QColor(theme().line), 1))
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    option.rect = box.adjusted(min(indent, box.width()), 0, 0, 0)
    return box
