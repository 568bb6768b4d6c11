"""Into how many grids some are divided, with what each would hold."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QSpinBox, QWidget

from gridplanner.i18n import _
from gridplanner.model.band import Band
from ui.dialogs.form import Form, pad
from ui.figures import amount


class NumberDialog(Form):
    """Asks for a number of grids from `least` on; `households` and `persons` are what is divided."""

    def __init__(
        self, title: str, words: str, number: int, least: int, band: Band, households: float, persons: float, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(title, words, title, parent)
        self._band, self._households, self._persons = band, households, persons
        self._number = QSpinBox()
        pad(self._number)
        self._number.setRange(least, max(4 * number, 24))
        self._number.setValue(number)
        self._number.setAccessibleName(_("Number of grids"))
        self._number.setMinimumWidth(220)
        self._each = QLabel()
        form = self.field_rows()
        form.addRow(_("Number of grids"), self._number)
        form.addRow(_("Each would hold"), self._each)
        self._number.valueChanged.connect(self._tell)
        self._tell()
        self._number.setFocus()  # a number typed at once counts
        self._number.selectAll()

    @property
    def number(self) -> int:
        """The number chosen."""
        return self._number.value()

    def _tell(self) -> None:
        homes, persons = self._households / self.number, self._persons / self.number
        load = float(self._band.load(homes, persons))  # type: ignore[arg-type]
        inside = self._band.low - 1e-9 <= load <= self._band.high + 1e-9
        text = _("about {n} persons") if self._band.households is None else _("about {n} households")
        words = text.format(n=amount(round(persons if self._band.households is None else homes)))
        self._each.setText(words if inside else _("{words}: out of the band").format(words=words))
        self._each.setObjectName("good" if inside else "bad")
        self._each.style().unpolish(self._each)
        self._each.style().polish(self._each)
