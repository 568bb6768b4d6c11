"""The desktop program: the window first, everything heavy after it."""

from __future__ import annotations

import importlib
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui import styles
from ui.error_box import show_error
from ui.main_window import MainWindow
from ui.preferences import Preferences


class Loader(QObject):
    """Imports the desk, and with it numpy and the model, in a thread; `loaded` says that it is there."""

    loaded = Signal()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._load, daemon=True, name="loader").start()

    def _load(self) -> None:
        importlib.import_module("ui.desk")
        self.loaded.emit()


def has_display() -> bool:
    """True where a window can be seen."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def make_app(preferences: Preferences) -> QApplication:
    """Return the application with its fonts and look."""
    app = QApplication.instance() or QApplication(["gridplanner"])
    assert isinstance(app, QApplication)
    app.setApplicationName("gridplanner")
    app.setApplicationDisplayName("Gridplanner")
    app.setStyle("Fusion")
    app.setFont(styles.font())
    styles.use_theme(app, preferences.theme or styles.system_theme())
    return app


def make_window(preferences: Preferences, paths: Sequence[Path] = ()) -> MainWindow:
    """Return a shown window whose desk is on its way."""
    window = MainWindow(preferences)
    loader = Loader(window)

    def furnish() -> None:
        from ui.desk import Desk

        desk = Desk(window)
        window.furnish(desk)
        desk.open_paths(paths)

    loader.loaded.connect(furnish)
    window.painted_first.connect(loader.start)
    window.show()
    return window


def run_app(paths: Sequence[Path] = ()) -> int:
    """Run the desktop until its window is closed; `paths` are opened at once."""
    preferences = Preferences()
    app = make_app(preferences)
    window = make_window(preferences, paths)
    _tell_crashes(window)
    return app.exec()


def render(project: Path, picture: Path, size: tuple[int, int] = (1600, 960)) -> None:
    """Save a picture of the window with a project in it, for machines without a display."""
    preferences = Preferences()
    app = make_app(preferences)
    window = make_window(preferences, [project])
    window.resize(*size)

    def shoot() -> None:
        window.grab().save(str(picture))
        app.quit()

    def watch() -> None:
        desk = window.desk
        if desk is None:
            QTimer.singleShot(50, watch)
            return
        done = desk.session.project.units is not None and desk.derived.issues is not None and not desk.jobs.is_busy
        QTimer.singleShot(600 if done else 50, shoot if done else watch)

    QTimer.singleShot(50, watch)
    QTimer.singleShot(60_000, app.quit)
    app.exec()
    if window.desk is not None:
        window.desk.close()


def _tell_crashes(window: MainWindow) -> None:
    """Show what would end other programs, and keep the work."""
    from gridplanner.i18n import _

    def tell(kind: type[BaseException], why: BaseException, trace: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, why, trace))
        print(details, file=sys.stderr)
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        words = _("Something went wrong in the window. Your work is still there: save it under a new name, then start again.")
        show_error(window, words, details)

    sys.excepthook = tell
