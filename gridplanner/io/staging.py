"""Moving finished files into a folder: all of them, or the folder stays as it was."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

_BEFORE = "before"
PHONE_FILES = ("routes.gpx", "routes.kml")


def new_staging(folder: Path) -> Path:
    """Return an empty folder inside `folder` to write into; what a killed export left there is put back or removed first."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".export-*.tmp"):
        for kept in (left / _BEFORE).glob("*"):
            if not (folder / kept.name).exists():
                kept.replace(folder / kept.name)
        shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=".export-", suffix=".tmp", dir=folder))


def moved_in(
    staging: Path, folder: Path, layers: Iterable[str] = (), suffixes: Sequence[str] = (), others: Sequence[str] = ()
) -> list[Path]:
    """Move every file of `staging` (a folder inside `folder`) into `folder` and return where they are now.

    Where a file cannot be moved (it is open elsewhere), those moved already are put back and OSError is raised. Files of `layers` with
    one of the `suffixes`, and `others`, that are left over from an earlier export (told by its fields.csv) and that the new one lacks are
    removed: they would show a plan that is gone. The routes for phones stay, which a command of their own writes.
    """
    kept = staging / _BEFORE
    new = sorted(path for path in staging.iterdir() if path.is_file())
    names = {path.name for path in new}
    stale: list[str] = []
    if (folder / "fields.csv").exists():
        left = dict.fromkeys((*(f"{layer}{end}" for layer in layers for end in suffixes), *others))
        stale = [name for name in left if name not in {*names, *PHONE_FILES} and (folder / name).is_file()]
    kept.mkdir()
    away: list[str] = []
    placed: list[str] = []
    try:
        for name in [*(path.name for path in new), *stale]:
            if (folder / name).exists():
                (folder / name).replace(kept / name)
                away.append(name)
        for path in new:
            path.replace(folder / path.name)
            placed.append(path.name)
    except OSError:
        for name in placed:
            (folder / name).unlink(missing_ok=True)
        for name in away:
            (kept / name).replace(folder / name)
        raise
    return [folder / path.name for path in new]
