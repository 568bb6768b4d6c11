"""Streets by name that are to be patrolled whatever their class: a row each, with names completed from the road layer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import _
from gridplanner.settings import StreetWish
from ui.dialogs.form import pad

NAME, TIMES, BOTH, AWAY = range(4)  # columns
HIGH = 176  # pixels of the list at least


class WishList(QWidget):
    """`wishes` are those chosen; rows without a name are none. What nobody touched, such as a weight, stays as it was."""

    changed = Signal()

    def __init__(self, wishes: Sequence[StreetWish], names: Sequence[str] = ()) -> None:
        super().__init__()
        self._names = QStringListModel(sorted({name for name in names if name}), self)
        self.rows: list[_Row] = []
        inside, self._grid, self.add = QWidget(), QGridLayout(), QPushButton(_("Add a street"))
        self._none = QLabel(_("No street is asked for by name. Those of a class are on the page “Streets”."))
        self._none.setObjectName("muted")
        self._none.setWordWrap(True)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(NAME, 1)
        self._heads = [QLabel(words) for words in (_("Road"), _("Times a shift"), _("Both sides"))]
        for column, head in enumerate(self._heads):
            head.setObjectName("muted")
            self._grid.addWidget(head, 0, column)
        stacked = QVBoxLayout(inside)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self._none)
        stacked.addLayout(self._grid)
        stacked.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumHeight(HIGH)
        area.setWidget(inside)
        self.add.setObjectName("small")
        self.add.clicked.connect(lambda: self.add_row(StreetWish(" ")).name.setFocus())
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(area, 1)
        layout.addLayout(below)
        for wish in wishes:
            self.add_row(wish)
        self._show_heads()

    @property
    def wishes(self) -> tuple[StreetWish, ...]:
        """The streets chosen."""
        return tuple(row.wish for row in self.rows if row.name.text().strip())

    def add_row(self, wish: StreetWish) -> _Row:
        """Add a row and return it."""
        row = _Row(wish, self._names, self)
        at = self._grid.rowCount()
        for column, part in enumerate((row.name, row.times, row.both, row.away)):
            self._grid.addWidget(part, at, column)
        row.away.clicked.connect(lambda: self._remove(row))
        row.name.textChanged.connect(lambda _text: self.changed.emit())
        row.times.valueChanged.connect(lambda _value: self.changed.emit())
        row.both.toggled.connect(lambda _on: self.changed.emit())
        self.rows.append(row)
        self._show_heads()
        return row

    def _remove(self, row: _Row) -> None:
        self.rows.remove(row)
        for part in (row.name, row.times, row.both, row.away):
            self._grid.removeWidget(part)
            part.deleteLater()
        self._show_heads()
        self.add.setFocus()
        self.changed.emit()

    def _show_heads(self) -> None:
        for head in self._heads:
            head.setVisible(bool(self.rows))
        self._none.setVisible(not self.rows)


class _Row:
    """The fields of one street."""

    def __init__(self, wish: StreetWish, names: QStringListModel, parent: QWidget) -> None:
        self._before = wish
        self.name, self.times, self.both, self.away = QLineEdit(wish.name.strip()), QSpinBox(), QCheckBox(), QPushButton("×")
        completer = QCompleter(names, parent)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)
        self.name.setPlaceholderText(_("Name of a street"))
        self.name.setAccessibleName(_("Name of a street"))
        self.name.setMinimumWidth(160)
        pad(self.times)
        self.times.setRange(0, 48)
        self.times.setSpecialValueText(_("not at all"))
        self.times.setValue(wish.times)
        self.times.setMinimumWidth(90)
        self.times.setAccessibleName(_("Times a shift"))
        self.both.setChecked(wish.both_sides)
        self.both.setAccessibleName(_("Both sides"))
        self.both.setToolTip(_("Each side by itself, where the street may be driven both ways"))
        self.away.setObjectName("small")
        self.away.setAccessibleName(_("Remove"))
        self.away.setToolTip(_("Remove"))

    @property
    def wish(self) -> StreetWish:
        """What the row says."""
        said = {"name": self.name.text().strip(), "times": self.times.value(), "both_sides": self.both.isChecked()}
        return dataclasses.replace(self._before, **said)  # type: ignore[arg-type]  # each field has its own type
