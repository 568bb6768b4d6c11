"""Reads files that break readers, each in a process of its own, and says what came of it; run by another interpreter."""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gridplanner.errors import InputError
from gridplanner.i18n import _

# loaded before the files are divided among processes: no part of their time
LIBRARIES = ("osmium", "gridplanner.io.vector_library", "pyproj")
READ, REFUSED, CRASHED, STOPPED = "read", "refused", "crashed", "stopped"
PATIENCE = 20.0  # seconds
_CHUNK = 1 << 16
_WORDS = 300  # characters of what was said
_SHOWN = 40  # texts


@dataclass
class Outcome:
    """What came of a file: rows read in all its layers, what was told (of which lost), texts beyond ASCII, seconds and MiB."""

    kind: str
    rows: int = 0
    nowhere: int = 0
    told: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    mib: float = float("nan")


def measure(folder: str, files: list[str]) -> dict[str, Any]:
    """Return the outcome of each file of a folder."""
    for library in LIBRARIES:
        importlib.import_module(library)
    return {name: asdict(_outcome(Path(folder, name))) for name in files}


def read_whole(path: Path) -> Outcome:
    """Return what comes of a file that is looked into and read with all its layers and columns; InputError where it is refused."""
    from gridplanner.io.inspection import inspect
    from gridplanner.io.osm import Wish, is_osm, read_osm
    from gridplanner.io.table import NOTHING
    from gridplanner.io.vector_files import layer_info, list_layers, read_table

    reports = inspect([path])
    found = Outcome(READ, told=[words for report in reports for words in report.problems])
    if is_osm(path):
        extract = read_osm(path, Wish(frozenset(("highway", "railway", "waterway", "building")), frozenset(("boundary",))))
        found.rows = len(extract.ways.numbers) + len(extract.areas.tags)
        return found
    layers = list_layers(path)
    if not layers:
        raise InputError(_("{file}: has no layers; check that it is the right file").format(file=path))
    for layer in layers:
        info = layer_info(path, layer)
        table = read_table(path, layer, list(info.fields), places=bool(info.geometry))
        if info.geometry:
            found.nowhere += int((table.kinds == NOTHING).sum())
        found.rows += len(table)
        found.told += [_(text).format(**values) for text, values in table.notes]
        found.lost += [_(text).format(**values) for text, values in table.losses]
        values = [value for column in table.columns.values() if column.dtype.kind == "O" for value in column.tolist()]
        found.texts += [value for value in values if isinstance(value, str) and not value.isascii()]
    found.told = list(dict.fromkeys(found.told))
    return found


def _outcome(path: Path) -> Outcome:
    """Return what comes of a file in a process of its own where the system can divide one, so that a crash ends only that."""
    if sys.platform == "win32":
        return _timed(path)
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with os.fdopen(write_end, "w") as out:
                json.dump(asdict(_timed(path)), out)
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    start = time.perf_counter()
    words, stopped = b"", False
    with os.fdopen(read_end, "rb", buffering=0) as said:
        while True:
            left = max(start + PATIENCE - time.perf_counter(), 0.0)
            if not select.select([said], [], [], left)[0]:
                os.kill(child, signal.SIGKILL)
                stopped = True
                break
            part = said.read(_CHUNK)
            if not part:
                break
            words += part
    _child, status, used = os.wait4(child, 0)
    seconds, mib = time.perf_counter() - start, used.ru_maxrss / 1024
    if stopped or status:
        return Outcome(STOPPED if stopped else CRASHED, seconds=seconds, mib=mib, told=[f"status {status}"])
    return Outcome(**{**json.loads(words), "seconds": seconds, "mib": mib})


def _timed(path: Path) -> Outcome:
    start = time.perf_counter()
    found = _guarded(lambda: read_whole(path))
    found.seconds = time.perf_counter() - start
    found.told, found.lost = ([words[:_WORDS] for words in each] for each in (found.told, found.lost))
    found.texts = found.texts[:_SHOWN]
    return found


def _guarded(work: Callable[[], Outcome]) -> Outcome:
    try:
        return work()
    except InputError as why:
        return Outcome(REFUSED, told=[str(why)])
    except Exception as why:  # whatever is not a refusal is a crash, and the benchmark says so
        return Outcome(CRASHED, told=[f"{type(why).__name__}: {why}"])
