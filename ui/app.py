"""The desktop program: the window first, everything heavy after it."""

from __future__ import annotations

import gc
import importlib
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QApplication

from gridplanner.i18n import N_, _
from ui import styles
from ui.collector import Collector
from ui.crash_keeper import CrashKeeper
from ui.diary import begin_diary, follow
from ui.error_box import show_error
from ui.icons import icon
from ui.main_window import MainWindow
from ui.plain_labels import PlainLabels
from ui.preferences import Preferences

SWITCH = 0.001  # seconds that the window waits at most for a thread that paints or computes to let go of the interpreter
SETTLE = 800  # milliseconds until the last picture of the map is there


class Loader(QObject):
    """Imports the desk, and with it numpy and the model, in a thread; `loaded` says that it is there."""

    loaded = Signal()
    failed = Signal(str)

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._load, daemon=True, name="loader").start()

    def _load(self) -> None:
        try:
            importlib.import_module("ui.desk")
        except Exception:
            self.failed.emit(traceback.format_exc())
        else:
            self.loaded.emit()


def make_app(preferences: Preferences) -> QApplication:
    """Return the application with its fonts and look."""
    app = QApplication.instance() or QApplication(["gridplanner"])
    assert isinstance(app, QApplication)
    app.setApplicationName("gridplanner")
    app.setApplicationDisplayName("Gridplanner")
    app.setStyle(PlainLabels())
    app.setFont(styles.font())
    app.setWindowIcon(icon("app", "#0b5fff", 64))
    styles.use_theme(app, preferences.theme or styles.system_theme())
    return app


def make_window(preferences: Preferences, paths: Sequence[Path] = (), *, keeps: bool = True) -> MainWindow:
    """Return a shown window whose desk is on its way; where it does not `keep`, it takes no lock and writes no journal."""
    window = MainWindow(preferences, keeps=keeps)
    loader = Loader(window)

    def furnish() -> None:
        from ui.desk import Desk

        desk = Desk(window)
        window.furnish(desk)
        Collector(window)
        sys.setswitchinterval(SWITCH)
        gc.freeze()  # what was loaded stays: no collection needs to look through it again while somebody drags the map
        desk.open_paths(paths)

    loader.loaded.connect(furnish)
    words = N_("The program is incomplete and can open no project; install it again.")
    loader.failed.connect(lambda details: show_error(window, _(words), details))
    window.painted_first.connect(loader.start)
    window.show()
    return window


def run_app(paths: Sequence[Path] = (), language: str = "") -> int:
    """Run the desktop until its window is closed; `paths` are opened at once."""
    preferences = Preferences(language=language)
    app = make_app(preferences)
    window = make_window(preferences, paths)
    keeper = CrashKeeper(window)
    keeper.watch()
    begin_diary()
    window.when_ready(follow)
    window.when_ready(lambda desk: desk.files.offer_left())
    return app.exec()


def render(project: Path, picture: Path, language: str = "", size: tuple[int, int] = (1600, 960)) -> str:
    """Save a picture of the window with a project in it, for machines without a display; return what went wrong, if anything."""
    with tempfile.TemporaryDirectory() as folder:  # the planner's own preferences stay as they are
        settings = QSettings(str(Path(folder) / "preferences.ini"), QSettings.Format.IniFormat)
        preferences = Preferences(settings, language)
        app = make_app(preferences)
        window = make_window(preferences, [project], keeps=False)
        window.resize(*size)
        told: list[str] = []

        def watch() -> None:
            desk = window.desk
            if desk is not None and desk.jobs.last_failure:
                told.append(desk.jobs.last_failure)
                app.quit()
            elif desk is not None and desk.session.saved is not None and desk.derived.issues is not None:
                window.steps.choose("grids" if desk.session.project.grids is not None else "data")
                QTimer.singleShot(SETTLE, lambda: (window.grab().save(str(picture)), app.quit()))
            else:
                QTimer.singleShot(50, watch)

        QTimer.singleShot(50, watch)
        app.exec()
        if window.desk is not None:
            window.desk.close()
        settings.sync()
    return "".join(told)
