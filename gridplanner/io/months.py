"""Months as offices write them: 2026-01, 202601, 2026年1月, or any day of the month."""

from __future__ import annotations

import re

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.fields import text_column
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts

_WIDE = {0xFF10 + i: 0x30 + i for i in range(10)} | {0xFF0D: 0x2D, 0xFF0F: 0x2F, 0xFF0E: 0x2E}
_APART = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:月份?|(?:[-/.]|月)\s*(?:[12]\d|3[01]|0?[1-9])\s*日?(?:[ T]+\d.*)?)?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(?:0[1-9]|[12]\d|3[01])?")
_FIRST, _LAST = 1900, 2100  # years that a month can be of


def month_text(value: object) -> str:
    """Return a month as 2026-01, empty where a value is none.

    >>> [month_text(word) for word in ("2026-1", "202601", "2026年1月", "2026/01/31", "２０２６年１月１５日", "2026", "Q1")]
    ['2026-01', '2026-01', '2026-01', '2026-01', '2026-01', '', '']
    """
    text = "" if value is None else str(value).strip().translate(_WIDE)
    found = _APART.fullmatch(text) or _TOGETHER.fullmatch(text)
    if not found:
        return ""
    year, month = int(found[1]), int(found[2])
    return f"{year}-{month:02d}" if _FIRST <= year <= _LAST and 1 <= month <= 12 else ""


def month_column(table: Table, field: str | None, key: str, reading: Reading, text: str = "") -> tuple[Texts, Bools]:
    """Return a field as months, empty where it holds none, and where that is so although something stands there.

    The latter rows are told as one finding; `text` is its msgid where it is to say more than that they are not read. So are numbers
    of which it cannot be told whether they are January or October.
    """
    out = np.empty(len(table), object)
    out[:] = ""
    if field is None:
        return out, np.zeros(len(table), bool)
    column = table.columns[field]
    doubt = np.zeros(len(table), bool)
    if column.dtype.kind == "M":
        words = np.where(np.isnat(column), "", column.astype("datetime64[M]").astype(str)).astype(object)
    else:
        words = text_column(table, field)
        if column.dtype.kind == "f":
            words, doubt = _without_doubt(words, column)
            reading.tell_rows(
                table, doubt, key, level=Level.WARNING, kind="value", values={"field": field},
                text=N_("{file}, rows {rows}: “{field}” such as 2026.1 may be January or October; write 2026-01 ({count} in all)"),
            )  # fmt: skip
    spelled, row = np.unique(words.astype(str), return_inverse=True)
    months = [month_text(word) for word in spelled.tolist()]
    out[:] = np.array(months, object)[row]
    odd: Bools = np.array([bool(word) and not month for word, month in zip(spelled.tolist(), months, strict=True)], bool)[row]
    if odd.any():
        example = str(words[np.flatnonzero(odd)[0]])[:30]
        usual = N_("{file}, rows {rows}: “{field}” is not a month, such as “{example}”; write 2026-01 ({count} in all)")
        values = {"field": field, "example": example}
        reading.tell_rows(table, odd, key, level=Level.WARNING, kind="value", text=text or usual, values=values)
    return out, odd | doubt


def _without_doubt(words: Texts, column: Floats) -> tuple[Texts, Bools]:
    """Return the words of months that are numbers, such as 2026.1, and where it cannot be told whether that is January or October.

    A table program has cut the last nought of 2026.10; where 2026.01 stands elsewhere in the column it is October, else it is in doubt
    and no word.
    """
    part = np.zeros(len(column), np.int64)
    there = np.isfinite(column)
    part[there] = np.rint(100.0 * (column[there] % 1.0)).astype(np.int64)
    cut: Bools = (part == 10) & (np.char.rpartition(words.astype(str), ".")[:, 2] == "1")
    if ((part >= 1) & (part <= 9)).any():
        return np.where(cut, np.char.add(words.astype(str), "0").astype(object), words), np.zeros(len(column), bool)
    return np.where(cut, "", words), cut
