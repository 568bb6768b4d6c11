"""What the worker process does for teamwork: packages written and read, versions brought together; what comes back are differences.

A whole project on its way back would share nothing with the one in the window: everything would be painted, counted and kept anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import GridplannerError
from gridplanner.io.gridpack import check_pack, open_pack, write_pack
from gridplanner.io.keeping.backups import list_backups
from gridplanner.io.keeping.delta import Delta, delta_of
from gridplanner.io.project_places import open_at
from gridplanner.io.saved import Mark, Saved
from gridplanner.model.changes import Change
from gridplanner.model.lease_check import returning_notes
from gridplanner.model.leases import Handout
from gridplanner.model.merge import THEIRS, Conflict, Merge, Taken
from gridplanner.model.merging import merge
from gridplanner.model.project import Project
from gridplanner.progress import SILENT, Progress, Span


@dataclass(frozen=True, eq=False)
class Version:
    """Another version of the project: what both were before (`base`), what it is there, who has it, and its log."""

    title: str
    base: Project
    theirs: Project
    who: str = ""
    handout: Handout | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, eq=False)
class Coming:
    """What comes from one version: its title, who worked on it, the lease it was under, and what is taken from it without asking.

    `changes` is its log.
    """

    title: str
    who: str
    handout: Handout | None
    taken: Taken
    conflicts: int
    notes: tuple[str, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, eq=False)
class Brought:
    """Versions brought together with the project in the window, one after another.

    `conflicts` are all that there are, their keys with the number of the version in front, `open` how many are not decided. `merged` makes
    of the project in the window the one that has mine where nothing is decided, `theirs` of that one the same with theirs everywhere.
    """

    coming: tuple[Coming, ...]
    conflicts: tuple[Conflict, ...]
    choices: Mapping[str, str]
    merged: Delta
    theirs: Delta
    open: int


Source = Path | Version


def hand_out(project: Project, handout: Handout, path: Path, progress: Progress = SILENT) -> Handout:
    """Write the package of a lease and return the lease; raises ProjectFileError where it cannot be written."""
    write_pack(path, project, handout, progress)
    return handout


def bring_together(
    project: Project, mark: Mark, sources: Sequence[Source], choices: Mapping[str, str], progress: Progress = SILENT
) -> Brought:
    """Return a project, the save of which is known by `mark`, brought together with packages and versions.

    Raises GridplannerError where one cannot be read or is of another project.
    """
    versions = []
    for number, source in enumerate(sources):
        progress.check()
        progress.report(0.5 * number / max(len(sources), 1))
        versions.append(source if isinstance(source, Version) else _version_of(source, mark, project))
    found = _folded(project, versions, choices, Span(progress, 0.5, 0.8))
    merged = found[-1].project if found else project
    conflicts = tuple(
        dataclasses.replace(conflict, key=f"{number}:{conflict.key}") for number, one in enumerate(found) for conflict in one.conflicts
    )
    everything = {conflict.key: THEIRS for conflict in conflicts}
    other = _folded(project, versions, everything, Span(progress, 0.8, 1.0))[-1].project if conflicts else merged
    return Brought(
        tuple(_coming(version, one, project) for version, one in zip(versions, found, strict=True)),
        conflicts,
        dict(choices),
        delta_of(project, merged),
        delta_of(merged, other),
        sum(len(one.open) for one in found),
    )


def _version_of(path: Path, mark: Mark, project: Project) -> Version:
    pack = open_pack(path)
    check_pack(pack.handout, mark, project)
    return Version(path.name, pack.base.project, pack.work.project, pack.work.mark.who, pack.handout, pack.work.changes)


def _folded(project: Project, versions: Sequence[Version], choices: Mapping[str, str], progress: Progress) -> list[Merge]:
    """Return what each version makes of what those before it left."""
    found: list[Merge] = []
    for number, version in enumerate(versions):
        progress.report(number / len(versions))
        progress.check()
        mark = f"{number}:"
        own = {key.removeprefix(mark): side for key, side in choices.items() if key.startswith(mark)}
        one = merge(version.base, project, version.theirs, own, part=version.handout is not None)
        found.append(one)
        project = one.project
    return found


def _coming(version: Version, found: Merge, project: Project) -> Coming:
    told = [] if version.handout is None else returning_notes(version.handout, project, found)
    return Coming(version.title, version.who, version.handout, found.taken, len(found.conflicts), (*told, *found.notes), version.changes)


def common_version(mine: Saved, theirs: Saved, place: Path | None) -> Saved | None:
    """Return the latest version kept on this computer that two versions of a project both come from, by their logs; None where none is.

    Looked at are both of them, what lies at `place`, and the backups of the project.
    """
    shared = _common(mine.changes, theirs.changes)
    for version in (theirs, mine):
        if len(version.changes) == shared:
            return version
    for found in _kept_versions(mine.mark.project_id, place):
        if len(found.changes) <= shared and _common(found.changes, mine.changes) == len(found.changes):
            return found
    return None


def _common(one: Sequence[Change], other: Sequence[Change]) -> int:
    """Return how many changes two logs begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if (a.number, a.at, a.who, a.words, a.way) != (b.number, b.at, b.who, b.words, b.way):
            break
        count += 1
    return count


def _kept_versions(project_id: str, place: Path | None) -> Iterator[Saved]:
    """Yield what is kept of a project, the latest in front; what cannot be read is passed over."""
    places = [] if place is None else [place]
    places += [backup.path for backup in list_backups(project_id)] if project_id else []
    for path in places:
        with suppress(GridplannerError):
            yield open_at(path)
