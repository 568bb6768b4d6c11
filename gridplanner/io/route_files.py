"""Writing routes for crews: files for phones and spreadsheets, one of all routes and one of each, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from algorithms.progress import SILENT, Progress
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.keeping.disk_words import cause_words
from gridplanner.io.route_book import write_book
from gridplanner.io.route_degrees import DATUMS, RouteDegrees, routes_in_degrees, time_zone
from gridplanner.io.route_gpx import write_gpx
from gridplanner.io.route_kml import write_kml
from gridplanner.io.staging import moved_in, staged
from gridplanner.model.patrol import Route
from gridplanner.model.patrol_sheet import RouteSheet, route_sheets
from gridplanner.model.project import Project

PHONES = {"gpx": write_gpx, "kml": write_kml}
FORMATS = (*PHONES, "xlsx", "pdf")
STEM = "routes"
Printer = Callable[[Project, Sequence[RouteSheet], Path], None]  # writes the sheets with their maps as PDF


@dataclass(frozen=True)
class RouteWish:
    """What is to be written: `formats` of FORMATS, the day of duty where it is known, the datum of phones, `each` also one file a route."""

    formats: tuple[str, ...] = ("gpx", "kml")
    day: date | None = None
    datum: str = "wgs84"
    each: bool = True

    def __post_init__(self) -> None:
        for name in self.formats:
            if name not in FORMATS:
                raise InputError(_("{name} is no format of routes; there are {known}").format(name=name, known=", ".join(FORMATS)))
        if self.datum not in DATUMS:
            raise InputError(_("{name} is no datum of routes; there are {known}").format(name=self.datum, known=", ".join(DATUMS)))


def write_routes(
    project: Project,
    routes: Sequence[Route],
    folder: Path,
    wish: RouteWish,
    print_sheets: Printer | None = None,
    progress: Progress = SILENT,
) -> list[Path]:
    """Write some routes of a project into a folder and return the files; `print_sheets` writes what is wished as PDF.

    All files are written beside first and moved in at the end, so a failure leaves earlier ones as they were. Raises InputError where
    there is nothing to write, or it cannot be written.
    """
    sheets = route_sheets(project, routes, wish.day)
    if not sheets:
        raise InputError(_("There are no patrol routes to write"))
    if "pdf" in wish.formats and print_sheets is None:
        raise InputError(_("PDF pages are written by the desktop program: run gridplanner, not its modules alone"))
    try:
        with staged(folder) as staging:
            _write_phones(project, sheets, staging, wish, progress)
            if "xlsx" in wish.formats:
                progress.report(0.5, _("Writing {layer}").format(layer=f"{STEM}.xlsx"))
                write_book(staging / f"{STEM}.xlsx", sheets)
            if "pdf" in wish.formats and print_sheets is not None:
                progress.report(0.6, _("Writing {layer}").format(layer=f"{STEM}.pdf"))
                print_sheets(project, sheets, staging / f"{STEM}.pdf")
            progress.check()
            return moved_in(staging, folder)
    except OSError as why:
        raise InputError(_("{folder}: the routes cannot be written: {why}").format(folder=folder, why=cause_words(why, folder))) from None


def write_phone_files(project: Project, sheets: Sequence[RouteSheet], folder: Path, formats: Sequence[str], datum: str = "wgs84") -> None:
    """Write all sheets into one file of each format of PHONES in a folder."""
    _write_phones(project, sheets, folder, RouteWish(tuple(formats), None, datum, each=False), SILENT)


def _write_phones(project: Project, sheets: Sequence[RouteSheet], folder: Path, wish: RouteWish, progress: Progress) -> None:
    formats = [name for name in PHONES if name in wish.formats]
    if not formats or project.patrol is None:
        return
    found = routes_in_degrees(project.patrol.streets, project.crs, sheets, wish.datum)
    zone = time_zone(project.crs, sheets[0].route.coords)
    title = project.name or _("Patrol routes")
    taken = {STEM}
    for name in formats:
        PHONES[name](folder / f"{STEM}.{name}", title, found, wish.datum, zone)
    for number, route in enumerate(found if wish.each and len(found) > 1 else []):
        progress.check()
        progress.report(0.5 * number / len(found), _("Writing {layer}").format(layer=route.sheet.title))
        stem = _stem(route, taken)
        for name in formats:
            PHONES[name](folder / f"{stem}.{name}", route.sheet.title, [route], wish.datum, zone)


def _stem(route: RouteDegrees, taken: set[str]) -> str:
    """Return a file name for a route, unlike the others also where letters' case does not count; adds it to `taken`."""
    clean = "".join("_" if sign in '<>:"/\\|?*' or ord(sign) < 32 else sign for sign in route.sheet.title).strip(" .")[:80] or STEM
    name, number = clean, 1
    while name.lower() in taken:
        number += 1
        name = f"{clean}-{number}"
    taken.add(name.lower())
    return name
