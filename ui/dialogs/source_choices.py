"""How a layer is to be read: its coordinate system, the encoding of its text, and a filter."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from gridplanner.i18n import N_, _
from gridplanner.io.inspection import SourceReport
from ui.dialogs.form import Choice, form_rows

AUTO = "auto"
PAUSE = 400  # milliseconds after a key until the preview follows
ENCODED = (".shp", ".dbf", ".csv")  # formats whose files do not say for sure
ENCODINGS = (("utf-8", "UTF-8"), ("gb18030", N_("GB18030 (Chinese systems)")), ("big5", N_("Big5 (traditional Chinese)")))


def known_systems() -> list[tuple[str, str]]:
    """Return codes and names of the systems that Chinese planners meet, the usual ones first."""
    systems = [("EPSG:4326", "WGS 84"), ("EPSG:4490", "CGCS2000")]
    systems += [(f"EPSG:{4534 + row}", f"CGCS2000 / 3-degree GK CM {75 + 3 * row}E") for row in range(21)]
    systems += [(f"EPSG:{4513 + row}", f"CGCS2000 / 3-degree GK zone {25 + row}") for row in range(21)]
    systems += [(f"EPSG:{4502 + row}", f"CGCS2000 / GK CM {75 + 6 * row}E") for row in range(11)]
    systems += [(f"EPSG:{4491 + row}", f"CGCS2000 / GK zone {13 + row}") for row in range(11)]
    return [*systems, ("EPSG:3857", "WGS 84 / Pseudo-Mercator")]


class SourceChoices(QWidget):
    """Fields for one layer; `crs`, `encoding` and `where` are as `[sources.ROLE]` of a plan file has them. `changed` follows a pause."""

    changed = Signal()

    def __init__(self, report: SourceReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._system, self._encoding, self._where = Choice(), Choice(), QLineEdit(report.where)
        self._fill_systems()
        self._fill_encodings()
        self._where.setPlaceholderText(_("all rows, or such as {example}").format(example="kind = 'river'"))
        self._where.setClearButtonEnabled(True)
        rows: QFormLayout = form_rows()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(8)
        self.setLayout(rows)
        for words, field in ((_("Coordinates"), self._system), (_("Text"), self._encoding), (_("Only rows"), self._where)):
            field.setAccessibleName(words)
            rows.addRow(words, field)
        rows.setRowVisible(self._encoding, report.path.lower().endswith(ENCODED))
        for field in (self._system, self._where):
            field.setEnabled(bool(report.readable and report.fields))  # an OpenStreetMap file has one system, and its own filter
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.changed)
        self._system.currentIndexChanged.connect(self.changed)
        self._system.editTextChanged.connect(lambda _text: self._pause.start())
        self._encoding.currentIndexChanged.connect(self.changed)
        self._where.textEdited.connect(lambda _text: self._pause.start())
        self._where.textChanged.connect(lambda text: None if text else self._pause.start())

    @property
    def crs(self) -> str:
        """The system chosen or typed; "auto" where the file's own is taken."""
        text = self._system.currentText().strip()
        row = self._system.findText(text)
        if row >= 0:
            return str(self._system.itemData(row))
        return f"EPSG:{text}" if text.isdigit() else text.split(" ")[0] if text.upper().startswith("EPSG:") else text or AUTO

    @property
    def encoding(self) -> str:
        """The encoding chosen; "auto" where it is found out."""
        return str(self._encoding.currentData())

    @property
    def where(self) -> str:
        """The filter."""
        return self._where.text().strip()

    def choose_crs(self, code: str) -> None:
        """Choose a system by its code."""
        row = self._system.findData(code)
        if row >= 0:
            self._system.setCurrentIndex(row)
        else:
            self._system.setEditText(code)

    def choose_encoding(self, name: str) -> None:
        """Choose an encoding."""
        self._encoding.setCurrentIndex(max(self._encoding.findData(name), 0))

    def _fill_systems(self) -> None:
        report, box = self._report, self._system
        box.setEditable(True)
        box.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(18)
        named = dict(known_systems())
        if report.crs:
            box.addItem(_("as the file says: {crs}").format(crs=report.crs), AUTO)
        elif report.crs_guess:
            name = named.get(report.crs_guess, "")
            text = _("guess: {crs} ({why})").format(crs=f"{report.crs_guess} {name}".strip(), why=report.crs_why)
            box.addItem(text, AUTO if report.crs_guess == "EPSG:4326" else report.crs_guess)
        else:
            box.addItem(_("not known: choose one, or type its EPSG code"), AUTO)
        for code, name in named.items():
            box.addItem(f"{code} · {name}", code)
        box.setCurrentIndex(0)
        for row in range(box.count()):
            box.setItemData(row, box.itemText(row), Qt.ItemDataRole.ToolTipRole)
        if (line := box.lineEdit()) is not None:
            line.setCursorPosition(0)
        box.setToolTip(box.itemText(0))

    def _fill_encodings(self) -> None:
        found = self._report.encoding
        self._encoding.addItem(_("found out: {encoding}").format(encoding=found) if found else _("found out"), AUTO)
        for key, words in ENCODINGS:
            self._encoding.addItem(_(words), key)
        self._encoding.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._encoding.setMinimumContentsLength(18)
