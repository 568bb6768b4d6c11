"""The roster taken out of the program: printed as PDF, saved as a workbook, copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from gridplanner.errors import InputError
from gridplanner.i18n import _, language, speaking
from gridplanner.model.patrol_sheet import date_words
from gridplanner.model.project import Project
from ui.latest import Latest
from ui.printing.roster_sheet import RosterSheet, print_roster

if TYPE_CHECKING:
    from ui.desk import Desk

PDF, BOOK = ".pdf", ".xlsx"


@dataclass(frozen=True, eq=False)
class _Order:
    """What a thread is to write, in which language and where to."""

    project: Project
    language: str
    path: Path


class RosterOutput:
    """The menu of the roster's page, and what takes the roster out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writes: Latest | None = None

    def attach(self) -> None:
        """Listen to the page, once it is there."""
        self._desk.side.roster.menu_asked.connect(self.open_menu)

    def close(self) -> None:
        """End the thread."""
        if self._writes is not None:
            self._writes.close()

    @property
    def is_possible(self) -> bool:
        """True where there is a roster to take out."""
        roster = self._desk.session.project.roster
        return roster is not None and len(roster) > 0

    def menu(self) -> QMenu:
        """Return the menu of the page."""
        desk, idle = self._desk, not self._desk.jobs.is_busy
        menu = QMenu(desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Print as PDF…")).triggered.connect(self.print_pages)
        menu.addAction(_("Save as Excel workbook…")).triggered.connect(self.save_book)
        menu.addAction(_("Copy the calendar")).triggered.connect(lambda: desk.side.roster.calendar.copy(whole=True))
        menu.addSeparator()
        for words, does in ((_("Sick call…"), desk.duties.ask_sick), (_("Make the next roster"), desk.duties.make_next)):
            action = menu.addAction(words)
            action.triggered.connect(lambda _checked=False, run=does: run())
            action.setEnabled(idle)
        return menu

    def open_menu(self, at: QPoint) -> None:
        """Open the menu of the page at a point of the screen."""
        self.menu().popup(at)

    def print_pages(self) -> None:
        """Ask for a file and print the roster there."""
        self.save(PDF)

    def save_book(self) -> None:
        """Ask for a file and save the roster there as a workbook."""
        self.save(BOOK)

    def save(self, suffix: str) -> None:
        """Ask for a file and write the roster there: `suffix` is PDF or BOOK."""
        desk, project = self._desk, self._desk.session.project
        if project.roster is None:
            return
        title, kind = {
            PDF: (_("Print the roster"), _("PDF page (*.pdf)")), BOOK: (_("Save the roster"), _("Excel workbook (*.xlsx)")),
        }[suffix]  # fmt: skip
        name = "-".join(filter(None, (project.name, _("roster"), project.roster.start)))
        start = Path(desk.preferences.folder("roster")) / f"{name}{suffix}"
        chosen, _kind = QFileDialog.getSaveFileName(desk.window, title, str(start), kind)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != suffix:
            path = path.with_name(path.name + suffix)
        desk.preferences.remember_folder("roster", path.parent)
        if self._writes is None:
            self._writes = Latest(_write, "roster", desk)
            self._writes.answered.connect(lambda words: desk.window.status.say(words))
            self._writes.failed.connect(desk.canvas.failed)
        desk.window.status.say(_("Saving {file}").format(file=path.name))
        self._writes.ask(_Order(project, language(), path), urgent=False)


def _write(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[str]:
    from gridplanner.io.roster_book import write_roster_book  # openpyxl, which most sessions never need

    assert isinstance(request, _Order)
    part = request.path.with_name(f".{request.path.stem}.part{request.path.suffix}")
    try:
        with speaking(request.language):
            if request.path.suffix.lower() == BOOK:
                write_roster_book(request.project, part)
                part.replace(request.path)  # an earlier file stays until the new one is whole
            else:
                print_roster(RosterSheet(request.project, date_words(date.today()), request.path))
    except (InputError, OSError) as why:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        yield str(why)
    else:
        yield _("Saved {file}").format(file=request.path)
