"""The lines of the list of conflicts: the name of a community, and below it each conflict with mine and theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gridplanner.i18n import _
from ui.map.conflict_layer import ink
from ui.map.conflicts import MINE, OPEN, THEIRS
from ui.short_codes import with_short_codes
from ui.styles import SMALL, TEXT, font, theme

HEAD, PAD, LEFT, KEY = 28, 6, 10, 20  # pixels: a community's line, above and below a conflict, beside its words, of a key
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True)
class ConflictRow:
    """One conflict in words: where it is, what it is about, and what it is on either side."""

    community: str
    title: str
    mine: str
    theirs: str


class ConflictModel(QAbstractListModel):
    """Conflicts by community, in the order in which these come; a line that names a community cannot be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[ConflictRow, ...] = ()
        self.sides: tuple[int, ...] = ()
        self._lines: list[int | str] = []  # the place of a conflict, or the name of a community

    def show(self, rows: Sequence[ConflictRow], sides: Sequence[int]) -> None:
        """Show other conflicts."""
        self.beginResetModel()
        self.rows, self.sides = tuple(rows), tuple(sides)
        of: dict[str, list[int]] = {}
        for place, row in enumerate(self.rows):
            of.setdefault(row.community, []).append(place)
        self._lines = []
        for name, places in of.items():
            self._lines += [name, *places] if name else places
        self.endResetModel()

    def decide(self, sides: Sequence[int]) -> None:
        """Show what is decided by now."""
        self.sides = tuple(sides)
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))

    def place_at(self, line: int) -> int:
        """Return the place of the conflict on a line, -1 where there is none."""
        found = self._lines[line] if 0 <= line < len(self._lines) else ""
        return found if isinstance(found, int) else -1

    def line_of(self, place: int) -> int:
        """Return the line of a conflict, -1 where there is none."""
        return self._lines.index(place) if place in self._lines else -1

    def next_open(self, place: int) -> int:
        """Return the next conflict that is not decided behind a place, round the end; the place itself where there is none."""
        order = [line for line in self._lines if isinstance(line, int)]
        at = order.index(place) + 1 if place in order else 0
        return next((one for one in (*order[at:], *order[:at]) if self.sides[one] == OPEN), place if place >= 0 else next(iter(order), -1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.place_at(index.row()) < 0:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if isinstance(line, str):
            return line if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None
        row, side = self.rows[line], self.sides[line]
        if role == Qt.ItemDataRole.DisplayRole:
            return with_short_codes(row.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((row.title, _("Mine: {words}").format(words=row.mine), _("Theirs: {words}").format(words=row.theirs)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = {MINE: _("mine"), THEIRS: _("theirs")}.get(side, _("not decided"))
            mine, theirs = _("Mine: {words}").format(words=row.mine), _("Theirs: {words}").format(words=row.theirs)
            return f"{row.title}, {said}. {mine}. {theirs}"
        return None


class ConflictLines(QStyledItemDelegate):
    """Draws a community's name in small letters; a conflict on three lines, the side chosen bold with its key filled."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, ConflictModel)
        high = HEAD if model.place_at(index.row()) < 0 else 3 * QFontMetrics(font(TEXT - 1)).lineSpacing() + 2 * PAD + 4
        return QSize(120, high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ConflictModel)
        look, box, place = theme(), QRect(option.rect), model.place_at(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if place < 0:
            painter.setFont(font(SMALL + 1, bold=True))
            painter.setPen(QColor(look.muted))
            words = QFontMetrics(painter.font()).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, box.width() - 8)
            painter.drawText(box.adjusted(2, 6, 0, 0), align, words)
            painter.restore()
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(look.tint))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        row, side = model.rows[place], model.sides[place]
        high = (box.height() - 2 * PAD) / 3
        room = box.width() - 2 * LEFT
        self._line(painter, QRect(box.left() + LEFT, box.top() + PAD, room, int(high)), str(index.data()), bold=side == OPEN)
        for number, (which, words) in enumerate(((MINE, row.mine), (THEIRS, row.theirs)), 1):
            top = round(box.top() + PAD + number * high)
            self._key(painter, QRect(box.left() + LEFT, top, KEY, int(high)), which, taken=side == which)
            line = QRect(box.left() + LEFT + KEY, top, room - KEY, int(high))
            self._line(painter, line, with_short_codes(words), bold=side == which, faint=side not in (which, OPEN))
        painter.restore()

    def _line(self, painter: QPainter, box: QRect, words: str, *, bold: bool, faint: bool = False) -> None:
        painter.setFont(font(TEXT - 1, bold=bold))
        painter.setPen(QColor(theme().faint if faint else theme().text))
        told = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, told)

    def _key(self, painter: QPainter, box: QRect, side: int, *, taken: bool) -> None:
        look = theme()
        colour = QColor(ink(side, look))
        painter.setPen(QPen(colour, 1))
        painter.setBrush(colour if taken else Qt.BrushStyle.NoBrush)
        disc = QRect(box.left(), box.center().y() - 6, 14, 14)
        painter.drawEllipse(disc)
        painter.setFont(font(SMALL - 1, bold=True))
        painter.setPen(QColor(look.panel) if taken else colour)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, "1" if side == MINE else "2")
