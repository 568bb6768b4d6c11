"""The roster as a spreadsheet with colours: calendar, who covers what, duties by person, ledger, people on duty together, penalties."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.formula_text import is_risky
from gridplanner.io.xml_text import xml_text
from gridplanner.model.patrol_sheet import date_words
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, RosterPlan
from gridplanner.model.roster_calendar import clock_span, day_of, shift_words, weekday_words
from gridplanner.model.roster_figures import on_duty_together, roster_figures
from gridplanner.model.roster_rules import groups_of
from gridplanner.model.roster_score import duty_counts
from gridplanner.model.roster_words import cell_name, penalty_words, proof_words, squad_words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | float | int
# fills of day and night shifts, as on the screen; black text stands on all of them
DAYS = ("CFE2FF", "FFE2AD", "C6ECD8", "F7CFDB", "CDEAF0")
NIGHTS = ("D8CDF3", "B9C0D9")
AWAY, WEEKEND, SHORT = "E5E7EB", "F3F4F6", "F8B4B4"
MOST_PENALTIES = 2000


def write_roster_book(project: Project, path: Path) -> None:
    """Write the workbook, its calendar first, ready to be printed on A4; raises InputError where there is no roster."""
    from openpyxl import Workbook

    plan = project.roster
    if plan is None:
        raise InputError(_("There is no roster yet; make one first"))
    book = Workbook()
    _calendar(book, project, plan)
    _places(book, plan)
    _duties(book, plan)
    _figures(book, project, plan)
    _together(book, project, plan)
    _penalties(book, plan)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
    except OSError as why:
        raise InputError(_("{file}: cannot be written: {why}; is it open elsewhere?").format(file=path, why=why)) from None


def shift_fills(plan: RosterPlan) -> list[str]:
    """Return the colour of each shift, RRGGBB: nights have their own."""
    found, days, nights = [], 0, 0
    for shift in plan.shifts:
        found.append(NIGHTS[nights % len(NIGHTS)] if shift.night else DAYS[days % len(DAYS)])
        days, nights = days + (not shift.night), nights + shift.night
    return found


def _calendar(book: Workbook, project: Project, plan: RosterPlan) -> None:
    page = book.active
    page.title = _("Calendar")
    fills, figures, group, counts = shift_fills(plan), roster_figures(project, plan), groups_of(plan), duty_counts(plan)
    ends = (date_words(day_of(plan, 0)), date_words(day_of(plan, plan.days - 1)))
    parts = (project.name, _("Roster"), _("{begins}–{ends}").format(begins=ends[0], ends=ends[1]), proof_words(plan))
    _put(page, 1, 1, "  ".join(filter(None, parts)), bold=True)
    for number, known in enumerate(plan.shifts):
        _put(page, 2, 2 + 3 * number, shift_words(known), fill=fills[number])
        _put(page, 2, 3 + 3 * number, clock_span(known))
    _head(page, 3, [_("Squad"), _("Member"), *_day_heads(plan), _("Hours"), _("Nights"), _("Weekend days"), _("Hours in all")])
    row = 4
    for squad, name in enumerate(plan.squads):
        for person in np.flatnonzero(group == squad).tolist():
            _put(page, row, 1, squad_words(plan, name))
            _put(page, row, 2, plan.people[person].code)
            for day in range(plan.days):
                cell = int(plan.cells[person, day])
                fill = fills[cell] if cell >= 0 else AWAY if cell == LEAVE else WEEKEND if _is_weekend(plan, day) else ""
                text = "" if cell == -1 else cell_name(plan, cell)
                _put(page, row, 3 + day, text, fill=fill, bold=bool(plan.fixed[person, day]), middle=True)
            sums = (figures.hours[person], figures.nights[person], figures.weekend_days[person], figures.total_hours[person])
            for number, value in enumerate(sums):
                _put(page, row, 3 + plan.days + number, round(float(value), 2))
            row += 1
        for shift in range(len(fills)):
            _put(page, row, 2, _("{shift}: on duty / needed").format(shift=shift_words(plan.shifts[shift])), fill=fills[shift])
            for day in range(plan.days):
                there, wanted = int(counts[squad, day, shift]), int(plan.demand[squad, day, shift])
                _put(page, row, 3 + day, f"{there} / {wanted}", fill=SHORT if there < wanted else "", middle=True)
            row += 1
    _layout(page, [14, 22, *[11] * plan.days, 9, 9, 9, 12], "C4", wide=plan.days > 9)


def _places(book: Workbook, plan: RosterPlan) -> None:
    page, fills = book.create_sheet(_("Who covers what")), shift_fills(plan)
    _head(page, 1, [_("Squad"), _("Member"), *_day_heads(plan)])
    order = np.argsort(groups_of(plan), kind="stable").tolist()
    for row, person in enumerate(order, 2):
        member = plan.people[person]
        _put(page, row, 1, squad_words(plan, member.squad))
        _put(page, row, 2, member.code)
        for day in range(plan.days):
            cell = int(plan.cells[person, day])
            _put(page, row, 3 + day, span_of(str(plan.places[person, day])), fill=fills[cell] if cell >= 0 else "")
    _layout(page, [14, 12, *[16] * plan.days], "C2", wide=True)


def span_of(places: str) -> str:
    """Return the first and the last of several codes that lie in a row, one code as it is.

    >>> span_of("1-01;1-02;1-03"), span_of("1-01")
    ('1-01 – 1-03', '1-01')
    """
    codes = places.split(";")
    return codes[0] if len(codes) == 1 else f"{codes[0]} – {codes[-1]}"


def _duties(book: Workbook, plan: RosterPlan) -> None:
    page, fills = book.create_sheet(_("By person")), shift_fills(plan)
    _head(page, 1, [_("Member"), _("Squad"), _("Date"), _("Weekday"), _("Duty"), _("From–until"), _("Covers"), _("Hours")])
    row = 2
    for person, member in enumerate(plan.people):
        for day in np.flatnonzero(plan.cells[person] >= 0).tolist():
            cell = int(plan.cells[person, day])
            shift, when = plan.shifts[cell], day_of(plan, day)
            values: tuple[Value, ...] = (
                member.code, squad_words(plan, member.squad), date_words(when), weekday_words(when), shift_words(shift), clock_span(shift),
                str(plan.places[person, day]).replace(";", ", "), shift.hours,
            )  # fmt: skip
            for column, value in enumerate(values, 1):
                _put(page, row, column, value, fill=fills[cell] if column == 5 else "")
            row += 1
    _layout(page, [12, 14, 16, 10, 12, 18, 48, 8], "A2", wide=False)


def _figures(book: Workbook, project: Project, plan: RosterPlan) -> None:
    page, found = book.create_sheet(_("Figures and ledger")), roster_figures(project, plan)
    heads = [_("Member"), _("Squad"), _("Skills"), _("Duties"), _("Hours"), _("Nights"), _("Weekend days"), _("Weekends"), _("Days off"),
             _("Leave"), _("Hours before"), _("Hours in all"), _("Points before"), _("Points"), _("Points in all")]  # fmt: skip
    _head(page, 1, heads)
    for person, member in enumerate(plan.people):
        values: tuple[Value, ...] = (
            member.code, squad_words(plan, member.squad), ", ".join(member.skills), int(found.shifts[person]), float(found.hours[person]),
            int(found.nights[person]), int(found.weekend_days[person]), int(found.weekends[person]), int(found.off[person]),
            int(found.leave[person]), member.hours, float(found.total_hours[person]), member.points, float(found.points[person]),
            float(found.total_points[person]),
        )  # fmt: skip
        for column, figure in enumerate(values, 1):
            _put(page, person + 2, column, figure if isinstance(figure, str) else round(figure, 2))
    _layout(page, [12, 14, 20, *[10] * 12], "B2", wide=True)


def _together(book: Workbook, project: Project, plan: RosterPlan) -> None:
    page, fills = book.create_sheet(_("On duty together")), shift_fills(plan)
    heads = [_("Date"), _("Weekday"), _("Duty"), _("From–until"), _("Squad"), _("Member"), _("Person's name"), _("Work phone"), _("Covers")]
    _head(page, 1, heads)
    row = 2
    for day in range(plan.days):
        when = day_of(plan, day)
        for one in on_duty_together(project, plan, day):
            shift = plan.shifts[one.shift]
            values = (date_words(when), weekday_words(when), shift_words(shift), clock_span(shift), squad_words(plan, one.squad), one.code,
                      one.name, one.phone, span_of(one.place))  # fmt: skip
            for column, value in enumerate(values, 1):
                _put(page, row, column, value, fill=fills[one.shift] if column == 3 else "")
            row += 1
    _layout(page, [16, 10, 12, 18, 14, 12, 14, 16, 20], "A2", wide=True)


def _penalties(book: Workbook, plan: RosterPlan) -> None:
    page = book.create_sheet(_("What it costs"))
    _head(page, 1, [_("Reason"), _("Cost")])
    for row, penalty in enumerate(plan.penalties[:MOST_PENALTIES], 2):
        _put(page, row, 1, penalty_words(plan, penalty))
        _put(page, row, 2, penalty.cost)
    last = min(len(plan.penalties), MOST_PENALTIES) + 2
    _put(page, last, 1, "  ".join(filter(None, (_("Sum"), proof_words(plan)))), bold=True)
    _put(page, last, 2, plan.value, bold=True)
    _layout(page, [90, 12], "A2", wide=False)


def _day_heads(plan: RosterPlan) -> list[str]:
    days = [day_of(plan, day) for day in range(plan.days)]
    return [f"{weekday_words(day)}\n{day.month:02d}-{day.day:02d}" for day in days]


def _is_weekend(plan: RosterPlan, day: int) -> bool:
    return day_of(plan, day).weekday() >= 5


def _head(page: Worksheet, row: int, titles: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Border, Side

    for column, title in enumerate(titles, 1):
        cell = _put(page, row, column, title, bold=True)
        cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), Border(bottom=Side(style="thin", color="FFB0B7C3"))


def _put(page: Worksheet, row: int, column: int, value: Value, *, bold: bool = False, fill: str = "", middle: bool = False) -> Cell:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell: Cell = page.cell(row, column, xml_text(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # a code that begins with = is no formula
        if is_risky(value):
            cell.quotePrefix = True  # nor does it become one where somebody edits the cell
    if bold:
        cell.font = Font(bold=True)
    if fill:
        cell.fill = PatternFill("solid", fgColor=f"FF{fill}")
    if middle:
        cell.alignment = Alignment(horizontal="center")
    return cell


def _layout(page: Worksheet, widths: Sequence[int], freeze: str, *, wide: bool) -> None:
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = freeze
    top = int("".join(sign for sign in freeze if sign.isdigit())) - 1
    page.print_title_rows = f"{top}:{top}"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if wide else "portrait"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.oddFooter.center.text = "&P / &N"
