"""Which field of a layer means what: a row for each word, its choices shown with values that stand in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from gridplanner.i18n import _
from ui.dialogs.form import Choice
from ui.styles import theme

SAMPLE = Qt.ItemDataRole.UserRole + 1  # the values shown behind a name
LABEL, GAP, LINE = 72, 12, 28  # pixels: of the words, between a name and its values, of a line of the open list
OPEN = 300  # pixels of the open list at least
NONE = "–"


@dataclass(frozen=True)
class FieldSample:
    """A field that can be chosen, some of its values in one text, and in `refused` why it cannot be (empty where it can).

    `key` is what a plan file calls it where that is not its name: a field of a joined table.
    """

    name: str
    values: str = ""
    refused: str = ""
    key: str = ""


class FieldBox(Choice):
    """A drop-down list of fields; what holds identity or mobile numbers is there, but cannot be chosen."""

    def __init__(self, fields: Sequence[FieldSample], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(7)
        self.setItemDelegate(_NameAndValues(self))
        self.view().setMinimumWidth(OPEN)
        self.addItem(NONE, "")
        self.add(fields)

    def add(self, fields: Sequence[FieldSample]) -> None:
        """Offer more fields."""
        for field in fields:
            self.addItem(field.name, field.key or field.name)
            row = self.count() - 1
            self.setItemData(row, field.refused or field.values, SAMPLE)
            if field.refused:
                model = self.model()
                assert isinstance(model, QStandardItemModel)  # a combo box makes its own
                model.item(row).setEnabled(False)
                self.setItemData(row, f"{field.name}: {field.refused}", Qt.ItemDataRole.ToolTipRole)

    def rename(self, fields: Sequence[FieldSample]) -> None:
        """Show the first fields, in their order, by other names and values; what is chosen stays."""
        for row, field in enumerate(fields, 1):
            self.setItemText(row, field.name)
            self.setItemData(row, field.key or field.name)
            self.setItemData(row, field.refused or field.values, SAMPLE)
        self.update()

    def choose(self, name: str) -> None:
        """Choose a field by its name, none with an empty one."""
        self.setCurrentIndex(max(self.findData(name), 0))

    @property
    def values(self) -> str:
        """The values shown beside the name that is chosen."""
        return str(self.currentData(SAMPLE) or "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).adjusted(1, 0, -1, 0)
        look = theme()
        ink = look.faint if not self.isEnabled() else look.muted if not self.currentData() else look.text
        _draw(painter, room, self.currentText(), self.values, ink)
        painter.end()


class _NameAndValues(QStyledItemDelegate):
    """Draws a line of the open list."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        words, chosen = str(index.data() or ""), QStyleOptionViewItem(option)
        self.initStyleOption(chosen, index)
        chosen.text = ""
        chosen.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, chosen, painter, chosen.widget)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.setFont(chosen.font)
        _draw(painter, option.rect.adjusted(8, 0, -8, 0), words, str(index.data(SAMPLE) or ""), theme().text if enabled else theme().faint)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), LINE)


def _draw(painter: QPainter, room: QRect, name: str, values: str, ink: str) -> None:
    """Write a name and behind it, in as far as there is room, its values."""
    face, flags = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setPen(QColor(ink))
    painter.drawText(room, flags, face.elidedText(name, Qt.TextElideMode.ElideMiddle, room.width()))
    rest = room.adjusted(face.horizontalAdvance(name) + GAP, 0, 0, 0)
    if values and rest.width() > 2 * GAP:
        painter.setPen(QColor(theme().muted))
        painter.drawText(rest, flags, face.elidedText(values, Qt.TextElideMode.ElideRight, rest.width()))


class FieldRows(QWidget):
    """A box for each word of a role; those that nothing fits are behind a button. `changed` follows a choice, `chosen` the focus."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, FieldBox] = {}
        self._rows: dict[str, tuple[QLabel, FieldBox]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, LABEL)
        self._grid.setColumnStretch(1, 1)
        self._more = QPushButton()
        self._more.setObjectName("link")
        self._more.setAutoDefault(False)
        self._more.hide()
        self._more.clicked.connect(self._show_all)
        self._more.installEventFilter(self)

    def show_words(
        self, words: Mapping[str, str], guess: Mapping[str, str], fields: Callable[[str], Sequence[FieldSample]], always: int = 1
    ) -> None:
        """Ask for each of `words` (with what it is called), beginning with the guess.

        `fields` gives the choices of a word; the first `always` words are in sight even where nothing fits them.
        """
        for label, old in self._rows.values():
            for widget in (label, old):
                widget.hide()
                widget.deleteLater()
        self._rows, self.boxes = {}, {}
        for number, (word, called) in enumerate(words.items()):
            label, box = QLabel(called), FieldBox(fields(word))
            label.setObjectName("muted")
            label.setBuddy(box)
            box.setAccessibleName(called)
            box.choose(guess.get(word, ""))
            box.installEventFilter(self)
            box.currentIndexChanged.connect(self.changed)
            self._grid.addWidget(label, number, 0)
            self._grid.addWidget(box, number, 1)
            self._rows[word], self.boxes[word] = (label, box), box
        hidden = [word for number, word in enumerate(words) if number >= always and not self.boxes[word].currentData()]
        hidden = hidden if len(hidden) > 1 else []  # a button in place of one row saves nothing
        for word in hidden:
            for widget in self._rows[word]:
                widget.hide()
        named = _(", ").join(words[word] for word in hidden)
        self._more.setText(_("{n} more fields").format(n=len(hidden)))
        self._more.setToolTip(named)
        self._more.setAccessibleDescription(named)
        self._more.setVisible(bool(hidden))
        self._grid.addWidget(self._more, len(words), 1)
        self.setVisible(bool(words))

    @property
    def mapping(self) -> dict[str, str]:
        """The words that have a field."""
        return {word: str(box.currentData()) for word, box in self.boxes.items() if box.currentData()}

    def _show_all(self) -> None:
        first = next((box for label, box in self._rows.values() if label.isHidden()), None)
        for label, box in self._rows.values():
            label.show()
            box.show()
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        self._more.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().eventFilter(watched, event)
