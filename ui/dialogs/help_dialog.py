"""Keys and gestures on one page, made from the action table."""

from __future__ import annotations

from itertools import combinations, pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from ui.actions.action import Moment
from ui.actions.table import MENUS, actions
from ui.dialogs.form import Form

GESTURES = (
    (N_("Wheel"), N_("zoom at the cursor")),
    (N_("Middle button, or space and drag"), N_("move the map")),
    (N_("Click"), N_("select a grid")),
    (N_("Ctrl and click"), N_("select one more grid, or one less")),
    (N_("Double click"), N_("show the grid closer")),
    (N_("Shift and drag"), N_("select the grids that a rectangle touches; with Ctrl too: beside the others")),
    (N_("Alt and drag"), N_("the same with a lasso")),
    (N_("Ctrl or Shift and wheel"), N_("size of the brush")),
    (N_("Right button"), N_("the menu of a grid; while assigning, pick the one to give to")),
    (N_("Arrow keys"), N_("move the map")),
    (N_("Esc"), N_("abandon the drag, or select nothing")),
)
COLUMNS = 3
KEY, WORDS = 92, 152  # pixels
AROUND = 200  # pixels that the dialog has above and below its page
Section = tuple[str, list[tuple[str, str]]]


class HelpDialog(Form):
    """One page of every key and gesture, in columns by menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Keys and gestures"), "", "", parent)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(24)
        for sections in _in_columns(_sections()):
            column = QVBoxLayout()
            column.setSpacing(16)
            for title, rows in sections:
                column.addLayout(_section(title, rows))
            column.addStretch(1)
            row.addLayout(column, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setAccessibleName(self.windowTitle())
        over = parent.height() if parent is not None else 840
        scroll.setMinimumSize(page.sizeHint().width() + 8, min(page.sizeHint().height(), max(over - AROUND, 320)))
        self.body.addWidget(scroll)


def _sections() -> list[Section]:
    """Return the keys of each menu, and the gestures last."""
    moment, native = Moment(), QKeySequence.SequenceFormat.NativeText
    by_menu: dict[str, list[tuple[str, str]]] = {menu: [] for menu in MENUS}
    for action in actions():
        if action.shortcut:
            by_menu[action.menu].append((QKeySequence(action.shortcut).toString(native), action.label(moment)))
    sections: list[Section] = [(_(MENUS[menu]), rows) for menu, rows in by_menu.items() if rows]
    return [*sections, (_("Mouse and map"), [(_(gesture), _(words)) for gesture, words in GESTURES])]


def _in_columns(sections: list[Section]) -> list[list[Section]]:
    """Return the sections in columns, in their order, cut where the highest column is lowest."""
    high = [len(rows) + 2 for _title, rows in sections]
    cuts = combinations(range(1, len(sections)), min(COLUMNS, len(sections)) - 1)
    best = min(cuts, key=lambda cut: max(sum(high[a:b]) for a, b in pairwise((0, *cut, len(sections)))))
    return [sections[a:b] for a, b in pairwise((0, *best, len(sections)))]


def _section(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    heading = QLabel(title)
    heading.setObjectName("heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for number, (key, words) in enumerate(rows, 1):
        name, text = QLabel(key), QLabel(words)
        name.setObjectName("value")
        for label, wide in ((name, KEY), (text, WORDS)):
            label.setWordWrap(True)
            label.setMinimumWidth(wide)
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(name, number, 0)
        grid.addWidget(text, number, 1)
    grid.setColumnStretch(1, 1)
    return grid
