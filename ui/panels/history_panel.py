"""What was done, in words, the latest at the bottom; choosing a line goes back or forward to it."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gridplanner.edits.history import History, Step
from gridplanner.i18n import _
from ui.short_codes import with_short_codes
from ui.styles import SMALL, font, theme

HIGH, NUMBER, TIME = 32, 36, 44  # pixels: a line, the column of its number, the column of its time
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class HistoryModel(QAbstractListModel):
    """The steps of a history; another history changes only the lines that are other ones."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.present = 0

    def show(self, history: History) -> None:
        """Show a history: steps are the same where they are the same value."""
        steps = [*history.past, history.present, *history.future]
        first = next((row for row, step in enumerate(self.steps) if step is steps[0]), len(self.steps))
        self._remove(0, first)
        same = 0
        while same < min(len(self.steps), len(steps)) and self.steps[same] is steps[same]:
            same += 1
        self._remove(same, len(self.steps))
        if len(steps) > same:
            self.beginInsertRows(_NOWHERE, same, len(steps) - 1)
            self.steps += steps[same:]
            self.endInsertRows()
        before, self.present = self.present, len(history.past)
        low, high = sorted((min(before, len(steps) - 1), self.present))
        self.dataChanged.emit(self.index(low), self.index(high))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.steps):
            return None
        step = self.steps[index.row()]
        words = step.words or _("Opened")
        if role == Qt.ItemDataRole.DisplayRole:
            return with_short_codes(words)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            undone = _("undone") if index.row() > self.present else ""
            said = [f"{step.number}. {words}" if step.number else words, clock(step.at), undone]
            return " · ".join(part for part in said if part)
        return None

    def _remove(self, first: int, end: int) -> None:
        if end > first:
            self.beginRemoveRows(_NOWHERE, first, end - 1)
            del self.steps[first:end]
            self.endRemoveRows()


class HistoryLines(QStyledItemDelegate):
    """Draws a step: its number, its words and its time; the present one tinted, what was undone fainter."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, HistoryModel)
        look, box, step = theme(), QRect(option.rect), model.steps[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        frame = box.adjusted(0, 1, -1, -1)
        if index.row() == model.present:
            painter.setBrush(QColor(look.tint))
            painter.drawRoundedRect(frame, 4, 4)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(look.sunken))
            painter.drawRoundedRect(frame, 4, 4)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(look.accent))
            painter.drawRoundedRect(frame, 4, 4)
        undone = index.row() > model.present
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(SMALL))
        painter.setPen(QColor(look.faint if undone else look.muted))
        painter.drawText(QRect(box.left(), box.top(), NUMBER - 8, HIGH), flags | Qt.AlignmentFlag.AlignRight, str(step.number or ""))
        painter.drawText(QRect(box.right() - TIME - 8, box.top(), TIME, HIGH), flags | Qt.AlignmentFlag.AlignRight, clock(step.at))
        painter.setFont(font(bold=index.row() == model.present))
        painter.setPen(QColor(look.faint if undone else look.text))
        room = box.width() - NUMBER - TIME - 16
        words = QFontMetrics(painter.font()).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(box.left() + NUMBER, box.top(), room, HIGH), flags | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, HIGH)


class HistoryPanel(QListView):
    """The steps of a history; `step_chosen` says how many steps to go, back below zero, by a click or by Enter."""

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = HistoryModel()
        self.setModel(self.lines)
        self.setItemDelegate(HistoryLines(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def count(self) -> int:
        """Return how many lines there are."""
        return self.lines.rowCount()

    def show_history(self, history: History) -> None:
        """Show a history; what was undone is fainter."""
        self.lines.show(history)
        here = self.lines.index(self.lines.present)
        self.setCurrentIndex(here)
        if self.isVisible():
            self.scrollTo(here)
        self.setAccessibleName(_("History"))
        self.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        steps = index.row() - self.lines.present
        if steps:
            self.step_chosen.emit(steps)


def clock(at: float) -> str:
    """Return a time of day, empty where it is not known."""
    return time.strftime("%H:%M", time.localtime(at)) if at else ""
