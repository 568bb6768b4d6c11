"""What was done, in words, the latest at the bottom; choosing a line goes back or forward to it.

Above the steps since the project was opened are the changes of before, by their days: they are told, but there is no way back to them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gridplanner.edits.history import History, Step
from gridplanner.i18n import _, ngettext
from gridplanner.model.change_words import line_words
from gridplanner.model.changes import UNDONE, Change
from ui.short_codes import with_short_codes
from ui.styles import SMALL, font, theme

HIGH, NUMBER, TIME = 32, 36, 44  # pixels: a line, the column of its number, the column of its time
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
EARLIER = 1_000  # changes of before that are shown
_TOLD = 6  # lines of a change in its tooltip
Earlier = Change | str  # a change of before, or the day above some of them


class HistoryModel(QAbstractListModel):
    """The steps of a history, below the changes of before; another history changes only the lines that are other ones."""

    def __init__(self) -> None:
        super().__init__()
        self.earlier: list[Earlier] = []
        self.steps: list[Step] = []
        self.present = 0
        self._log: Sequence[Change] = ()

    def show_earlier(self, log: Sequence[Change]) -> None:
        """Show the changes of before, by their days; the same log again is no work."""
        if log is self._log:
            return
        self._log = log
        self.beginResetModel()
        self.earlier = by_days(log)
        self.endResetModel()

    def row_of(self, step: int) -> int:
        """Return the line of a step."""
        return len(self.earlier) + step

    def step_at(self, row: int) -> int:
        """Return the step in a line, below zero for a change of before or its day."""
        return row - len(self.earlier) if row >= len(self.earlier) else -1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.step_at(index.row()) < 0:
            return Qt.ItemFlag.ItemIsEnabled if isinstance(self.earlier[index.row()], Change) else Qt.ItemFlag.NoItemFlags
        return super().flags(index)

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
            self.beginInsertRows(_NOWHERE, self.row_of(same), self.row_of(len(steps) - 1))
            self.steps += steps[same:]
            self.endInsertRows()
        before, self.present = self.present, len(history.past)
        low, high = sorted((min(before, len(steps) - 1), self.present))
        self.dataChanged.emit(self.index(self.row_of(low)), self.index(self.row_of(high)))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.earlier) + len(self.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        row = self.step_at(index.row())
        if row < 0:
            return _data_of(self.earlier[index.row()], role)
        step = self.steps[row]
        words = step.words or _("Opened")
        if role == Qt.ItemDataRole.DisplayRole:
            return with_short_codes(words)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            undone = _("undone") if row > self.present else ""
            said = [f"{step.number}. {words}" if step.number else words, clock(step.at), undone]
            return " · ".join(part for part in said if part)
        return None

    def _remove(self, first: int, end: int) -> None:
        if end > first:
            self.beginRemoveRows(_NOWHERE, self.row_of(first), self.row_of(end - 1))
            del self.steps[first:end]
            self.endRemoveRows()


class HistoryLines(QStyledItemDelegate):
    """Draws a step: its number, its words and its time; the present one tinted, what was undone fainter."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, HistoryModel)
        row = model.step_at(index.row())
        if row < 0:
            _paint_earlier(painter, QRect(option.rect), model.earlier[index.row()], str(index.data()))
            return
        look, box, step = theme(), QRect(option.rect), model.steps[row]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        frame = box.adjusted(0, 1, -1, -1)
        if row == model.present:
            painter.setBrush(QColor(look.tint))
            painter.drawRoundedRect(frame, 4, 4)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(look.sunken))
            painter.drawRoundedRect(frame, 4, 4)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(look.accent))
            painter.drawRoundedRect(frame, 4, 4)
        undone = row > model.present
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(SMALL))
        painter.setPen(QColor(look.faint if undone else look.muted))
        painter.drawText(QRect(box.left(), box.top(), NUMBER - 8, HIGH), flags | Qt.AlignmentFlag.AlignRight, str(step.number or ""))
        painter.drawText(QRect(box.right() - TIME - 8, box.top(), TIME, HIGH), flags | Qt.AlignmentFlag.AlignRight, clock(step.at))
        painter.setFont(font(bold=row == model.present))
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

    def show_history(self, history: History, earlier: Sequence[Change] = ()) -> None:
        """Show a history below the changes of before; what was undone is fainter."""
        self.lines.show_earlier(earlier)
        self.lines.show(history)
        here = self.lines.index(self.lines.row_of(self.lines.present))
        self.setCurrentIndex(here)
        if self.isVisible():
            self.scrollTo(here)
        self.setAccessibleName(_("History"))
        self.viewport().update()

    def _choose(self, index: QModelIndex) -> None:
        step = self.lines.step_at(index.row())
        if step >= 0 and step != self.lines.present:
            self.step_chosen.emit(step - self.lines.present)


def by_days(log: Sequence[Change]) -> list[Earlier]:
    """Return the latest changes with a line for each day above those of the day, by the clock that they were made at.

    The view lays all of its lines out anew where one is added, so those beyond EARLIER are only counted; the change log has them all.
    """
    left = len(log) - EARLIER
    text = ngettext("{n} change before", "{n} changes before", max(left, 0))
    rows: list[Earlier] = [text.format(n=f"{left:,}")] if left > 0 else []
    last = ""
    for change in log[-EARLIER:]:
        day = time.strftime("%Y-%m-%d", _local(change.at))
        if day != last:
            rows.append(day)
            last = day
        rows.append(change)
    return rows


def _data_of(earlier: Earlier, role: int) -> str | None:
    """Return what a line of before says, and in its tooltip who, when, from what to what, and why there is no way back."""
    if isinstance(earlier, str):
        return earlier if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
    words = _("{words} (undone)").format(words=earlier.words) if earlier.way == UNDONE else earlier.words
    if role == Qt.ItemDataRole.DisplayRole:
        return with_short_codes(words)
    if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        head = " · ".join((f"{earlier.number}. {words}", time.strftime("%Y-%m-%d %H:%M", _local(earlier.at)), earlier.who))
        told = [line_words(line) for line in earlier.lines[:_TOLD]]
        why = _("Made before the project was opened: see Earlier versions to go back")
        return "\n".join((head, *told, *(["…"] if len(earlier.lines) > _TOLD else []), why))
    return None


def _paint_earlier(painter: QPainter, box: QRect, earlier: Earlier, words: str) -> None:
    """Draw a change of before, muted, with its time; or the heading of a day."""
    look, flags = theme(), Qt.AlignmentFlag.AlignVCenter
    painter.save()
    painter.setFont(font(SMALL))
    painter.setPen(QColor(look.muted))
    if isinstance(earlier, str):
        painter.drawText(box.adjusted(8, 0, -8, 0), flags | Qt.AlignmentFlag.AlignLeft, earlier)
        painter.setPen(QColor(look.line))
        left = box.left() + 16 + QFontMetrics(painter.font()).horizontalAdvance(earlier)
        painter.drawLine(left, box.center().y(), box.right() - 8, box.center().y())
    else:
        painter.drawText(QRect(box.right() - TIME - 8, box.top(), TIME, HIGH), flags | Qt.AlignmentFlag.AlignRight, clock(earlier.at))
        painter.setFont(font())
        room = box.width() - NUMBER - TIME - 16
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(box.left() + NUMBER, box.top(), room, HIGH), flags | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


def _local(at: float) -> time.struct_time:
    try:
        return time.localtime(at)
    except (OverflowError, OSError, ValueError):  # a clock that was out of its mind
        return time.localtime(0)


def clock(at: float) -> str:
    """Return a time of day, empty where it is not known."""
    return time.strftime("%H:%M", _local(at)) if at else ""
