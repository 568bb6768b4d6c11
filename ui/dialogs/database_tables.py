"""Which tables of a database are to be imported: a connection chosen, its tables listed, some of them ticked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.connections import database_path
from ui.dialogs.database_form import DatabaseForm


class DatabaseTables(DatabaseForm):
    """Asks for tables; `paths` name them as sources do. `name` is the connection that was used last."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        words = _("Tables and views that the user may read. What each of them is, is asked next, as with files.")
        super().__init__(_("Import from a database"), words, _("Continue"), name, list_out, parent)
        self.sieve, self.tables = QLineEdit(), QListWidget()
        self.sieve.setPlaceholderText(_("Filter by name"))
        self.sieve.setAccessibleName(_("Filter by name"))
        self.sieve.setClearButtonEnabled(True)
        self.tables.setObjectName("boxed")
        self.tables.setAccessibleName(_("Tables"))
        self.tables.setMinimumSize(460, 180)
        form = self.field_rows()
        form.addRow(_("Database"), self.row)
        self.body.addWidget(self.sieve)
        self.body.addWidget(self.tables, 1)
        self.body.addWidget(self.waits)
        self.sieve.textChanged.connect(self._sift)
        self.tables.itemChanged.connect(lambda _item: self._judge())
        self.tables.itemActivated.connect(_turn)
        (self.sieve if self.row.name else self.row.add).setFocus()
        self.look()

    @property
    def paths(self) -> list[Path]:
        """The tables ticked, as paths of sources."""
        items = (self.tables.item(row) for row in range(self.tables.count()))
        ticked = [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked]
        return [Path(database_path(self.row.name, layer)) for layer in ticked]

    def show_found(self, found: object) -> None:
        """List tables with what they hold."""
        self.tables.clear()
        if not isinstance(found, Mapping):
            return
        for layer, kind in found.items():
            item = QListWidgetItem(f"{layer}   {kind or _('table without places')}", self.tables)
            item.setData(Qt.ItemDataRole.UserRole, layer)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
        self._sift()
        self._judge()

    def _sift(self) -> None:
        wanted = self.sieve.text().strip().lower()
        for row in range(self.tables.count()):
            item = self.tables.item(row)
            item.setHidden(wanted not in item.text().lower())

    def _judge(self) -> None:
        if not self.tables.count():
            self.complain(_("The database shows no tables to this user."))
        else:
            self.complain("" if self.paths else _("Tick the tables to import."))


def _turn(item: QListWidgetItem) -> None:
    """Tick an item, or take its tick away."""
    checked = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)


def list_out(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[object]:
    """Yield the connection's name with its tables, or with why they cannot be listed."""
    from gridplanner.io.vector_files import list_layers

    try:
        yield request, list_layers(Path(database_path(str(request))))
    except GridplannerError as why:
        yield request, str(why)
