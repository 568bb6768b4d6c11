"""The bar at the top: the project's name, the menus, the tools, undo and redo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QMenuBar, QSizePolicy, QWidget

from ui.actions.action_set import ActionSet
from ui.actions.table import MENUS, actions
from ui.scenario_button import ScenarioBar
from ui.styles import LARGE, font
from ui.tool_strip import ToolStrip

PART = " · "  # between what a package holds and whose it is
UNSAVED = " •"  # behind the name of a project that is not saved
HEIGHT = 44
NAME = (88, 260)  # pixels of the project's name, at least and at most


class TopBar(QWidget):
    """One line of everything that is always at hand."""

    def __init__(self, action_set: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._actions = action_set
        self._full = "Gridplanner"
        self._name = QLabel(self._full)
        self._name.setObjectName("title")
        self._name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._menu_bar = QMenuBar()
        self._menu_bar.setNativeMenuBar(False)
        self._menu_bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._menus: dict[str, QMenu] = {key: self._menu_bar.addMenu(key) for key in MENUS}
        for menu in self._menus.values():
            menu.setToolTipsVisible(True)
        action_set.fill(self._menus)
        in_bar = [action for action in actions() if action.in_bar]
        groups = [[a for a in in_bar if a.checked is not None], [a for a in in_bar if a.checked is None]]
        held = frozenset(action.id for action in groups[1])
        self.tools: ToolStrip = ToolStrip([[(action.id, action_set.qt[action.id]) for action in group] for group in groups], held)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 8, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._name)
        self._row.addWidget(self._menu_bar)
        self._row.addWidget(_rule())
        self._row.addWidget(self.tools, 1)
        self.scenario = ScenarioBar(action_set)
        self.add_widget(self.scenario)
        self.retranslate()

    def add_widget(self, widget: QWidget) -> None:
        """Put one more part at the right end."""
        self._row.addWidget(widget)

    def name_project(self, name: str) -> None:
        """Show what is being worked on."""
        self._full = name
        self._name.setToolTip(name)
        self._fit_name()

    def recent_menu(self) -> QMenu:
        """Return the file menu, to which recent projects are added."""
        return self._menus["file"]

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._actions.name_menus(self._menus)
        self._menu_bar.setFixedWidth(self._menu_bar.sizeHint().width())
        self.tools.retranslate()
        self._fit_name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_name()

    def _fit_name(self) -> None:
        """Give the name a sixth of the bar, elided in its middle; a package's says first what it holds and is elided behind that."""
        most = min(max(self.width() // 6, NAME[0]), NAME[1])
        metrics = QFontMetrics(font(LARGE, bold=True))
        if PART in self._full:
            dot = UNSAVED if self._full.endswith(UNSAVED) else ""
            whole = self._full.removesuffix(UNSAVED)
            words = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, most - metrics.horizontalAdvance(UNSAVED)) + dot
        else:
            words = metrics.elidedText(self._full, Qt.TextElideMode.ElideMiddle, most)
        self._name.setText(words)
        room = metrics.horizontalAdvance(words if words.endswith(UNSAVED) else words + UNSAVED)
        self._name.setFixedWidth(room + 4)  # with the dot or without, so that nothing beside it moves when a project is edited or saved


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedSize(1, 20)
    return rule
