"""The command for projects that an office keeps in a database: listed, put in, taken out, their log, and the roles of the database."""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.errors import InputError
from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.io.shared_commits import Version

DONE = 0
SUFFIX = ".gridplan"
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_shared_command(command: AddCommand) -> None:
    """Add the command and its options."""
    text = _("projects that an office keeps in a PostGIS database: list, put, get, log, remove; roles prints the script for its keeper")
    parser = command("shared", run_shared, text, 'gridplanner shared put town.gridplan "postgis:office#West"')
    parser.add_argument(
        "what", nargs="?", choices=tuple(_VERBS), help=_("list NAME · put FILE NAME#PROJECT · get, log or remove NAME#PROJECT · roles")
    )
    text = _("a project file (.gridplan), and a place: postgis:NAME, or postgis:NAME#PROJECT for one project of it")
    parser.add_argument("places", nargs="*", metavar="FILE|postgis:NAME#PROJECT", help=text)
    parser.add_argument("--out", type=Path, metavar="FILE.gridplan", help=_("get: project file to make (default: named like the project)"))
    parser.add_argument("--version", dest="number", type=int, metavar="N", help=_("get: that version (default: the newest)"))
    parser.add_argument("--after", type=int, metavar="N", help=_("put: the version that was taken out to be worked on"))
    parser.add_argument("--yes", action="store_true", help=_("remove: really, with all of its versions"))
    parser.add_argument("--roles", action="store_true", help=_("the same as roles"))
    parser.add_argument("--json", action="store_true", help=_("print what is listed as JSON on standard output"))


def run_shared(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Do what was asked for; raises InputError and ProjectFileError."""
    what = "roles" if options.roles else options.what
    if what is None:
        raise InputError(_("Say what to do: {words}").format(words=", ".join(_VERBS)))
    wanted, run = _VERBS[what]
    if len(options.places) != wanted:
        raise InputError(_("{what} needs {n} names, such as: {example}").format(what=what, n=wanted, example=_EXAMPLES[what]))
    run(options, progress)
    return DONE


def _roles(_options: argparse.Namespace, progress: ConsoleProgress) -> None:
    from gridplanner.io.shared_schema import roles_script

    progress.clear()
    print(roles_script(), end="")


def _list(options: argparse.Namespace, progress: ConsoleProgress) -> None:
    from gridplanner.io.connections import name_and_table
    from gridplanner.io.shared_project import shared_projects

    found = shared_projects(name_and_table(options.places[0])[0])
    progress.clear()
    if options.json:
        _print_json([{"name": one.name, **_values(one.newest)} for one in found])
    elif not found:
        print(_("No projects"))
    for one in () if options.json else found:
        print(f"{one.name}  " + _line(one.newest))


def _put(options: argparse.Namespace, progress: ConsoleProgress) -> None:
    from gridplanner.io.project_file import open_saved
    from gridplanner.io.saved import Mark
    from gridplanner.io.shared_project import save_shared, shared_versions

    source, place = Path(options.places[0]), _place(options.places[1])
    saved = open_saved(source)
    after = ""
    if options.after is not None:
        after = next((one.save_id for one in shared_versions(place) if one.number == options.after), "")
        if not after:
            raise InputError(_("{file}: it has no version {n}").format(file=place, n=options.after))
    mark = save_shared(dataclasses.replace(saved, mark=Mark(saved.mark.project_id)), place, progress, expected=after)
    progress.say(_("Saved: {file}, version {n}").format(file=place, n=mark.number))


def _get(options: argparse.Namespace, progress: ConsoleProgress) -> None:
    from gridplanner.io.project_file import save_saved
    from gridplanner.io.shared_places import connection_and_title
    from gridplanner.io.shared_project import open_shared

    place = _place(options.places[0])
    out: Path = options.out or Path(f"{connection_and_title(place)[1]}{SUFFIX}")
    if out.suffix.lower() != SUFFIX:
        raise InputError(_("{file}: a project file ends in .gridplan; write {name}").format(file=out, name=f"{out}{SUFFIX}"))
    if out.exists():
        raise InputError(_("{file}: is there already; give another name with --out").format(file=out))
    saved = open_shared(place, progress, number=options.number)
    save_saved(saved, out, progress)
    text = _('Saved: {file}, from version {n}; to put it back: gridplanner shared put {file} "{place}" --after {n}')
    progress.say(text.format(file=out, n=saved.mark.number, place=place))


def _log(options: argparse.Namespace, progress: ConsoleProgress) -> None:
    from gridplanner.io.shared_project import shared_versions

    found = shared_versions(_place(options.places[0]))
    progress.clear()
    if options.json:
        _print_json([_values(one) for one in found])
        return
    for one in reversed(found):
        print(_line(one))


def _remove(options: argparse.Namespace, progress: ConsoleProgress) -> None:
    from gridplanner.io.shared_project import newest_version, remove_shared

    place = _place(options.places[0])
    last = newest_version(place)
    if not options.yes:
        text = _(
            "{file}: {n} versions, the newest by {who}, would be gone for ever; take it out first (gridplanner shared get), then add --yes"
        )
        raise InputError(text.format(file=place, n=last.number, who=last.who))
    remove_shared(place)
    progress.say(_("Removed: {file}").format(file=place))


def _place(text: str) -> Path:
    """Return the place of a project in a database; raises InputError for anything else."""
    from gridplanner.io.shared_places import connection_and_title, is_shared, shared_place

    if not is_shared(text):
        raise InputError(_("{file}: a project in a database is written postgis:NAME#PROJECT").format(file=text))
    return shared_place(*connection_and_title(Path(text)))


def _line(version: Version) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(version.at))
    words = _("version {n}").format(n=version.number)
    return "  ".join(part for part in (words, when, version.who, version.words) if part)


def _values(version: Version) -> dict[str, object]:
    return {"version": version.number, "at": version.at, "who": version.who, "role": version.role, "words": version.words}


def _print_json(rows: Sequence[object]) -> None:
    print(json.dumps(rows, ensure_ascii=False, indent=1))


_VERBS = {"list": (1, _list), "put": (2, _put), "get": (1, _get), "log": (1, _log), "remove": (1, _remove), "roles": (0, _roles)}
_EXAMPLES = {
    "list": "gridplanner shared list postgis:office",
    "put": 'gridplanner shared put town.gridplan "postgis:office#West"',
    "get": 'gridplanner shared get "postgis:office#West" --out west.gridplan',
    "log": 'gridplanner shared log "postgis:office#West"',
    "remove": 'gridplanner shared remove "postgis:office#West" --yes',
    "roles": "gridplanner shared roles > roles.sql",
}
