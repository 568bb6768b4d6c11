"""A question with a few answers: a heading, what is known, and a button for each answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.panels.fact_rows import FactRows

WIDE = 480  # pixels
CANCEL = "cancel"


class ChoiceBox(QDialog):
    """Asks one thing; `answer` is the name of the button pressed, CANCEL where the box was closed."""

    def __init__(self, title: str, words: str, facts: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDE)
        self.answer = CANCEL
        heading, below = QLabel(title), QLabel(words)
        heading.setObjectName("title")
        heading.setWordWrap(True)
        for label in (heading, below):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        below.setWordWrap(True)
        below.setVisible(bool(words))
        rows = FactRows()
        rows.show_facts([(name, value, "", value) for name, value in facts])
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addStretch(1)
        self.buttons: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(below)
        layout.addLayout(rows)
        layout.addLayout(self.body)
        layout.addStretch(1)
        layout.addSpacing(8)
        layout.addLayout(self.row)

    def offer(self, answer: str, words: str, *, is_first: bool = False) -> QPushButton:
        """Add a button; the first choice is what Enter presses."""
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._end(answer))
        if is_first:
            button.setObjectName("primary")
            button.setDefault(True)
            QTimer.singleShot(0, button, button.setFocus)
        self.buttons[answer] = button
        self.row.addWidget(button)
        return button

    def tell(self, words: str, look: str = "muted") -> QLabel:
        """Add a line of words."""
        label = QLabel(words)
        label.setWordWrap(True)
        label.setObjectName(look)
        self.body.addWidget(label)
        return label

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and not event.spontaneous():
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))  # no higher than its words: they would drift apart

    def _end(self, answer: str) -> None:
        self.answer = answer
        self.done(QDialog.DialogCode.Rejected if answer == CANCEL else QDialog.DialogCode.Accepted)
