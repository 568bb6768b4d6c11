"""The tools in the bar: icons with their words where there is room, icons alone where there is less, the rest behind a “»”."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from gridplanner.i18n import _
from ui.icons import SIZE, has_icon, paint_icon
from ui.styles import SMALL, TEXT, font, theme

HIGH, PAD, GAP = 32, 6, 2  # pixels
LONGEST = 220  # pixels of a button's words
SEPARATOR = 17


class HintButton(QAbstractButton):
    """A flat button for an action: its icon, and where `worded` its words and, fainter, its key."""

    renamed = Signal()

    def __init__(self, action: QAction, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action, self._name = action, name
        self.worded = True
        self._was_on, self._was_here = False, True
        self._widths: dict[bool, int] = {}  # measuring words takes longer than all the rest of an edit's news in the bar
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        self._follow()

    @property
    def action(self) -> QAction:
        """What a click does."""
        return self._action

    @property
    def is_on(self) -> bool:
        """True for the tool in hand."""
        return self._action.isCheckable() and self._action.isChecked()

    def width_with(self, *, words: bool) -> int:
        """Return how wide the button is with or without its words."""
        if words not in self._widths:
            self._widths[words] = self._measured(words=words)
        return self._widths[words]

    def forget_widths(self) -> None:
        """Measure anew, with another font or other words."""
        self._widths.clear()

    def _measured(self, *, words: bool) -> int:
        if not words and has_icon(self._name):
            return SIZE + 2 * PAD
        wide = min(QFontMetrics(font(TEXT)).horizontalAdvance(self.text()) + 2, LONGEST)  # elision compares fractions of a pixel
        key = self._key()
        wide += QFontMetrics(font(SMALL)).horizontalAdvance(key) + 6 if key else 0
        return wide + (SIZE + 4 if has_icon(self._name) else 0) + 2 * PAD + 4

    def sizeHint(self) -> QSize:
        return QSize(self.width_with(words=self.worded), HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, enabled = self.is_on, self.isEnabled()
        painter.setPen(QPen(QColor(look.accent), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        fill = look.tint if on and enabled else look.sunken if enabled and (self.underMouse() or self.isDown()) else ""
        painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        ink = look.faint if not enabled else look.accent if on else look.text
        left = PAD
        if has_icon(self._name):
            paint_icon(painter, self._name, QRectF(left, (self.height() - SIZE) / 2, SIZE, SIZE), ink)
            left += SIZE + 4
        if self.worded or not has_icon(self._name):
            self._paint_words(painter, left + 2, ink)
        painter.end()

    def _paint_words(self, painter: QPainter, left: int, ink: str) -> None:
        look, align, key = theme(), Qt.AlignmentFlag, self._key()
        room = self.width() - left - PAD - 2
        if key:
            small = font(SMALL)
            wide = QFontMetrics(small).horizontalAdvance(key)
            painter.setFont(small)
            painter.setPen(QColor(look.accent if self.is_on and self.isEnabled() else look.muted if self.isEnabled() else look.faint))
            painter.drawText(QRectF(self.width() - PAD - 2 - wide, 1, wide + 1, self.height()), align.AlignLeft | align.AlignVCenter, key)
            room -= wide + 6
        painter.setFont(font(TEXT))
        painter.setPen(QColor(ink))
        words = QFontMetrics(font(TEXT)).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, 0, room, self.height()), align.AlignLeft | align.AlignVCenter, words)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.update()

    def _key(self) -> str:
        key = self._action.shortcut().toString()
        return key if len(key) == 1 else ""

    def _follow(self) -> None:
        before = self.text(), self._was_on, self._was_here
        if before[0] != self._action.text():
            self.forget_widths()
        self._was_on, self._was_here = self.is_on, self._action.isVisible()
        self.setText(self._action.text())
        self.setAccessibleName(self._action.text())
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._action.isEnabled())
        if before != (self.text(), self._was_on, self._was_here):
            self.renamed.emit()
        self.update()


class ToolStrip(QWidget):
    """Lays buttons out in the width there is. `held` names actions that never go behind the “»”."""

    def __init__(self, groups: Sequence[Sequence[tuple[str, QAction]]], held: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HIGH)
        self._groups = [[HintButton(action, name, self) for name, action in group] for group in groups]
        self._held = {
            button
            for group, row in zip(groups, self._groups, strict=True)
            for (name, _a), button in zip(group, row, strict=True)
            if name in held
        }
        self._rules: list[int] = []
        self._laid: tuple[object, ...] = ()
        self._more = _MoreButton(self)
        self._more.clicked.connect(self._open_rest)
        for button in self.buttons:
            button.renamed.connect(self.arrange)

    @property
    def buttons(self) -> list[HintButton]:
        """All buttons, shown or not, in their order."""
        return [button for group in self._groups for button in group]

    @property
    def here(self) -> list[HintButton]:
        """The buttons of what belongs to the step that is open, or to all."""
        return [button for button in self.buttons if button.action.isVisible()]

    @property
    def held_part(self) -> QWidget:
        """The first of the buttons that always stay."""
        return next((button for button in self.buttons if button in self._held), self)

    @property
    def rest(self) -> list[HintButton]:
        """The buttons for which there is no room."""
        return [button for button in self.here if button.isHidden()]

    def sizeHint(self) -> QSize:
        return QSize(self._width_of(self.here, self.here), HIGH)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_of([button for button in self.buttons if button in self._held], ()) + 2 * HIGH, HIGH)

    def retranslate(self) -> None:
        """Take up the language in use."""
        self._more.setToolTip(_("More tools"))
        self._more.setAccessibleName(_("More tools"))
        self.arrange()

    def arrange(self) -> None:
        """Give every button its place."""
        shown = here = self.here
        worded = self._worded()
        if self._width_of(shown, worded) > self.width():
            free = [button for button in shown if button not in self._held]
            while free and self._width_of(shown, worded) + (0 if len(shown) == len(here) else HIGH + GAP) > self.width():
                last = next((button for button in reversed(free) if not button.is_on), free[-1])  # the tool in hand stays in sight
                free.remove(last)
                shown = [button for button in shown if button is not last]
        at, rules, places = 0, [], {}
        for group in self._groups:
            row = [button for button in group if button in shown]
            if row and at:
                rules.append(at + SEPARATOR // 2)
                at += SEPARATOR
            for button in row:
                wide = button.width_with(words=button in worded)
                places[button] = (at, wide, button in worded)
                at += wide + GAP
        laid = (rules, places, at)
        if laid != self._laid:  # most edits only rename what can be undone, which moves nothing
            self._laid = laid
            self._lay(rules, places, at)

    def _lay(self, rules: list[int], places: dict[HintButton, tuple[int, int, bool]], end: int) -> None:
        if rules != self._rules:
            self._rules = rules
            self.update()
        for button in self.buttons:
            if button in places:
                left, wide, button.worded = places[button]
                button.setGeometry(left, 0, wide, HIGH)
            button.setHidden(button not in places)
        self._more.setGeometry(end, 0, HIGH, HIGH)
        self._more.setHidden(len(places) == len(self.here))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            for button in self.buttons:
                button.forget_widths()
            self.arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for x in self._rules:
            painter.fillRect(x, 6, 1, HIGH - 12, QColor(theme().line))
        painter.end()

    def _worded(self) -> set[HintButton]:
        """Return the buttons whose words find room: all, all tools, or the tool in hand."""
        tools = {button for button in self.here if button not in self._held}
        choices = ({*self.here}, tools, {button for button in tools if button.is_on})
        return next((chosen for chosen in choices if self._width_of(self.here, chosen) <= self.width()), set())

    def _width_of(self, buttons: Sequence[HintButton], worded: Collection[HintButton]) -> int:
        wide = sum(button.width_with(words=button in worded) + GAP for button in buttons)
        groups = sum(any(button in buttons for button in group) for group in self._groups)
        return wide + SEPARATOR * max(groups - 1, 0)

    def _open_rest(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self.rest:
            menu.addAction(button.action)
        menu.popup(self._more.mapToGlobal(QPoint(0, HIGH)))


class _MoreButton(QAbstractButton):
    """The “»”."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look.accent), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.sunken) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        paint_icon(painter, "more", QRectF((self.width() - SIZE) / 2, (self.height() - SIZE) / 2, SIZE, SIZE), look.text)
        painter.end()
