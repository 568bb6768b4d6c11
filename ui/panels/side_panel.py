"""The right side: grids, issues and history behind three tabs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gridplanner.i18n import _
from ui.derived import Derived
from ui.figures import out_of_band
from ui.panels.grid_table import GridTable
from ui.panels.histogram import Histogram
from ui.panels.history_panel import HistoryPanel
from ui.panels.issues_panel import IssuesPanel

WIDTH = 372
TABS = ("grids", "issues", "history")


class SidePanel(QWidget):
    """Tables and details of the project that is open."""

    grid_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rightPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(WIDTH)
        self.table, self.histogram = GridTable(), Histogram()
        self.issues, self.history = IssuesPanel(), HistoryPanel()
        self.table.grid_chosen.connect(self.grid_chosen)
        self._derived: Derived | None = None
        self._tabs = QButtonGroup(self)
        self._pages = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(20)
        for number, page in enumerate((self._grids_page(), self.issues, self.history)):
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

    def show_derived(self, derived: Derived, selected: int | None) -> None:
        """Show what follows from a project."""
        before = self._derived
        if before is None or derived.figures is not before.figures or derived.project.grids is not before.project.grids:
            self.table.show_grids(derived, selected)
            self.histogram.show_grids(derived)
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
        self.issues.retranslate()
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
        words = {"grids": _("Grids"), "issues": _("Findings"), "history": _("History")}
        if derived is not None and derived.issues:
            words["issues"] = f"{words['issues']} {len(derived.issues)}"
        for number, name in enumerate(TABS):
            self._tabs.button(number).setText(words[name])
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
        certificates = derived.project.grids.certificates if derived.project.grids is not None else ()
        proven = sum(part.status == "optimal" for part in certificates)
        if proven:
            text = _("{n} of {all} communities").format(n=proven, all=len(certificates))
            self._fact(_("Proven best"), text, "good" if proven == len(certificates) else "value")

    def _fact(self, name: str, value: str, mood: str) -> None:
        label, field = QLabel(name), QLabel(value)
        label.setObjectName("muted")
        field.setObjectName(mood)
        field.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._facts.addRow(label, field)
