"""Opening, importing, saving and exporting: the dialogs, and the jobs they lead to."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Replace
from gridplanner.edits.prepared import prepared
from gridplanner.errors import EditRejected, GridplannerError
from gridplanner.i18n import _
from gridplanner.io.export_faults import ExportFault
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.plan_file import read_plan
from gridplanner.session import Session
from gridplanner.settings import ExportSettings, GridSettings, Settings
from ui.dialogs.database_tables import DatabaseTables
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.export_faults_dialog import ExportFaultsDialog, losses
from ui.intake import Intake
from ui.jobs import Jobs
from ui.preferences import Preferences
from ui.reading_words import reading_words

SUFFIX = ".gridplan"
PROJECTS = (SUFFIX, ".toml")
KEPT_OF_EXPORT = ("encoding", "crs", "profile", "postgis", "schema")  # by the name of the setting; a database by its name alone


class ProjectFiles(QObject):
    """Where the project comes from and where it goes."""

    named = Signal()  # the project has another file
    emptied = Signal()  # there is nothing any more
    arrived = Signal()  # other data is there, maybe elsewhere on the earth
    failed = Signal(str, str)
    saved = Signal()
    sampled = Signal()  # the sample town is there

    def __init__(self, session: Session, jobs: Jobs, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._jobs, self._preferences, self._window = session, jobs, preferences, window
        self._intake = Intake(jobs, window)
        self.path: Path | None = None
        self._copy: Path | None = None  # what was opened is a copy kept when the program failed

    @property
    def needs_saving(self) -> bool:
        """True where closing now would lose work."""
        return not self._session.is_saved and (
            self._copy is not None or self._session.history.past != () or bool(self._session.project.provenance)
        )

    def open(self, path: Path | None = None) -> None:
        """Open a project file, asked for where none is given."""
        if path is None:
            kinds = _("Projects and plan files (*.gridplan *.toml)")
            name, _kind = QFileDialog.getOpenFileName(self._window, _("Open project"), self._preferences.folder("open"), kinds)
            if not name:
                return
            path = Path(name)
        if not self._is_free():
            return
        self._preferences.remember_folder("open", path.parent)
        if path.suffix.lower() == ".toml":
            self._after_asking(lambda: self._read_plan(path))
        else:
            self._after_asking(lambda: self._open(path))

    def start_anew(self) -> None:
        """Begin with nothing."""

        def begin() -> None:
            self.path, self._copy = None, None
            self._session.open(Project(), saved=True)
            self.emptied.emit()
            self.named.emit()

        self._after_asking(begin)

    def open_sample(self) -> None:
        """Read the sample town."""
        from sample_data import SAMPLE_PLAN

        if not self._is_free():
            return
        self._after_asking(lambda: self._read_plan(Path(SAMPLE_PLAN), then=self.sampled.emit))

    def open_copy(self, copy: Path) -> None:
        """Open a copy kept when the program failed, as work that is not saved yet; saving it takes the copy away."""
        self._after_asking(lambda: self._open(copy, is_copy=True))

    def drop(self, paths: Sequence[Path]) -> None:
        """Take what was dropped on the window: a project, a plan file, or data."""
        if self._is_free():
            self.import_data(paths)

    def import_data(self, paths: Sequence[Path] | None = None) -> None:
        """Look into files or folders, ask what is what, and read them."""
        if paths is None:
            names, _kind = QFileDialog.getOpenFileNames(self._window, _("Import data"), self._preferences.folder("import"))
            if not names:
                return
            paths = [Path(name) for name in names]
        self._preferences.remember_folder("import", paths[0].parent)
        if len(paths) == 1 and paths[0].suffix.lower() in PROJECTS:
            self.open(paths[0])
            return
        self._intake.ask(paths, self._session.project.settings, self._import)

    def import_from_database(self) -> None:
        """Ask for tables of a database, then what is what as with files, and read them."""
        if not self._is_free():
            return
        dialog = DatabaseTables(self._preferences.choice("database"), self._window)

        def take() -> None:
            self._preferences.remember_choice("database", dialog.row.name)
            self._intake.ask(dialog.paths, self._session.project.settings, self._import)

        dialog.accepted.connect(take)
        dialog.open()

    def switch_repair(self, issue: Issue) -> None:
        """Read a source again without the repair that a finding tells of, or with it where it was left out."""
        if not self._is_free():
            return
        project = self._session.project

        def read(edit: Replace) -> str | None:
            try:
                ready = prepared(Computed(edit, project), self._session.project)
            except EditRejected as why:
                return str(why)
            self._session.do(ready)
            if project.grids is not None and self._session.project.grids is None:
                return _("The ground is another one now, and the plan went with it: partition again, or undo")
            return None

        task = "repaired_again" if issue.is_left else "left_as_read"
        self._jobs.run(_("Reading the data"), f"ui.tasks:{task}", project, issue, then=read)

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save the project where it came from, else ask where."""
        if self.path is None:
            self.save_as(then)
            return
        project, path = self._session.project, self.path

        def saved(_nothing: object) -> None:
            self._session.mark_saved(project)
            self._preferences.opened(path)
            if self._copy is not None:
                self._copy.unlink(missing_ok=True)
                self._copy = None
            self.saved.emit()
            self.named.emit()
            if then is not None:
                then()

        self._jobs.run(_("Saving {file}").format(file=path.name), "gridplanner.io.project_file:save_project", project, path, then=saved)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask where to save the project, and save it there."""
        start = self.path or Path(self._preferences.folder("open")) / f"{self._session.project.name or _('project')}{SUFFIX}"
        name, _kind = QFileDialog.getSaveFileName(self._window, _("Save project"), str(start), _("Projects (*.gridplan)"))
        if not name:
            return
        self.path = Path(name) if name.endswith(SUFFIX) else Path(name + SUFFIX)
        self._preferences.remember_folder("open", self.path.parent)
        self.save(then)

    def export(self) -> None:
        """Ask what to export, and write the layers."""
        project = self._session.project
        home = self.path.parent if self.path is not None else Path.home()
        name, layers = project.name or _("project"), _("layers")
        folder = self._preferences.choice("export-folder") or str(home / f"{name}-{layers}")
        settings = project.settings.export
        if settings == ExportSettings():  # the project says nothing of its own
            formats = tuple(filter(None, self._preferences.choice("export-formats", ",".join(settings.formats)).split(",")))
            kept: dict[str, Any] = {name: self._preferences.choice(f"export-{name}", getattr(settings, name)) for name in KEPT_OF_EXPORT}
            qgis = self._preferences.choice("export-qgis", "yes") == "yes"
            with contextlib.suppress(ValueError):  # kept by another version
                settings = dataclasses.replace(settings, formats=formats, qgis=qgis, **kept)
        self._ask_export(settings, Path(folder))

    def _ask_export(self, settings: ExportSettings, folder: Path) -> None:
        dialog = ExportDialog(settings, folder, self._window)
        dialog.accepted.connect(lambda: self._judge_export(dialog.folder, dialog.settings))
        dialog.open()

    def _judge_export(self, folder: Path, settings: ExportSettings) -> None:
        """Look for what the export would lose, and ask before it is written."""
        project = self._session.project

        def judged(faults: Sequence[ExportFault]) -> str:
            found = losses(faults)
            if not found:
                self._export(folder, settings)
                return ""
            dialog = ExportFaultsDialog(found, self._window)
            dialog.accepted.connect(
                lambda: self._export(folder, dataclasses.replace(settings, encoding="utf-8") if dialog.utf8 else settings)
            )
            dialog.rejected.connect(lambda: self._ask_export(settings, folder))
            dialog.open()
            return ""

        self._jobs.run(_("Looking for what does not fit"), "gridplanner.io.layers:export_faults", project, settings, then=judged)

    def after_saving(self, then: Callable[[], object]) -> bool:
        """Ask what to do with unsaved work; return True where `then` may happen now, else it follows the saving."""
        if not self.needs_saving:
            return True
        box, buttons = QMessageBox(self._window), QMessageBox.StandardButton
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(_("Save the changes to “{name}”?").format(name=self._session.project.name or _("project")))
        box.setInformativeText(_("Without saving they are lost."))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        for button, words in ((buttons.Save, _("Save")), (buttons.Discard, _("Discard")), (buttons.Cancel, _("Cancel"))):
            box.button(button).setText(words)
            box.button(button).setIcon(QIcon())
        answer = box.exec()
        if answer == buttons.Save:
            self.save(then)
        return bool(answer == buttons.Discard)

    def _is_free(self) -> bool:
        """Return whether the worker can take a file now, and say so where it cannot."""
        if self._jobs.is_busy:
            self.failed.emit(_("Something is being computed. Wait for it or cancel it at the bottom, then try again."), "")
        return not self._jobs.is_busy

    def _after_asking(self, then: Callable[[], object]) -> None:
        if self.after_saving(then):
            then()

    def _open(self, path: Path, *, is_copy: bool = False) -> None:
        def opened(project: Project) -> None:
            self.path, self._copy = (None, path) if is_copy else (path, None)
            self.arrived.emit()
            if not is_copy:
                self._preferences.opened(path)
            self._session.open(project, saved=not is_copy)
            self.named.emit()

        self._jobs.run(_("Opening {file}").format(file=path.name), "gridplanner.io.project_file:open_project", path, then=opened)

    def _read_plan(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        try:
            settings = read_plan(path)
        except GridplannerError as why:
            self.failed.emit(str(why), "")
            return

        def read(project: Project) -> None:
            self.path, self._copy = None, None
            self.arrived.emit()
            self._session.open(project, saved=False)
            self.named.emit()
            then()

        self._jobs.run(_("Reading {file}").format(file=path.name), "gridplanner.io.sources:read_sources", settings, then=read)

    def _import(self, settings: Settings) -> None:
        project = self._session.project
        if settings.grids is None:
            settings = dataclasses.replace(settings, grids=GridSettings())

        def read(edit: Replace) -> str | None:
            try:
                ready = prepared(Computed(edit, project), self._session.project)
            except EditRejected as why:
                return str(why)
            if not self._session.project.provenance:
                self.arrived.emit()
            self._session.do(ready)
            self.named.emit()
            after = self._session.project
            if after.grids is not None and after.units is not project.units:
                return _("The households are other ones now, the grids are as they were: re-plan them, or partition again")
            return reading_words(after.provenance, after.read_issues)

        self._jobs.run(_("Reading the data"), "ui.tasks:import_sources", project, settings, then=read)

    def _export(self, folder: Path, settings: ExportSettings) -> None:
        project = self._session.project
        project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, export=settings))
        self._preferences.remember_choice("export-folder", str(folder))
        self._preferences.remember_choice("export-formats", ",".join(settings.formats))
        self._preferences.remember_choice("export-qgis", "yes" if settings.qgis else "no")
        for name in KEPT_OF_EXPORT:
            self._preferences.remember_choice(f"export-{name}", getattr(settings, name))
        words = _("Exporting to {folder}").format(folder=folder)
        self._jobs.run(words, "ui.tasks:export_layers", project, folder, then=lambda _nothing: None)
