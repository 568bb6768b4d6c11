"""Asks for the code and name of a beat or patrol zone."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QLineEdit, QWidget

from gridplanner.i18n import _
from ui.dialogs.form import Form, code_fault

LONGEST, WIDE = 60, 320  # characters of a code or a name, pixels


class GroupNameDialog(Form):
    """`code` and `name` are what was typed; a code that another one has (`taken`) is not accepted."""

    def __init__(self, title: str, code: str, name: str, taken: Collection[str], parent: QWidget | None = None) -> None:
        super().__init__(_("Rename {group}").format(group=title), "", _("Apply"), parent)
        self._taken = frozenset(taken)
        self._code, self._name = QLineEdit(code), QLineEdit(name)
        rows = self.field_rows()
        for field, words in ((self._code, _("Code")), (self._name, _("Name"))):
            field.setMaxLength(LONGEST)
            field.setMinimumWidth(WIDE)
            field.setAccessibleName(words)
            field.textChanged.connect(self._judge)
            rows.addRow(words, field)
        self._name.setFocus()
        self._name.selectAll()

    @property
    def code(self) -> str:
        """The code typed."""
        return self._code.text().strip()

    @property
    def name(self) -> str:
        """The name typed."""
        return self._name.text().strip()

    def _judge(self) -> None:
        self.complain(code_fault(self.code, self._taken))
