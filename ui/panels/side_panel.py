"""The right side: grids, who changes grid, issues and history behind tabs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import _
from ui.derived import Derived
from ui.figures import out_of_band
from ui.panels.grid_table import GridTable
from ui.panels.histogram import Histogram
from ui.panels.history_panel import HistoryPanel
from ui.panels.issues_panel import IssuesPanel
from ui.panels.moves_panel import MovesPanel
from ui.proof import proof_facts, proof_of, proof_rows

WIDTH = 372
TABS = ("grids", "moves", "issues", "history")
TOLD = 12  # communities whose proof a tooltip tells


class SidePanel(QWidget):
    """Tables and details of the project that is open."""

    grids_chosen = Signal(object)
    menu_asked = Signal(QPoint)
    proof_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH)
        self.table, self.histogram = GridTable(), Histogram()
        self.issues, self.history = IssuesPanel(), HistoryPanel()
        self.moves = MovesPanel()
        self.table.grids_chosen.connect(self.grids_chosen)
        self.table.menu_asked.connect(self.menu_asked)
        self._derived: Derived | None = None
        self._tabs = QButtonGroup(self)
        self._pages = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(20)
        for number, page in enumerate((self._grids_page(), self.moves, self.issues, self.history)):
            tab = QPushButton()
            tab.setObjectName("tab")
            tab.setCheckable(True)
            self._tabs.addButton(tab, number)
            row.addWidget(tab)
            self._pages.addWidget(page)
        row.addStretch(1)
        self._tabs.idClicked.connect(self._pages.setCurrentIndex)
        self._tabs.button(0).setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(15, 8, 14, 12)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self._pages, 1)
        self.retranslate()

    def open_tab(self, name: str) -> None:
        """Bring one of TABS to the front."""
        self._tabs.button(TABS.index(name)).setChecked(True)
        self._pages.setCurrentIndex(TABS.index(name))

    def show_derived(self, derived: Derived, chosen: Sequence[int]) -> None:
        """Show what follows from a project."""
        before = self._derived
        if before is None or derived.figures is not before.figures or derived.project.grids is not before.project.grids:
            self.table.show_grids(derived, chosen)
            self.histogram.show_grids(derived)
        if derived.issues is not None and (before is None or derived.transfers is not before.transfers):
            self.moves.show_moves(derived)
        self._derived = derived
        self.issues.show_issues(derived.issues)
        self._show_facts()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self._filter.setPlaceholderText(_("Filter by code"))
        self._filter.setAccessibleName(_("Filter by code"))
        self.table.setAccessibleName(_("Grids"))
        self.table.horizontalHeader().viewport().update()
        self._sizes.setText(_("Grids by size"))
        self._none.setText(_("No grids yet. Press “Partition into grids” at the left."))
        self._proof.setText(_("Proof by community"))
        self.issues.retranslate()
        self.moves.retranslate()
        if self._derived is not None:
            self.histogram.show_grids(self._derived)
        self._show_facts()

    def _grids_page(self) -> QWidget:
        page = QWidget()
        self._heading, self._sizes, self._none = QLabel(), QLabel(), QLabel()
        for label in (self._heading, self._sizes):
            label.setObjectName("heading")
        self._none.setObjectName("muted")
        self._none.setWordWrap(True)
        self._reason = QLabel()
        self._reason.setObjectName("small")
        self._reason.setWordWrap(True)
        self._proof = QPushButton()
        self._proof.setObjectName("link")
        self._proof.clicked.connect(self.proof_asked)
        self._filter = QLineEdit()
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(150)
        self._filter.textChanged.connect(self.table.grids.filter)
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self._filter)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._none, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.table, 1)
        layout.addSpacing(4)
        layout.addWidget(self._sizes)
        layout.addWidget(self.histogram)
        layout.addLayout(self._facts)
        layout.addWidget(self._reason)
        layout.addWidget(self._proof, 0, Qt.AlignmentFlag.AlignLeft)
        return page

    def _show_facts(self) -> None:
        derived = self._derived
        figures = derived.figures if derived is not None else None
        has = figures is not None and len(figures) > 0
        for widget in (self._filter, self._heading, self.table, self._sizes, self.histogram):
            widget.setVisible(has)
        self._none.setVisible(not has)
        while self._facts.rowCount():
            self._facts.removeRow(0)
        self._reason.hide()
        self._proof.hide()
        self._name_tabs()
        if derived is None or figures is None or not has:
            return
        self._heading.setText(_("{n} grids · by {column}").format(n=f"{len(figures):,}", column=_("deviation")))
        worst = int(np.abs(figures.deviation).argmax())
        off = int(out_of_band(figures, derived.project.settings.grids).sum())
        words_in_band = _("{n} of {all}").format(n=f"{len(figures) - off:,}", all=f"{len(figures):,}")
        self._fact(_("In the band"), words_in_band, "bad" if off else "good")
        self._fact(_("Largest deviation"), f"{figures.deviation[worst]:+.1f} %", "value")
        self._fact(_("Boundary on streets"), f"{figures.street_pct.mean():.0f} %", "value")
        self._fact(_("Mean compactness"), f"{figures.compact.mean():.2f}", "value")
        self._show_proof(derived)

    def _name_tabs(self) -> None:
        derived = self._derived
        words = {"grids": _("Grids"), "moves": _("Moves"), "issues": _("Findings"), "history": _("History")}
        if derived is not None and derived.issues:
            words["issues"] = f"{words['issues']} {len(derived.issues):,}"
        plan = derived.project.grids if derived is not None else None
        replanned = plan is not None and plan.replan is not None
        if derived is not None and derived.transfers is not None and len(derived.transfers):
            words["moves"] = f"{words['moves']} {len(derived.transfers):,}"
        for number, name in enumerate(TABS):
            self._tabs.button(number).setText(words[name])
        self._tabs.button(TABS.index("moves")).setVisible(replanned)
        if not replanned and self._tabs.checkedId() == TABS.index("moves"):
            self.open_tab("grids")

    def _show_proof(self, derived: Derived) -> None:
        """Say how good the plan is known to be; nothing where nothing was ever said of it."""
        proof = proof_of(derived.project.grids)
        if proof is None:
            return
        told = [f"{name}: {words}" for name, _short, words in proof_rows(derived.project, TOLD)]
        told += [_("{n} more").format(n=proof.all - TOLD)] if proof.all > TOLD else []
        for name, value, mood in proof_facts(proof):
            self._fact(name, value, mood, "\n".join(told))
        self._reason.setText(proof.reason)
        self._reason.setVisible(bool(proof.reason))
        self._proof.show()

    def _fact(self, name: str, value: str, mood: str, more: str = "") -> None:
        label, field = QLabel(name), QLabel(value)
        label.setObjectName("muted")
        field.setObjectName(mood)
        field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        for part in (label, field):
            part.setToolTip(more)
        self._facts.addRow(label, field)
