"""The command for the support bundle."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.i18n import _
from gridplanner.support import bundle_parts, part_lines, project_part, write_bundle

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress

DONE = 0
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_support_command(command: AddCommand) -> None:
    """Add the command and its options."""
    text = _("pack logs and versions for whoever looks for a fault; no data, unless asked for")
    parser = command("support", run_support, text, "gridplanner support --out bundle.zip")
    parser.add_argument("--out", type=Path, metavar="FILE.zip", help=_("where to write it (default: only tell what it would hold)"))
    text = _("pack this project too, with all its data")
    parser.add_argument("--with-project", type=Path, metavar="PROJECT.gridplan", help=text)


def run_support(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Tell what the bundle holds, then write it; raises InputError where it cannot be written."""
    parts = bundle_parts()
    if options.with_project:
        parts = (*parts, project_part(options.with_project))
    progress.clear()
    print("\n".join(part_lines(parts)))
    if options.out:
        write_bundle(options.out, parts)
        progress.say(_("Saved: {file}").format(file=options.out))
    return DONE
