"""The card of a person of the roster: hours, nights, weekends and points, all duties in order, and what is wished and not met."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.io.roster_book import span_of
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, RosterPlan
from gridplanner.model.roster_calendar import clock_span, shift_words
from gridplanner.model.roster_figures import roster_figures
from gridplanner.model.roster_words import penalty_words, squad_words
from ui.panels.fact_rows import set_words
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.roster_words import short_day

DUTIES = (
    TableColumn(N_("Day"), "", 84),
    TableColumn(N_("Duty"), "", 72),
    TableColumn(N_("Time"), "", 90),
    TableColumn(N_("Where"), N_("Segments or route")),
)
TIME, ROOMY = 2, 380  # the column of hours, and pixels from which there is room for it


class PersonCard(QFrame):
    """`day_chosen` carries the day of the duty that was clicked, `sick_asked` the person, `closed` that it is to go."""

    day_chosen = Signal(int)
    sick_asked = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.person = -1
        self._shown: tuple[Project, RosterPlan, int] | None = None
        self._days: list[int] = []
        self._title, self._figures, self._costs = QLabel(), QLabel(), QLabel()
        self._title.setObjectName("value")
        for label in (self._figures, self._costs):
            label.setObjectName("small")
        for label in (self._title, self._figures, self._costs):
            label.setWordWrap(True)
        self.duties = SortedTable(DUTIES)
        self.duties.verticalHeader().setDefaultSectionSize(24)
        self.duties.setMinimumHeight(72)
        self.sick, self.all = QPushButton(), QPushButton()
        self.sick.setObjectName("small")
        self.all.setObjectName("link")
        self.all.setCursor(Qt.CursorShape.PointingHandCursor)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.sick, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.all, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._figures)
        layout.addWidget(self.duties, 1)
        layout.addWidget(self._costs)
        self.sick.clicked.connect(lambda: self.sick_asked.emit(self.person))
        self.all.clicked.connect(self.closed)
        self.duties.row_chosen.connect(lambda row: self.day_chosen.emit(self._days[row]))
        self.hide()

    def show_person(self, project: Project, plan: RosterPlan, person: int) -> None:
        """Show a person of a roster."""
        self.person, self._shown = person, (project, plan, person)
        member, cells = plan.people[person], plan.cells[person]
        title = [member.code, squad_words(plan, member.squad), *member.skills]
        set_words(self._title, " · ".join(title))
        set_words(self._figures, " · ".join(person_facts(project, plan, person)))
        self._days = np.flatnonzero((cells >= 0) | (cells == LEAVE)).tolist()
        rows = []
        for day in self._days:
            shift = plan.shifts[cells[day]] if cells[day] >= 0 else None
            words = shift_words(shift) if shift is not None else _("leave")
            place = span_of(str(plan.places[person, day]))
            rows.append((short_day(plan, day), words, clock_span(shift) if shift is not None else "", place))
        self.duties.rows.show(tuple(zip(*rows, strict=True)) or ((),) * len(DUTIES))
        costs = [
            _("{what}: {cost}").format(what=penalty_words(plan, penalty), cost=f"{penalty.cost:g}")
            for penalty in plan.penalties
            if person in (penalty.person, penalty.other)
        ]
        set_words(self._costs, "\n".join(costs[:4]) + ("\n…" if len(costs) > 4 else ""))
        for label in (self._figures, self._costs):
            label.setToolTip("\n".join(costs))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the hours where the places would be cut: the shifts say them too; and the costs where they would cover the duties."""
        self.duties.setColumnHidden(TIME, self.width() < ROOMY)
        layout = self.layout()
        assert layout is not None
        edges, gap = layout.contentsMargins(), layout.spacing()
        wide = self.width() - edges.left() - edges.right()
        above = self.sick.sizeHint().height() + self._figures.heightForWidth(wide) + self.duties.minimumHeight() + 3 * gap
        room = self.height() - edges.top() - edges.bottom() - above
        self._costs.setVisible(bool(self._costs.text()) and self._costs.heightForWidth(wide) <= room)

    def clear(self) -> None:
        """Show nobody."""
        self.person, self._shown = -1, None

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.sick.setText(_("Sick…"))
        self.sick.setToolTip(_("Say from when to when; others take over with as little change as can be"))
        self.all.setText(_("Close"))
        self.all.setToolTip(_("Show the calendar alone"))
        self.duties.setAccessibleName(_("Duties of the person"))
        self.duties.horizontalHeader().viewport().update()
        if self._shown is not None:
            self.show_person(*self._shown)


def person_facts(project: Project, plan: RosterPlan, person: int) -> list[str]:
    """Return hours, nights, weekends and points of a person, a few words each."""
    found = roster_figures(project, plan)
    facts = [
        _("{n} h").format(n=f"{found.hours[person]:g}"),
        _("nights: {n}").format(n=int(found.nights[person])),
        _("weekend days: {n}").format(n=int(found.weekend_days[person])),
        _("days off: {n}").format(n=int(found.off[person])),
    ]
    if found.total_points.any():
        facts.append(_("points: {n}").format(n=f"{found.points[person]:g}"))
    if found.total_hours[person] != found.hours[person] or found.total_points[person] != found.points[person]:
        before = _("with before: {hours} h, {points} points")
        facts.append(before.format(hours=f"{found.total_hours[person]:g}", points=f"{found.total_points[person]:g}"))
    return facts
