"""The rating beside the map: the month on a slider, and a table of areas with colour, arrow, counts, satisfaction and score."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.issues import Level
from gridplanner.model.ratings import Ratings
from ui.map.rating_layer import FILLS, verdict
from ui.panels.cells import Cells
from ui.panels.sorted_table import SortedTable, TableColumn, Values
from ui.styles import theme

AREA, COLOUR, NUMBER = 84, 92, 40  # pixels of columns
HEADINGS = {
    "stations": N_("Police station areas by month"), "beats": N_("Beats by month"), "zones": N_("Patrol zones by month"),
}  # fmt: skip
NOTHING = N_("Nothing to rate yet. Import monthly figures (area, month, counts) or incidents with a month and a kind.")
SOURCES = {"indicators": N_("From monthly figures."), "incidents": N_("Counted from incidents: the kinds with the most.")}


class RatingPage(QWidget):
    """`month_chosen` carries the month that the map is to show, `bounds_chosen` left, bottom, right and top of an area that was clicked."""

    month_chosen = Signal(str)
    keep_asked = Signal()
    print_asked = Signal()
    bounds_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ratings: Ratings | None = None
        self._column, self._kept = -1, ""
        self._heading, self._month, self._words = QLabel(), QLabel(), QLabel()
        self._heading.setObjectName("heading")
        self._month.setObjectName("title")
        self._words.setObjectName("small")
        for label in (self._heading, self._words):
            label.setWordWrap(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setMinimumHeight(24)
        self.slider.setPageStep(3)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.valueChanged.connect(self._take_month)
        self.keep, self.print_button = QPushButton(), QPushButton()
        for button in (self.keep, self.print_button):
            button.setObjectName("small")
        self.keep.clicked.connect(self.keep_asked)
        self.print_button.clicked.connect(self.print_asked)
        self.table = _RatingTable(())
        self._lay_out()
        self.retranslate()

    @property
    def month(self) -> str:
        """The month shown, empty where there is none."""
        return self._ratings.months[self._column] if self._ratings is not None and self._column >= 0 else ""

    def show_ratings(self, ratings: Ratings, month: str, kept: str) -> None:
        """Show a rating in a month (empty: that of the settings); `kept` is the month that the settings name."""
        self._ratings, self._kept = ratings, kept
        self._column = ratings.column(month)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(ratings.months) - 1, 0))
        self.slider.setValue(max(self._column, 0))
        self.slider.blockSignals(False)
        self._renew_table()
        self._fill()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.slider.setAccessibleName(_("Month of the rating map"))
        self.slider.setToolTip(_("Month of the rating map; the arrow keys move it"))
        self.keep.setText(_("Keep this month"))
        self.keep.setToolTip(_("Export and print the rating of this month, and show it when the project is opened"))
        self.print_button.setText(_("Print or save"))
        self.print_button.setToolTip(_("Save the rating map of this month as a page: PDF or PNG"))
        self.table.setAccessibleName(_("Rating"))
        self._fill()
        self.table.horizontalHeader().viewport().update()

    def _lay_out(self) -> None:
        slider, buttons = QHBoxLayout(), QHBoxLayout()
        for row in (slider, buttons):
            row.setSpacing(8)
        slider.addWidget(self.slider, 1)
        slider.addWidget(self._month)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.print_button)
        buttons.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(slider)
        self._layout.addLayout(buttons)
        self._layout.addWidget(self.table, 1)
        self._layout.addWidget(self._words)

    def _renew_table(self) -> None:
        """Make the table anew where the figures have other columns."""
        assert self._ratings is not None
        columns = columns_of(self._ratings)
        if [(column.title, column.tip) for column in columns] == [(column.title, column.tip) for column in self.table.rows.columns]:
            return
        fresh = _RatingTable(columns)
        fresh.setAccessibleName(self.table.accessibleName())
        fresh.row_chosen.connect(self._choose)
        self._layout.replaceWidget(self.table, fresh)
        self.table.deleteLater()
        self.table = fresh

    def _fill(self) -> None:
        ratings, there = self._ratings, self._column >= 0 and self._ratings is not None and len(self._ratings) > 0
        for widget in (self.slider, self._month, self.keep, self.print_button, self.table):
            widget.setVisible(there)
        if ratings is None or not there:
            reasons = [issue.message for issue in ratings.issues if issue.level is Level.WARNING] if ratings is not None else []
            self._heading.setText(reasons[0] if reasons else _(NOTHING))
            self._words.setText("")
            return
        self._heading.setText(_(HEADINGS[ratings.areas.per]))
        self._month.setText(self.month)
        self.keep.setEnabled(self.month != self._kept)
        self.table.rows.show(values_of(ratings, self._column))
        self._words.setText(self._summary(ratings))

    def _summary(self, ratings: Ratings) -> str:
        """Say how many areas changed colour, where the counts are from, and what is hidden."""
        change = ratings.change[:, self._column]
        worse, better = int((change == "up").sum()), int((change == "down").sum())
        more = ngettext("{n} area is worse than the month before", "{n} areas are worse than the month before", worse).format(n=worse)
        less = ngettext("{n} is better", "{n} are better", better).format(n=better)
        said = [_("{worse}, {better}.").format(worse=more, better=less), _(SOURCES[ratings.source])]
        if ratings.figures.hidden.any():
            said.append(_("Counts below {least} are not shown.").format(least=ratings.suppress_below))
        return " ".join(said)

    def _take_month(self, value: int) -> None:
        self._column = value
        self._fill()
        self.month_chosen.emit(self.month)

    def _choose(self, row: int) -> None:
        if self._ratings is not None:
            self.bounds_chosen.emit(self._ratings.areas.polygons[row].bounds)


def columns_of(ratings: Ratings) -> tuple[TableColumn, ...]:
    """Return the columns of the table: those of the figures are called as the source calls them."""
    below = ratings.suppress_below
    counts = [TableColumn(name, name, NUMBER, True, lambda value: count_text(value, below)) for name in ratings.figures.indicators]
    asked = not np.isnan(ratings.figures.satisfaction).all()
    satisfied = [TableColumn(N_("Satisf."), N_("How satisfied residents are, 0 to 100"), NUMBER + 14, True, _plain)] if asked else []
    score = TableColumn(N_("Score"), N_("0 is best; the colour follows from it"), NUMBER + 10, True, _score)
    return (TableColumn(N_("Name"), "", AREA), TableColumn(N_("Rating"), N_("↑ worse, ↓ better, = as the month before"), COLOUR), *counts,
            *satisfied, score)  # fmt: skip


def values_of(ratings: Ratings, column: int) -> list[Values]:
    """Return a month's values of the columns; hidden counts are -1, so that they are sorted as the lowest."""
    figures = ratings.figures
    counts = np.where(figures.hidden[:, column], -1.0, figures.counts[:, column])
    rows = range(len(ratings))
    values: list[Values] = [
        [ratings.areas.title(row) for row in rows], [verdict(ratings, row, column) for row in rows], *counts.T,
    ]  # fmt: skip
    if not np.isnan(figures.satisfaction).all():
        values.append(figures.satisfaction[:, column])
    return [*values, ratings.score[:, column]]


def count_text(value: float, below: int) -> str:
    """Return a count as the table shows it: hidden ones (below 0) as a bound, unknown ones as a dash.

    >>> count_text(12.0, 3), count_text(-1.0, 3), count_text(float("nan"), 3)
    ('12', '<3', '–')
    """
    return f"<{below}" if value < 0 else _plain(value)


def _score(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def _plain(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:,.10g}"


class _RatingTable(SortedTable):
    """The columns may be wider than the panel; the area's takes what is left over."""

    def __init__(self, columns: tuple[TableColumn, ...]) -> None:
        super().__init__(columns)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._colours = _ColourCells(self)
        if columns:
            self.setItemDelegateForColumn(1, self._colours)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.rows.columns:
            others = sum(column.wide for column in self.rows.columns[1:])
            self.horizontalHeader().resizeSection(0, max(AREA, self.viewport().width() - others))


class _ColourCells(Cells):
    """A swatch of the colour before its words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        words, look = str(index.data() or ""), theme()
        box = option.rect
        if words[:1].isdecimal():
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, QColor(look.tint))
            swatch = QRectF(box.left() + 5, box.center().y() - 5, 10, 11)
            painter.setPen(QPen(QColor(look.faint), 1))
            painter.setBrush(QColor(FILLS[int(words[0]) - 1]))
            painter.drawRect(swatch)
            painter.setPen(QPen(QColor(look.line), 1))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            option.rect = box.adjusted(14, 0, 0, 0)
        super().paint(painter, option, index)
        option.rect = box
