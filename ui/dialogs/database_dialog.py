"""A connection to a database: where it is, who asks, and a trial of it; the password goes to the system's keyring and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from gridplanner.errors import GridplannerError, InputError
from gridplanner.i18n import N_, _
from gridplanner.io.connections import NO_KEYRING, PORT, SSL_MODES, Connection, forget_connection, has_keyring, save_connection
from ui.dialogs.form import Choice, Form, pad
from ui.latest import Latest

SSL_WORDS = {
    "prefer": N_("encrypted where the server can"), "require": N_("encrypted always"),
    "verify-ca": N_("encrypted, certificate checked"), "verify-full": N_("encrypted, certificate and name checked"),
    "allow": N_("encrypted where the server insists"), "disable": N_("not encrypted"),
}  # fmt: skip
KEPT = N_("The password is kept in this computer's keyring, never in the project.")


@dataclass(frozen=True)
class Trial:
    """What is tried: a connection and the password typed for it."""

    connection: Connection
    password: str


class DatabaseDialog(Form):
    """Asks for a connection and saves it; `name` is what a plan file calls it. `before` is one to be changed, or to be removed."""

    def __init__(self, before: Connection | None = None, parent: QWidget | None = None) -> None:
        words = _("A PostgreSQL database with PostGIS. Services of the file pg_service.conf need not be added: they are listed already.")
        super().__init__(_("Database connection"), words, _("Save"), parent)
        self._trials = Latest(try_out, "database-trial", self)
        self._trials.answered.connect(self._tell_trial)
        self._trials.failed.connect(lambda _details: self._tell_trial(_("The trial failed.")))
        self.name, self.host, self.database, self.user, self.password = (QLineEdit() for _number in range(5))
        self.port, self.sslmode, self.test, self.verdict = QSpinBox(), Choice(), QPushButton(_("Test")), QLabel()
        self.port.setRange(1, 65535)
        pad(self.port)
        self.port.setMinimumWidth(96)
        for mode in SSL_MODES:
            self.sslmode.addItem(_(SSL_WORDS[mode]), mode)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.name.setPlaceholderText(_("such as town; plan files call it postgis:town"))
        self.host.setMinimumWidth(300)
        self.verdict.setWordWrap(True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.test.setAutoDefault(False)
        self.test.clicked.connect(self.try_it)
        self.removed = False
        self.remove = QPushButton(_("Remove"))
        self.remove.setToolTip(_("Forget this connection and its password; the database stays as it is"))
        self.remove.setAutoDefault(False)
        self.remove.setVisible(before is not None)
        self.remove.clicked.connect(self.forget)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        port_label = QLabel(_("Port"))
        row.addWidget(self.host, 1)
        row.addWidget(port_label)
        row.addWidget(self.port)
        form = self.field_rows()
        for label, field in (
            (_("Name"), self.name), (_("Host"), place), (_("Database"), self.database), (_("User"), self.user),
            (_("Password"), self.password), (_("Encryption"), self.sslmode),
        ):  # fmt: skip
            form.addRow(label, field)
            (self.host if field is place else field).setAccessibleName(label)
        self.port.setAccessibleName(_("Port"))
        told = QLabel(_(KEPT if has_keyring() else NO_KEYRING))
        told.setObjectName("muted")
        told.setWordWrap(True)
        self.body.addWidget(told)
        doing = QHBoxLayout()
        doing.setSpacing(8)
        doing.addWidget(self.test)
        doing.addStretch(1)
        doing.addWidget(self.remove)
        self.body.addLayout(doing)
        self.body.addWidget(self.verdict)
        self.verdict.hide()
        self._fill(before or Connection("new", database="", user=""), is_new=before is None)
        for text in (self.name, self.host, self.database, self.user):
            text.textChanged.connect(self._judge)
        self._judge()
        (self.name if before is None else self.host).setFocus()

    @property
    def chosen(self) -> Connection:
        """The connection as it stands in the dialog; raises ValueError where it cannot be."""
        return Connection(
            self.name.text().strip(), self.host.text().strip() or "localhost", self.port.value(), self.database.text().strip(),
            self.user.text().strip(), str(self.sslmode.currentData()),
        )  # fmt: skip

    def try_it(self) -> None:
        """Connect, and say what came of it."""
        self._say(_("Trying …"), "muted")
        self.test.setEnabled(False)
        self._trials.ask(Trial(self.chosen, self.password.text()))

    def accept(self) -> None:
        """Save the connection; what keeps it from being saved is said in the dialog."""
        try:
            save_connection(self.chosen, self.password.text())
        except (InputError, ValueError) as why:
            self._say(str(why), "bad")
            return
        super().accept()

    def forget(self) -> None:
        """Drop the saved connection and close."""
        try:
            forget_connection(self.name.text())
        except InputError as why:
            self._say(str(why), "bad")
            return
        self.removed = True
        super().accept()

    def done(self, result: int) -> None:
        self._trials.close(patience=0.0)
        self.password.clear()
        super().done(result)

    def _fill(self, before: Connection, *, is_new: bool) -> None:
        self.name.setText("" if is_new else before.name)
        self.name.setReadOnly(not is_new)  # plans name it
        self.host.setText(before.host)
        self.port.setValue(before.port or PORT)
        self.database.setText(before.database)
        self.user.setText(before.user)
        self.sslmode.setCurrentIndex(max(self.sslmode.findData(before.sslmode), 0))
        if not is_new:
            self.password.setPlaceholderText(_("unchanged"))

    def _judge(self) -> None:
        self.test.setEnabled(False)
        if not self.name.text().strip():
            self.complain(_("Give the connection a name."))
        elif not self.database.text().strip():
            self.complain(_("Name the database."))
        else:
            try:
                self.chosen  # noqa: B018  (what it cannot be is said)
            except ValueError as why:
                self.complain(str(why))
                return
            self.test.setEnabled(True)
            self.complain("")

    def _tell_trial(self, words: object) -> None:
        good = isinstance(words, str) and words.startswith(GOOD)
        self._say(str(words).removeprefix(GOOD), "muted" if good else "bad")
        self.test.setEnabled(True)

    def _say(self, words: str, look: str) -> None:
        self.verdict.setObjectName(look)
        self.verdict.setText(words)
        self.verdict.show()
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)
        self.make_room()


GOOD = "\x06"  # before the words of a trial that went well


def try_out(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[str]:
    """Yield what a database says of itself, or why it cannot be reached."""
    from gridplanner.io.postgis import try_connection

    assert isinstance(request, Trial)
    try:
        yield GOOD + try_connection(request.connection, request.password)
    except (GridplannerError, ValueError) as why:
        yield str(why)
