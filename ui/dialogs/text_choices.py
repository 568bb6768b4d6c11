"""How the rows of a layer are to be read: the encoding of their text, and a filter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.io.source_report import SourceReport
from ui.dialogs.encoding_choice import EncodingTiles
from ui.dialogs.form import is_enter

PAUSE = 400  # milliseconds after a key until the preview follows


class TextChoices(QWidget):
    """`encoding` and `where` as `[sources.ROLE]` of a plan file has them; `changed` follows a pause, `encoded` another encoding."""

    changed = Signal()
    encoded = Signal()

    def __init__(self, report: SourceReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = EncodingTiles()
        self.tiles.show_choices(report.encodings)
        self.tiles.setVisible(len(report.encodings) > 1)
        self.where_line = QLineEdit(report.where)
        self.where_line.setPlaceholderText(_("all rows, or such as {example}").format(example=_example(report)))
        self.where_line.setClearButtonEnabled(True)
        self.where_line.setAccessibleName(_("Only rows"))
        self.where_line.setEnabled(bool(report.readable and report.fields))  # an OpenStreetMap file has its own filter
        label = QLabel(_("Only rows"))
        label.setBuddy(self.where_line)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(label)
        row.addWidget(self.where_line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tiles)
        column.addLayout(row)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.changed)
        self.where_line.installEventFilter(self)
        self.tiles.changed.connect(self.encoded)
        self.tiles.changed.connect(self.changed)
        self.where_line.textEdited.connect(lambda _text: self._pause.start())
        self.where_line.textChanged.connect(lambda text: None if text else self._pause.start())

    def choose_like(self, other: TextChoices) -> None:
        """Choose what was chosen in other fields."""
        if other.tiles.codec:
            self.tiles.choose(other.tiles.codec)
        self.where_line.setText(other.where_line.text())

    @property
    def encoding(self) -> str:
        """The codec chosen; "auto" where it is found out."""
        return self.tiles.codec or "auto"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event):  # shows the rows that pass, and does not yet import them
            self._pause.stop()
            self.changed.emit()
            return True
        return super().eventFilter(watched, event)

    @property
    def where(self) -> str:
        """The filter."""
        return self.where_line.text().strip()


def _example(report: SourceReport) -> str:
    """Return a filter that would pass some rows of this very layer, by its field of fewest different words."""
    told = report.facts.items()
    words = [name for name, one in told if one.kind == "text" and not one.private and one.distinct > 1 and one.least]
    if not words:
        return "kind = 'river'"
    name = min(words, key=lambda one: report.facts[one].distinct)
    return f"{name} = '{report.facts[name].least}'"
