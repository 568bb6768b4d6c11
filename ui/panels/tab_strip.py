"""Tabs in one line; those that do not fit are behind a button at its end, the one in front never is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QMenu, QPushButton, QSizePolicy, QWidget

from gridplanner.i18n import _

GAP, MORE, HIGH = 16, 24, 32  # pixels between tabs, of the button for more, of the line


class TabStrip(QWidget):
    """A tab for each name added; `chosen` carries the name when the planner or the program brings another one to the front."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.current = ""
        self._names: list[str] = []
        self._buttons: dict[str, QPushButton] = {}
        self._away: set[str] = set()
        self._group = QButtonGroup(self)
        self._more = QPushButton("»", self)
        self._more.setObjectName("tab")
        self._more.clicked.connect(self._open_more)

    def add(self, name: str, before: str = "") -> None:
        """Add a tab, at the end or before another one."""
        button = QPushButton(self)
        button.setObjectName("tab")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.choose(name))
        self._group.addButton(button)
        self._buttons[name] = button
        self._names.insert(self._names.index(before) if before in self._names else len(self._names), name)
        order = [self._buttons[one] for one in self._names]
        for first, second in zip(order, [*order[1:], self._more], strict=True):
            QWidget.setTabOrder(first, second)
        if not self.current:
            self.choose(name)
        self._arrange()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tabs, in their order."""
        return tuple(self._names)

    def button(self, name: str) -> QPushButton:
        """Return the button of a tab."""
        return self._buttons[name]

    def choose(self, name: str) -> None:
        """Bring a tab to the front."""
        self._buttons[name].setChecked(True)
        if name != self.current:
            self.current = name
            self._arrange()
            self.chosen.emit(name)

    def set_words(self, name: str, words: str) -> None:
        """Say what a tab is called."""
        if self._buttons[name].text() != words:
            self._buttons[name].setText(words)
            self._arrange()

    def set_there(self, name: str, there: bool) -> None:
        """Show a tab or take it away; where the one in front goes, the first takes its place."""
        if there == (name in self._away):
            self._away ^= {name}
            if not there and self.current == name:
                self.choose(next(one for one in self._names if one not in self._away))
            self._arrange()

    def is_there(self, name: str) -> bool:
        """Return whether a tab can be chosen now."""
        return name in self._buttons and name not in self._away

    @property
    def whole_width(self) -> int:
        """The pixels that all tabs need side by side."""
        there = [name for name in self._names if name not in self._away]
        return sum(self._wide(name) for name in there) + GAP * max(len(there) - 1, 0)

    def sizeHint(self) -> QSize:
        return QSize(300, HIGH)

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._more.setAccessibleName(_("More tabs"))
        self._more.setToolTip(_("More tabs"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        there = [name for name in self._names if name not in self._away]
        wide = {name: self._wide(name) for name in there}
        left = self.width() - sum(wide.values()) - GAP * (len(there) - 1)
        shown = list(there)
        if left < 0:
            left -= MORE + GAP
            for name in reversed(there):
                if left < 0 and name != self.current and len(shown) > 1:
                    shown.remove(name)
                    left += wide[name] + GAP
        at = 0
        for name in self._names:
            self._buttons[name].setVisible(name in shown)
        for name in shown:
            self._buttons[name].setGeometry(at, 0, wide[name], HIGH)
            at += wide[name] + GAP
        self._more.setVisible(len(shown) < len(there))
        self._more.setGeometry(min(at, self.width() - MORE), 0, MORE, HIGH)

    def _wide(self, name: str) -> int:
        """Return the width of a tab as if it was in front: nothing moves when another one is."""
        button = self._buttons[name]
        bold = button.font()
        bold.setBold(True)
        return QFontMetrics(bold).horizontalAdvance(button.text()) + 6

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self._names:
            if name not in self._away and not self._buttons[name].isVisible():
                menu.addAction(self._buttons[name].text()).triggered.connect(lambda _checked=False, n=name: self.choose(n))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
