"""The page of the grids: their table with its filter, and below it the card of the one selected, or how all of them lie in the band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import _
from ui.derived import Derived
from ui.figures import out_of_band
from ui.map.label_layer import short_code
from ui.panels.fact_rows import Fact, FactRows, set_words
from ui.panels.grid_card import GridCard
from ui.panels.grid_columns import COLUMNS
from ui.panels.grid_table import GridTable
from ui.panels.histogram import Histogram
from ui.panels.tab_strip import TabStrip
from ui.proof import proof_facts, proof_of, proof_rows

TOLD = 12  # communities whose proof a tooltip tells
SHARE, LEAST = 0.52, 150  # of the height for what is below the table at most, and pixels at least


class GridsPage(QWidget):
    """Table, card and histogram."""

    proof_asked = Signal()
    find_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.histogram, self.card = GridTable(), Histogram(), GridCard()
        self._derived: Derived | None = None
        self._shared_by_hand = False
        self._all_wanted = False
        self._heading, self._none, self._reason = QLabel(), QLabel(), QLabel()
        self._heading.setObjectName("heading")
        self._none.setObjectName("muted")
        self._none.setWordWrap(True)
        self._reason.setObjectName("small")
        self._reason.setWordWrap(True)
        self._filter = QLineEdit()
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._sift)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._filter)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self._leave_filter)
        self._find, self._columns, self._proof = QPushButton(), QPushButton(), QPushButton()
        for button in (self._find, self._columns, self._proof):
            button.setObjectName("link")
        self._find.clicked.connect(self.find_asked)
        self._columns.clicked.connect(
            lambda: self.table.open_columns(self._columns.mapToGlobal(self._columns.rect().bottomRight()), to_left=True)
        )
        self._proof.clicked.connect(self.proof_asked)
        self._facts = FactRows()
        self._below, self._lower = TabStrip(), QStackedWidget()
        self._pages = {"grid": _scrolled(self.card), "all": _scrolled(self._all_page())}
        for name, page in self._pages.items():
            self._lower.addWidget(page)
            self._below.add(name)
        self._below.set_there("grid", there=False)
        self._below.button("grid").clicked.connect(lambda: self._want_all(yes=False))
        self._below.button("all").clicked.connect(lambda: self._want_all(yes=True))
        self._below.chosen.connect(lambda name: self._lower.setCurrentWidget(self._pages[name]))
        self._lower.setCurrentWidget(self._pages["all"])
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(9)
        self._split.setObjectName("plain")
        self._lay_out()
        self.table.grids.modelReset.connect(self._tell_heading)
        self.table.grids.layoutChanged.connect(self._tell_heading)
        self.retranslate()

    def show_derived(self, derived: Derived, chosen: Sequence[int]) -> None:
        """Show what follows from a project, with some grids selected."""
        before, self._derived = self._derived, derived
        if before is None or derived.figures is not before.figures or derived.project.grids is not before.project.grids:
            self.table.show_grids(derived, chosen)
            self.histogram.show_grids(derived)
        elif derived.colours is not before.colours:
            self.table.show_grids(derived, chosen)
        self.show_chosen(chosen)
        self._show_facts()

    def show_chosen(self, chosen: Sequence[int]) -> None:
        """Show the card of the grid that is selected, where it is one."""
        if self._derived is None:
            return
        shown = self.card.show_grid(self._derived, chosen[0] if len(chosen) == 1 else None)
        self._name_card()
        was = self._below.current
        self._below.set_there("grid", there=shown)
        if shown and not self._all_wanted:
            self._below.choose("grid")
        if self._below.current != was:
            self._share_height()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self._filter.setPlaceholderText(_("Filter: text, >330, dev<-5, out, locked"))
        self._filter.setAccessibleName(_("Filter the grids"))
        self._filter.setToolTip(
            _(
                "Text in code, name, community or people on duty; >330 or <270 households; pers>900, dev<-5, street<80, comp<0.4; "
                "out, over, under, split, locked, exclusive, unnamed, unstaffed"
            )
        )
        self.table.setAccessibleName(_("Grids"))
        self.table.horizontalHeader().viewport().update()
        self.table.viewport().update()
        self._find.setText(_("Find"))
        self._find.setToolTip(_("Find grids, addresses and places (Ctrl+F)"))
        self._columns.setText(_("Columns"))
        self._none.setText(_("No grids yet. Press “Partition into grids” at the left."))
        self._proof.setText(_("Proof by community"))
        self._below.set_words("all", _("All grids"))
        self._below.retranslate()
        self.card.retranslate()
        self._name_card()
        if self._derived is not None:
            self.histogram.show_grids(self._derived)
            self.histogram.update()
        self._show_facts()

    def _name_card(self) -> None:
        plan, grid = self._derived.project.grids if self._derived is not None else None, self.card.grid
        if plan is not None and grid is not None and grid in plan.grids:
            self._below.set_words("grid", _("Grid {code}").format(code=short_code(plan.grids[grid], grid)))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._heading, 1)
        top.addWidget(self._find)
        top.addWidget(self._columns)
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(4)
        above.addLayout(top)
        above.addWidget(self._filter)
        above.addWidget(self.table, 1)
        lower = QWidget()
        under = QVBoxLayout(lower)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(4)
        under.addWidget(self._below)
        under.addWidget(self._lower, 1)
        lower.setMinimumHeight(LEAST)
        self.table.setMinimumHeight(120)
        self._split.addWidget(upper)
        self._split.addWidget(lower)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.splitterMoved.connect(lambda _at, _index: setattr(self, "_shared_by_hand", True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._none, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._split, 1)

    def _all_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self.histogram)
        layout.addLayout(self._facts)
        layout.addWidget(self._reason)
        layout.addWidget(self._proof, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """Give what is below the table the room that it needs, at most SHARE of all, until the planner shares it himself."""
        if self._shared_by_hand or self.height() < 2 * LEAST:
            return
        inside = self._pages[self._below.current].widget()
        assert inside is not None  # given in _scrolled
        wide = self.width() - 24
        high = inside.heightForWidth(wide) if inside.hasHeightForWidth() else inside.sizeHint().height()
        wanted = high + self._below.sizeHint().height() + 12
        lower = max(min(wanted, round(SHARE * self.height())), LEAST)
        self._split.setSizes([self.height() - lower, lower])

    def _want_all(self, *, yes: bool) -> None:
        self._all_wanted = yes
        self._share_height()

    def _leave_filter(self) -> None:
        """Show every grid again; where it is so already, go on in the table."""
        if self._filter.text():
            self._filter.clear()
        else:
            self.table.setFocus()

    def _sift(self, text: str) -> None:
        self.table.filter(text)

    def _tell_heading(self) -> None:
        figures = self._derived.figures if self._derived is not None else None
        if figures is None:
            return
        shown, column = self.table.grids.rowCount(), _(COLUMNS[self.table.grids.column].heading)
        words = _("{n} grids · by {column}").format(n=f"{len(figures):,}", column=column)
        if shown < len(figures):
            words = _("{n} of {all} grids").format(n=f"{shown:,}", all=f"{len(figures):,}")
        set_words(self._heading, words)

    def _show_facts(self) -> None:
        derived = self._derived
        figures = derived.figures if derived is not None else None
        has = figures is not None and len(figures) > 0
        self._split.setVisible(has)
        self._none.setVisible(not has)
        if derived is None or figures is None or not has:
            return
        self._tell_heading()
        worst = int(np.abs(figures.deviation).argmax())
        off = int(out_of_band(figures, derived.project.settings.grids).sum())
        in_band = _("{n} of {all}").format(n=f"{len(figures) - off:,}", all=f"{len(figures):,}")
        facts: list[Fact] = [
            (_("In the band"), in_band, "bad" if off else "good", ""),
            (_("Largest deviation"), f"{figures.deviation[worst]:+.1f} %", "value", ""),
            (_("Boundary on streets"), f"{figures.street_pct.mean():.0f} %", "value", ""),
            (_("Mean compactness"), f"{figures.compact.mean():.2f}", "value", ""),
        ]
        proof = proof_of(derived.project.grids)
        if proof is not None:
            told = [f"{name}: {words}" for name, _short, words in proof_rows(derived.project, TOLD, derived.hand)]
            told += [_("{n} more").format(n=proof.all - TOLD)] if proof.all > TOLD else []
            facts += [(*fact, "\n".join(told)) for fact in proof_facts(proof, derived.hand)]
        rows = self._facts.rowCount()
        self._facts.show_facts(facts)
        set_words(self._reason, proof.reason if proof is not None else "")
        self._reason.setVisible(proof is not None and bool(proof.reason))
        self._proof.setVisible(proof is not None)
        if rows != len(facts):
            self._share_height()


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inside.setObjectName("plain")
    area.setWidget(inside)
    area.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return area
