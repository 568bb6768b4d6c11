"""The shifts of a roster: a row each with its hours, how many people it takes, and what holds for it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.roster_calendar import shift_words
from gridplanner.settings import RosterSettings
from ui.dialogs.form import pad
from ui.dialogs.share_limit import Number

HEADS = (
    (N_("Name"), ""), (N_("Begins"), N_("Clock time, such as 08:00")),
    (N_("Ends"), N_("Clock time; at most that of the beginning: it ends the next day")),
    (N_("People"), N_("How many are on duty from Monday to Friday, for each squad or place")),
    (N_("Weekend"), N_("How many are on duty on Saturdays and Sundays")),
    (N_("In pairs"), N_("Nobody of a squad is ever alone in it")),
    (N_("Points"), N_("Points that an hour of it brings, for the ledger of volunteers")),
)  # fmt: skip
NAME, BEGINS, ENDS, PEOPLE, WEEKEND, PAIRS, POINTS, AWAY = range(8)
SAME = -1  # people on a weekend where they are as on other days


class ShiftList(QWidget):
    """`values` are the fields of RosterSettings that the rows make; raises ValueError where a time makes no sense."""

    changed = Signal()

    def __init__(self, settings: RosterSettings) -> None:
        super().__init__()
        self._before = settings
        self.rows: list[ShiftRow] = []
        self._grid, self.add = QGridLayout(), QPushButton(_("Add a shift"))
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(NAME, 1)
        for column, (title, tip) in enumerate(HEADS):
            head = QLabel(_(title))
            head.setObjectName("muted")
            head.setToolTip(_(tip) if tip else "")
            self._grid.addWidget(head, 0, column)
        self.add.setObjectName("small")
        self.add.clicked.connect(lambda: self.add_row("", (8.0, 16.0)).name.setFocus())
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._grid)
        layout.addLayout(below)
        for name, hours in settings.shifts.items():
            self.add_row(name, hours)

    @property
    def values(self) -> dict[str, Any]:
        """The shifts, and what is said of each; a shift that was renamed keeps what the settings say of it."""
        rows = [row for row in self.rows if row.key]
        if len({row.key for row in rows}) < len(rows):
            raise ValueError(_("Two shifts have the same name"))
        before = self._before
        called = {row.before: row.key for row in rows if row.before}
        made: dict[str, Any] = {
            "shifts": {row.key: row.hours for row in rows},
            "demand": {row.key: row.people.value() for row in rows if row.people.value() or row.before in before.demand},
            "weekend_demand": {row.key: row.weekend.value() for row in rows if row.weekend.value() != SAME},
            "pair_shifts": tuple(row.key for row in rows if row.pairs.isChecked()),
            "points": {row.key: row.points.value() for row in rows if row.points.value() or row.before in before.points},
            "skill_demand": {called[name]: wanted for name, wanted in before.skill_demand.items() if name in called},
        }
        return {name: getattr(before, name) if _alike(value, getattr(before, name)) else value for name, value in made.items()}

    def add_row(self, name: str, hours: tuple[float, ...]) -> ShiftRow:
        """Add a row and return it."""
        row = ShiftRow(name, hours, self._before)
        at = self._grid.rowCount()
        for column, part in enumerate(row.parts):
            self._grid.addWidget(part, at, column)
        row.away.clicked.connect(lambda: self._remove(row))
        for line in (row.name, row.begins, row.ends):
            line.textChanged.connect(lambda _text: self.changed.emit())
        for box in (row.people, row.weekend, row.points):
            box.valueChanged.connect(lambda _value: self.changed.emit())
        row.pairs.toggled.connect(lambda _on: self.changed.emit())
        self.rows.append(row)
        return row

    def _remove(self, row: ShiftRow) -> None:
        self.rows.remove(row)
        for part in row.parts:
            self._grid.removeWidget(part)
            part.deleteLater()
        self.add.setFocus()
        self.changed.emit()


class ShiftRow:
    """The fields of one shift; `before` is what the settings call it, empty for a new one."""

    def __init__(self, name: str, hours: tuple[float, ...], settings: RosterSettings) -> None:
        self.before, self._shown = name, shift_words(name)
        self._hours, self._said = hours, tuple(clock_of(hour) for hour in hours)
        self.name, self.begins, self.ends = QLineEdit(self._shown), QLineEdit(self._said[0]), QLineEdit(self._said[1])
        self.people, self.weekend, self.pairs, self.points = QSpinBox(), QSpinBox(), QCheckBox(), Number(0, 1000)
        self.away = QPushButton("×")
        self.away.setObjectName("small")
        self.name.setMinimumWidth(110)
        for line in (self.begins, self.ends):
            line.setFixedWidth(66)
        for box, least, value in (
            (self.people, 0, settings.demand.get(name, 0)), (self.weekend, SAME, settings.weekend_demand.get(name, SAME)),
        ):  # fmt: skip
            pad(box)
            box.setRange(least, 1000)
            box.setValue(value)
            box.setMinimumWidth(72)
        self.weekend.setSpecialValueText(_("same"))
        self.points.setDecimals(2)
        self.points.setValue(settings.points.get(name, 0.0))
        self.points.setMinimumWidth(64)
        self.pairs.setChecked(name in settings.pair_shifts)
        for part, (title, tip) in zip(self.parts, HEADS, strict=False):
            part.setAccessibleName(_(title))
            part.setToolTip(_(tip) if tip else "")
        self.away.setAccessibleName(_("Remove"))
        self.away.setToolTip(_("Remove"))

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The widgets, from the left."""
        return self.name, self.begins, self.ends, self.people, self.weekend, self.pairs, self.points, self.away

    @property
    def key(self) -> str:
        """The name for the settings."""
        text = self.name.text().strip()
        return self.before if text == self._shown else text

    @property
    def hours(self) -> tuple[float, ...]:
        """The hours, as they were where nobody touched them."""
        said = self.begins.text(), self.ends.text()
        return self._hours if said == self._said else tuple(hour_of(text) for text in said)


def clock_of(hour: float) -> str:
    """Return an hour as a clock shows it.

    >>> clock_of(8), clock_of(16.5), clock_of(24)
    ('08:00', '16:30', '24:00')
    """
    minutes = round(60 * hour)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def hour_of(text: str) -> float:
    """Return the hour that was typed; raises ValueError where it is none.

    >>> hour_of("16:30"), hour_of("8")
    (16.5, 8.0)
    """
    hours, _colon, minutes = text.strip().replace("：", ":").partition(":")
    try:
        found = int(hours) + (int(minutes) / 60 if minutes else 0.0)
    except ValueError:
        raise ValueError(_("{text} is no clock time such as 08:00").format(text=f"“{text}”")) from None
    if not 0 <= found <= 48 or not 0 <= int(minutes or 0) < 60:
        raise ValueError(_("{text} is no clock time such as 08:00").format(text=f"“{text}”"))
    return found


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(_alike(one[key], other[key]) for key in one)
    return bool(tuple(one) == tuple(other)) if isinstance(one, tuple | list) else bool(one == other)
