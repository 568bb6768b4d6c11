"""Data on its way in: the dialog opens at once, the worker looks into the files, and draws what the planner asks to see of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from gridplanner.i18n import _
from gridplanner.io.inspection import SourceReport
from gridplanner.io.preview import Preview, PreviewWish
from gridplanner.settings import Settings
from ui.dialogs.import_dialog import ImportDialog
from ui.jobs import Jobs


class Intake(QObject):
    """One import dialog and the jobs behind it. `then` is called with the settings that the planner confirmed."""

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs, self._window = jobs, window
        self._dialog: ImportDialog | None = None
        self._wishes: dict[tuple[int, bool], PreviewWish] = {}  # still to be looked at, by layer and closer or not, the newest last
        self._after: Callable[[], None] | None = None
        self._looking = False
        self._hush = False
        self._paths: list[Path] = []
        self._more: list[Path] = []  # to be looked into as well
        jobs.changed.connect(self._go_on)

    def ask(self, paths: Sequence[Path], settings: Settings, then: Callable[[Settings], None]) -> None:
        """Look into files and folders, and ask what is what; nothing happens while another dialog or computation is there."""
        if self._dialog is not None or self._jobs.is_busy:
            return
        dialog = ImportDialog(None, settings, self._window)
        self._dialog, self._wishes, self._after = dialog, {}, None
        self._paths, self._more = list(paths), []
        dialog.look_asked.connect(self._want)
        dialog.more_asked.connect(self._add)
        dialog.finished.connect(lambda result: self._end(dialog, result == QDialog.DialogCode.Accepted, then))
        dialog.open()
        self._inspect()

    def _inspect(self) -> None:
        self._looking = True
        words = _("Looking into {n} files").format(n=len(self._paths))
        self._jobs.run(words, "gridplanner.io.inspection:inspect", self._paths, then=self._take_reports)

    def _add(self, paths: Sequence[Path]) -> None:
        """Look into further files, together with those that are there: each layer is judged beside the others."""
        self._more += [path for path in paths if path not in self._paths]
        if self._more and self._dialog is not None:
            self._wishes = {}
            self._dialog.wait()
            self._go_on()

    def _take_reports(self, reports: Sequence[SourceReport]) -> None:
        self._looking = False
        self._hush = True
        if self._dialog is not None:
            self._dialog.take_reports(reports)

    def _want(self, number: int, wish: PreviewWish) -> None:
        key = number, wish.near is not None
        self._wishes.pop(key, None)
        self._wishes[key] = wish
        self._go_on()

    def _go_on(self) -> None:
        """Give the worker the next thing to do, when it has nothing."""
        if self._jobs.is_busy:
            return
        if self._hush:  # that a preview was made is no news
            self._jobs.last_words, self._hush = "", False
        if self._after is not None:
            after, self._after = self._after, None
            after()
        elif self._dialog is not None and self._more:
            self._paths, self._more = [*self._paths, *self._more], []
            self._inspect()
        elif self._dialog is not None and self._looking:  # the files could not be looked into: the error box says why
            self._dialog.reject()
        elif self._dialog is not None and self._wishes:
            dialog = self._dialog
            first = dialog.current, False
            key = first if first in self._wishes else next(iter(self._wishes))
            number, wish = key[0], self._wishes.pop(key)

            def take(preview: Preview) -> None:
                self._hush = True
                if self._dialog is dialog:
                    dialog.take_preview(number, preview)

            words = _("Looking into {file}").format(file=Path(wish.path).name)
            self._jobs.run(words, "gridplanner.io.preview:read_preview", wish, then=take)

    def _end(self, dialog: ImportDialog, accepted: bool, then: Callable[[Settings], None]) -> None:
        self._dialog, self._wishes, self._more = None, {}, []
        if self._looking:
            self._looking = False
            self._jobs.cancel()
        elif accepted:
            settings = dialog.settings
            self._after = lambda: then(settings)
            self._go_on()
