"""How the coordinates of a layer are to be read: their system, which of the two comes first, and their datum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QWidget

from gridplanner.i18n import N_, _
from gridplanner.io.doctor.coordinates import settled
from gridplanner.io.source_report import SourceReport
from ui.dialogs.form import Choice, form_rows, is_enter

if TYPE_CHECKING:
    from gridplanner.io.doctor.coordinates import Candidate

AUTO = "auto"
MOST = 6  # candidates offered before all other systems
PAUSE = 400  # milliseconds after a key until the preview follows
ORDERS = (("auto", N_("as found")), ("xy", N_("longitude or easting first")), ("yx", N_("latitude or northing first")))
DATUM_WORDS = (
    ("auto", N_("as found")),
    ("wgs84", "WGS 84"),
    ("cgcs2000", "CGCS2000"),
    ("gcj02", N_("GCJ-02 (Amap)")),
    ("bd09", N_("BD-09 (Baidu)")),
)


@dataclass(frozen=True)
class Read:
    """A way to read coordinates in the words of `[sources.ROLE]`."""

    crs: str = AUTO
    axes: str = AUTO
    scale: float = 0.0


def known_systems() -> list[tuple[str, str]]:
    """Return codes and names of the systems that Chinese planners meet, the usual ones first."""
    systems = [("EPSG:4326", "WGS 84"), ("EPSG:4490", "CGCS2000")]
    systems += [(f"EPSG:{4534 + row}", f"CGCS2000 / 3-degree GK CM {75 + 3 * row}E") for row in range(21)]
    systems += [(f"EPSG:{4513 + row}", f"CGCS2000 / 3-degree GK zone {25 + row}") for row in range(21)]
    systems += [(f"EPSG:{4502 + row}", f"CGCS2000 / GK CM {75 + 6 * row}E") for row in range(11)]
    systems += [(f"EPSG:{4491 + row}", f"CGCS2000 / GK zone {13 + row}") for row in range(11)]
    return [*systems, ("EPSG:3857", "WGS 84 / Pseudo-Mercator")]


class SourceChoices(QWidget):
    """Fields for one layer; `crs`, `axes`, `scale` and `datum` are as in `[sources.ROLE]`; `changed` follows a pause."""

    changed = Signal()

    def __init__(self, report: SourceReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.system, self.order, self.datum_box = Choice(), Choice(), Choice()
        self._fill_systems()
        for box, words in ((self.order, ORDERS), (self.datum_box, DATUM_WORDS)):
            for key, text in words:
                box.addItem(_(text), key)
            box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.currentIndexChanged.connect(self.changed)
        self.choose_datum(default_datum(report))
        rows: QFormLayout = form_rows()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(8)
        self.setLayout(rows)
        pair, order_words = QHBoxLayout(), QLabel(_("Order"))
        pair.setSpacing(12)
        pair.addWidget(self.datum_box, 1)
        pair.addWidget(order_words)
        pair.addWidget(self.order, 1)
        order_words.setBuddy(self.order)
        rows.addRow(_("Coordinates"), self.system)
        datum_words = QLabel(_("Datum"))
        datum_words.setBuddy(self.datum_box)
        rows.addRow(datum_words, pair)
        for field, called in ((self.system, _("Coordinates")), (self.order, order_words.text()), (self.datum_box, datum_words.text())):
            field.setAccessibleName(called)
            field.setEnabled(bool(report.readable and report.fields))  # an OpenStreetMap file has one system
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.changed)
        self.system.currentIndexChanged.connect(self.changed)
        self.system.editTextChanged.connect(lambda _text: self._pause.start())
        self.system.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event):  # shows where the layer comes to lie, and does not yet import it
            self._pause.stop()
            self.changed.emit()
            return True
        return super().eventFilter(watched, event)

    @property
    def crs(self) -> str:
        """The system chosen or typed; "auto" where the file's own is taken."""
        read = self._read
        if read is not None:
            return read.crs
        text = self.system.currentText().strip()
        return f"EPSG:{text}" if text.isdigit() else text.split(" ")[0] if text.upper().startswith("EPSG:") else text or AUTO

    @property
    def axes(self) -> str:
        """Which coordinate comes first: auto, xy or yx."""
        said = str(self.order.currentData())
        return self._read.axes if said == AUTO and self._read is not None else said

    @property
    def scale(self) -> float:
        """What coordinates are multiplied by, 0 where it is found out."""
        return self._read.scale if self._read is not None else 0.0

    @property
    def datum(self) -> str:
        """The datum chosen, "auto" where the one found holds."""
        return str(self.datum_box.currentData())

    @property
    def is_as_guessed(self) -> bool:
        """True where nothing was chosen in place of the guess."""
        return self.system.currentIndex() == 0 and self._read is not None

    @property
    def said(self) -> str:
        """What is odd about the coordinates as they are read now, in words."""
        return said_of(Read(self.crs, self.axes, self.scale))

    @property
    def _read(self) -> Read | None:
        """What the entry chosen stands for; None where something was typed."""
        row = self.system.findText(self.system.currentText().strip())
        found = self.system.itemData(row) if row >= 0 else None
        return found if isinstance(found, Read) else None

    def choose_crs(self, code: str) -> None:
        """Choose a system by its code."""
        self.choose_read(Read(code))

    def choose_read(self, wanted: Read) -> None:
        """Choose a way to read the coordinates; one that is not in the list is typed."""
        for row in range(self.system.count()):
            if self.system.itemData(row) == wanted:
                self.system.setCurrentIndex(row)
                return
        self.system.setEditText(wanted.crs)

    def choose_datum(self, datum: str) -> None:
        """Choose a datum."""
        self.datum_box.setCurrentIndex(max(self.datum_box.findData(datum), 0))

    def choose_like(self, other: SourceChoices) -> None:
        """Choose what was chosen in other fields; what was only proposed there is left to what is known now."""
        if not other.is_as_guessed:
            self.choose_read(other._read or Read(other.crs))
        self.order.setCurrentIndex(other.order.currentIndex())
        if other.datum != default_datum(other._report):
            self.choose_datum(other.datum)

    def _fill_systems(self) -> None:
        report, box = self._report, self.system
        box.setEditable(True)
        box.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(18)
        for words, read in entries_of(report):
            box.addItem(words, read)
        for code, name in known_systems():
            box.addItem(f"{code} · {name}", Read(code))
        box.setCurrentIndex(0)
        for row in range(box.count()):
            box.setItemData(row, box.itemText(row), Qt.ItemDataRole.ToolTipRole)
        if (line := box.lineEdit()) is not None:
            line.setCursorPosition(0)
        box.setToolTip(box.itemText(0))


def entries_of(report: SourceReport) -> list[tuple[str, Read]]:
    """Return the ways to read a layer's coordinates that its report speaks of, in words, the one taken first."""
    named = dict(known_systems())
    rest = list(report.crs_candidates)
    if report.crs:
        first = _("as the file says: {crs}").format(crs=report.crs), Read()
        rest = [one for one in rest if _read_of(one) != Read(report.crs.split(" ")[0])]
    elif report.crs_guess or settled(rest) is not None:
        best = next((one for one in rest if one.crs == report.crs_guess or not report.crs_guess), None)
        if best is not None:
            rest.remove(best)
            first = _words_of(best, named), _read_of(best)
        else:
            name = f"{report.crs_guess} {named.get(report.crs_guess, '')}".strip()
            read = Read() if report.crs_guess == "EPSG:4326" else Read(report.crs_guess)
            first = _("guess: {crs} ({why})").format(crs=name, why=report.crs_why), read
    else:
        first = _("not known: choose one, or type its EPSG code"), Read()
    return [first, *((_words_of(other, named, guess=False), _read_of(other)) for other in rest[:MOST])]


def default_read(report: SourceReport) -> Read:
    """Return how the coordinates of a layer are read where the planner chooses nothing."""
    return entries_of(report)[0][1]


def default_datum(report: SourceReport) -> str:
    """Return the datum that a layer is read in where the planner chooses nothing: the one that fits, where chance is excluded."""
    return next((shift.datum for shift in report.shifts if shift.datum and shift.confident), AUTO)


def said_of(read: Read) -> str:
    """Return in words what is odd about a way to read coordinates; empty where nothing is."""
    words = []
    if read.axes == "yx":
        words.append(_("latitude and longitude are swapped in the file: they are read the other way round"))
    if read.scale not in (0.0, 1.0):
        words.append(_("the numbers are degrees times {factor}: they are divided by it").format(factor=f"{1 / read.scale:,.0f}"))
    return _("; ").join(words)


def _read_of(candidate: Candidate) -> Read:
    axes, scale = (AUTO if candidate.axes == "xy" else candidate.axes), (0.0 if candidate.scale == 1.0 else candidate.scale)
    return Read(candidate.crs, axes, scale)


def _words_of(candidate: Candidate, named: Mapping[str, str], *, guess: bool = True) -> str:
    name = f"{candidate.crs} {named.get(candidate.crs, '')}".strip()
    text = _("guess: {crs} ({why})") if guess else _("{crs} ({why})")
    return text.format(crs=name, why=candidate.why)
