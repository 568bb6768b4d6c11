"""What was done, in words, the latest at the bottom; choosing a line goes back or forward to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from gridplanner.edits.history import History
from gridplanner.i18n import _
from ui.styles import theme


class HistoryPanel(QListWidget):
    """The steps of a history; `step_chosen` says how many steps to go, back below zero."""

    step_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.setSpacing(2)
        self._present = 0
        self.itemClicked.connect(self._choose)

    def show_history(self, history: History) -> None:
        """Show a history; what was undone is fainter."""
        self.clear()
        self._present = len(history.past)
        for number, step in enumerate((*history.past, history.present, *history.future)):
            words = step.words or _("Opened")
            item = QListWidgetItem(f"{number}  {words}" if number else words)
            item.setToolTip(words)
            if number > self._present:
                item.setForeground(QColor(theme().faint))
            self.addItem(item)
        self.setCurrentRow(self._present)
        self.setAccessibleName(_("History"))

    def _choose(self, item: QListWidgetItem) -> None:
        steps = self.row(item) - self._present
        if steps:
            self.step_chosen.emit(steps)
