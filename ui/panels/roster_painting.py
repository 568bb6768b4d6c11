"""Paints the cells of the roster calendar in one go: colour and letter of the shift, leave, what is fixed, wished, changed or penalised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygon

from gridplanner.model.roster import LEAVE, RosterPlan
from gridplanner.model.roster_calendar import day_of
from ui.marks import SIZE, paint_lock
from ui.roster_words import marks_of
from ui.styles import Theme, font, theme

if TYPE_CHECKING:
    from ui.panels.roster_calendar import RosterCalendar

# fills of shifts in the light and the dark look; nights have one of their own. All hold text of the look at a contrast of 7 and more
DAYS = (("#cfe2ff", "#1f3d6b"), ("#ffe2ad", "#57420f"), ("#c6ecd8", "#174a35"), ("#f7cfdb", "#5a2638"), ("#cdeaf0", "#17464f"))
NIGHTS = (("#d8cdf3", "#3f3269"), ("#b9c0d9", "#333a57"))
LETTER = 12


def fill_of(plan: RosterPlan, shift: int, look: Theme) -> QColor:
    """Return the colour of a shift."""
    nights = [row for row, known in enumerate(plan.shifts) if known.night]
    days = [row for row, known in enumerate(plan.shifts) if not known.night]
    of = NIGHTS[nights.index(shift) % len(NIGHTS)] if shift in nights else DAYS[days.index(shift) % len(DAYS)]
    return QColor(of[look.name == "dark"])


def paint_cells(view: RosterCalendar, painter: QPainter, part: QRect) -> None:
    """Paint the cells that a part of the viewport shows."""
    plan, rows, look = view.lines.plan, view.lines.rows, theme()
    if plan is None or rows is None or not len(rows.lines) or not plan.days:
        return
    high, wide = view.people.defaultSectionSize(), view.days.defaultSectionSize()
    down, right = view.people.offset(), view.days.offset()
    lines = range(max((part.top() + down) // high, 0), min((part.bottom() + down) // high, len(rows.lines) - 1) + 1)
    days = range(max((part.left() + right) // wide, 0), min((part.right() + right) // wide, plan.days - 1) + 1)
    marks = marks_of(plan)
    fills = [fill_of(plan, shift, look) for shift in range(len(plan.shifts))]
    chosen = set(view.chosen)
    short, over = rows.short, rows.over
    ink, muted, faint, line, bad = (QColor(name) for name in (look.text, look.muted, look.faint, look.line, look.bad))
    sunken, tint, accent, warn = QColor(look.sunken), QColor(look.tint), QColor(look.accent), QColor(look.warn)
    ground = QColor(look.panel)
    hatch = QBrush(faint, Qt.BrushStyle.BDiagPattern)
    weekend = [day_of(plan, day).weekday() >= 5 for day in range(plan.days)]
    letters, small = font(LETTER, bold=True), font(10)
    painter.setFont(letters)
    cells = plan.cells
    for number in lines:
        squad, person = (int(value) for value in rows.lines[number])
        top = number * high - down
        for day in days:
            box = QRect(day * wide - right, top, wide, high)
            if person < 0:
                painter.fillRect(box, sunken)
                missing = int(short[squad, day].sum())
                if missing:
                    painter.setFont(letters)
                    painter.setPen(bad)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"−{missing}")
                elif extra := int(over[squad, day].sum()):
                    painter.setFont(small)
                    painter.setPen(muted)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"+{extra}")
                    painter.setFont(letters)
                continue
            if day == view.day:
                painter.fillRect(box, tint)
            elif weekend[day]:
                painter.fillRect(box, sunken)
            value = int(cells[person, day])
            inner = box.adjusted(2, 2, -2, -2)
            if value >= 0:
                painter.fillRect(inner, fills[value])
            elif value == LEAVE:
                painter.fillRect(inner, hatch)
                painter.fillRect(QRect(box.center().x() - 8, inner.top() + 1, 16, inner.height() - 2), ground)
            painter.fillRect(box.left(), box.bottom(), wide, 1, line)
            if words := marks.of(value):
                painter.setPen(ink if value >= 0 else muted)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            cell = (person, day)
            if plan.fixed[person, day]:
                paint_lock(painter, box.right() - SIZE - 1, box.top() + 3, muted)
            if cell in view.lines.wished:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(accent)
                painter.drawPolygon(QPolygon([box.topLeft() + QPoint(3, 3), box.topLeft() + QPoint(9, 3), box.topLeft() + QPoint(3, 9)]))
            if cell in view.lines.bad:
                painter.fillRect(inner.left(), inner.bottom() - 1, inner.width(), 3, bad)
            elif cell in view.lines.dear:
                painter.fillRect(inner.left() + 4, inner.bottom() - 1, inner.width() - 8, 2, warn)
            if cell in view.changed:
                painter.setPen(QPen(accent, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(inner).adjusted(0, 0, -1, -1))
            if cell in chosen:
                veil = QColor(accent)
                veil.setAlphaF(0.22)
                painter.fillRect(box, veil)
    _paint_current(view, painter, accent)


def _paint_current(view: RosterCalendar, painter: QPainter, accent: QColor) -> None:
    """Frame the cell that the keys move, and the two cells of a drag."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    current = view.currentIndex()
    if current.isValid() and view.current is not None:
        painter.setPen(QPen(accent, 2 if view.hasFocus() else 1))
        painter.drawRect(view.visualRect(current).adjusted(1, 1, -2, -2))
    if view.drag is not None and view.lines.rows is not None:
        pen = QPen(accent, 2, Qt.PenStyle.DashLine)
        for person, day in view.drag:
            painter.setPen(pen)
            painter.drawRect(view.visualRect(view.lines.index(int(view.lines.rows.line[person]), day)).adjusted(1, 1, -2, -2))
