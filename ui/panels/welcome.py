"""What an empty program says: what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileInfo, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import _, language
from ui.styles import theme

LEAST = 288  # pixels
FORMATS = "Shapefile · GeoPackage · GeoJSON · KML · OpenStreetMap · CSV · Excel · ZIP"


class Welcome(QWidget):
    """A place to drop files on, and the few ways to begin."""

    import_asked = Signal()
    open_asked = Signal()
    sample_asked = Signal()
    recent_asked = Signal(object)
    copy_asked = Signal(object)  # a copy of unsaved work that the program kept
    copy_forgotten = Signal(object)

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
        self._copy: Path | None = None
        self._kept = self._kept_card()
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(_centred(self._kept))
        outer.addStretch(1)
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
            link = QPushButton(f"{path.stem}    {path.parent}")
            link.setObjectName("link")
            link.clicked.connect(lambda _checked=False, chosen=path: self.recent_asked.emit(chosen))
            self._below.addWidget(link)
            self._links.append(link)
        self._recent_title.setVisible(bool(recent))

    def offer_copy(self, copy: Path | None) -> None:
        """Offer a copy of work that was not saved when the program ended, or take the offer back."""
        self._copy = copy
        self._kept.setVisible(copy is not None)
        self._say_copy()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._say_copy()
        self._title.setText(_("Drop your data here"))
        self._words.setText(_("Communities, households, streets, railways: files or a whole folder"))
        formats = (FORMATS, _("plan files (.toml) · projects (.gridplan)"))
        self._formats.setText("\n".join(formats))
        self._recent_title.setText(_("Recent projects"))
        self._import.setText(_("Import data"))
        self._open.setText(_("Open project"))
        self._sample.setText(_("Sample town"))

    def _kept_card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("card")
        card.setMaximumWidth(560)
        self._copy_words, self._open_copy, self._forget_copy = QLabel(), QPushButton(), QPushButton()
        self._copy_words.setWordWrap(True)
        self._open_copy.clicked.connect(lambda: self.copy_asked.emit(self._copy))
        self._forget_copy.clicked.connect(lambda: self.copy_forgotten.emit(self._copy))
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(8)
        row.addWidget(self._copy_words, 1)
        row.addWidget(self._open_copy)
        row.addWidget(self._forget_copy)
        card.hide()
        return card

    def _say_copy(self) -> None:
        if self._copy is not None:
            when = QLocale(language()).toString(QFileInfo(str(self._copy)).lastModified(), QLocale.FormatType.ShortFormat)
            self._copy_words.setText(_("A copy of unsaved work was kept when the program failed ({when}).").format(when=when))
        self._open_copy.setText(_("Open the copy"))
        self._forget_copy.setText(_("Forget it"))

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
