"""Earlier versions of the open project: looked into, opened as a copy, brought back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.backups import Backup, list_backups, restore
from gridplanner.io.keeping.glance import Glance, glance
from gridplanner.io.shared_places import is_shared
from ui.dialogs.backups_dialog import COPY, BackupsDialog
from ui.errand import Errand
from ui.figures import amount
from ui.opening import version_words

if TYPE_CHECKING:
    from ui.project_files import ProjectFiles


class Versions(QObject):
    """Opens the dialog over a window, and does what was chosen there."""

    def __init__(self, files: ProjectFiles, errand: Errand, window: QWidget) -> None:
        super().__init__(window)
        self._files, self._errand, self._window = files, errand, window

    def show(self) -> None:
        """List the earlier versions of the open project."""
        place, project_id = self._files.path, self._files.keeping.mark.project_id
        if place is not None and is_shared(place):
            place = None  # a database keeps versions of its own; what is left of a file from before can be looked at as a copy

        def listed(answer: Sequence[Backup] | GridplannerError) -> None:
            found = () if isinstance(answer, GridplannerError) else answer
            dialog = BackupsDialog(place.name if place is not None else "", found, self._window)
            dialog.looked_into.connect(lambda backup: self._look(dialog, backup))
            dialog.accepted.connect(lambda: self._do(dialog.answer, dialog.chosen, place))
            if dialog.chosen is not None:
                self._look(dialog, dialog.chosen)
            dialog.open()

        self._errand.run(lambda: list_backups(project_id) or (list_backups(place) if place is not None else ()), listed)

    def _look(self, dialog: BackupsDialog, backup: Backup) -> None:
        words = _("Looking into it …")

        def told(answer: Glance | GridplannerError) -> None:
            nonlocal words
            words = _("It cannot be read") if isinstance(answer, GridplannerError) or answer.grids < 0 else content_words(answer)
            if dialog in self._window.findChildren(BackupsDialog):
                dialog.show_facts(backup.path, words)

        self._errand.run(lambda: glance(backup.path), told)

    def _do(self, answer: str, backup: Backup | None, place: Path | None) -> None:
        if backup is None:
            return
        if answer == COPY or place is None:
            self._files.open_copy(backup.path, version_words(place.name if place is not None else "", backup))
            return
        if not self._files.after_saving(lambda: self._do(answer, backup, place)):
            return
        self._restore(backup, place)

    def _restore(self, backup: Backup, place: Path) -> None:
        mark = self._files.keeping.mark

        def restored(answer: str | GridplannerError) -> None:
            if isinstance(answer, GridplannerError):
                self._files.failed.emit(str(answer), "")
                return
            self._files.reopen(place)

        self._errand.run(lambda: restore(backup, place, mark), restored)


def content_words(found: Glance) -> str:
    """Return what is in a project file in a line."""
    text = _("{communities} communities · {grids} grids · {households} households in them · {addresses} addresses")
    return text.format(
        communities=found.communities, grids=found.grids, households=amount(found.households), addresses=amount(found.addresses)
    )
