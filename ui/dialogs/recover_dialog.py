"""Work that a program left behind when it was killed: which project, how many edits, until when, by whom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gridplanner.i18n import _, ngettext
from gridplanner.io.keeping.workplace import Left
from ui.dialogs.choice_box import CANCEL, ChoiceBox
from ui.dialogs.form import Form
from ui.dialogs.moment_table import MomentTable
from ui.when_words import when_words

DISCARD = "discard"


class RecoverDialog(Form):
    """Lists the work; accepted, the one `chosen` is to be opened. What is to be thrown away is asked about once more."""

    discarded = Signal(object)

    def __init__(self, works: Sequence[Left], parent: QWidget | None = None) -> None:
        words = _("Gridplanner ended without saving. Every completed edit was kept: recover the work and save it, or decide another time.")
        super().__init__(_("Work that was not saved"), words, _("Recover"), parent)
        self.works = list(works)
        self.table = MomentTable([_("Project"), _("Edits"), _("Last edit"), _("Who")], _("Work that was not saved"))
        self.table.setMinimumSize(560, 96)
        self.body.addWidget(self.table, 1)
        self.cancel_button.setText(_("Not now"))
        self.discard = QPushButton(_("Discard it"))
        self.discard.setAutoDefault(False)
        self.discard.clicked.connect(self._ask)
        self.buttons.insertWidget(0, self.discard)
        self.table.taken.connect(lambda _row: self.accept())
        self.table.chosen.connect(self._judge)
        self._fill()
        self.table.setFocus()  # the arrows choose, Enter recovers

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make_room()

    @property
    def chosen(self) -> Left | None:
        """The work chosen."""
        row = self.table.chosen_row()
        return self.works[row] if 0 <= row < len(self.works) else None

    def _fill(self) -> None:
        rows = [(name_of(work), str(work.edits), when_words(work.at), work.who) for work in self.works]
        self.table.fill(rows)
        self._judge()

    def _judge(self) -> None:
        for button in (self.accept_button, self.discard):
            button.setEnabled(self.chosen is not None)

    def _ask(self) -> None:
        work = self.chosen
        if work is None:
            return
        box = DiscardBox(work, self)
        box.accepted.connect(lambda: self._throw_away(work))
        box.open()

    def _throw_away(self, work: Left) -> None:
        self.works.remove(work)
        self.discarded.emit(work)
        if self.works:
            self._fill()
        else:
            self.reject()


def name_of(work: Left) -> str:
    """Return what a piece of work is called: its file, else the project's name."""
    return work.place.name if work.place is not None else work.name or _("project")


class DiscardBox(ChoiceBox):
    """Asks once more before work is thrown away."""

    def __init__(self, work: Left, parent: QWidget | None = None) -> None:
        words = ngettext("{n} edit of “{name}” is deleted for good.", "{n} edits of “{name}” are deleted for good.", work.edits)
        facts = [(_("Last edit"), when_words(work.at)), (_("Who"), work.who)]
        super().__init__(_("Discard this work?"), words.format(n=work.edits, name=name_of(work)), facts, parent)
        self.offer(DISCARD, _("Discard it"))
        self.offer(CANCEL, _("Keep it"), is_first=True)
