"""Copies of the work for a bad day: written when the window fails, offered at the next start, forgotten once they were looked at."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.model.project import Project
    from ui.crash_box import CrashBox
    from ui.main_window import MainWindow

PREFIX = "copy-"
SUFFIX = ".gridplan"
KEPT = 3  # copies, the newest
QUIET = 300.0  # seconds in which the same failure does not open a second box
SPACING = 60.0  # seconds: a failure that repeats does not write the same work again and again


def state_folder() -> Path:
    """Return where the program keeps what it needs for itself."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)) / "copies"


def kept_copies(folder: Path) -> list[Path]:
    """Return the copies there are, the newest first."""
    return sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True) if folder.is_dir() else []


class CrashKeeper(QObject):
    """Catches what nothing else caught. It shows one box at a time, keeps a copy of unsaved work, and never raises itself."""

    kept = Signal(object, str)  # where the copy is (None where there is none) and why not
    failed_elsewhere = Signal(str, str)  # mark and details of an exception in a thread

    def __init__(self, window: MainWindow, folder: Path | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._folder = folder if folder is not None else state_folder()
        self._box: CrashBox | None = None
        self._busy = False
        self._last: tuple[float, Project] | None = None
        self._told: dict[str, float] = {}
        self._before = sys.excepthook, threading.excepthook
        self.failed_elsewhere.connect(self._take)
        self.kept.connect(self._tell_kept)

    def watch(self) -> None:
        """Take over what happens with uncaught exceptions."""
        sys.excepthook, threading.excepthook = self.catch, self._catch_in_thread

    def release(self) -> None:
        """Give it back."""
        sys.excepthook, threading.excepthook = self._before

    def catch(self, kind: type[BaseException], why: BaseException, trace: TracebackType | None) -> None:
        """Tell of an exception and keep the work."""
        details = "".join(traceback.format_exception(kind, why, trace))
        print(details, file=sys.stderr)
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
        else:
            self._take(_mark(kind, trace), details)

    def _catch_in_thread(self, what: threading.ExceptHookArgs) -> None:
        """Tell the window's thread of an exception in another one."""
        details = "".join(traceback.format_exception(what.exc_type, what.exc_value, what.exc_traceback))
        print(details, file=sys.stderr)
        self.failed_elsewhere.emit(_mark(what.exc_type, what.exc_traceback), details)

    def _take(self, mark: str, details: str) -> None:
        if not self._busy:
            self._busy = True  # an error in here is told on the terminal only
            try:
                self._tell(mark, details)
            except Exception:
                traceback.print_exc()
            finally:
                self._busy = False

    def _tell(self, mark: str, details: str) -> None:
        if self._box is not None:
            self._box.count_another(details)
            return
        now = time.monotonic()
        if now - self._told.get(mark, -QUIET) < QUIET:  # the planner chose to go on: what fails at every repaint would ask for ever
            self._window.status.say(_("The same error happened again. Save your work under a new name and start again."))
            return
        self._told[mark] = now
        from ui.crash_box import CrashBox  # not before it is needed: the first window waits for every import

        project = self._unsaved()
        box = CrashBox(details, self._save_as if project is not None else None, self._window)
        self._box = box
        box.finished.connect(self._forget_box)
        box.open()
        if project is None:
            return
        if self._last is not None and self._last[1] is project and time.monotonic() - self._last[0] < SPACING:
            copies = kept_copies(self._folder)
            box.tell_kept(copies[0] if copies else None)
            return
        self._last = time.monotonic(), project
        path = self._folder / time.strftime(f"{PREFIX}%Y%m%d-%H%M%S{SUFFIX}")
        threading.Thread(target=self._keep, args=(project, path), daemon=True, name="crash-copy").start()

    def _forget_box(self) -> None:
        self._box = None

    def _unsaved(self) -> Project | None:
        desk = self._window.desk
        return desk.session.project if desk is not None and desk.files.needs_saving else None

    def _keep(self, project: Project, path: Path) -> None:
        """Write a copy in a thread of its own: the worker may be what failed."""
        why = _written(project, path)
        if not why:
            for old in kept_copies(path.parent)[KEPT:]:
                old.unlink(missing_ok=True)
        self.kept.emit(None if why else path, why)

    def _tell_kept(self, path: Path | None, why: str) -> None:
        if self._box is not None:
            self._box.tell_kept(path, why)

    def _save_as(self, path: Path, told: Callable[[str], None]) -> None:
        project = self._unsaved()
        if project is not None:
            told(_written(project, path))


def _mark(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return what tells one failure from another: its kind and the line that raised it."""
    frames = traceback.extract_tb(trace)
    return f"{kind.__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else kind.__name__


def _written(project: Project, path: Path) -> str:
    """Save a project and return what went wrong, empty where nothing did."""
    from gridplanner.io.project_file import save_project

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_project(project, path)
    except Exception as why:
        return str(why) or type(why).__name__
    return ""
