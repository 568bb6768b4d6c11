"""The lists beside the roster calendar: what everyone has worked, what the roster costs, who is on duty at a time."""

from __future__ import annotations

from PySide6.QtCore import QDate, QTime, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTimeEdit, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.io.roster_book import span_of
from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import clock_span, day_of, first_day, shift_words
from gridplanner.model.roster_figures import OnDuty, RosterFigures
from gridplanner.model.roster_words import penalty_words, squad_words
from ui.clipboard import table_text
from ui.dialogs.date_box import DateBox
from ui.dialogs.form import pad
from ui.panels.fact_rows import set_words
from ui.panels.sorted_table import SortedTable, TableColumn


def _amount(value: float) -> str:
    return f"{value:g}"


def _cost(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:,.1f}"


LEDGER = (
    TableColumn(N_("Member"), N_("Code of the person")),
    TableColumn(N_("Hours"), N_("Hours of this roster"), 48, True, _amount),
    TableColumn(N_("Nights"), N_("Night shifts of this roster"), 46, True),
    TableColumn(N_("Weekend"), N_("Days on duty on a Saturday or Sunday"), 66, True),
    TableColumn(N_("Days off"), N_("Without leave"), 64, True),
    TableColumn(N_("Points"), N_("Points earned in this roster"), 48, True, _amount),
    TableColumn(N_("In all"), N_("Hours with those from before its first day"), 52, True, _amount),
    TableColumn(N_("Points in all"), N_("Points with those from before its first day"), 72, True, _amount),
)
PENALTIES = (TableColumn(N_("What")), TableColumn(N_("Cost"), N_("What it adds to the value of the roster"), 52, True, _cost))
DUTY = (
    TableColumn(N_("Member"), N_("Code of the person"), 92),
    TableColumn(N_("Squad"), "", 78),
    TableColumn(N_("Duty"), "", 72),
    TableColumn(N_("Where"), N_("Segments or route")),
    TableColumn(N_("Phone"), N_("Work phone"), 108),
)
MOST = 1000  # penalties listed
POINTS = (5, 7)  # columns of the ledger that are there only where points are earned
BEFORE = (6, 7)  # and only where anything is known from before


class LedgerTable(SortedTable):
    """What everyone has worked; `row_chosen` carries the person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(LEDGER, parent)

    def show_ledger(self, plan: RosterPlan, found: RosterFigures) -> None:
        """Show the figures of a roster; what nobody has is left out."""
        codes = [member.code for member in plan.people]
        self.rows.show((
            codes, found.hours, found.nights, found.weekend_days, found.off, found.points, found.total_hours, found.total_points,
        ))  # fmt: skip
        earned = bool(found.total_points.any())
        before = bool((found.total_hours != found.hours).any() or (found.total_points != found.points).any())
        for column in {*POINTS, *BEFORE}:
            self.setColumnHidden(column, (column in POINTS and not earned) or (column in BEFORE and not before))


class PenaltyTable(SortedTable):
    """What the roster costs, the dearest first; `row_chosen` carries the row of the penalty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PENALTIES, parent)

    def show_penalties(self, plan: RosterPlan) -> None:
        """Show the penalties of a roster, the dearest where there are very many."""
        shown = plan.penalties[:MOST]
        bad = frozenset(row for row, penalty in enumerate(shown) if penalty.kind == "short")
        self.rows.show(([penalty_words(plan, penalty) for penalty in shown], [penalty.cost for penalty in shown]), bad)


class DutyPanel(QWidget):
    """Who is on duty at a time, with work phones; `moment_taken` carries the day's column and the clock minute, `now_asked` the present."""

    moment_taken = Signal(int, int)
    now_asked = Signal()
    person_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: RosterPlan | None = None
        self._people: tuple[OnDuty, ...] = ()
        self._quiet = False
        self.date, self.time, self.now, self.copy_button = DateBox(), QTimeEdit(), QPushButton(), QPushButton()
        self.time.setDisplayFormat("HH:mm")
        pad(self.time)
        for button in (self.now, self.copy_button):
            button.setObjectName("small")
        self._words = QLabel()
        self._words.setObjectName("small")
        self._words.setWordWrap(True)
        self.table = SortedTable(DUTY)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.date, 1)
        row.addWidget(self.time)
        row.addWidget(self.now)
        below = QHBoxLayout()
        below.addWidget(self._words, 1)
        below.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addLayout(below)
        layout.addWidget(self.table, 1)
        self.date.dateChanged.connect(lambda _date: self._take())
        self.time.timeChanged.connect(lambda _time: self._take())
        self.now.clicked.connect(self.now_asked)
        self.copy_button.clicked.connect(self.copy)
        self.table.row_chosen.connect(lambda row: self.person_chosen.emit(self._people[row].person))

    def show_duty(self, project: Project, plan: RosterPlan, day: int, minute: int, people: tuple[OnDuty, ...]) -> None:
        """Show who is on duty on a day of a roster at a clock minute."""
        del project
        self._quiet = True
        self._plan, self._people = plan, people
        first, last, at = first_day(plan), day_of(plan, plan.days - 1), day_of(plan, day)
        self.date.setDateRange(QDate(first.year, first.month, first.day), QDate(last.year, last.month, last.day))
        self.date.setDate(QDate(at.year, at.month, at.day))
        self.time.setTime(QTime(minute // 60 % 24, minute % 60))
        self._quiet = False
        self.table.rows.show(tuple(zip(*(self._row(plan, one) for one in people), strict=True)) or ((),) * len(DUTY))
        self.table.setColumnHidden(4, not any(one.phone for one in people))
        self.table.setColumnHidden(1, len(plan.squads) < 2)
        shifts = {one.shift for one in people}
        self.table.setColumnHidden(2, len(shifts) < 2)  # the words above the table say it
        said = [ngettext("{n} person on duty", "{n} people on duty", len(people)).format(n=len(people))]
        if len(shifts) == 1:
            shift = plan.shifts[people[0].shift]
            said.append(f"{shift_words(shift)} {clock_span(shift)}")
        set_words(self._words, " · ".join(said) if people else _("Nobody is on duty then"))
        self.copy_button.setEnabled(bool(people))

    def copy(self) -> None:
        """Put the list on the clipboard."""
        if self._plan is not None:
            head = [_(column.title) for column in DUTY]
            QGuiApplication.clipboard().setText(table_text([head, *(list(self._row(self._plan, one)) for one in self._people)]))

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.now.setText(_("Now"))
        self.now.setToolTip(_("Who is on duty at this moment"))
        self.copy_button.setText(_("Copy"))
        self.copy_button.setToolTip(_("Put the list on the clipboard"))
        self.date.setAccessibleName(_("Day"))
        self.time.setAccessibleName(_("Time"))
        self.table.setAccessibleName(_("People on duty"))
        self.table.horizontalHeader().viewport().update()

    def _row(self, plan: RosterPlan, one: OnDuty) -> tuple[str, str, str, str, str]:
        code = " ".join(filter(None, (one.code, one.name)))
        place = span_of(one.place)
        return code, squad_words(plan, one.squad), shift_words(plan.shifts[one.shift]), place, one.phone

    def _take(self) -> None:
        plan = self._plan
        if plan is None or self._quiet:
            return
        chosen, time = self.date.date(), self.time.time()
        day = QDate(*first_day(plan).timetuple()[:3]).daysTo(chosen)
        self.moment_taken.emit(day, 60 * time.hour() + time.minute())
