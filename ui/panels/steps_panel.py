"""The steps of the work at the left: where each stands, the chosen one's button, and the settings it works with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import _
from ui.step_words import NEEDED, PURPOSE
from ui.steps import STATE_WORDS, STEPS, State, Step, step_note, step_of
from ui.styles import SMALL, TEXT, font, theme

if TYPE_CHECKING:
    from gridplanner.model.project import Project

WIDTH, EDGE = 236, 10
HIGH, LOW, LEAST = 44, 34, 24  # pixels of a step, of one on a low screen, of one on a very low screen, which has no room for its note
ROOMY, LOWEST = 780, 640  # pixels of the panel from which steps are so high and so low


class StepButton(QAbstractButton):
    """One step: a numbered disc in the colour of its state, its title and a line about it."""

    def __init__(self, number: int, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self.state = State.EMPTY
        self._number = number
        self._note = ""
        self._told: tuple[State, str, str] | None = None
        self.setCheckable(True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, state: State, note: str) -> None:
        """Show another state and note."""
        told = state, note, _(self.step.title)
        if told == self._told:
            return
        self._told = told
        self.state, self._note = state, note
        title = _(self.step.title)
        self.setAccessibleName(f"{self._number} {title}: {_(STATE_WORDS[state])}")
        self.setToolTip(f"{title}: {note or _(STATE_WORDS[state])}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 20, HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(look.accent)) if self.hasFocus() else Qt.PenStyle.NoPen)
        fill = look.tint if self.isChecked() else look.sunken if self.underMouse() and self.isEnabled() else ""
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        disc, ink = self._colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(disc))
        middle = self.height() / 2
        noted = bool(self._note) and self.height() > LEAST
        disc_size = 24 if self.height() > LEAST else 20
        painter.drawEllipse(QRectF(20 - disc_size / 2, middle - disc_size / 2, disc_size, disc_size))
        painter.setFont(font(SMALL + 1))
        painter.setPen(QColor(ink))
        painter.drawText(QRectF(8, middle - 12, 24, 24), Qt.AlignmentFlag.AlignCenter, str(self._number))
        left, wide, align = 42, self.width() - 50, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(TEXT))
        painter.setPen(QColor(look.text))
        top = middle - 18 if noted else middle - 10
        painter.drawText(QRectF(left, top, wide, 20), align, _elided(_(self.step.title), font(TEXT), wide))
        if noted:
            painter.setFont(font(SMALL))
            ink = look.warn if self.state is State.STALE else look.muted
            painter.setPen(QColor(ink))
            painter.drawText(QRectF(left, top + 19, wide, 16), align, _elided(self._note, font(SMALL), wide))
        painter.end()

    def _colours(self) -> tuple[str, str]:
        look = theme()
        if self.isChecked():
            return look.accent, look.accent_text
        return {
            State.DONE: (look.good_tint, look.good),
            State.STALE: (look.warn_tint, look.warn),
            State.READY: (look.tint, look.accent),
        }.get(self.state, (look.sunken, look.muted))


class StepsPanel(QWidget):
    """All steps; `run_asked` carries the id of the step whose button was pressed."""

    run_asked = Signal(str)
    chosen = Signal(str)
    settings_asked = Signal()
    replan_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("leftPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._project: Project | None = None
        self._states: Mapping[str, State] = {"data": State.READY}
        self._busy = False
        self._group = QButtonGroup(self)
        self._buttons = {step.id: StepButton(number, step) for number, step in enumerate(STEPS, 1)}
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(EDGE, 12, EDGE, 12)
        layout.setSpacing(0)
        for button in self._buttons.values():
            self._group.addButton(button)
            layout.addWidget(button)
        self._buttons["data"].setChecked(True)
        self._group.buttonClicked.connect(self._choose)
        layout.addSpacing(12)
        self._purpose = QLabel()
        self._purpose.setObjectName("small")
        self._purpose.setWordWrap(True)
        self._purpose.setContentsMargins(8, 0, 4, 8)
        layout.addWidget(self._purpose)
        self._run = QPushButton()
        self._run.setObjectName("primary")
        self._run.clicked.connect(self._press)
        layout.addWidget(self._run)
        self._replan = QPushButton()
        self._replan.setObjectName("second")
        self._replan.clicked.connect(self.replan_asked)
        layout.addSpacing(8)
        layout.addWidget(self._replan)
        layout.addSpacing(12)
        self._facts = QFormLayout()
        self._facts.setContentsMargins(8, 0, 4, 0)
        self._facts.setVerticalSpacing(8)
        self._rows: list[tuple[str, str]] = []
        layout.addLayout(self._facts)
        self._settings = QPushButton()
        self._settings.setObjectName("link")
        self._settings.clicked.connect(self.settings_asked)
        layout.addSpacing(4)
        link = QHBoxLayout()
        link.setContentsMargins(8, 0, 4, 0)
        link.addWidget(self._settings)
        layout.addLayout(link)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its buttons bring themselves into sight
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.addWidget(scroll)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the steps together on a low screen, so that the button below them stays in sight."""
        super().resizeEvent(event)
        for button in self._buttons.values():
            button.setFixedHeight(HIGH if self.height() >= ROOMY else LOW if self.height() >= LOWEST else LEAST)

    @property
    def step(self) -> Step:
        """The chosen step."""
        button = self._group.checkedButton()
        return button.step if isinstance(button, StepButton) else step_of("data")

    @property
    def run_button(self) -> QPushButton:
        """The chosen step's button."""
        return self._run

    def choose(self, step_id: str) -> None:
        """Choose a step."""
        self._buttons[step_id].setChecked(True)
        self._choose()

    def tell(self, project: Project, states: Mapping[str, State]) -> None:
        """Show where the steps of a project stand."""
        self._project, self._states = project, states
        self.refresh()

    def set_busy(self, busy: bool) -> None:
        """Hold the button while something runs."""
        self._busy = busy
        self.refresh()

    def show_facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show the settings, or what else the chosen step works with."""
        if list(rows) == self._rows:
            return
        self._rows = list(rows)
        while self._facts.rowCount():
            self._facts.removeRow(0)
        made: list[tuple[QLabel, QLabel]] = []
        for name, value in rows:
            label, field = QLabel(name), QLabel(value)
            label.setObjectName("muted")
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setToolTip(value)
            self._facts.addRow(label, field)
            made.append((label, field))
        named = max((label.sizeHint().width() for label, _field in made), default=0)
        room = WIDTH - 2 * EDGE - 12 - 1 - self._facts.horizontalSpacing() - named
        for _label, field in made:
            if field.sizeHint().width() > room:  # or the panel's other parts would be pushed out of sight
                field.setWordWrap(True)
                field.setMinimumHeight(field.heightForWidth(room))

    def refresh(self) -> None:
        """Say everything anew, in the language in use."""
        for step in STEPS:
            state = self._states.get(step.id, State.EMPTY)
            self._buttons[step.id].tell(state, step_note(step, state, self._project))
        step, state = self.step, self._states.get(self.step.id, State.EMPTY)
        needed = self._needed(step.id) if state is State.EMPTY else ""
        words = _(step.again if state in (State.DONE, State.STALE) else step.run)
        self._run.setText(_("First: {step}").format(step=_(step_of(needed).title)) if needed else words)
        self._run.setEnabled(bool(needed) or (state is not State.EMPTY and not self._busy))
        self._purpose.setText(_(PURPOSE.get(step.id, "")) if step.id in PURPOSE else "")
        self._purpose.setVisible(step.id in PURPOSE and state not in (State.DONE, State.STALE))
        planned = self._project is not None and self._project.grids is not None
        self._replan.setText(_("Re-plan with little disturbance"))
        self._replan.setToolTip(_("Start from the plan that is there: few households move, grids keep their codes"))
        self._replan.setVisible(step.id == "grids" and planned)
        self._replan.setEnabled(not self._busy)
        self._settings.setText(_("Plan settings"))
        self._settings.setVisible(self._project is not None)
        self._settings.setEnabled(not self._busy)

    def _needed(self, step_id: str) -> str:
        """Return the step to do first: the earliest of those that a step waits for which can be run; empty where none can."""
        needed = NEEDED.get(step_id, "")
        if not needed or self._states.get(needed, State.EMPTY) is not State.EMPTY:
            return needed
        return self._needed(needed) or needed

    def _press(self) -> None:
        """Run the chosen step, or where it cannot be run yet lead to the one that comes first."""
        needed = self._needed(self.step.id) if self._states.get(self.step.id, State.EMPTY) is State.EMPTY else ""
        if needed:
            self.choose(needed)
        else:
            self.run_asked.emit(self.step.id)

    def _choose(self) -> None:
        self.refresh()
        self.chosen.emit(self.step.id)


def _elided(words: str, face: QFont, wide: float) -> str:
    return QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, int(wide))
