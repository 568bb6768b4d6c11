"""Routes on paper and on phones: asks what is wanted, remembers it, and writes the files beside the window's own work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.errors import InputError
from gridplanner.i18n import _, language, speaking
from gridplanner.io.route_files import RouteWish, write_routes
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.patrol_sheet import route_titles
from gridplanner.model.project import Project
from ui.dialogs.routes_dialog import FORMATS, PHONES, PRINT, RouteAsk, RouteChoice, RoutesDialog
from ui.latest import Latest
from ui.map.patrol_strokes import routes_shown
from ui.patrol_figures import choices as variant_choices
from ui.printing.patrol_sheet import print_sheets

if TYPE_CHECKING:
    from ui.desk import Desk

ALL, SHOWN, CHOSEN = "all", "shown", "chosen"


@dataclass(frozen=True, eq=False)
class _Order:
    """What a thread is to write."""

    project: Project
    routes: tuple[Route, ...]
    ask: RouteAsk


class RouteOutput:
    """The two actions that take routes out of the program."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writes: Latest | None = None
        self.dialog: RoutesDialog | None = None

    def print_sheets(self) -> None:
        """Ask which sheets to print, and write them."""
        self._ask(PRINT)

    def export_phones(self) -> None:
        """Ask which routes go to phones, and write them."""
        self._ask(PHONES)

    def close(self) -> None:
        """End the thread."""
        if self._writes is not None:
            self._writes.close()

    def _ask(self, purpose: str) -> None:
        desk = self._desk
        plan = desk.session.project.patrol
        if plan is None or not plan.routes:
            return
        offered = route_choices(plan, desk.patrol.choice, desk.patrol.route)
        dialog = RoutesDialog(purpose, offered, self._usual(purpose, offered), date.today().isoformat(), desk.window)
        dialog.accepted.connect(lambda: self._write(purpose, offered, dialog.asked))
        self.dialog = dialog
        dialog.destroyed.connect(lambda: setattr(self, "dialog", None))
        dialog.open()

    def _usual(self, purpose: str, offered: list[RouteChoice]) -> RouteAsk:
        """Return what was asked for last, else what most will want: all that the map shows, or the one route that is chosen on it."""
        kept = self._desk.preferences
        path, name, last = self._desk.files.path, self._desk.session.project.name or _("project"), _("routes")
        home = path.parent if path is not None else Path.home()
        known = [format_name for format_name, _words in FORMATS[purpose]]
        asked = kept.choice(f"routes-{purpose}-formats", ",".join(known)).split(",")
        formats = tuple(format_name for format_name in known if format_name in asked)
        names = [choice.name for choice in offered]
        which = CHOSEN if CHOSEN in names else kept.choice("routes-which", SHOWN)
        folder = Path(kept.choice("routes-folder") or str(home / f"{name}-{last}"))
        return RouteAsk(which, "", kept.choice("routes-language", language()), formats or (known[0],), kept.choice("routes-datum"), folder)

    def _write(self, purpose: str, offered: list[RouteChoice], ask: RouteAsk) -> None:
        desk, kept = self._desk, self._desk.preferences
        if ask.which != CHOSEN:
            kept.remember_choice("routes-which", ask.which)
        kept.remember_choice(f"routes-{purpose}-formats", ",".join(ask.formats))
        kept.remember_choice("routes-language", ask.language)
        kept.remember_choice("routes-folder", str(ask.folder))
        if purpose == PHONES:
            kept.remember_choice("routes-datum", ask.datum)
        project = desk.session.project
        rows = next(choice.rows for choice in offered if choice.name == ask.which)
        if self._writes is None:
            self._writes = Latest(_answer, "routes", desk)
            self._writes.answered.connect(lambda words: desk.window.status.say(words))
            self._writes.failed.connect(desk.canvas.failed)
        assert project.patrol is not None  # a dialog stays over its window
        routes = tuple(project.patrol.routes[row] for row in rows if row < len(project.patrol.routes))
        desk.window.status.say(_("Saving {file}").format(file=ask.folder.name))
        self._writes.ask(_Order(project, routes, ask), urgent=False)


def route_choices(plan: PatrolPlan, choice: str, row: int) -> list[RouteChoice]:
    """Return which routes can be asked for: the chosen one if any, those that the map shows where these are not all, and all."""
    shown, every = routes_shown(plan, choice), tuple(range(len(plan.routes)))
    offered = []
    if row in every:
        offered.append(RouteChoice(CHOSEN, _("Only {route}").format(route=route_titles(plan)[row]), (row,)))
    if len(shown) < len(every):
        words = dict(variant_choices(plan)).get(choice or "1", "")
        text = _("As on the map: {words} ({n})")
        offered.append(RouteChoice(SHOWN, text.format(words=words, n=len(shown)), shown))
    offered.append(RouteChoice(ALL, _("All routes ({n})").format(n=len(every)), every))
    return offered


def _answer(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[str]:
    assert isinstance(request, _Order)
    ask = request.ask
    day = date.fromisoformat(ask.day) if ask.day else None
    try:
        with speaking(ask.language):
            wish = RouteWish(ask.formats, day, ask.datum or "wgs84")
            files = write_routes(request.project, request.routes, ask.folder, wish, print_sheets)
    except InputError as why:
        yield str(why)
    else:
        yield _("Files saved: {n}, in {folder}").format(n=len(files), folder=ask.folder)
