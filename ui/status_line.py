"""The line at the bottom: what the map expects, progress, coordinates, scale, CRS, whether all is saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from gridplanner.i18n import _
from ui.short_codes import with_short_codes

WIDEST = 420  # pixels of what stands in the way of keeping the work; the rest is in its tooltip


class _Words(QLabel):
    """One line that is elided where there is no room for all of it; its tooltip has the rest."""

    elides = True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class StatusLine(QStatusBar):
    """Words at the left, progress in the middle while something runs, facts at the right."""

    finish_asked = Signal()
    cancel_asked = Signal()
    news_asked = Signal()  # another's version is to be taken in

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(30)
        self._words = _Words()
        self._words.setObjectName("hint")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self._share = QLabel()
        self._share.setMinimumWidth(40)
        self._finish, self._cancel = QPushButton(), QPushButton()
        self._finish.clicked.connect(self._ask_to_finish)
        self._cancel.clicked.connect(self._ask_to_cancel)
        self._news = QPushButton()
        self._news.setObjectName("status")
        self._news.clicked.connect(self.news_asked)
        self._news.hide()
        self._facts = {name: _Words() if name == "kept" else QLabel() for name in ("kept", "place", "scale", "crs", "saved")}
        self._facts["kept"].setMaximumWidth(WIDEST)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(12)
        layout.addWidget(self._words, 1)
        self._running = QWidget()
        run = QHBoxLayout(self._running)
        run.setContentsMargins(0, 0, 0, 0)
        run.setSpacing(8)
        for button in (self._finish, self._cancel):
            button.setObjectName("status")
        for widget in (self._bar, self._share, self._finish, self._cancel):
            run.addWidget(widget)
        layout.addWidget(self._running)
        layout.addWidget(self._news)
        for name, label in self._facts.items():
            label.setObjectName("warning" if name == "kept" else "hint")
            layout.addWidget(label)
        self.addWidget(row, 1)
        self._running.hide()
        self.retranslate()

    def say(self, words: str) -> None:
        """Show words until there are others."""
        self._words.setText(with_short_codes(words))
        self._words.setToolTip(words)

    def run(self, *, can_finish: bool) -> None:
        """Show that something runs."""
        self._bar.setValue(0)
        self._share.setText("")
        self._finish.setVisible(can_finish)
        self._cancel.setEnabled(True)
        self._finish.setEnabled(True)
        self._running.show()

    def advance(self, fraction: float) -> None:
        """Show how far it is."""
        self._bar.setValue(round(1000 * fraction))
        self._share.setText(f"{100 * fraction:.0f} %")

    def rest(self) -> None:
        """Show that nothing runs."""
        self._running.hide()

    def fact(self, name: str, text: str, more: str = "") -> None:
        """Show one fact at the right: kept (what stands in the way of keeping the work), place, scale, crs or saved."""
        self._facts[name].setText(text)
        self._facts[name].setToolTip(more)
        self._facts[name].setVisible(bool(text))

    def tell_news(self, words: str, more: str = "", *, can_take: bool = False) -> None:
        """Say what became of the project elsewhere, in a button where it can be taken in; an empty text takes it back."""
        self._news.setText(words)
        self._news.setToolTip(more)
        self._news.setEnabled(can_take)
        self._news.setVisible(bool(words))

    def _ask_to_finish(self) -> None:
        self._finish.setEnabled(False)
        self.finish_asked.emit()

    def _ask_to_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._finish.setEnabled(False)
        self.cancel_asked.emit()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._finish.setText(_("Finish now"))
        self._finish.setToolTip(_("End soon and keep the best so far"))
        self._cancel.setText(_("Cancel"))
        self._cancel.setToolTip(_("Stop and change nothing"))
