"""The command that writes patrol routes for crews: for phones, as a spreadsheet, and as pages to print."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress

DONE = 0
FORMATS = ("gpx", "kml", "xlsx", "pdf")
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_route_command(command: AddCommand) -> None:
    """Add the command and its options."""
    text = _("write a project's patrol routes for crews: GPX and KML for phones, turn by turn as spreadsheet and as PDF with maps")
    parser = command("routes", run_routes, text, "gridplanner routes town.gridplan --out sheets --format pdf --format gpx --day 1")
    parser.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file with planned routes"))
    parser.add_argument("--out", type=Path, required=True, help=_("folder for the files"))
    text = _("gpx, kml, xlsx or pdf; give it again for several (default: all four)")
    parser.add_argument("--format", action="append", dest="formats", choices=FORMATS, help=text)
    parser.add_argument("--route", action="append", dest="codes", metavar="CODE", help=_("only this route; give it again for several"))
    parser.add_argument("--variant", type=int, default=0, metavar="N", help=_("only routes of this variant, from 1"))
    parser.add_argument("--day", type=int, default=0, metavar="N", help=_("only the variants drawn for this day, from 1"))
    parser.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help=_("day of duty, told on sheets and in the times of points"))
    text = _("coordinates of GPX and KML: wgs84, or gcj02 or bd09 for programs that lay them on Chinese maps as they are (default: wgs84)")
    parser.add_argument("--datum", choices=("wgs84", "gcj02", "bd09"), default="wgs84", help=text)


def run_routes(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Write the routes asked for; raises InputError where there are none, or they cannot be written."""
    from gridplanner.errors import InputError
    from gridplanner.io.project_places import open_at
    from gridplanner.io.route_files import RouteWish, write_routes
    from gridplanner.model.freshness import stale_plans
    from gridplanner.model.patrol_sheet import chosen_routes

    if min(options.variant, options.day) < 0:
        raise InputError(_("--variant and --day count from 1"))
    project = open_at(options.project).project
    if project.patrol is None or not project.patrol.routes:
        text = _("{file}: has no patrol routes yet; run “gridplanner patrol {file}” first")
        raise InputError(text.format(file=options.project))
    if "patrol" in stale_plans(project):
        text = _("Note: the patrol routes are older than their data or settings; “gridplanner patrol {file}” makes them again")
        progress.say(text.format(file=options.project))
    routes = chosen_routes(project.patrol, options.codes or (), options.variant, options.day - 1)
    wish = RouteWish(tuple(dict.fromkeys(options.formats or FORMATS)), options.date, options.datum)
    files = write_routes(project, routes, options.out, wish, options.print_sheets, progress)
    progress.say(_("Files written: {n}, routes: {routes}; {folder}").format(n=len(files), routes=len(routes), folder=options.out))
    return DONE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("{text} is not a day such as 2026-01-05").format(text=text)) from None
