"""Pictures of the window, the second map and every dialog, in both languages and looks, at 100 % and 150 %.

    python docs/screenshots.py [FOLDER]
    python docs/screenshots.py --patrol [FOLDER]     the pages of the patrol routes alone, patrol-*.png
    python docs/screenshots.py --rail [FOLDER]       those of the railway alone, rail-*.png
    python docs/screenshots.py --roster [FOLDER]     those of the roster alone, roster-*.png
    python docs/screenshots.py --import [FOLDER]     those of the import dialog alone, import-*.png
    python docs/screenshots.py --team [FOLDER]       those of teamwork alone, team-*.png and conflicts-*.png
    python docs/screenshots.py --keeping [FOLDER]    those of kept, locked and damaged work alone, keeping-*.png

The pictures go beside this file.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path

from import_pictures import plan_import, take_import
from keeping_pictures import take_keeping
from pictures import SETTLED, Album, save, sheet, shown, take_each, window_on
from rail_pictures import plan_rail, take_rail
from roster_pictures import plan_roster, take_roster
from team_pictures import plan_team, take_team

HERE = Path(__file__).resolve().parent
SECOND = (560, 420)  # pixels of the second map
POLICE = ("beats", "zones", "rings", "checkpoints", "rating", "chiefs")  # steps of police planning and street chiefs, a picture each
FEW = 4  # dialogs at the larger scaling


def main(folder: Path) -> None:
    """Take all pictures and put them into a folder."""
    take_each(__file__, "--plan", "--take", folder)
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
        for show in dialogs(desk)[: None if scale == "1" else FEW]:
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
    with window_on(code, look, scale) as (desk, wait):
        window = desk.window
        project = shown(desk, town)
        desk.canvas.fit()
        window.steps.choose("patrol")
        wait(lambda: desk.derived.project is project and desk.derived.issues is not None)
        album = Album(desk, wait)

        album.keep()
        page, show = desk.side.patrol, desk.patrol
        show.choose(2)
        show.go_to(show.page.play.slider.minimum() / 10 + 40.0)
        album.keep()
        if scale == "1":
            show.choose(-1)
            desk.canvas.fit()
            page.tabs.choose("coverage")
            page.coverage.theme_taken.emit("patrol-interval")
            wait(lambda: page.coverage.streets.rows.rowCount() > 0)
            album.keep()
            album.keep_dialog(window.steps.settings_asked.emit)
        save(sheet(album.pictures, look, float(scale)), folder / f"patrol-{code[:2]}-{look}-{round(100 * float(scale))}.png")


def dialogs(desk: object) -> list[Callable[[], object]]:
    """Return what opens each dialog."""
    from gridplanner.i18n import _
    from sample_data import SAMPLE_PLAN
    from ui.crash_box import CrashBox
    from ui.desk import Desk
    from ui.error_box import show_error

    assert isinstance(desk, Desk)
    data = Path(SAMPLE_PLAN).parent
    found = [path for path in (data, *data.iterdir()) if path.is_dir() and any(path.glob("*.shp"))]
    qt = desk.window.action_set.qt
    crash = CrashBox(
        "gridplanner\n  ui/map/painter.py:118 paint\nIndexError",
        _("Every edit is in this computer's journal: should the program end, the next start offers your work."),
        lambda _path, _told: None, desk.window,
    )  # fmt: skip

    crash.setParent(None)

    def open_crash() -> None:
        crash.setParent(desk.window, crash.windowFlags())
        crash.open()

    opens: list[Callable[[], object]] = [lambda: desk.files.import_data(found[:1])]
    opens += [qt[name].trigger for name in ("settings", "replan", "export", "proof", "shortcuts", "basemap") if name in qt]
    return [*opens, lambda: show_error(desk.window, "homes.shp: its .shx is missing; copy all files of the shapefile"), open_crash]


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["--plan"]:
        plan(Path(words[1]))
    elif words[:1] == ["--patrol"]:
        take_each(__file__, "--plan-patrol", "--take-patrol", Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--plan-patrol"]:
        plan_patrol(Path(words[1]))
    elif words[:1] == ["--take-patrol"]:
        take_patrol(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--rail"]:
        take_each(__file__, "--plan-rail", "--take-rail", Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--plan-rail"]:
        plan_rail(Path(words[1]))
    elif words[:1] == ["--take-rail"]:
        take_rail(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--roster"]:
        take_each(__file__, "--plan-roster", "--take-roster", Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--plan-roster"]:
        plan_roster(Path(words[1]))
    elif words[:1] == ["--take-roster"]:
        take_roster(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--import"]:
        take_each(__file__, "--plan-import", "--take-import", Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--plan-import"]:
        plan_import(Path(words[1]))
    elif words[:1] == ["--take-import"]:
        take_import(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--team"]:
        take_each(__file__, "--plan-team", "--take-team", Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--plan-team"]:
        plan_team(Path(words[1]))
    elif words[:1] == ["--take-team"]:
        take_team(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--keeping"]:
        take_each(__file__, "--plan", "--take-keeping", Path(words[1]) if words[1:] else HERE)
    elif words[:1] == ["--take-keeping"]:
        take_keeping(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words[:1] == ["--take"]:
        take(words[1], words[2], words[3], Path(words[4]), Path(words[5]))
    elif words and words[0].startswith("-"):
        sys.exit(__doc__)
    else:
        main(Path(words[0]) if words else HERE)
