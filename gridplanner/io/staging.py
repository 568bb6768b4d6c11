"""Moving finished files into a folder: all of them, or the folder stays as it was."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.keeping.disk_words import cause_words

_BEFORE = "before"  # the earlier files
_ADDED = ".added"  # names the files that had no earlier one; there while the folder is neither as it was nor as it will be


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Yield an empty folder inside `folder` to write into, from which `moved_in` moves; it is removed at the end.

    Where the body raises, files that were moved in are taken back and the earlier ones put where they were. What an export that was
    killed left behind is put back first. Raises InputError where nothing can be written there.
    """
    try:
        staging = _new(folder)
    except OSError as why:
        raise InputError(_("{folder}: cannot be written: {why}").format(folder=folder, why=cause_words(why))) from None
    try:
        yield staging
    except BaseException:
        _put_back(staging, folder)
        raise
    else:
        (staging / _ADDED).unlink(missing_ok=True)
    finally:
        _removed(staging)


def moved_in(staging: Path, folder: Path, earlier: Sequence[str] = ()) -> list[Path]:
    """Move every file of `staging` (of `staged`) into `folder` and return where they are now.

    Files that are called as in `earlier` and that the new ones lack are removed: they would show a plan that is gone. Raises OSError
    where a file cannot be moved (it is open elsewhere).
    """
    new = sorted(path for path in staging.iterdir() if path.is_file())
    names = {path.name for path in new}
    stale = [name for name in dict.fromkeys(earlier) if name not in names and (folder / name).is_file()]
    kept = staging / _BEFORE
    kept.mkdir()
    (staging / _ADDED).write_text("\n".join(name for name in sorted(names) if not (folder / name).exists()), encoding="utf-8")
    for name in [*(path.name for path in new), *stale]:
        if (folder / name).exists():
            (folder / name).replace(kept / name)
    for path in new:
        path.replace(folder / path.name)
    return [folder / path.name for path in new]


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".export-*.tmp"):
        _put_back(left, folder)
        _removed(left)
    return Path(tempfile.mkdtemp(prefix=".export-", suffix=".tmp", dir=folder))


def _put_back(staging: Path, folder: Path) -> None:
    """Undo what `moved_in` did, as far as it came; what cannot be put back now is kept for the next export."""
    if not (staging / _ADDED).exists():
        return
    failed = False
    for name in (staging / _ADDED).read_text(encoding="utf-8").split("\n"):
        if name and not (staging / name).exists():
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)
    for path in (staging / _BEFORE).iterdir():
        try:
            path.replace(folder / path.name)
        except OSError:
            failed = True
    if not failed:
        (staging / _ADDED).unlink()


def _removed(staging: Path) -> None:
    if not (staging / _ADDED).exists():
        shutil.rmtree(staging, ignore_errors=True)
