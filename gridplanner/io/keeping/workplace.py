"""A place of work: the folder in which an open project is kept until it is saved, so that a start after a kill finds all of it.

It holds a base (a link to or a copy of the file that was opened or saved last), the journal of the edits since, `about.json` which names
both, and `alive`, a file that its process holds locked for as long as it lives. After a save a new base and a new journal are put beside
the earlier ones, and `about.json` is swapped to name them: at no moment is there less than the whole work.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import time
from pathlib import Path

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.about_work import ABOUT, ALIVE, About, about_of, hold, let_go, sync_folder, write_about, written_about
from gridplanner.io.keeping.disk_words import disk_words
from gridplanner.io.keeping.journal import Header, Journal, read_journal
from gridplanner.io.keeping.recovery import Left as Left
from gridplanner.io.keeping.recovery import forget as forget
from gridplanner.io.keeping.recovery import left_behind as left_behind
from gridplanner.io.keeping.recovery import recovered as recovered
from gridplanner.io.saved import Mark, new_id
from gridplanner.who import who


class Workplace:
    """The place of work of this process; not for two threads at once."""

    def __init__(self, folder: Path, about: About, journal: Journal, alive: int) -> None:
        self.folder, self.about, self.journal = folder, about, journal
        self._alive = alive
        self._round = 1

    @classmethod
    def begin(
        cls, parent: Path, place: Path | None, mark: Mark | None = None, *, name: str = "", journal: str = "", first: int = 1
    ) -> Workplace:
        """Make a place of work in `parent`; `mark` is that of the file at `place` that was opened, None where there is no such file.

        Raises ProjectFileError with words for what the disk says, and leaves nothing then.
        """
        key = new_id()
        folder = parent / key
        alive = -1
        try:
            folder.mkdir(parents=True, mode=0o700)
            alive = hold(folder / ALIVE)
            base = _brought(place, folder, 1) if place is not None and mark is not None else ""
            begun = mark or Mark()
            header = Header(journal or key, begun.save_id if base else "", begun.project_id, first)
            made = Journal.begin(folder / "journal-1", header)
            about = About(str(place or ""), name, who(), time.time(), base, made.path.name)
            write_about(folder, about)
            sync_folder(folder)
            sync_folder(parent)
        except (OSError, ProjectFileError) as why:
            let_go(alive)
            shutil.rmtree(folder, ignore_errors=True)
            raise why if isinstance(why, ProjectFileError) else ProjectFileError(disk_words(folder, why)) from None
        return cls(folder, about, made, alive)

    @classmethod
    def taken_over(cls, parent: Path, left: Left, *, name: str = "") -> Workplace:
        """Make a place of work in `parent` with the base and all records of one that a dead process left, which stays as it is.

        Raises ProjectFileError where it cannot be read or the disk does not take it.
        """
        about = about_of(left.folder)
        read = read_journal(left.folder / about.journal)
        source = left.folder / about.base if about.base else None
        mark = Mark(save_id=read.header.save_id, project_id=read.header.project_id) if source is not None else None
        work = cls.begin(parent, source, mark, name=name, journal=read.header.journal, first=read.header.first)
        try:
            work.about = dataclasses.replace(work.about, place=about.place)
            for payload in read.payloads:
                work.journal.append(payload)
            work.journal.sync()
            write_about(work.folder, work.about)
        except (OSError, ProjectFileError) as why:
            work.close()
            raise why if isinstance(why, ProjectFileError) else ProjectFileError(disk_words(work.folder, why)) from None
        return work

    def base_for_new(self) -> Path:
        """Return where a base may be written by somebody else, to be named in `renew`."""
        return self.folder / f"base-{self._round + 1}.gridplan"

    def renew(self, mark: Mark, place: Path | None, source: Path, *, name: str = "") -> Renewal:
        """Begin what comes after a save: a new base from `source` and a new journal, not in use before `Renewal.swap`."""
        self._round += 1
        base = _brought(source, self.folder, self._round)
        header = Header(self.journal.header.journal, mark.save_id, mark.project_id, mark.records + 1)
        journal = Journal.begin(self.folder / f"journal-{self._round}", header)
        about = About(str(place or ""), name or self.about.name, self.about.who, self.about.since, base, journal.path.name)
        return Renewal(self, about, journal)

    def close(self, *, keep: bool = False) -> None:
        """Let go of the folder; it is removed unless it is to be found by the next start."""
        self.journal.close()
        if keep:
            let_go(self._alive)
        else:
            with contextlib.suppress(OSError):
                (self.folder / ABOUT).unlink()  # nobody shall offer what is half removed
            let_go(self._alive)
            shutil.rmtree(self.folder, ignore_errors=True)
        self._alive = -1


class Renewal:
    """A new base and journal beside those in use."""

    def __init__(self, work: Workplace, about: About, journal: Journal) -> None:
        self._work, self._about = work, about
        self.journal = journal
        self._written = written_about(work.folder, about)

    def swap(self) -> None:
        """Use the new base and journal from now on; everything after the save must be in the new journal. Raises OSError."""
        work, earlier = self._work, self._work.journal
        self._written.replace(work.folder / ABOUT)
        was, work.about, work.journal = work.about, self._about, self.journal
        earlier.close()
        self._left = [earlier.path, *([work.folder / was.base] if was.base and was.base != self._about.base else [])]

    def clear(self) -> None:
        """Make the swap last, and remove what is no longer needed."""
        sync_folder(self._work.folder)
        for path in self._left:
            if path.parent == self._work.folder:  # never the project itself
                with contextlib.suppress(OSError):
                    path.unlink()

    def drop(self) -> None:
        """Give it up; what was in use stays in use."""
        self.journal.close()
        for path in (self._written, self.journal.path, self._work.folder / self._about.base):
            if path.parent == self._work.folder and path.name != self._work.about.base:
                with contextlib.suppress(OSError):
                    path.unlink()


def _brought(source: Path, folder: Path, number: int) -> str:
    """Bring a file into a folder and return its name there; the path of the file where that is not possible."""
    name = f"base-{number}{source.suffix}"
    if source.parent == folder:
        return source.name
    try:
        os.link(source, folder / name)
    except OSError:
        try:
            _copy(source, folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                (folder / name).unlink()
            return str(source)
    return name


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as one, target.open("wb") as other:
        shutil.copyfileobj(one, other, 1 << 20)
        other.flush()
        os.fsync(other.fileno())
