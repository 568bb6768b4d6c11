"""How many zones, how long a shift, how many guards: the settings of the steps after the grids."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QSpinBox, QWidget

from gridplanner.i18n import N_, _
from gridplanner.settings import (
    BeatSettings,
    CheckpointSettings,
    PatrolSettings,
    RailSettings,
    RatingSettings,
    ResponseSettings,
    StreetChiefSettings,
    ZoneSettings,
)
from ui.dialogs.form import Choice, Form, pad

StepSettings = (
    BeatSettings | ZoneSettings | CheckpointSettings | ResponseSettings | RatingSettings | StreetChiefSettings | PatrolSettings
    | RailSettings
)
# the settings of the steps that have their own, as they are where a plan says nothing
DEFAULTS: dict[str, Callable[[], StepSettings]] = {
    "beats": BeatSettings, "zones": ZoneSettings, "rings": ResponseSettings, "checkpoints": CheckpointSettings, "rating": RatingSettings,
    "chiefs": StreetChiefSettings, "patrol": PatrolSettings, "rail": RailSettings,
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One setting: the attribute, what it is called, and its range and unit or the values it can take."""

    name: str
    label: str
    least: int = 1
    most: int = 999
    unit: str = ""
    values: tuple[tuple[str, str], ...] = ()


MODES = (("car", N_("by car")), ("motorcycle", N_("by motorcycle")), ("foot", N_("on foot")))
FIELDS: dict[type, tuple[Field, ...]] = {
    BeatSettings: (Field("target_persons", N_("Persons a beat"), 1, 100_000),),
    ZoneSettings: (Field("count", N_("Patrol zones")),),
    CheckpointSettings: (Field("count", N_("Checkpoints")),),
    ResponseSettings: (Field("mode", N_("Crews go"), values=MODES),),
    RatingSettings: (Field("suppress_below", N_("Hide counts below"), 0, 1000),),
    StreetChiefSettings: (Field("length_km", N_("Stretch"), 1, 100, N_("km")),),
    PatrolSettings: (
        Field("shift_minutes", N_("Shift"), 10, 1440, N_("min")),
        Field("max_overtime_min", N_("Overtime allowed"), 0, 720, N_("min")),
        Field("crews_per_zone", N_("Crews per zone"), 1, 20),
        Field("mode", N_("Patrols go"), values=MODES),
    ),
    RailSettings: (Field("squads", N_("Squads")), Field("guards", N_("Guards in all"))),
}


class StepSettingsDialog(Form):
    """Asks for the settings of one step; `settings` is what was chosen."""

    def __init__(self, title: str, settings: StepSettings, parent: QWidget | None = None) -> None:
        super().__init__(title, "", _("Apply"), parent)
        self.size_name = type(settings).__name__
        self._before = settings
        self._boxes: dict[str, QSpinBox | Choice] = {}
        form = self.field_rows()
        for field in FIELDS[type(settings)]:
            box = _box(field, getattr(settings, field.name))
            (box.currentIndexChanged if isinstance(box, Choice) else box.valueChanged).connect(self._judge)
            self._boxes[field.name] = box
            form.addRow(_(field.label), box)
        first = next(iter(self._boxes.values()))
        first.setFocus()
        if isinstance(first, QSpinBox):
            first.selectAll()

    @property
    def settings(self) -> StepSettings:
        """The settings chosen; raises ValueError where they contradict each other."""
        return dataclasses.replace(self._before, **self._changed())

    def _changed(self) -> dict[str, Any]:
        """Return what was changed, so that 12.5 minutes of a plan file stay where nobody touched them."""
        changed: dict[str, Any] = {}
        for name, box in self._boxes.items():
            before = getattr(self._before, name)
            value = box.currentData() if isinstance(box, Choice) else type(before)(box.value())
            if value != (round(before) if isinstance(before, float) else before):
                changed[name] = value
        return changed

    def _judge(self) -> None:
        try:
            dataclasses.replace(self._before, **self._changed())
            self.complain("")
        except ValueError as why:
            self.complain(str(why))


def step_facts(settings: StepSettings) -> list[tuple[str, str]]:
    """Return names and values of what a step works with."""
    facts = []
    for field in FIELDS[type(settings)]:
        value = getattr(settings, field.name)
        words = _(dict(field.values)[value]) if field.values else f"{value:,.0f}"
        facts.append((_(field.label), f"{words} {_(field.unit)}" if field.unit else words))
    return facts


def _box(field: Field, value: Any) -> QSpinBox | Choice:
    if field.values:
        choice = Choice()
        for key, words in field.values:
            choice.addItem(_(words), key)
        choice.setCurrentIndex(choice.findData(value))
        return choice
    box = QSpinBox()
    pad(box)
    box.setRange(field.least, field.most)
    box.setSuffix(f" {_(field.unit)}" if field.unit else "")
    box.setValue(round(value))
    box.setMinimumWidth(180)
    return box
