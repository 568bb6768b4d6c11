"""Takes pictures of the window in a language, a look and at a scaling, and lays them on sheets.

Each combination runs in a process of its own, because a scaling holds for a whole process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridplanner.model.project import Project
    from ui.desk import Desk

ROOT = Path(__file__).resolve().parent.parent
COMBINATIONS = [(code, look, scale) for scale in ("1", "1.5") for code in ("zh_CN", "en") for look in ("light", "dark")]
TWO = (("zh_CN", "light", "1"), ("en", "dark", "1"))  # for pictures of dialogs that look alike in the other combinations
SIZE, LARGER = (1366, 768), (1040, 650)  # pixels of the window at 100 % and at 150 %
GAP = 24  # pixels between dialogs on a sheet
SHEET = 1800  # pixels of a sheet's width
SETTLED = 1.5  # seconds until the last picture of the map is there


def take_each(script: str, plan: str, take: str, folder: Path) -> None:
    """Let a script make a plan by one of its words, and by another take the pictures of it in every language, look and scaling."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        town = Path(made) / "town.gridplan"
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        me = [sys.executable, script]
        subprocess.run([*me, plan, str(town)], check=True, env=environment)
        for code, look, scale in COMBINATIONS:
            words = [*me, take, code, look, scale, str(town), str(folder)]
            subprocess.run(words, check=True, env={**environment, "QT_SCALE_FACTOR": scale})


Wait = Callable[..., None]


@contextmanager
def window_on(code: str, look: str, scale: str) -> Iterator[tuple[Desk, Wait]]:
    """Open the window in a language, look and scaling; yield its desk, and what waits until something is so."""
    from PySide6.QtCore import QSettings

    from ui.app import make_app, make_window
    from ui.preferences import Preferences

    with tempfile.TemporaryDirectory() as kept:
        preferences = Preferences(QSettings(str(Path(kept) / "preferences.ini"), QSettings.Format.IniFormat))
        preferences.language, preferences.theme = code, look
        preferences.remember_choice("tour", "seen")
        app = make_app(preferences)
        window = make_window(preferences, keeps=False)
        window.resize(*(SIZE if scale == "1" else LARGER))

        def wait(until: Callable[[], bool], most: float = 60.0) -> None:
            end = time.monotonic() + most
            while not until() and time.monotonic() < end:
                app.processEvents()
                time.sleep(0.005)

        wait(lambda: window.desk is not None)
        assert window.desk is not None
        yield window.desk, wait
        window.desk.session.mark_saved(window.desk.session.project)
        window.close()


def shown(desk: Desk, town: Path) -> Project:
    """Open a project file in the window and return what it holds."""
    from gridplanner.io.project_file import open_project

    project = open_project(town)
    desk.session.open(project, saved=True)
    return project


class Album:
    """Pictures taken in a window, one after another."""

    def __init__(self, desk: Desk, wait: Wait) -> None:
        self.pictures: list[object] = []
        self._desk, self._wait = desk, wait

    def keep(self) -> None:
        """Take the window once its map is there."""
        self._wait(lambda: not self._desk.canvas.is_unfinished, 10.0)
        self._wait(lambda: False, SETTLED)
        self.pictures.append(self._desk.window.grab().toImage())

    def keep_dialog(self, ask: Callable[[], object]) -> None:
        """Take the dialog that `ask` opens, every page of it, and close it."""
        from PySide6.QtWidgets import QDialog

        from ui.panels.tab_strip import TabStrip

        before = set(self._desk.window.findChildren(QDialog))
        ask()
        dialog = next(made for made in self._desk.window.findChildren(QDialog) if made not in before)
        tabs = dialog.findChild(TabStrip)
        for name in tabs.names if tabs is not None else ("",):
            tabs.choose(name) if tabs is not None else None
            self._wait(lambda: False, 0.2)
            self.pictures.append(dialog.grab().toImage())
        dialog.reject()


def sheet(pictures: Sequence[object], look: str, scale: float) -> object:
    """Return pictures side by side on shelves, the high ones first, each on the first shelf that has room."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QColor, QImage, QPainter

    gap, wide = round(GAP * scale), round(SHEET * scale)
    shelves: list[list[int]] = []  # top, height, filled to
    places = []
    for picture in sorted((one for one in pictures if isinstance(one, QImage)), key=QImage.height, reverse=True):
        shelf = next((one for one in shelves if one[2] + picture.width() + gap <= wide), None)
        if shelf is None:
            top = shelves[-1][0] + shelves[-1][1] + gap if shelves else gap
            shelf = [top, picture.height(), gap]
            shelves.append(shelf)
        places.append((QPoint(shelf[2], shelf[0]), picture))
        shelf[2] += picture.width() + gap
    made = QImage(wide, shelves[-1][0] + shelves[-1][1] + gap if shelves else gap, QImage.Format.Format_RGB32)
    made.fill(QColor("#c9ced6" if look == "light" else "#3a424e"))
    painter = QPainter(made)
    for at, picture in places:
        picture.setDevicePixelRatio(1.0)
        painter.drawImage(at, picture)
    painter.end()
    return made


def save(picture: object, path: Path) -> None:
    """Save a picture with the 160 colours that it has most of, which is a third of the size."""
    import numpy as np
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    assert isinstance(picture, QImage)
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), -1)[:, : plain.width()]
    colours, counts = np.unique(pixels | 0xFF000000, return_counts=True)
    common = colours[np.argsort(-counts, kind="stable")[:64]]
    coarse, sums = np.unique(colours & 0xFFE0E0E0, return_inverse=True)
    weight = np.bincount(sums, counts)
    rest = coarse[np.argsort(-weight, kind="stable")[:96]] | 0x00101010
    table = np.unique(np.concatenate((common, rest))).tolist()
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    plain.convertToFormat(QImage.Format.Format_Indexed8, table, flags).save(str(path), quality=0)
