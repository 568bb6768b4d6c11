"""Where the project comes from and where it goes: opened, imported, begun anew, saved."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Replace
from gridplanner.edits.prepared import prepared
from gridplanner.errors import EditRejected, GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.lock import Lock
from gridplanner.io.keeping.workplace import Left, forget
from gridplanner.io.project_places import is_place
from gridplanner.io.saved import Saved
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.plan_file import read_plan
from gridplanner.session import Session
from gridplanner.settings import GridSettings, Settings
from ui.dialogs.database_tables import DatabaseTables
from ui.dialogs.notes_box import NotesBox
from ui.dialogs.recover_dialog import RecoverDialog
from ui.errand import Errand
from ui.exporting import Exporting
from ui.intake import Intake
from ui.jobs import Jobs
from ui.keeping import Keeping
from ui.opening import Opening
from ui.preferences import Preferences
from ui.project_saves import ProjectSaves
from ui.reading_words import reading_words
from ui.versions import Versions


class ProjectFiles(QObject):
    """Opens and imports; what keeps the work is in `keeping`, what saves it in `saves`."""

    named = Signal()  # the project has another file
    emptied = Signal()  # there is nothing any more
    arrived = Signal()  # other data is there, maybe elsewhere on the earth
    failed = Signal(str, str)
    saved = Signal()
    sampled = Signal()  # the sample town is there

    def __init__(self, session: Session, jobs: Jobs, preferences: Preferences, window: QWidget, *, keeps: bool = True) -> None:
        super().__init__(window)
        self._session, self._jobs, self._preferences, self._window = session, jobs, preferences, window
        self._errand = Errand(self)
        self.keeping: Keeping = Keeping(session, self._errand, self, keeps=keeps)
        self.saves: ProjectSaves = ProjectSaves(session, self.keeping, self._errand, preferences, window)
        self._opening = Opening(jobs, self._errand, window, keeps=keeps)
        self._versions = Versions(self, self._errand, window)
        self._exporting = Exporting(session, jobs, preferences, lambda: self.path.parent if self.path is not None else Path.home(), window)
        self._intake = Intake(jobs, window)
        self._asked = session.project  # what the planner was last asked about
        self.is_left = False  # what was opened is not in any file: a backup, the rest of a damaged one, recovered work
        self._opening.failed.connect(self.failed)
        self.saves.done.connect(self._tell_saved)

    @property
    def path(self) -> Path | None:
        """The place that the project belongs to, None where it has none yet."""
        return self.keeping.place

    @path.setter
    def path(self, place: Path | None) -> None:
        self.keeping.move(place)

    @property
    def needs_saving(self) -> bool:
        """True where closing now would lose work."""
        return not self._session.is_saved and (self.is_left or self._session.history.past != () or bool(self._session.project.provenance))

    def open(self, path: Path | None = None) -> None:
        """Open a project file, asked for where none is given."""
        if path is None:
            kinds = _("Projects, packages and plan files (*.gridplan *.gridpack *.toml)")
            name, _kind = QFileDialog.getOpenFileName(self._window, _("Open project"), self._preferences.folder("open"), kinds)
            if not name:
                return
            path = Path(name)
        if not self._is_free():
            return
        if path.suffix.lower() == ".toml":
            self._preferences.remember_folder("open", path.parent)
            self._after_asking(lambda: self._read_plan(path))
        else:
            if path.exists():
                self._preferences.remember_folder("open", path.parent)
            self._after_asking(lambda: self.reopen(path))

    def start_anew(self) -> None:
        """Begin with nothing."""

        def begin() -> None:
            self.keeping.begin(None, None, None)
            self.is_left = False
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
        if len(paths) == 1 and (paths[0].suffix.lower() == ".toml" or is_place(paths[0])):
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

    def open_copy(self, path: Path, called: str = "") -> None:
        """Open a project file as work that is not saved yet: an earlier version; `called` is what the planner knows it by."""
        if self._is_free():
            self._after_asking(lambda: self._opening.read(path, self._take_left, called))

    def offer_left(self, *, tell: bool = False) -> None:
        """Offer the work that a killed program left; with `tell` say so where there is none."""

        def found(answer: list[Left] | GridplannerError) -> None:
            if isinstance(answer, GridplannerError) or not answer:
                if tell:
                    self.failed.emit(_("No work was left behind: everything was saved, or is open in another window."), "")
                return
            dialog = RecoverDialog(answer, self._window)
            dialog.discarded.connect(lambda left: self._errand.run(lambda: forget(left), lambda _nothing: None))
            dialog.accepted.connect(lambda: self._recover(dialog.chosen))
            dialog.open()

        near = tuple({path.parent for path in self._preferences.recent})
        self._errand.run(lambda: self.keeping.left_behind(near), found)

    def reopen(self, place: Path) -> None:
        """Open a place without asking what becomes of the work that is open."""
        self._opening.open(place, lambda saved, lock: self._take(place, saved, lock), self._take_left)

    def show_versions(self) -> None:
        """Show the earlier versions of the project."""
        self._versions.show()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save the project where it came from, else ask where."""
        self.saves.save(then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        """Ask where to save the project, and save it there."""
        self.saves.save_as(then)

    def export(self) -> None:
        """Ask what to export, and write the layers."""
        self._exporting.ask()

    def after_saving(self, then: Callable[[], object]) -> bool:
        """Ask what to do with unsaved work; return True where `then` may happen now, else it follows the saving."""
        free = self.saves.after_saving(then, needed=self.needs_saving)
        if free:
            self._asked = self._session.project
        return free

    def close(self) -> None:
        """Let go of the project: its lock, its journal, the process that saves."""
        self.saves.close()
        self._errand.close()
        self.keeping.close()

    def _is_free(self) -> bool:
        """Return whether the worker can take a file now, and say so where it cannot."""
        if self._jobs.is_busy:
            self.failed.emit(_("Something is being computed. Wait for it or cancel it at the bottom, then try again."), "")
        return not self._jobs.is_busy

    def _after_asking(self, then: Callable[[], object]) -> None:
        if self.after_saving(lambda: self._after_asking(then)):  # what was edited during a save is asked about, too
            then()

    def _comes_too_late(self, lock: Lock | None = None) -> bool:
        """Tell whether the project was edited while another was being read: then nothing takes its place."""
        if self._session.project is self._asked or not self.needs_saving:
            return False
        if lock is not None:
            self._errand.run(lock.release, lambda _nothing: None)
        self.failed.emit(_("You edited the project while the other one was being read, so it stays open: save it, then open the other"), "")
        return True

    def _take(self, place: Path, saved: Saved, lock: Lock | None) -> None:
        """Work on what was opened; without a lock it is only to be read."""
        if self._comes_too_late(lock):
            return
        self.is_left = False
        self.keeping.begin(place, saved.mark, lock, is_reading=lock is None and self.keeping.keeps)
        self.saves.at = 0.0
        self.arrived.emit()
        self._preferences.opened(place)
        self._session.open(saved.project, saved=True, log=saved.changes)
        self.named.emit()

    def _take_left(self, saved: Saved) -> None:
        """Work on what is in no file of its own."""
        if self._comes_too_late():
            return
        self.is_left = True
        self.keeping.begin(None, saved.mark, None)
        self.arrived.emit()
        self._session.open(saved.project, saved=False, log=saved.changes)
        self.named.emit()
        if saved.notes:
            NotesBox(saved.notes, self._window).open()

    def _recover(self, left: Left | None) -> None:
        if left is not None and self._is_free():
            self._after_asking(lambda: self._opening.recover(left, lambda saved, lock: self._take_recovered(left, saved, lock)))

    def _take_recovered(self, left: Left, saved: Saved, lock: Lock | None) -> None:
        """Go on with recovered work: it belongs where it came from, and is not saved."""
        if self._comes_too_late(lock):
            return
        self.is_left = True
        self.keeping.begin(left.place, saved.mark, lock, is_reading=lock is None and left.place is not None, left=(left, saved))
        self.saves.at = 0.0
        self.arrived.emit()
        self._session.open(saved.project, saved=False, log=saved.changes)
        self.named.emit()
        if saved.notes:
            NotesBox(saved.notes, self._window).open()

    def _tell_saved(self) -> None:
        self.is_left = self.is_left and not self._session.is_saved
        self.saved.emit()
        self.named.emit()

    def _read_plan(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        try:
            settings = read_plan(path)
        except GridplannerError as why:
            self.failed.emit(str(why), "")
            return

        def read(project: Project) -> None:
            if self._comes_too_late():
                return
            self.is_left = False
            self.keeping.begin(None, None, None)
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
