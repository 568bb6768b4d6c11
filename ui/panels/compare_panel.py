"""Two scenarios side by side: both in figures, who is in another grid, and the grids that correspond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.comparison import Comparison, Totals
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Ints
from ui.dialogs.form import Choice
from ui.figures import amount
from ui.panels.column_table import Column, ColumnTable
from ui.proof import proof_of

SMALL_COLUMN, WIDE_COLUMN = 48, 64
MANY = 200_000  # metres from which a border is told in kilometres without decimals


class ComparePanel(QWidget):
    """Shows a comparison; `move_chosen` and `grid_chosen` carry a row of it, `other_chosen` a scenario's name."""

    other_chosen = Signal(str)
    move_chosen = Signal(int)
    grid_chosen = Signal(int)
    export_asked = Signal()
    beside_asked = Signal()
    take_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._plans: tuple[GridPlan | None, GridPlan | None] = (None, None)
        self._differing: Ints = np.zeros(0, np.int32)
        self._with, self._headline, self._key = QLabel(), QLabel(), QLabel()
        self._with.setObjectName("muted")
        self._key.setObjectName("small")
        for label in (self._headline, self._key):
            label.setWordWrap(True)
        self.other = Choice()
        self.other.activated.connect(lambda row: self.other_chosen.emit(self.other.itemData(row)))
        self._totals = QGridLayout()
        self._totals.setHorizontalSpacing(12)
        self._totals.setVerticalSpacing(4)
        self._totals.setColumnStretch(0, 1)
        self.moves, self.grids = ColumnTable(), ColumnTable()
        self.moves.chosen.connect(self.move_chosen)
        self.grids.chosen.connect(lambda row: self.grid_chosen.emit(int(self._differing[row])))
        self._pages = QButtonGroup(self)
        self.export, self.beside, self.take = QPushButton(), QPushButton(), QPushButton()
        for button in (self.export, self.beside, self.take):
            button.setObjectName("small")
        self.export.clicked.connect(self.export_asked)
        self.beside.clicked.connect(self.beside_asked)
        self.take.clicked.connect(self.take_asked)
        self.take.hide()
        self._lay_out()
        self.retranslate()

    def list_others(self, others: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer scenarios, each a name and a title, to compare with."""
        self.other.clear()
        for name, title in others:
            self.other.addItem(title, name)
        self.other.setCurrentIndex(max(self.other.findData(chosen), 0))

    def offer_take(self, *, there: bool) -> None:
        """Offer to take the other side in, where it is another version of the same project."""
        self.take.setVisible(there)

    def show_comparison(self, comparison: Comparison | None, plans: tuple[GridPlan | None, GridPlan | None], words: str = "") -> None:
        """Show a comparison of two plans, or where there is none `words` why."""
        self._comparison, self._plans = comparison, plans
        if comparison is None:
            self._headline.setText(words)
        self.retranslate()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._with.setText(_("Compared with"))
        self.other.setAccessibleName(_("Compared with"))
        self.export.setText(_("Export the tables"))
        self.beside.setText(_("Side by side"))
        self.take.setText(_("Take in…"))
        self.take.setToolTip(_("Bring both versions together; where they do not agree you decide"))
        self.moves.setAccessibleName(_("Moved households"))
        self.grids.setAccessibleName(_("Grids that differ"))
        found = self._comparison
        while self._totals.count():
            part = self._totals.takeAt(0)
            widget = part.widget() if part is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for widget in (self._key, self.export, self.beside, self._pages.button(0), self._pages.button(1)):
            widget.setVisible(found is not None)
        self.moves.setVisible(found is not None and self._pages.checkedId() == 0)
        self.grids.setVisible(found is not None and self._pages.checkedId() == 1)
        if found is None:
            return
        self._headline.setText(headline(found))
        text = _("On the map: hatched where most households are in another grid, dashed the borders of “{scenario}”.")
        self._key.setText(text.format(scenario=found.titles[0]))
        self._fill_totals(found)
        self._differing = differing(found)
        self._pages.button(0).setText(_("Moved households {n}").format(n=f"{len(found.moves):,}"))
        self._pages.button(1).setText(_("Grids that differ {n}").format(n=f"{len(self._differing):,}"))
        self.moves.show_columns(move_columns(found))
        self.grids.show_columns(grid_columns(found, self._differing))

    def _lay_out(self) -> None:
        top, pages, bottom = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._with)
        top.addWidget(self.other, 1)
        pages.setSpacing(20)
        for number in range(2):
            tab = QPushButton()
            tab.setObjectName("tab")
            tab.setCheckable(True)
            self._pages.addButton(tab, number)
            pages.addWidget(tab)
        pages.addStretch(1)
        self._pages.button(0).setChecked(True)
        self._pages.idClicked.connect(self._turn)
        bottom.setSpacing(8)
        bottom.addWidget(self.export)
        bottom.addWidget(self.beside)
        bottom.addWidget(self.take)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._headline)
        layout.addWidget(self._key)
        layout.addLayout(self._totals)
        layout.addSpacing(4)
        layout.addLayout(pages)
        layout.addWidget(self.moves, 1)
        layout.addWidget(self.grids, 1)
        layout.addLayout(bottom)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _turn(self, page: int) -> None:
        self.moves.setVisible(page == 0)
        self.grids.setVisible(page == 1)

    def _fill_totals(self, found: Comparison) -> None:
        for column, title in enumerate(found.titles):
            label = QLabel(label_of(title))
            label.setObjectName("heading")
            label.setToolTip(title)
            self._totals.addWidget(label, 0, column + 1, Qt.AlignmentFlag.AlignRight)
        rows = total_rows(found.totals, self._plans)
        for row, (name, values) in enumerate(rows, 1):
            label = QLabel(name)
            label.setObjectName("muted")
            self._totals.addWidget(label, row, 0)
            for column, value in enumerate(values):
                field = QLabel(value)
                field.setObjectName("value" if values[0] != values[1] else "")
                self._totals.addWidget(field, row, column + 1, Qt.AlignmentFlag.AlignRight)


def headline(found: Comparison) -> str:
    """Return how many households are in another grid, in one sentence."""
    if found.moved <= 0:
        return _("Nobody is in another grid.")
    count = round(found.moved)
    text = ngettext("{n} household ({percent} %) is in another grid", "{n} households ({percent} %) are in another grid", count)
    return text.format(n=amount(found.moved), percent=f"{100 * found.share:.1f}")


def total_rows(totals: tuple[Totals, Totals], plans: tuple[GridPlan | None, GridPlan | None]) -> list[tuple[str, tuple[str, str]]]:
    """Return a name and the two plans' values for each figure."""

    def both(name: str, values: Sequence[str]) -> tuple[str, tuple[str, str]]:
        return name, (values[0], values[1])

    rows = [
        both(_("Grids"), [f"{part.grids:,}" for part in totals]),
        both(_("In the band"), [f"{part.in_band:,}" for part in totals]),
        both(_("Largest deviation"), [f"{part.worst:+.1f} %" for part in totals]),
        both(_("Border between grids"), [metres(part.border_m) for part in totals]),
        both(_("Boundary on streets"), [f"{part.street_pct:.0f} %" for part in totals]),
        both(_("Mean compactness"), [f"{part.compact:.2f}" for part in totals]),
    ]
    proofs = [proof_of(plan) for plan in plans]
    if any(proof is not None for proof in proofs):
        text = _("{n} of {all}")  # communities
        said = [text.format(n=proof.proven, all=proof.all) if proof is not None else _("none") for proof in proofs]
        rows.append(both(_("Proven best"), said))
    return rows


def metres(length: float) -> str:
    """Return a length in metres or kilometres.

    >>> metres(950.0), metres(12_345.0)
    ('950 m', '12.3 km')
    """
    if length < 1000:
        return _("{n} m").format(n=f"{length:,.0f}")
    return _("{n} km").format(n=f"{length / 1000:,.0f}" if length > MANY else f"{length / 1000:,.1f}")


def move_columns(found: Comparison) -> tuple[Column, ...]:
    """Return the moves as columns."""
    moves = found.moves
    return (
        Column(N_("Grid there"), N_("Grid in the other scenario"), moves.before_code),
        Column(N_("Grid here"), N_("Grid in this scenario"), moves.after_code),
        Column(N_("Hh."), N_("Households"), moves.households, WIDE_COLUMN),
        Column(N_("Addr."), N_("Addresses"), moves.addresses, WIDE_COLUMN),
    )


def grid_columns(found: Comparison, rows: Ints) -> tuple[Column, ...]:
    """Return some pairs of grids as columns."""
    pairs = found.pairs
    return (
        Column(N_("There"), N_("Grid in the other scenario"), pairs.before_code[rows]),
        Column(N_("Here"), N_("Grid in this scenario"), pairs.after_code[rows]),
        Column(N_("Hh."), N_("Households in the other scenario"), pairs.before_households[rows], SMALL_COLUMN),
        Column(N_("now"), N_("Households in this scenario"), pairs.after_households[rows], SMALL_COLUMN),
        Column(N_("left"), N_("Households that are in another grid here"), pairs.left[rows], SMALL_COLUMN),
        Column(N_("came"), N_("Households that were in another grid there"), pairs.joined[rows], SMALL_COLUMN),
    )


def differing(found: Comparison) -> Ints:
    """Return the pairs of grids that are not the same, those with most households in another grid in front."""
    pairs = found.pairs
    changes = pairs.left + pairs.joined
    rows = np.flatnonzero((changes > 0) | (pairs.before < 0) | (pairs.after < 0))
    return rows[np.argsort(-changes[rows], kind="stable")].astype(np.int32)


def label_of(title: str, most: int = 14) -> str:
    """Return a title short enough for a column."""
    return title if len(title) <= most else f"{title[: most - 1]}…"
