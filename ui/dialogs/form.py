"""The frame that all dialogs share: a title, a body, and their buttons at the lower right."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import _
from ui.preferences import Preferences


class Choice(QComboBox):
    """A drop-down list that the wheel does not change: where dialogs scroll, it would be changed unseen."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def is_enter(event: QEvent) -> bool:
    """True for the key that would press a dialog's first button."""
    return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def pad(box: QAbstractSpinBox) -> None:
    """Keep a number off its frame, which style sheets cannot."""
    box.lineEdit().setTextMargins(8, 0, 8, 0)


def form_rows() -> QFormLayout:
    """Return a layout for named fields."""
    rows = QFormLayout()
    rows.setVerticalSpacing(12)
    rows.setHorizontalSpacing(16)
    rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return rows


class Form(QDialog):
    """A dialog with a heading; subclasses put their fields into `body`. Over a window with preferences it comes back in its last size."""

    size_name = ""  # under which the size is kept; the class's own name where it is empty

    def __init__(self, title: str, words: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading, below = QLabel(title), QLabel(words)
        heading.setObjectName("title")
        below.setObjectName("muted")
        below.setWordWrap(True)
        below.setVisible(bool(words))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.notice = QLabel()
        self.notice.setObjectName("bad")
        self.notice.setWordWrap(True)
        self.notice.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        layout.addWidget(heading)
        layout.addWidget(below)
        layout.addLayout(self.body, 1)
        layout.addWidget(self.notice)
        layout.addSpacing(8)
        self.buttons = row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.accept_button = QPushButton(accept or _("Close"))
        self.accept_button.setObjectName("primary")
        self.accept_button.setDefault(True)
        self.accept_button.clicked.connect(self.accept)
        self.cancel_button = QPushButton(_("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        if accept:
            row.addWidget(self.cancel_button)
        row.addWidget(self.accept_button)
        layout.addLayout(row)
        self.buttons = row

    def field_rows(self) -> QFormLayout:
        """Return a layout for named fields, placed in the body."""
        rows = form_rows()
        self.body.addLayout(rows)
        return rows

    def complain(self, words: str) -> None:
        """Say what keeps the dialog from being accepted; an empty text takes it back."""
        self.notice.setText(words)
        self.notice.setVisible(bool(words))
        self.accept_button.setEnabled(not words)
        self.make_room()

    def showEvent(self, event: QShowEvent) -> None:
        preferences = self._preferences()
        if preferences is not None and not event.spontaneous():
            preferences.restore_size(self.size_name or type(self).__name__, self)
        super().showEvent(event)

    def done(self, result: int) -> None:
        preferences = self._preferences()
        if preferences is not None and self.isVisible():
            preferences.keep_size(self.size_name or type(self).__name__, self)
        super().done(result)

    def _preferences(self) -> Preferences | None:
        over = self.parentWidget()
        found = getattr(over.window(), "preferences", None) if over is not None else None
        return found if isinstance(found, Preferences) else None

    def make_room(self) -> None:
        """Grow where what is shown has come to need more room; wrapped words are not in the least height that layouts keep to."""
        layout = self.layout()
        assert layout is not None  # made above
        layout.activate()
        high = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        if high > self.height():
            self.resize(self.width(), high)


def code_fault(code: str, taken: Collection[str]) -> str:
    """Return why a code that was typed cannot be taken, empty where it can."""
    if not code:
        return _("The code is empty")
    return _("The code {code} is taken").format(code=code) if code in taken else ""
