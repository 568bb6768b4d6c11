"""How much a grid should hold: targets, and a tolerance or limits around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from gridplanner.i18n import _
from gridplanner.model.band import Band, band_of
from gridplanner.settings import GridSettings
from ui.dialogs.form import Choice, pad
from ui.dialogs.share_limit import Number
from ui.figures import limits

MOST = 100_000
TOLERANCE, LIMITS = "tolerance", "limits"


class BandFields(QWidget):
    """Fields for targets and band; `changes` are the fields of GridSettings that differ from the settings they began with."""

    changed = Signal()

    def __init__(self, settings: GridSettings, rows: QFormLayout) -> None:
        super().__init__()
        self._before, band = settings, band_of(settings)
        self.households, self.persons = _count(band.households, _("households")), _count(band.persons, _("persons"))
        self.kind = Choice()
        self.kind.addItem(_("target and tolerance"), TOLERANCE)
        self.kind.addItem(_("from … to …"), LIMITS)
        given = (settings.min_households, settings.max_households, settings.min_persons, settings.max_persons)
        self.kind.setCurrentIndex(int(any(limit is not None for limit in given)))
        self.tolerance = Number(0.1, 90)
        self.tolerance.setPrefix("± ")
        self.tolerance.setSuffix(" %")
        self.tolerance.setValue(100 * settings.tolerance)
        low, high = _limits_of(band)
        self.low, self.high = _count(low, ""), _count(high, "")
        self._between = QWidget()
        row = QHBoxLayout(self._between)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.low, QLabel("–"), self.high):
            row.addWidget(widget, int(widget in (self.low, self.high)))
        for box in (self.low, self.high):
            box.setMinimumWidth(80)
        self._name(rows)
        self._show_kind()
        self._first = self._raw()
        self.tolerance.valueChanged.connect(self._tell)
        for count in (self.households, self.persons, self.low, self.high):
            count.valueChanged.connect(self._tell)
        self.kind.currentIndexChanged.connect(self._change_kind)

    @property
    def has_target(self) -> bool:
        """Whether there is a target at all."""
        return bool(self.households.value() or self.persons.value())

    @property
    def changes(self) -> dict[str, Any]:
        """Fields of GridSettings; limits given one by one stay while nothing here was touched."""
        if self._raw() == self._first:
            return {}
        none = dict.fromkeys(("min_households", "max_households", "min_persons", "max_persons"))
        targets = {"target_households": float(self.households.value()) or None, "target_persons": float(self.persons.value()) or None}
        if self.kind.currentData() == TOLERANCE:
            same = self.tolerance.value() == round(100 * self._before.tolerance, 1)
            return {**none, **targets, "tolerance": self._before.tolerance if same else round(self.tolerance.value() / 100, 4)}
        unit = "households" if self.households.value() else "persons"
        return {**none, **targets, f"min_{unit}": float(self.low.value()), f"max_{unit}": float(self.high.value())}

    def take(self, changes: Mapping[str, object]) -> None:
        """Put values of an offer into the fields."""
        limit = next((name for name in changes if name.startswith("min_")), "")
        if "tolerance" in changes or limit:
            self.kind.setCurrentIndex(int(bool(limit)))
        boxes = {"target_households": self.households, "target_persons": self.persons}
        boxes |= {limit: self.low, limit.replace("min", "max"): self.high}
        for name, value in changes.items():
            if name in boxes and value is not None:
                boxes[name].setValue(round(float(str(value))))
            elif name == "tolerance":
                self.tolerance.setValue(100 * float(str(value)))

    def _raw(self) -> tuple[object, ...]:
        boxes = (self.households, self.persons, self.low, self.high)
        return (self.kind.currentData(), self.tolerance.value(), *(box.value() for box in boxes))

    def _name(self, rows: QFormLayout) -> None:
        rows.addRow(_("Target"), self.households)
        rows.addRow("", self.persons)
        rows.addRow(_("Band"), self.kind)
        rows.addRow("", self.tolerance)
        rows.addRow("", self._between)
        self._rows = rows
        named = ((self.households, _("Target in households")), (self.persons, _("Target in persons")), (self.tolerance, _("Tolerance")))
        for box, words in (*named, (self.low, _("At least")), (self.high, _("At most")), (self.kind, _("Band"))):
            box.setAccessibleName(words)

    def _change_kind(self) -> None:
        if self.kind.currentData() == LIMITS:  # begins with what the tolerance meant
            households, persons = float(self.households.value()) or None, float(self.persons.value()) or None
            if households or persons:
                share = self.tolerance.value() / 100
                for box, limit in zip((self.low, self.high), _limits_of(Band(households, persons, 1 - share, 1 + share)), strict=True):
                    box.setValue(limit)
        self._show_kind()
        self._tell()

    def _show_kind(self) -> None:
        by_limits = self.kind.currentData() == LIMITS
        self._rows.setRowVisible(self.tolerance, not by_limits)
        self._rows.setRowVisible(self._between, by_limits)

    def _tell(self) -> None:
        self.changed.emit()


def band_words(settings: GridSettings) -> str:
    """Return the limits of the band in whole households and persons."""
    band = band_of(settings)
    words = []
    for target, unit in ((band.households, _("households")), (band.persons, _("persons"))):
        if target is not None:
            low, high = limits(band, target)
            words.append(f"{low:,}–{high:,} {unit}")
    return _("A grid is in its band with {limits}.").format(limits=_(" or ").join(words))


def _limits_of(band: Band) -> tuple[int, int]:
    return limits(band, band.households or band.persons or 1.0)


def _count(value: float | None, unit: str) -> QSpinBox:
    box = QSpinBox()
    pad(box)
    box.setRange(0, MOST)
    box.setSingleStep(10)
    box.setSuffix(f" {unit}" if unit else "")
    box.setValue(round(value or 0))
    box.setMinimumWidth(180)
    return box
