"""The fields of a layer as a profile has them: ticked or dropped, renamed, in another order, and fields that are the same in every row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gridplanner.export_profiles import Constant, LayerProfile
from gridplanner.i18n import _
from gridplanner.io.layer_schemas import Schema

FIELD, NAME, VALUE = range(3)
_KEY, _CONSTANT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_WHOLE, _REAL = re.compile(r"0|-?[1-9][0-9]{0,14}"), re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")


@dataclass(frozen=True)
class FieldRow:
    """One field: its name here (of a constant its only name), whether it leaves, its name outside, the value that all rows have."""

    name: str
    leaves: bool = True
    outside: str = ""
    value: Constant | None = None


def rows_of(schema: Schema, profile: LayerProfile) -> list[FieldRow]:
    """Return the fields of a layer in the order in which a profile has them; those that it drops come at the end."""
    own = [part.name for part in schema.fields if part.name not in profile.constant]
    every = [*own, *profile.constant]
    order = [*(name for name in profile.order if name in every), *(name for name in every if name not in profile.order)]
    dropped = [name for name in order if name in profile.drop]
    return [
        FieldRow(name, name not in dropped, profile.rename.get(name, ""), profile.constant.get(name))
        for name in (*(name for name in order if name not in dropped), *dropped)
    ]


def profile_of(schema: Schema, rows: list[FieldRow], file: str, *, leave_out: bool) -> LayerProfile:
    """Return what a profile says of a layer with these rows, and nothing that goes without saying."""
    constant = {row.name: row.value for row in rows if row.value is not None and row.leaves}
    leaving = [row.name for row in rows if row.leaves]
    dropped = tuple(row.name for row in rows if not row.leaves and row.value is None)
    plain = [part.name for part in schema.fields if part.name in leaving and part.name not in constant]
    order = () if leaving == [*plain, *constant] else tuple(leaving)
    rename = {row.name: row.outside for row in rows if row.leaves and row.value is None and row.outside not in ("", row.name)}
    return LayerProfile(file if file != schema.name else "", leave_out, order, dropped, rename, constant)


class FieldRows(QTreeWidget):
    """The rows to be ticked, written into and dragged up and down."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: dict[str, str] = {}
        self.setHeaderLabels([_("Field"), _("Name outside"), _("Same in every row")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )  # fmt: skip
        self.setItemDelegate(_Cells(self))
        head = self.header()
        head.setSectionsMovable(False)
        for column, mode in (
            (FIELD, QHeaderView.ResizeMode.Stretch),
            (NAME, QHeaderView.ResizeMode.Fixed),
            (VALUE, QHeaderView.ResizeMode.Fixed),
        ):
            head.setSectionResizeMode(column, mode)
        head.resizeSection(NAME, 150)
        head.resizeSection(VALUE, 130)
        head.setStretchLastSection(False)
        self.itemChanged.connect(lambda _item, _column: self.changed.emit())
        self.model().rowsMoved.connect(lambda *_what: self.changed.emit())

    @property
    def rows(self) -> list[FieldRow]:
        """The rows as they stand."""
        found = []
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            assert item is not None
            name, constant = str(item.data(FIELD, _KEY)), bool(item.data(FIELD, _CONSTANT))
            leaves = item.checkState(FIELD) == Qt.CheckState.Checked
            if constant:
                found.append(FieldRow(item.text(NAME).strip() or name, leaves, "", value_of(item.text(VALUE))))
            else:
                found.append(FieldRow(name, leaves, item.text(NAME).strip()))
        return found

    def show_rows(self, schema: Schema, rows: list[FieldRow]) -> None:
        """Show the fields of a layer."""
        self._words = {part.name: f"{part.name}   {part.chinese} · {part.english}" for part in schema.fields}
        self._show(rows, 0)

    def add_constant(self) -> None:
        """Add a field that is the same in every row, and begin to write its name."""
        names = {row.name for row in self.rows} | {row.outside for row in self.rows}
        number = next(number for number in range(1, 1000) if f"field{number}" not in names)
        item = self._add(FieldRow(f"field{number}", value=""), "")
        self.setCurrentItem(item)
        self.changed.emit()
        self.editItem(item, NAME)

    def remove_constant(self) -> None:
        """Take a field away that is the same in every row; others are dropped by their tick."""
        at, rows = self.currentIndex().row(), self.rows
        if 0 <= at < len(rows) and rows[at].value is not None:
            self._show([*rows[:at], *rows[at + 1 :]], min(at, len(rows) - 2))
            self.changed.emit()

    def shift(self, step: int) -> None:
        """Move the current row up (-1) or down (1)."""
        at, rows = self.currentIndex().row(), self.rows
        if 0 <= at < len(rows) and 0 <= at + step < len(rows):
            rows[at], rows[at + step] = rows[at + step], rows[at]
            self._show(rows, at + step)
            self.changed.emit()

    def _show(self, rows: list[FieldRow], current: int) -> None:
        """Show rows anew, one of them as the current one."""
        self.blockSignals(True)
        self.clear()
        for row in rows:
            self._add(row, self._words.get(row.name, ""))
        self.blockSignals(False)
        self.setCurrentIndex(self.model().index(current, FIELD))

    def _add(self, row: FieldRow, words: str) -> QTreeWidgetItem:
        constant = row.value is not None
        texts = [words or _("fixed value"), row.name if constant else row.outside, str(row.value) if constant else ""]
        item = QTreeWidgetItem(self, texts)
        item.setData(FIELD, _KEY, row.name)
        item.setData(FIELD, _CONSTANT, constant)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsDragEnabled
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable)
        item.setCheckState(FIELD, Qt.CheckState.Checked if row.leaves else Qt.CheckState.Unchecked)
        item.setToolTip(FIELD, words)
        return item


class _Cells(QStyledItemDelegate):
    """Lets names be written into, and the values of fields that are the same in every row; nothing else."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QWidget:
        constant = bool(index.sibling(index.row(), FIELD).data(_CONSTANT))
        if index.column() == FIELD or (index.column() == VALUE and not constant):
            return None  # type: ignore[return-value]  # which Qt takes for: this cell is not edited
        return super().createEditor(parent, option, index)


def value_of(text: str) -> Constant:
    """Return what was written as a number where it is one; digits with a zero before them are a code.

    >>> value_of("2026"), value_of("0.50"), value_of("0931"), value_of("西郊")
    (2026, 0.5, '0931', '西郊')
    """
    plain = text.strip()
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain) if _REAL.fullmatch(plain) else plain
