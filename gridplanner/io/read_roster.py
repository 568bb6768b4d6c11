"""Leave, wishes and fixed shifts from a table: who (by code), from which day to which, what, and which shift."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import normalize

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.days import days_of
from gridplanner.io.fields import text_column
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools
from gridplanner.model.places import texts
from gridplanner.model.roster import RosterCells

KEY = "roster_cells"
KIND_WORDS = {
    **dict.fromkeys(("", "leave", "absent", "absence", "sick", "holiday", "vacation", "请假", "休假", "年假", "病假", "事假", "婚假",
                     "产假", "探亲假", "公休", "培训", "出差", "缺勤"), "leave"),
    **dict.fromkeys(("fixed", "fix", "set", "固定", "指定", "锁定"), "fixed"),
    **dict.fromkeys(("want", "wish", "wants", "prefer", "希望", "想上", "愿意", "意愿", "申请"), "want"),
    **dict.fromkeys(("avoid", "no", "not", "unwanted", "不希望", "不想", "不愿", "不愿意", "避免", "回避"), "avoid"),
}  # fmt: skip


def read_roster_cells(table: Table, fields: Mapping[str, str], reading: Reading) -> RosterCells:
    """Return leave, wishes and fixed shifts; rows are leave where no kind is mapped, and one day long where no end is given.

    Raises InputError where person or day is not mapped. Rows without them, with a name in place of a code, of a kind that is none, or that
    end before they begin are left out. All are reported.
    """
    for word in ("person", "day"):
        if word not in fields:
            text = _("{file}: [sources.roster_cells] needs fields.{word}; write it as in {example}")
            example = 'fields = { person = "人员编号", day = "日期", until = "截止日期", kind = "类型", shift = "班次" }'
            raise InputError(text.format(file=table.place, word=word, example=example))
    people, shifts = (  # １－０３ is typed as often as 1-03
        texts([normalize("NFKC", str(word)) for word in text_column(table, fields.get(word))]) for word in ("person", "shift")
    )
    nobody: Bools = np.asarray(people == "")
    reading.tell_rows(
        table, nobody, KEY, level=Level.WARNING, kind="value", values={"field": fields["person"]},
        text=N_("{file}, rows {rows}: “{field}” names nobody, left out ({count} in all)"),
    )  # fmt: skip
    named: Bools = np.array([_is_name(word) for word in people], bool)
    reading.tell_rows(
        table, named, KEY, level=Level.WARNING, kind="private", values={"field": fields["person"]},
        text=N_("{file}, rows {rows}: “{field}” holds names; write the code of the person, such as 1-03; left out ({count} in all)"),
    )  # fmt: skip
    nobody = nobody | named
    left_out = N_("{file}, rows {rows}: “{field}” is not a day, such as “{example}”; write 2026-01-05; left out ({count} in all)")
    days, odd = days_of(table, fields["day"], KEY, reading, left_out)
    empty: Bools = np.asarray(days == "") & ~odd & ~nobody
    reading.tell_rows(
        table, empty, KEY, level=Level.WARNING, kind="value", values={"field": fields["day"]},
        text=N_("{file}, rows {rows}: “{field}” names no day, left out ({count} in all)"),
    )  # fmt: skip
    one_day = N_("{file}, rows {rows}: “{field}” is not a day, such as “{example}”; taken as one day long ({count} in all)")
    until, _odd = days_of(table, fields.get("until"), KEY, reading, one_day)
    back: Bools = np.array([bool(first and last) and last < first for first, last in zip(days, until, strict=True)], bool)
    reading.tell_rows(
        table, back, KEY, level=Level.WARNING, kind="value",
        text=N_("{file}, rows {rows}: they end before they begin, left out ({count} in all)"),
    )  # fmt: skip
    words = [str(word).casefold() for word in text_column(table, fields.get("kind"))]
    kinds = texts([KIND_WORDS.get(word, "") for word in words])
    unknown: Bools = np.asarray(kinds == "")
    example = words[int(np.argmax(unknown))][:30] if len(words) else ""
    reading.tell_rows(
        table, unknown, KEY, level=Level.WARNING, kind="value", values={"field": fields.get("kind", ""), "example": example},
        text=N_(
            "{file}, rows {rows}: “{field}” is none of leave (请假), fixed (固定), want (希望), avoid (不希望): “{example}”; "
            "left out ({count} in all)"
        ),
    )  # fmt: skip
    kept = ~nobody & np.asarray(days != "") & ~back & ~unknown
    return RosterCells(people[kept], days[kept], kinds[kept], shifts[kept], until[kept])


def _is_name(word: str) -> bool:
    """Return whether text reads as somebody's name and not as a code: Chinese characters, or several words, and no figure.

    >>> _is_name("王小明"), _is_name("Li Wei"), _is_name("一中队03"), _is_name("A")
    (True, True, False, False)
    """
    plain = not any(letter.isdigit() for letter in word)
    return plain and (" " in word.strip() or any("\u4e00" <= letter <= "\u9fff" for letter in word))
