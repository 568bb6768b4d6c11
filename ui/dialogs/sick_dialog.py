"""Who is sick, and from when to when: others take over, with as little change as can be."""

from __future__ import annotations

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QLabel, QWidget

from gridplanner.i18n import _
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import day_of, first_day, shift_words
from gridplanner.model.roster_words import squad_words
from ui.dialogs.date_box import DateBox
from ui.dialogs.form import Choice, Form
from ui.roster_words import short_day


class SickDialog(Form):
    """Asks who is away; `person` is the row, `first` and `last` the columns of the days."""

    def __init__(self, plan: RosterPlan, person: int, first: int, last: int, parent: QWidget | None = None) -> None:
        words = _("Their duties go to others, with as few changes of the roster as the rules allow. One step of the undo list.")
        super().__init__(_("Sick call"), words, _("Plan again"), parent)
        self._plan = plan
        self._who = Choice()
        for row, member in enumerate(plan.people):
            self._who.addItem(f"{member.code} · {squad_words(plan, member.squad)}", row)
        self._who.setCurrentIndex(max(person, 0))
        self._from, self._until = DateBox(), DateBox()
        begins, ends = (QDate(day.year, day.month, day.day) for day in (first_day(plan), day_of(plan, plan.days - 1)))
        for box, column in ((self._from, first), (self._until, last)):
            box.setDateRange(begins, ends)
            box.setDate(begins.addDays(min(max(column, 0), plan.days - 1)))
            box.dateChanged.connect(lambda _date: self._judge())
        self._who.currentIndexChanged.connect(lambda _row: self._judge())
        self._who.setAccessibleName(_("Member"))
        self._from.setAccessibleName(_("First day"))
        self._until.setAccessibleName(_("Last day"))
        self._duties = QLabel()
        self._duties.setObjectName("muted")
        self._duties.setWordWrap(True)
        form = self.field_rows()
        form.addRow(_("Member"), self._who)
        form.addRow(_("First day"), self._from)
        form.addRow(_("Last day"), self._until)
        self.body.addWidget(self._duties)
        self._judge()

    @property
    def person(self) -> int:
        """The row of the person."""
        return int(self._who.currentData())

    @property
    def first(self) -> int:
        """The column of the first day away."""
        return self._column(self._from)

    @property
    def last(self) -> int:
        """The column of the last day away."""
        return self._column(self._until)

    def _column(self, box: DateBox) -> int:
        start = first_day(self._plan)
        return QDate(start.year, start.month, start.day).daysTo(box.date())

    def _judge(self) -> None:
        plan = self._plan
        if self.last < self.first:
            self._duties.hide()
            self.complain(_("The last day lies before the first."))
            return
        days = [day for day in range(self.first, self.last + 1) if plan.cells[self.person, day] >= 0]
        told = [f"{short_day(plan, day)} {shift_words(plan.shifts[plan.cells[self.person, day]])}" for day in days]
        text = _("Duties to be taken over: {duties}").format(duties=_(", ").join(told))
        self._duties.setText(text if told else _("No duty lies in these days; the roster stays, the leave is noted."))
        self._duties.show()
        self.complain("")
