"""The bar at the top: the project's name, the menus, the tools, undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QMenu, QMenuBar, QSizePolicy, QWidget

from ui.actions.action_set import ActionSet
from ui.actions.table import MENUS, actions
from ui.styles import SMALL, font, theme

HEIGHT = 44
LONGEST = 260  # pixels of a button's words


class HintButton(QAbstractButton):
    """A flat button for an action: its words and, fainter, its key."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._hover = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        self._follow()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        wide = min(metrics.horizontalAdvance(self.text()) + 2, LONGEST) + 20  # elision compares fractions of a pixel
        key = self._key()
        return QSize(wide + (QFontMetrics(font(SMALL)).horizontalAdvance(key) + 7 if key else 0), 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 72), 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        on, enabled = self._action.isCheckable() and self._action.isChecked(), self.isEnabled()
        painter.setPen(QPen(QColor(look.accent)) if self.hasFocus() else Qt.PenStyle.NoPen)
        fill = look.tint if on and enabled else look.sunken if enabled and (self.underMouse() or self.isDown()) else ""
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        key, align = self._key(), Qt.AlignmentFlag
        room = self.width() - 20
        if key:
            small = font(SMALL)
            wide = QFontMetrics(small).horizontalAdvance(key)
            painter.setFont(small)
            painter.setPen(QColor(look.accent if on and enabled else look.faint))
            painter.drawText(QRectF(self.width() - 10 - wide, 1, wide, self.height()), align.AlignRight | align.AlignVCenter, key)
            room -= wide + 7
        painter.setFont(self.font())
        painter.setPen(QColor(look.faint if not enabled else look.accent if on else look.text))
        words = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(10, 0, room, self.height()), align.AlignLeft | align.AlignVCenter, words)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.update()

    def _key(self) -> str:
        key = self._action.shortcut().toString()
        return key if len(key) == 1 else ""

    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setAccessibleName(self._action.text())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        self.updateGeometry()
        self.update()


class TopBar(QWidget):
    """One line of everything that is always at hand."""

    def __init__(self, action_set: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._actions = action_set
        self._name = QLabel("Gridplanner")
        self._name.setObjectName("title")
        menu_bar = QMenuBar()
        menu_bar.setNativeMenuBar(False)
        menu_bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._menus: dict[str, QMenu] = {key: menu_bar.addMenu(key) for key in MENUS}
        action_set.fill(self._menus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 12, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addSpacing(8)
        layout.addWidget(menu_bar)
        last = ""
        for action in actions():
            if action.in_bar:
                group = "tool" if action.checked is not None else "step"
                if group != last:
                    layout.addSpacing(4)
                    layout.addWidget(_rule())
                    layout.addSpacing(4)
                last = group
                layout.addWidget(HintButton(action_set.qt[action.id]))
        layout.addStretch(1)
        self.retranslate()

    def name_project(self, name: str) -> None:
        """Show what is being worked on."""
        self._name.setText(QFontMetrics(font(15, bold=True)).elidedText(name, Qt.TextElideMode.ElideMiddle, 280))
        self._name.setToolTip(name)

    def recent_menu(self) -> QMenu:
        """Return the file menu, to which recent projects are added."""
        return self._menus["file"]

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._actions.name_menus(self._menus)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedSize(1, 20)
    return rule
