"""Commands about work that must not be lost: earlier versions of a project, work left behind, and what a damaged file still holds."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.errors import InputError, ProjectFileError
from gridplanner.i18n import _, ngettext

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.io.keeping.backups import Backup
    from gridplanner.io.keeping.recovery import Left
    from gridplanner.io.saved import DamagedProjectError, Saved

DONE = 0
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_keeping_commands(add: AddCommand) -> None:
    """Add `backups` and `recover`; `add` makes a parser of a name, what runs it, its help and its example."""
    backups = add(
        "backups", run_backups, _("list the earlier versions of a project that this computer keeps, or bring one back"),
        "gridplanner backups town.gridplan --restore 12 --out town-before.gridplan",
    )  # fmt: skip
    backups.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file, also one that is gone"))
    backups.add_argument("--restore", type=int, metavar="N", help=_("bring version N of the list back"))
    text = _("project file to write it to (default: the project itself, which becomes an earlier version then)")
    backups.add_argument("--out", type=Path, metavar="FILE.gridplan", help=text)
    backups.add_argument("--json", action="store_true", help=_("print the list as JSON on standard output"))

    recover = add(
        "recover", run_recover, _("list and bring back work that was not saved when the program ended, or what a damaged file still holds"),
        "gridplanner recover damaged.gridplan --out saved.gridplan",
    )  # fmt: skip
    recover.add_argument("file", type=Path, nargs="?", metavar="FILE.gridplan", help=_("damaged project file (default: work left behind)"))
    recover.add_argument("--out", type=Path, metavar="FILE.gridplan", help=_("project file to write what is brought back to"))
    recover.add_argument("--work", type=int, metavar="N", help=_("which work of the list (default: the only one)"))
    recover.add_argument("--list", action="store_true", help=_("list work left behind (without --out or --forget that is what is done)"))
    recover.add_argument("--forget", action="store_true", help=_("remove work left behind"))
    recover.add_argument("--json", action="store_true", help=_("print the list as JSON on standard output"))


def run_backups(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """List a project's earlier versions, or bring one back; raises InputError, ProjectFileError."""
    found = _versions(options.project)
    if options.restore is None:
        if options.out:
            raise InputError(_("Say which version to write to {file}: --restore N").format(file=options.out))
        progress.clear()
        if options.json:
            print(json.dumps([_values(backup) for backup in found], ensure_ascii=False, indent=1))
        else:
            lines = [_line(backup, options.project) for backup in found]
            print("\n".join(lines or [_("{file}: this computer keeps no earlier version").format(file=options.project)]))
        return DONE
    chosen = next((backup for backup in found if backup.order == options.restore), None)
    if chosen is None:
        text = _("{file}: there is no version {n}; “gridplanner backups {file}” lists those that are kept")
        raise InputError(text.format(file=options.project, n=options.restore))
    return _bring_back(chosen, options.out or options.project, progress)


def _bring_back(backup: Backup, target: Path, progress: ConsoleProgress) -> int:
    from gridplanner.io.keeping.backups import restore
    from gridplanner.io.project_file import mark_of, open_project
    from gridplanner.project_at_work import locked

    check_project_name(target)
    open_project(backup.path)  # a damaged version is refused before it replaces anything
    with locked(target, progress.say):
        mark = None
        try:
            mark = mark_of(target)
        except ProjectFileError:  # damaged: all the more a reason to restore
            mark = None
        if told := restore(backup, target, mark):
            progress.say(told)
    progress.say(_("Saved: {file}").format(file=target))
    return DONE


def _versions(project: Path) -> tuple[Backup, ...]:
    """Return the earlier versions of the project in a file, and of what its path held before, the newest first."""
    from gridplanner.io.keeping.backups import list_backups
    from gridplanner.io.project_file import mark_of

    try:
        mark = mark_of(project)
    except ProjectFileError:
        mark = None
    named = list_backups(mark.project_id) if mark is not None and mark.project_id else ()
    found = {backup.path: backup for backup in (*named, *list_backups(project))}
    return tuple(sorted(found.values(), key=lambda backup: backup.order, reverse=True))


def _line(backup: Backup, project: Path) -> str:
    text = _("{n}: save {number} of {when} by {who}, {size:.1f} MB")
    line = text.format(n=backup.order, number=backup.number, when=_when(backup.at), who=backup.who or "?", size=backup.size / 1e6)
    if backup.place and backup.place != os.path.realpath(project):  # of a copy under another name, or from before it was moved
        return _("{line}, of {file}").format(line=line, file=backup.place)
    return line


def _values(backup: Backup) -> dict[str, object]:
    return {
        "n": backup.order, "save": backup.number, "at": _when(backup.at), "who": backup.who, "bytes": backup.size,
        "place": backup.place, "file": str(backup.path),
    }  # fmt: skip


def _when(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)) if 0 < at < 1e11 else "?"


def damage_words(why: DamagedProjectError) -> str:
    """Return which commands help with a damaged file."""
    from gridplanner.io.keeping.backups import list_backups

    words = []
    if why.can_be_saved:
        text = _("“gridplanner recover {file} --out OTHER.gridplan” writes what can be saved to another file.")
        words.append(text.format(file=why.path))
    if list_backups(why.path):
        words.append(_("“gridplanner backups {file}” lists its earlier versions.").format(file=why.path))
    return "\n".join(words)


def check_project_name(path: Path) -> None:
    """Raise InputError for a project file that is to be written under a name of another kind."""
    if path.suffix.lower() != ".gridplan":
        raise InputError(_("{file}: a project file ends in .gridplan; write {name}").format(file=path, name=f"{path}.gridplan"))


def run_recover(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Bring back what a damaged file or a piece of work left behind holds; raises InputError, ProjectFileError."""
    if options.out is not None:
        check_project_name(options.out)
    if options.file is not None:
        return _recover_file(options, progress)
    found = _left_behind()
    if options.list or (options.out is None and not options.forget):
        progress.clear()
        if options.json:
            print(json.dumps([_left_values(at, left) for at, left in enumerate(found, 1)], ensure_ascii=False, indent=1))
        else:
            print("\n".join([_left_line(at, left) for at, left in enumerate(found, 1)] or [_("No work was left behind")]))
        return DONE
    return _recover_work(_chosen(found, options.work), options, progress)


def _recover_file(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.io.gridpack import is_pack
    from gridplanner.io.keeping.salvage import salvaged
    from gridplanner.io.project_places import open_at

    if options.list or options.forget or options.work is not None:
        raise InputError(_("--list, --work and --forget are for work left behind; for a damaged file say --out FILE.gridplan"))
    if options.out is None:
        raise InputError(_("{file}: say where to write what it still holds: --out FILE.gridplan").format(file=options.file))
    if not options.file.is_file():
        raise InputError(_("{file}: there is no such project file; check the path").format(file=options.file))
    return _write(open_at(options.file) if is_pack(options.file) else salvaged(options.file), options.out, progress)


def _recover_work(left: Left, options: argparse.Namespace, progress: ConsoleProgress) -> int:
    from gridplanner.io.keeping.recovery import forget, recovered

    if options.out is not None:
        _write(recovered(left), options.out, progress)
    if options.forget:
        forget(left)
        progress.say(_("Removed: the work of {when} on {name}").format(when=_when(left.at), name=left.place or left.name or "?"))
    else:
        progress.say(_("It stays in the list of work left behind until “gridplanner recover --forget”"))
    return DONE


def _write(saved: Saved, target: Path, progress: ConsoleProgress) -> int:
    from gridplanner.io.project_places import save_at
    from gridplanner.project_at_work import locked

    if target.exists():
        raise InputError(_("{file}: is there already; give another name").format(file=target))
    with locked(target, progress.say):
        save_at(saved, target, progress)
    for note in saved.notes:
        progress.say(note)
    progress.say(_("Saved: {file}").format(file=target))
    return DONE


def _left_behind() -> list[Left]:
    from gridplanner.io.keeping.recovery import left_behind
    from gridplanner.journalling import work_folders

    return left_behind(work_folders([Path.cwd()]))


def _chosen(found: Sequence[Left], number: int | None) -> Left:
    """Return the work that is meant; raises InputError where that is not clear."""
    if not found:
        raise InputError(_("No work was left behind"))
    if number is None and len(found) > 1:
        text = _("There are {n} pieces of work left behind; say which: --work N (“gridplanner recover” lists them)")
        raise InputError(text.format(n=len(found)))
    if number is not None and not 1 <= number <= len(found):
        raise InputError(_("There is no work {n}; “gridplanner recover” lists what was left behind").format(n=number))
    return found[(number or 1) - 1]


def _left_line(at: int, left: Left) -> str:
    text = ngettext("{n}: {name}, {edits} edit not saved, the last of {when} by {who}",
                    "{n}: {name}, {edits} edits not saved, the last of {when} by {who}", left.edits)  # fmt: skip
    return text.format(n=at, name=left.place or left.name or "?", edits=left.edits, when=_when(left.at), who=left.who or "?")


def _left_values(at: int, left: Left) -> dict[str, object]:
    return {
        "n": at, "project": str(left.place or ""), "name": left.name, "edits": left.edits, "at": _when(left.at), "who": left.who,
        "folder": str(left.folder),
    }  # fmt: skip
