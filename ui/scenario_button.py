"""The scenario in the bar: a button that names the one worked on and opens the list of all, and one to compare."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QMenu, QSizePolicy, QWidget

from ui.actions.action_set import ActionSet
from ui.styles import theme

LONGEST = 160  # pixels of a title
ARROW = 16


class ScenarioButton(QAbstractButton):
    """A flat button with an action's words; with a menu, it bears a small arrow and opens it below itself."""

    def __init__(self, action: QAction, *, opens: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action, self._opens = action, opens
        self.fill: Callable[[QMenu], None] = lambda _menu: None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        action.changed.connect(self._follow)
        self.clicked.connect(self.open_menu if opens else action.trigger)
        self._follow()

    def open_menu(self) -> None:
        """Open the menu, filled for this moment."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill(menu)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def sizeHint(self) -> QSize:
        wide = min(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2, LONGEST)
        return QSize(wide + 20 + (ARROW if self._opens else 0), 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 72), 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, enabled = self._action.isCheckable() and self._action.isChecked(), self.isEnabled()
        painter.setPen(QPen(QColor(look.accent)) if self.hasFocus() else Qt.PenStyle.NoPen)
        fill = look.tint if on and enabled else look.sunken if enabled and (self.underMouse() or self.isDown()) else ""
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5), 6, 6)
        ink = QColor(look.faint if not enabled else look.accent if on else look.text)
        room = self.width() - 20 - (ARROW if self._opens else 0)
        painter.setPen(ink)
        words = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(10, 0, room, self.height()), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        if self._opens:
            x, y = self.width() - 10 - 8, self.height() / 2 - 1
            painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline([QPoint(x, round(y)), QPoint(x + 4, round(y) + 4), QPoint(x + 8, round(y))])
        painter.end()

    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setAccessibleName(self._action.text())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        self.setVisible(self._action.isEnabled() or not self._opens)
        self.updateGeometry()
        self.update()


class ScenarioBar(QWidget):
    """Both buttons behind a thin rule."""

    def __init__(self, action_set: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedSize(1, 20)
        self.choose = ScenarioButton(action_set.qt["scenarios"], opens=True)
        self.compare = ScenarioButton(action_set.qt["scenario-compare"], opens=False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(rule)
        layout.addSpacing(4)
        layout.addWidget(self.choose)
        layout.addWidget(self.compare)
