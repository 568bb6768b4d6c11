"""The support bundle: what would be packed is shown first; the project and a picture of the window only where they are ticked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QFontDatabase, QPixmap
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.support import Part, bundle_parts, picture_part, project_part, size_text, write_bundle
from ui.dialogs.form import Form
from ui.dialogs.moment_table import MomentTable
from ui.diary import screen_facts

if TYPE_CHECKING:
    from ui.desk import Desk

SHOWN = 200_000  # characters of a part


class SupportDialog(Form):
    """Lists the parts of a bundle and shows what is in each; accepted, it has written them to `written`."""

    def __init__(
        self, settings: dict[str, object], screen: dict[str, object], project: Path | None, window: QPixmap, parent: QWidget | None = None
    ) -> None:
        words = _(
            "Logs and versions help whoever looks for a fault. They hold no data, no names and no folders. Look at what is packed, then "
            "save the bundle and send it yourself: nothing is sent by the program."
        )
        super().__init__(_("Support bundle"), words, _("Save the bundle"), parent)
        self.written: Path | None = None
        self._project, self._window = project, window
        self._always = bundle_parts(settings, screen)
        self.parts: tuple[Part, ...] = ()
        self.table = MomentTable([_("Content"), _("File"), _("Size")], _("Support bundle"))
        self.table.setMinimumSize(620, 180)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setMinimumHeight(160)
        self.text.setAccessibleName(_("Content"))
        self.with_project = QCheckBox(_("The project with all its data, as it was last saved"))
        self.with_project.setEnabled(project is not None)
        self.with_picture = QCheckBox(_("A picture of the window, with what the map shows"))
        ticks = QVBoxLayout()
        ticks.setSpacing(4)
        for box in (self.with_project, self.with_picture):
            box.toggled.connect(self._list)
            ticks.addWidget(box)
        self.body.addWidget(self.table, 1)
        self.body.addSpacing(4)
        self.body.addWidget(self.text, 1)
        self.body.addLayout(ticks)
        self.table.chosen.connect(self._show_part)
        self._list()
        self.resize(720, 600)

    def accept(self) -> None:
        """Ask where to, and write the bundle; the dialog stays open where that fails."""
        name, _kind = QFileDialog.getSaveFileName(self, _("Save the bundle"), str(Path.home() / "gridplanner-support.zip"), "*.zip")
        if name:
            self.write(Path(name if name.lower().endswith(".zip") else f"{name}.zip"))

    def write(self, path: Path) -> None:
        """Write the bundle and close; where it cannot be written say why."""
        try:
            write_bundle(path, self.parts)
        except InputError as why:
            self.complain(str(why))
            self.accept_button.setEnabled(True)
            return
        self.written = path
        super().accept()

    def _list(self) -> None:
        chosen = self.table.chosen_row()
        asked: list[Part] = []
        if self.with_project.isChecked() and self._project is not None:
            try:
                asked.append(project_part(self._project))
            except InputError as why:
                self.complain(str(why))
        if self.with_picture.isChecked():
            asked.append(picture_part(_png(self._window)))
        self.parts = (*self._always, *asked)
        self.table.fill([(part.words, part.name, size_text(part.size)) for part in self.parts], max(chosen, 0))
        self._show_part()

    def _show_part(self) -> None:
        row = self.table.chosen_row()
        part = self.parts[row] if 0 <= row < len(self.parts) else None
        if part is None or part.path is not None or part.name.startswith("data/"):
            self.text.setPlainText(_("Data, packed as it is.") if part is not None else "")
        else:
            self.text.setPlainText(part.content.decode("utf-8", "replace")[-SHOWN:])


def support_dialog(desk: Desk) -> SupportDialog:
    """Return the dialog over a desk's window, with its settings and the project file that it works on."""
    window = desk.window
    place = desk.files.path
    project = place if place is not None and place.is_file() else None
    return SupportDialog(window.preferences.everything(), dict(screen_facts()), project, window.grab(), window)


def _png(picture: QPixmap) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())
