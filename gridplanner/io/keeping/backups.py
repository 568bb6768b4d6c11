"""Earlier versions of a project file: what each save replaces is kept on this computer, thinned by age."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.disk_words import cause_words, disk_words, reading_words
from gridplanner.io.keeping.long_paths import reachable
from gridplanner.io.keeping.swap import made_to_last, swapped
from gridplanner.io.keeping.thinning import NEWEST, kept
from gridplanner.io.saved import Mark
from gridplanner.user_folder import state_folder

MOST_BYTES = 2 * 1024**3  # of all backups together
_NAME = re.compile(r"(\d{8})-(\d{1,12})\.gridplan")
_ID = re.compile(r"[0-9a-z]{1,64}")


@dataclass(frozen=True)
class Backup:
    """An earlier version: its file, which one it is on this computer, and of which save by whom and when; `size` in bytes.

    `at` is when it was saved by that computer's clock (seconds since 1970), `place` the file that it was.
    """

    path: Path
    project_id: str
    order: int
    number: int
    at: float
    who: str
    size: int
    place: str


def keep_backup(path: Path, project_id: str, mark: Mark | None = None) -> str:
    """Keep the file at `path` as an earlier version before it is replaced; return words where that was not possible, else nothing.

    `mark` is that of the file as it is. The file is linked where it lies on the same disk as the backups, else copied. Never raises: a
    save must not fail for want of a backup.
    """
    try:
        place = reachable(Path(os.path.realpath(path)))
        if not place.is_file():
            return ""
        folder = _folder(project_id, place)
        folder.mkdir(parents=True, exist_ok=True)
        _remove_halves(folder)
        _kept(place, folder, mark or Mark(project_id=project_id))
        return _thinned(folder)
    except (OSError, ProjectFileError) as why:
        text = _("{file} is saved, but its earlier version was not kept: {why}")
        return text.format(file=path, why=cause_words(why) if isinstance(why, OSError) else why)


def list_backups(of: str | Path) -> tuple[Backup, ...]:
    """Return the earlier versions of a project (its project_id) or of what a path holds or held, the newest first."""
    if isinstance(of, str):
        found = list(_in_folder(_folder(of, Path())))
    else:
        place = os.path.realpath(of)
        everything = [backup for folder in _folders() for backup in _in_folder(folder)]
        ids = {backup.project_id for backup in everything if backup.place == place}
        found = [backup for backup in everything if backup.project_id in ids]
    return tuple(sorted(found, key=lambda backup: backup.order, reverse=True))


def restore(backup: Backup, path: Path, mark: Mark | None = None) -> str:
    """Put an earlier version at `path`; the file that is there becomes an earlier version itself first (`mark` is that file's).

    Returns words where that one could not be kept, else nothing. Raises ProjectFileError where the backup cannot be read or `path` not
    be written: the file there is then as it was.
    """
    told = ""

    def keep() -> None:
        nonlocal told
        told = keep_backup(path, backup.project_id, mark)

    source = backup.path
    handle = None
    try:
        handle = source.open("rb")  # open before thinning could remove it
    except OSError as why:
        raise ProjectFileError(reading_words(source, why)) from None
    with handle, swapped(path, size=backup.size, before=keep) as beside, beside.open("wb") as stream:
        try:
            shutil.copyfileobj(handle, stream, 1 << 20)
        except OSError as why:
            raise ProjectFileError(disk_words(path, why)) from None
    return told


def _root() -> Path:
    return state_folder() / "backups"


def _folder(project_id: str, place: Path) -> Path:
    """Return the folder of a project; an id from a file may hold anything, so one that is no plain word is hashed."""
    if _ID.fullmatch(project_id):
        return reachable(_root() / project_id)
    text = project_id or str(place)
    return reachable(_root() / f"x{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:31]}")


def _folders() -> list[Path]:
    with contextlib.suppress(OSError):
        return [folder for folder in _root().iterdir() if folder.is_dir()]
    return []


def _kept(place: Path, folder: Path, mark: Mark) -> None:
    """Link or copy a file into the folder under the next number; raises OSError."""
    about = {
        "project_id": mark.project_id, "number": mark.number, "at": mark.at or place.stat().st_mtime, "who": mark.who, "place": str(place),
    }  # fmt: skip
    order = _newest_order() + 1
    half = folder / f"half-{secrets.token_hex(8)}.tmp"  # never one that is there: it may be a link to what must not be written
    try:
        try:
            os.link(place, half)
        except OSError:  # another disk, or one without links
            shutil.copyfile(place, half)
            made_to_last(half)
        while True:
            backup = folder / f"{order:08d}-{mark.number}.gridplan"
            if not backup.exists():
                break
            order += 1
        backup.with_suffix(".json").write_text(json.dumps(about), encoding="ascii")
        half.rename(backup)
    finally:
        half.unlink(missing_ok=True)


def _newest_order() -> int:
    """Return the number of the newest backup of all projects: what a path held may be of several, and each is called by its number."""
    found = 0
    for folder in _folders():
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            found = max((found, *(int(name[1]) for entry in entries if (name := _NAME.fullmatch(entry.name)))))
    return found


def _remove_halves(folder: Path) -> None:
    """Remove what a killed save left."""
    for half in folder.glob("half-*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - half.stat().st_ctime > 600:
                half.unlink()


def _in_folder(folder: Path) -> Iterable[Backup]:
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            name = _NAME.fullmatch(path.name)
            if name is None:
                continue
            with contextlib.suppress(OSError):
                facts = path.stat()
                about = _about(path.with_suffix(".json"))
                project_id, who, place = (str(about.get(key) or "") for key in ("project_id", "who", "place"))
                at = about.get("at")
                when = float(at) if isinstance(at, int | float) else facts.st_mtime
                yield Backup(path, project_id or folder.name, int(name[1]), int(name[2]), when, who, facts.st_size, place)


def _about(path: Path) -> dict[str, object]:
    try:
        about = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}


def _thinned(folder: Path) -> str:
    """Remove what is too old in a project's folder, and too much in all; return words where even what must stay is more than MOST_BYTES."""
    for line in _lines(folder):
        stay = kept([backup.at for backup in line], time.time())
        for at, backup in enumerate(line):
            if at not in stay:
                _remove(backup)
    total = _bytes_of_all()
    if total <= MOST_BYTES:
        return ""
    lines = [line for place in _folders() for line in _lines(place)]
    for backup in sorted((backup for line in lines for backup in line[:-NEWEST]), key=lambda backup: backup.at):
        _remove(backup)
        total -= backup.size
        if total <= MOST_BYTES:
            return ""
    text = _("The earlier versions of all projects on this computer take {size:.1f} GB; remove those of old projects in {folder}")
    return text.format(size=total / 1e9, folder=folder.parent)


def _lines(folder: Path) -> list[list[Backup]]:
    """Return the backups of a project by the file that they were, each in the order of making: copies under other names age apart."""
    found: dict[str, list[Backup]] = {}
    for backup in _in_folder(folder):
        found.setdefault(backup.place, []).append(backup)
    return list(found.values())


def _bytes_of_all() -> int:
    total = 0
    for folder in _folders():
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            total += sum(entry.stat(follow_symlinks=False).st_size for entry in entries if _NAME.fullmatch(entry.name))
    return total


def _remove(backup: Backup) -> None:
    for path in (backup.path, backup.path.with_suffix(".json")):
        with contextlib.suppress(OSError):
            path.unlink()
