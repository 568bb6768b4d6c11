"""The process of a harsh moment: it opens a project file, edits and saves it until it is killed, and tells what the program told."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import itertools
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np

from gridplanner.benchmarks.random_hand import take_step
from gridplanner.errors import GridplannerError
from gridplanner.io.keeping.lock import Lock, LockedError, take_lock
from gridplanner.io.project_places import open_at, save_at
from gridplanner.io.saved import Mark, Saved
from gridplanner.journalling import Journalling
from gridplanner.model.project import Project
from gridplanner.session import Session

EVERY = 5  # edits between two saves
AHEAD = 15  # edits that are made at most while one is under way


@dataclass(frozen=True)
class Order:
    """What a process works on: file, folders of its own state and of what is passing, and the seed of its hand.

    `plain`: without root's right to write where nobody may. `other` is the name to save under where somebody else has the file open;
    without it the file is taken over.
    """

    file: str
    state: str
    tmp: str
    seed: int
    plain: bool = False
    other: str = ""


@dataclass(frozen=True)
class Said:
    """What a process tells: `opened` with the number of edits that were in the file, `done`, `saved`, or `told` with words."""

    kind: str
    words: str = ""
    edits: int = 0


class Process:
    """A process that works; `say` is what it says, `order` lets it do something between two edits."""

    def __init__(self, process: BaseProcess, say: Connection, order: Connection, seed: int) -> None:
        self.process, self.say, self.order, self.seed = process, say, order, seed

    def wish(self, kind: str, value: float) -> None:
        """Have it do something between two edits; nothing where it has ended."""
        with contextlib.suppress(OSError):
            self.order.send((kind, value))

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.join()


Begin = Callable[[Order], Process]


@contextlib.contextmanager
def nursery() -> Iterator[Begin]:
    """Yield what starts a process that works: from one that has loaded all libraries, where the system can."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload([__name__, "shapely", "gridplanner.io.project_file"])
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    begun: list[Process] = []

    def begin(order: Order) -> Process:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        wishes, orders = multiprocessing.Pipe(duplex=False)
        process = context.Process(target=work, args=(order, theirs, wishes), daemon=True)
        process.start()
        theirs.close()
        wishes.close()
        begun.append(Process(process, ours, orders, order.seed))
        return begun[-1]

    try:
        yield begin
    finally:
        for process in begun:
            process.kill()
            process.say.close()
            process.order.close()


def work(order: Order, say: Connection, wishes: Connection) -> None:
    """Open the file, then edit and save until somebody ends this process."""
    os.environ["GRIDPLANNER_STATE"] = order.state
    os.environ["TMPDIR"], tempfile.tempdir = order.tmp, None
    if order.plain:
        _obey_rights()
    desk = _Desk(order, say)
    rng = np.random.default_rng(order.seed)
    for step in itertools.count(1):
        if wishes.poll(0):
            _follow(wishes.recv())
        if take_step(desk.session, rng):
            say.send(Said("done"))
        if step % EVERY == 0:
            desk.save()
        desk.take_saved(step)


def _obey_rights() -> None:
    """Give up what lets root write where the rights forbid it (capabilities(7): DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER)."""
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, twice 32 of them
    system = ctypes.CDLL(None, use_errno=True)
    if system.capget(head, sets) == 0:
        for at in range(3):
            sets[at] &= ~0b1110
        if system.capset(head, sets) != 0:
            raise OSError(ctypes.get_errno(), "capset")


def _follow(wish: tuple[str, float]) -> None:
    """Set this process's clock back, or limit the size of its files."""
    kind, value = wish
    if kind == "clock":
        right = time.time
        time.time = lambda: right() - value
    else:
        import resource

        most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(value) if value >= 0 else most, most))


class _Desk:
    """Opens, locks and saves in the background, as a window does."""

    def __init__(self, order: Order, say: Connection) -> None:
        self.session = Session(Project())
        self._say, self._told = say, list[str]()
        self._place = Path(order.file)
        self._lock = self._locked(order)
        self._journalling = Journalling(self.session)
        self._journalling.listener = self._told.append
        opened = open_at(Path(order.file))
        self._mark = opened.mark
        self._expected = opened.mark.save_id if self._place == Path(order.file) else ""
        self._journalling.opened(Path(order.file), opened.mark)
        self.session.open(opened.project, saved=True, log=opened.changes)
        say.send(Said("opened", edits=opened.mark.records))
        self._thread: threading.Thread | None = None
        self._made: list[tuple[Project, Mark | str]] = []
        self._since = 0

    def save(self) -> None:
        """Begin to save the project as it is now, unless a save is under way."""
        if self._thread is not None:
            return
        project, log = self.session.project, tuple(self.session.log)
        journal, records = self._journalling.begin_save()
        saved = Saved(project, dataclasses.replace(self._mark, journal=journal, records=records), log)
        self._thread = threading.Thread(target=self._write, args=(saved,), daemon=True)
        self._thread.start()

    def take_saved(self, step: int) -> None:
        """Take note of a save that has ended; wait for one that lasts."""
        if self._thread is None:
            self._since = step
        elif step - self._since > AHEAD:
            self._thread.join()
        if self._thread is not None and self._made:
            self._thread.join()
            self._thread = None
            project, made = self._made.pop()
            if isinstance(made, Mark):
                self._mark, self._expected = made, made.save_id
                self.session.mark_saved(project)
                self._journalling.saved(made, self._place)
                self._say.send(Said("saved"))
            else:
                self._say.send(Said("told", made))
            self._lock.touch()
        while self._told:
            words = self._told.pop(0)
            if words:
                self._say.send(Said("told", words))

    def _write(self, saved: Saved) -> None:
        try:
            self._made.append((saved.project, save_at(saved, self._place, expected=self._expected)))
        except GridplannerError as why:
            self._made.append((saved.project, str(why)))

    def _locked(self, order: Order) -> Lock:
        try:
            return take_lock(self._place)
        except LockedError as why:
            self._say.send(Said("told", str(why)))
        if order.other:
            self._place = Path(order.other)
            return take_lock(self._place)
        return take_lock(self._place, force=True)
