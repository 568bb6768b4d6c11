"""One layer in the import dialog: what it is, what it is taken for, and which of its fields mean what."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.io.fields import FREE_WORDS, KNOWN
from gridplanner.io.inspection import SourceReport
from gridplanner.io.preview import PreviewWish
from gridplanner.io.roles import guess_fields
from gridplanner.settings import SourceSettings
from ui.dialogs.form import Choice
from ui.dialogs.source_choices import AUTO, SourceChoices

ROLES = (
    ("district", N_("District outline"), ("polygon",)),
    ("communities", N_("Communities"), ("polygon",)),
    ("households", N_("Addresses with households"), ("point", "polygon")),
    ("roads", N_("Streets"), ("line",)),
    ("barriers", N_("Rivers and walls"), ("line", "polygon")),
    ("railway", N_("Railway lines"), ("line",)),
    ("stations", N_("Railway stations"), ("point",)),
    ("rail_posts", N_("Kilometre posts"), ("point",)),
    ("rail_features", N_("Features along the railway"), ("point", "line")),
    ("key_sites", N_("Key sites"), ("point",)),
    ("depots", N_("Police stations and posts"), ("point",)),
    ("current_grids", N_("Grids as they are now"), ("polygon",)),
    ("estates", N_("Estates to be kept whole"), ("polygon",)),
    ("exclusive", N_("Areas that are grids of their own"), ("polygon",)),
    ("groups", N_("Villagers' groups"), ("polygon",)),
    ("fixed_lines", N_("Lines that stay boundaries"), ("line",)),
    ("must_stay", N_("Places that belong to a grid"), ("point",)),
    ("incidents", N_("Incidents"), ("point", "polygon")),
    ("station_areas", N_("Areas of police stations"), ("polygon",)),
    ("indicators", N_("Monthly figures of areas"), ("", "point", "polygon")),
    ("staff", N_("People on duty"), ("", "point", "polygon")),
    ("checkpoint_sites", N_("Known places of checkpoints"), ("point",)),
    ("cordons", N_("Cordons"), ("line", "polygon")),
    ("roster_cells", N_("Leave and wishes of people on duty"), ("",)),
)
FIELD_WORDS = {
    "code": N_("Code"), "name": N_("Name"), "street": N_("Street office"), "group": N_("Group"), "households": N_("Households"),
    "persons": N_("Persons"), "address": N_("Address"), "class": N_("Class"), "oneway": N_("One-way"), "speed": N_("Speed limit"),
    "level": N_("Level"), "kind": N_("Kind"), "main": N_("Main line"), "chainage_km": N_("Chainage (km)"), "line": N_("Line"),
    "visits": N_("Visits"), "dwell_min": N_("Stay (min)"), "from": N_("From"), "to": N_("To"), "weight": N_("Weight"), "crews": N_("Crews"),
    "month": N_("Month"), "area": N_("Area"), "satisfaction": N_("Satisfaction"), "role": N_("Role"), "work_phone": N_("Work phone"),
    "unit": N_("On duty for"), "count": N_("Number"), "person": N_("Person (code)"), "day": N_("Day"),
    "until": N_("Until"), "shift": N_("Shift"), "bridge": N_("Bridge"), "tunnel": N_("Tunnel"), "track": N_("Track"),
    "system": N_("Mileage system"), "height": N_("Height (m)"), "amount": N_("Amount"),
}  # fmt: skip
GEOMETRY_WORDS = {"point": N_("points"), "line": N_("lines"), "polygon": N_("areas"), "": N_("rows of a table")}
PER_ROW = 2
LABEL = 64  # pixels


class LayerCard(QFrame):
    """Asks for the role of a layer and the meaning of its fields; `changed` follows every choice, `chosen` a click or the focus.

    `choices` holds how the layer is to be read; the dialog shows it beside the map.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, report: SourceReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report = report
        self.setObjectName("card")
        self._boxes: dict[str, Choice] = {}
        self.choices = SourceChoices(report)
        self._role = Choice()
        self._role.setMinimumWidth(204)
        self._role.installEventFilter(self)
        self._role.addItem(_("leave out"), "")
        for key, words, kinds in ROLES:
            if report.readable and report.geometry in kinds:
                self._role.addItem(_(words), key)
        self._role.setAccessibleName(_("Taken for"))
        self._role.setEnabled(self._role.count() > 1)
        name = QLabel(self.title)
        name.setObjectName("value")
        name.setWordWrap(True)
        facts = QLabel(self._facts())
        facts.setObjectName("small")
        facts.setWordWrap(True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(facts)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(texts, 1)
        top.addWidget(self._role, 0, Qt.AlignmentFlag.AlignVCenter)
        self._fields = QGridLayout()
        self._fields.setHorizontalSpacing(8)
        self._fields.setVerticalSpacing(8)
        for column in range(PER_ROW):
            self._fields.setColumnMinimumWidth(2 * column, LABEL)
            self._fields.setColumnStretch(2 * column + 1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(self._fields)
        if report.problems:
            problems = QLabel("\n".join(report.problems))
            problems.setObjectName("warning")
            problems.setWordWrap(True)
            layout.addWidget(problems)
        self._role.currentIndexChanged.connect(self._take_role)

    @property
    def title(self) -> str:
        """File and layer in a few words."""
        stem = Path(self.report.path).name
        return stem if self.report.layer in {"", Path(stem).stem} else f"{stem} · {self.report.layer}"

    @property
    def role(self) -> str:
        """What the layer is taken for; empty where it is left out."""
        return str(self._role.currentData())

    @property
    def is_osm(self) -> bool:
        """True for a part of an OpenStreetMap file, which has tags in place of fields."""
        return self.report.readable and not self.report.fields

    def take_for(self, role: str) -> None:
        """Take the layer for a role, or leave it out with an empty one."""
        self._role.setCurrentIndex(max(self._role.findData(role), 0))

    def source(self) -> SourceSettings:
        """Return the source that a plan file would name."""
        if self.is_osm:
            return SourceSettings(path=self.report.path, where=self.report.where, fields=dict(self.report.mapping))
        fields = {word: box.currentData() for word, box in self._boxes.items() if box.currentData()}
        chosen = self.choices
        return SourceSettings(
            path=self.report.path, layer=self.report.layer, encoding=chosen.encoding, where=chosen.where, fields=fields, crs=chosen.crs
        )  # fmt: skip

    def wish(self) -> PreviewWish:
        """Return what a preview is to show: the layer as it would be read."""
        report, chosen = self.report, self.choices
        role = self.role or report.role
        if self.is_osm:
            return PreviewWish(report.path, report.layer, role, where=report.where)
        crs = chosen.crs if chosen.crs != AUTO else report.crs_guess or AUTO
        return PreviewWish(report.path, report.layer, role, chosen.encoding, crs, chosen.where)

    def take_focus(self) -> None:
        """Put the keyboard on the card's first field."""
        self._role.setFocus()

    def mark(self, *, current: bool) -> None:
        """Show whether this is the card whose layer is looked at."""
        self.setObjectName("chosenCard" if current else "card")
        self.style().unpolish(self)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.chosen.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def _facts(self) -> str:
        report = self.report
        if not report.readable:
            return _("cannot be read")
        facts = [f"{report.count:,} {_(GEOMETRY_WORDS.get(report.geometry, report.geometry))}", report.crs.split(" (")[0]]
        return " · ".join(fact for fact in facts if fact)

    def _take_role(self) -> None:
        while (item := self._fields.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = {}
        if self.report.fields:
            guess = self.report.mapping if self.role == self.report.role else guess_fields(self.role, self.report.fields)
            more = [word for word in guess if word not in KNOWN[self.role]] if self.role in FREE_WORDS else []
            for number, word in enumerate((*KNOWN.get(self.role, ()), *more)):
                self._add_field(number, word, guess.get(word, ""))
        self.changed.emit()

    def _add_field(self, number: int, word: str, guess: str) -> None:
        label, box = QLabel(_(FIELD_WORDS.get(word, word))), Choice()
        label.setObjectName("muted")
        box.addItem("–", "")
        for name in self.report.fields:
            box.addItem(name, name)
        box.setCurrentIndex(max(box.findData(guess), 0))
        box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(7)
        box.installEventFilter(self)
        box.setAccessibleName(label.text())
        label.setBuddy(box)
        row, column = divmod(number, PER_ROW)
        self._fields.addWidget(label, row, 2 * column)
        self._fields.addWidget(box, row, 2 * column + 1)
        self._boxes[word] = box
