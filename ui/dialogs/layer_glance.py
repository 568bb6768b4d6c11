"""The right side of the import dialog: where a layer lies, how it is to be read, and its first rows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QStackedWidget, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.io.preview import Preview
from ui.dialogs.layer_card import LayerCard
from ui.dialogs.preview_map import PreviewMap, far_off

WIDEST = 180  # pixels of a column


class LayerGlance(QWidget):
    """Shows the preview of one card's layer among those of the others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = PreviewMap()
        self._words = QLabel()
        self._words.setObjectName("small")
        self._words.setWordWrap(True)
        self._fields = QStackedWidget()
        self.rows = QTableWidget()
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.rows.setTabKeyNavigation(False)
        self.rows.setShowGrid(False)
        self.rows.verticalHeader().hide()
        self.rows.verticalHeader().setDefaultSectionSize(24)
        self.rows.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.rows.horizontalHeader().setMaximumSectionSize(WIDEST)
        self.rows.setMinimumHeight(64)
        self.rows.setAccessibleName(_("First rows"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.map, 3)
        layout.addWidget(self._words)
        layout.addWidget(self._fields)
        layout.addWidget(self.rows, 2)

    def add(self, card: LayerCard) -> None:
        """Take in the fields of a card."""
        self._fields.addWidget(card.choices)

    def show_layer(self, card: LayerCard, number: int, previews: Mapping[int, Preview], chosen: frozenset[int]) -> None:
        """Show the layer of a card among those that are `chosen`."""
        self._fields.setCurrentWidget(card.choices)
        self._fields.setFixedHeight(card.choices.sizeHint().height())  # a stack is else as high as its highest page
        preview = previews.get(number)
        self.map.show_previews({key: one for key, one in previews.items() if key in chosen or key == number}, number)
        far = far_off({key: one for key, one in previews.items() if key in chosen or key == number}, number)
        bad = bool(preview is not None and preview.problem) or far > 0
        self._words.setObjectName("warning" if bad else "small")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._words.setText(_words_of(preview, far) if card.report.readable else "\n".join(card.report.problems))
        self._fill_rows(preview)

    def _fill_rows(self, preview: Preview | None) -> None:
        columns = preview.columns if preview is not None else ()
        rows = preview.rows if preview is not None else ()
        self.rows.clear()
        self.rows.setColumnCount(len(columns))
        self.rows.setRowCount(len(rows))
        self.rows.setHorizontalHeaderLabels(list(columns))
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                self.rows.setItem(at, column, QTableWidgetItem(value))
        self.rows.resizeColumnsToContents()
        self.rows.setVisible(bool(columns) or preview is None)


def _words_of(preview: Preview | None, far: float) -> str:
    if preview is None:
        return _("Looking into the layer")
    words = [preview.problem] if preview.problem else []
    if far > 0:
        words.append(_("It lies {km} km from the other layers: check its coordinate system.").format(km=f"{far:,.0f}"))
    if preview.shown:
        text = _("{shown} of {all} drawn") if preview.shown < preview.of else _("all {all} drawn")
        words.append(text.format(shown=f"{preview.shown:,}", all=f"{preview.of:,}"))
    if preview.passing < 1.0:
        words.append(_("{percent} % of the rows pass the filter").format(percent=f"{100 * preview.passing:.0f}"))
    if preview.crs:
        words.append(preview.crs)
    return " · ".join(words) if not preview.problem and not far else "\n".join(words[:2])
