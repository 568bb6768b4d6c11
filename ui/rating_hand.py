"""The rating map in the window: which month is shown, keeping it, and the printed page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _, language
from gridplanner.model.project import Project
from gridplanner.model.ratings import Ratings, ratings_of
from gridplanner.settings import RatingSettings
from ui.latest import Latest
from ui.map.scene import Showing
from ui.panels.rating_page import RatingPage
from ui.printing.rating_sheet import Sheet, write_sheet

if TYPE_CHECKING:
    from ui.desk import Desk

STEP = "rating"


class RatingHand:
    """Joins the page of the rating to the session and the map; the month shown is of the window, not of the project."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.month = ""
        self._kept = ""
        self.ratings: Ratings | None = None
        self.page: RatingPage | None = None
        self._ratings: Latest | None = None
        self._prints: Latest | None = None

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        desk, page = self._desk, RatingPage()
        self.page = page
        desk.side.add_tab(STEP, N_("Rating"), page, before="moves")
        desk.side.tabs.set_there(STEP, there=False)
        page.month_chosen.connect(self._take_month)
        page.keep_asked.connect(self._keep)
        page.print_asked.connect(self.print_sheet)
        page.bounds_chosen.connect(desk.canvas.zoom_to)
        desk.window.steps.chosen.connect(self._follow)
        desk.bridge.changed.connect(lambda _before, after: self._ask(after))

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with the month of the rating map."""
        return dataclasses.replace(showing, rating_month=self.month) if self.month else showing

    def open(self) -> None:
        """Show the rating map and its page."""
        self._desk.window.steps.choose(STEP)

    def print_sheet(self) -> None:
        """Ask for a file, and write the map of the month shown there as a page."""
        desk, project = self._desk, self._desk.session.project
        month = self.page.month if self.page is not None else ""
        name = "-".join(filter(None, (project.name, _("rating"), month)))
        start = Path(desk.preferences.folder("print")) / f"{name}.pdf"
        kinds = {_("PDF page (*.pdf)"): ".pdf", _("PNG picture (*.png)"): ".png"}
        chosen, kind = QFileDialog.getSaveFileName(desk.window, _("Save the rating map"), str(start), ";;".join(kinds))
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() not in kinds.values():
            path = path.with_name(path.name + kinds.get(kind, ".pdf"))
        desk.preferences.remember_folder("print", path.parent)
        if self._prints is None:
            self._prints = Latest(_print, "print", desk)
            self._prints.answered.connect(lambda words: desk.window.status.say(words))
            self._prints.failed.connect(desk.canvas.failed)
        desk.window.status.say(_("Saving {file}").format(file=path.name))
        self._prints.ask(Sheet(project, month, date.today().isoformat(), language(), path))

    def close(self) -> None:
        """End the threads."""
        for thread in (self._ratings, self._prints):
            if thread is not None:
                thread.close()

    def _follow(self, step: str) -> None:
        self._desk.side.tabs.set_there(STEP, there=step == STEP)
        if step == STEP:
            self._ask(self._desk.session.project)
            self._desk.side.open_tab(STEP)

    def _ask(self, project: Project) -> None:
        """Have the rating computed, where anyone looks at it."""
        if self._desk.window.steps.step.id != STEP:
            return
        if self._ratings is None:
            self._ratings = Latest(_rate, "rating", self._desk)
            self._ratings.answered.connect(self._take)
            self._ratings.failed.connect(self._desk.canvas.failed)
        self._ratings.ask(project)

    def _take(self, ratings: Ratings) -> None:
        if self.page is None or ratings is self.ratings:
            return
        self.ratings = ratings
        settings = self._desk.session.project.settings.rating
        kept = settings.month if settings is not None else ""
        if self.month not in ratings.months or kept != self._kept:
            self.month = ratings.month
        self._kept = kept
        self.page.show_ratings(ratings, self.month, kept)
        self._desk.show_maps()

    def _take_month(self, month: str) -> None:
        self.month = month
        self._desk.show_maps()

    def _keep(self) -> None:
        settings = self._desk.session.project.settings.rating or RatingSettings()
        self._desk.do(ChangeSettings("rating", dataclasses.replace(settings, month=self.month)))


def _rate(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[Ratings]:
    assert isinstance(request, Project)
    yield ratings_of(request)


def _print(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[str]:
    assert isinstance(request, Sheet)
    try:
        write_sheet(request)
    except InputError as why:
        yield str(why)
    else:
        yield _("Saved {file}").format(file=request.path)
