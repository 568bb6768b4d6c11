"""At most so many per cent, or no limit."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QHBoxLayout, QWidget

from gridplanner.i18n import _
from ui.dialogs.form import pad

USUAL = 5.0  # per cent offered where there was no limit


class Number(QDoubleSpinBox):
    """A number that shows no more decimals than it has."""

    def __init__(self, least: float, most: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pad(self)
        self.setDecimals(1)
        self.setRange(least, most)

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"


class ShareLimit(QWidget):
    """A share of the households; `value` is it, 0 to 1, or None without a limit."""

    changed = Signal()

    def __init__(self, value: float | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = value
        self._on = QCheckBox(_("at most"))
        self._share = Number(0, 100)
        self._share.setSuffix(" %")
        self._share.setValue(100 * value if value is not None else USUAL)
        self._share.setMinimumWidth(90)
        self._share.setAccessibleName(_("Households that may move"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._on)
        row.addWidget(self._share)
        row.addStretch(1)
        self._on.toggled.connect(self._share.setEnabled)
        self._on.setChecked(value is not None)
        self._share.setEnabled(value is not None)
        self._on.toggled.connect(self.changed)
        self._share.valueChanged.connect(self.changed)

    @property
    def value(self) -> float | None:
        """The share chosen, as it was where nobody touched it."""
        if not self._on.isChecked():
            return None
        before = self._before
        return before if before is not None and round(100 * before, 1) == self._share.value() else self._share.value() / 100
