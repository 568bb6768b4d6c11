"""How many households may move, and from when the new plan holds."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from gridplanner.i18n import _
from gridplanner.settings import GridSettings
from ui.dialogs.form import Form
from ui.dialogs.share_limit import ShareLimit


class ReplanDialog(Form):
    """Asks for the limits of a re-planning; `settings` are the plan's with them. `today` is offered as the day from which it holds."""

    def __init__(self, settings: GridSettings, today: str, parent: QWidget | None = None) -> None:
        words = _(
            "Starts from the plan that is there and changes grids only where they are out of their band. "
            "Locked grids stay, codes stay with most of their households, and everyone who changes grid is listed."
        )
        super().__init__(_("Re-plan with little disturbance"), words, _("Re-plan"), parent)
        self._before = settings
        self._limit = ShareLimit(settings.max_moved)
        self._from = QLineEdit(settings.valid_from)
        self._from.setPlaceholderText(_("year-month-day, or empty"))
        self._from.setAccessibleName(_("Valid from"))
        self._from.setMinimumWidth(220)
        now = QPushButton(_("Today"))
        now.setAutoDefault(False)
        now.clicked.connect(lambda: self._from.setText(today))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._from, 1)
        row.addWidget(now)
        form = self.field_rows()
        form.addRow(_("Households that may move"), self._limit)
        form.addRow(_("Valid from"), row)
        self._from.textChanged.connect(self._judge)
        self._judge()

    @property
    def settings(self) -> GridSettings:
        """The settings chosen; raises ValueError for what is no day."""
        return dataclasses.replace(self._before, **self._chosen())

    def _chosen(self) -> dict[str, Any]:
        return {"max_moved": self._limit.value, "valid_from": self._from.text().strip()}

    def _judge(self) -> None:
        try:
            dataclasses.replace(self._before, **self._chosen())
            self.complain("")
        except ValueError as why:
            self.complain(str(why))
