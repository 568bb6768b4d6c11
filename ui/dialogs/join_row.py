"""Counts that stand in a table of their own: which table, and by which codes its rows belong to the layer's features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from gridplanner.i18n import _
from gridplanner.io.source_report import JoinChoice
from gridplanner.settings import JoinSettings
from ui.dialogs.field_rows import LABEL, FieldBox, FieldSample
from ui.dialogs.form import Choice

Table = tuple[str, str]  # path and layer


class JoinRow(QWidget):
    """Asks for a table and two fields of codes; `changed` follows every choice, `chosen` the focus."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, joins: Sequence[JoinChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._joins = tuple(joins)
        self._fields: dict[Table, list[FieldSample]] = {}
        self.table_box, self.key_box, self.to_box = Choice(), FieldBox(()), FieldBox(())
        self._words, self._equals = QLabel(), QLabel("=")
        self._words.setObjectName("small")
        self._words.setWordWrap(True)
        self._names = QLabel(_("Counts from")), QLabel(_("by code"))
        for label in (*self._names, self._equals):
            label.setObjectName("muted")
        self.table_box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.table_box.setMinimumContentsLength(7)
        for box, words in (
            (self.table_box, self._names[0].text()),
            (self.key_box, _("Codes in the table")),
            (self.to_box, _("Codes in the layer")),
        ):
            box.setAccessibleName(words)
            box.installEventFilter(self)
        self._names[0].setBuddy(self.table_box)
        self._names[1].setBuddy(self.key_box)
        self._pair = QWidget()  # a layout alone that has nothing to show would still take room from the column of words
        pair = QHBoxLayout(self._pair)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(8)
        pair.addWidget(self.key_box, 1)
        pair.addWidget(self._equals)
        pair.addWidget(self.to_box, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, LABEL)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._names[0], 0, 0)
        grid.addWidget(self.table_box, 0, 1)
        grid.addWidget(self._names[1], 1, 0)
        grid.addWidget(self._pair, 1, 1)
        grid.addWidget(self._words, 2, 1)

    def offer(self, tables: Mapping[Table, Sequence[FieldSample]], own: Sequence[FieldSample]) -> None:
        """Offer tables with their fields, and the layer's own `own`; the pair that matches best is chosen."""
        self._fields = {key: list(fields) for key, fields in tables.items()}
        self.table_box.addItem(_("no table"), None)
        for key in self._fields:
            path, layer = key
            stem = Path(path).name
            self.table_box.addItem(stem if layer in {"", Path(path).stem} else f"{stem} · {layer}", key)
        self.to_box.add(own)
        self.table_box.currentIndexChanged.connect(self._take_table)
        for box in (self.key_box, self.to_box):
            box.currentIndexChanged.connect(self._take_pair)
        best = max(self._joins, key=lambda one: one.matched, default=None)
        if best is not None:
            self.choose(best)
        self._tell()

    def choose(self, join: JoinChoice) -> None:
        """Choose a table and the codes that it is joined by."""
        for row in range(self.table_box.count()):
            if self.table_box.itemData(row) == (join.path, join.layer):
                self.table_box.setCurrentIndex(row)
        self.key_box.choose(join.key)
        self.to_box.choose(join.to)

    @property
    def table(self) -> Table | None:
        """Path and layer of the table chosen."""
        found = self.table_box.currentData()
        return (str(found[0]), str(found[1])) if found is not None else None

    @property
    def fields(self) -> list[FieldSample]:
        """The fields that the table brings."""
        return self._fields.get(self.table, []) if self.table is not None else []

    @property
    def join(self) -> JoinSettings | None:
        """What `[sources.ROLE] join` has; None where no table is joined, or not yet by which codes."""
        key, to = str(self.key_box.currentData() or ""), str(self.to_box.currentData() or "")
        if self.table is None or not key or not to:
            return None
        return JoinSettings(self.table[0], key, to, self.table[1])

    @property
    def known(self) -> JoinChoice | None:
        """What was found out of the pair of codes chosen; None where nothing was."""
        join = self.join
        return next((one for one in self._joins if join == JoinSettings(one.path, one.key, one.to, one.layer)), None)

    @property
    def fault(self) -> str:
        """What is still to be chosen, empty where all is."""
        return _("choose the codes that the table is joined by") if self.table is not None and self.join is None else ""

    def _take_table(self) -> None:
        self.key_box.blockSignals(True)
        self.key_box.clear()
        self.key_box.addItem("–", "")
        self.key_box.add(self.fields)
        best = max((one for one in self._joins if (one.path, one.layer) == self.table), key=lambda one: one.matched, default=None)
        self.key_box.choose(best.key if best is not None else "")
        self.key_box.blockSignals(False)
        if best is not None:
            self.to_box.choose(best.to)
        self._take_pair()

    def _take_pair(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        there, join = self.table is not None, self.join
        for widget in (self._names[1], self._pair, self._words):
            widget.setVisible(there)
        known = self.known
        if known is not None:
            text = _("{matched} of {features} find their row; the table has {of} codes")
            words = text.format(matched=f"{known.matched:,}", features=f"{known.features:,}", of=f"{known.of:,}")
        else:
            words = _("None of their codes agree, as far as was looked") if join is not None else self.fault.capitalize()
        bad = known is None or 2 * known.matched < known.features
        self._words.setText(words)
        if self._words.objectName() != ("warning" if bad else "small"):
            self._words.setObjectName("warning" if bad else "small")
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().eventFilter(watched, event)
