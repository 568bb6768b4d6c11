"""The widget of one setting: shows a value, says which one was chosen, and keeps what nobody touched as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from gridplanner.i18n import _
from ui.dialogs.date_box import DateBox
from ui.dialogs.form import Choice, pad
from ui.dialogs.people_list import PeopleList
from ui.dialogs.row_table import RowTable, chainage_of
from ui.dialogs.share_limit import Number
from ui.dialogs.shift_list import ShiftList
from ui.dialogs.step_fields import Field, Named
from ui.dialogs.wish_list import WishList

WIDE, SLIM = 180, 110  # pixels of a number, of one of many


class NumbersLine(QLineEdit):
    """Several numbers in one line; `read` are None where the text makes no sense."""

    def __init__(self, values: Sequence[float]) -> None:
        super().__init__(", ".join(f"{value:g}" for value in values))
        self.setMinimumWidth(WIDE)

    @property
    def read(self) -> tuple[float, ...] | None:
        """The numbers typed, divided by commas, semicolons or spaces."""
        parts = self.text().replace(",", " ").replace("，", " ").replace("、", " ").replace(";", " ").split()
        try:
            return tuple(float(part) for part in parts)
        except ValueError:
            return None


class SeveralBoxes(QWidget):
    """A check box for each key."""

    changed = Signal()

    def __init__(self, values: Named, chosen: Sequence[str]) -> None:
        super().__init__()
        self._before = tuple(chosen)
        self.boxes = {key: QCheckBox(_(words)) for key, words in values}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(8)
        for number, (key, box) in enumerate(self.boxes.items()):
            box.setChecked(key in chosen)
            box.toggled.connect(self.changed)
            layout.addWidget(box, number // 2, number % 2)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys that are on; those that have no box stay as they were."""
        beside = tuple(key for key in self._before if key not in self.boxes)
        return (*(key for key, box in self.boxes.items() if box.isChecked()), *beside)


class TableBoxes(QWidget):
    """A number for each key, two in a row."""

    changed = Signal()

    def __init__(self, field: Field, names: Named, values: Mapping[str, float]) -> None:
        super().__init__()
        self._first: dict[str, float] = {}
        self.boxes: dict[str, Number] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(8)
        for number, (key, words) in enumerate(names):
            box = _number(field)
            box.setMinimumWidth(SLIM)
            box.setAccessibleName(f"{_(field.label)}: {_(words)}")
            if field.none:
                box.setSpecialValueText(_(field.none))
            box.setValue(values.get(key, field.otherwise))
            self._first[key] = box.value()
            box.valueChanged.connect(self.changed)
            self.boxes[key] = box
            layout.addWidget(QLabel(_(words)), number // 2, 2 * (number % 2))
            layout.addWidget(box, number // 2, 2 * (number % 2) + 1)

    @property
    def touched(self) -> dict[str, float]:
        """The numbers that were changed."""
        return {key: box.value() for key, box in self.boxes.items() if box.value() != self._first[key]}


class ClocksLine(QLineEdit):
    """Several clock times in one line."""

    def __init__(self, values: Sequence[str]) -> None:
        super().__init__(", ".join(values))
        self.setMinimumWidth(WIDE)

    @property
    def read(self) -> tuple[str, ...]:
        """The times typed, divided by commas, semicolons or spaces, with a colon of their own kind."""
        parts = re.sub("[,，、;；]", " ", self.text()).replace("：", ":").split()
        return tuple(f"{part.partition(':')[0].zfill(2)}:{part.partition(':')[2]}" if ":" in part else part for part in parts)


Box = (
    QSpinBox | Number | Choice | NumbersLine | ClocksLine | SeveralBoxes | TableBoxes | QLineEdit | QCheckBox | WishList | DateBox
    | ShiftList | PeopleList | RowTable
)  # fmt: skip


def box_of(field: Field, value: Any, names: Named = ()) -> Box:
    """Return the widget of a setting with its value; `names` are the keys of a table that the project names."""
    if field.kind == "choice":
        choice = Choice()
        for key, words in field.values:
            choice.addItem(_(words), key)
        choice.setCurrentIndex(choice.findData(value))
        return choice
    if field.kind == "several":
        return SeveralBoxes(field.values, value)
    if field.kind == "table":
        return TableBoxes(field, names if field.names else field.values, value)
    if field.kind == "numbers":
        return NumbersLine(value)
    if field.kind == "clocks":
        return ClocksLine(value)
    if field.kind == "yes":
        check = QCheckBox()
        check.setChecked(value)
        return check
    if field.kind == "rows":
        return RowTable(field.name, value, _(field.label))
    if field.kind in ("text", "chainage"):
        text = QLineEdit(value)
        text.setPlaceholderText(_(field.none) if field.none else "")  # the catalogue's head stands under no words at all
        text.setMinimumWidth(WIDE)
        return text
    if field.kind == "wholes":
        numbers = NumbersLine(value)
        numbers.setPlaceholderText(_(field.none) if field.none else "")
        return numbers
    if field.kind == "day":
        return DateBox(value, _(field.none))
    if field.kind == "shifts":
        return ShiftList(value)
    if field.kind == "people":
        return PeopleList(value)
    if field.kind == "wishes":
        return WishList(value, [words for _key, words in names])
    if field.kind == "month":
        line = QLineEdit(value)
        line.setPlaceholderText(_(field.none))
        return line
    box: QSpinBox | Number
    if field.decimals:
        box = _number(field)
        box.setValue(value)
    else:
        box = QSpinBox()
        pad(box)
        box.setRange(int(field.least), int(field.most))
        box.setValue(round(100 * value if field.kind == "share" else value))
    box.setSuffix(f" {_(field.unit)}" if field.unit else "")
    if field.none:
        box.setSpecialValueText(_(field.none))
    box.setMinimumWidth(WIDE)
    return box


def _number(field: Field) -> Number:
    box = Number(field.least, field.most)
    box.setDecimals(field.decimals)
    return box


def listen(box: Box, then: Any) -> None:
    """Call `then` after every change of a box."""
    if isinstance(box, Choice):
        box.currentIndexChanged.connect(lambda _row: then())
    elif isinstance(box, DateBox):
        box.dateChanged.connect(lambda _date: then())
    elif isinstance(box, SeveralBoxes | TableBoxes | WishList | ShiftList | PeopleList | RowTable):
        box.changed.connect(lambda: then())
    elif isinstance(box, QCheckBox):
        box.toggled.connect(lambda _on: then())
    elif isinstance(box, QLineEdit):
        box.textChanged.connect(lambda _text: then())
    else:
        box.valueChanged.connect(lambda _value: then())


def changed_value(field: Field, box: Box, before: Any) -> Any:
    """Return the value of a box where it was changed, else `before` itself: 12.5 minutes of a plan file stay where nobody touched them.

    Raises ValueError where what was typed makes no sense.
    """
    if isinstance(box, Choice):
        return box.currentData()
    if isinstance(box, SeveralBoxes):
        return before if set(box.chosen) == set(before) else box.chosen
    if isinstance(box, TableBoxes):
        whole = {key: round(value) for key, value in box.touched.items()} if not field.decimals else box.touched
        return {**before, **whole} if whole else before
    if isinstance(box, WishList):
        return box.wishes
    if isinstance(box, DateBox):
        return box.day
    if isinstance(box, PeopleList):
        return box.people
    if isinstance(box, RowTable):
        return box.things
    assert not isinstance(box, ShiftList)  # several settings in one
    if isinstance(box, QCheckBox):
        return box.isChecked()
    if isinstance(box, ClocksLine):
        return box.read
    if isinstance(box, NumbersLine):
        read = box.read
        if read is None:
            raise ValueError(_("“{text}” is no list of numbers").format(text=box.text()))
        if field.kind == "wholes":
            read = tuple(int(value) for value in read)
        return before if read == tuple(before) else read
    if isinstance(box, QLineEdit):
        return chainage_of(box.text()) if field.kind == "chainage" else box.text().strip()
    if field.kind == "share":
        return before if box.value() == round(100 * before) else box.value() / 100
    if field.decimals:
        return before if box.value() == round(before, field.decimals) else box.value()
    return before if box.value() == round(before) else type(before)(box.value())


def line_of(field: Field, box: Box) -> QWidget:
    """Return what stands beside the label: the box, with room to its right where it is no table."""
    if isinstance(box, SeveralBoxes | TableBoxes | WishList | ShiftList | PeopleList | RowTable):
        return box
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(box, 1)
    if isinstance(box, NumbersLine) and field.unit:
        row.addWidget(QLabel(_(field.unit)))
    return line
