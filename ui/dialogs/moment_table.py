"""A short table of what was kept, one line each: chosen by keys or mouse, a double click takes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ui.panels.cells import Cells, show_as_list

GAP = 24  # pixels between two columns
LEAST, MOST = 110, 260  # pixels of height


class MomentTable(QTableWidget):
    """Rows of words; the first column takes what room there is."""

    chosen = Signal(int)  # another row, -1 for none
    taken = Signal(int)

    def __init__(self, heads: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, len(heads), parent)
        self.setHorizontalHeaderLabels(list(heads))
        self.setAccessibleName(name)
        show_as_list(self)
        self.setItemDelegate(Cells(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._heads = list(heads)
        self.itemSelectionChanged.connect(lambda: self.chosen.emit(self.chosen_row()))
        self.itemActivated.connect(lambda item: self.taken.emit(item.row()))

    def sizeHint(self) -> QSize:
        """Return room for the rows there are, within bounds."""
        high = self.horizontalHeader().sizeHint().height() + self.rowCount() * self.verticalHeader().defaultSectionSize() + 12
        return QSize(super().sizeHint().width(), min(max(high, LEAST), MOST))

    def chosen_row(self) -> int:
        """Return the row chosen, -1 where none is."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def fill(self, rows: Sequence[Sequence[str]], choose: int = 0) -> None:
        """Show other rows and choose one of them."""
        self.setRowCount(len(rows))
        for number, words in enumerate(rows):
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(number, column, item)
        face = self.fontMetrics()
        for column, head in enumerate(self._heads[1:], 1):
            widest = max(face.horizontalAdvance(text) for text in (head, *(words[column] for words in rows)))
            self.setColumnWidth(column, widest + GAP)
        if rows:
            self.selectRow(min(choose, len(rows) - 1))
