"""The page of the railway: what the plan comes to, work along the line, the guard segments with the chosen one's card, the corridor."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import _, ngettext
from gridplanner.model.issues import Level
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from ui.dialogs.form import Choice
from ui.map.rail_strokes import plan_shown, plan_words, segments_shown
from ui.panels.fact_rows import set_mood, set_words
from ui.panels.rail_card import RailCard
from ui.panels.rail_chart import RailChart
from ui.panels.rail_drawing import HIGH, LOW
from ui.panels.rail_table import CorridorTable, SegmentTable
from ui.panels.tab_strip import TabStrip
from ui.rail_figures import heading_words, proof_words
from ui.steps import STATE_WORDS, State

ROOMY = 600  # pixels of the page from which the chart is as high as it can be


class RailPage(QWidget):
    """`plan_taken` carries the plan (day, night …) that is to be shown, `segment_chosen` the row of a segment, -1 for none.

    `place_asked` carries a chainage that was typed, `findings_asked` says that the findings are to be shown.
    """

    plan_taken = Signal(str)
    segment_chosen = Signal(int)
    place_asked = Signal(str)
    findings_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._state = State.EMPTY
        self._choice, self._row = "", -1
        self._heading, self._more = QLabel(), QLabel()
        for label, name in ((self._heading, "heading"), (self._more, "small")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.findings, self.choice, self.go = QPushButton(), Choice(), QLineEdit()
        self.findings.setObjectName("link")
        self.findings.setCursor(Qt.CursorShape.PointingHandCursor)
        self.go.setClearButtonEnabled(True)
        self.tabs, self._stack = TabStrip(), QStackedWidget()
        self.chart, self.table, self.card, self.corridor = RailChart(), SegmentTable(), RailCard(), CorridorTable()
        self._lay_out()
        self.findings.clicked.connect(self.findings_asked)
        self.choice.activated.connect(lambda _row: self.plan_taken.emit(str(self.choice.currentData())))
        self.go.returnPressed.connect(lambda: self.place_asked.emit(self.go.text()))
        self.table.row_chosen.connect(lambda row: self.segment_chosen.emit(self.table.shown[row]))
        self.corridor.row_chosen.connect(self._take_corridor)
        self.chart.segment_chosen.connect(self.segment_chosen)
        self.card.all_asked.connect(lambda: self.segment_chosen.emit(-1))
        self.tabs.chosen.connect(lambda name: self._stack.setCurrentIndex(("segments", "corridor").index(name)))
        self.retranslate()

    @property
    def _plan(self) -> RailPlan | None:
        plan = self._project.rail if self._project is not None else None
        return plan if plan is not None and plan.segments else None

    def show_plan(self, project: Project, choice: str, row: int) -> None:
        """Show the segments of a plan (day, night …), and the card of the one at a row."""
        before, self._project = self._project, project
        same = before is not None and all(a is b for a, b in zip(_sources(before), _sources(project), strict=True))
        if not same or choice != self._choice:
            self._choice, self._row = choice, row
            self._fill()
        elif row != self._row:
            self._row = row
            self._show_segment()

    def show_project(self, project: Project) -> None:
        """Show another project, of the same plan."""
        self.show_plan(project, self._choice, self._row)

    def show_state(self, state: State) -> None:
        """Say whether the plan is out of date."""
        if state is not self._state:
            self._state = state
            self._tell()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.tabs.retranslate()
        self.tabs.set_words("segments", _("Segments"))
        self.tabs.set_words("corridor", _("Corridor"))
        self.choice.setAccessibleName(_("Plan shown"))
        self.choice.setToolTip(_("The plan of the day, of the night or another one"))
        self.go.setPlaceholderText(_("Go to chainage, such as K814+300"))
        self.go.setAccessibleName(_("Go to chainage"))
        self.table.setAccessibleName(_("Guard segments"))
        self.corridor.setAccessibleName(_("Corridor of the line"))
        self.card.retranslate()
        self.chart.retranslate()
        self._fill()
        for table in (self.table, self.corridor):
            table.horizontalHeader().viewport().update()
            table.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.chart.setFixedHeight(HIGH if self.height() >= ROOMY else LOW)

    def _fill(self) -> None:
        project, plan = self._project, self._plan
        for part in (self.tabs, self._stack, self.chart):
            part.setVisible(plan is not None)
        self.go.setVisible(plan is not None or (project is not None and len(project.railway) > 0))
        names = plan.plans if plan is not None else ()
        words = [plan_words(name) for name in names]
        if [self.choice.itemText(row) for row in range(self.choice.count())] != words:
            self.choice.clear()
            for name, text in zip(names, words, strict=True):
                self.choice.addItem(text, name)
        self.choice.setCurrentIndex(max(self.choice.findData(plan_shown(plan, self._choice)) if plan is not None else 0, 0))
        self.choice.setVisible(len(names) > 1)
        if project is not None and plan is not None:
            self.table.show_segments(project, plan, self._choice, segments_shown(plan, self._choice))
            self.corridor.show_corridor(plan)
            if not len(plan.corridor.codes):
                self.tabs.choose("segments")
            self.tabs.set_there("corridor", there=len(plan.corridor.codes) > 0)
        self._show_segment()
        self._tell()

    def _show_segment(self) -> None:
        plan, project = self._plan, self._project
        shown = plan is not None and self._row in segments_shown(plan, self._choice)
        self.table.light(self._row if shown else -1)
        if project is not None:
            self.chart.show_plan(project, self._choice, self._row)
        if project is None or plan is None or not shown:
            self.card.hide()
            self.corridor.light("")
            return
        self.card.show_segment(project, plan, self._row)
        self.card.show()
        self.chart.show_all(self._row)
        self.corridor.light(plan.segments[self._row].code)

    def _tell(self) -> None:
        """Put into words what the plan comes to."""
        plan = self._plan
        heading, more, mood, left = _("No guard segments yet. Press “Divide the line” at the left."), "", "small", 0
        if plan is not None:
            name = plan_shown(plan, self._choice)
            heading = heading_words(plan, name)
            more, mood = proof_words(plan, name)
            left = sum(issue.level is not Level.INFO for issue in plan.issues)
            if self._state is State.STALE:
                heading += " · " + _(STATE_WORDS[State.STALE])
        set_words(self._heading, heading)
        set_mood(self._heading, "warning" if plan is not None and self._state is State.STALE else "heading")
        set_words(self._more, more)
        set_mood(self._more, mood)
        self._more.setVisible(bool(more))
        wished = _("A little more work on the heaviest segment is accepted where breaks then lie at wished places")
        self._more.setToolTip(wished if mood == "good" else "")
        self.findings.setText(ngettext("{n} finding", "{n} findings", left).format(n=f"{left:,}") + " ›")
        self.findings.setToolTip(_("Show them among the findings"))
        self.findings.setVisible(left > 0)

    def _take_corridor(self, row: int) -> None:
        """Choose the segment whose corridor was clicked; another plan's (night …) has no corridor of its own."""
        plan = self._plan
        if plan is not None and row < len(plan.corridor.codes):
            code = str(plan.corridor.codes[row])
            found = [at for at, segment in enumerate(plan.segments) if segment.code == code]
            if found and found[0] not in segments_shown(plan, self._choice):
                self.plan_taken.emit(plan.segments[found[0]].plan)
            if found:
                self.segment_chosen.emit(found[0])

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("plain")
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.card)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        self.table.setMinimumHeight(96)
        for part in (split, self.corridor):
            self._stack.addWidget(part)
        for name in ("segments", "corridor"):
            self.tabs.add(name)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.choice)
        head.addWidget(self.go, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._more)
        layout.addWidget(self.findings, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(head)
        layout.addWidget(self.chart)
        layout.addWidget(self.tabs)
        layout.addWidget(self._stack, 1)
        layout.addStretch(0)  # takes the room where there is nothing to show


def _sources(project: Project) -> tuple[object, ...]:
    return project.rail, project.settings.rail, project.settings.roster, project.stations, project.railway
