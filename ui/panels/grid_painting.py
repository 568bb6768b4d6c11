"""Paints the rows of the table of grids in one go: a cell at a time through Qt's delegates would cost more than the edit they follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from gridplanner.i18n import _
from gridplanner.model.grids import Grid
from ui.map.colours import palette
from ui.marks import SIZE, paint_diamond, paint_lock
from ui.panels.grid_columns import CODE, COLUMNS, DEVIATION, LOCKED
from ui.styles import theme

if TYPE_CHECKING:
    from ui.panels.grid_table import GridTable

LEFT, RIGHT, CHIP = 6, 5, 22  # pixels beside the words, and left of them behind a chip


def paint_rows(table: GridTable, painter: QPainter, part: QRect) -> None:
    """Paint the rows that a part of the viewport shows: tint, chip, words, signs, a thin line below, a frame around the current cell."""
    model, content, look = table.grids, table.grids.content, theme()
    if content is None or not model.rowCount():
        if content is not None and content.grids:
            painter.setPen(QColor(look.muted))
            box = table.viewport().rect().adjusted(LEFT, LEFT, -LEFT, -LEFT)
            painter.drawText(box, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, _("No grid meets the filter"))
        return
    wide, high = table.viewport().width(), table.verticalHeader().defaultSectionSize()
    offset = table.verticalOffset()
    first = max((part.top() + offset) // high, 0)
    last = min((part.bottom() + offset) // high, model.rowCount() - 1)
    metrics = QFontMetrics(table.font())
    base = (high + metrics.ascent() - metrics.descent()) // 2
    columns = [(i, table.columnViewportPosition(i), table.columnWidth(i)) for i in table.shown_columns]
    chosen, current = {index.row() for index in table.selectionModel().selectedRows()}, table.currentIndex()
    fills, tint, line = palette(look), QColor(look.tint), QPen(QColor(look.line), 1)
    ink, red, faint, muted = (QColor(name) for name in (look.text, look.bad, look.line, look.muted))
    painter.setFont(table.font())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row in range(first, last + 1):
        at, top = model.place_of(row), row * high - offset
        grid = content.grids[at]
        if row in chosen:
            painter.fillRect(0, top, wide, high, tint)
        painter.fillRect(0, top + high - 1, wide, 1, line.color())
        for column, x, width in columns:
            left = x + LEFT
            if column == CODE:
                fill = fills[int(content.colours[at])]
                painter.setPen(QPen(fill.darker(135), 1))
                painter.setBrush(fill)
                painter.drawRoundedRect(x + 4, top + high // 2 - 6, 10, 10, 3, 3)
                left = x + CHIP
                _paint_signs(painter, grid, x + width - SIZE - 1, top + (high - SIZE) / 2, muted)
            elif column == LOCKED:
                paint_lock(painter, x + (width - SIZE) / 2, top + (high - SIZE) / 2, ink if grid.locked else faint)
                continue
            words = model.cell_text(at, column)
            if not words:
                continue
            room, advance = x + width - RIGHT - left, metrics.horizontalAdvance(words)
            if advance > room and COLUMNS[column].text and column != CODE:
                words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.setPen(red if column == DEVIATION and content.out[at] else ink)
            painter.drawText(left if COLUMNS[column].text else x + width - RIGHT - advance, top + base, words)
    if current.isValid() and table.hasFocus():
        painter.setPen(QPen(QColor(look.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(table.visualRect(current).adjusted(1, 1, -2, -3), 3, 3)


def _paint_signs(painter: QPainter, grid: Grid, right: float, top: float, colour: QColor) -> None:
    for there, sign in ((grid.locked, paint_lock), (grid.kind == "exclusive", paint_diamond)):
        if there:
            sign(painter, right, top, colour)
            right -= SIZE + 3
