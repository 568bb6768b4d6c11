"""The box that says what went wrong, what to do, and lets the details be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import _


class ErrorBox(QDialog):
    """Shows one failure; does not stop the program meanwhile."""

    def __init__(self, text: str, details: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("That did not work"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(440)
        self.text, self.details = text, details
        title = QLabel(self.windowTitle())
        title.setObjectName("title")
        words = QLabel(text)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(words)
        if details:
            box = QPlainTextEdit(details)
            box.setReadOnly(True)
            box.setMaximumHeight(160)
            box.setAccessibleName(_("Details"))
            layout.addWidget(box)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        copy = QPushButton(_("Copy"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{self.text}\n\n{self.details}".strip()))
        close = QPushButton(_("Close"))
        close.setObjectName("primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        QTimer.singleShot(0, close, close.setFocus)
        row.addWidget(copy)
        row.addWidget(close)
        return row


def show_error(parent: QWidget | None, text: str, details: str = "") -> ErrorBox:
    """Open an error box over a window."""
    box = ErrorBox(text, details, parent)
    box.open()
    return box
