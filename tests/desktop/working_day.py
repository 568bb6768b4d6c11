"""A working day in the real window, by mouse and keys: `python -m tests.desktop.working_day FOLDER`."""

from __future__ import annotations

import sys
import threading
import traceback
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QPushButton

from tests.desktop.hand import Eyes, Hand, part_of
from ui.app import make_app, make_window
from ui.main_window import MainWindow
from ui.preferences import Preferences


def main(folder: Path) -> int:
    """Live through a day; return 1 where something did not work, after saying what."""
    preferences = Preferences(QSettings(str(folder / "preferences.ini"), QSettings.Format.IniFormat), "en")
    app = make_app(preferences)
    window = make_window(preferences)
    faults: list[str] = []
    sys.excepthook = lambda kind, why, trace: faults.append("".join(traceback.format_exception(kind, why, trace)))
    eyes = Eyes()

    def live() -> None:
        try:
            Day(Hand(eyes), window, folder).live()
        except BaseException:
            faults.append(traceback.format_exc())
            eyes.ask(lambda: window.grab().save(str(folder / "fault.png")))
        finally:
            eyes.ask(lambda: [part.close() for part in QApplication.topLevelWidgets() if part is not window])
            eyes.ask(lambda: app.exit(0))

    threading.Thread(target=live, daemon=True).start()
    app.exec()
    if window.desk is not None:
        window.desk.close()
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


class Day:
    """What is done in one day, in order."""

    def __init__(self, hand: Hand, window: MainWindow, folder: Path) -> None:
        self.hand, self.window, self.folder = hand, window, folder

    def live(self) -> None:
        hand, window = self.hand, self.window
        hand.wait(lambda: window.desk is not None, "the desk")
        hand.focus(window)
        hand.click(hand.ask(lambda: part_of(window.welcome, QPushButton, "Sample town")))
        desk = window.desk
        assert desk is not None
        hand.wait(lambda: desk.has_data and not desk.jobs.is_busy, "the sample town")
        print("sample", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
