"""A project that an office keeps in a database: which one is to be opened, or under what name this one is put there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.shared_places import LONGEST_TITLE, shared_place
from ui.dialogs.database_form import DatabaseForm
from ui.dialogs.moment_table import MomentTable
from ui.when_words import when_words

if TYPE_CHECKING:
    from gridplanner.io.shared_project import SharedProject


class SharedDialog(DatabaseForm):
    """Lists the projects of a database; accepted, `place` is the one chosen, or where `title` is to be put.

    `database` is the connection that was used last; `title` the name that is proposed, None to open.
    """

    def __init__(self, database: str = "", title: str | None = None, parent: QWidget | None = None) -> None:
        self._puts = title is not None
        if self._puts:
            words = _("The whole office can then work on it: everybody saves versions, and nobody overwrites another's work.")
            super().__init__(_("Put into the office's database"), words, _("Put in"), database, list_out, parent)
        else:
            words = _("You work on a copy; what you save becomes a new version, and what others save meanwhile is offered to you.")
            super().__init__(_("Open from the office's database"), words, _("Open project"), database, list_out, parent)
        self._found: Sequence[SharedProject] = ()
        self.title = QLineEdit((title or "")[:LONGEST_TITLE])
        self.title.setMaxLength(LONGEST_TITLE)
        self.table = MomentTable([_("Project"), _("Version"), _("Who"), _("When")], _("Projects"))
        self.table.setMinimumSize(560, 180)
        form = self.field_rows()
        form.addRow(_("Database"), self.row)
        if self._puts:
            form.addRow(_("Name there"), self.title)
            there = QLabel(_("Projects that are there"))
            there.setObjectName("muted")
            self.body.addWidget(there)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.waits)
        self.title.textChanged.connect(lambda _text: self._judge())
        self.table.chosen.connect(lambda _row: self._judge())
        self.table.taken.connect(lambda _row: self._take_row())
        self.look()
        (self.row.add if not self.row.name else self.title if self._puts else self.table).setFocus()

    @property
    def place(self) -> Path | None:
        """The project chosen, or where this one is to be put; None where that is not decided."""
        if not self.row.name:
            return None
        row = self.table.chosen_row()
        if self._puts:
            name = self.title.text()
        elif 0 <= row < len(self._found):
            name = self._found[row].name
        else:
            return None
        try:
            return shared_place(self.row.name, name)
        except GridplannerError:
            return None

    def show_found(self, found: object) -> None:
        """List projects."""
        self._found = found if isinstance(found, list) else ()
        if found is None:
            self.table.fill(())
            return
        rows = [(one.name, f"{one.newest.number:,}", one.newest.who, when_words(one.newest.at)) for one in self._found]
        self.table.fill(rows)
        if self._puts:
            self.table.clearSelection()
        self._judge()

    def _judge(self) -> None:
        if self.waits.isVisibleTo(self) or not self.row.name:
            return
        if not self._puts:
            self.complain("" if self._found else _("No project is kept in this database yet: open one, then put it in."))
            return
        title = self.title.text().strip()
        if any(one.name == title for one in self._found):
            self.complain(_("A project of that name is there already; choose another name, or open that one."))
            return
        try:
            shared_place(self.row.name, title)
        except GridplannerError as why:
            self.complain(str(why) if title else _("Give it a name."))
            return
        self.complain("")

    def _take_row(self) -> None:
        if not self._puts and self.accept_button.isEnabled():
            self.accept()


def list_out(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[object]:
    """Yield the connection's name with its projects, or with why they cannot be listed."""
    from gridplanner.io.shared_project import shared_projects

    try:
        yield request, sorted(shared_projects(str(request)), key=lambda one: -one.newest.at)
    except GridplannerError as why:
        yield request, str(why)
