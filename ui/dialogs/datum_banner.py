"""A banner over a layer that seems to lie off: what was found in figures, and whether it is to be moved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gridplanner.i18n import _


class DatumBanner(QFrame):
    """Words with two buttons; `taken` carries True to move the layer, False to leave it where it is."""

    taken = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._words = QLabel()
        self._words.setObjectName("bannerWords")
        self._words.setWordWrap(True)
        self.move_button, self.leave_button = QPushButton(_("Move it")), QPushButton(_("Leave it"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        for button, moved in ((self.move_button, True), (self.leave_button, False)):
            button.setObjectName("chip")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, moved=moved: self.taken.emit(moved))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def say(self, words: str, *, moved: bool) -> None:
        """Show what was found and what will be done; nothing is shown without words."""
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self.move_button.setChecked(moved)
        self.leave_button.setChecked(not moved)
        self.setVisible(bool(words))
