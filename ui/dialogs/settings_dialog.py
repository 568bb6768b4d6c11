"""How large a grid should be and how hard to search."""

from __future__ import annotations

import dataclasses

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSpinBox, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.band import band_of
from gridplanner.settings import GridSettings
from ui.dialogs.form import Form, pad
from ui.figures import limits

EFFORTS = (("quick", N_("quick")), ("standard", N_("standard")), ("thorough", N_("thorough")))


class SettingsDialog(Form):
    """Asks for target, tolerance and effort; `settings` is what was chosen."""

    def __init__(self, settings: GridSettings, parent: QWidget | None = None) -> None:
        words = _("What a grid should hold. With both targets, whichever is reached first counts. 0 leaves one out.")
        super().__init__(_("Plan settings"), words, _("Apply"), parent)
        self._before = settings
        band = band_of(settings)
        self._households, self._persons = QSpinBox(), QSpinBox()
        for box, value, unit in ((self._households, band.households, _("households")), (self._persons, band.persons, _("persons"))):
            pad(box)
            box.setRange(0, 100_000)
            box.setSingleStep(10)
            box.setSuffix(f" {unit}")
            box.setValue(round(value or 0))
            box.setMinimumWidth(180)
            box.valueChanged.connect(self._judge)
        self._tolerance = QDoubleSpinBox()
        pad(self._tolerance)
        self._tolerance.setRange(1, 90)
        self._tolerance.setDecimals(0)
        self._tolerance.setPrefix("± ")
        self._tolerance.setSuffix(" %")
        self._tolerance.setValue(100 * settings.tolerance)
        self._tolerance.valueChanged.connect(self._judge)
        self._effort = QComboBox()
        for key, name in EFFORTS:
            self._effort.addItem(_(name), key)
        self._effort.setCurrentIndex(self._effort.findData(settings.effort))
        self._band = QLabel()
        self._band.setObjectName("muted")
        form = self.field_rows()
        form.addRow(_("Target"), self._households)
        form.addRow("", self._persons)
        form.addRow(_("Tolerance"), self._tolerance)
        form.addRow(_("Effort"), self._effort)
        form.addRow("", self._band)
        self._judge()
        self._households.setFocus()
        self._households.selectAll()

    @property
    def settings(self) -> GridSettings:
        """The settings chosen; limits given one by one stay only while neither target nor tolerance was touched."""
        households, persons = float(self._households.value()) or None, float(self._persons.value()) or None
        chosen = dataclasses.replace(self._before, effort=self._effort.currentData())
        band, tolerance = band_of(self._before), self._tolerance.value() / 100
        if (households, persons, tolerance) == (band.households, band.persons, self._before.tolerance):
            return chosen
        return dataclasses.replace(
            chosen, target_households=households, target_persons=persons, tolerance=tolerance,
            min_households=None, max_households=None, min_persons=None, max_persons=None,
        )  # fmt: skip

    def _judge(self) -> None:
        if not self._households.value() and not self._persons.value():
            self.complain(_("Give a target in households or in persons."))
            return
        self.complain("")
        band = band_of(self.settings)
        words = []
        for target, unit in ((band.households, _("households")), (band.persons, _("persons"))):
            if target is not None:
                low, high = limits(band, target)
                words.append(f"{low:,}–{high:,} {unit}")
        self._band.setText(_("A grid is in its band with {limits}.").format(limits=_(" or ").join(words)))
