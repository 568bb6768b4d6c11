"""How large a grid should be, what the sizes allow, how hard to search, and how grids are called."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings
from ui.dialogs.band_fields import BandFields, band_words
from ui.dialogs.code_field import CodeField
from ui.dialogs.fit_view import FitView
from ui.dialogs.form import Choice, Form, form_rows
from ui.dialogs.share_limit import ShareLimit
from ui.fit import Fit, with_settings
from ui.latest import Latest

EFFORTS = (("quick", N_("quick")), ("standard", N_("standard")), ("thorough", N_("thorough")))
EFFORT_WORDS = {
    "quick": N_("A first look: few plans are grown, and the best of them is kept."),
    "standard": N_("For daily work: many plans are grown side by side and joined."),
    "thorough": N_("For the plan that is published: the longest search; it can be ended early."),
}
LEFT, RIGHT = 420, 320  # pixels
EXAMPLE = "110101001001"  # a community's code, where the project has none


class SettingsDialog(Form):
    """Asks for the settings of the grids; `settings` is what was chosen. `fits` answers what the sizes allow, where it is given."""

    def __init__(self, project: Project, fits: Latest | None = None, parent: QWidget | None = None) -> None:
        words = _("What a grid should hold. With both targets, whichever is reached first counts. 0 leaves one out.")
        super().__init__(_("Plan settings"), words, _("Apply"), parent)
        self._project, self._fits = project, fits
        self._before = project.settings.grids or GridSettings()
        columns = QHBoxLayout()
        columns.setSpacing(32)
        self.body.addLayout(columns, 1)
        columns.addLayout(self._size_column(), 1)
        columns.addLayout(self._search_column())
        self._band.changed.connect(self._judge)
        self._codes.changed.connect(self._judge)
        for box in (self._divide, self._rural):
            box.toggled.connect(self._judge)
        if fits is not None:
            fits.answered.connect(self._take_fit)
        self._judge()
        self._band.households.setFocus()
        self._band.households.selectAll()

    @property
    def settings(self) -> GridSettings:
        """The settings chosen; raises ValueError where they contradict each other."""
        return dataclasses.replace(self._before, **self._chosen())

    def _size_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        rows = form_rows()
        column.addLayout(rows)
        self._band = BandFields(self._before, rows)
        self._band.setParent(self)
        self._band.hide()  # it holds the fields, which the form shows
        self._words = QLabel()
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        column.addWidget(self._words)
        self.fit = FitView()
        self.fit.setMinimumWidth(LEFT)
        self.fit.offered.connect(self._take_offer)
        self.fit.setVisible(self._fits is not None)
        column.addWidget(self.fit, 1)
        return column

    def _search_column(self) -> QVBoxLayout:
        column, before = QVBoxLayout(), self._before
        rows: QFormLayout = form_rows()
        column.addLayout(rows)
        column.addStretch(1)
        self._effort = Choice()
        for key, name in EFFORTS:
            self._effort.addItem(_(name), key)
        self._effort.setCurrentIndex(self._effort.findData(before.effort))
        self._effort.setMinimumWidth(RIGHT - 90)
        self._effort.setAccessibleName(_("Effort"))
        self._long = QLabel()
        self._long.setObjectName("small")
        self._long.setWordWrap(True)
        self._effort.currentIndexChanged.connect(self._tell_effort)
        self._prove = _box(_("Prove how good it is"), on=before.prove)
        self._prove.setToolTip(_("Looks at every grid that could be made where they are few enough; takes longer"))
        self._divide = _box(_("Divide blocks that are too heavy"), on=before.divide_blocks)
        self._divide.setToolTip(_("Large blocks are cut between their buildings; without it every block stays whole"))
        self._rural = _box(_("One grid for each villagers' group"), on=before.rural == "villages")
        self._moved = ShareLimit(before.max_moved)
        rows.addRow(_("Effort"), self._effort)
        rows.addRow("", self._long)
        rows.addRow("", self._prove)
        rows.addRow(_("Blocks"), self._divide)
        rows.addRow(_("Villages"), self._rural)
        rows.setRowVisible(self._rural, bool(len(self._project.rules.groups)) or before.rural == "villages")
        codes = self._project.communities.codes
        self._codes = CodeField(before.codes, str(codes[0]) if len(codes) and str(codes[0]) else EXAMPLE, rows)
        self._codes.setParent(self)
        self._codes.hide()
        rows.addRow(_("Re-plan moves"), self._moved)
        self._moved.setToolTip(_("The share of the households that re-planning may move to another grid"))
        self._tell_effort()
        return column

    def _chosen(self) -> dict[str, Any]:
        rural = self._before.rural if self._rural.isChecked() == (self._before.rural == "villages") else ""
        return {
            **self._band.changes,
            "effort": self._effort.currentData(),
            "prove": self._prove.isChecked(),
            "divide_blocks": self._divide.isChecked(),
            "rural": "villages" if self._rural.isChecked() else rural,
            "codes": self._codes.value,
            "max_moved": self._moved.value,
        }

    def _tell_effort(self) -> None:
        self._long.setText(_(EFFORT_WORDS[self._effort.currentData()]))

    def _judge(self) -> None:
        """Say what is wrong with what was chosen, else what it means and what the sizes allow."""
        if not self._band.has_target:
            self.complain(_("Give a target in households or in persons."))
            return
        try:
            settings = self.settings
        except ValueError as why:
            self.complain(str(why))
            return
        self.complain("")
        self._words.setText(band_words(settings))
        if self._fits is not None:
            self._fits.ask(with_settings(self._project, settings))

    def _take_fit(self, fit: Fit) -> None:
        if not self.accept_button.isEnabled() or fit.settings != self.settings:
            return  # of settings that are no longer the ones chosen
        self.fit.show_fit(fit)

    def _take_offer(self, changes: dict[str, object]) -> None:
        self._band.take(changes)
        if "divide_blocks" in changes:
            self._divide.setChecked(bool(changes["divide_blocks"]))


def _box(words: str, *, on: bool) -> QCheckBox:
    box = QCheckBox(words)
    box.setChecked(on)
    return box
