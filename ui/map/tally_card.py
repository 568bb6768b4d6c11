"""The card at the cursor while a tool is at work: counts of the grids it changes, before and after."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gridplanner.i18n import _
from ui.card import paint_card
from ui.figures import amount
from ui.map.tools.tool import Preview, Tally
from ui.short_codes import with_short_codes
from ui.styles import SMALL, TEXT, font, theme

SHADOW, SIDE, TOP, GAP = 8, 12, 8, 24
AWAY = 18  # pixels between the pointer and the card
MOST = 4  # grids that are counted; of more, how many they are


class TallyCard(QWidget):
    """A small card beside the pointer, never under it; it takes no mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._map = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.preview: Preview | None = None
        self.hide()

    def show_preview(self, preview: Preview, at: QPointF, busy: QRectF | None = None) -> None:
        """Show what a preview tells at the cursor, beside a place of the parent and off what is `busy`; hides where it tells nothing."""
        if not (preview.title or preview.tallies or preview.words or preview.warning):
            self.preview = None
            self.hide()
            return
        if preview is not self.preview:
            self.preview = preview
            self.resize(self._size())
            self.update()
        self._place(at, busy)
        self.show()

    def lines(self) -> list[tuple[str, str, str, bool]]:
        """Return the lines as (left, right, mood of what is not plain, bold)."""
        preview = self.preview
        if preview is None:
            return []
        found = [(with_short_codes(preview.title), "", "", True)] if preview.title else []
        found += [_tally_line(tally) for tally in preview.tallies[:MOST]]
        if len(preview.tallies) > MOST:
            more = _("{n} more") if preview.tallies[0].name else _("{n} more grids")
            found.append((more.format(n=len(preview.tallies) - MOST), "", "muted", False))
        if preview.warning:
            found.append((with_short_codes(preview.warning), "", "warn", False))
        found.append((preview.words, _("Esc abandons"), "foot", False))
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        box = paint_card(painter, QRectF(self.rect()), SHADOW)
        inner = box.adjusted(SIDE, TOP, -SIDE, -TOP)
        y = inner.top()
        align = Qt.AlignmentFlag
        for left, right, mood, bold in self.lines():
            face = _face(mood, bold=bold)
            high = _height(face)
            row = QRectF(inner.left(), y, inner.width(), high)
            painter.setFont(face)
            lit = self.preview is not None and self.preview.good
            plain = {"warn": look.warn, "foot": look.good if lit else look.text, "muted": look.muted}.get(mood, look.text)
            painter.setPen(QColor(plain))
            painter.drawText(row, align.AlignLeft | align.AlignVCenter, left)
            painter.setPen(QColor({"bad": look.bad, "foot": look.muted}.get(mood, look.text)))
            painter.drawText(row, align.AlignRight | align.AlignVCenter, right)
            y += high
        painter.end()

    def _size(self) -> QSize:
        wide, high = 0.0, 0.0
        for left, right, mood, bold in self.lines():
            metrics = QFontMetricsF(_face(mood, bold=bold))
            wide = max(wide, metrics.horizontalAdvance(left) + (metrics.horizontalAdvance(right) + GAP if right else 0.0))
            high += _height(_face(mood, bold=bold))
        return QSize(math.ceil(wide) + 2 * (SHADOW + SIDE), math.ceil(high) + 2 * (SHADOW + TOP))

    def _place(self, at: QPointF, busy: QRectF | None) -> None:
        """Move to the first of the places beside the pointer, or beside what is busy, that is in the map and off both."""
        room, away = self._map.rect(), AWAY - SHADOW
        taken = QRectF(at.x() - AWAY / 2, at.y() - AWAY / 2, AWAY, AWAY)
        wide, high = self.width(), self.height()
        beside = [taken.united(busy)] if busy is not None else []
        spots = [
            QPoint(round(x), round(y))
            for box in (*beside, QRectF(at, at))
            for x, y in (
                (box.right() + away, box.top() + (0 if beside else away)),
                (box.left() - away - wide, box.top() + (0 if beside else away)),
                (box.left() if beside else box.right() + away, box.bottom() + away),
                (box.right() + away, box.top() - away - high),
                (box.left() - away - wide, box.top() - away - high),
                (box.left() - away - wide, box.bottom() + away),
            )
        ]
        inside = [spot for spot in spots if room.contains(QRect(spot, self.size()))]
        corner = QPoint(min(max(spots[0].x(), 0), max(room.width() - wide, 0)), min(max(spots[0].y(), 0), max(room.height() - high, 0)))
        self.move(inside[0] if inside else corner)


def _tally_line(tally: Tally) -> tuple[str, str, str, bool]:
    if tally.name:
        return with_short_codes(tally.name), tally.told, "" if tally.inside else "bad", False
    text = _("{before} → {after} persons") if tally.persons else _("{before} → {after} hh")
    before, after = amount(tally.before), amount(tally.after)
    words = text.format(before=before, after=after)
    if before == after:  # nothing moves yet
        words = (_("{n} persons") if tally.persons else _("{n} hh")).format(n=after)
    name = _("Grid {code}").format(code=tally.code) if tally.code else _("New grid")
    return name, words, "" if tally.inside else "bad", False


def _face(mood: str, *, bold: bool) -> QFont:
    return font(SMALL + 1 if mood in {"foot", "muted", "warn"} else TEXT, bold=bold)


def _height(face: QFont) -> float:
    return 4.0 * math.ceil((QFontMetricsF(face).height() + 4.0) / 4.0)
