"""Pictures of the window, the second map and every dialog, in both languages and looks, at 100 % and 150 %.

    python docs/screenshots.py [FOLDER]
    python docs/screenshots.py --patrol [FOLDER]     the pages of the patrol routes alone, patrol-*.png

Each combination runs in a process of its own, because a scaling holds for a whole process. The pictures go beside this file.
"""

from __future__ import annotations

import dataclasses
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

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COMBINATIONS = [(code, look, scale) for scale in ("1", "1.5") for code in ("zh_CN", "en") for look in ("light", "dark")]
SIZE, LARGER, SECOND = (1366, 768), (1040, 650), (560, 420)  # pixels of the window at 100 %, at 150 %, and of the second map
GAP = 24  # pixels between dialogs on a sheet
SHEET = 1800  # pixels of a sheet's width
POLICE = ("beats", "zones", "rings", "checkpoints", "rating", "chiefs")  # steps of police planning and street chiefs, a picture each
FEW = 4  # dialogs at the larger scaling
SETTLED = 1.5  # seconds until the last picture of the map is there


def main(folder: Path) -> None:
    """Take all pictures and put them into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        town = Path(made) / "town.gridplan"
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        me = [sys.executable, str(Path(__file__).resolve())]
        subprocess.run([*me, "--plan", str(town)], check=True, env=environment)
        for code, look, scale in COMBINATIONS:
            words = [*me, "--take", code, look, scale, str(town), str(folder)]
            subprocess.run(words, check=True, env={**environment, "QT_SCALE_FACTOR": scale})
    size = sum(path.stat().st_size for path in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures, {size / 1e6:.1f} MB")


def plan(town: Path) -> None:
    """Plan the sample town and save it."""
    from gridplanner.i18n import set_language
    from gridplanner.io.project_file import save_project
    from gridplanner.io.sources import read_sources
    from gridplanner.plan_file import read_plan
    from sample_data import SAMPLE_PLAN
    from ui.tasks import propose

    set_language("zh_CN")  # grids are named in the language of whoever plans them
    settings = read_plan(Path(SAMPLE_PLAN))
    assert settings.grids is not None
    settings = dataclasses.replace(settings, grids=dataclasses.replace(settings.grids, effort="quick"))
    project = read_sources(settings)
    for edit in propose(project, ("units", "grids", *(step for step in POLICE if step != "rating"))):
        project = edit.apply(project)
    save_project(project, town)


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
        window = make_window(preferences)
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


def take(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take the pictures of one language, look and scaling."""
    from PySide6.QtWidgets import QApplication, QDialog

    with window_on(code, look, scale) as (desk, wait):
        window = desk.window
        name = f"{code[:2]}-{look}-{round(100 * float(scale))}"
        save(window.grab().toImage(), folder / f"welcome-{name}.png") if scale == "1" and look == "light" else None
        project = shown(desk, town)
        desk.files.path = Path("西郊街道.gridplan")
        desk.canvas.fit()
        window.steps.choose("grids")
        wait(lambda: desk.derived.project is project and desk.derived.issues is not None)
        desk.select(sorted(project.grids.grids)[5] if project.grids is not None else None)
        desk.teller.tell_all()
        wait(lambda: False, SETTLED)
        save(window.grab().toImage(), folder / f"window-{name}.png")
        steps = []
        for step in POLICE if scale == "1" else ():
            window.steps.choose(step)
            wait(lambda: False, SETTLED)
            steps.append(window.grab().toImage())
        save(sheet(steps, look, float(scale)), folder / f"police-{name}.png") if steps else None
        window.steps.choose("grids")
        pictures = []
        for show in dialogs(desk, town)[: None if scale == "1" else FEW]:
            before = set(window.findChildren(QDialog))
            show()
            wait(lambda: False, 0.3)
            dialog = next(made for made in window.findChildren(QDialog) if made not in before)
            wait(lambda: not desk.jobs.is_busy, 20.0)
            wait(lambda: False, 0.2)
            pictures.append(dialog.grab().toImage())
            dialog.reject()
            wait(lambda: not desk.jobs.is_busy, 20.0)
        for action in ("second-map", "second") if scale == "1" else ():
            if action in window.action_set.qt:
                window.action_set.qt[action].trigger()
                wait(lambda: False, SETTLED)
                second = next(
                    (top for top in QApplication.topLevelWidgets() if top is not window and top.isVisible() and top.isWindow()), None
                )
                if second is not None:
                    second.resize(*SECOND)
                    wait(lambda: False, SETTLED)
                    pictures.append(second.grab().toImage())
                break
        if (code, look, scale) == ("zh_CN", "light", "1"):
            window.start_tour()
        if window.tour is not None:
            window.tour.go(3)
            wait(lambda: False, 0.2)
            pictures.append(window.grab().toImage())
            window.tour.leave()
        save(sheet(pictures, look, float(scale)), folder / f"dialogs-{name}.png")


def patrol(folder: Path) -> None:
    """Take the pictures of the patrol routes: all of them on one sheet for each language and look, and two at the larger scaling."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        town = Path(made) / "patrol.gridplan"
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        me = [sys.executable, str(Path(__file__).resolve())]
        subprocess.run([*me, "--plan-patrol", str(town)], check=True, env=environment)
        for code, look, scale in COMBINATIONS:
            words = [*me, "--take-patrol", code, look, scale, str(town), str(folder)]
            subprocess.run(words, check=True, env={**environment, "QT_SCALE_FACTOR": scale})


def plan_patrol(town: Path) -> None:
    """Plan the patrols of the sample town, two crews a zone and a few variants, and save them."""
    from gridplanner.i18n import set_language
    from gridplanner.io.project_file import save_project
    from gridplanner.io.sources import read_sources
    from gridplanner.plan_file import read_plan
    from gridplanner.settings import PatrolSettings
    from sample_data import SAMPLE_PLAN
    from ui.tasks import propose

    set_language("zh_CN")
    settings = read_plan(Path(SAMPLE_PLAN))
    assert settings.grids is not None
    crews = PatrolSettings(crews_per_zone=2, starts=("08:00", "14:00"), break_minutes=20, break_between=("10:00", "17:00"), variants=3)
    settings = dataclasses.replace(settings, grids=dataclasses.replace(settings.grids, effort="quick"), patrol=crews)
    project = read_sources(settings)
    for edit in propose(project, ("units", "grids", "zones", "patrol")):
        project = edit.apply(project)
    save_project(project, town)


def take_patrol(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take the patrol routes in one language, look and scaling: all, one with its crews on their way, the coverage, the settings."""
    from PySide6.QtWidgets import QDialog

    from ui.panels.tab_strip import TabStrip

    with window_on(code, look, scale) as (desk, wait):
        window = desk.window
        project = shown(desk, town)
        desk.canvas.fit()
        window.steps.choose("patrol")
        wait(lambda: desk.derived.project is project and desk.derived.issues is not None)
        pictures = []

        def keep() -> None:
            wait(lambda: not desk.canvas.is_unfinished, 10.0)
            wait(lambda: False, SETTLED)
            pictures.append(window.grab().toImage())

        keep()
        page, show = desk.side.patrol, desk.patrol
        show.choose(2)
        show.go_to(show.page.play.slider.minimum() / 10 + 40.0)
        keep()
        if scale == "1":
            show.choose(-1)
            desk.canvas.fit()
            page.tabs.choose("coverage")
            page.coverage.theme_taken.emit("patrol-interval")
            wait(lambda: page.coverage.streets.rows.rowCount() > 0)
            keep()
            before = set(window.findChildren(QDialog))
            window.steps.settings_asked.emit()
            dialog = next(made for made in window.findChildren(QDialog) if made not in before)
            tabs = dialog.findChild(TabStrip)
            assert tabs is not None
            for name in [name for name in tabs.names if name != tabs.current]:
                wait(lambda: False, 0.2)
                pictures.append(dialog.grab().toImage())
                tabs.choose(name)
            wait(lambda: False, 0.2)
            pictures.append(dialog.grab().toImage())
            dialog.reject()
        save(sheet(pictures, look, float(scale)), folder / f"patrol-{code[:2]}-{look}-{round(100 * float(scale))}.png")


def dialogs(desk: object, town: Path) -> list[Callable[[], object]]:
    """Return what opens each dialog."""
    from sample_data import SAMPLE_PLAN
    from ui.crash_box import CrashBox
    from ui.desk import Desk
    from ui.error_box import show_error

    assert isinstance(desk, Desk)
    data = Path(SAMPLE_PLAN).parent
    found = [path for path in (data, *data.iterdir()) if path.is_dir() and any(path.glob("*.shp"))]
    qt = desk.window.action_set.qt
    crash = CrashBox("Traceback (most recent call last):\n  …\nIndexError: list index out of range", lambda _path, _told: None, desk.window)

    def show_crash() -> None:
        crash.tell_kept(town.with_name("copy-20260301-101500.gridplan").relative_to(town.parent))
        crash.open()

    crash.setParent(None)

    def open_crash() -> None:
        crash.setParent(desk.window, crash.windowFlags())
        show_crash()

    opens: list[Callable[[], object]] = [lambda: desk.files.import_data(found[:1])]
    opens += [qt[name].trigger for name in ("settings", "replan", "export", "proof", "shortcuts", "basemap") if name in qt]
    return [*opens, lambda: show_error(desk.window, "homes.shp: its .shx is missing; copy all files of the shapefile"), open_crash]


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


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["--plan"]:
        plan(Path(words[1]))
    elif words[:1] == ["--patrol"]:
        patrol(Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--plan-patrol"]:
        plan_patrol(Path(words[1]))
    elif words[:1] == ["--take-patrol"]:
        take_patrol(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--take"]:
        take(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    else:
        main(Path(words[0]) if words else HERE)
