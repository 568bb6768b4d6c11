"""The encoding of a file's text: its names and some of its values as each candidate reads them, side by side."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gridplanner.i18n import _
from gridplanner.io.doctor.encodings import EncodingChoice
from ui.styles import SMALL, font, theme

EDGE, LINE, HEAD = 10, 17, 22  # pixels: inside a tile, of a line of text, of its title
LINES = 3  # of values below the names
LEAST = 112  # pixels of a tile's width
ROUND = 6.0


class EncodingTile(QAbstractButton):
    """One candidate: a title, the names of fields, some values."""

    elides = True

    def __init__(self, choice: EncodingChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._lines = [_(", ").join(choice.fields), *choice.samples[:LINES]]
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(LEAST)
        self.setToolTip("\n".join(part for part in (choice.name, choice.why, *self._lines) if part))
        self.setAccessibleName(f"{choice.name}, {choice.why}: {self._lines[0]}")
        self.toggled.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(180, 2 * EDGE + HEAD + LINE * (2 + LINES) - 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter, choice = theme(), QPainter(self), self.choice
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        edge = look.accent if on or self.hasFocus() else look.faint if self.underMouse() else look.line
        painter.setPen(QPen(QColor(edge), 2.0 if self.hasFocus() else 1.0))
        painter.setBrush(QColor(look.tint if on else look.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), ROUND, ROUND)
        self._paint_mark(painter, on=on)
        left, wide = EDGE + 20, self.width() - 2 * EDGE
        self._write(painter, left, EDGE - 2, wide - 20, HEAD, choice.name, look.text, bold=on)
        self._write(painter, EDGE, EDGE + HEAD - 3, wide, LINE, choice.why, look.muted if choice.fits else look.warn, SMALL)
        top = EDGE + HEAD + LINE - 2
        for number, words in enumerate(self._lines):
            self._write(painter, EDGE, top + LINE * number, wide, LINE, words, look.muted if not number else look.text, 12)
        painter.end()

    def _paint_mark(self, painter: QPainter, *, on: bool) -> None:
        look, box = theme(), QRectF(EDGE, EDGE + 2, 13, 13)
        painter.setPen(QPen(QColor(look.accent if on else look.faint), 1.0))
        painter.setBrush(QColor(look.accent if on else look.panel))
        painter.drawEllipse(box)
        if on:
            painter.setBrush(QColor(look.accent_text))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(box.adjusted(4, 4, -4, -4))

    def _write(
        self, painter: QPainter, x: int, y: int, wide: int, high: int, words: str, ink: str, size: int = 13, *, bold: bool = False
    ) -> None:  # fmt: skip
        painter.setFont(font(size, bold=bold))
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(x, y, wide, high, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class EncodingTiles(QWidget):
    """Tiles, one of them on; `changed` follows the planner's choice."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[EncodingTile] = []
        self.touched = False
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.setAccessibleName(_("Encoding of the text"))

    def show_choices(self, choices: Sequence[EncodingChoice]) -> None:
        """Offer encodings, the one that reading takes by itself is on."""
        for choice in choices:
            tile = EncodingTile(choice)
            tile.setChecked(choice.chosen)
            self._group.addButton(tile)
            self._row.addWidget(tile)
            self.tiles.append(tile)
            tile.clicked.connect(self._take)

    def choose(self, codec: str) -> None:
        """Choose a candidate by its codec."""
        tile = next((tile for tile in self.tiles if same_codec(tile.choice.codec, codec)), None)
        if tile is not None and not (tile.isChecked() and self.touched):
            tile.setChecked(True)
            self._take()

    @property
    def codec(self) -> str:
        """The codec chosen by the planner; empty where none was and the one found out holds."""
        on = next((tile for tile in self.tiles if tile.isChecked()), None)
        return on.choice.codec if self.touched and on is not None else ""

    def _take(self) -> None:
        self.touched = True
        self.changed.emit()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields as they read in what is chosen."""
        on = next((tile for tile in self.tiles if tile.isChecked()), None)
        return on.choice.fields if on is not None else ()


def same_codec(one: str, other: str) -> bool:
    """True for two names of one encoding."""
    try:
        return codecs.lookup(one).name == codecs.lookup(other).name
    except LookupError:
        return False
