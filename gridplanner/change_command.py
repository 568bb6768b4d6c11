"""The command for the change log of a project: who changed what, when, from what to what."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.model.changes import Change

DONE = 0
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_change_command(command: AddCommand) -> None:
    """Add the command and its options."""
    text = _("tell who changed what in a project, when, and from what to what")
    parser = command("changes", run_changes, text, "gridplanner changes town.gridplan --since 2026-03-01 --out changes.xlsx")
    parser.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file (.gridplan)"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=_("write a table: .csv or .xlsx"))
    parser.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help=_("only what was changed on this day or later"))
    parser.add_argument("--who", metavar="NAME", help=_("only what was changed by who is called so, or has this in the name"))
    parser.add_argument("--json", action="store_true", help=_("print the changes as JSON on standard output"))


def run_changes(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """List the changes, or write them as a table; raises InputError and ProjectFileError."""
    from gridplanner.io.change_table import when_text, write_changes
    from gridplanner.io.project_places import open_at
    from gridplanner.model.change_words import line_words, way_words

    changes = chosen_changes(open_at(options.project).changes, options.since, options.who or "")
    progress.clear()
    if options.out:
        write_changes(changes, options.out)
        progress.say(_("Saved: {file}").format(file=options.out))
    if options.json:
        rows = [{**dataclasses.asdict(change), "when": when_text(change.at)} for change in changes]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not options.out:
        for change in changes:
            said = (str(change.number), when_text(change.at), change.who, way_words(change.way), change.words)
            print("  ".join(" ".join(part.split()) for part in said))
            for line in change.lines:
                print(f"    {line_words(line)}")
        if not changes:
            print(_("No changes"))
    return DONE


def chosen_changes(changes: tuple[Change, ...], since: date | None, who: str) -> tuple[Change, ...]:
    """Return the changes from a day on (by the clock of this computer), and by those whose name has `who` in it."""
    first = datetime(since.year, since.month, since.day).timestamp() if since else None
    return tuple(change for change in changes if (first is None or change.at >= first) and who.casefold() in change.who.casefold())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("{text} is not a day such as 2026-01-05").format(text=text)) from None
