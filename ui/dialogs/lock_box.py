"""Somebody else works on the project: who, since when, and what can be done."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from gridplanner.i18n import _
from gridplanner.io.keeping.lock import LockInfo
from ui.dialogs.choice_box import CANCEL, ChoiceBox
from ui.when_words import when_words

READ, TAKE = "read", "take"


class LockBox(ChoiceBox):
    """Offers to read, and to take the project over: where the other one is gone at once, else after a tick that says so."""

    def __init__(self, file: str, holder: LockInfo, parent: QWidget | None = None) -> None:
        title = _("“{file}” is being worked on").format(file=file)
        if holder.is_stale:
            words = _("The program of who opened it has ended without closing it, or its computer is off. Nobody seems to work on it now.")
        else:
            words = _("Two who save the same file would undo each other's work. Open it to read and save under another name, or wait.")
        facts = [
            (_("Who"), holder.who),
            (_("Since"), when_words(holder.since)),
            (_("Last sign of life"), when_words(holder.seen)),
        ]
        super().__init__(title, words, facts, parent)
        if not holder.is_stale:
            self.sure = QCheckBox(_("I know that nobody works on it any more"))
            self.body.addSpacing(4)
            self.body.addWidget(self.sure)
        self.offer(CANCEL, _("Cancel"))
        take = self.offer(TAKE, _("Take over"), is_first=holder.is_stale)
        self.offer(READ, _("Open to read"), is_first=not holder.is_stale)
        if not holder.is_stale:
            take.setEnabled(False)
            self.sure.toggled.connect(take.setEnabled)
