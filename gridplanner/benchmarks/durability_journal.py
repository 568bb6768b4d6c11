"""Killed while editing and saving: what the next start finds, beside the same edits made again without a kill.

Each trial is a process of its own that opens a project file, edits it by `random_hand` and saves now and then while it edits on; it says
the number of each edit once `Session.do` has returned, and is killed without warning. Half of the trials are killed within a save. A
quarter go on: another process takes over what was found, edits, saves and is killed too.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import multiprocessing
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.random_hand import take_step
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.errors import GridplannerError
from gridplanner.io.keeping.exactly import same
from gridplanner.io.keeping.workplace import left_behind, recovered
from gridplanner.io.project_places import open_at, save_at
from gridplanner.io.saved import Mark, Saved
from gridplanner.journalling import Journalling
from gridplanner.model.project import Project
from gridplanner.session import Session

KILLS, FEWER = 200, 24
AT_ONCE = 2  # processes that edit side by side
SEQUENCES = 10  # different sequences of edits: each is made again once for the comparison, and killed at many moments
MOST = 50  # steps before a kill at most
EVERY = 9  # steps between two saves, about
PATIENCE = 200  # steps within which another save must begin
WAIT = 60.0  # seconds until a trial that says nothing counts as failed
NOTES = (
    "Killed: SIGKILL to a process of its own that edits a project file by a seeded hand (assign, push, merge, lock, rename, cut, split, "
    "new grids, rules, settings, scenarios, undo and redo) and saves it every few edits while it edits on; half of the kills fall within a "
    "save, a quarter of the processes are killed again after the recovery. What the next start finds is compared with the same edits made "
    "again, array by array to the last bit. An edit counts as completed once Session.do has returned.",
)
_DONE, _SAVING = b"d", b"s"


@dataclass(frozen=True)
class Trial:
    """One process that is killed: what it edits from, by which seed, and when it is killed: after so many steps, or within a save."""

    seed: int
    steps: int
    within_save: bool
    delay: float


@dataclass(frozen=True)
class Outcome:
    """What was found after a kill: edits said to be done, edits found, whether the file was whole, and what is wrong in words."""

    done: int
    found: int
    saves: int
    fault: str = ""
    is_corrupt: bool = False
    seconds: float = 0.0


def rows_of_journal(progress: Progress = SILENT, quick: bool = False) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of many kills of a town's project, and notes."""
    from gridplanner.benchmarks.durability_town import town_file

    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        name, town = town_file(Path(folder))
        outcomes = killed(town, Path(folder), FEWER if quick else KILLS, progress=progress)
    return rows_of(name, outcomes), NOTES


def rows_of(name: str, outcomes: list[Outcome]) -> list[Row]:
    """Return the rows of some outcomes."""
    case = f"{name}, {len(outcomes)} kills"
    lost = sum(max(outcome.done - outcome.found, 0) for outcome in outcomes)
    return [
        at_most(case, "corrupt files", sum(outcome.is_corrupt for outcome in outcomes), 0),
        at_most(case, "completed edits lost", lost, 0, "edits"),
        at_most(case, "recoveries that are no completed state", sum(bool(outcome.fault) for outcome in outcomes), 0),
        at_least(case, "edits completed before the kill, all", sum(outcome.done for outcome in outcomes), None, "edits"),
        at_least(case, "saves begun before the kill, all", sum(outcome.saves for outcome in outcomes), None, "saves"),
        at_most(case, "recovery, median", 1000 * statistics.median(outcome.seconds for outcome in outcomes), None, "ms"),
    ]


def killed(town: Path, folder: Path, kills: int, *, seed: int = 1, progress: Progress = SILENT) -> list[Outcome]:
    """Return the outcomes of some kills of processes that edit copies of a project file; what goes wrong is told in them."""
    rng = np.random.default_rng(seed)
    start = open_at(town).project
    again = [Replay(start, sequence) for sequence in range(SEQUENCES)]
    outcomes: list[Outcome] = []

    def tried(trials: list[Trial], place: Path) -> list[Outcome]:
        place.mkdir()
        shutil.copyfile(town, place / "town.gridplan")
        made: list[Outcome] = []
        found: Project | None = None
        for trial in trials:
            if not made:
                outcome, found = _one(trial, place, again[trial.seed], begin)
            elif found is not None:
                outcome, found = _one(trial, place, Replay(found, trial.seed), begin, again[trials[0].seed])
            made.append(outcome)
        shutil.rmtree(place, ignore_errors=True)
        progress.check()
        return made

    plans = list(_plans(rng, kills))
    with _nursery() as begin, ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(tried, trials, folder / f"trial-{number}") for number, trials in enumerate(plans)]
        try:
            for done in waiting:
                outcomes += done.result()
                progress.report(len(outcomes) / kills, f"{len(outcomes)} / {kills}")
        finally:
            for left in waiting:
                left.cancel()
    return outcomes


def _plans(rng: np.random.Generator, kills: int) -> Iterator[list[Trial]]:
    """Yield the processes that are killed one after the other over one project file: one, and every fourth time another."""
    for number in itertools.count():
        if kills <= 0:
            return
        count = 2 if number % 4 == 3 and kills > 1 else 1
        yield [_trial(rng, number % SEQUENCES if not again else SEQUENCES + number) for again in range(count)]
        kills -= count


class Replay:
    """The projects after each step of a sequence, made when they are asked for."""

    def __init__(self, start: Project, seed: int) -> None:
        self._session, self._rng = Session(start), np.random.default_rng(seed)
        self.made = [start]
        self._alone = threading.Lock()

    def after(self, edits: int) -> Project:
        """Return the project after so many completed edits."""
        with self._alone:
            while len(self.made) <= edits:
                if take_step(self._session, self._rng):
                    self.made.append(self._session.project)
        return self.made[edits]

    def until(self, edits: int) -> list[Project]:
        """Return all projects up to that after so many edits."""
        self.after(edits)
        return self.made[: edits + 1]


def _trial(rng: np.random.Generator, seed: int) -> Trial:
    within = bool(rng.random() < 0.5)
    return Trial(seed, int(rng.integers(3, MOST)), within, float(rng.uniform(0, 0.25 if within else 0.01)))


def _one(trial: Trial, place: Path, again: Replay, begin: Begin, earlier: Replay | None = None) -> tuple[Outcome, Project | None]:
    """Run one process, kill it, and look at what is there; `earlier` are the edits of the process before, which the file may still hold."""
    file = place / "town.gridplan"
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = begin((str(file), str(place / "work"), trial.seed, theirs))
    theirs.close()
    said = _until(trial, ours)
    time.sleep(trial.delay)
    process.kill()
    process.join()
    with contextlib.suppress(EOFError, OSError):  # what it had said before it died
        while ours.poll(0):
            said.append(ours.recv_bytes())
    ours.close()
    done, saves = said.count(_DONE), said.count(_SAVING)
    if not said:
        return Outcome(0, 0, 0, "the process said nothing"), None
    began = time.perf_counter()
    fault = " ".join(word.decode() for word in said if len(word) > 1)  # a save that was refused
    project, found = None, -1
    try:
        left = left_behind([place / "work"])
        project = recovered(left[0]).project if left else open_at(file).project
    except GridplannerError as why:
        fault = f"nothing recovered: {why}"
    seconds = time.perf_counter() - began
    if project is not None:
        found = next((n for n in (done, done + 1) if same(project, again.after(n))), -1)
        if found < 0:
            found = next((n for n in range(done - 1, -1, -1) if same(project, again.after(n))), -1)
            fault = f"{done} edits were done, found is the project after {found}" if found >= 0 else "found is no state of the project"
    is_corrupt = not _is_a_state(file, [*again.until(done + 1), *(earlier.made if earlier is not None else ())])
    return Outcome(done, max(found, 0), saves, fault, is_corrupt, seconds), project


def _is_a_state(file: Path, states: list[Project]) -> bool:
    """Return whether a file opens and holds a project after some completed edit."""
    try:
        project = open_at(file).project
    except GridplannerError:
        return False
    return any(same(project, state) for state in states)


def _until(trial: Trial, ours: Connection) -> list[bytes]:
    """Listen until the steps are made and, where asked for, a save begins after them; return all that was said."""
    said: list[bytes] = []
    with contextlib.suppress(EOFError, OSError):
        while ours.poll(WAIT):
            said.append(ours.recv_bytes())
            over = said.count(_DONE) - trial.steps
            if over >= (PATIENCE if trial.within_save and said[-1] != _SAVING else 0):
                break
    return said


def work(file: str, folder: str, seed: int, say: Connection) -> None:
    """Open a project, or take over what a dead process left of it, then edit and save until somebody ends this process."""
    session = Session(Project())
    journalling = Journalling(session, Path(folder))
    left = left_behind([Path(folder)])
    if left:
        opened = recovered(left[0])
        journalling.adopted(left[0])
        session.open(opened.project, saved=False, log=opened.changes)
    else:
        opened = open_at(Path(file))
        journalling.opened(Path(file), opened.mark)
        session.open(opened.project, saved=True, log=opened.changes)
    desk = _Desk(session, journalling, Path(file), opened.mark, say)
    rng = np.random.default_rng(seed)
    for step in itertools.count(1):
        if take_step(session, rng):
            say.send_bytes(_DONE)
        if step % EVERY == 0:
            desk.save()
        desk.take_saved()


class _Desk:
    """Saves in the background, as a window does."""

    def __init__(self, session: Session, journalling: Journalling, file: Path, mark: Mark, say: Connection) -> None:
        self._session, self._journalling, self._file, self._mark, self._say = session, journalling, file, mark, say
        self._thread: threading.Thread | None = None
        self._made: list[tuple[Project, Mark]] = []

    def save(self) -> None:
        """Begin to save the project as it is now, unless a save is under way."""
        if self._thread is not None:
            return
        project, log = self._session.project, tuple(self._session.log)
        journal, records = self._journalling.begin_save()
        saved = Saved(project, dataclasses.replace(self._mark, journal=journal, records=records), log)
        self._say.send_bytes(_SAVING)
        self._thread = threading.Thread(target=self._write, args=(saved,), daemon=True)
        self._thread.start()

    def take_saved(self) -> None:
        """Take note of a save that has ended."""
        if self._thread is not None and self._made:
            self._thread.join()
            project, self._mark = self._made.pop()
            self._thread = None
            self._session.mark_saved(project)
            self._journalling.saved(self._mark, self._file)

    def _write(self, saved: Saved) -> None:
        try:
            self._made.append((saved.project, save_at(saved, self._file, expected=self._mark.save_id)))
        except GridplannerError as why:
            self._say.send_bytes(str(why).encode())


Begin = Callable[[tuple[str, str, int, Connection]], multiprocessing.process.BaseProcess]


@contextlib.contextmanager
def _nursery() -> Iterator[Begin]:
    """Yield what starts a process that works: from one that has loaded all libraries, where the system can."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__, "shapely", "gridplanner.io.project_file"])
    known = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"  # threads of a library do not outlive the fork

    def begin(words: tuple[str, str, int, Connection]) -> multiprocessing.process.BaseProcess:
        process: multiprocessing.process.BaseProcess = context.Process(target=work, args=words, daemon=True)
        process.start()
        return process

    try:
        yield begin
    finally:
        if known is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = known
