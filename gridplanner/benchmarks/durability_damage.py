"""Damaged project files: each copy opens as what was saved or is refused in words; what can be saved of the others is counted."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.damages import DAMAGES
from gridplanner.benchmarks.own_process import in_own_process
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.salvage import salvaged
from gridplanner.io.packing import pack
from gridplanner.io.project_file import open_saved, save_saved
from gridplanner.io.project_text import tree_text
from gridplanner.io.project_values import stored
from gridplanner.io.saved import Saved, new_id
from gridplanner.model.changes import Change, ChangeLine
from gridplanner.model.project import Project

COPIES = 500
SECONDS = 5.0  # a file that takes longer to be opened or refused hangs
DATA = "GRIDPLANNER_TEST_DATA"
NOTES = (
    "Damaged files: copies of a planned town (Liechtenstein where the test data is there, else the sample town) with a log of 200 changes, "
    "each damaged in one of eleven ways by chance. Accepted silently is one that opens as anything but what was saved, mark and log "
    "included; recovered wholly is a project equal to the last bit of data. Files whose damage lies in a layer that is only shown open as "
    "saved.",
)


def rows_of_damage(progress: Progress = SILENT, quick: bool = False) -> tuple[list[Row], list[str]]:
    """Return the rows and notes; `quick` takes a fifth of the copies."""
    share = 0.2 if quick else 1.0
    total: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as name:
        path = Path(name, "town.gridplan")
        in_own_process("durability_damage", task="make", path=str(path), damage="", count=0)
        for done, (damage, (count, _how)) in enumerate(DAMAGES.items()):
            progress.check()
            progress.report(done / len(DAMAGES), damage)
            copies = round(count * share)
            try:
                found = in_own_process("durability_damage", task="damage", path=str(path), damage=damage, count=copies)
            except RuntimeError:  # the interpreter itself came down
                found = {"copies": copies, "crashed": copies}
            slowest = max(slowest, found.pop("slowest", 0.0))
            total.update(found)
    copies = total["copies"]
    case = f"{copies} damaged files"
    lost = total["refused"] - total["wholly"] - total["partly"]
    return [
        at_most(case, "crashes", total["crashed"], 0),
        at_most(case, "accepted silently", total["silent"], 0),
        at_most(case, "slowest to open or refuse", slowest, SECONDS, "s"),
        Row(case, "open as saved", total["opened"]),
        Row(case, "refused in words", total["refused"]),
        Row(case, "of these recovered wholly", total["wholly"]),
        Row(case, "of these recovered in part", total["partly"]),
        Row(case, "of these nothing left", lost),
        at_most(case, "recovered otherwise without a note", total["untold"], 0),
    ], list(NOTES)


def measure(task: str, path: str, damage: str, count: int) -> dict[str, float]:
    """Make the town, or damage `count` copies of it in one way and return what became of them."""
    if task == "make":
        save_saved(_town(), Path(path))
        return {}
    place = Path(path)
    whole = open_saved(place)
    truth = content_of(whole.project)
    found: Counter[str] = Counter(copies=count)
    slowest = 0.0
    seed = list(DAMAGES).index(damage)
    copy = place.with_name("copy.gridplan")
    for number in range(count):
        shutil.copyfile(place, copy)
        DAMAGES[damage][1](copy, np.random.default_rng((seed, number)))
        start = time.perf_counter()
        found.update(outcome(copy, whole, truth))
        slowest = max(slowest, time.perf_counter() - start)
    return {**found, "slowest": slowest}


def outcome(path: Path, whole: Saved, truth: str) -> list[str]:
    """Return in words what became of a damaged file; `truth` is the content of the project that was saved."""
    try:
        opened = open_saved(path)
    except ProjectFileError as why:
        if path.name not in str(why):
            return ["crashed"]
    except Exception:
        return ["crashed"]
    else:
        same = content_of(opened.project) == truth and opened.mark == whole.mark and opened.changes == whole.changes
        return ["opened" if same else "silent"]
    return ["refused", *_salvage(path, whole, truth)]


def _salvage(path: Path, whole: Saved, truth: str) -> list[str]:
    try:
        found = salvaged(path)
        content = content_of(found.project)
    except ProjectFileError:
        return []
    except Exception:
        return ["crashed"]
    same = content == truth
    untold = not found.notes and not (same and found.mark == whole.mark and found.changes == whole.changes)
    return ["wholly" if same else "partly", *(["untold"] if untold else [])]


def content_of(project: Project) -> str:
    """Return a text that is the same for two projects that are equal to the last bit."""
    packed = pack(project)
    return tree_text(packed.tree) + json.dumps([(one.name, one.digest) for one in stored(packed.arrays, SILENT)])


def _town() -> Saved:
    from gridplanner.io.sources import read_sources
    from gridplanner.plan_file import read_plan

    folder = Path(os.environ.get(DATA, ""), "towns")
    if os.environ.get(DATA) and (folder / "liechtenstein.osm.pbf").exists():
        from gridplanner.benchmarks.real_towns import town_settings

        settings = town_settings("Liechtenstein", folder, 1)
    else:
        from sample_data import SAMPLE_PLAN

        settings = read_plan(Path(SAMPLE_PLAN))
    project = _planned(read_sources(settings))
    lines = (ChangeLine("grid", "7", "name", "一网格", "二网格"),)
    changes = tuple(Change(number, 1.7e9 + number / 7, "a@b", f"Move units {number}", "done", lines) for number in range(1, 201))
    mark = dataclasses.replace(Saved(project).mark, project_id=new_id(), number=200)
    return Saved(project, mark, changes)


def _planned(project: Project) -> Project:
    from gridplanner.planning.grids import propose_grids
    from gridplanner.planning.units import propose_units

    steps: tuple[Any, ...] = (propose_units, propose_grids)
    for propose in steps:
        project = propose(project).apply(project)
    return project
