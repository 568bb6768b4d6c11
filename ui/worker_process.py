"""The worker process: runs one named function after another, far from the window."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from gridplanner import logbook
from gridplanner.errors import GridplannerError
from gridplanner.i18n import set_language
from gridplanner.io.connections import use_password
from gridplanner.progress import Cancelled, Progress
from ui.failure_words import failure_words
from ui.parcel import read_parcel, write_parcel

# loaded while there is nothing else to do, in the order in which a planner needs them; libraries that gridplanner loads on their
# first use are named too, so that the first file dropped does not wait for them
WARM = (
    "gridplanner.io.vector_library", "pyproj", "gridplanner.io.inspection", "gridplanner.io.sources", "gridplanner.io.project_file",
    "sqlite3",
    "gridplanner.planning.units", "gridplanner.planning.grids", "gridplanner.planning.replan", "ortools.sat.python.cp_model",
    "gridplanner.planning.zones",
    "gridplanner.io.layers", "gridplanner.planning.routes", "gridplanner.planning.rail_segments", "osmium", "pyvrp",
)  # fmt: skip
WARM_TO_SAVE = ("gridplanner.io.project_places", "gridplanner.io.project_file", "sqlite3", "ui.saving_task")
PAUSE = 0.05  # seconds between two reports
GENTLE = 10  # by how much a process that saves steps back behind those that the hand waits for
BELOW_NORMAL = 0x4000  # the same in the words of Windows


class RemoteProgress(Progress):
    """Progress that is listened to in another process."""

    def __init__(self, connection: Connection, cancel: Event, finish: Event) -> None:
        self._connection = connection
        self._cancel = cancel
        self._finish = finish
        self._last = 0.0

    def report(self, fraction: float, message: str = "") -> None:
        now = time.monotonic()
        if now - self._last >= PAUSE:
            self._last = now
            self._connection.send(("progress", float(fraction), message))

    def should_finish(self) -> bool:
        return self._finish.is_set()

    def is_cancelled(self) -> bool:
        return self._cancel.is_set()


def serve(connection: Connection, cancel: Event, finish: Event, warm_up: Sequence[str] = WARM, *, gently: bool = False) -> None:
    """Run what comes in over `connection` until it is closed; `gently` lets every other process go first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the window
    if gently:
        _step_back()
    logbook.begin("saver" if gently else "worker")
    warm = iter(warm_up)
    progress = RemoteProgress(connection, cancel, finish)
    with contextlib.suppress(EOFError, OSError, BrokenPipeError):
        while True:
            while not connection.poll(0):
                module = next(warm, None)
                if module is None:
                    break
                with contextlib.suppress(ImportError):
                    importlib.import_module(module)
            message = connection.recv()
            if message is None:
                return
            connection.send(_answer(*message, progress=progress))


def _step_back() -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.kernel32.SetPriorityClass(ctypes.windll.kernel32.GetCurrentProcess(), BELOW_NORMAL)
        else:
            os.nice(GENTLE)


def _answer(function: str, parcel: str, reply: str, language: str, passwords: dict[str, str], *, progress: Progress) -> tuple[str, ...]:
    """Run one function and return the message that says how it ended."""
    set_language(language)
    for connection, password in passwords.items():
        use_password(connection, password)
    try:
        with logbook.timed("task", name=function.rpartition(":")[2]):
            value = _run(function, Path(parcel), progress)
            write_parcel(Path(reply), value)
    except Cancelled:
        return ("cancelled",)
    except GridplannerError as why:
        return ("error", str(why), "")
    except MemoryError as why:
        return ("error", "", failure_words(why))
    except Exception as why:
        print(traceback.format_exc(), file=sys.stderr)
        return ("error", "", failure_words(why))
    return ("done", reply)


def _run(function: str, parcel: Path, progress: Progress) -> object:
    arguments = read_parcel(parcel)
    parcel.unlink()
    module, name = function.split(":")
    call = getattr(importlib.import_module(module), name)
    if "progress" in inspect.signature(call).parameters:
        return call(*arguments, progress=progress)
    return call(*arguments)
