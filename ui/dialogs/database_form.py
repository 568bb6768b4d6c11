"""A dialog over one database: a connection chosen, what it holds listed by a thread, and the wait told."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from gridplanner.i18n import _
from ui.dialogs.connection_row import ConnectionRow
from ui.dialogs.form import Form
from ui.latest import Answer, Latest


class DatabaseForm(Form):
    """Asks `list_out` for what the database of `row` holds: it yields the connection's name with what was found, or with why not.

    `title`, `words` and `accept` are those of a `Form`; `database` is the connection used last. A dialog says how it shows what was found.
    """

    def __init__(self, title: str, words: str, accept: str, database: str, list_out: Answer, parent: QWidget | None) -> None:
        super().__init__(title, words, accept, parent)
        self.row = ConnectionRow(database, none="")
        self._lists = Latest(list_out, "database-list", self)
        self._lists.answered.connect(self._take)
        self._lists.failed.connect(lambda _details: self._take((self.row.name, _("What is in the database cannot be listed."))))
        self.row.changed.connect(self.look)
        self.waits = QLabel(_("Looking into the database …"))
        self.waits.setObjectName("muted")

    def look(self) -> None:
        """List what the connection chosen leads to."""
        self.show_found(None)
        self.waits.hide()
        if not self.row.name:
            self.complain(_("Add a connection to a database."))
            return
        self.complain("")
        self.accept_button.setEnabled(False)
        self.waits.show()
        self._lists.ask(self.row.name)

    def show_found(self, found: object) -> None:
        """Show what was found, None: nothing yet."""
        raise NotImplementedError

    def done(self, result: int) -> None:
        self._lists.close(patience=0.0)
        super().done(result)

    def _take(self, answer: object) -> None:
        assert isinstance(answer, tuple)
        name, found = answer
        if name != self.row.name:
            return
        self.waits.hide()
        if isinstance(found, str):
            self.show_found(None)
            self.complain(found)
        else:
            self.show_found(found)
