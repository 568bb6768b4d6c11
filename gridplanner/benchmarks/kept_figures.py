"""Kept figures: the rows of one benchmark with the machine, the day and the versions that they belong to."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from gridplanner import __version__
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError
from gridplanner.i18n import _

LIBRARIES = ("numpy", "scipy", "shapely", "ortools", "networkx", "pyvrp")


@dataclass(frozen=True)
class Kept:
    """What one benchmark gave, where, when and with what."""

    name: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    seeds: int = 1
    machine: str = ""
    date: str = ""
    versions: str = ""


def kept_now(name: str, rows: Sequence[Row], notes: Sequence[str], seeds: int) -> Kept:
    """Return rows as figures of this machine and day."""
    return Kept(name, tuple(rows), tuple(notes), seeds, machine(), datetime.date.today().isoformat(), versions())


def machine() -> str:
    """Return what this machine is, without its name: processors, memory, Python."""
    names = getattr(os, "sysconf_names", {})
    known = "SC_PHYS_PAGES" in names and "SC_PAGE_SIZE" in names
    memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB" if known else ""
    return f"{os.cpu_count()} {platform.machine()} cores{memory}, Python {platform.python_version()}"


def versions() -> str:
    """Return the versions of the program and of the libraries that compute."""
    found = [f"gridplanner {__version__}"]
    for library in LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def write_kept(kept: Kept, path: Path) -> None:
    """Write figures as JSON; what is not a number is null."""
    path.write_text(json.dumps(table_of(dataclasses.asdict(kept)), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def table_of(value: object) -> object:
    """Return a value of dictionaries and sequences, of plain numbers, with None for every number that JSON does not know."""
    if isinstance(value, dict):
        return {key: table_of(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [table_of(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_kept(path: Path) -> Kept:
    """Return figures as `write_kept` wrote them; raises InputError that names the file."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(Row(**{**row, "value": math.nan if row["value"] is None else row["value"]}) for row in table.pop("rows"))
        return Kept(rows=rows, notes=tuple(table.pop("notes")), **table)
    except (OSError, ValueError, TypeError, KeyError) as why:
        raise InputError(_("{file} holds no kept figures: {why}").format(file=path, why=why)) from None
