"""Play, the time of day on a slider, and how fast it goes: the controls of crews on their way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from gridplanner.i18n import _
from ui.dialogs.form import Choice
from ui.icons import icon
from ui.patrol_figures import clock
from ui.styles import theme

SPEEDS = (60, 120, 300, 600)  # times as fast as the clock
USUAL = 120
STEPS = 10  # of the slider in a minute


class PlayBar(QWidget):
    """`pressed` says that play or pause was pressed, `moved` the clock minute that the slider was moved to, `sped` the speed chosen."""

    pressed = Signal()
    moved = Signal(float)
    sped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plays = False
        self.button, self.slider, self.time, self.speed = QPushButton(), QSlider(Qt.Orientation.Horizontal), QLabel(), Choice()
        self.button.setObjectName("icon")
        self.button.setFixedSize(32, 32)
        self.button.setIconSize(QSize(20, 20))
        self.button.clicked.connect(self.pressed)
        self.time.setObjectName("value")
        self.time.setMinimumWidth(44)
        self.slider.setMinimumHeight(24)
        self.slider.setSingleStep(STEPS)
        self.slider.setPageStep(15 * STEPS)
        self.slider.valueChanged.connect(lambda value: self.moved.emit(value / STEPS))
        for times in SPEEDS:
            self.speed.addItem(f"×{times}", times)
        self.speed.setCurrentIndex(SPEEDS.index(USUAL))
        self.speed.setMinimumWidth(72)
        self.speed.currentIndexChanged.connect(lambda row: self.sped.emit(SPEEDS[row]))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.time)
        row.addWidget(self.speed)
        self.retranslate()

    def show_span(self, begin: float, end: float) -> None:
        """Let the slider reach from one clock minute to another."""
        self.slider.blockSignals(True)
        self.slider.setRange(round(begin * STEPS), round(end * STEPS))
        self.slider.blockSignals(False)

    def show_time(self, minute: float, *, plays: bool) -> None:
        """Show a clock minute, and whether it runs."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(minute * STEPS))
        self.slider.blockSignals(False)
        words = clock(minute)
        if words != self.time.text():
            self.time.setText(words)
        if plays != self._plays:
            self._plays = plays
            self._name_button()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.slider.setAccessibleName(_("Time of day"))
        self.slider.setToolTip(_("Where the crews are at this time; the arrow keys move it"))
        self.speed.setAccessibleName(_("Speed"))
        self.speed.setToolTip(_("How many times as fast as the clock"))
        self._name_button()

    def _name_button(self) -> None:
        words = _("Pause") if self._plays else _("Show the crews on their way")
        self.button.setIcon(icon("pause" if self._plays else "play", theme().text))
        self.button.setAccessibleName(words)
        self.button.setToolTip(f"{words} (Shift+P)")
