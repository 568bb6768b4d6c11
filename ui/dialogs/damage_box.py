"""A project file that is damaged: what is wrong, what can be saved of it, and which backups there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gridplanner.i18n import _
from ui.dialogs.choice_box import CANCEL, ChoiceBox
from ui.when_words import when_words

BACKUP, REST = "backup", "rest"
MOST = 3  # backups that are named


class DamageBox(ChoiceBox):
    """Offers the newest backup, and what can be saved of the file; `rest` says what that is, empty where it is nothing."""

    def __init__(self, why: str, rest: str, backups: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(_("The project file is damaged"), why, (), parent)
        facts = []
        if rest:
            facts.append((_("Can be saved"), rest))
        times = list(dict.fromkeys(when_words(at) for at in backups))  # those of one minute look the same
        if times:
            named = _(", ").join(times[:MOST])
            facts.append((_("Backups"), named if len(times) <= MOST else _("{some} and {n} more").format(some=named, n=len(times) - MOST)))
        for name, value in facts:
            self.tell(_("{name}: {value}").format(name=name, value=value))
        if not facts:
            self.tell(_("Nothing of it can be read, and this computer has no backup of it. Ask for a copy where the file came from."))
        self.tell(_("The damaged file itself stays as it is."), "small")
        self.offer(CANCEL, _("Cancel"))
        if rest:
            self.offer(REST, _("Open what can be saved"), is_first=not backups)
        if backups:
            self.offer(BACKUP, _("Open the newest backup"), is_first=True)
        if not facts:
            self.buttons[CANCEL].setText(_("Close"))
