"""What happens when the window itself fails: it is told once, the work is safe in the journal, and a copy can be saved elsewhere."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gridplanner.i18n import _
from gridplanner.logbook import note_failure
from ui.failure_words import failure_words

if TYPE_CHECKING:
    from ui.crash_box import CrashBox
    from ui.main_window import MainWindow

QUIET = 300.0  # seconds in which the same failure does not open a second box


class CrashKeeper(QObject):
    """Catches what nothing else caught. It shows one box at a time and never raises itself."""

    failed_elsewhere = Signal(str, str)  # mark and details of an exception in a thread
    _copied = Signal(object, str)  # what to call with what went wrong, and that

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._box: CrashBox | None = None
        self._busy = False
        self._told: dict[str, float] = {}
        self._before = sys.excepthook, threading.excepthook
        self.failed_elsewhere.connect(self._take)
        self._copied.connect(lambda told, why: told(why))

    def watch(self) -> None:
        """Take over what happens with uncaught exceptions."""
        sys.excepthook, threading.excepthook = self.catch, self._catch_in_thread

    def release(self) -> None:
        """Give it back."""
        sys.excepthook, threading.excepthook = self._before

    def catch(self, kind: type[BaseException], why: BaseException, trace: TracebackType | None) -> None:
        """Tell of an exception."""
        traceback.print_exception(kind, why, trace)
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
        else:
            note_failure(why, "window_failed")
            self._take(_mark(kind, trace), failure_words(why, trace))

    def _catch_in_thread(self, what: threading.ExceptHookArgs) -> None:
        """Tell the window's thread of an exception in another one."""
        traceback.print_exception(what.exc_type, what.exc_value, what.exc_traceback)
        if what.exc_value is not None:
            note_failure(what.exc_value, "thread_failed")
            self.failed_elsewhere.emit(_mark(what.exc_type, what.exc_traceback), failure_words(what.exc_value, what.exc_traceback))

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

        desk = self._window.desk
        unsaved = desk is not None and desk.files.needs_saving
        box = CrashBox(details, self._kept_words(), self._save_as if unsaved else None, self._window)
        self._box = box
        box.finished.connect(self._forget_box)
        box.open()

    def _forget_box(self) -> None:
        self._box = None

    def _kept_words(self) -> str:
        """Say where the work is."""
        desk = self._window.desk
        if desk is None or not desk.files.needs_saving:
            return _("There is no unsaved work.")
        if desk.files.keeping.is_kept:
            return _("Every edit is in this computer's journal: should the program end, the next start offers your work.")
        return _("The journal does not hold all of your work. Save a copy now.")

    def _save_as(self, path: Path, told: Callable[[str], None]) -> None:
        """Write a copy in a thread of its own: the process that saves may be what failed."""
        desk = self._window.desk
        if desk is None:
            return
        saved = desk.files.keeping.as_it_is()

        def write() -> None:
            from gridplanner.io.project_places import save_at

            try:
                save_at(saved, path)
            except Exception as why:
                self._copied.emit(told, str(why) or type(why).__name__)
            else:
                self._copied.emit(told, "")

        threading.Thread(target=write, daemon=True, name="crash-copy").start()


def _mark(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return what tells one failure from another: its kind and the line that raised it."""
    frames = traceback.extract_tb(trace)
    return f"{kind.__name__} {frames[-1].filename}:{frames[-1].lineno}" if frames else kind.__name__
