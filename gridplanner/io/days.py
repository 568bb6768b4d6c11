"""Days as offices write them: 2026-01-05, 2026/1/5, 20260105, 2026年1月5日, or a date of a table program."""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.fields import text_column
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Texts
from gridplanner.model.places import texts

_WIDE = {0xFF10 + i: 0x30 + i for i in range(10)} | {0xFF0D: 0x2D, 0xFF0F: 0x2F, 0xFF0E: 0x2E}
_APART = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?(?:[ T]+\d.*)?")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")


def day_text(value: object) -> str:
    """Return a day as 2026-01-05, empty where a value is none.

    >>> [day_text(word) for word in ("2026/1/5", "20260105", "２０２６年１月５日", "2026-01-05 08:00:00", "2026-02-30", "5.1.26")]
    ['2026-01-05', '2026-01-05', '2026-01-05', '2026-01-05', '', '']
    """
    text = "" if value is None else str(value).strip().translate(_WIDE)
    found = _APART.fullmatch(text) or _TOGETHER.fullmatch(text)
    if not found:
        return ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def days_of(table: Table, field: str | None, key: str, reading: Reading, text: str = "") -> tuple[Texts, Bools]:
    """Return a field as days, empty where it holds none, and where that is so although something stands there.

    The latter rows are told as one finding; `text` is its msgid where it is to say more than that they are not read.
    """
    if field is None:
        return texts([""] * len(table)), np.zeros(len(table), bool)
    column = table.columns[field]
    if column.dtype.kind == "M":
        return texts(np.where(np.isnat(column), "", column.astype("datetime64[D]").astype(str)).tolist()), np.zeros(len(table), bool)
    words = [str(word) for word in text_column(table, field)]
    days = texts([day_text(word) for word in words])
    odd: Bools = np.array([bool(word) and not day for word, day in zip(words, days, strict=True)], bool)
    if odd.any():
        usual = N_("{file}, rows {rows}: “{field}” is not a day, such as “{example}”; write 2026-01-05 ({count} in all)")
        values = {"field": field, "example": words[int(np.argmax(odd))][:30]}
        reading.tell_rows(table, odd, key, level=Level.WARNING, kind="value", text=text or usual, values=values)
    return days, odd
