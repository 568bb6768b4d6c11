"""Below the roster calendar: for each shift and day how many people are on duty and how many are needed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gridplanner.i18n import _, ngettext
from gridplanner.model.roster_calendar import shift_words
from gridplanner.model.roster_words import squad_words
from ui.panels.roster_calendar import RosterCalendar
from ui.panels.roster_heads import WIDE
from ui.panels.roster_painting import fill_of
from ui.roster_words import day_words, marks_of
from ui.styles import SMALL, font, theme

LINE, MOST = 20, 6  # pixels of a line, lines that are seen at once


class DemandFooter(QWidget):
    """A line for each shift under the columns of a calendar; red where any squad has too few, whatever others have."""

    def __init__(self, calendar: RosterCalendar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar = calendar
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        calendar.horizontalScrollBar().valueChanged.connect(lambda _at: self.update())
        calendar.days.sectionResized.connect(lambda *_sizes: self.update())

    def sizeHint(self) -> QSize:
        plan = self._calendar.lines.plan
        return QSize(WIDE, LINE * min(len(plan.shifts), MOST) + 1 if plan is not None else 0)

    def refresh(self) -> None:
        """Show the roster of the calendar as it is now."""
        self.updateGeometry()
        self.update()
        plan, rows = self._calendar.lines.plan, self._calendar.lines.rows
        missing = int(rows.short.sum()) if rows is not None else 0
        self.setAccessibleName(_("People on duty and needed, by shift and day") if plan is not None else "")
        self.setAccessibleDescription(ngettext("{n} person short", "{n} people short", missing).format(n=missing))

    def words_at(self, place: QPoint) -> str:
        """Return how many people each squad has and needs where the pointer is."""
        calendar = self._calendar
        plan, rows = calendar.lines.plan, calendar.lines.rows
        day = calendar.columnAt(place.x() - calendar.viewport().x())
        shift = place.y() // LINE
        if plan is None or rows is None or day < 0 or not 0 <= shift < len(plan.shifts):
            return ""
        lines = [f"{day_words(plan, day)} · {shift_words(plan.shifts[shift])}"]
        for squad, name in enumerate(rows.squads):
            have, need = int(rows.have[squad, day, shift]), int(rows.need[squad, day, shift])
            lines.append(_("{squad}: {have} of {need}").format(squad=squad_words(plan, name), have=have, need=need))
        return "\n".join(lines)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        calendar, look = self._calendar, theme()
        plan, rows = calendar.lines.plan, calendar.lines.rows
        if plan is None or rows is None:
            return
        painter = QPainter(self)
        left, right = calendar.viewport().x(), calendar.viewport().x() + calendar.viewport().width()
        have, need, short = rows.have.sum(axis=0), rows.need.sum(axis=0), rows.short.sum(axis=0)
        over = rows.over.sum(axis=0)
        marks = marks_of(plan)
        wide, off = calendar.days.defaultSectionSize(), calendar.days.offset()
        first, last = max(off // wide, 0), min((off + right - left) // wide, plan.days - 1)
        small, strong = font(SMALL), font(SMALL, bold=True)
        for shift in range(len(plan.shifts)):
            top = shift * LINE
            painter.setClipping(False)
            painter.fillRect(0, top, right, 1, QColor(look.line))
            chip = QRect(left - WIDE + 6, top + 3, 18, LINE - 6)
            painter.fillRect(chip, fill_of(plan, shift, look))
            painter.setPen(QColor(look.text))
            painter.setFont(strong)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, marks.shifts[shift])
            name = QRect(chip.right() + 6, top, WIDE - 34, LINE)
            painter.setFont(small)
            painter.setPen(QColor(look.muted))
            words = QFontMetrics(small).elidedText(shift_words(plan.shifts[shift]), Qt.TextElideMode.ElideRight, name.width())
            painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            painter.setClipRect(left, top, right - left, LINE)
            for day in range(first, last + 1):
                box = QRect(left + day * wide - off, top + 1, wide, LINE - 1)
                if day == calendar.day:
                    painter.fillRect(box, QColor(look.tint))
                missing = short[day, shift] > 0
                painter.setFont(strong if missing else small)
                painter.setPen(QColor(look.bad if missing else look.muted if over[day, shift] else look.text))
                words = f"{have[day, shift]}/{need[day, shift]}"
                if QFontMetrics(painter.font()).horizontalAdvance(words) > wide - 2:
                    words = str(have[day, shift])
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
