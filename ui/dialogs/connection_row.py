"""The choice of a database: services and saved connections, one more to add, and a password where nothing else keeps it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.connections import Connection, find_connection, has_keyring, known_connections, password_of, use_password
from ui.dialogs.database_dialog import DatabaseDialog
from ui.dialogs.form import Choice


class ConnectionRow(QWidget):
    """`name` is the connection chosen, empty where there is none; `none` what stands for no database, empty where one is needed."""

    changed = Signal()

    def __init__(self, name: str, none: str) -> None:
        super().__init__()
        self.choice, self.password = Choice(), QLineEdit()
        self.add, self.edit = QPushButton(_("Add")), QPushButton(_("Edit"))
        self.choice.setAccessibleName(_("Database"))
        self.choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(18)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(_("Password, known until the program ends"))
        self.password.setAccessibleName(_("Password"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.choice, 1)
        for button, then in ((self.edit, self._edit), (self.add, self._add)):
            button.setAutoDefault(False)
            button.clicked.connect(then)
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(line)
        layout.addWidget(self.password)
        self._none = none
        self._known: dict[str, Connection] = {}
        self.fill(name)
        self.choice.currentIndexChanged.connect(self._choose)
        self.password.editingFinished.connect(self._take_password)

    @property
    def name(self) -> str:
        """The connection chosen."""
        return str(self.choice.currentData() or "")

    def fill(self, name: str) -> None:
        """List the connections anew and choose one; one that is not known here is listed too, as a plan may name it."""
        try:
            self._known = {one.name: one for one in known_connections()}
        except GridplannerError:
            self._known = {}
        self.choice.blockSignals(True)
        self.choice.clear()
        if self._none:
            self.choice.addItem(self._none, "")
        for one in self._known.values():
            self.choice.addItem(f"{one.name}  ({one.words})", one.name)
        if name and name not in self._known:
            self.choice.addItem(name, name)
        self.choice.setCurrentIndex(max(self.choice.findData(name), 0))
        self.choice.blockSignals(False)
        self._show_parts()

    def _choose(self) -> None:
        self.password.clear()
        self._show_parts()
        self.changed.emit()

    def _show_parts(self) -> None:
        """Show what the connection chosen can have: services are changed in their file."""
        one = self._known.get(self.name)
        own = one is not None and not one.is_service
        self.edit.setEnabled(own)
        self.password.setVisible(one is not None and own and not has_keyring() and not password_of(one))

    def _take_password(self) -> None:
        if self.password.text() and self.name:
            use_password(self.name, self.password.text())
            self.password.clear()
            self._show_parts()
            self.changed.emit()

    def _add(self) -> None:
        self._ask(None)

    def _edit(self) -> None:
        self._ask(find_connection(self.name))

    def _ask(self, before: Connection | None) -> None:
        dialog = DatabaseDialog(before, self.window())

        def saved() -> None:
            self.fill("" if dialog.removed else dialog.name.text().strip())
            self.changed.emit()

        dialog.accepted.connect(saved)
        dialog.open()
