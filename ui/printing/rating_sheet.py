"""The rating map of a month as a page: title, map, legend and table, as PDF or as a picture; all of it drawn in points of 1/72 inch."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from gridplanner.model.ratings import NOT_RATED, Ratings, ratings_of
from gridplanner.settings import RatingSettings
from ui.map.decorations import bar_length
from ui.map.land_layer import LimitLayer
from ui.map.layer_looks import PLAIN, LayerLook
from ui.map.rating_layer import FILLS, RatingLabelLayer, RatingLayer, rating_entries
from ui.map.road_layer import RoadLayer
from ui.map.scene import Request, Scene, Showing
from ui.map.view import View
from ui.panels.rating_page import columns_of, values_of
from ui.panels.sorted_table import TableColumn, Values
from ui.styles import LIGHT, font

A4 = (842.0, 595.0)  # points, landscape
MARGIN, HEAD, FOOT = 30.0, 54.0, 22.0
MAP_SHARE, GAP = 0.58, 14.0
LINE, SWATCH = 14.0, 12.0  # points from line to line of tables and legend
MONTHS = 12  # at most, in the table of colours by month
DOTS = 300  # per inch of a picture
TITLES = {
    "stations": N_("Rating of police station areas, {month}"), "beats": N_("Rating of beats, {month}"),
    "zones": N_("Rating of patrol zones, {month}"),
}  # fmt: skip
METHODS = {
    "percentile": N_("Ranked among the areas of the month"), "absolute": N_("Measured by limits"),
}  # fmt: skip
Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is printed: a project's rating in a month (empty: that of the settings), the day of printing, the language, and where to."""

    project: Project
    month: str
    today: str
    language: str
    path: Path


def write_sheet(sheet: Sheet) -> None:
    """Write the page to `sheet.path`, a PDF, or a PNG where it ends so; an earlier file stays until the new one is whole.

    A table too long for the page goes on over further pages of a PDF. Raises InputError where there is nothing to print, or the file
    cannot be written.
    """
    ratings = ratings_of(sheet.project)
    if not len(ratings) or not ratings.months:
        raise InputError(_("There is no rating to print: import monthly figures or incidents first"))
    part = sheet.path.with_name(f".{sheet.path.stem}.part{sheet.path.suffix}")
    try:
        sheet.path.parent.mkdir(parents=True, exist_ok=True)
        (_write_picture if sheet.path.suffix.lower() == ".png" else _write_pages)(sheet, ratings, part)
        part.replace(sheet.path)
    except OSError as why:
        raise InputError(_("{file}: cannot be written: {why}").format(file=sheet.path, why=why)) from None
    finally:
        with suppress(OSError):  # of a folder that cannot be
            part.unlink(missing_ok=True)


def _write_picture(sheet: Sheet, ratings: Ratings, path: Path) -> None:
    scale = DOTS / 72
    image = QImage(round(A4[0] * scale), round(A4[1] * scale), QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(DOTS / 0.0254))
    image.setDotsPerMeterY(round(DOTS / 0.0254))
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.scale(scale, scale)
    _paint_first(painter, sheet, ratings, scale, more_follows=False)
    painter.end()
    if not image.save(str(path)):
        raise OSError(_("no room, or no right to write there"))


def _write_pages(sheet: Sheet, ratings: Ratings, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(DOTS)
    writer.setTitle(_title(sheet, ratings))
    size = QPageSize(QSizeF(A4[1], A4[0]), QPageSize.Unit.Point, "A4", QPageSize.SizeMatchPolicy.FuzzyMatch)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Landscape, QMarginsF(0, 0, 0, 0)))
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(_("no room, or no right to write there"))
    scale = DOTS / 72
    painter.scale(scale, scale)
    shown, order = _paint_first(painter, sheet, ratings, scale, more_follows=True), _worst_first(ratings, _column(sheet, ratings))
    columns, values = columns_of(ratings), values_of(ratings, _column(sheet, ratings))
    left = order[shown:]
    half = (A4[0] - 2 * MARGIN - GAP) / 2
    while len(left):
        writer.newPage()
        _paint_head(painter, sheet, ratings)
        for x in (MARGIN, MARGIN + half + GAP):
            box = QRectF(x, MARGIN + HEAD, half, A4[1] - 2 * MARGIN - HEAD - FOOT)
            left = left[_paint_table(painter, box, columns, values, left) :]
        _paint_foot(painter, sheet, ratings)
    painter.end()


def _paint_first(painter: QPainter, sheet: Sheet, ratings: Ratings, scale: float, *, more_follows: bool) -> int:
    """Paint the page with the map; return how many areas its table has."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    column = _column(sheet, ratings)
    _paint_head(painter, sheet, ratings)
    high = A4[1] - 2 * MARGIN - HEAD - FOOT
    wide = A4[0] - 2 * MARGIN
    map_box = QRectF(MARGIN, MARGIN + HEAD, round(wide * MAP_SHARE), round(high))
    _paint_map(painter, map_box, sheet, scale)
    side = QRectF(map_box.right() + GAP, map_box.top(), wide - map_box.width() - GAP, high)
    below = _paint_legend(painter, side, ratings, column)
    order = _worst_first(ratings, column)
    table = QRectF(side.left(), below + 8, side.width(), side.bottom() - below - 8)
    room = int(table.height() // LINE) - 1
    if len(order) > room:
        table.setHeight(table.height() - LINE)
        words = _("The table goes on over the page.") if more_follows else _("Further areas: {n}; a PDF holds the whole table.")
        painter.setPen(QColor(LIGHT.muted))
        painter.setFont(font(8))
        painter.drawText(QRectF(table.left(), table.bottom(), table.width(), LINE), _LEFT, words.format(n=len(order) - room + 1))
    shown = _paint_table(painter, table, columns_of(ratings), values_of(ratings, column), order)
    rest = QRectF(table.left(), table.top() + (shown + 2) * LINE, table.width(), table.bottom() - table.top() - (shown + 2) * LINE)
    if len(order) <= room and rest.height() >= (len(order) + 3) * LINE:
        _paint_year(painter, rest, ratings, column, order)
    _paint_foot(painter, sheet, ratings)
    return shown


def _paint_head(painter: QPainter, sheet: Sheet, ratings: Ratings) -> None:
    settings = sheet.project.settings.rating or RatingSettings()
    wide = A4[0] - 2 * MARGIN
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(20, bold=True))
    painter.drawText(QRectF(MARGIN, MARGIN, wide, 26), _LEFT, _title(sheet, ratings))
    named = [*ratings.figures.indicators, *([] if np.isnan(ratings.figures.satisfaction).all() else [_("satisfaction")])]
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(10))
    words = f"{_(METHODS[settings.method])}: {_(', ').join(named)}"
    painter.drawText(QRectF(MARGIN, MARGIN + 28, wide, 16), _LEFT, _elided(painter, words, wide))


def _paint_foot(painter: QPainter, sheet: Sheet, ratings: Ratings) -> None:
    said = [_("Printed {date}").format(date=sheet.today)]
    if ratings.figures.hidden.any():
        said.append(_("Counts below {least} are not shown.").format(least=ratings.suppress_below))
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(8))
    painter.drawText(QRectF(MARGIN, A4[1] - MARGIN - FOOT + 8, A4[0] - 2 * MARGIN, 14), _LEFT, "   ".join(said))


def _paint_map(painter: QPainter, box: QRectF, sheet: Sheet, scale: float) -> None:
    """Paint streets and rated areas into a box, with a scale bar and a frame."""
    looks = PLAIN.with_look("limits", LayerLook(width=0.4))  # those of the areas are broader
    showing = Showing(sheet.project, LIGHT, sheet.language, looks=looks, rating_month=sheet.month)
    polygons = ratings_of(sheet.project).areas.polygons
    bounds = np.array([polygon.bounds for polygon in polygons])
    low, high = bounds[:, :2].min(axis=0).tolist(), bounds[:, 2:].max(axis=0).tolist()
    view = View(width=int(box.width()), height=int(box.height())).fitted((*low, *high), margin=0.05)
    scene = Scene(Request(showing, view, scale), lambda: False)
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, QColor(LIGHT.map))
    painter.translate(box.topLeft())
    for layer in (RatingLayer(), RoadLayer(), LimitLayer(), RatingLabelLayer()):
        if layer.sources(showing):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            layer.paint(painter, scene)
    _paint_scale(painter, view)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(LIGHT.border), 0.8))
    painter.drawRect(box)


def _paint_scale(painter: QPainter, view: View) -> None:
    metres = bar_length(view.scale, 90.0)
    wide, y = metres * view.scale, view.height - 14.0
    ground = QColor(LIGHT.map)
    ground.setAlphaF(0.9)
    painter.fillRect(QRectF(8, y - 16, wide + 12, 24), ground)
    painter.fillRect(QRectF(14, y, wide, 2), QColor(LIGHT.text))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(8))
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    painter.drawText(QRectF(14, y - 14, wide, 12), _RIGHT, words)


def _paint_legend(painter: QPainter, box: QRectF, ratings: Ratings, column: int) -> float:
    """Paint what the colours mean and how many areas have each; return where it ends."""
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(8))
    painter.drawText(QRectF(box.left(), box.top(), box.width(), LINE), _RIGHT, _("Number of areas"))
    y = box.top() + LINE
    for number, entry in enumerate(rating_entries()):
        painter.setFont(font(9))
        left = box.left()
        words = entry.words
        counted = number <= len(FILLS)  # the colours, and what is hatched after them
        if counted:
            level = number if number < len(FILLS) else NOT_RATED
            painter.setPen(QPen(QColor(LIGHT.border), 0.5))
            painter.setBrush(QColor(entry.colour) if entry.swatch else QBrush(QColor(LIGHT.faint), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(left, y + 2, SWATCH * 1.6, LINE - 4))
            left += SWATCH * 1.6 + 6
            painter.setPen(QColor(LIGHT.text))
            painter.drawText(QRectF(left, y, box.right() - left, LINE), _RIGHT, str(int((ratings.level[:, column] == level).sum())))
        painter.setPen(QColor(LIGHT.text if counted else LIGHT.muted))
        painter.drawText(QRectF(left, y, box.right() - left - 30, LINE), _LEFT, words)
        y += LINE
    return y


def _paint_table(painter: QPainter, box: QRectF, columns: tuple[TableColumn, ...], values: list[Values], rows: Rows) -> int:
    """Paint the rows that a box has room for below a heading; return how many."""
    widths = _widths(columns, box.width())
    lines = [[_(column.title) for column in columns]]
    fits = max(int(box.height() // LINE) - 1, 0)
    lines += [[column.text(value[row]) for column, value in zip(columns, values, strict=True)] for row in rows[:fits].tolist()]
    y = box.top()
    for number, cells in enumerate(lines):
        x = box.left()
        painter.setFont(font(8, bold=number == 0))
        for column, wide, words in zip(columns, widths, cells, strict=True):
            cell = QRectF(x + 1, y, wide - 4, LINE)
            if number and column is columns[1] and words[:1].isdecimal():
                painter.fillRect(QRectF(x + 1, y + 3, 6, LINE - 6), QColor(FILLS[int(words[0]) - 1]))
                cell.setLeft(x + 10)
            painter.setPen(QColor(LIGHT.text))
            painter.drawText(cell, _RIGHT if column.number else _LEFT, _elided(painter, words, cell.width()))
            x += wide
        painter.setPen(QPen(QColor(LIGHT.border if number == 0 else LIGHT.line), 0.5))
        painter.drawLine(QPointF(box.left(), y + LINE), QPointF(box.right(), y + LINE))
        y += LINE
    return len(lines) - 1


def _paint_year(painter: QPainter, box: QRectF, ratings: Ratings, column: int, rows: Rows) -> None:
    """Paint the colours of the areas in the months up to this one, a square each with the number of its colour."""
    months = range(max(column - MONTHS + 1, 0), column + 1)
    name = box.width() * 0.3
    wide = (box.width() - name) / MONTHS
    painter.setFont(font(7))
    for number, month in enumerate(months):
        painter.setPen(QColor(LIGHT.muted))
        left = box.left() + name + number * wide
        year, of_year = ratings.months[month].split("-")
        if number == 0 or of_year == "01":
            painter.drawText(QRectF(left, box.top(), 3 * wide, LINE), _LEFT, year)
        painter.drawText(QRectF(left, box.top() + LINE, wide, LINE), Qt.AlignmentFlag.AlignCenter, of_year)
        for line, row in enumerate(rows.tolist(), 2):
            level = int(ratings.level[row, month])
            cell = QRectF(left + 0.5, box.top() + line * LINE + 0.5, wide - 1, LINE - 1)
            painter.fillRect(cell, QColor(LIGHT.sunken if level < 0 else FILLS[level]))
            painter.setPen(QColor("#ffffff" if level in (1, 3, 4) else LIGHT.text))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "–" if level < 0 else str(level + 1))
    painter.setFont(font(8))
    painter.setPen(QColor(LIGHT.text))
    for line, row in enumerate(rows.tolist(), 2):
        cell = QRectF(box.left() + 1, box.top() + line * LINE, name - 4, LINE)
        painter.drawText(cell, _LEFT, _elided(painter, ratings.areas.title(row), cell.width()))


def _widths(columns: tuple[TableColumn, ...], wide: float) -> list[float]:
    """Return the points of each column: numbers a fixed width as far as that leaves a third for names and colours."""
    numbers = sum(column.number for column in columns)
    each = min(30.0, wide * 2 / 3 / max(numbers, 1))
    left = wide - numbers * each
    return [each if column.number else left / 2 for column in columns]


def _worst_first(ratings: Ratings, column: int) -> Rows:
    """Return the rows of the areas, the worst first, those not rated last."""
    score = ratings.score[:, column]
    return np.argsort(np.where(np.isnan(score), np.inf, -score), kind="stable")


def _column(sheet: Sheet, ratings: Ratings) -> int:
    return ratings.column(sheet.month)


def _title(sheet: Sheet, ratings: Ratings) -> str:
    words = _(TITLES[ratings.areas.per]).format(month=ratings.months[_column(sheet, ratings)])
    return f"{sheet.project.name} – {words}" if sheet.project.name else words


def _elided(painter: QPainter, words: str, wide: float) -> str:
    return QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, wide)
