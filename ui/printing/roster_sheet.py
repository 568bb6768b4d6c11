"""The roster on paper: A4 across, a page or more for each squad: people and days, what each shift has and needs, and signatures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from gridplanner.errors import InputError
from gridplanner.i18n import _, ngettext
from gridplanner.io.roster_book import span_of
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, RosterPlan
from gridplanner.model.roster_calendar import clock_span, day_of, shift_words, weekday_words
from gridplanner.model.roster_figures import roster_figures
from gridplanner.model.roster_words import squad_words
from ui.panels.roster_painting import fill_of
from ui.roster_rows import rows_of_roster
from ui.roster_words import marks_of, span_words
from ui.styles import LIGHT, font

PAGE = (842.0, 595.0)  # points of A4, across
MARGIN, HEAD, DAYS_HEAD, LINE, HIGHEST, DEMAND, LEGEND, SIGN, FOOT = 30.0, 46.0, 26.0, 18.0, 26.0, 14.0, 20.0, 34.0, 16.0
CODE, SUM = 74.0, 42.0  # points of the column of codes, of those of hours, nights and weekend days
MOST_DAYS = 31  # on a page
PLACED = 58.0  # points of a day from which there is room for the place beside the shift
DOTS = 300  # per inch
WIDE = PAGE[0] - 2 * MARGIN
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, eq=False)
class RosterSheet:
    """What is printed: a project that has a roster, the day of printing in words, and where to."""

    project: Project
    today: str
    path: Path

    @property
    def plan(self) -> RosterPlan:
        """The roster; raises InputError where there is none."""
        if self.project.roster is None or not len(self.project.roster):
            raise InputError(_("There is no roster to print yet; make one first"))
        return self.project.roster


@dataclass(frozen=True)
class RosterPage:
    """The people (rows) and days (columns) of one page, all of one squad; the `last` page of a squad holds its signatures."""

    squad: int
    people: tuple[int, ...]
    days: range
    last: bool


def print_roster(sheet: RosterSheet) -> None:
    """Write the roster as PDF; an earlier file stays until the new one is whole. Raises InputError where it cannot be written."""
    plan, part = sheet.plan, sheet.path.with_name(f".{sheet.path.stem}.part{sheet.path.suffix}")
    try:
        sheet.path.parent.mkdir(parents=True, exist_ok=True)
        _write(sheet, plan, part)
        part.replace(sheet.path)
    except OSError as why:
        raise InputError(_("{file}: cannot be written: {why}").format(file=sheet.path, why=why)) from None
    finally:
        with suppress(OSError):  # of a folder that cannot be
            part.unlink(missing_ok=True)


def pages_of(plan: RosterPlan) -> list[RosterPage]:
    """Return the pages: each squad begins a new one, and so do days and people beyond what one page holds."""
    rows = rows_of_roster(plan)
    lines = max(int(_room(plan) // LINE), 1)
    parts = -(-plan.days // MOST_DAYS)
    each = -(-plan.days // parts)
    pages = []
    for squad in range(len(rows.squads)):
        members = rows.members(squad).tolist()
        blocks = [tuple(members[at : at + lines]) for at in range(0, len(members), lines)]
        spans = [range(at, min(at + each, plan.days)) for at in range(0, plan.days, each)]
        made = [(block, span) for span in spans for block in blocks]
        pages += [RosterPage(squad, block, span, number == len(made) - 1) for number, (block, span) in enumerate(made)]
    return pages


def used_shifts(plan: RosterPlan) -> list[int]:
    """Return the shifts (rows) that anybody needs or works; the others are not printed."""
    rows = rows_of_roster(plan)
    return [shift for shift in range(len(plan.shifts)) if rows.need[..., shift].any() or rows.have[..., shift].any()]


def _room(plan: RosterPlan) -> float:
    """Return the points that a page has for the lines of people."""
    return PAGE[1] - 2 * MARGIN - HEAD - DAYS_HEAD - DEMAND * len(used_shifts(plan)) - LEGEND - SIGN - FOOT


def paint_page(painter: QPainter, sheet: RosterSheet, page: RosterPage, number: int, pages: int) -> None:
    """Paint one page with a painter that works in points."""
    plan = sheet.plan
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_head(painter, sheet, plan, page)
    wide = (WIDE - CODE - 3 * SUM) / max(len(page.days), 1)
    top = MARGIN + HEAD
    _paint_days(painter, plan, page, top, wide)
    y, high = top + DAYS_HEAD, min(max(_room(plan) / max(len(page.people), 1), LINE), HIGHEST)
    figures = roster_figures(sheet.project, plan)
    for person in page.people:
        sums = f"{figures.hours[person]:g}", str(figures.nights[person]), str(figures.weekend_days[person])
        _paint_person(painter, plan, page, person, QRectF(MARGIN, y, wide, high), sums)
        y += high
    _paint_demand(painter, plan, page, y, wide)
    bottom = PAGE[1] - MARGIN - FOOT
    if page.last:
        _paint_signatures(painter, bottom - SIGN)
    _paint_legend(painter, plan, bottom - SIGN - LEGEND)
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(8))
    painter.drawText(QRectF(MARGIN, bottom, WIDE, FOOT), _LEFT, _("Printed {date}").format(date=sheet.today))
    painter.drawText(QRectF(MARGIN, bottom, WIDE, FOOT), _RIGHT, f"{number} / {pages}")


def _write(sheet: RosterSheet, plan: RosterPlan, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(DOTS)
    writer.setTitle(" ".join(filter(None, (sheet.project.name, _("Duty roster"), span_words(plan)))))
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(0, 0, 0, 0)))
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(_("no room, or no right to write there"))
    painter.scale(DOTS / 72, DOTS / 72)
    pages = pages_of(plan)
    for number, page in enumerate(pages, 1):
        if number > 1:
            writer.newPage()
        paint_page(painter, sheet, page, number, len(pages))
    painter.end()


def _paint_head(painter: QPainter, sheet: RosterSheet, plan: RosterPlan, page: RosterPage) -> None:
    rows = rows_of_roster(plan)
    title = _("Duty roster") + (f" · {squad_words(plan, rows.squads[page.squad])}" if len(rows.squads) > 1 else "")
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(18, bold=True))
    painter.drawText(QRectF(MARGIN, MARGIN, WIDE - 220, 24), _LEFT, _elided(painter, title, WIDE - 220))
    painter.setPen(QColor(LIGHT.muted))
    painter.setFont(font(10))
    painter.drawText(QRectF(MARGIN, MARGIN, WIDE, 24), _RIGHT, _elided(painter, sheet.project.name, 210))
    members = len(rows.members(page.squad))
    said = [span_words(plan), ngettext("{n} person", "{n} people", members).format(n=members)]
    painter.drawText(QRectF(MARGIN, MARGIN + 25, WIDE, 15), _LEFT, " · ".join(said))


def _paint_days(painter: QPainter, plan: RosterPlan, page: RosterPage, top: float, wide: float) -> None:
    painter.setFont(font(8))
    for column, day in enumerate(page.days):
        at = day_of(plan, day)
        box = QRectF(MARGIN + CODE + column * wide, top, wide, DAYS_HEAD)
        if at.weekday() >= 5:
            painter.fillRect(box, QColor(LIGHT.sunken))
        painter.setPen(QColor(LIGHT.muted))
        painter.drawText(QRectF(box.left(), top + 1, wide, 11), _MIDDLE, weekday_words(at))
        painter.setPen(QColor(LIGHT.text))
        first = column == 0 or at.day == 1 or wide >= PLACED
        words = _("{month}-{day}").format(month=at.month, day=at.day) if first else str(at.day)
        painter.drawText(QRectF(box.left() - 4, top + 12, wide + 8, 13), _MIDDLE, words)
    painter.setPen(QColor(LIGHT.muted))
    painter.drawText(QRectF(MARGIN + 4, top, CODE - 8, DAYS_HEAD), _LEFT, _("Member"))
    for number, words in enumerate((_("Hours"), _("Nights"), _("Weekend"))):
        box = QRectF(MARGIN + WIDE - (3 - number) * SUM, top, SUM, DAYS_HEAD)
        painter.drawText(box, _MIDDLE, _elided(painter, words, SUM - 2))
    _rule(painter, top + DAYS_HEAD, LIGHT.faint, 0.8)


def _paint_person(painter: QPainter, plan: RosterPlan, page: RosterPage, person: int, place: QRectF, sums: Sequence[str]) -> None:
    """Paint the line of a person; `place` is its left end, as wide as a day."""
    marks = marks_of(plan)
    y, wide, high = place.top(), place.width(), place.height()
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(font(9, bold=True))
    painter.drawText(QRectF(MARGIN + 4, y, CODE - 8, high), _LEFT, _elided(painter, plan.people[person].code, CODE - 8))
    for column, day in enumerate(page.days):
        box = QRectF(MARGIN + CODE + column * wide, y, wide, high)
        value = int(plan.cells[person, day])
        if day_of(plan, day).weekday() >= 5:
            painter.fillRect(box, QColor(LIGHT.sunken))
        inner = box.adjusted(1, 1.5, -1, -1.5)
        if value >= 0:
            painter.fillRect(inner, fill_of(plan, value, LIGHT))
        elif value == LEAVE:
            painter.fillRect(inner, QBrush(QColor(LIGHT.faint), Qt.BrushStyle.BDiagPattern))
        words, where = marks.of(value), span_of(str(plan.places[person, day]))
        painter.setPen(QColor(LIGHT.text))
        painter.setFont(font(9, bold=True))
        if value >= 0 and where and wide >= PLACED:
            painter.drawText(inner.adjusted(5, 0, 0, 0), _LEFT, words)
            painter.setFont(font(7))
            painter.drawText(inner.adjusted(20, 0, -2, 0), _LEFT, _elided(painter, where, inner.width() - 22))
        else:
            painter.drawText(inner, _MIDDLE, words)
    painter.setFont(font(8))
    for number, words in enumerate(sums):
        painter.drawText(QRectF(MARGIN + WIDE - (3 - number) * SUM, y, SUM, high), _MIDDLE, words)
    _rule(painter, y + high, LIGHT.line, 0.5)


def _paint_demand(painter: QPainter, plan: RosterPlan, page: RosterPage, y: float, wide: float) -> None:
    """Write how many of the squad each shift has and needs, bold where too few."""
    rows = rows_of_roster(plan)
    for shift in used_shifts(plan):
        painter.setFont(font(8))
        painter.setPen(QColor(LIGHT.muted))
        painter.drawText(QRectF(MARGIN + 4, y, CODE - 8, DEMAND), _LEFT, _elided(painter, shift_words(plan.shifts[shift]), CODE - 8))
        for column, day in enumerate(page.days):
            have, need = int(rows.have[page.squad, day, shift]), int(rows.need[page.squad, day, shift])
            painter.setPen(QColor(LIGHT.bad if have < need else LIGHT.muted))
            painter.setFont(font(8, bold=have < need))
            box = QRectF(MARGIN + CODE + column * wide, y, wide, DEMAND)
            painter.drawText(box, _MIDDLE, f"{have}/{need}")
        y += DEMAND


def _paint_legend(painter: QPainter, plan: RosterPlan, y: float) -> None:
    marks = marks_of(plan)
    x = MARGIN
    painter.setFont(font(8))
    entries = [(marks.shifts[row], f"{shift_words(plan.shifts[row])} {clock_span(plan.shifts[row])}", row) for row in used_shifts(plan)]
    for mark, words, shift in [*entries, (marks.leave, _("leave"), LEAVE), ("2/3", _("on duty / needed"), LEAVE - 1)]:
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words)
        box = QRectF(x, y + 3, 20, LEGEND - 7)
        if shift >= 0:
            painter.fillRect(box, fill_of(plan, shift, LIGHT))
        elif shift == LEAVE:
            painter.fillRect(box, QBrush(QColor(LIGHT.faint), Qt.BrushStyle.BDiagPattern))
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(box, _MIDDLE, mark)
        painter.setPen(QColor(LIGHT.muted))
        painter.drawText(QRectF(x + 25, y, wide + 4, LEGEND), _LEFT, words)
        x += 25 + wide + 18


def _paint_signatures(painter: QPainter, y: float) -> None:
    each = WIDE / 3
    painter.setFont(font(9))
    for number, words in enumerate((_("Made by"), _("Approved by"), _("Date"))):
        left = MARGIN + number * each
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words)
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(QRectF(left, y + 10, wide + 6, 16), _LEFT, words)
        painter.setPen(QPen(QColor(LIGHT.muted), 0.6))
        painter.drawLine(QPointF(left + wide + 8, y + 25), QPointF(left + each - 24, y + 25))


def _rule(painter: QPainter, y: float, colour: str, wide: float) -> None:
    painter.setPen(QPen(QColor(colour), wide))
    painter.drawLine(QPointF(MARGIN, y), QPointF(MARGIN + WIDE, y))


def _elided(painter: QPainter, words: str, wide: float) -> str:
    return QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, wide)
