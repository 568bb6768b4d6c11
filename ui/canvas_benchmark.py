"""Measures the map at work: `python -m ui.canvas_benchmark PART JSON` prints figures as JSON; `gridplanner benchmark canvas` asks for them.

Everything is measured in the real canvas or the real window, 1920 × 1080, painted by software into memory. Wall times suffer from
whatever else the machine does, so the processor's time of the thread at work stands beside them where one thread does the work.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF, QSettings, Qt, QTimer

from gridplanner.benchmarks.made_lattice import made_lattice
from gridplanner.benchmarks.own_process import peak_gib
from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.project import Project
from ui.app import SWITCH, make_app, make_window
from ui.collector import Collector
from ui.map.bounds import bounds_of
from ui.map.canvas import AHEAD, Canvas
from ui.map.painter import Painter
from ui.map.regions import Region
from ui.map.scene import Request, Showing
from ui.map.view import View
from ui.preferences import Preferences
from ui.styles import LIGHT

SIZE = (1920, 1080)
FRAME = 1 / 60  # seconds
GRID = (5, 6)  # units down and across a grid of the projects that are edited
LONGEST = 120.0  # seconds until something that should have happened is given up
Figures = dict[str, float]


def canvas_figures(points: int, polygons: int, roads: int, frames: int, repeats: int) -> Figures:
    """Return figures of a map of points, polygons of 20 corners and streets of 5 segments: frames, crisp pictures, gaps."""
    _app()
    side = round(polygons**0.5)
    project = made_lattice((side, side), (1, 1), points, roads=(roads, 5))
    figures = _crisp(project, repeats)
    canvas = Canvas(Showing(project, LIGHT, "en"))
    canvas.resize(*SIZE)
    canvas.show()
    canvas.fit()
    canvas.show_project(canvas.showing)
    _wait(lambda: _is_whole(canvas))
    figures |= _frames(canvas, frames)
    canvas.close_threads()
    return figures | {"peak_gib": peak_gib()}


def edit_figures(grids: int, repeats: int, near: bool) -> Figures:
    """Return the milliseconds from an edit to its picture and figures in the real window, over `repeats` rounds of three edits."""
    _app()
    across = round((grids * 9 / 5) ** 0.5)
    down = round(grids / across)
    project = made_lattice((down * GRID[0], across * GRID[1]), GRID, 60 * grids, bends=2)
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(_preferences(folder))
        window.resize(*SIZE)
        _wait(lambda: window.desk is not None)
        desk = window.desk
        assert desk is not None
        desk.session.open(project, saved=True)
        desk.canvas.fit()
        _wait(lambda: desk.derived.project is project and desk.derived.issues is not None and _is_whole(desk.canvas))
        if near:
            desk.canvas.zoom_to((0.0, 0.0, 12 * GRID[1] * 90.0, 8 * GRID[0] * 90.0))
            _wait(lambda: _is_whole(desk.canvas) and not desk.canvas.is_moving)
        times: dict[str, list[float]] = {"assign": [], "push": [], "undo": []}
        own, painting = [], _painting(desk.canvas)

        def timed(name: str, change: Callable[[], object]) -> None:
            began, began_own = time.perf_counter(), time.thread_time()
            change()
            _wait(lambda: _is_shown(desk))
            QCoreApplication.processEvents()  # what is to be painted anew is painted
            times[name].append(1000 * (time.perf_counter() - began))
            own.append(1000 * (time.thread_time() - began_own))
            _wait(lambda: desk.derived.issues is not None)
            _idle(0.03)

        for number in range(repeats + 2):
            assign, push = _edits(desk.session.project, number, across)
            for name, edit in (("assign", assign), ("push", push)):
                timed(name, lambda edit=edit: desk.session.do(edit))  # type: ignore[misc]
                timed("undo", desk.session.undo)
        desk.close()
    figures: Figures = {}
    for name, taken in times.items():
        figures |= {f"{name}_ms": float(np.median(taken[2:])), f"{name}_p99_ms": float(np.percentile(taken[2:], 99))}
    every = [one for taken in times.values() for one in taken[2:]]
    figures |= {
        "edit_ms": float(np.median(every)),
        "edit_cpu_ms": float(np.median(own[8:])),
        "paint_cpu_ms": float(np.median(painting[8:])),
    }
    return figures | {"grids": float(len(project.grids or ()))}


def _painting(canvas: Canvas) -> list[float]:
    """Return a list that takes the milliseconds of the processor of every answer of the painting thread from now on."""
    taken: list[float] = []
    answer = canvas._latest._answer

    def watched(request: object, is_obsolete: Callable[[], bool]) -> Iterator[object]:
        began = time.thread_time()
        yield from answer(request, is_obsolete)
        taken.append(1000 * (time.thread_time() - began))

    canvas._latest._answer = watched
    return taken


def open_figures(path: str) -> Figures:
    """Return the seconds to a project opened and drawn in the window, the gaps in the event loop meanwhile, and the memory."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        preferences = _preferences(folder)
        make_app(preferences)
        window = make_window(preferences)
        window.resize(*SIZE)
        _wait(lambda: window.desk is not None)
        desk = window.desk
        assert desk is not None
        _idle(6.0)  # the worker is warm by then
        gaps = _Gaps()
        began = time.perf_counter()
        desk.files.open(Path(path))
        _wait(lambda: desk.session.project.units is not None and _is_shown(desk))
        figures["open_s"] = time.perf_counter() - began
        _wait(lambda: desk.derived.issues is not None and _is_whole(desk.canvas))
        figures["checked_s"] = time.perf_counter() - began
        figures |= gaps.figures("open_")
        figures["peak_gib"] = peak_gib()
        figures["now_gib"] = _now_gib()
        desk.close()
    return figures


def _crisp(project: Project, repeats: int) -> Figures:
    """Return the milliseconds of the window's picture at three scales, by the painter alone: wall and processor."""
    painter, bounds = Painter(), bounds_of(project)
    assert bounds is not None
    full = View(width=SIZE[0], height=SIZE[1]).fitted(bounds)
    figures: Figures = {}
    for name, closer in (("full", 1.0), ("16", 4.0), ("144", 12.0)):
        wall, own = [], []
        for number in range(repeats + 1):  # the first picture of a scale makes paths and labels
            view = dataclasses.replace(full, scale=full.scale * closer, x=full.x + 3.0 * number)
            wide, left, top = view.widened(AHEAD)
            wanted = Request(Showing(project, LIGHT, "en"), wide, 1.0, Region(left, top, *SIZE))
            began, began_own = time.perf_counter(), time.thread_time()
            answers = painter.frames(wanted, lambda: False)
            next(answers)
            wall.append(1000 * (time.perf_counter() - began))
            own.append(1000 * (time.thread_time() - began_own))
            for _margin in answers:
                pass
        figures |= {f"crisp_{name}_ms": float(np.median(wall[1:])), f"crisp_{name}_cpu_ms": float(np.median(own[1:]))}
        figures[f"first_{name}_ms"] = wall[0]
    return figures


def _frames(canvas: Canvas, frames: int) -> Figures:
    """Return the milliseconds of a frame while the map is dragged and zoomed, and the gaps in the event loop meanwhile."""
    taken, own, gaps = [], [], _Gaps()
    for number in range(frames):
        began, began_own = time.perf_counter(), time.thread_time()
        if number % 60 < 40:
            canvas.look(canvas.view.panned(9.0 if number % 120 < 60 else -9.0, 5.0 if number % 80 < 40 else -5.0))
        else:
            canvas.zoom(1.06 if number % 120 < 60 else 1 / 1.06, QPointF(700.0, 400.0))
        canvas.repaint()
        taken.append(1000 * (time.perf_counter() - began))
        own.append(1000 * (time.thread_time() - began_own))
        _idle(max(FRAME - (time.perf_counter() - began), 0.0))
    found = {"frame_ms": np.median(taken), "frame_p99_ms": np.percentile(taken, 99), "frame_cpu_ms": np.median(own)}
    return {name: float(value) for name, value in found.items()} | gaps.figures("fly_")


def _edits(project: Project, number: int, across: int) -> tuple[Edit, Edit]:
    """Return two edits near the upper left of the plan: 100 units of five grids to a sixth, and a row of units across a border."""
    plan = project.grids
    assert plan is not None
    first = number % 2 * across + number % 2
    target, givers = first, (first + 1, first + 2, first + across, first + across + 1, first + across + 2)
    units = np.concatenate([np.flatnonzero(plan.labels == giver)[:20] for giver in givers])
    wide = across * GRID[1]
    border = np.flatnonzero((plan.labels == first + 1) & (np.arange(len(plan.labels)) % wide == (first + 1) % across * GRID[1]))
    return MoveUnits(tuple(units.tolist()), target), MoveUnits(tuple(border.tolist()), first)


class _Gaps:
    """The gaps of a timer of 5 ms."""

    def __init__(self) -> None:
        self._gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append(1000 * (now - self._last))
        self._last = now

    def figures(self, prefix: str) -> Figures:
        self._timer.stop()
        return {f"{prefix}gap_p999_ms": float(np.percentile(self._gaps, 99.9)), f"{prefix}gap_worst_ms": float(np.max(self._gaps))}


def _is_shown(desk: Any) -> bool:
    frame, project = desk.canvas.frame, desk.session.project
    return frame is not None and frame.showing.project is project and desk.derived.project is project and not desk.canvas.is_unfinished


def _is_whole(canvas: Canvas) -> bool:
    frame = canvas.frame
    same = frame is not None and frame.showing.project is canvas.showing.project
    return frame is not None and same and (frame.region.width, frame.region.height) == (frame.view.width, frame.view.height)


def _wait(condition: Callable[[], object]) -> None:
    """Let the event loop sleep and work until something holds; raises TimeoutError where it never does."""
    loop, end = QEventLoop(), time.perf_counter() + LONGEST
    while not condition():
        if time.perf_counter() > end:
            raise TimeoutError("the window did not do what was asked of it")
        QTimer.singleShot(20, loop.quit)
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _idle(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _app() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(_preferences(folder))
    sys.setswitchinterval(SWITCH)
    Collector(app)


def _preferences(folder: str) -> Preferences:
    kept = Preferences(QSettings(str(Path(folder) / "preferences.ini"), QSettings.Format.IniFormat), "en")
    kept.remember_choice("tour", "seen")
    return kept


def _now_gib() -> float:
    """Return the memory of this process at present, in GiB; NaN where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
    return int(lines["VmRSS"].split()[0]) / 2**20


PARTS: dict[str, Callable[..., Figures]] = {"canvas": canvas_figures, "edits": edit_figures, "open": open_figures}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as state:
        os.environ["GRIDPLANNER_STATE"] = state  # what a measurement keeps is not the planner's
        measured = PARTS[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(measured))
