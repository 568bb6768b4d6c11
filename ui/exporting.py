"""Exporting layers: asked how, looked through for what would be lost, and written."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridplanner.i18n import _
from gridplanner.io.export_faults import ExportFault
from gridplanner.session import Session
from gridplanner.settings import ExportSettings
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.export_faults_dialog import ExportFaultsDialog, losses
from ui.jobs import Jobs
from ui.preferences import Preferences

KEPT_OF_EXPORT = ("encoding", "crs", "profile", "postgis", "schema")  # by the name of the setting; a database by its name alone


class Exporting(QObject):
    """Asks what to export, and writes it; `home` says beside which file."""

    def __init__(self, session: Session, jobs: Jobs, preferences: Preferences, home: Callable[[], Path], window: QWidget) -> None:
        super().__init__(window)
        self._session, self._jobs, self._preferences, self._home, self._window = session, jobs, preferences, home, window

    def ask(self) -> None:
        """Ask what to export, and write the layers."""
        project = self._session.project
        name, layers = project.name or _("project"), _("layers")
        folder = self._preferences.choice("export-folder") or str(self._home() / f"{name}-{layers}")
        settings = project.settings.export
        if settings == ExportSettings():  # the project says nothing of its own
            formats = tuple(filter(None, self._preferences.choice("export-formats", ",".join(settings.formats)).split(",")))
            kept: dict[str, Any] = {name: self._preferences.choice(f"export-{name}", getattr(settings, name)) for name in KEPT_OF_EXPORT}
            qgis = self._preferences.choice("export-qgis", "yes") == "yes"
            with contextlib.suppress(ValueError):  # kept by another version
                settings = dataclasses.replace(settings, formats=formats, qgis=qgis, **kept)
        self._ask(settings, Path(folder))

    def _ask(self, settings: ExportSettings, folder: Path) -> None:
        dialog = ExportDialog(settings, folder, self._window)
        dialog.accepted.connect(lambda: self._judge(dialog.folder, dialog.settings))
        dialog.open()

    def _judge(self, folder: Path, settings: ExportSettings) -> None:
        """Look for what the export would lose, and ask before it is written."""
        project = self._session.project

        def judged(faults: Sequence[ExportFault]) -> str:
            found = losses(faults)
            if not found:
                self._write(folder, settings)
                return ""
            dialog = ExportFaultsDialog(found, self._window)
            dialog.accepted.connect(
                lambda: self._write(folder, dataclasses.replace(settings, encoding="utf-8") if dialog.utf8 else settings)
            )
            dialog.rejected.connect(lambda: self._ask(settings, folder))
            dialog.open()
            return ""

        self._jobs.run(_("Looking for what does not fit"), "gridplanner.io.layers:export_faults", project, settings, then=judged)

    def _write(self, folder: Path, settings: ExportSettings) -> None:
        project = self._session.project
        project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, export=settings))
        self._preferences.remember_choice("export-folder", str(folder))
        self._preferences.remember_choice("export-formats", ",".join(settings.formats))
        self._preferences.remember_choice("export-qgis", "yes" if settings.qgis else "no")
        for name in KEPT_OF_EXPORT:
            self._preferences.remember_choice(f"export-{name}", getattr(settings, name))
        words = _("Exporting to {folder}").format(folder=folder)
        self._jobs.run(words, "ui.tasks:export_layers", project, folder, then=lambda _nothing: None)
