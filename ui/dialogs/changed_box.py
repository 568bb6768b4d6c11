"""The file was saved by somebody else since it was opened: nothing is overwritten before the planner has said what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gridplanner.i18n import _
from gridplanner.io.saved import Mark
from ui.dialogs.choice_box import CANCEL, ChoiceBox
from ui.when_words import when_words

ELSEWHERE, TAKE_IN = "elsewhere", "take-in"


class ChangedBox(ChoiceBox):
    """Offers to take in what the other one has made, where that is possible, and to save under another name."""

    def __init__(self, file: str, theirs: Mark, *, can_take_in: bool, why: str = "", parent: QWidget | None = None) -> None:
        title = _("“{file}” was changed meanwhile").format(file=file)
        words = why or _(
            "It was saved by somebody else since you opened it. Nothing was overwritten; your work is still open and not saved."
        )
        facts = [(_("Who"), theirs.who), (_("When"), when_words(theirs.at))] if theirs.save_id else []
        super().__init__(title, words, facts, parent)
        self.offer(CANCEL, _("Cancel"))
        self.offer(ELSEWHERE, _("Save under another name"), is_first=not can_take_in)
        if can_take_in:
            self.offer(TAKE_IN, _("Compare and take in"), is_first=True)
