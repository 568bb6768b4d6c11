"""The heads of the roster calendar: people with their hours in a column that stays, days of the week over dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView

from gridplanner.i18n import _
from gridplanner.model.roster_calendar import day_of, weekday_words
from gridplanner.model.roster_words import squad_words
from ui.styles import SMALL, font, theme

if TYPE_CHECKING:
    from ui.panels.roster_calendar import RosterCalendar

WIDE, HIGH = 96, 36  # pixels of the column of people, of the line of days


class PersonHead(QHeaderView):
    """Codes at the left, hours at the right; a squad's line holds its name."""

    def __init__(self, calendar: RosterCalendar) -> None:
        super().__init__(Qt.Orientation.Vertical, calendar)
        self._calendar = calendar
        self.setSectionsClickable(True)
        self.setFixedWidth(WIDE)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(WIDE, 0)

    def paintSection(self, painter: QPainter, box: QRect, line: int) -> None:
        plan, rows, look = self._calendar.lines.plan, self._calendar.lines.rows, theme()
        if plan is None or rows is None or line >= len(rows.lines):
            return
        squad, person = (int(value) for value in rows.lines[line])
        painter.save()
        if person < 0:
            painter.fillRect(box, QColor(look.sunken))
            painter.setFont(font(SMALL, bold=True))
            painter.setPen(QColor(look.muted))
            words = squad_words(plan, rows.squads[squad])
        else:
            current = self._calendar.lines.person_at(self._calendar.currentIndex().row()) == person
            if current:
                painter.fillRect(box, QColor(look.tint))
            words = plan.people[person].code
            hours = f"{plan.hours[person]:g}"
            painter.setFont(font(SMALL))
            painter.setPen(QColor(look.muted))
            right = box.adjusted(0, 0, -8, -1)
            painter.drawText(right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hours)
            box = box.adjusted(0, 0, -8 - QFontMetrics(painter.font()).horizontalAdvance(hours), 0)
            painter.setFont(font(12, bold=current))
            painter.setPen(QColor(look.text))
        inside = box.adjusted(6, 0, -4, -1)
        painter.drawText(
            inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideMiddle, inside.width()),
        )  # fmt: skip
        painter.restore()


class DayHead(QHeaderView):
    """The day of the week over the day of the month; weekends and the day that the map shows are set off."""

    def __init__(self, calendar: RosterCalendar) -> None:
        super().__init__(Qt.Orientation.Horizontal, calendar)
        self._calendar = calendar
        self.setSectionsClickable(True)
        self.setFixedHeight(HIGH)
        self.setMinimumSectionSize(20)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(0, HIGH)

    def paintSection(self, painter: QPainter, box: QRect, day: int) -> None:
        plan, look = self._calendar.lines.plan, theme()
        if plan is None or day >= plan.days:
            return
        at = day_of(plan, day)
        shown = day == self._calendar.day
        painter.save()
        if shown:
            painter.fillRect(box, QColor(look.tint))
        elif at.weekday() >= 5:
            painter.fillRect(box, QColor(look.sunken))
        painter.setPen(QPen(QColor(look.accent if shown else look.line), 2 if shown else 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(QColor(look.muted))
        painter.setFont(font(SMALL))
        words = weekday_words(at)
        if not words.isascii() and QFontMetrics(painter.font()).horizontalAdvance(words) > box.width() - 8:
            words = words[-1]  # 一 for 周一
        painter.drawText(box.adjusted(0, 3, 0, -18), Qt.AlignmentFlag.AlignCenter, words)
        painter.setPen(QColor(look.text))
        painter.setFont(font(12, bold=shown or at.day == 1))
        first = day == 0 or at.day == 1
        words = _("{month}-{day}").format(month=at.month, day=at.day) if first and box.width() >= 34 else str(at.day)
        painter.drawText(box.adjusted(0, 15, 0, -3), Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()
