"""What a look into a file found, as lines for a person and as plain values for a program."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gridplanner.i18n import N_, _

if TYPE_CHECKING:
    from gridplanner.io.source_report import SourceReport

WIDEST = 24  # columns of a value
MOST = 8  # columns of the first rows
SYSTEMS = 3  # systems that coordinates may be in
_GEOMETRY = {"point": N_("points"), "line": N_("lines"), "polygon": N_("areas"), "other": N_("mixed geometry"), "": N_("rows of a table")}
_KINDS = {
    "whole": N_("whole numbers"), "number": N_("numbers"), "text": N_("text"), "date": N_("dates"), "truth": N_("yes or no"),
    "empty": N_("empty"),
}  # fmt: skip


def report_values(report: SourceReport) -> dict[str, Any]:
    """Return a report as nested plain values."""
    values = dataclasses.asdict(report)
    for candidate in values["crs_candidates"]:
        candidate.pop("lonlat")
    for shift, plain in zip(report.shifts, values["shifts"], strict=True):
        plain["why"] = shift.why
    return values


def report_lines(report: SourceReport, rows: int = 3) -> list[str]:
    """Return what is known of one layer, a line each: what it is, its fields, its first rows, and what is wrong."""
    lines = [report.path + (f"  [{report.layer}]" if report.layer else "")]
    if not report.readable:
        return [*lines, *(f"  ! {problem}" for problem in report.problems)]
    what = f"{report.count:,} {_(_GEOMETRY.get(report.geometry, report.geometry))}"
    if report.from_columns:
        places = {word: name for word, name in report.mapping.items() if word in {"x", "y", "lonlat", "wkt"}}
        what += " " + _("by the columns {columns}").format(columns=", ".join(places.values()))
    lines.append("  " + " · ".join(part for part in (what, report.crs, report.encoding) if part))
    if report.role:
        where = f"  where = “{report.where}”" if report.where else ""
        lines.append("  " + _("probably {role}").format(role=f"[sources.{report.role}]") + where)
    lines += _field_lines(report)
    lines += _row_lines(report, rows)
    if report.crs_candidates and (not report.crs or report.crs_candidates[0].axes != "xy"):
        for found in report.crs_candidates[:SYSTEMS]:
            said = " ".join([found.crs, *([f"axes = {found.axes}"] if found.axes != "xy" else [])])
            lines.append("  " + _("coordinates may be {crs}: {why}").format(crs=said, why=found.why))
    readable = [choice for choice in report.encodings if choice.fits]
    if len(readable) > 1 or (report.encodings and not readable):
        for choice in readable or report.encodings:
            sample = ", ".join((*choice.fields, *choice.samples)[:4])
            lines.append("  " + _("text as {name}: {sample}").format(name=choice.name, sample=sample))
    for join in report.joins:
        text = _("{file}: {matched} of its {of} codes in “{key}” are those of “{to}”; it can be joined")
        lines.append("  + " + text.format(file=join.path, matched=join.matched, of=join.of, key=join.key, to=join.to))
    return [*lines, *(f"  ! {shift.why}" for shift in report.shifts), *(f"  ! {problem}" for problem in report.problems)]


def _field_lines(report: SourceReport) -> list[str]:
    """Return a line a field: its name, what it holds, and what it is taken for."""
    meaning = {name: word for word, name in report.mapping.items()}
    if not report.facts:
        return [f"  {_('mapping')}: " + ", ".join(f"{word} = {name}" for word, name in report.mapping.items())] if report.mapping else []
    table = []
    blank = [name for name, fact in report.facts.items() if fact.kind == "empty" and name not in meaning]
    for name, fact in report.facts.items():
        if name in blank:
            continue
        span = fact.holds if fact.private else fact.least if fact.least == fact.most else f"{_cut(fact.least)} … {_cut(fact.most)}"
        filled = "" if fact.filled == 1.0 else f"{100 * fact.filled:.0f} %"
        different = _("{n} different").format(n=fact.distinct) if fact.distinct else ""
        word = f"→ {meaning[name]}" if name in meaning else ""
        table.append((name, _(_KINDS.get(fact.kind, fact.kind)), filled, different, span, word))
    lines = [f"    {line}" for line in _aligned(table)] if table else []
    return [*lines, "    " + _("empty: {fields}").format(fields=", ".join(blank))] if blank else lines


def _row_lines(report: SourceReport, rows: int) -> list[str]:
    if rows <= 0 or not report.rows:
        return []
    blank = {name for name, fact in report.facts.items() if fact.kind == "empty"}
    shown = [at for at, name in enumerate(report.columns) if name not in blank]
    if not shown:
        return []
    table = [tuple(_cut(row[at]) for at in shown[:MOST]) for row in (report.columns, *report.rows[:rows])]
    more = len(shown) - MOST
    head = "  " + _("first rows") + (" " + _("({n} more columns)").format(n=more) if more > 0 else "")
    return [head, *(f"    {line}" for line in _aligned(table))]


def _aligned(table: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines with their columns below each other; Chinese characters are two columns wide."""
    widths = [max(_width(row[column]) for row in table) for column in range(len(table[0]))]
    return ["  ".join(value + " " * (width - _width(value)) for value, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _cut(value: str) -> str:
    value = " ".join(value.split())
    if _width(value) <= WIDEST:
        return value
    while _width(value) > WIDEST - 1:
        value = value[:-1]
    return value + "…"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1 for sign in text)
