"""How many zones, how long a shift, how many guards: the settings of the steps after the grids."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QStackedWidget, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.project import Project
from gridplanner.model.ratings import ratings_of
from gridplanner.settings import (
    BeatSettings,
    CheckpointSettings,
    PatrolSettings,
    RailSettings,
    RatingSettings,
    ResponseSettings,
    RosterSettings,
    StreetChiefSettings,
    ZoneSettings,
)
from ui.dialogs.field_boxes import Box, SeveralBoxes, TableBoxes, box_of, changed_value, line_of, listen
from ui.dialogs.form import Form, form_rows
from ui.dialogs.people_list import PeopleList
from ui.dialogs.row_table import RowTable
from ui.dialogs.share_limit import Number
from ui.dialogs.shift_list import ShiftList
from ui.dialogs.step_fields import FIELDS, NAMED, Field, Named
from ui.dialogs.wish_list import WishList
from ui.panels.tab_strip import TabStrip

StepSettings = (
    BeatSettings | ZoneSettings | CheckpointSettings | ResponseSettings | RatingSettings | StreetChiefSettings | PatrolSettings
    | RailSettings | RosterSettings
)  # fmt: skip
# the settings of the steps that have their own, as they are where a plan says nothing
DEFAULTS: dict[str, Callable[[], StepSettings]] = {
    "beats": BeatSettings, "zones": ZoneSettings, "rings": ResponseSettings, "checkpoints": CheckpointSettings, "rating": RatingSettings,
    "chiefs": StreetChiefSettings, "patrol": PatrolSettings, "rail": RailSettings, "roster": RosterSettings,
}  # fmt: skip
WIDEST = 760  # pixels of a line of tabs that a dialog makes room for


class StepSettingsDialog(Form):
    """Asks for the settings of one step, on several pages where there are many; `settings` is what was chosen.

    `names` are the indicators that the project has, which the rating weighs; `roads` the names of its streets, which patrols may ask for,
    and `picks` how many streets were picked for them on the map: `clear_picks` says that these are to go.
    """

    def __init__(
        self, title: str, settings: StepSettings, parent: QWidget | None = None, names: Sequence[str] = (), roads: Sequence[str] = (),
        picks: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(title, "", _("Apply"), parent)
        self.size_name = type(settings).__name__
        self._before = settings
        self._boxes: dict[str, Box] = {}
        self._fields = {field.name: field for field in FIELDS[type(settings)] if not field.names or names}
        keys: Named = (*((name, name) for name in names), ("satisfaction", N_("satisfaction"))) if names else ()
        pages = list(dict.fromkeys(field.page for field in self._fields.values()))
        rows = self._pages(pages)
        for field in self._fields.values():
            known = tuple((name, name) for name in roads) if field.kind == "wishes" else keys
            box = box_of(field, settings if field.kind == "shifts" else getattr(settings, field.name), known)
            listen(box, self._judge)
            self._boxes[field.name] = box
            self._place(rows[field.page], field, box)
        self._clear = QPushButton(_("Clear"))
        if picks and NAMED in rows:
            self._add_picks(rows[NAMED], picks)
        first = next(iter(self._boxes.values()))
        first.setFocus()
        if isinstance(first, QSpinBox | Number):
            first.selectAll()

    @property
    def settings(self) -> StepSettings:
        """The settings chosen; raises ValueError where they contradict each other."""
        return dataclasses.replace(self._before, **self._changed())

    @property
    def clear_picks(self) -> bool:
        """True where the streets picked on the map are to be picked no longer."""
        return self._clear.isChecked()

    def _add_picks(self, rows: QFormLayout, picks: int) -> None:
        """Say how many streets were picked on the map, beside a button that takes them back."""
        line, words = QWidget(), QLabel(ngettext("{n} street", "{n} streets", picks).format(n=f"{picks:,}"))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(words)
        row.addWidget(self._clear)
        row.addStretch(1)
        self._clear.setObjectName("chip")
        self._clear.setCheckable(True)
        self._clear.setAccessibleName(_("Clear the streets picked on the map"))
        self._clear.setToolTip(_("Leave these streets to their class again, when the dialog is applied"))
        rows.addRow(_("Picked on the map"), line)

    def _pages(self, pages: Sequence[str]) -> dict[str, QFormLayout]:
        """Return a layout for the fields of each page; a strip of tabs leads from one to another where there are several."""
        if len(pages) < 2:
            return {page: self.field_rows() for page in pages}
        tabs, stack, rows = TabStrip(), QStackedWidget(), {}
        for page in pages:
            inside = QWidget()
            rows[page] = form_rows()
            inside.setLayout(rows[page])
            stack.addWidget(inside)
            tabs.add(page)
            tabs.set_words(page, _(page))
        tabs.setMinimumWidth(min(tabs.whole_width, WIDEST))
        tabs.chosen.connect(lambda page: stack.setCurrentIndex(pages.index(page)))
        tabs.retranslate()
        self.body.addWidget(tabs)
        self.body.addWidget(stack, 1)
        return rows

    def _place(self, rows: QFormLayout, field: Field, box: Box) -> None:
        line = line_of(field, box)
        words = _(field.label)
        if not isinstance(box, TableBoxes | SeveralBoxes | WishList | ShiftList | PeopleList | RowTable):
            box.setAccessibleName(words)
        for widget in (line, box):
            widget.setToolTip(_(field.tip) if field.tip else "")
        rows.addRow(words, line)

    def _changed(self) -> dict[str, Any]:
        """Return what was changed."""
        values = {
            name: changed_value(self._fields[name], box, getattr(self._before, name))
            for name, box in self._boxes.items()
            if not isinstance(box, ShiftList)
        }
        for box in self._boxes.values():
            if isinstance(box, ShiftList):  # several settings in one
                values.update(box.values)
        return {name: value for name, value in values.items() if value != getattr(self._before, name)}

    def _judge(self) -> None:
        try:
            dataclasses.replace(self._before, **self._changed())
            self.complain("")
        except ValueError as why:
            self.complain(str(why))


def indicator_names(project: Project) -> tuple[str, ...]:
    """Return the names of what a project's areas can be rated by: its indicators, or the kinds of its incidents, most frequent first."""
    return ratings_of(project).figures.indicators


def step_facts(settings: StepSettings) -> list[tuple[str, str]]:
    """Return names and values of what a step works with."""
    return [(_(field.label), _told(field, getattr(settings, field.name))) for field in FIELDS[type(settings)] if field.fact]


def _told(field: Field, value: Any) -> str:
    """Return a setting in words."""
    if field.kind == "choice":
        return _(dict(field.values)[value])
    if not value and field.none:
        return _(field.none)
    if field.kind == "day":
        return str(value)
    if field.kind == "numbers":
        words = ", ".join(f"{one:g}" for one in value)
    elif field.kind == "number" and field.decimals > 1:
        words = f"{value:g}"
    elif field.kind == "share":
        return f"{100 * value:.0f} %"
    else:
        words = f"{value:,.{field.decimals}f}"
    return f"{words} {_(field.unit)}" if field.unit else words
