"""A save that did not work: why, that nothing is lost, and what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gridplanner.i18n import _
from ui.dialogs.choice_box import CANCEL, ChoiceBox

AGAIN, ELSEWHERE = "again", "elsewhere"


class SaveBox(ChoiceBox):
    """Offers another try and another place."""

    def __init__(self, words: str, *, is_kept: bool, parent: QWidget | None = None) -> None:
        super().__init__(_("The project was not saved"), words, (), parent)
        told = (
            _("Your work is still open, and every edit is kept by this computer's journal.") if is_kept else _("Your work is still open.")
        )
        self.tell(told)
        self.offer(CANCEL, _("Cancel"))
        self.offer(AGAIN, _("Try again"))
        self.offer(ELSEWHERE, _("Save as"), is_first=True)
