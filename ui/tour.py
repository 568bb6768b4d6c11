"""A first walk through the window: one part after another is lit, with a few words about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from ui.styles import theme

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WIDE = 360  # pixels of the card
AWAY = 16  # pixels between the card and what is lit
SHADE = 130  # of 255


@dataclass(frozen=True)
class Stop:
    """One part of the window: what is lit, a title and two sentences."""

    part: Callable[[MainWindow], QWidget | None]
    title: str
    words: str


STOPS = (
    Stop(
        lambda window: window.steps, N_("The steps of the work"),
        N_("Work goes from top to bottom: data, basic units, grids, patrols, export. Each step says how far it is, and the one that is "
           "chosen has its settings below."),
    ),
    Stop(
        lambda window: window.steps.run_button, N_("One button a step"),
        N_("Press it to compute the step. The map stays usable meanwhile; at the bottom you can finish early with the best plan so far, "
           "or cancel."),
    ),
    Stop(
        lambda window: window.desk.canvas if window.desk is not None else None, N_("The map"),
        N_("The wheel zooms at the pointer; hold the middle button or the space bar to move the map. Rest on a grid to read its figures."),
    ),
    Stop(
        lambda window: window.bar.tools, N_("The tools"),
        N_("Change the plan by hand: give units to a grid, push a border, draw along streets, split, merge. Each tool has a letter; "
           "the line at the bottom says what it expects."),
    ),
    Stop(
        lambda window: window.desk.side if window.desk is not None else None, N_("Figures beside the map"),
        N_("Every grid with its households and its deviation, who moves, what the check found, and what was done. The figures follow every "
           "edit; a click goes to the place."),
    ),
    Stop(
        lambda window: window.bar.tools.held_part, N_("Nothing is lost"),
        N_("Every change can be undone, also much later, and is named in the history. Unsaved work is asked for before it "
           "would be lost."),
    ),
    Stop(
        lambda window: window.status, N_("What comes next"),
        N_("This line says what is expected of you, shows progress, and where the pointer is. Press F1 for all keys; this walk is in the "
           "help menu."),
    ),
)  # fmt: skip


class Tour(QWidget):
    """Lies over the window until the last stop or Escape; `ended` says that it is gone."""

    ended = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.stops = [stop for stop in STOPS if _is_there(stop.part(window))]
        self.number = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._card = QFrame(self)
        self._card.setObjectName("card")
        self._card.setAutoFillBackground(True)
        self._title, self._words, self._count = QLabel(), QLabel(), QLabel()
        self._title.setObjectName("title")
        self._title.setWordWrap(True)
        self._words.setWordWrap(True)
        self._count.setObjectName("small")
        self._leave, self._back, self._next = QPushButton(), QPushButton(), QPushButton()
        self._next.setObjectName("primary")
        self._leave.setObjectName("link")
        self._leave.clicked.connect(self.leave)
        self._back.clicked.connect(lambda: self.go(self.number - 1))
        self._next.clicked.connect(lambda: self.go(self.number + 1))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addStretch(1)
        for button in (self._leave, self._back, self._next):
            row.addWidget(button)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addSpacing(8)
        column.addLayout(row)
        self._card.setFixedWidth(WIDE)
        window.installEventFilter(self)
        self.retranslate()
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.go(0)

    @property
    def lit(self) -> QRect:
        """The part that is lit, in this widget's pixels."""
        part = self.stops[self.number].part(self._window)
        if part is None:
            return QRect()
        return QRect(part.mapTo(self._window, QPoint(0, 0)), part.size()).intersected(self.rect())

    @property
    def card(self) -> QFrame:
        """The card with the words."""
        return self._card

    def go(self, number: int) -> None:
        """Go to a stop; behind the last one the tour ends."""
        if number >= len(self.stops):
            self.leave()
            return
        self.number = max(number, 0)
        self.retranslate()
        self._next.setFocus()

    def leave(self) -> None:
        """End the tour."""
        self._window.removeEventFilter(self)
        self.hide()
        self.deleteLater()
        self.ended.emit()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        stop = self.stops[self.number]
        self._title.setText(_(stop.title))
        self._words.setText(_(stop.words))
        self._count.setText(f"{self.number + 1} / {len(self.stops)}")
        self._leave.setText(_("Leave the tour"))
        self._back.setText(_("Back"))
        self._back.setEnabled(self.number > 0)
        self._next.setText(_("Next") if self.number + 1 < len(self.stops) else _("Begin to work"))
        self.setAccessibleName(f"{_(stop.title)}: {_(stop.words)}")
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_PageDown):
            self.go(self.number + 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Backspace, Qt.Key.Key_PageUp):
            self.go(self.number - 1)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the keyboard on the card's three buttons."""
        ring = [button for button in (self._leave, self._back, self._next) if button.isEnabled()]
        here = next((number for number, button in enumerate(ring) if button.hasFocus()), -1)
        ring[(here + (1 if forward else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # what lies below is shown, not used

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade, hole = QPainterPath(), QRectF(self.lit).adjusted(1, 1, -1, -1)
        shade.addRect(QRectF(self.rect()))
        shade.addRoundedRect(hole, 8, 8)
        painter.fillPath(shade, QColor(0, 0, 0, SHADE))
        painter.setPen(QPen(QColor(look.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(hole, 8, 8)
        painter.end()

    def _place(self) -> None:
        """Put the card beside what is lit, where there is most room, within the window."""
        layout = self._card.layout()
        assert layout is not None
        layout.activate()
        high = self._card.heightForWidth(WIDE) if self._card.hasHeightForWidth() else self._card.sizeHint().height()
        self._card.resize(WIDE, max(high, self._card.sizeHint().height()))
        size, lit, all_ = self._card.size(), self.lit, self.rect().adjusted(AWAY, AWAY, -AWAY, -AWAY)
        rooms = {
            "right": all_.right() - lit.right() - AWAY - size.width(), "left": lit.left() - AWAY - all_.left() - size.width(),
            "below": all_.bottom() - lit.bottom() - AWAY - size.height(), "above": lit.top() - AWAY - all_.top() - size.height(),
        }  # fmt: skip
        side = max(rooms, key=lambda name: rooms[name])
        middle = lit.center() - QPoint(size.width() // 2, size.height() // 2)
        at = {
            "right": QPoint(lit.right() + AWAY, min(lit.top(), middle.y())), "left": QPoint(lit.left() - AWAY - size.width(), middle.y()),
            "below": QPoint(middle.x(), lit.bottom() + AWAY), "above": QPoint(middle.x(), lit.top() - AWAY - size.height()),
        }[side] if rooms[side] >= 0 else middle  # fmt: skip
        x = min(max(at.x(), all_.left()), max(all_.right() - size.width(), all_.left()))
        y = min(max(at.y(), all_.top()), max(all_.bottom() - size.height(), all_.top()))
        self._card.move(x, y)
        self.update()


def _is_there(part: QWidget | None) -> bool:
    return part is not None and part.isVisible()
