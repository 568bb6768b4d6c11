"""Sheets for crews as PDF, A4: a map of each route with its stops, then what to do line by line; drawn in points of 1/72 inch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from gridplanner.i18n import N_, _
from gridplanner.model.patrol_sheet import RouteSheet, date_words, sheet_facts
from gridplanner.model.project import Project
from gridplanner.model.street_words import clock_words, distance_words
from gridplanner.model.turn_by_turn import Instruction, Kind
from ui.map.patrol_marks import paint_stop
from ui.printing.route_map import line_pen, paint_map
from ui.printing.turn_signs import paint_sign
from ui.styles import LIGHT, font

PAGE = (595.0, 842.0)  # points of A4, upright
MARGIN, HEAD, NEXT_HEAD, FACTS, FOOT = 36.0, 46.0, 24.0, 34.0, 24.0
MAP_HIGH, MAP_LEAST, LEGEND, GAP = 356.0, 250.0, 20.0, 8.0  # a map is made lower where the table then ends on its page
WIDE, TABLE_HEAD, LINE, PAD = PAGE[0] - 2 * MARGIN, 18.0, 12.0, 5.0  # LINE is from line to line of wrapped words
COLUMNS = (26.0, 38.0, 24.0, 0.0, 56.0, 60.0)  # number, time, sign, instruction (what is left), distance, and the way so far
DOTS = 300  # per inch
TEXT = 9
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

TITLE = N_("Patrol route {code}")


@dataclass(frozen=True)
class SheetPage:
    """One page of a route: its number from 1, and the rows of its instructions that stand on it."""

    number: int
    rows: range


def print_sheets(project: Project, sheets: Sequence[RouteSheet], path: Path) -> None:
    """Write the pages of all sheets into one PDF, each route on pages of its own; an earlier file stays until the new one is whole.

    Raises OSError where it cannot be written.
    """
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        _write_pages(project, sheets, part)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def pages_of(sheet: RouteSheet) -> list[SheetPage]:
    """Return which instructions stand on which page of a sheet."""
    high = [_row_height(sheet, row) for row in sheet.instructions]
    pages: list[SheetPage] = []
    start = 0
    while start < len(high) or not pages:
        left = _table_box(sheet, len(pages) + 1).height() - TABLE_HEAD
        stop = start
        while stop < len(high) and (left >= high[stop] or stop == start):
            left -= high[stop]
            stop += 1
        pages.append(SheetPage(len(pages) + 1, range(start, stop)))
        start = stop
    return pages


def paint_page(painter: QPainter, project: Project, sheet: RouteSheet, page: SheetPage, pages: int, scale: float) -> None:
    """Paint one page of a sheet, with a painter that works in points; `scale` are the dots of a point."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if page.number == 1:
        _paint_head(painter, project, sheet)
        box = QRectF(MARGIN, MARGIN + HEAD + FACTS, WIDE, _map_height(sheet))
        paint_map(painter, box, project, sheet, scale)
        _paint_legend(painter, QRectF(MARGIN, box.bottom(), WIDE, LEGEND), sheet)
    else:
        _paint_next_head(painter, sheet)
    _paint_table(painter, _table_box(sheet, page.number), sheet, page)
    _paint_foot(painter, project, sheet, page, pages)


def sheet_title(sheet: RouteSheet) -> str:
    """Return the title of a sheet."""
    return _(TITLE).format(code=sheet.title)


def _write_pages(project: Project, sheets: Sequence[RouteSheet], path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(DOTS)
    writer.setTitle(sheet_title(sheets[0]) if len(sheets) == 1 else " ".join(filter(None, (project.name, _("Patrol routes")))))
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(_("no room, or no right to write there"))
    scale = DOTS / 72
    painter.scale(scale, scale)
    for number, sheet in enumerate(sheets):
        pages = pages_of(sheet)
        for page in pages:
            if number or page.number > 1:
                writer.newPage()
            paint_page(painter, project, sheet, page, len(pages), scale)
    painter.end()


def _table_box(sheet: RouteSheet, page: int) -> QRectF:
    top = MARGIN + HEAD + FACTS + _map_height(sheet) + LEGEND + GAP if page == 1 else MARGIN + NEXT_HEAD + GAP
    return QRectF(MARGIN, top, WIDE, PAGE[1] - MARGIN - FOOT - top)


def _map_height(sheet: RouteSheet) -> float:
    room = PAGE[1] - 2 * MARGIN - FOOT - HEAD - FACTS - LEGEND - GAP - TABLE_HEAD
    left = room - sum(_row_height(sheet, row) for row in sheet.instructions)
    return round(min(left, MAP_HIGH)) - 1.0 if left - 1.0 >= MAP_LEAST else MAP_HIGH


def _paint_head(painter: QPainter, project: Project, sheet: RouteSheet) -> None:
    painter.fillRect(QRectF(MARGIN, MARGIN + 3, 5, 24), QColor(sheet.colour))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(20, bold=True))
    right = _elided(project.name, font(10), 200.0)
    painter.drawText(QRectF(MARGIN + 13, MARGIN, WIDE - 220, 30), _LEFT, _elided(sheet_title(sheet), painter.font(), WIDE - 220))
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(10))
    painter.drawText(QRectF(MARGIN, MARGIN, WIDE, 30), _RIGHT, right)
    plan = project.patrol
    facts = sheet_facts(sheet, plan.variants if plan is not None else 1)
    top = MARGIN + HEAD - 6
    natural = [max(_wide(title, 7.5), _wide(value, 10, bold=True)) for title, value in facts]
    spare = (WIDE - sum(natural)) / max(len(facts) - 1, 1)
    gap = min(max(spare, 8.0), 34.0)
    x = MARGIN
    for (title, value), wide in zip(facts, natural, strict=True):
        room = min(wide, WIDE + MARGIN - x)
        painter.setPen(QColor(LIGHT.muted))
        painter.setFont(font(8))
        painter.drawText(QRectF(x, top, room + gap, 12), _LEFT, title)
        painter.setPen(QColor(LIGHT.text))
        painter.setFont(font(10, bold=True))
        painter.drawText(QRectF(x, top + 12, room + 2, 15), _LEFT, _elided(value, painter.font(), room + 2))
        x += wide + gap


def _paint_next_head(painter: QPainter, sheet: RouteSheet) -> None:
    painter.fillRect(QRectF(MARGIN, MARGIN + 3, 4, 14), QColor(sheet.colour))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(12, bold=True))
    painter.drawText(QRectF(MARGIN + 11, MARGIN, WIDE - 200, 20), _LEFT, sheet_title(sheet))
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(9))
    crew = _("Crew {n}").format(n=sheet.route.crew + 1)
    said = [sheet.zone, crew] + ([date_words(sheet.date)] if sheet.date is not None else [])
    painter.drawText(QRectF(MARGIN, MARGIN, WIDE, 20), _RIGHT, " · ".join(filter(None, said)))


def _paint_legend(painter: QPainter, box: QRectF, sheet: RouteSheet) -> None:
    """Say what lines and signs on the map mean; the numbers are those of the table's lines."""
    colour, y = QColor(sheet.colour), box.top() + box.height() / 2 + 2
    kinds = {row.kind for row in sheet.instructions}
    painter.setFont(font(8))
    x = box.left()

    def say(words: str, room: float) -> None:
        nonlocal x
        painter.setPen(QColor(LIGHT.muted))
        painter.setFont(font(8))
        painter.drawText(QRectF(x + room, y - 7, 200, 14), _LEFT, words)
        x += room + _wide(words, 8) + 16

    for patrolled, words in ((True, _("Patrolled")), (False, _("Driven only"))):
        if (Kind.PATROL if patrolled else Kind.DRIVE) in kinds:
            painter.setPen(line_pen(colour, patrolled=patrolled))
            painter.drawLine(QPointF(x, y), QPointF(x + 22, y))
            say(words, 27)
    for kind, name, words in (
        (Kind.DEPART, "depot", _("Depot")), (Kind.SITE, "site", _("Key site")), (Kind.REST, "rest", _("Break")),
    ):  # fmt: skip
        if kind in kinds:
            paint_stop(painter, QPointF(x + 6, y), name, colour, LIGHT, scale=0.72)
            say(words, 16)
    painter.setPen(QPen(QColor(LIGHT.zone), 2.0))
    painter.drawLine(QPointF(x, y), QPointF(x + 16, y))
    say(_("Borders of patrol zones"), 21)
    say(_("Numbers: lines of the table"), 0)


def _paint_table(painter: QPainter, box: QRectF, sheet: RouteSheet, page: SheetPage) -> None:
    widths = _widths()
    y = box.top()
    x = box.left()
    painter.setFont(font(8))
    for wide, title, align in zip(
        widths,
        (_("№"), _("Time"), "", _("Instruction"), _("Distance"), _("So far")),
        (_LEFT, _LEFT, _LEFT, _LEFT, _RIGHT, _RIGHT),
        strict=True,
    ):
        painter.setPen(QColor(LIGHT.muted))
        painter.drawText(QRectF(x + 4, y, wide - 8, TABLE_HEAD), align, title)
        x += wide
    y += TABLE_HEAD
    painter.setPen(QPen(QColor(LIGHT.faint), 0.8))
    painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
    so_far = list(accumulate(row.metres for row in sheet.instructions))
    for number in page.rows:
        row = sheet.instructions[number]
        high = _row_height(sheet, row)
        _paint_row(painter, QRectF(box.left(), y, box.width(), high), sheet, row, so_far[number])
        y += high
        painter.setPen(QPen(QColor(LIGHT.line), 0.5))
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))


def _paint_row(painter: QPainter, box: QRectF, sheet: RouteSheet, row: Instruction, so_far: float) -> None:
    widths = _widths()
    stops = row.kind in {Kind.SITE, Kind.REST}
    if stops:
        painter.fillRect(box, QColor(LIGHT.sunken))
    if row.kind is Kind.PATROL:
        painter.fillRect(QRectF(box.left(), box.top(), 2.5, box.height()), QColor(sheet.colour))
    x = box.left()
    cells: list[QRectF] = []
    for wide in widths:
        cells.append(QRectF(x + 4, box.top(), wide - 8, box.height()))
        x += wide
    painter.setFont(font(TEXT))
    painter.setPen(QColor(LIGHT.muted))
    painter.drawText(cells[0], _LEFT, str(row.seq))
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(cells[1], _LEFT, clock_words(row.clock))
    paint_sign(painter, cells[2].center(), row, QColor(sheet.colour))
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(TEXT, bold=stops))
    painter.drawText(cells[3], _LEFT | Qt.TextFlag.TextWordWrap, sheet.words(row, distance=False))
    painter.setFont(font(TEXT))
    if row.kind in {Kind.DRIVE, Kind.PATROL}:
        painter.drawText(cells[4], _RIGHT, distance_words(row.metres))
        painter.setPen(QColor(LIGHT.muted))
        painter.drawText(cells[5], _RIGHT, distance_words(so_far))


def _paint_foot(painter: QPainter, project: Project, sheet: RouteSheet, page: SheetPage, pages: int) -> None:
    y = PAGE[1] - MARGIN - FOOT + 10
    painter.setPen(QPen(QColor(LIGHT.line), 0.5))
    painter.drawLine(QPointF(MARGIN, y), QPointF(MARGIN + WIDE, y))
    box = QRectF(MARGIN, y + 2, WIDE, 14)
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(8))
    plan = project.patrol
    several = plan is not None and plan.variants > 1
    route = sheet.route
    text = _("{length}, of it {patrolled} patrolled and {driven} driven only")
    said = [
        text.format(length=distance_words(sheet.metres), patrolled=distance_words(route.required_m), driven=distance_words(route.dead_m))
    ]
    if several and sheet.days:
        said.append(_("drawn for day {days}").format(days=_(", ").join(str(day + 1) for day in sheet.days[:12])))
    painter.drawText(box, _LEFT, _elided(_("; ").join(said), painter.font(), WIDE - 60))
    painter.drawText(box, _RIGHT, f"{page.number} / {pages}")


def _row_height(sheet: RouteSheet, row: Instruction) -> float:
    """Return how high the line of an instruction is, whose words may take several lines."""
    face = font(TEXT, bold=row.kind in {Kind.SITE, Kind.REST})
    room = QRectF(0, 0, _widths()[3] - 8, 10_000)
    found = QFontMetricsF(face).boundingRect(room, int(Qt.TextFlag.TextWordWrap | _LEFT), sheet.words(row, distance=False))
    return max(found.height(), LINE) + 2 * PAD - 1.0


def _widths() -> list[float]:
    left = WIDE - sum(COLUMNS)
    return [wide or left for wide in COLUMNS]


def _wide(words: str, size: float, *, bold: bool = False) -> float:
    return QFontMetricsF(font(round(size + 0.4), bold=bold)).horizontalAdvance(words)


def _elided(words: str, face: object, wide: float) -> str:
    return QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, wide)  # type: ignore[call-overload, no-any-return]
