"""What a pasted block changes, looked at before it is done: each value as it is and as it will be, and what is refused."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gridplanner.i18n import N_, _, ngettext
from ui.dialogs.form import Form
from ui.panels.grid_columns import COLUMNS
from ui.panels.grid_content import GridRows, worker_words
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.pasting import Pasting

WIDE = 560
_CHANGES = (TableColumn(N_("Grid"), "", 90), TableColumn(N_("Column"), "", 90), TableColumn(N_("Now")), TableColumn(N_("Then")))
_REFUSED = (TableColumn(N_("Row"), "", 48, True), TableColumn(N_("Contents"), "", 150), TableColumn(N_("Why it is left out")))


class PasteDialog(Form):
    """Accepted, the caller makes the edit of the pasting."""

    def __init__(self, content: GridRows, pasting: Pasting, parent: QWidget | None = None) -> None:
        super().__init__(_("Paste into the grids"), pasting_words(pasting), _("Change"), parent)
        if pasting.changes:
            table = SortedTable(_CHANGES)
            grids = [content.grids[change.row] for change in pasting.changes]
            table.rows.show(
                (
                    [content.codes[change.row] for change in pasting.changes],
                    [_(COLUMNS[change.column].short) for change in pasting.changes],
                    [_shown(getattr(grid, COLUMNS[c.column].field)) for c, grid in zip(pasting.changes, grids, strict=True)],
                    [_shown(change.value) for change in pasting.changes],
                )
            )
            self._add(table, _("Values that change"), 10)
        if pasting.refused:
            label = QLabel(_("Left out"))
            label.setObjectName("heading")
            self.body.addWidget(label)
            table = SortedTable(_REFUSED)
            lines = pasting.refused
            bad = frozenset(range(len(lines)))
            table.rows.show(([r.line for r in lines], [r.text for r in lines], [r.why for r in lines]), bad)
            self._add(table, _("Left out"), 5)
        self.accept_button.setEnabled(bool(pasting.changes))

    def _add(self, table: SortedTable, name: str, most: int) -> None:
        table.setAccessibleName(name)
        table.setMinimumWidth(WIDE)
        rows = min(table.rows.rowCount(), most)
        table.setMinimumHeight(30 + 28 * max(rows, 1))
        table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.body.addWidget(table, rows)


def pasting_words(pasting: Pasting) -> str:
    """Return in one sentence what a pasted block does."""
    grids = len({change.row for change in pasting.changes})
    words = ngettext("{n} grid changes", "{n} grids change", grids).format(n=f"{grids:,}") if grids else _("Nothing changes")
    if pasting.same:
        words += _("; ") + ngettext("{n} value is there already", "{n} values are there already", pasting.same).format(
            n=f"{pasting.same:,}"
        )
    if pasting.refused:
        count = len(pasting.refused)
        words += _("; ") + ngettext("{n} is left out", "{n} are left out", count).format(n=f"{count:,}")
    return words


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return worker_words(value) or "–"
    if isinstance(value, bool):
        return _("locked") if value else _("not locked")
    return str(value) or "–"
