"""Cells of a plain table: text cut where it does not fit, thin lines between rows, the chosen row tinted, no focus frame."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui.marks import SIZE, paint_lock
from ui.styles import theme

Index = QModelIndex | QPersistentModelIndex


class Cells(QStyledItemDelegate):
    """Draws them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, box = theme(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(look.tint))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        inside = box.adjusted(6, 0, -6, -1)
        if index.data(Qt.ItemDataRole.UserRole) is True:  # what is locked
            paint_lock(painter, inside.right() - SIZE + 5, inside.center().y() - SIZE / 2, QColor(look.muted))
            inside.setRight(inside.right() - int(SIZE) + 2)
        words = QFontMetrics(painter.font()).elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, inside.width())
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(ink if isinstance(ink, QColor) else QColor(look.text))
        painter.drawText(inside, index.data(Qt.ItemDataRole.TextAlignmentRole), words)
        painter.restore()


def show_as_list(table: QTableView) -> None:
    """Let a table look like all tables beside the map: whole rows, no lines but those of its cells, columns as wide as the panel."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(28)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setMinimumSectionSize(36)
