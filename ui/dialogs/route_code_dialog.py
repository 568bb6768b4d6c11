"""Asks for another code of a patrol route, or of a guard segment."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QLineEdit, QWidget

from gridplanner.i18n import _
from ui.dialogs.form import Form, code_fault

LONGEST, WIDE = 40, 260  # characters, pixels


class RouteCodeDialog(Form):
    """`code` is what was typed; a code that another route has (`taken`) is not accepted. `title` stands above it where that is no route."""

    def __init__(self, code: str, taken: Collection[str], parent: QWidget | None = None, title: str = "") -> None:
        super().__init__(title or _("Rename route {route}").format(route=code), "", _("Apply"), parent)
        self._taken = frozenset(taken)
        self.field = QLineEdit(code)
        self.field.setMaxLength(LONGEST)
        self.field.setMinimumWidth(WIDE)
        self.field.setAccessibleName(_("Code"))
        self.field.textChanged.connect(self._judge)
        self.field_rows().addRow(_("Code"), self.field)
        self.field.setFocus()
        self.field.selectAll()

    @property
    def code(self) -> str:
        """The code typed."""
        return self.field.text().strip()

    def _judge(self) -> None:
        self.complain(code_fault(self.code, self._taken))
