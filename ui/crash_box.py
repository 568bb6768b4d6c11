"""What is shown when the program itself failed: where the work is, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import _

MOST = 20  # failures whose details are kept
SaveAs = Callable[[Path, Callable[[str], None]], None]  # where to, and what to call with what went wrong, empty where nothing did


class CrashBox(QDialog):
    """Tells of one failure of the window; more that come meanwhile are counted, not opened on top of each other."""

    def __init__(self, details: str, kept: str, save_as: SaveAs | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Something went wrong"))
        self.setMinimumWidth(520)
        self.details = details
        self._save_as = save_as
        self._more = 0
        title, self._words, self._kept, self._again = QLabel(self.windowTitle()), QLabel(), QLabel(), QLabel()
        title.setObjectName("title")
        for label in (self._words, self._kept, self._again):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._again.setObjectName("small")
        self._again.hide()
        self._words.setText(_("The window met an error that should not be there. Your work is still open and you can go on."))
        self._kept.setText(kept)
        box = QPlainTextEdit(details)
        box.setReadOnly(True)
        box.setMinimumHeight(120)
        box.setAccessibleName(_("Details"))
        self._box = box
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        for widget in (title, self._words, self._kept, box, self._again):
            layout.addWidget(widget)
        layout.addLayout(self._buttons())

    def tell_kept(self, path: Path | None, why: str = "") -> None:
        """Say where a copy was saved, or why that was not possible."""
        if path is not None:
            self._kept.setText(_("A copy of your work is in {file}").format(file=path))
        else:
            self._kept.setText(_("The copy was not saved: {why}").format(why=why))

    def count_another(self, details: str) -> None:
        """Take note of one more failure while the box is open."""
        self._more += 1
        if self._more <= MOST:
            self.details += f"\n\n{details}"
            self._box.appendPlainText(f"\n{details}")
        self._again.setText(_("It happened {n} more times since.").format(n=self._more))
        self._again.show()

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        copy = QPushButton(_("Copy details"))
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details))
        save = QPushButton(_("Save a copy as"))
        save.setAutoDefault(False)
        save.setVisible(self._save_as is not None)
        save.clicked.connect(self._ask_where)
        go_on = QPushButton(_("Go on"))
        go_on.setObjectName("primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(save)
        row.addWidget(go_on)
        QTimer.singleShot(0, go_on, go_on.setFocus)
        return row

    def _ask_where(self) -> None:
        assert self._save_as is not None
        name, _kind = QFileDialog.getSaveFileName(self, _("Save a copy as"), str(Path.home()), _("Projects (*.gridplan)"))
        if name:
            path = Path(name if name.endswith(".gridplan") else f"{name}.gridplan")
            self._save_as(path, lambda why: self.tell_kept(None if why else path, why))
