"""What to export and where to: folder, formats, encoding, coordinates, profile, QGIS project, database."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gridplanner.database_names import refuse_schema
from gridplanner.errors import GridplannerError
from gridplanner.export_profiles import STANDARD, SUFFIX, read_profile, ready_profiles
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.settings import ExportSettings
from ui.dialogs.connection_row import ConnectionRow
from ui.dialogs.form import Choice, Form
from ui.dialogs.profile_dialog import ProfileDialog

GROUPS = (
    (N_("GIS"), (("shp", "Shapefile"), ("gpkg", "GeoPackage"), ("geojson", "GeoJSON"), ("flatgeobuf", "FlatGeobuf"))),
    (N_("Phones"), (("kml", "KML"), ("gpx", "GPX"))),
    (N_("Tables"), (("xlsx", "Excel"), ("csv", "CSV"))),
    (N_("Drawing"), (("dxf", "DXF"),)),
)
ENCODINGS = (("gb18030", N_("GB18030 (Chinese systems)")), ("utf-8", "UTF-8"))
OTHER = "other"
SYSTEMS = (
    ("project", N_("As the project"), N_("Metres, as the project is measured: for every GIS.")),
    ("EPSG:4490", "CGCS2000", N_("Degrees of the national system: for reports to the land survey; WGS 84 to within centimetres.")),
    ("EPSG:4326", "WGS 84", N_("Degrees as GPS gives them: for navigation devices and for programs from elsewhere.")),
    ("gcj02", "GCJ-02", N_("Shifted as Amap and Tencent draw: for phone maps in China, never for measuring.")),
    ("bd09", "BD-09", N_("Shifted as Baidu draws: for its maps alone, never for measuring.")),
    (OTHER, N_("Another system"), N_("A code such as EPSG:4548.")),
)
STANDARD_WORDS = N_("Standard (short field names)")


class ExportDialog(Form):
    """Asks for a folder and what goes there. `layers` are those that a profile can be made for; empty: all."""

    def __init__(self, settings: ExportSettings, folder: Path, parent: QWidget | None = None, layers: Sequence[str] = ()) -> None:
        words = _("One file a layer, with field names that other programs can read; a table explains them in Chinese and English.")
        super().__init__(_("Export layers"), words, _("Export"), parent)
        self._before, self._layers = settings, layers
        self._folder = QLineEdit(str(folder))
        self._folder.setMinimumWidth(340)
        self._folder.setAccessibleName(_("Folder"))
        self._formats: dict[str, QCheckBox] = {}
        self._encoding, self._crs, self._code, self._about = Choice(), Choice(), QLineEdit(), QLabel()
        self._profile, self._qgis = Choice(), QCheckBox(_("A QGIS project beside it, coloured and labelled"))
        self._database, self._schema = ConnectionRow(settings.postgis, _("None")), QLineEdit(settings.schema)
        self._rows = self.field_rows()
        self._rows.setVerticalSpacing(8)
        self._rows.addRow(_("Folder"), self._folder_row())
        self._rows.addRow(_("Formats"), self._format_boxes())
        self._rows.addRow(_("Text encoding of shapefiles"), self._encoding)
        self._rows.addRow(_("Coordinates"), self._system_row())
        self._rows.addRow(_("Field names"), self._profile_row())
        self._rows.addRow("QGIS", self._qgis)
        self._rows.addRow(_("Database"), self._database)
        self._rows.addRow(_("Schema"), self._schema)
        self._schema.setAccessibleName(_("Schema"))
        self._schema.setPlaceholderText(_("a schema of its own, such as gridplanner"))
        self._fill(settings)
        for edit in (self._folder, self._code, self._schema):
            edit.textChanged.connect(self._judge)
        for choice in (self._crs, self._encoding):
            choice.currentIndexChanged.connect(self._judge)
        self._database.changed.connect(self._judge)
        self._judge()

    @property
    def folder(self) -> Path:
        """The folder chosen."""
        return Path(self._folder.text().strip())

    @property
    def settings(self) -> ExportSettings:
        """The export settings chosen."""
        ticked = [key for key, box in self._formats.items() if box.isChecked()]
        before = [key for key in self._before.formats if key in ticked]  # in the order in which the plan names them
        formats = (*before, *(key for key in ticked if key not in before))
        return dataclasses.replace(
            self._before, formats=formats, encoding=self._encoding.currentData(), crs=self._wanted_crs,
            profile=str(self._profile.currentData()), qgis=self._qgis.isChecked(), postgis=self._database.name,
            schema=self._schema.text().strip() or self._before.schema,
        )  # fmt: skip

    @property
    def _wanted_crs(self) -> str:
        chosen = str(self._crs.currentData())
        return self._code.text().strip() if chosen == OTHER else chosen

    def _folder_row(self) -> QHBoxLayout:
        browse = QPushButton(_("Choose"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._folder, 1)
        row.addWidget(browse)
        return row

    def _format_boxes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for row, (title, members) in enumerate(GROUPS):
            label = QLabel(_(title))
            label.setObjectName("muted")
            grid.addWidget(label, row, 0)
            for column, (key, name) in enumerate(members, start=1):
                box = QCheckBox(name)
                box.toggled.connect(self._judge)
                self._formats[key] = box
                grid.addWidget(box, row, column)
        grid.setColumnStretch(5, 1)
        return grid

    def _system_row(self) -> QVBoxLayout:
        for key, name, _sentence in SYSTEMS:
            self._crs.addItem(_(name), key)
        self._crs.setAccessibleName(_("Coordinates"))
        self._code.setAccessibleName(_("Code of the coordinate system"))
        self._code.setPlaceholderText("EPSG:4548")
        self._about.setObjectName("muted")
        self._about.setWordWrap(True)
        line, both = QHBoxLayout(), QVBoxLayout()
        line.setSpacing(8)
        both.setSpacing(4)
        line.addWidget(self._crs, 1)
        line.addWidget(self._code, 1)
        both.addLayout(line)
        both.addWidget(self._about)
        return both

    def _profile_row(self) -> QHBoxLayout:
        edit = QPushButton(_("Edit"))
        edit.setAutoDefault(False)
        edit.clicked.connect(self._edit_profile)
        self._profile.setAccessibleName(_("Field names"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._profile, 1)
        row.addWidget(edit)
        return row

    def _fill(self, settings: ExportSettings) -> None:
        for key, box in self._formats.items():
            box.setChecked(key in settings.formats)
        for key, name in ENCODINGS:
            self._encoding.addItem(_(name), key)
        plain = {"utf8": "utf-8", "gbk": "gb18030"}.get(settings.encoding.lower(), settings.encoding.lower())
        if plain != settings.encoding:
            self._encoding.addItem(settings.encoding.upper(), settings.encoding)
            plain = settings.encoding
        self._encoding.setCurrentIndex(max(self._encoding.findData(plain), 0))
        crs = settings.crs.strip() or "project"
        known = next((key for key, _name, _sentence in SYSTEMS if key.lower() == crs.lower()), OTHER)
        self._crs.setCurrentIndex(self._crs.findData(known))
        self._code.setText(crs if known == OTHER else "")
        self._list_profiles(settings.profile)
        self._qgis.setChecked(settings.qgis)

    def _list_profiles(self, chosen: str) -> None:
        """List the profiles anew and choose one; a file that the plan names is listed too."""
        self._profile.clear()
        self._profile.addItem(_(STANDARD_WORDS), STANDARD)
        for name, path in ready_profiles().items():
            self._profile.addItem(_called(name, path), name)
        if chosen.lower().endswith(SUFFIX):
            self._profile.addItem(Path(chosen).name, chosen)
        self._profile.setCurrentIndex(max(self._profile.findData(chosen), 0))

    def _edit_profile(self) -> None:
        try:
            dialog = ProfileDialog(str(self._profile.currentData()), self._layers, self)
        except GridplannerError as why:
            self.complain(str(why))
            return
        dialog.accepted.connect(lambda: self._list_profiles(dialog.saved_as))
        dialog.open()

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Folder for the layers"), str(self.folder))
        if name:
            self._folder.setText(name)

    def _judge(self) -> None:
        chosen = str(self._crs.currentData())
        other = chosen == OTHER
        if other and self._code.isHidden() and self._crs.hasFocus():
            QTimer.singleShot(0, self._code, self._code.setFocus)
        self._code.setVisible(other)
        self._about.setText(next((_(sentence) for key, _name, sentence in SYSTEMS if key == chosen), ""))
        shapefile = self._formats["shp"].isChecked()
        self._encoding.setEnabled(shapefile)
        self._qgis.setEnabled(shapefile or self._formats["gpkg"].isChecked())
        self._rows.setRowVisible(self._schema, bool(self._database.name))
        self.complain(self._fault())

    def _fault(self) -> str:
        """Return what keeps the export from being begun, empty where nothing does."""
        if not self._folder.text().strip():
            return _("Choose a folder.")
        if not any(box.isChecked() for box in self._formats.values()) and not self._database.name:
            return _("Choose at least one format.")
        if self._crs.currentData() == OTHER and not self._wanted_crs:
            return _("Write the code of the coordinate system.")
        if self._crs.currentData() == OTHER and not systems.is_known(self._wanted_crs):
            return _("“{crs}” is not a known coordinate system; write a code such as EPSG:4548").format(crs=self._wanted_crs)
        if self._database.name and not self._schema.text().strip():
            return _("Name the schema that takes the layers.")
        try:
            if self._database.name:
                refuse_schema(self._schema.text().strip())
        except ValueError as why:
            return str(why)
        return ""


def _called(name: str, path: Path) -> str:
    """Return what a profile calls itself; the name of its file where that cannot be read."""
    try:
        return read_profile(path).name
    except GridplannerError:
        return name
