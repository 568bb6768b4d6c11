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

from gridplanner.errors import GridplannerError, ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.about_work import (
    ABOUT,
    ALIVE,
    About,
    about_of,
    hold,
    let_go,
    remove_about,
    sync_folder,
    write_about,
    write_again,
    written_about,
)
from gridplanner.io.keeping.disk_words import disk_words
from gridplanner.io.keeping.journal import Header, Journal, read_journal
from gridplanner.io.keeping.recovery import Left as Left
from gridplanner.io.keeping.recovery import forget as forget
from gridplanner.io.keeping.recovery import left_behind as left_behind
from gridplanner.io.keeping.recovery import recovered as recovered
from gridplanner.io.keeping.swap import patiently
from gridplanner.io.project_file import mark_of
from gridplanner.io.saved import Mark, new_id
from gridplanner.who import who


class Workplace:
    """The place of work of this process; not for two threads at once."""

    def __init__(self, folder: Path, about: About, journal: Journal, alive: int) -> None:
        self.folder, self.about, self.journal = folder, about, journal
        self.is_settled = False  # the disk itself has what makes it a place of work
        self._alive = alive
        self._round = 1

    @classmethod
    def begin(
        cls, parent: Path, place: Path | None, mark: Mark | None = None, *, base: Path | None = None, name: str = "", journal: str = "",
        first: int = 1,
    ) -> Workplace:  # fmt: skip
        """Make a place of work in `parent` for the project kept at `place`, of which `mark` is known.

        `base` is a file that holds it, None where the first record of the journal will hold the whole project. Raises ProjectFileError with
        words for what the disk says, and leaves nothing then. The disk itself keeps it after `settle`.
        """
        key = new_id()
        folder = parent / key
        alive = -1
        try:
            folder.mkdir(parents=True, mode=0o700)
            alive = hold(folder / ALIVE)
            begun = mark or Mark()
            header = Header(journal or key, begun.save_id, begun.project_id, begun.number, first)
            about = About(str(place or ""), name, who(), time.time(), _linked(base, folder, 1) if base is not None else "", "journal-1")
            made = Journal.begin(folder / about.journal, header)
            write_about(folder, about, sync=False)
        except (OSError, ProjectFileError) as why:
            let_go(alive)
            shutil.rmtree(folder, ignore_errors=True)
            raise _told(folder, why) from None
        return cls(folder, about, made, alive)

    @classmethod
    def taken_over(cls, parent: Path, folder: Path) -> Workplace:
        """Make a place of work in `parent` with the base and all records of another, which stays as it is.

        Raises ProjectFileError where it cannot be read or the disk does not take it.
        """
        about = about_of(folder)
        read = read_journal(folder / about.journal)
        header = read.header
        mark = Mark(header.project_id, header.save_id, header.save_number)
        base, place = folder / about.base if about.base else None, Path(about.place) if about.place else None
        work = cls.begin(parent, place, mark, base=base, name=about.name, journal=header.journal, first=header.first)
        try:
            if not work.is_whole:
                work.use_base(work.about.base, work.copy_of_base())
            for payload in read.payloads:
                work.journal.append(payload)
        except (OSError, ProjectFileError) as why:
            work.close()
            raise _told(work.folder, why) from None
        return work

    def settle(self) -> None:
        """Have the disk itself keep the place; until then it outlives this process, not a power cut. Raises OSError, ProjectFileError."""
        self.journal.sync()
        write_about(self.folder, self.about)
        write_again(self.folder, self.about)
        sync_folder(self.folder)
        sync_folder(self.folder.parent)
        self.is_settled = True

    @property
    def is_whole(self) -> bool:
        """True where the base is in this folder: nothing that happens elsewhere can take it away."""
        return not self.about.base or Path(self.about.base).name == self.about.base

    def copy_of_base(self) -> Path:
        """Return a copy in this folder of a base that could not be linked, not in use before `use_base`; for another thread.

        Raises OSError, ProjectFileError where the file is another save by now.
        """
        source = Path(self.about.base)
        target = self.folder / f"base-{self._round}{source.suffix}"
        try:
            _copy(source, target)
            if not _is_save(target, self.journal.header.save_id):
                raise ProjectFileError(_("{file}: the project was saved by somebody else since").format(file=source))
        except (OSError, GridplannerError):
            with contextlib.suppress(OSError):
                target.unlink()
            raise
        return target

    def use_base(self, source: str, copy: Path) -> None:
        """Begin from a copy of the base `source` from now on, unless there is another base by now; raises OSError."""
        if self.about.base != source:
            copy.unlink(missing_ok=True)
            return
        about = dataclasses.replace(self.about, base=copy.name)
        write_about(self.folder, about)
        self.about = about
        write_again(self.folder, about)
        sync_folder(self.folder)

    def base_for_new(self) -> Path:
        """Return where a base may be written by somebody else, to be named in `renew`."""
        return self.folder / f"base-{self._round + 1}.gridplan"

    def renew(self, mark: Mark, place: Path | None, source: Path, *, name: str = "") -> Renewal:
        """Begin what comes after a save: a new base from `source` and a new journal, not in use before `Renewal.swap`.

        Raises ProjectFileError where the disk does not take it, or `source` is another save by now; all stays as it was then.
        """
        self._round += 1
        base = source.name if source.parent == self.folder else _linked(source, self.folder, self._round)
        journal: Journal | None = None
        try:
            if not _is_save(self.folder / base, mark.save_id):
                raise ProjectFileError(_("{file}: the project was saved by somebody else since").format(file=source))
            header = Header(self.journal.header.journal, mark.save_id, mark.project_id, mark.number, mark.records + 1)
            about = dataclasses.replace(
                self.about, place=str(place or ""), name=name or self.about.name, base=base, journal=f"journal-{self._round}"
            )
            journal = Journal.begin(self.folder / about.journal, header)
            journal.sync()
            return Renewal(self, about, journal)
        except (OSError, GridplannerError) as why:
            if journal is not None:
                journal.close()
            for left in (self.folder / f"journal-{self._round}", self.folder / base):
                if left.parent == self.folder:
                    left.unlink(missing_ok=True)
            raise _told(self.folder, why) from None

    def close(self, *, keep: bool = False) -> None:
        """Let go of the folder; it is removed unless it is to be found by the next start."""
        self.journal.close()
        if keep:
            let_go(self._alive)
        else:
            remove_about(self.folder)
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
        patiently(lambda: self._written.replace(work.folder / ABOUT), 0.5)
        was, work.about, work.journal = work.about, self._about, self.journal
        earlier.close()
        self._left = [earlier.path, work.folder / was.base] if was.base and was.base != self._about.base else [earlier.path]

    def clear(self) -> None:
        """Make the swap last, and remove what is no longer needed; raises OSError."""
        write_again(self._work.folder, self._work.about)
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


def _linked(source: Path, folder: Path, number: int) -> str:
    """Return the name of a link in `folder` to a file; the path of the file itself where its disk is another one or knows no links."""
    name = f"base-{number}{source.suffix}"
    try:
        os.link(source, folder / name)
    except OSError:
        return str(source.absolute())
    return name


def _is_save(file: Path, save_id: str) -> bool:
    """Return whether a project file is a save; another kind of file is taken to be what it was said to be."""
    if file.suffix.lower() != ".gridplan":
        return file.is_file()
    mark = mark_of(file)
    return mark is not None and mark.save_id == save_id


def _told(folder: Path, why: Exception) -> ProjectFileError:
    return why if isinstance(why, ProjectFileError) else ProjectFileError(disk_words(folder, why))


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as one, target.open("wb") as other:
        shutil.copyfileobj(one, other, 1 << 20)
        other.flush()
        os.fsync(other.fileno())
