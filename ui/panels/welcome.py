"""What an empty program says: what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.source_settings import DATABASE
from ui.styles import theme

LEAST = 288  # pixels
FORMATS = "Shapefile · GeoPackage · GeoJSON · KML · OpenStreetMap · CSV · Excel · ZIP"


class Welcome(QWidget):
    """A place to drop files on, and the few ways to begin."""

    import_asked = Signal()
    open_asked = Signal()
    sample_asked = Signal()
    recent_asked = Signal(object)

    def __init__(self, recent: Sequence[Path] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._words, self._formats, self._recent_title = QLabel(), QLabel(), QLabel(), QLabel()
        self._title.setObjectName("title")
        self._words.setObjectName("muted")
        self._formats.setObjectName("small")
        self._recent_title.setObjectName("heading")
        self._import, self._open, self._sample = QPushButton(), QPushButton(), QPushButton()
        self._import.setObjectName("primary")
        self._import.clicked.connect(self.import_asked)
        self._open.clicked.connect(self.open_asked)
        self._sample.clicked.connect(self.sample_asked)
        self._card = QWidget()
        card = QVBoxLayout(self._card)
        card.setContentsMargins(48, 40, 48, 36)
        card.setSpacing(8)
        for label in (self._title, self._words, self._formats):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            card.addWidget(label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self._import, self._open, self._sample):
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.addSpacing(12)
        card.addLayout(buttons)
        self._card.setMaximumWidth(560)
        self._card.setMinimumWidth(LEAST)
        self._links: list[QPushButton] = []
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(_centred(self._card))
        below = QWidget()
        below.setMaximumWidth(560)
        self._below = QVBoxLayout(below)
        self._below.setContentsMargins(0, 16, 0, 0)
        self._below.setSpacing(2)
        self._below.addWidget(self._recent_title)
        outer.addLayout(_centred(below))
        outer.addStretch(3)
        self.show_recent(recent)
        self.retranslate()

    def show_recent(self, recent: Sequence[Path]) -> None:
        """List the projects opened lately."""
        for link in self._links:
            link.deleteLater()
        self._links = []
        for path in recent[:5]:
            database, _sign, title = str(path).partition("#")
            is_shared = database.startswith(DATABASE)
            link = QPushButton(f"{title}    {database.removeprefix(DATABASE)}" if is_shared else f"{path.stem}    {path.parent}")
            link.setObjectName("link")
            link.clicked.connect(lambda _checked=False, chosen=path: self.recent_asked.emit(chosen))
            self._below.addWidget(link)
            self._links.append(link)
        self._recent_title.setVisible(bool(recent))

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._title.setText(_("Drop your data here"))
        self._words.setText(_("Communities, households, streets, railways: files or a whole folder"))
        formats = (FORMATS, _("plan files (.toml) · projects (.gridplan)"))
        self._formats.setText("\n".join(formats))
        self._recent_title.setText(_("Recent projects"))
        self._import.setText(_("Import data"))
        self._open.setText(_("Open project"))
        self._sample.setText(_("Sample town"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.map))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(look.faint), 1.5, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(look.panel))
        painter.drawRoundedRect(QRectF(self._card.geometry()), 12, 12)
        painter.end()


def _centred(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(16, 0, 16, 0)
    row.addStretch(1)
    row.addWidget(widget, 1000)  # as wide as it may be
    row.addStretch(1)
    return row
