"""A project of a million households: how long it takes to save and to open, what its journal costs, and edits while it is being saved."""

from __future__ import annotations

import contextlib
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.own_process import in_own_process, peak_gib, planned
from gridplanner.benchmarks.random_hand import KINDS
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.edits.edit import Edit
from gridplanner.errors import EditRejected
from gridplanner.io.keeping.delta import delta_of
from gridplanner.io.keeping.entry import entry_to_bytes
from gridplanner.io.keeping.workplace import left_behind, recovered
from gridplanner.io.project_places import open_at, save_at
from gridplanner.io.saved import Saved
from gridplanner.journalling import Journalling
from gridplanner.model.project import Project
from gridplanner.session import Session

HOUSEHOLDS, FEWER = 1_000_000, 100_000
ORDINARY = ("assign", "push border", "merge", "lock", "rename", "workers", "rule", "setting", "scenario")
CUTS = ("new grid", "cut", "split", "reshape border")
EACH = 6  # edits of a kind that are measured
SAVE_S, OPEN_S, LATENCY_MS, ENTRY_KIB, DURABLE_MS = 8.0, 3.0, 16.0, 5.0, 50.0
BESIDE = "gridplanner.benchmarks.durability_size"
NOTES = (
    "Large project: a made city in one file with all that it shows in QGIS. Saved and opened in processes of their own, fsync included; "
    "the memory is the process's highest, its libraries included.",
    "Latency: Session.do of edits by hand (assign 100 units, push a border, merge, lock, rename, people on duty, rules, settings, "
    "scenarios) with the journal attached, while another process of this computer saves the same project; the edit itself, the change log "
    "and the journal are within it, painting is not. Cuts, which trace new borders in the units (cut, split, reshape, draw a grid), are "
    "told apart, as the time they take is their own.",
    "Bytes of an edit: its record in the journal, change log included; the greatest of its kind. Durable: from the return of Session.do "
    "until the disk has confirmed it (fsync), while the save runs.",
)


def rows_of_size(progress: Progress = SILENT, quick: bool = False) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of a city, and notes."""
    households = FEWER if quick else HOUSEHOLDS
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        city = Path(folder, "city.gridplan")
        made = in_own_process("durability_size", task="make", folder=folder, households=households)
        progress.report(0.3, "city")
        saves = [in_own_process("durability_size", task="save", folder=folder, households=0) for _run in range(1 if quick else 3)]
        opens = [in_own_process("durability_size", task="open", folder=folder, households=0) for _run in range(1 if quick else 3)]
        progress.report(0.7, "city")
        found = in_own_process("durability_size", task="edit", folder=folder, households=0)
        size = city.stat().st_size / 2**20
    case = f"{households:,} households, {made['grids']:,.0f} grids"
    rows = [
        at_most(case, "saved", statistics.median(run["seconds"] for run in saves), SAVE_S, "s"),
        at_most(case, "peak memory, save", max(run["gib"] for run in saves), None, "GiB"),
        at_most(case, "opened", statistics.median(run["seconds"] for run in opens), OPEN_S, "s"),
        at_most(case, "peak memory, open", max(run["gib"] for run in opens), None, "GiB"),
        at_most(case, "file", size, None, "MiB"),
        at_most(case, "edit while saving, median", found["latency_median"], LATENCY_MS, "ms"),
        at_most(case, "edit while saving, worst", found["latency_worst"], LATENCY_MS, "ms"),
        at_most(case, "edit, nothing saved meanwhile, median", found["quiet_median"], None, "ms"),
        at_most(case, "journal's share of it, median", found["journal_median"], None, "ms"),
        at_least(case, "edits while saving", found["edits"], None),
        at_most(case, "durable, median", found["durable_median"], DURABLE_MS, "ms"),
        at_most(case, "durable, worst", found["durable_worst"], DURABLE_MS, "ms"),
        at_most(case, "cut while saving, median", found["cuts_median"], None, "ms"),
        at_most(case, "cut while saving, worst", found["cuts_worst"], None, "ms"),
        at_most(case, "recovery of all of it", found["recovery"], None, "s"),
    ]
    for name in (*ORDINARY, *CUTS):
        rows.append(at_most(case, f"bytes of an edit, {name}", found[f"bytes {name}"] / 1024, ENTRY_KIB, "KiB"))
    return rows, NOTES


def measure(task: str, folder: str, households: int) -> dict[str, Any]:
    """Return the figures of one task in this process: make, save, open or edit."""
    city = Path(folder, "city.gridplan")
    if task == "make":
        project, _work = planned(made_city(households))
        save_at(Saved(project), city)
        return {"grids": float(len(project.grids or ()))}
    if task == "open":
        start = time.perf_counter()
        open_at(city)
        return {"seconds": time.perf_counter() - start, "gib": peak_gib()}
    if task == "save":
        saved = open_at(city)
        start = time.perf_counter()
        save_at(saved, Path(folder, "again.gridplan"))
        return {"seconds": time.perf_counter() - start, "gib": peak_gib()}
    return _edited(city, Path(folder))


def _edited(city: Path, folder: Path) -> dict[str, Any]:
    opened = open_at(city)
    found = _bytes_of(opened.project)
    session = Session(Project())
    journalling = Journalling(session, folder / "work")
    journalling.opened(city, opened.mark)
    session.open(opened.project, saved=True, log=opened.changes)
    journalling.wait_durable()
    gc.freeze()
    gc.disable()  # as the window does, which collects when the hand rests
    quiet, busy, cuts = (_Hand(session, journalling, kinds) for kinds in (ORDINARY, ORDINARY, CUTS))
    quiet.edit(10)
    quiet.forget()  # the first warm the hand
    quiet.edit(60)
    for hand in (busy, cuts):
        with _saving(city, folder / "beside.gridplan") as is_saving:
            while is_saving():
                hand.edit(1)
    journalling.close(keep=True)
    start = time.perf_counter()
    recovered(left_behind([folder / "work"])[0])
    recovery = time.perf_counter() - start
    return found | {
        "latency_median": statistics.median(busy.took),
        "latency_worst": max(busy.took),
        "edits": float(len(busy.took)),
        "quiet_median": statistics.median(quiet.took),
        "journal_median": statistics.median(quiet.journal),
        "durable_median": statistics.median(busy.durable + cuts.durable),
        "durable_worst": max(busy.durable + cuts.durable),
        "cuts_median": statistics.median(cuts.took),
        "cuts_worst": max(cuts.took),
        "recovery": recovery,
    }


def _bytes_of(project: Project) -> dict[str, float]:
    """Return the greatest record in the journal of each kind of edit, in bytes."""
    found: dict[str, float] = {}
    for name in (*ORDINARY, *CUTS):
        rng, session, greatest = np.random.default_rng(1), Session(project), 0
        for _try in range(EACH):
            before = session.project
            if _done(session, KINDS[name][0], rng):
                greatest = max(greatest, len(entry_to_bytes(session.log[-1:], delta_of(before, session.project))))
        found[f"bytes {name}"] = float(greatest)
    return found


def _done(session: Session, draw: Callable[[Project, np.random.Generator], Edit], rng: np.random.Generator) -> float:
    """Make one edit and return its milliseconds; 0 where it was refused."""
    edit = draw(session.project, rng)
    start = time.perf_counter()
    try:
        session.do(edit)
    except EditRejected:
        return 0.0
    return 1000 * (time.perf_counter() - start)


class _Hand:
    """Edits of some kinds, one after the other, and how long each took; milliseconds."""

    def __init__(self, session: Session, journalling: Journalling, kinds: Sequence[str]) -> None:
        self._session, self._journalling, self._kinds, self._rng = session, journalling, kinds, np.random.default_rng(2)
        self.forget()

    def forget(self) -> None:
        """Begin to measure anew."""
        self.took: list[float] = []
        self.journal: list[float] = []
        self.durable: list[float] = []

    def edit(self, count: int) -> None:
        """Make some edits, with the pauses of a quick hand."""
        for _edit in range(count):
            before = self._session.project
            took = _done(self._session, KINDS[str(self._rng.choice(self._kinds))][0], self._rng)
            if took:
                ended = time.perf_counter()
                self._journalling.wait_durable()
                self.durable.append(1000 * (time.perf_counter() - ended))
                self.took.append(took)
                ended = time.perf_counter()
                entry_to_bytes(self._session.log[-1:], delta_of(before, self._session.project))
                self.journal.append(1000 * (time.perf_counter() - ended))
            time.sleep(0.03)


@contextlib.contextmanager
def _saving(city: Path, target: Path) -> Iterator[Callable[[], bool]]:
    """Let another process save the city, and yield what tells whether it is at it; it has opened it before."""
    words = [sys.executable, "-m", BESIDE, str(city), str(target)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdin.write(b"\n")
        process.stdin.flush()
        yield lambda: process.poll() is None


def _save_beside(city: Path, target: Path) -> None:
    saved = open_at(city)
    print("opened", flush=True)
    sys.stdin.readline()
    save_at(saved, target)


if __name__ == "__main__":
    _save_beside(Path(sys.argv[1]), Path(sys.argv[2]))
