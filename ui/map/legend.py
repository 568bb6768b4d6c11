"""The legend on the map, made from its theme: a small card at the lower right that folds away, and the basemap's credit below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gridplanner.i18n import _
from ui.checkpoint_places import Status
from ui.map.checkpoint_marks import paint_post, paint_sign
from ui.map.decorations import BAR_HIGH, BAR_WIDE
from ui.map.patrol_marks import DASHES, EMPTY, paint_stop
from ui.map.rail_signs import paint_rail_sign
from ui.map.themes import Entry
from ui.marks import paint_lock
from ui.styles import SMALL, font, theme

MARGIN, ROW, SWATCH, PAD = 16, 20, 20, 12
WIDEST = 240  # pixels of words
HATCHES = {"b": Qt.BrushStyle.BDiagPattern, "f": Qt.BrushStyle.FDiagPattern, "x": Qt.BrushStyle.DiagCrossPattern}
_ALIGN = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Legend(QWidget):
    """Stays in the lower right corner of the map it belongs to. `folded` says that it was folded away or opened."""

    folded = Signal(bool)

    def __init__(self, on_map: QWidget) -> None:
        super().__init__(on_map)
        self._map = on_map
        self._head, self._rows, self._credit = _Head(self), _Rows(self), QLabel(on_map)
        self._said: object = None
        self._credit.setObjectName("credit")
        self._credit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._credit.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 4, 1, 4)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._rows)
        self._head.clicked.connect(lambda: self.fold(self._rows.isVisibleTo(self)))
        on_map.installEventFilter(self)

    def show_legend(self, title: str, entries: Sequence[Entry], credit: str = "", *, there: bool = True) -> None:
        """Show what the colours mean, where they mean something and the legend is to be `there`; and whose work the basemap is."""
        self.setVisible(there and bool(entries))
        said = (title, tuple(entries), credit)
        if said == self._said:  # as after most edits
            return
        self._said = said
        self._head.setText(title)
        self._head.setToolTip(_("Fold or open the legend"))
        self._head.setAccessibleName(_("Legend: {title}").format(title=title))
        self._rows.show_entries(tuple(entries))
        self.setAccessibleName(_("Legend"))
        if credit != self._credit.text():
            self._credit.setText(credit)
            self._credit.setVisible(bool(credit))
        self._place()

    def fold(self, away: bool) -> None:
        """Show the title only, or everything."""
        if away == self._rows.isVisibleTo(self):
            self._rows.setVisible(not away)
            self._head.is_open = not away
            self._head.update()
            self._place()
            self.folded.emit(away)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._map and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        room = self._map.size()
        self._credit.adjustSize()
        self._credit.move(room.width() - self._credit.width(), room.height() - self._credit.height())
        self.resize(self.sizeHint())
        left = room.width() - self.width() - MARGIN
        bar = BAR_HIGH if left < BAR_WIDE else 0  # on a narrow map the legend stands above the scale bar
        below = max(MARGIN + (8 if self._credit.text() else 0), bar)
        self.move(left, room.height() - self.height() - below)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(look.panel)
        ground.setAlphaF(0.94)
        painter.setPen(QPen(QColor(look.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


class _Head(QAbstractButton):
    """The title with a chevron, a button for mouse and keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_open = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font(12, bold=True)).horizontalAdvance(self.text()) + 2 * PAD + 24, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12, bold=True))
        painter.setPen(QColor(look.text))
        painter.drawText(QRectF(PAD, 0, self.width() - 2 * PAD, self.height()), _ALIGN, self.text())
        x, y, up = self.width() - PAD - 4.0, self.height() / 2, 2.0 if self.is_open else -2.0
        painter.setPen(QPen(QColor(look.muted), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline([QPointF(x - 4, y - up), QPointF(x, y + up), QPointF(x + 4, y - up)])
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 1, -4, -1), 4, 4)
        painter.end()


class _Rows(QWidget):
    """A swatch and its words a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show rows."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription("\n".join(entry.words for entry in entries))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(SMALL + 1))
        wide = max([metrics.horizontalAdvance(entry.words) + (SWATCH + 8 if entry.swatch else 0) for entry in self._entries], default=0)
        return QSize(min(wide, WIDEST + SWATCH + 8) + 2 * PAD, ROW * len(self._entries) + (4 if self._entries else 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setFont(font(SMALL + 1))
        metrics = painter.fontMetrics()
        for number, entry in enumerate(self._entries):
            top = float(ROW * number)
            _paint_swatch(painter, QRectF(PAD, top + 4, SWATCH, ROW - 8), entry)
            left = PAD + (SWATCH + 8 if entry.swatch else 0)
            painter.setPen(QColor(look.text if entry.swatch else look.muted))
            words = metrics.elidedText(entry.words, Qt.TextElideMode.ElideRight, self.width() - left - PAD + 1)
            painter.drawText(QRectF(left, top, self.width() - left - PAD + 1, ROW), _ALIGN, words)
        painter.end()


def _paint_swatch(painter: QPainter, box: QRectF, entry: Entry) -> None:
    look, colour = theme(), QColor(entry.colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, entry.swatch != "line")
    if entry.swatch == "fill":
        painter.setPen(QPen(QColor(look.line), 1))
        painter.setBrush(colour)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    elif entry.swatch == "line":
        painter.setPen(QPen(colour, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
    elif entry.swatch == "thin":
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
    elif entry.swatch == "thin-dash":
        pen = QPen(colour, EMPTY, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(DASHES)
        painter.setPen(pen)
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right() + 1, box.center().y()))
    elif entry.swatch.startswith("stop:"):
        paint_stop(painter, box.center(), entry.swatch.removeprefix("stop:"), colour, look, scale=0.85)
    elif entry.swatch == "dash":
        painter.setPen(QPen(colour, 2.2, Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right() + 1, box.center().y()))
    elif entry.swatch.startswith("hatch:"):
        painter.setPen(QPen(colour, 1))
        painter.setBrush(QBrush(colour, HATCHES[entry.swatch.removeprefix("hatch:")]))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    elif entry.swatch == "dot":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(box.center(), 3.0, 3.0)
    elif entry.swatch == "post":
        paint_post(painter, box.center(), look, 0.85)
    elif entry.swatch.startswith("rail:"):
        paint_rail_sign(painter, box.center(), entry.swatch.removeprefix("rail:"), look, 0.8)
    elif entry.swatch.startswith("sign:"):
        paint_sign(painter, box.center(), Status(entry.swatch.removeprefix("sign:")), look, scale=0.75)
    elif entry.swatch == "lock":
        paint_lock(painter, box.center().x() - 4.5, box.center().y() - 4.5, colour)
    elif entry.swatch == "text":
        painter.setPen(colour)
        painter.drawText(box.adjusted(-4, -4, 4, 4), Qt.AlignmentFlag.AlignCenter, "123")
