"""Keys and gestures, made from the action table."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gridplanner.i18n import N_, _
from ui.actions.action import Moment
from ui.actions.table import actions
from ui.dialogs.form import Form

GESTURES = (
    (N_("Wheel"), N_("zoom at the cursor")),
    (N_("Middle button, or space and drag"), N_("move the map")),
    (N_("Click"), N_("select a grid")),
    (N_("Ctrl and click"), N_("select one more grid, or one less")),
    (N_("Right button"), N_("the menu of a grid; while assigning, pick the one to give to")),
    (N_("Arrow keys"), N_("move the map")),
    (N_("Esc"), N_("abandon the drag, or select nothing")),
)


class HelpDialog(Form):
    """One page of every key and gesture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Keys and gestures"), "", "", parent)
        moment = Moment()
        native = QKeySequence.SequenceFormat.NativeText
        keys = [(QKeySequence(action.shortcut).toString(native), action.label(moment)) for action in actions() if action.shortcut]
        rows = [*keys, *((_(gesture), _(words)) for gesture, words in GESTURES)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        half = -(-len(rows) // 2)
        for number, (key, words) in enumerate(rows):
            name, text = QLabel(key), QLabel(words)
            name.setObjectName("value")
            column = 0 if number < half else 3
            grid.addWidget(name, number % half, column)
            grid.addWidget(text, number % half, column + 1)
        grid.setColumnMinimumWidth(2, 24)
        self.body.addLayout(grid)
