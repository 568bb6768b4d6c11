"""A worker: a spawned process that computes, so that the window never does; another one saves meanwhile.

The interpreter lock is why: a routing solver holds it for the whole solve, and GEOS may crash on a real street network.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gridplanner.i18n import language
from gridplanner.io.connections import typed_passwords
from gridplanner.io.keeping.disk_words import disk_words
from ui.failure_words import failure_words
from ui.parcel import read_parcel, write_parcel
from ui.worker_process import WARM, serve

PATIENCE = 4000  # milliseconds from “cancel” to killing the process
FAREWELL = 1.0  # seconds for a process without work to end
Prepare = Callable[[object], None]


@dataclass(frozen=True)
class Outcome:
    """How a task ended: with a value, a text for the planner (with details where it was a surprise), or cancelled."""

    value: object = None
    failed: bool = False
    error: str = ""
    details: str = ""
    cancelled: bool = False


@dataclass
class _Child:
    """One life of the worker process."""

    process: BaseProcess
    connection: Connection
    cancel: Event
    finish: Event
    reader: threading.Thread | None = None


class Worker(QObject):
    """Runs one named function at a time in its own process; `ended` follows every `submit`, whatever happens.

    `warm` names what the process loads while it has nothing to do; one that runs `gently` lets the others go first.
    """

    reported = Signal(float, str)
    ended = Signal(object)
    _arrived = Signal(object, object)

    def __init__(self, parent: QObject | None = None, *, warm: Sequence[str] = WARM, gently: bool = False) -> None:
        super().__init__(parent)
        self._warm, self._gently = warm, gently
        self._folder = Path(tempfile.mkdtemp(prefix="gridplanner-"))
        self._child: _Child | None = None
        self._busy = False
        self._prepare: Prepare | None = None
        self._count = 0
        self._closing = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self.kill)
        self._arrived.connect(self._end)

    @property
    def is_busy(self) -> bool:
        """True from `submit` until `ended`."""
        return self._busy

    def start(self) -> None:
        """Start the process, so that it has its libraries loaded when the first task comes."""
        if self._child is not None:
            return
        context = multiprocessing.get_context("spawn")
        near, far = context.Pipe()
        cancel, finish = context.Event(), context.Event()
        # no daemon: a daemon may not have processes of its own, and the search for grids wants one for every processor
        arguments, words = (far, cancel, finish, self._warm), {"gently": self._gently}
        process = context.Process(target=serve, args=arguments, kwargs=words, daemon=False, name="gridplanner-worker")
        atexit.register(self.kill)  # else the interpreter would wait for it where nobody closes the worker
        child = _Child(process, near, cancel, finish)
        self._child = child

        def begin() -> None:  # starting a process takes tens of milliseconds
            process.start()
            far.close()
            if self._closing:
                process.kill()
            self._listen(child)

        child.reader = threading.Thread(target=begin, daemon=True, name="worker-reader")
        child.reader.start()

    def submit(self, function: str, *arguments: object, prepare: Prepare | None = None) -> None:
        """Run `function` ("module:name") on `arguments`; `prepare` is called with the value in a thread before `ended` brings it."""
        if self._busy:
            raise RuntimeError("the worker is busy")
        self.start()
        assert self._child is not None
        child = self._child
        self._busy, self._prepare = True, prepare
        child.cancel.clear()
        child.finish.clear()
        self._count += 1
        parcel, reply = self._folder / f"{self._count}-in", self._folder / f"{self._count}-out"
        message = (function, str(parcel), str(reply), language(), typed_passwords())  # which no file may hold

        def send() -> None:
            try:
                write_parcel(parcel, arguments)
                child.connection.send(message)
            except OSError as why:
                self._arrived.emit(child, Outcome(failed=True, error=disk_words(parcel, why)))
            except Exception as why:  # no memory, a connection that is closed
                self._arrived.emit(child, Outcome(failed=True, details=failure_words(why)))

        threading.Thread(target=send, daemon=True, name="worker-sender").start()

    def finish(self) -> None:
        """Ask the task to end soon with the best it has."""
        if self._child is not None and self._busy:
            self._child.finish.set()

    def cancel(self) -> None:
        """Ask the task to stop; a process that does not listen is killed."""
        if self._child is not None and self._busy:
            self._child.cancel.set()
            self._patience.start()

    def kill(self) -> None:
        """End the process at once; the task counts as cancelled, and a new process starts."""
        if self._child is not None and self._child.process.pid is not None:
            self._child.process.kill()

    def close(self) -> None:
        """End the process and forget its files."""
        self._closing = True
        atexit.unregister(self.kill)
        child, self._child = self._child, None
        if child is not None:
            child.cancel.set()
            if child.process.pid is not None:
                self._end_gently(child)
                child.process.kill()
            if child.reader is not None:
                child.reader.join(2.0)
            child.connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end_gently(self, child: _Child) -> None:
        """Let a process that has nothing to do tidy up after itself."""
        if not self._busy:
            with contextlib.suppress(OSError, ValueError):
                child.connection.send(None)
                child.process.join(FAREWELL)

    def _listen(self, child: _Child) -> None:
        """Take in what a process says until it ends; runs in a thread."""
        while True:
            try:
                message = child.connection.recv()
            except (EOFError, OSError):
                break
            if message[0] == "progress":
                self.reported.emit(message[1], message[2])
            else:
                self._arrived.emit(child, self._outcome(message))
        child.process.join()
        if not self._closing:
            self._arrived.emit(child, None)

    def _outcome(self, message: tuple[str, ...]) -> Outcome:
        if message[0] == "cancelled":
            return Outcome(cancelled=True)
        if message[0] == "error":
            return Outcome(failed=True, error=message[1], details=message[2])
        try:
            path = Path(message[1])
            value = read_parcel(path)
            path.unlink()
            if self._prepare is not None:
                self._prepare(value)
        except Exception as why:
            return Outcome(failed=True, details=failure_words(why))
        return Outcome(value)

    def _end(self, child: _Child, outcome: Outcome | None) -> None:
        if outcome is None:  # the process is gone
            if child is self._child:
                self._child = None
                child.connection.close()
            code = child.process.exitcode
            outcome = Outcome(cancelled=True) if child.cancel.is_set() else Outcome(failed=True, details=f"exit code {code}")
            if self._busy and not self._closing:  # a process that dies before its first task is not started over and over
                self.start()
        self._patience.stop()
        if self._busy:
            self._busy = False
            self.ended.emit(outcome)
