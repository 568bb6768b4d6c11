"""Measures the window at work: `python -m tests.ui.measure_flow [HOUSEHOLDS]`: files → plan → project file, and the longest gap.

The gaps are those of a 5 ms timer in the window's own event loop, from the drop of the files to the saved project.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

START = time.perf_counter()

from PySide6.QtCore import QSettings, Qt, QTimer  # noqa: E402  (the window's start is measured from the first line)
from PySide6.QtWidgets import QApplication  # noqa: E402

from ui.app import make_app, make_window  # noqa: E402
from ui.main_window import MainWindow  # noqa: E402
from ui.preferences import Preferences  # noqa: E402


def write_sources(households: int, folder: Path) -> list[Path]:
    """Write a made city as files and return them; done in a process of its own, so that this one stays as light as the window."""
    import subprocess

    files = [folder / f"{name}.gpkg" for name in ("communities", "households", "roads")]
    if not all(file.exists() for file in files):
        code = f"from tests.ui.measure_flow import write_city; write_city({households}, {str(folder)!r})"
        subprocess.run([sys.executable, "-c", code], check=True)
    return files


def write_city(households: int, folder: str) -> None:
    """Write the layers of a made city."""
    import shapely

    from gridplanner.benchmarks.made_city import made_city
    from gridplanner.io.vector_files import write_gpkg_layer

    city = made_city(households)
    homes, roads, areas = city.households, city.roads, city.communities
    lines = shapely.linestrings(roads.lines.coords, indices=[i for i in range(len(roads)) for _ in roads.lines.line(i)])
    where = Path(folder)
    write_gpkg_layer(
        where / "households.gpkg", "households", shapely.points(homes.xy),
        {"hh": homes.households, "pop": homes.persons, "addr": homes.address}, geometry="Point", crs=city.crs,
    )  # fmt: skip
    write_gpkg_layer(
        where / "roads.gpkg", "roads", lines, {"class": roads.highway, "name": roads.names}, geometry="LineString", crs=city.crs
    )  # fmt: skip
    write_gpkg_layer(
        where / "communities.gpkg", "communities", areas.polygons, {"code": areas.codes, "name": areas.names}, geometry="Polygon",
        crs=city.crs,
    )  # fmt: skip


class Stopwatch:
    """Notes the gaps of a 5 ms timer, and when each stage of the work was done."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, float]] = []
        self.gaps: list[tuple[float, float, str]] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.began = self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def stage(self, name: str) -> None:
        self.stages.append((name, time.perf_counter() - self.began))

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last, now - self.began, self.stages[-1][0] if self.stages else "look"))
        self._last = now

    def told(self) -> str:
        lines = [f"{name:<10} {seconds:6.2f} s" for name, seconds in self.stages]
        longest = sorted(self.gaps, reverse=True)[:6]
        lines += [f"longest gaps: {', '.join(f'{1000 * gap:.0f} ms at {at:.2f} s (after {stage})' for gap, at, stage in longest)}"]
        return "\n".join(lines)


def run(households: int, picture: Path | None) -> Stopwatch:
    """Drop the files, accept what is guessed, partition, save; return what was measured."""
    folder = Path(tempfile.gettempdir()) / f"gridplanner-flow-{households}"
    folder.mkdir(exist_ok=True)
    saved = folder / "flow.gridplan"
    saved.unlink(missing_ok=True)
    files = write_sources(households, folder)
    preferences = Preferences(QSettings(str(folder / "preferences.ini"), QSettings.Format.IniFormat))
    app = make_app(preferences)
    began = time.perf_counter()
    window = make_window(preferences)
    window.painted_first.connect(lambda: print(f"first window {1000 * (time.perf_counter() - began + import_seconds):.0f} ms after start"))
    watch = Stopwatch()
    QTimer.singleShot(6000, lambda: _flow(window, files, saved, watch, app))  # the worker is warm by then
    app.exec()
    assert window.desk is not None
    if picture is not None:
        window.grab().save(str(picture))
    window.desk.close()
    return watch


def _flow(window: MainWindow, files: list[Path], saved: Path, watch: Stopwatch, app: QApplication) -> None:
    from ui.dialogs.import_dialog import ImportDialog

    desk = window.desk
    assert desk is not None
    desk.jobs.failed.connect(lambda text, details: (print(text, details), app.exit(1)))
    watch.start()

    def when(condition: Callable[[], object], then: Callable[[], object]) -> None:
        if condition():
            then()
        else:
            QTimer.singleShot(5, lambda: when(condition, then))

    def accept() -> None:
        watch.stage("look")
        window.findChildren(ImportDialog)[0].accept()
        when(lambda: desk.session.project.provenance and not desk.jobs.is_busy, partition)

    def partition() -> None:
        watch.stage("read")
        desk.runner.run_step("grids")
        when(lambda: desk.session.project.grids is not None and not desk.jobs.is_busy, save)

    def save() -> None:
        watch.stage("partition")
        desk.files.path = saved
        desk.files.save()
        when(lambda: desk.session.is_saved, shown)

    def shown() -> None:
        watch.stage("saved")
        project = desk.session.project
        when(lambda: desk.canvas.frame is not None and desk.canvas.frame.showing.project is project, drawn)

    def drawn() -> None:
        watch.stage("drawn")
        when(lambda: desk.derived.project is desk.session.project and desk.derived.issues is not None, checked)

    def checked() -> None:
        watch.stage("checked")
        QTimer.singleShot(300, watch.stop)
        QTimer.singleShot(310, app.quit)

    desk.files.drop(files)
    when(lambda: any(dialog.accept_button.isEnabled() for dialog in window.findChildren(ImportDialog)), accept)


import_seconds = time.perf_counter() - START

if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    shot = Path(os.environ["SHOT"]) if "SHOT" in os.environ else None
    print(run(wanted, shot).told())
