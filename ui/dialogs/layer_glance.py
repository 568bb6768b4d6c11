"""The right side of the import dialog: where a layer lies, its rows, what was found wrong with it, and how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import _
from gridplanner.io.preview import Preview
from ui.dialogs.datum_banner import DatumBanner
from ui.dialogs.findings_list import FindingsList, findings_of
from ui.dialogs.layer_card import LayerCard
from ui.dialogs.preview_map import PreviewMap, far_off
from ui.panels.tab_strip import TabStrip

WIDEST = 180  # pixels of a column
ROW = 24  # pixels of a row


class LayerGlance(QWidget):
    """Shows one card's layer: on a map among those of the others, as rows, and what was found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = PreviewMap()
        self.banner = DatumBanner()
        self.banner.taken.connect(self._take_shift)
        self.findings = FindingsList()
        self.rows = _rows_table()
        self._words = QLabel()
        self._words.setObjectName("small")
        self._words.setWordWrap(True)
        self._hidden = QLabel()
        self._hidden.setObjectName("small")
        self._hidden.setWordWrap(True)
        self._choices, self._texts = QStackedWidget(), QStackedWidget()
        self.tabs = TabStrip()
        self.tabs.retranslate()
        self._pages = QStackedWidget()
        self._card: LayerCard | None = None
        self._known: set[LayerCard] = set()
        self._filled: Preview | None = None
        for name, words, parts in (
            ("map", _("Map"), ((self.map, 1), (self._words, 0), (self.banner, 0), (self._choices, 0))),
            ("rows", _("Table"), ((self._texts, 0), (self.rows, 1), (self._hidden, 0))),
            ("findings", _("Findings"), ((self.findings, 1),)),
        ):
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
            for part, stretch in parts:
                column.addWidget(part, stretch)
            self._pages.addWidget(page)
            self.tabs.add(name)
            self.tabs.set_words(name, words)
        self.tabs.chosen.connect(lambda name: self._pages.setCurrentIndex(self.tabs.names.index(name)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.tabs)
        layout.addWidget(self._pages, 1)

    def show_layer(
        self, card: LayerCard, number: int, previews: Mapping[int, Preview], chosen: frozenset[int], fine: Mapping[int, Preview]
    ) -> None:
        """Show the layer of a card among those that are `chosen`; `fine` are closer looks at them."""
        other = card is not self._card
        self._card = card
        if card not in self._known:
            self._known.add(card)
            self._choices.addWidget(card.choices)
            self._texts.addWidget(card.texts)
        for stack, page in ((self._choices, card.choices), (self._texts, card.texts)):
            stack.setCurrentWidget(page)
            stack.setFixedHeight(page.sizeHint().height())  # a stack is else as high as its highest page
        self._choices.setVisible(card.is_placed)
        preview = previews.get(number)
        seen = {key: one for key, one in previews.items() if key in chosen or key == number}
        self.map.show_previews(seen, number, fine)
        far = far_off(seen, number)
        bad = bool(preview is not None and preview.problem and card.is_placed) or far > 0
        _dress(self._words, "warning" if bad else "small")
        self._words.setText(_words_of(preview, far, card) if card.report.readable else _("cannot be read"))
        self._show_shift()
        self._fill_rows(preview)
        if other:
            found = findings_of(card.report)
            self.findings.show_findings(found)
            self.tabs.set_words("findings", _("Findings ({n})").format(n=len(found)) if found else _("Findings"))
            self._come_forward(card)

    def forget(self, card: LayerCard) -> None:
        """Take a card's fields out again."""
        if card in self._known:
            self._known.remove(card)
            self._choices.removeWidget(card.choices)
            self._texts.removeWidget(card.texts)
        self._card = None

    def _come_forward(self, card: LayerCard) -> None:
        """Bring the page to the front that has something to show."""
        if not card.report.readable:
            self.tabs.choose("findings")
        elif self.tabs.current == "findings" or not card.report.geometry:
            self.tabs.choose("map" if card.report.geometry else "rows")

    def _show_shift(self) -> None:
        card = self._card
        assert card is not None
        shift = next((one for one in card.report.shifts if one.datum), None)
        if shift is None:
            self.banner.say("", moved=False)
            return
        named = {"gcj02": "GCJ-02", "bd09": "BD-09"}.get(shift.datum, shift.datum)
        text = _("Looks like {datum}, {metres} m off: {why}")
        words = text.format(datum=named, metres=f"{shift.metres:,.0f}", why=shift.why)
        self.banner.say(words, moved=card.choices.datum == shift.datum)

    def _take_shift(self, moved: bool) -> None:
        if self._card is not None:
            shift = next(one for one in self._card.report.shifts if one.datum)
            stays = "cgcs2000" if "EPSG:4490" in self._card.report.crs else "wgs84"
            self._card.choices.choose_datum(shift.datum if moved else stays)
            self._show_shift()

    def _fill_rows(self, preview: Preview | None) -> None:
        assert self._card is not None
        report = self._card.report
        columns = preview.columns if preview is not None else report.columns
        rows = preview.rows if preview is not None else report.rows
        self.rows.clear()
        self.rows.setColumnCount(len(columns))
        self.rows.setRowCount(len(rows))
        self.rows.setHorizontalHeaderLabels(list(columns))
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                self.rows.setItem(at, column, QTableWidgetItem(value))
        self.rows.resizeColumnsToContents()
        private = [
            _("“{field}” holds {what}").format(field=name, what=facts.holds) for name, facts in report.facts.items() if facts.private
        ]
        self._hidden.setText(_("Not shown and not read: {fields}").format(fields=_("; ").join(private)) if private else "")
        self._hidden.setVisible(bool(private))


def _rows_table() -> QTableWidget:
    table = QTableWidget()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setMaximumSectionSize(WIDEST)
    table.setMinimumHeight(64)
    table.setAccessibleName(_("First rows"))
    return table


def _dress(label: QLabel, look: str) -> None:
    if label.objectName() != look:
        label.setObjectName(look)
        label.style().unpolish(label)
        label.style().polish(label)


def _words_of(preview: Preview | None, far: float, card: LayerCard) -> str:
    if preview is None:
        return _("Looking into the layer")
    report = card.report
    odd = preview.repair or card.choices.said
    words = [preview.problem] if preview.problem else []
    if far > 0:
        words.append(_("It lies {km} km from the other layers: check its coordinate system.").format(km=f"{far:,.0f}"))
    if preview.shown:
        text = _("{shown} of {all} drawn") if preview.shown < preview.of else _("all {all} drawn")
        words.append(text.format(shown=f"{preview.shown:,}", all=f"{preview.of:,}"))
    if preview.passing < 1.0:
        passing = _("{percent} % of the rows pass the filter, about {n}")
        words.append(passing.format(percent=f"{100 * preview.passing:.0f}", n=f"{round(preview.passing * preview.of):,}"))
    if preview.crs:
        words.append(preview.crs)
    if not report.crs and report.crs_why and card.choices.is_as_guessed and card.is_placed:
        words.append(_("guessed: {why}").format(why=report.crs_why))
    said = " · ".join(words) if not preview.problem and not far else "\n".join(words[:2])
    return "\n".join(part for part in (said, odd[:1].upper() + odd[1:]) if part)
