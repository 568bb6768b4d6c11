"""The page of the roster: how good it is, the calendar with its people and shifts, the ledger, what it costs, who is on duty."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import _, language, ngettext
from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import shift_words
from gridplanner.model.roster_figures import roster_figures
from gridplanner.model.roster_words import cell_name, proof_words
from ui.panels.fact_rows import set_mood, set_words
from ui.panels.roster_calendar import RosterCalendar
from ui.panels.roster_demand import DemandFooter
from ui.panels.roster_lists import DutyPanel, LedgerTable, PenaltyTable
from ui.panels.roster_person import PersonCard
from ui.panels.tab_strip import TabStrip
from ui.roster_costs import bad_cells, dear_cells, wished_cells
from ui.roster_duty import Moment, on_duty_at
from ui.roster_rows import Cell, rows_of_roster
from ui.roster_words import marks_of, short_day, span_words
from ui.steps import STATE_WORDS, State

CHANGES = 5  # cells that are others and told of
TABS = ("calendar", "people", "costs", "duty")


class RosterPage(QWidget):
    """What is asked for by its parts is carried by their own signals; `menu_asked` opens the menu of the page at a point of the screen."""

    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._state = State.EMPTY
        self.moment: Moment = (0, 0)
        self._heading, self._more, self._legend = QLabel(), QLabel(), QLabel()
        self._changes = QLabel()
        for label, name in ((self._heading, "heading"), (self._more, "small"), (self._legend, "small"), (self._changes, "note")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.menu, self.tabs, self._stack = QPushButton(), TabStrip(), QStackedWidget()
        self.menu.setObjectName("small")
        self.calendar, self.card = RosterCalendar(), PersonCard()
        self.demand = DemandFooter(self.calendar)
        self.ledger, self.costs, self.duty = LedgerTable(), PenaltyTable(), DutyPanel()
        self._lay_out()
        self.tabs.chosen.connect(lambda name: self._stack.setCurrentIndex(TABS.index(name)))
        self.menu.clicked.connect(lambda: self.menu_asked.emit(self.menu.mapToGlobal(self.menu.rect().bottomLeft())))
        self.calendar.person_chosen.connect(self.show_person)
        self.card.closed.connect(lambda: self.show_person(-1))
        self.ledger.row_chosen.connect(self.go_to_person)
        self.duty.person_chosen.connect(self.go_to_person)
        self.costs.row_chosen.connect(self._go_to_penalty)
        self.card.day_chosen.connect(lambda day: self.calendar.choose([(self.card.person, day)]))
        self.retranslate()

    @property
    def plan(self) -> RosterPlan | None:
        """The roster shown."""
        return self._project.roster if self._project is not None else None

    def show_project(self, project: Project) -> None:
        """Show the roster of a project."""
        before, self._project = self._project, project
        if before is None or any(a is not b for a, b in zip(_sources(before), _sources(project), strict=True)):
            self._fill()

    def show_state(self, state: State) -> None:
        """Say whether the roster is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def show_moment(self, moment: Moment) -> None:
        """Show who is on duty at another time."""
        self.moment = moment
        project, plan = self._project, self.plan
        if project is not None and plan is not None and len(plan.people):
            self.calendar.show_day(moment[0])
            self.demand.update()
            self.duty.show_duty(project, plan, *moment, on_duty_at(project, plan, moment))

    def show_changes(self, before: RosterPlan, cells: Sequence[Cell]) -> None:
        """Mark cells that are others than before, and say what they were; until the roster changes again."""
        plan = self.plan
        self.calendar.show_changed(cells)
        words = []
        for person, day in cells if plan is not None else ():
            assert plan is not None
            was, now = (cell_name(one, int(one.cells[person, day])) for one in (before, plan))
            words.append(f"{plan.people[person].code} {short_day(plan, day)}: {was} → {now}")
        set_words(self._changes, "\n".join(words[:CHANGES]) + (f"\n… {len(words) - CHANGES}" if len(words) > CHANGES else ""))
        self._changes.setToolTip("\n".join(words))
        self._changes.setVisible(bool(words))
        if words:
            self.tabs.choose("calendar")

    def show_person(self, person: int) -> None:
        """Show the card of a person, -1 for none."""
        project, plan = self._project, self.plan
        there = project is not None and plan is not None and 0 <= person < len(plan.people)
        if project is not None and plan is not None and there:
            self.card.show_person(project, plan, person)
        else:
            self.card.clear()
        self.card.setVisible(there)

    def go_to_person(self, person: int) -> None:
        """Show a person in the calendar."""
        self.go_to((person, max(self.moment[0], 0)))

    def go_to(self, cell: Cell) -> None:
        """Show a cell in the calendar and choose it."""
        self.tabs.choose("calendar")
        self.calendar.choose([cell])
        self.show_person(cell[0])
        self.calendar.setFocus()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.tabs.retranslate()
        self.calendar.setAccessibleName(_("Roster: people and days"))
        self.ledger.setAccessibleName(_("Hours and points"))
        self.costs.setAccessibleName(_("What the roster costs"))
        self.menu.setText(_("Roster") + " ▾")
        self.menu.setToolTip(_("Print, save as a workbook, copy, sick call"))
        for part in (self.card, self.duty):
            part.retranslate()
        for table in (self.ledger, self.costs):
            table.horizontalHeader().viewport().update()
        self._fill()

    def _fill(self) -> None:
        project, plan = self._project, self.plan
        there = project is not None and plan is not None and len(plan.people) > 0
        for part in (self.tabs, self._stack, self.menu):
            part.setVisible(there)
        if project is not None and plan is not None and there:
            if plan is not self.calendar.lines.plan:
                self.show_changes(plan, ())
            words = language()
            told = bad_cells(project, plan, words), dear_cells(plan), wished_cells(project, plan, words)
            self.calendar.show_plan(plan, told)
            self.ledger.show_ledger(plan, roster_figures(project, plan))
            self.costs.show_penalties(plan)
            day, minute = self.moment
            self.show_moment((min(day, plan.days - 1), minute))
            self.show_person(self.card.person)
        else:
            self.calendar.show_plan(None)
            self.show_person(-1)
        self.demand.refresh()
        self._tell()

    def _tell(self) -> None:
        """Put into words what the roster comes to."""
        plan = self.plan
        heading, more = _("No roster yet. Press “Make the roster” at the left."), ""
        if plan is not None:
            heading = ngettext("{n} person", "{n} people", len(plan)).format(n=f"{len(plan):,}") + f" · {span_words(plan)}"
            if self._state is State.STALE:
                heading += " · " + _(STATE_WORDS[State.STALE])
            missing = int(rows_of_roster(plan).short.sum())
            said = [ngettext("{n} duty has nobody", "{n} duties have nobody", missing).format(n=missing)] if missing else []
            said += [_("value {n}").format(n=f"{plan.value:,.0f}"), proof_words(plan)]
            said.append(_("{n} h on average").format(n=f"{plan.hours.mean():.1f}") if len(plan) else "")
            more = " · ".join(filter(None, said))
            marks = marks_of(plan)
            keys = [f"{marks.key(row)} {shift_words(shift)}" for row, shift in enumerate(plan.shifts)]
            keys += [f"V {_('leave')}", _("Del off"), _("F fix")]
            set_words(self._legend, "   ".join(keys))
            self._legend.setToolTip(_("Keys set the chosen cells; drag a chosen cell onto another to swap them"))
            self.tabs.set_words("calendar", _("Calendar"))
            self.tabs.set_words("people", _("Hours and points"))
            self.tabs.set_words("costs", _("Costs") + (f" {len(plan.penalties):,}" if plan.penalties else ""))
            self.tabs.set_words("duty", _("On duty"))
        set_words(self._heading, heading)
        set_mood(self._heading, "warning" if plan is not None and self._state is State.STALE else "heading")
        set_words(self._more, more)
        self._more.setVisible(bool(more))

    def _go_to_penalty(self, row: int) -> None:
        plan = self.plan
        if plan is None or row >= len(plan.penalties):
            return
        penalty = plan.penalties[row]
        day = max(penalty.day, 0)
        if penalty.person >= 0:
            self.go_to((penalty.person, day))
            return
        squads = rows_of_roster(plan)
        squad = squads.squads.index(penalty.squad) if penalty.squad in squads.squads else -1
        members = squads.members(squad).tolist() if squad >= 0 else []
        if members:
            self.tabs.choose("calendar")
            self.calendar.choose([(person, day) for person in members] if penalty.day >= 0 else [(members[0], day)])
            self.calendar.setFocus()

    def _lay_out(self) -> None:
        top = QWidget()
        inside = QVBoxLayout(top)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        self._legend.setContentsMargins(0, 6, 0, 0)
        inside.addWidget(self.calendar, 1)
        inside.addWidget(self.demand)
        inside.addWidget(self._legend)
        inside.addWidget(self._changes)
        self._changes.setContentsMargins(0, 6, 0, 0)
        self._changes.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("plain")
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        split.addWidget(top)
        split.addWidget(self.card)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        top.setMinimumHeight(150)
        for part in (split, self.ledger, self.costs, self.duty):
            self._stack.addWidget(part)
        for name in TABS:
            self.tabs.add(name)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._heading, 1)
        head.addWidget(self.menu, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._more)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)


def _sources(project: Project) -> tuple[object, ...]:
    return project.roster, project.staff, project.roster_cells, project.settings.roster
