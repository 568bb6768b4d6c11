"""What to export: folder, formats, encoding."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from gridplanner.i18n import N_, _
from gridplanner.settings import ExportSettings
from ui.dialogs.form import Form

FORMATS = (("shp", "Shapefile"), ("gpkg", "GeoPackage"))  # those that gridplanner.io writes so far
ENCODINGS = (("gb18030", N_("GB18030 (Chinese systems)")), ("utf-8", "UTF-8"))


class ExportDialog(Form):
    """Asks for a folder and what goes there."""

    def __init__(self, settings: ExportSettings, folder: Path, parent: QWidget | None = None) -> None:
        words = _("One file a layer, with field names that other programs can read; a table explains them in Chinese and English.")
        super().__init__(_("Export layers"), words, _("Export"), parent)
        self._before = settings
        self._folder = QLineEdit(str(folder))
        self._folder.setMinimumWidth(340)
        self._folder.setAccessibleName(_("Folder"))
        self._folder.textChanged.connect(self._judge)
        browse = QPushButton(_("Choose"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._folder, 1)
        row.addWidget(browse)
        self._formats = {key: QCheckBox(name) for key, name in FORMATS}
        boxes = QHBoxLayout()
        boxes.setSpacing(20)
        for key, box in self._formats.items():
            box.setChecked(key in settings.formats)
            box.toggled.connect(self._judge)
            boxes.addWidget(box)
        boxes.addStretch(1)
        self._encoding = QComboBox()
        for key, name in ENCODINGS:
            self._encoding.addItem(_(name), key)
        self._encoding.setCurrentIndex(max(self._encoding.findData(settings.encoding.lower()), 0))
        form = self.field_rows()
        form.addRow(_("Folder"), row)
        form.addRow(_("Formats"), boxes)
        form.addRow(_("Text encoding of shapefiles"), self._encoding)
        self._judge()

    @property
    def folder(self) -> Path:
        """The folder chosen."""
        return Path(self._folder.text().strip())

    @property
    def settings(self) -> ExportSettings:
        """The export settings chosen."""
        formats = tuple(key for key, box in self._formats.items() if box.isChecked())
        return dataclasses.replace(self._before, formats=formats, encoding=self._encoding.currentData())

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Folder for the layers"), str(self.folder))
        if name:
            self._folder.setText(name)

    def _judge(self) -> None:
        if not self._folder.text().strip():
            self.complain(_("Choose a folder."))
        elif not any(box.isChecked() for box in self._formats.values()):
            self.complain(_("Choose at least one format."))
        else:
            self.complain("")
