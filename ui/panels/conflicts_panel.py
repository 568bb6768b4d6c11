"""Where two versions do not agree: a list by community, mine and theirs in words, decided by a click or by the keys 1 and 2."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import _, ngettext
from ui.map.conflicts import MINE, OPEN, THEIRS
from ui.panels.conflict_list import ConflictLines, ConflictModel, ConflictRow
from ui.short_codes import with_short_codes

KEYS = {Qt.Key.Key_1: MINE, Qt.Key.Key_2: THEIRS, Qt.Key.Key_0: OPEN}


class ConflictsPanel(QWidget):
    """Shows the conflicts of a merge and what is decided; it decides nothing itself.

    `row_chosen` carries the place of a conflict in hand, `side_chosen` a place and MINE, THEIRS or OPEN, `rest_asked` the side for all that
    is still open; `taken` that all of it is to be taken in, `given_up` that nothing is.
    """

    row_chosen = Signal(int)
    side_chosen = Signal(int, int)
    rest_asked = Signal(int)
    taken = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._summary, self._state, self._keys = QLabel(), QLabel(), QLabel(), QLabel()
        self._title.setObjectName("value")
        self._summary.setObjectName("heading")
        self._keys.setObjectName("small")
        self._what = ("", "")
        self.model = ConflictModel()
        self.list = _List(self.model)
        self.list.setItemDelegate(ConflictLines(self.list))
        self._whole = {MINE: QLabel(), THEIRS: QLabel()}
        self.choose = {MINE: QPushButton(), THEIRS: QPushButton()}
        self.rest = {MINE: QPushButton(), THEIRS: QPushButton()}
        self.take, self.away = QPushButton(), QPushButton()
        self.take.setObjectName("primary")
        for side, button in self.choose.items():
            button.setObjectName("chip")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, side=side: self._decide(side))
        for side, button in self.rest.items():
            button.setObjectName("small")
            button.clicked.connect(lambda _on=False, side=side: self.rest_asked.emit(side))
        for label in (self._title, self._summary, self._state, self._keys, *self._whole.values()):
            label.setWordWrap(True)
        for label in self._whole.values():
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.take.clicked.connect(self.taken)
        self.away.clicked.connect(self.given_up)
        self.list.decided.connect(self._decide)
        self.list.selectionModel().currentChanged.connect(lambda now, _before: self._take_row(now.row()))
        self._lay_out()
        self.retranslate()

    @property
    def row(self) -> int:
        """The place of the conflict in hand, -1 for none."""
        return self.model.place_at(self.list.currentIndex().row())

    def show_merge(self, title: str, summary: str, rows: Sequence[ConflictRow], sides: Sequence[int]) -> None:
        """Show the conflicts of another merge; the first that is open comes into hand."""
        self._what = (title, summary)
        self.model.show(rows, sides)
        self.retranslate()
        self.go_to(self.next_open(-1))

    def show_sides(self, sides: Sequence[int]) -> None:
        """Show what is decided by now."""
        self.model.decide(sides)
        self._tell()

    def go_to(self, place: int) -> None:
        """Take a conflict into hand."""
        line = self.model.line_of(place)
        if line >= 0:
            self.list.setCurrentIndex(self.model.index(line))
            self.list.scrollTo(self.model.index(line))

    def next_open(self, place: int) -> int:
        """Return the next conflict that is not decided, in the order of the list and round its end; `place` itself where there is none."""
        return self.model.next_open(place)

    def focus(self) -> None:
        """Let the keys speak to the list."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Take up the language in use."""
        title, summary = self._what
        self._title.setText(title)
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
        self._keys.setText(_("Keys: ↑ ↓ go through the list, 1 mine, 2 theirs, 0 open again, Ctrl+Enter takes in"))
        self.list.setAccessibleName(_("Conflicts"))
        self.choose[MINE].setText(_("1 Mine"))
        self.choose[THEIRS].setText(_("2 Theirs"))
        self.rest[MINE].setText(_("The rest: mine"))
        self.rest[MINE].setToolTip(_("All that is not decided yet stays as it is here"))
        self.rest[THEIRS].setText(_("The rest: theirs"))
        self.rest[THEIRS].setToolTip(_("All that is not decided yet becomes as it is there"))
        self.take.setText(_("Take in"))
        self.away.setText(_("Cancel"))
        self.away.setToolTip(_("Everything stays as it was"))
        self.list.viewport().update()
        self._tell()

    def _decide(self, side: int) -> None:
        if self.row >= 0:
            self.side_chosen.emit(self.row, side)
        self._tell()  # Qt has turned the button over by itself

    def _take_row(self, line: int) -> None:
        self._tell()
        place = self.model.place_at(line)
        if place >= 0:
            self.row_chosen.emit(place)

    def _tell(self) -> None:
        """Say how many are open, what the one in hand is in full, and whether all can be taken in."""
        sides = self.model.sides
        left = sum(side == OPEN for side in sides)
        if left:
            words = ngettext("{n} of {all} conflict is not decided yet", "{n} of {all} conflicts are not decided yet", left)
        else:
            words = _("All {all} conflicts are decided")
        self._state.setText(words.format(n=left, all=len(sides)))
        self._state.setObjectName("warn" if left else "good")
        self._state.style().polish(self._state)
        row = self.model.rows[self.row] if self.row >= 0 else None
        for side, label in self._whole.items():
            said = "" if row is None else row.mine if side == MINE else row.theirs
            label.setText(with_short_codes(said))
            label.setToolTip(said)
            self.choose[side].setEnabled(row is not None)
            self.choose[side].setChecked(row is not None and sides[self.row] == side)
            self.rest[side].setEnabled(left > 0)
        self.take.setEnabled(left == 0)
        self.take.setToolTip(_("Decide every conflict first") if left else _("One step, which can be undone"))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._summary)
        layout.addWidget(self._state)
        layout.addWidget(self.list, 1)
        for side in (MINE, THEIRS):
            line = QHBoxLayout()
            line.setSpacing(8)
            self.choose[side].setMinimumWidth(84)
            line.addWidget(self.choose[side], 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(self._whole[side], 1)
            layout.addLayout(line)
        layout.addWidget(self._keys)
        rest, below = QHBoxLayout(), QHBoxLayout()
        for row, buttons in ((rest, (*self.rest.values(),)), (below, (self.away, self.take))):
            row.setSpacing(8)
            if row is below:
                row.addStretch(1)
            for button in buttons:
                row.addWidget(button)
        rest.addStretch(1)
        layout.addLayout(rest)
        layout.addLayout(below)


class _List(QListView):
    """The list; `decided` carries the side that a key chose for the conflict in hand."""

    decided = Signal(int)

    def __init__(self, model: ConflictModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMinimumHeight(120)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        side = KEYS.get(Qt.Key(event.key())) if not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else None
        if side is not None:
            self.decided.emit(side)
        else:
            super().keyPressEvent(event)
