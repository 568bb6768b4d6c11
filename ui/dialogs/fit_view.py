"""What the sizes allow, told while settings are typed: how many communities fit, which do not, and what would help."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.settings import GridSettings
from ui.fit import Fit, fit_details, fit_headline, offer_of

FINDINGS, REMEDIES = 6, 4  # told at most


class FitView(QFrame):
    """A card of words; `offered` carries the fields of GridSettings that a pressed button changes."""

    offered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._headline, self._details = QLabel(_("Counting")), QLabel()
        self._headline.setObjectName("muted")
        self._details.setObjectName("small")
        self._details.setWordWrap(True)
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        for part in (inside, scroll.viewport()):
            part.setAutoFillBackground(False)  # the card's own ground shows through
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 8, 12)
        layout.setSpacing(4)
        layout.addWidget(self._headline)
        layout.addWidget(self._details)
        layout.addSpacing(4)
        layout.addWidget(scroll, 1)
        self.setMinimumHeight(200)
        self.setAccessibleName(_("What the sizes allow"))

    def show_fit(self, fit: Fit) -> None:
        """Show an answer."""
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if fit.found is None:
            self._say(fit.words, "", "muted")
            self._list.addStretch(1)
            return
        found, settings = fit.found, fit.settings or GridSettings()
        everything = found.fitting == found.inhabited
        self._say(fit_headline(found), fit_details(found), "good" if everything and not found.heavy else "bad")
        for remedy in found.remedies[:REMEDIES]:
            offer = offer_of(remedy, settings)
            row = QWidget()
            layout = QHBoxLayout(row)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(12)
            layout.addWidget(_line(remedy.message), 1)
            if offer is not None:
                button = QPushButton(offer.words)
                button.setObjectName("small")
                button.setAutoDefault(False)
                button.clicked.connect(lambda _checked=False, changes=offer.changes: self.offered.emit(changes))
                layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self._list.addWidget(row)
        wanting = [issue.message for issue in found.findings]
        for words in wanting[:FINDINGS]:
            self._list.addWidget(_line(words))
        if len(wanting) > FINDINGS:
            self._list.addWidget(_line(_("{n} more").format(n=len(wanting) - FINDINGS)))
        self._list.addStretch(1)

    def _say(self, headline: str, details: str, mood: str) -> None:
        self._headline.setText(headline)
        self._headline.setWordWrap(not details)
        self._details.setText(details)
        self._details.setVisible(bool(details))
        if self._headline.objectName() != mood:
            self._headline.setObjectName(mood)
            self._headline.style().unpolish(self._headline)
            self._headline.style().polish(self._headline)


def _line(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("small")
    label.setWordWrap(True)
    return label
