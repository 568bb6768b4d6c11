"""The map at work: frames, crisp pictures, edits, opening a large project; measured by the window's own program, which is asked in words.

Nothing here knows Qt: `python -m ui.canvas_benchmark` runs in a process of its own, as a planner's window does, and prints its figures.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from algorithms.progress import Progress
from gridplanner.benchmarks.table import Row, at_most

MEASURES, START = "ui.canvas_benchmark", "ui.first_window"
QGIS = "GRIDPLANNER_QGIS"  # a Python that can import qgis.core
CASES = ("map", "edits", "open")
NOTES = (
    "1920 × 1080, painted by software into memory; wall time, with the processor's time beside it where one thread does the work.",
    "Map: 1,000,000 points, 20,000 polygons of 20 corners as grids with borders and labels, 100,000 streets of 5 segments; below "
    "0.12 pixels per metre only arterials are drawn, below 0.35 no lanes, below 0.5 no paths.",
    "Edits: 100 units assigned, 5 pushed across a border, and each undone, in the whole window with table and figures, at full extent.",
    f"QGIS stands beside only where {QGIS} names a Python that has it; it reads files at every picture, draws points of 2 pixels and no "
    "labels, so the two are not alike.",
)
Figures = Mapping[str, float]


def benchmark_canvas(progress: Progress, *, quick: bool, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of all cases, or of some; `quick` takes a tenth of everything."""
    asked = cases or CASES
    parts = {"map": _map_rows, "edits": _edit_rows, "open": _open_rows}
    rows: list[Row] = []
    for number, name in enumerate(name for name in CASES if name in asked):
        progress.report(number / len(asked), name)
        rows += parts[name](quick)
    return rows


def _map_rows(quick: bool) -> list[Row]:
    size = {"points": 100_000, "polygons": 2000, "roads": 10_000} if quick else {"points": 1_000_000, "polygons": 20_000, "roads": 100_000}
    found = _measured("canvas", **size, frames=120 if quick else 600, repeats=5 if quick else 9)
    qgis = _qgis_figures(size)
    case = f"map of {size['points']:,} points"
    rows = [
        at_most(case, "frame while panning and zooming, median", found["frame_ms"], 16, "ms"),
        at_most(case, "the same, processor", found["frame_cpu_ms"], None, "ms"),
        at_most(case, "the same, 99th percentile", found["frame_p99_ms"], 33, "ms"),
    ]
    for key, words, bar in (("full", "full extent", 200), ("16", "1:16 of the area", 40), ("144", "1:144 of the area", 15)):
        peers = {"QGIS": qgis[key]} if key in qgis else {}
        rows.append(at_most(case, f"crisp window, {words}", found[f"crisp_{key}_ms"], bar, "ms", peers))
        rows.append(at_most(case, f"crisp window, {words}, processor", found[f"crisp_{key}_cpu_ms"], None, "ms"))
        rows.append(at_most(case, f"the first picture, {words}", found[f"first_{key}_ms"], None, "ms"))
    return [
        *rows,
        at_most(case, "gap in the event loop, 99.9th percentile", found["fly_gap_p999_ms"], 50, "ms"),
        at_most(case, "gap in the event loop, longest", found["fly_gap_worst_ms"], 150, "ms"),
        at_most(case, "peak memory", found["peak_gib"], None, "GiB"),
    ]


def _edit_rows(quick: bool) -> list[Row]:
    few, many = 100, 500 if quick else 5000
    found = {grids: _measured("edits", grids=grids, repeats=10 if quick else 40, near=False) for grids in (few, many)}
    rows = []
    for figures in found.values():
        case = f"edits among {figures['grids']:,.0f} grids"
        for key, words in (("assign", "assign 100 units"), ("push", "push a border"), ("undo", "undo")):
            rows.append(at_most(case, f"{words}, median", figures[f"{key}_ms"], 16, "ms"))
            rows.append(at_most(case, f"{words}, 99th percentile", figures[f"{key}_p99_ms"], 33, "ms"))
        rows.append(at_most(case, "all three, processor of the window's thread", figures["edit_cpu_ms"], None, "ms"))
        rows.append(at_most(case, "all three, processor of the painting thread", figures["paint_cpu_ms"], None, "ms"))
    ratio = found[many]["edit_ms"] / max(found[few]["edit_ms"], 1e-9)
    return [*rows, at_most("edits", f"median with {many:,} grids ÷ with {few}", ratio, 1.3)]


def _open_rows(quick: bool) -> list[Row]:
    from gridplanner.benchmarks.made_city import made_city
    from gridplanner.benchmarks.own_process import planned
    from gridplanner.io.project_file import save_project

    households = 50_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.gridplan"
        save_project(planned(made_city(households))[0], path)
        found = _measured("open", path=str(path))
    case = f"project of {households:,} households"
    return [
        at_most("start", "first window after the program's start, median", _first_window(3 if quick else 7), 0.7, "s"),
        at_most(case, "opened and drawn", found["open_s"], 3, "s"),
        at_most(case, "opened, drawn and checked", found["checked_s"], None, "s"),
        at_most(case, "gap in the event loop meanwhile, 99.9th percentile", found["open_gap_p999_ms"], 50, "ms"),
        at_most(case, "gap in the event loop meanwhile, longest", found["open_gap_worst_ms"], 150, "ms"),
        at_most(case, "memory of the window with it open", found["now_gib"], 1.2, "GiB"),
        at_most(case, "peak memory, with the worker", found["peak_gib"], None, "GiB"),
    ]


def _measured(part: str, **words: object) -> Figures:
    """Return what the window's program measures; RuntimeError where it fails."""
    command = [sys.executable, "-m", MEASURES, part, json.dumps(words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if done.returncode:
        raise RuntimeError(f"the measurement {part} {words} failed: {done.stderr.strip()[-600:]}")
    figures: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def _first_window(repeats: int) -> float:
    """Return the median of the seconds from the start of the program to the first picture of its window."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    taken = []
    for _repeat in range(repeats):
        command = [sys.executable, "-m", START, str(time.time())]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        taken.append(float(done.stdout))
    return statistics.median(taken)


def _qgis_figures(size: Mapping[str, int]) -> Figures:
    """Return the milliseconds of QGIS's pictures of the same data, nothing where no Python of QGIS is named."""
    python = os.environ.get(QGIS)
    if not python:
        return {}
    from gridplanner.benchmarks.canvas_qgis import SCRIPT, write_layers

    with tempfile.TemporaryDirectory() as folder:
        write_layers(size, Path(folder))
        without_screen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run([python, "-c", SCRIPT, folder], capture_output=True, text=True, check=False, env=without_screen)
    if done.returncode:
        raise RuntimeError(f"QGIS failed: {done.stderr.strip()[-600:]}")
    figures: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return figures
