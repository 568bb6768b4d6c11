"""Which routes to print or to write for phones: which of them, for which day, in which language, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from gridplanner.i18n import LANGUAGES, N_, _
from gridplanner.io.route_degrees import DATUMS
from ui.dialogs.form import Choice, Form

PRINT, PHONES = "print", "phones"
FORMATS = {PRINT: (("pdf", N_("PDF pages")), ("xlsx", N_("Excel workbook"))), PHONES: (("gpx", "GPX"), ("kml", "KML"))}
TITLES = {PRINT: N_("Print route sheets"), PHONES: N_("Export routes for phones")}
WORDS = {
    PRINT: N_("A map of each route with its stops, and what to do turn by turn with times and distances."),
    PHONES: N_("One file of all routes and one of each, with stops, times and instructions, for map programs on phones."),
}
DATUM_NAMES = {
    "wgs84": N_("WGS 84, as GPX and KML have it"),
    "gcj02": N_("GCJ-02, for programs that lay it on Chinese maps as it is"),
    "bd09": N_("BD-09, for programs that lay it on Baidu's maps as it is"),
}


@dataclass(frozen=True)
class RouteChoice:
    """A choice of routes to offer: its name, its words, and the rows of the plan."""

    name: str
    words: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class RouteAsk:
    """What was asked for in the dialog; `which` is the name of the choice of routes, and an empty `day` none."""

    which: str
    day: str
    language: str
    formats: tuple[str, ...]
    datum: str
    folder: Path


class RoutesDialog(Form):
    """Asks what of the routes is to be written; `purpose` is PRINT or PHONES, `usual` what was asked for last."""

    def __init__(self, purpose: str, choices: Sequence[RouteChoice], usual: RouteAsk, today: str, parent: QWidget | None = None) -> None:
        super().__init__(_(TITLES[purpose]), _(WORDS[purpose]), _("Write"), parent)
        self._which = Choice()
        for choice in choices:
            self._which.addItem(choice.words, choice.name)
        self._which.setCurrentIndex(max(self._which.findData(usual.which), 0))
        self._day = QLineEdit(usual.day)
        self._day.setPlaceholderText(_("year-month-day, or empty"))
        self._day.setAccessibleName(_("Day of duty"))
        now = QPushButton(_("Today"))
        now.setAutoDefault(False)
        now.clicked.connect(lambda: self._day.setText(today))
        self._language = Choice()
        for code, name in LANGUAGES.items():
            self._language.addItem(name, code)
        self._language.setCurrentIndex(max(self._language.findData(usual.language), 0))
        self._formats = {name: QCheckBox(_(words)) for name, words in FORMATS[purpose]}
        for name, box in self._formats.items():
            box.setChecked(name in usual.formats)
            box.toggled.connect(self._judge)
        self._datum = Choice()
        for name in DATUMS:
            self._datum.addItem(_(DATUM_NAMES[name]), name)
        self._datum.setCurrentIndex(max(self._datum.findData(usual.datum), 0))
        self._folder = QLineEdit(str(usual.folder))
        self._folder.setMinimumWidth(340)
        self._folder.setAccessibleName(_("Folder"))
        browse = QPushButton(_("Choose"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        form = self.field_rows()
        form.addRow(_("Routes"), self._which)
        form.addRow(_("Day of duty"), _row(self._day, now))
        form.addRow(_("Language"), self._language)
        form.addRow(_("Formats"), _row(*self._formats.values(), spacing=20))
        if purpose == PHONES:
            form.addRow(_("Coordinates"), self._datum)
        form.addRow(_("Folder"), _row(self._folder, browse))
        for line in (self._day, self._folder):
            line.textChanged.connect(self._judge)
        self._judge()

    @property
    def asked(self) -> RouteAsk:
        """What was chosen."""
        formats = tuple(name for name, box in self._formats.items() if box.isChecked())
        which, language, datum = (str(box.currentData()) for box in (self._which, self._language, self._datum))
        return RouteAsk(which, self._day.text().strip(), language, formats, datum, Path(self._folder.text().strip()))

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Folder for the routes"), self._folder.text())
        if name:
            self._folder.setText(name)

    def _judge(self) -> None:
        day = self._day.text().strip()
        if day and not _is_day(day):
            self.complain(_("{text} is not a day such as 2026-01-05").format(text=day))
        elif not any(box.isChecked() for box in self._formats.values()):
            self.complain(_("Choose at least one format."))
        elif not self._folder.text().strip():
            self.complain(_("Choose a folder."))
        else:
            self.complain("")


def _row(*widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget, int(isinstance(widget, QLineEdit)))
    if not any(isinstance(widget, QLineEdit) for widget in widgets):
        row.addStretch(1)
    return row


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
