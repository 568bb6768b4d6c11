"""Measures the window while it saves: `python -m ui.saving_benchmark PROJECT EDITS` prints figures as JSON.

Edits by hand in the real window, painted by software into memory: first with nothing else going on, then as many while the project is
being saved in the background, again and again. The journal is attached, as it is for a planner.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.project import Project
from ui.app import make_app, make_window
from ui.canvas_benchmark import SIZE, Figures, _Gaps, _idle, _is_shown, _is_whole, _preferences, _wait

PAUSE = 0.12  # seconds between two edits: a quick hand


def saving_figures(path: str, edits: int) -> Figures:
    """Return the milliseconds of edits with and without a save under way, and the gaps in the event loop."""
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRIDPLANNER_STATE"] = str(Path(folder) / "state")
        mine = Path(folder) / "city.gridplan"
        shutil.copy(path, mine)
        preferences = _preferences(folder)
        make_app(preferences)
        window = make_window(preferences)
        window.resize(*SIZE)
        _wait(lambda: window.desk is not None)
        desk = window.desk
        assert desk is not None
        _idle(5.0)  # the worker is warm by then
        desk.files.open(mine)
        _wait(lambda: desk.session.project.units is not None and _is_shown(desk))
        _wait(lambda: desk.derived.issues is not None and _is_whole(desk.canvas))
        desk.files.saves.saving.warm()
        _idle(5.0)
        hand = _Hand(desk)
        for _number in range(10):
            hand.edit()
        for name in ("quiet", "saving"):
            hand.begin()
            gaps = _Gaps()
            saves, taken, began = 0, [], time.perf_counter()
            for _number in range(edits):
                if name == "saving" and not desk.files.saves.is_saving:
                    if saves:
                        taken.append(time.perf_counter() - began)
                    saves, began = saves + 1, time.perf_counter()
                    desk.files.save()
                hand.edit()
            figures |= {f"{name}_{key}": value for key, value in hand.figures().items()} | gaps.figures(f"{name}_")
            if name == "saving":
                _wait(lambda: not desk.files.saves.is_saving)
                figures |= {"saves": float(saves), "save_s": float(np.median(taken or [time.perf_counter() - began]))}
        desk.close()
    figures["added_median_ms"] = figures["saving_done_median_ms"] - figures["quiet_done_median_ms"]
    figures["added_worst_ms"] = figures["saving_done_worst_ms"] - figures["quiet_done_worst_ms"]
    return figures


class _Hand:
    """Moves a unit across a border and back, somewhere in the plan, and notes how long the hand waits and until it is seen."""

    def __init__(self, desk: object) -> None:
        self._desk = desk
        self._rng = np.random.default_rng(1)
        self.begin()

    def begin(self) -> None:
        self._done: list[float] = []
        self._shown: list[float] = []

    def edit(self) -> None:
        desk = self._desk
        edit = _move(desk.session.project, self._rng)  # type: ignore[attr-defined]
        for change in (lambda: desk.session.do(edit), desk.session.undo):  # type: ignore[attr-defined]
            began = time.perf_counter()
            change()
            self._done.append(1000 * (time.perf_counter() - began))
            _wait(lambda: _is_shown(desk))
            QCoreApplication.processEvents()
            self._shown.append(1000 * (time.perf_counter() - began))
            _idle(PAUSE)

    def figures(self) -> Figures:
        """Return the median and the worst until the edit is done and until it is shown."""
        found: Figures = {}
        for name, taken in (("done", self._done), ("shown", self._shown)):
            found |= {f"{name}_median_ms": float(np.median(taken)), f"{name}_p95_ms": float(np.percentile(taken, 95))}
            found[f"{name}_worst_ms"] = float(np.max(taken))
        return found


def _move(project: Project, rng: np.random.Generator) -> MoveUnits:
    """Return an edit that moves one unit to a neighbouring grid of its community."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    while True:
        row = int(rng.integers(len(units.left)))
        a, b = int(units.left[row]), int(units.right[row])
        if a < 0 or b < 0 or units.community[a] != units.community[b] or plan.labels[a] == plan.labels[b]:
            continue
        edit = MoveUnits((a,), int(plan.labels[b]))
        try:
            edit.apply(project)
        except Exception:  # it would leave its grid in pieces or empty
            continue
        return edit


if __name__ == "__main__":
    print(json.dumps(saving_figures(sys.argv[1], int(sys.argv[2])), indent=1))
