"""What is missing of a project that could not be read whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gridplanner.i18n import _
from ui.dialogs.choice_box import CANCEL, ChoiceBox

MOST = 12  # notes shown


class NotesBox(ChoiceBox):
    """Lists it, and says that the work is not saved yet."""

    def __init__(self, notes: Sequence[str], parent: QWidget | None = None) -> None:
        words = _("What is open now is not saved yet: look through it, then save it.")
        super().__init__(_("Not everything could be read"), words, (), parent)
        for note in notes[:MOST]:
            self.tell(note)
        if len(notes) > MOST:
            self.tell(_("{n} more").format(n=len(notes) - MOST))
        self.offer(CANCEL, _("Close"), is_first=True)
