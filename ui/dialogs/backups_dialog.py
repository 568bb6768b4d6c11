"""Earlier versions of the project: when, by whom, which save; looked into, opened as a copy, or brought back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gridplanner.i18n import _
from gridplanner.io.keeping.backups import Backup
from ui.dialogs.form import Form
from ui.dialogs.moment_table import MomentTable
from ui.when_words import size_words, when_words

COPY, RESTORE = "copy", "restore"


class BackupsDialog(Form):
    """Lists the earlier versions; accepted, `answer` is COPY or RESTORE of the one `chosen`."""

    looked_into = Signal(object)  # a version whose facts are wanted

    def __init__(self, file: str, versions: Sequence[Backup], parent: QWidget | None = None) -> None:
        if file:
            words = _(
                "Each save keeps the version before it on this computer: all of the last hour, then one an hour, a day and a week. "
                "What is restored replaces “{file}”; the file as it is now becomes an earlier version itself."
            ).format(file=file)
        else:
            words = _("Each save keeps the version before it on this computer: all of the last hour, then one an hour, a day and a week.")
        super().__init__(_("Earlier versions"), words, _("Restore") if file else _("Open as a copy"), parent)
        self.answer = RESTORE if file else COPY
        self.versions = list(versions)
        self.table = MomentTable([_("When"), _("Who"), _("Save no."), _("Size")], _("Earlier versions"))
        self.table.setMinimumSize(560, 200)
        self.facts = QLabel()
        self.facts.setObjectName("muted")
        self.facts.setWordWrap(True)
        self.copy = QPushButton(_("Open as a copy"))
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._open_copy)
        self.buttons.insertWidget(self.buttons.indexOf(self.accept_button), self.copy)
        self.copy.setVisible(bool(file))  # without a file there is nothing to bring back to: the first button opens a copy
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.facts)
        self.table.chosen.connect(self._look)
        self.table.fill([(when_words(one.at), one.who, str(one.number), size_words(one.size)) for one in self.versions])
        if not self.versions:
            self.facts.setText(_("There is no earlier version of this project on this computer yet."))
        for button in (self.copy, self.accept_button):
            button.setEnabled(bool(self.versions))
        self.table.setFocus()  # the arrows choose, Enter presses the first button

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make_room()

    @property
    def chosen(self) -> Backup | None:
        """The version chosen."""
        row = self.table.chosen_row()
        return self.versions[row] if 0 <= row < len(self.versions) else None

    def show_facts(self, path: Path, words: str) -> None:
        """Say what is in a version, where it is still the one chosen."""
        if self.chosen is not None and self.chosen.path == path:
            self.facts.setText(words)

    def _look(self) -> None:
        if self.chosen is not None:
            self.facts.setText(_("Looking into it …"))
            self.looked_into.emit(self.chosen)

    def _open_copy(self) -> None:
        self.answer = COPY
        self.accept()
