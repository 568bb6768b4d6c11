"""The change log: who changed what and when, from what to what; filtered, gone to on the map, written to a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.io.change_table import when_text
from gridplanner.model.change_words import field_words, line_words, ref_words, value_words, what_words
from gridplanner.model.changes import REDONE, UNDONE, Change, ChangeLine
from ui.dialogs.form import Choice, Form
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.short_codes import with_short_codes

SIZE = (860, 560)
COLUMNS = (
    TableColumn(N_("No."), N_("Number of the change"), 52, number=True),
    TableColumn(N_("When"), "", 128),
    TableColumn(N_("Who"), "", 150),
    TableColumn(N_("What was done"), "", text=with_short_codes),
)
LINES = (
    TableColumn(N_("What changed"), "", text=with_short_codes),
    TableColumn(N_("Value before"), "", 190, text=with_short_codes),
    TableColumn(N_("Value after"), "", 190, text=with_short_codes),
)
WAYS = {UNDONE: N_("Undone: {words}"), REDONE: N_("Done again: {words}")}


class ChangesDialog(Form):
    """Shows changes, the latest in front. `line_chosen` carries a ChangeLine to go to, `export_asked` the changes that are listed.

    `is_there` says of a line whether there is still something on the map to go to.
    """

    line_chosen = Signal(object)
    export_asked = Signal(object)

    def __init__(
        self,
        changes: Sequence[Change],
        is_there: Callable[[ChangeLine], bool],
        parent: QWidget | None = None,
    ) -> None:
        words = _("Everything that was done with this project and is in its file. Enter or a click on a line below goes to its grid.")
        super().__init__(_("Change log"), words, "", parent)
        self._is_there = is_there
        self._changes = tuple(reversed(changes))
        self._days = [day_of(change) for change in self._changes]
        self._haystack = [self._searched(change) for change in self._changes]
        self.listed: list[Change] = []
        self.text, self.who, self.day = QLineEdit(), Choice(), Choice()
        self.text.setPlaceholderText(_("Search words, codes, values"))
        self.text.setClearButtonEnabled(True)
        self.text.setAccessibleName(_("Search words, codes, values"))
        self.who.addItem(_("Everybody"), "")
        for name in sorted({change.who for change in self._changes}):
            self.who.addItem(name, name)
        self.who.setAccessibleName(_("Who"))
        self.day.addItem(_("All days"), "")
        for day in dict.fromkeys(self._days):
            self.day.addItem(day or _("Unknown day"), day or "?")
        self.day.setAccessibleName(_("Day"))
        filters = QHBoxLayout()
        filters.setSpacing(8)
        filters.addWidget(self.text, 1)
        filters.addWidget(self.who)
        filters.addWidget(self.day)
        self._count = QLabel()
        self._count.setObjectName("heading")
        self.table, self.lines = SortedTable(COLUMNS), SortedTable(LINES)
        self.table.setAccessibleName(_("Changes"))
        self.lines.setAccessibleName(_("What became what"))
        self.lines.setMaximumHeight(168)
        self._of: tuple[ChangeLine, ...] = ()
        self.body.addLayout(filters)
        self.body.addWidget(self._count)
        self.body.addWidget(self.table, 3)
        self.body.addWidget(self.lines, 1)
        self.export = QPushButton(_("Export…"))
        self.export.setAutoDefault(False)
        self.export.clicked.connect(lambda: self.export_asked.emit(tuple(reversed(self.listed))))
        self.buttons.insertWidget(0, self.export)
        self.accept_button.setDefault(False)  # Enter goes to a line
        self.accept_button.setAutoDefault(False)
        self.resize(*SIZE)
        self.text.textChanged.connect(lambda _text: self._sift())
        for choice in (self.who, self.day):
            choice.currentIndexChanged.connect(lambda _row: self._sift())
        self.table.selectionModel().currentChanged.connect(lambda now, _before: self._show_lines(now.row()))
        self.lines.row_chosen.connect(self._choose)
        self._sift()
        self.table.setFocus()

    def _searched(self, change: Change) -> str:
        """Return all the words of a change in which a search looks."""
        lines = (f"{line_words(line)} {line.ref}" for line in change.lines)
        return " ".join((change.words, change.who, *lines)).casefold()

    def _sift(self) -> None:
        """List what is asked for."""
        words, who, day = self.text.text().casefold().split(), self.who.currentData(), self.day.currentData()
        self.listed = [
            change
            for change, on, said in zip(self._changes, self._days, self._haystack, strict=True)
            if who in ("", change.who) and day in ("", on or "?") and all(word in said for word in words)
        ]
        text = ngettext("{n} change", "{n} changes", len(self.listed))
        self._count.setText(text.format(n=f"{len(self.listed):,}"))
        self.table.rows.show(
            (
                [change.number for change in self.listed],
                [clock_of(change) for change in self.listed],
                [change.who for change in self.listed],
                [said(change) for change in self.listed],
            )
        )
        self.export.setEnabled(bool(self.listed))
        if self.listed:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.table.rows.index(0, 0), flags)
        self._show_lines(0 if self.listed else -1)

    def _show_lines(self, line: int) -> None:
        row = self.table.rows.row_at(line)
        self._of = self.listed[row].lines if row is not None else ()
        there = [self._is_there(one) for one in self._of]
        told = [told_of(one) + (" ›" if found else "") for one, found in zip(self._of, there, strict=True)]
        values = [[value_words(one, value) for one, value in zip(self._of, side, strict=True)] for side in _sides(self._of)]
        self.lines.rows.show((told, *values))
        self.lines.setEnabled(bool(self._of))

    def _choose(self, row: int) -> None:
        if row < len(self._of) and self._is_there(self._of[row]):
            self.line_chosen.emit(self._of[row])
            self.accept()


def _sides(lines: Sequence[ChangeLine]) -> tuple[list[str], list[str]]:
    return [line.before for line in lines], [line.after for line in lines]


def told_of(line: ChangeLine) -> str:
    """Return what a line is about, without its values."""
    if line.what == "more":
        return line_words(line)
    which = ref_words(line)
    head = which if line.what == "units" and which else " ".join(part for part in (what_words(line), which) if part)
    field = field_words(line)
    return _("{name}: {value}").format(name=head, value=field) if field else head


def said(change: Change) -> str:
    """Return what was done, and whether it was taken back."""
    words = change.words or _("Opened")
    return _(WAYS[change.way]).format(words=words) if change.way in WAYS else words


def day_of(change: Change) -> str:
    """Return the day of a change as 2026-03-01, empty where it is not known."""
    return when_text(change.at)[:10]


def clock_of(change: Change) -> str:
    """Return day and time of a change, which sort as they are."""
    return when_text(change.at)[:16]
