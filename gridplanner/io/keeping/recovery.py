"""The work of a process that died: its base and, one after the other, the edits of its journal."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import GridplannerError, ProjectFileError
from gridplanner.i18n import _, ngettext
from gridplanner.io.keeping.about_work import ABOUT, AGAIN, About, about_of, is_left, remove_about
from gridplanner.io.keeping.backups import list_backups
from gridplanner.io.keeping.delta import applied
from gridplanner.io.keeping.entry import bytes_to_entry
from gridplanner.io.keeping.journal import Header, NewerJournalError, read_journal
from gridplanner.io.project_file import mark_of
from gridplanner.io.project_places import open_at
from gridplanner.io.saved import DamagedProjectError, Mark, Saved
from gridplanner.io.shared_places import is_shared, last_save_in_database
from gridplanner.model.project import Project


@dataclass(frozen=True)
class Left:
    """A place of work whose process has died: where its project is kept (None: nowhere yet), its name, whose it was, its last edit's time.

    `edits` may be 0 where the project itself was never saved.
    """

    folder: Path
    place: Path | None
    name: str
    who: str
    at: float
    edits: int


def left_behind(parents: Iterable[Path]) -> list[Left]:
    """Return the places of work in some folders that a process left when it died, the latest first; those without edits are removed."""
    found: list[Left] = []
    for parent in parents:
        with contextlib.suppress(OSError):
            if _is_anothers(parent):
                continue
            for folder in parent.iterdir():
                with contextlib.suppress(OSError):  # one that cannot be looked into hides no other
                    if (left := _left(folder)) is not None:
                        found.append(left)
    return sorted(found, key=lambda left: left.at, reverse=True)


def forget(left: Left) -> None:
    """Remove a place of work for good."""
    remove_about(left.folder)
    shutil.rmtree(left.folder, ignore_errors=True)


def recovered(left: Left) -> Saved:
    """Return the project up to the last edit that can be read, with the mark of the save it goes back to and the whole change log.

    `notes` tell what could not be read. Raises ProjectFileError where there is nothing to begin from.
    """
    about = about_of(left.folder)
    read = read_journal(left.folder / about.journal)
    header = read.header
    base, done = _base(left, about, header)
    project: Project | None = base.project if base is not None else None
    changes = list(base.changes) if base is not None else []
    mark = base.mark if base is not None else Mark(header.project_id, header.save_id, header.save_number)
    notes = list(base.notes) if base is not None else []
    payloads = read.payloads[max(done + 1 - header.first, 0) :]
    lost = read.lost
    for count, payload in enumerate(payloads):
        try:
            entry = bytes_to_entry(payload)
            project = applied(project, entry.delta)
        except ProjectFileError:
            lost += len(payloads) - count
            break
        changes += entry.changes
    if lost:
        text = ngettext(
            "The journal is damaged: {n} edit cannot be read, all before it are here",
            "The journal is damaged: {n} edits cannot be read, all before them are here",
            lost,
        )
        notes.append(text.format(n=lost))
    elif read.is_torn:
        notes.append(_("The last edit was not written whole; all before it are here"))
    if not isinstance(project, Project):
        raise ProjectFileError(_("{file}: there is nothing that could be recovered").format(file=left.folder))
    last = header.first - 1 + len(read.payloads) - (lost - read.lost)
    return Saved(project, _mark_there(left, header, last) or mark, tuple(changes), tuple(notes))


def _mark_there(left: Left, header: Header, last: int) -> Mark | None:
    """Return the mark of the project's own file where it is a save of this very work, made right before its process died; else None."""
    if left.place is None:
        return None
    with contextlib.suppress(GridplannerError, OSError):
        there = last_save_in_database(left.place, header.journal) if is_shared(left.place) else mark_of(left.place)
        if there is not None and there.journal == header.journal and there.records <= last:
            return there
    return None


def _base(left: Left, about: About, header: Header) -> tuple[Saved | None, int]:
    """Return what the journal begins from, and the number of the last record that is in it already; None where it begins from nothing."""
    if not about.base:
        return None, 0
    why: GridplannerError | None = None
    places = (left.folder / about.base, *([left.place] if left.place is not None else []))
    for path in dict.fromkeys(itertools.chain(places, _kept(header))):
        try:
            saved = _opened(path)
        except GridplannerError as error:
            why = why or error
            continue
        done = _records_in(saved.mark, header)
        if done is not None:
            return saved, done
    if why is None:
        why = ProjectFileError(_("{file}: the project was saved by somebody else since").format(file=left.place or left.folder))
    raise why


def _opened(path: Path) -> Saved:
    """Return what is at a place, also of a damaged file where all of it can be saved: edits fit nothing less. Raises GridplannerError."""
    try:
        return open_at(path)
    except DamagedProjectError:
        from gridplanner.io.keeping.salvage import salvaged  # needed for damaged files alone

        saved = salvaged(path)
        if saved.notes:
            raise
        return saved


def _kept(header: Header) -> Iterator[Path]:
    """Yield the earlier versions that the journal follows: another save may have replaced its base before that could be linked."""
    for backup in list_backups(header.project_id) if header.project_id else ():
        with contextlib.suppress(GridplannerError, OSError):
            mark = mark_of(backup.path)
            if mark is not None and _records_in(mark, header) is not None:
                yield backup.path


def _records_in(mark: Mark, header: Header) -> int | None:
    """Return up to which number records are in a save; None where the journal does not follow it."""
    if mark.journal == header.journal and mark.records >= header.first - 1:
        return mark.records
    return header.first - 1 if mark.save_id == header.save_id else None


def _is_anothers(parent: Path) -> bool:
    """Return whether a folder where everybody may write was made by another account: what lies in it is not ours."""
    return sys.platform != "win32" and parent.is_relative_to(tempfile.gettempdir()) and parent.stat().st_uid != os.getuid()


def _left(folder: Path) -> Left | None:
    if not ((folder / ABOUT).is_file() or (folder / AGAIN).is_file()) or not is_left(folder):
        return None
    try:
        about = about_of(folder)
        journal = folder / about.journal
        at = journal.stat().st_mtime
    except NewerJournalError:
        return None
    except (OSError, ProjectFileError):
        return Left(folder, None, "", "", folder.stat().st_mtime, 0)  # `recovered` says what is wrong
    left = Left(folder, Path(about.place) if about.place else None, about.name, about.who, at, 0)
    try:
        read = read_journal(journal)
    except NewerJournalError:
        return None
    except ProjectFileError:
        return left  # `recovered` says what is wrong
    edits = len(read.payloads) + read.lost - (not about.base)  # a project that was never saved begins with itself
    left = dataclasses.replace(left, edits=edits)
    there = _mark_there(left, read.header, read.last)
    is_saved = there is not None and there.records == read.last and not read.lost  # killed right after a save
    if is_saved or edits < (1 if about.base else 0):  # opened and looked at
        forget(left)
        return None
    return left
