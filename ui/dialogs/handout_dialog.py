"""Handing communities out: which ones, to whom, until when, into which file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gridplanner.i18n import _, ngettext
from gridplanner.io.file_names import file_stem
from ui.dialogs.date_box import DateBox
from ui.dialogs.form import Form
from ui.figures import amount
from ui.panels.cells import show_as_list

SUFFIX = ".gridpack"
WEEKS = 2  # that a package is lent for where nothing else is said
LONGEST = 60  # characters of to whom
HIGH = 240  # pixels of the list at least
SIZE = (620, 560)


@dataclass(frozen=True)
class CommunityRow:
    """A community in the list: its name, how much is in it, and with whom it is already, empty where it is here."""

    name: str
    households: float
    grids: int
    lent: str


class HandoutDialog(Form):
    """`rows` are the communities chosen, `to` and `until` (YYYY-MM-DD or empty) what the package says, `path` where it goes.

    `marked` says that another choice is to be shown on the map.
    """

    marked = Signal(object)

    def __init__(
        self, communities: Sequence[CommunityRow], chosen: Collection[int], name: str, folder: Path, parent: QWidget | None = None
    ) -> None:
        words = _(
            "A package holds these communities alone. Whoever gets it works on them in the program and sends it back; "
            "what you change here meanwhile is compared when it is taken in. A click on the map chooses a community too."
        )
        super().__init__(_("Hand out communities"), words, _("Hand out"), parent)
        self._communities, self._name, self._folder = tuple(communities), name, folder
        self._named = False  # the file was chosen by hand
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search communities"))
        self.search.setAccessibleName(_("Search communities"))
        self.search.setClearButtonEnabled(True)
        self.all = QPushButton(_("Choose all"))
        self.none = QPushButton(_("Choose none"))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        for button in (self.all, self.none):
            button.setObjectName("small")
            button.setAutoDefault(False)
            top.addWidget(button)
        self.table = self._table(frozenset(chosen))
        self._sum = QLabel()
        self._sum.setObjectName("heading")
        self._sum.setWordWrap(True)
        self.to, self.until = QLineEdit(), DateBox((date.today() + timedelta(weeks=WEEKS)).isoformat(), _("no day named"))
        self.to.setMaxLength(LONGEST)
        self.to.setPlaceholderText(_("such as: desk south, community officer 3"))
        self.to.setAccessibleName(_("To whom"))
        self.until.setAccessibleName(_("Back by"))
        hint = QLabel(_("A desk or a role, not the name of a person: it stands on the map and in the file"))
        hint.setObjectName("small")
        hint.setWordWrap(True)
        self.file, browse = QLineEdit(), QPushButton(_("Choose…"))
        self.file.setAccessibleName(_("File"))
        browse.setAutoDefault(False)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.file, 1)
        where.addWidget(browse)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._sum)
        form = self.field_rows()
        form.addRow(_("To whom"), self.to)
        form.addRow("", hint)
        form.addRow(_("Back by"), self.until)
        form.addRow(_("File"), where)
        self.resize(*SIZE)
        self.search.textChanged.connect(self._sift)
        self.all.clicked.connect(lambda: self._check(on=True))
        self.none.clicked.connect(lambda: self._check(on=False))
        self.table.itemChanged.connect(lambda _item: self._take_choice())
        self.to.textChanged.connect(lambda _text: self._judge())
        self.file.textEdited.connect(lambda _text: self._take_file())
        browse.clicked.connect(self._browse)
        self.table.setFocus()
        self._take_choice()

    @property
    def rows(self) -> tuple[int, ...]:
        """The communities chosen, in the order of the project."""
        items = (self.table.item(row, 0) for row in range(self.table.rowCount()))
        return tuple(row for row, item in enumerate(items) if item is not None and item.checkState() == Qt.CheckState.Checked)

    @property
    def path(self) -> Path:
        """Where the package goes."""
        text = self.file.text().strip()
        return Path(text if text.lower().endswith(SUFFIX) else text + SUFFIX)

    def toggle(self, row: int) -> None:
        """Choose a community that was clicked on the map, or choose it no longer."""
        item = self.table.item(row, 0)
        if item is not None:
            was = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if was else Qt.CheckState.Checked)
            self.table.setCurrentItem(item)

    def _table(self, chosen: frozenset[int]) -> QTableWidget:
        table = QTableWidget(len(self._communities), 4)
        table.setHorizontalHeaderLabels([_("Community"), _("Hh."), _("Grids"), _("Handed out already")])
        table.setAccessibleName(_("Communities"))
        show_as_list(table)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setMinimumHeight(HIGH)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, wide in ((1, 72), (2, 60), (3, 216)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            table.setColumnWidth(column, wide)
            head = table.horizontalHeaderItem(column)
            if head is not None and column < 3:
                head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for row, community in enumerate(self._communities):
            for column, text in enumerate((community.name, amount(community.households), str(community.grids), community.lent)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                if column == 0:
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                    item.setCheckState(Qt.CheckState.Checked if row in chosen and not community.lent else Qt.CheckState.Unchecked)
                elif column < 3:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(row, column, item)
        return table

    def _check(self, *, on: bool) -> None:
        """Check or leave all that are listed; what is handed out already is not checked by the way."""
        self.table.blockSignals(True)
        for row, community in enumerate(self._communities):
            item = self.table.item(row, 0)
            if item is not None and not self.table.isRowHidden(row) and not (on and community.lent):
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.table.blockSignals(False)
        self.table.viewport().update()
        self._take_choice()

    def _sift(self, text: str) -> None:
        words = text.casefold().split()
        for row, community in enumerate(self._communities):
            self.table.setRowHidden(row, not all(word in community.name.casefold() for word in words))

    def _take_choice(self) -> None:
        rows = self.rows
        chosen = [self._communities[row] for row in rows]
        text = ngettext(
            "{n} community, {households} households, {grids} grids", "{n} communities, {households} households, {grids} grids", len(rows)
        )
        said = (
            _("Choose at least one community")
            if not rows
            else text.format(n=len(rows), households=amount(sum(one.households for one in chosen)), grids=sum(one.grids for one in chosen))
        )
        twice = [one.name for one in chosen if one.lent]
        if twice:
            said += "\n" + _("Handed out already, so that two work on it: {names}").format(names=", ".join(twice))
        self._sum.setText(said)
        if not self._named:
            first = chosen[0].name if chosen else ""
            more = f"+{len(chosen) - 1}" if len(chosen) > 1 else ""
            name = "-".join(part for part in (self._name, first + more) if part) or _("package")
            self.file.setText(str(_free(self._folder / f"{file_stem(name)}{SUFFIX}")))
        self.marked.emit(rows)
        self._judge()

    def _take_file(self) -> None:
        self._named = True
        self._judge()

    def _browse(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Hand out communities"), str(self.path), _("Packages (*.gridpack)"), "", QFileDialog.Option.DontConfirmOverwrite
        )
        if name:
            self.file.setText(name)
            self._take_file()

    def _judge(self) -> None:
        """Say what is missing; nothing is complained of that the planner has not come to yet."""
        rows, to, text = self.rows, self.to.text().strip(), self.file.text().strip()
        if not text or not self.path.parent.is_dir():
            self.complain(_("There is no such folder: {folder}").format(folder=self.path.parent if text else ""))
        elif self.path.exists():
            text = _("{file}: is there already; a package that was handed out is not written over")
            self.complain(text.format(file=self.path.name))
        else:
            self.complain("")
            self.accept_button.setEnabled(bool(rows) and bool(to))
            self.accept_button.setToolTip("" if to else _("Say to whom first"))


def _free(path: Path) -> Path:
    """Return a path at which nothing lies: this one, or one with a number."""
    names = (path, *(path.with_name(f"{path.stem}-{number}{path.suffix}") for number in range(2, 1000)))
    return next((each for each in names if not each.exists()), path)
