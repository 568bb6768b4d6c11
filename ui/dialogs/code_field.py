"""How the codes of grids are made: by a standard, or by a template of one's own, with an example while it is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from gridplanner.code_profiles import OWN, profile_names, profile_of
from gridplanner.i18n import _
from ui.dialogs.form import Choice

FIRST = "{community:12}{seq:03}"  # a template to begin with


class CodeField(QWidget):
    """A choice of profiles; `value` is what the plan file's key `codes` says. `community` is the code that the example begins with."""

    changed = Signal()

    def __init__(self, codes: str, community: str, rows: QFormLayout) -> None:
        super().__init__()
        self._community = community
        self.choice, self.template, self.example = Choice(), QLineEdit(), QLabel()
        own = codes.startswith(OWN)
        for name in dict.fromkeys((*profile_names(), *([] if own else [codes]))):
            self.choice.addItem(_("{name} · {n} digits").format(name=name, n=profile_of(name).length), name)
        self.choice.addItem(_("a template of your own"), OWN)
        self.choice.setCurrentIndex(self.choice.findData(OWN if own else codes))
        self.template.setText(codes.removeprefix(OWN).strip() if own else FIRST)
        self.example.setObjectName("small")
        self.example.setWordWrap(True)
        self.choice.setAccessibleName(_("Codes"))
        self.template.setAccessibleName(_("Template of codes"))
        self._rows = rows
        rows.addRow(_("Codes"), self.choice)
        rows.addRow("", self.template)
        rows.addRow("", self.example)
        self.choice.currentIndexChanged.connect(self._tell)
        self.template.textChanged.connect(self._tell)
        self._tell()

    @property
    def value(self) -> str:
        """The key `codes` of the plan file."""
        chosen = str(self.choice.currentData())
        return OWN + self.template.text().strip() if chosen == OWN else chosen

    def _tell(self) -> None:
        own = self.choice.currentData() == OWN
        self._rows.setRowVisible(self.template, own)
        words = code_example(self.value, self._community)
        self.example.setText(words)
        self._rows.setRowVisible(self.example, bool(words))
        self.changed.emit()


def code_example(codes: str, community: str) -> str:
    """Return the first code of a community in words, empty where the template is wrong."""
    try:
        profile = profile_of(codes)
    except ValueError:
        return ""
    code = profile.code(profile.frame(community.ljust(12, "0")[:12]), 1)
    return _("For example {code}").format(code=code)
