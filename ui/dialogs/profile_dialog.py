"""A profile of an export edited layer by layer and saved under a name of the user's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from gridplanner.errors import GridplannerError
from gridplanner.export_profiles import STANDARD, SUFFIX, ExportProfile, LayerProfile, profile_named, profiles_folder
from gridplanner.i18n import N_, _
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.profile_file import write_profile
from gridplanner.io.profile_rows import check_profile
from ui.dialogs.form import Choice, Form
from ui.dialogs.profile_rows import FieldRow, FieldRows, profile_of, rows_of

NAMES = (("short", N_("Short names")), ("chinese", N_("Chinese names")))
_FORBIDDEN = '<>:"/\\|?*#'


class ProfileDialog(Form):
    """Edits a profile, beginning with the one called `name`; `saved_as` is what it was saved under. Raises InputError for a broken one.

    `layers` come first in the list; empty: all alike.
    """

    def __init__(self, name: str, layers: Sequence[str] = (), parent: QWidget | None = None) -> None:
        words = _("What a receiver calls the fields. Untick what does not leave, write other names, drag rows into another order.")
        super().__init__(_("Profile of an export"), words, _("Save"), parent)
        self._before = _spread(profile_named(name))
        self._edited: dict[str, LayerProfile] = dict(self._before.layers)
        self._layer, self._leaves, self._file = Choice(), QCheckBox(_("Leaves as")), QLineEdit()
        self._names, self._name, self.fields = Choice(), QLineEdit(), FieldRows()
        own = name in profile_names()
        self._name.setText(name if own else "")
        self._name.setPlaceholderText(_("such as the receiver's name"))
        for key, text in NAMES:
            self._names.addItem(_(text), key)
        self._names.setCurrentIndex(self._names.findData(self._before.names))
        known = [layer for layer in layers if layer in SCHEMAS]
        for layer in (*known, *(layer for layer in SCHEMAS if layer not in known)):
            self._layer.addItem(layer, layer)
        self._place_parts()
        self._shown = ""
        self._show_layer()
        self._layer.currentIndexChanged.connect(self._show_layer)
        self._name.textChanged.connect(self._judge)
        self._leaves.toggled.connect(self._take)
        self._file.textChanged.connect(self._take)
        self.fields.changed.connect(self._take)
        self._judge()
        self._name.setFocus()

    @property
    def saved_as(self) -> str:
        """The name under which the profile is saved."""
        return self._name.text().strip()

    @property
    def profile(self) -> ExportProfile:
        """The profile as it stands."""
        layers = {name: layer for name, layer in self._edited.items() if layer != LayerProfile()}
        return dataclasses.replace(
            self._before, name=self.saved_as or STANDARD, names=str(self._names.currentData()), layers=layers, place=""
        )  # fmt: skip

    def accept(self) -> None:
        """Save the profile; what keeps it from being saved is said in the dialog."""
        self._take()
        try:
            check_profile(self.profile)
            write_profile(self.profile, profiles_folder() / f"{self.saved_as}{SUFFIX}")
        except (GridplannerError, ValueError) as why:
            self.complain(str(why))
            self.accept_button.setEnabled(True)
            return
        super().accept()

    def _place_parts(self) -> None:
        form = self.field_rows()
        form.addRow(_("Save as"), self._name)
        form.addRow(_("Fields are called by"), self._names)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._layer, 1)
        line.addWidget(self._leaves)
        line.addWidget(self._file, 1)
        form.addRow(_("Layer"), line)
        for widget, words in (
            (self._name, _("Save as")), (self._names, _("Fields are called by")), (self._layer, _("Layer")),
            (self._file, _("Name of the layer outside")), (self.fields, _("Fields of the layer")),
        ):  # fmt: skip
            widget.setAccessibleName(words)
        self.fields.setMinimumSize(680, 190)
        self.body.addWidget(self.fields, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        for words, then in (
            (_("Up"), lambda: self.fields.shift(-1)), (_("Down"), lambda: self.fields.shift(1)),
            (_("Add a fixed value"), self.fields.add_constant), (_("Remove"), self.fields.remove_constant),
        ):  # fmt: skip
            button = QPushButton(words)
            button.setObjectName("small")
            button.setAutoDefault(False)
            button.clicked.connect(then)
            below.addWidget(button)
        below.addStretch(1)
        hint = QLabel(_("An empty name: as it is called here."))
        hint.setObjectName("muted")
        below.addWidget(hint)
        self.body.addLayout(below)

    def _show_layer(self) -> None:
        name = str(self._layer.currentData())
        layer = self._edited.get(name, LayerProfile())
        self._shown = ""
        self._leaves.setChecked(not layer.leave_out)
        self._file.setText(layer.file)
        self._file.setPlaceholderText(name)
        self.fields.show_rows(SCHEMAS[name], rows_of(SCHEMAS[name], layer))
        self._shown = name
        self._dim()

    def _take(self) -> None:
        """Keep what stands in the dialog of the layer that is shown."""
        if not self._shown:
            return
        rows: list[FieldRow] = self.fields.rows
        file, leave_out = self._file.text().strip(), not self._leaves.isChecked()
        self._edited[self._shown] = profile_of(SCHEMAS[self._shown], rows, file, leave_out=leave_out)
        self._dim()

    def _dim(self) -> None:
        self._file.setEnabled(self._leaves.isChecked())
        self.fields.setEnabled(self._leaves.isChecked())

    def _judge(self) -> None:
        name = self.saved_as
        if not name:
            self.complain(_("Give the profile a name to save it."))
        elif name.lower() == STANDARD or any(sign in _FORBIDDEN or ord(sign) < 32 for sign in name) or name != name.strip(" ."):
            self.complain(_("A profile cannot be called “{name}”.").format(name=name))
        else:
            self.complain("")


def profile_names() -> set[str]:
    """Return the names of the user's own profiles."""
    folder = profiles_folder()
    return {path.stem for path in folder.glob(f"*{SUFFIX}")} if folder.is_dir() else set()


def _spread(profile: ExportProfile) -> ExportProfile:
    """Return a profile whose wishes for all layers are told layer by layer, so that each can be changed by itself."""
    if profile.all == LayerProfile():
        return profile
    layers = {}
    for name, schema in SCHEMAS.items():
        own, fields = profile.of(name), {part.name for part in schema.fields}
        layers[name] = dataclasses.replace(
            own, order=tuple(part for part in own.order if part in fields or part in own.constant),
            drop=tuple(part for part in own.drop if part in fields), rename={old: new for old, new in own.rename.items() if old in fields},
        )  # fmt: skip
    return dataclasses.replace(profile, all=LayerProfile(), layers=layers)
