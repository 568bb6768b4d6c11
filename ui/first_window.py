"""Measures the start: `python -m ui.first_window STARTED` prints the seconds from STARTED (as time.time() has it) to the first window."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QSettings

from ui.app import make_app, make_window
from ui.preferences import Preferences


def main(started: float) -> None:
    """Open the window as the program does, and end with its first picture."""
    with tempfile.TemporaryDirectory() as folder:
        preferences = Preferences(QSettings(str(Path(folder) / "preferences.ini"), QSettings.Format.IniFormat), "en")
        app = make_app(preferences)
        window = make_window(preferences)

        def tell() -> None:
            print(time.time() - started, flush=True)
            os._exit(0)  # the rest of the program is still on its way

        window.painted_first.connect(tell)
        app.exec()


if __name__ == "__main__":
    main(float(sys.argv[1]))
