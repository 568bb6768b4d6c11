"""A box over the map: what wants a look, with counts, and a line that finds grids, addresses, streets and places as it is typed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import _
from ui.find import KINDS, Found, Hits
from ui.styles import theme

WIDE, ROWS, ROW = 440, 10, 34  # pixels, rows shown at once, pixels a row
_ELSEWHERE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_DOWN = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class _Line(QStyledItemDelegate):
    """Words at the left, what they are or how many there are at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look, box, align = theme(), QRectF(option.rect).adjusted(0, 1, 0, -1), Qt.AlignmentFlag
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if enabled and option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.tint if option.state & QStyle.StateFlag.State_Selected else look.sunken))
            painter.drawRoundedRect(box, 4, 4)
        note, metrics = str(index.data(Qt.ItemDataRole.UserRole + 1) or ""), QFontMetrics(painter.font())
        wide = metrics.horizontalAdvance(note)
        inside = box.adjusted(8, 0, -8, 0)
        painter.setPen(QColor(look.muted if enabled else look.faint))
        painter.drawText(inside, align.AlignRight | align.AlignVCenter, note)
        painter.setPen(QColor(look.text if enabled else look.faint))
        words = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(inside.width()) - wide - 12)
        painter.drawText(inside, align.AlignLeft | align.AlignVCenter, words)
        painter.restore()


class FindBox(QFrame):
    """`asked` carries what is typed; `kind_chosen` a key of KINDS, `hit_chosen` the row of a hit."""

    asked = Signal(str)
    kind_chosen = Signal(str)
    hit_chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("findBox")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._counts: Mapping[str, int] = {}
        self._hits: tuple[Found, ...] = ()
        self.line, self.list, self._note = QLineEdit(), QListWidget(), QLabel()
        self.line.setClearButtonEnabled(True)
        self.line.textEdited.connect(self._take_text)
        self.line.installEventFilter(self)
        parent.installEventFilter(self)
        self.list.setItemDelegate(_Line(self.list))
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self._take(item))
        self._note.setObjectName("small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        for widget in (self.line, self.list, self._note):
            layout.addWidget(widget)
        self.hide()

    def open(self, counts: Mapping[str, int]) -> None:
        """Show the box with what there is of each kind."""
        self._counts = counts
        self.retranslate()
        if not self._hits:
            self.line.clear()  # what was not there does not stand in the way of what wants a look
        if self.line.text().strip():
            self.asked.emit(self.line.text())
        else:
            self._show_kinds()
        self.show()
        self.raise_()
        self._place()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def show_hits(self, hits: Hits) -> None:
        """Show what was found of what is typed."""
        if not hits.question.text or hits.question.text != self.line.text().strip() or not self.isVisible():
            return
        self._hits = hits.found
        rows = [(found.words, found.note, str(row)) for row, found in enumerate(hits.found)]
        self._fill(rows)
        more = _("There is more; type more of it.") if hits.more else ""
        self._note.setText(more if rows else _("No match"))
        self._note.setVisible(bool(more) or not rows)
        self._place()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.line.setPlaceholderText(_("Code, name, address, street, place or chainage"))
        self.line.setAccessibleName(_("Find"))
        self.list.setAccessibleName(_("What was found"))

    def close_box(self) -> None:
        """Hide the box and give the keyboard back to what lies below it."""
        self.hide()
        below = self.parentWidget()
        if below is not None:
            below.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.line and isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() in _ELSEWHERE:
            self.hide()
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _DOWN:
                self._step(
                    {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}[Qt.Key(event.key())]
                )
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_box()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self.close_box()  # opened again, it speaks the other language

    def _step(self, rows: int) -> None:
        """Go some rows up or down the list; rows that cannot be taken are passed over."""
        possible = [row for row in range(self.list.count()) if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled]
        if possible:
            at = possible.index(self.list.currentRow()) + rows if self.list.currentRow() in possible else 0
            self.list.setCurrentRow(possible[min(max(at, 0), len(possible) - 1)])

    def _take_text(self, text: str) -> None:
        if text.strip():
            self.asked.emit(text.strip())
        else:
            self._show_kinds()

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        name = str(item.data(Qt.ItemDataRole.UserRole))
        self.close_box()
        if name in KINDS:
            self.kind_chosen.emit(name)
        else:
            self.hit_chosen.emit(int(name))

    def _show_kinds(self) -> None:
        self._hits = ()
        self._note.hide()
        self._fill([(_(title), f"{self._counts.get(name, 0):,}", name) for name, title in KINDS.items()])
        for row, name in enumerate(KINDS):
            if not self._counts.get(name, 0):
                self.list.item(row).setFlags(Qt.ItemFlag.NoItemFlags)
        first = next((row for row, name in enumerate(KINDS) if self._counts.get(name, 0)), -1)
        self.list.setCurrentRow(first)
        self._place()

    def _fill(self, rows: list[tuple[str, str, str]]) -> None:
        self.list.clear()
        for words, note, name in rows:
            item = QListWidgetItem(words)
            item.setToolTip(words)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setData(Qt.ItemDataRole.UserRole + 1, note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {note}")
            self.list.addItem(item)
        if rows:
            self.list.setCurrentRow(0)

    def _place(self) -> None:
        below = self.parentWidget()
        if below is None:
            return
        rows = min(max(self.list.count(), 1), ROWS)
        self.list.setFixedHeight(rows * ROW + 4)
        wide = min(WIDE, below.width() - 32)
        self.setFixedWidth(wide)
        self.adjustSize()
        self.move((below.width() - wide) // 2, 24)
