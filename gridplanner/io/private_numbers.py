"""What planning must not know: identity numbers, mobile numbers and names of residents, found in the values and names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.table import Table
from gridplanner.io.wide_digits import narrow

IDENTITY, MOBILE, PERSON = N_("identity numbers"), N_("mobile numbers"), N_("names of persons")
NAMED = ("staff",)  # sources whose people are on duty, and may have names
_MOBILE = re.compile(
    r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d{9}(?!\d)"  # in one piece
    r"|(?<![\d.])(?<!\d[ -])(?:\+?86[ -]?)?1[3-9]\d([ -])\d{4}\1\d{4}(?![ -]?\d)"  # in three
    r"|(?m:^)[ ']*(?:\+?86 *)?1 *[3-9](?: *\d){9} *(?m:$)"  # a value of its own, blanks anywhere
)
_IDENTITY = re.compile(
    r"(?<![\d.])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?![\dXx])"
    r"|(?m:^)[ ']*[1-9](?: *\d){5} *(?:1 *[89]|2 *0)(?: *\d){2} *(?:0 *[1-9]|1 *[0-2])"  # blanks anywhere
    r" *(?:0 *[1-9]|[12] *\d|3 *[01])(?: *\d){3} *[\dXx] *(?m:$)"
)
_SPREADSHEET = re.compile(r"\b\d\.\d{4,}[eE]\+1[0-7]\b")  # a long number as a spreadsheet shows it, 1.3812345678E+10
_CODE = re.compile(r"code|(?<!号)码", re.IGNORECASE)  # 号码 is a number: of a telephone or a person
_IDENTITY_NAME = re.compile(r"身份证|公民身份|证件号|居民身份|id_?card|identity_?(no|num)|sfz(h|hm)?$", re.IGNORECASE)
_PERSON_NAME = re.compile(
    r".*(户主|业主|房主|产权人|联系人|监护人)((的|之)?(姓名|名字|名称?))?|.*姓名|.*(居民|住户|村民|租户|成员|家属)(的)?(姓名|名字)|hz_?xm|"
    r"(resident|owner|house_?holder|head|tenant)_?name|house_?holder", re.IGNORECASE,
)  # fmt: skip
_LARGEST = 9e17  # of what may be an identity number, and fits int64


@dataclass(frozen=True)
class Private:
    """What is private in a column, an English msgid, and the row of the file where it was found first (0: its name says so)."""

    what: str
    row: int


def check_private(table: Table, field: str, key: str, word: str) -> None:
    """Raise InputError where a mapped column holds identity numbers or mobile numbers: planning needs places and counts, not people.

    `word` is what the field is mapped to; eleven digits in a `code` are a code, and work phones of people on duty may be mobile ones.
    Columns whose name says that they hold identity numbers or the names of residents are refused whatever is in them.
    """
    found = private_in(table, field, key, word)
    if found is None:
        return
    if found.row:
        text = _("{file}: the field “{field}” holds {what} (row {row}), which are not read: leave it out of [sources.{key}] fields")
    else:
        text = _("{file}: the field “{field}” holds {what} by its name, which are not read: leave it out of [sources.{key}] fields")
    raise InputError(text.format(file=table.place, field=field, what=_(found.what), row=found.row, key=key))


def private_in(table: Table, field: str, key: str, word: str) -> Private | None:
    """Return what `check_private` refuses in a column mapped to a word of a source; None where it may be read."""
    said = private_name(field, key)
    column = table.columns[field]
    if said and not (said == PERSON and column.dtype.kind in "iuf"):  # numbers are no names: how many there are
        return Private(said, 0)
    if column.dtype.kind in "iuf":
        whole = column[np.isfinite(column)] if column.dtype.kind == "f" else column
        column = whole[(np.abs(whole) >= 1e10) & (np.abs(whole) < _LARGEST)].astype(np.int64).astype(object)
        if not len(column):
            return None
    if column.dtype != object:
        return None
    try:
        joined = "\n".join(column.tolist() if table.columns[field].dtype == object else column.astype(str))
    except TypeError:
        joined = "\n".join([str(value) for value in column if value is not None])
    joined = _unfolded(joined)
    if not _has_long_number(joined):
        return None
    allowed = word == "code" or (key, word) == ("staff", "work_phone")
    for pattern, what in ((_IDENTITY, IDENTITY), *(() if allowed else ((_MOBILE, MOBILE),))):
        if pattern.search(joined):
            rows = (int(number) for number, value in _values(table, field) if pattern.search(_whole(value)))
            return Private(what, next(rows, int(table.rows[0])))
    return None


def private_name(field: str, key: str = "") -> str:
    """Return what a field holds by its name alone, an English msgid; empty where its name says nothing.

    Names of persons are asked after in every source but that of people on duty.

    >>> private_name("户主姓名"), private_name("户主数"), private_name("姓名", "staff"), private_name("身份证号")
    ('names of persons', '', '', 'identity numbers')
    """
    if _IDENTITY_NAME.search(field):
        return IDENTITY
    return PERSON if key not in NAMED and _PERSON_NAME.fullmatch(field.strip()) else ""


def private_unmapped(table: Table, field: str, *, key: str = "", work_phone: bool = False) -> Private | None:
    """Return what is private in a column that nobody mapped yet; eleven digits are a code where its name says so.

    `work_phone` says that it is taken for the work phones of people on duty.

    >>> [bool(_CODE.search(name)) for name in ("网格编码", "GRIDCODE", "手机号码", "tel")]
    [True, True, False, False]
    """
    if work_phone:
        return private_in(table, field, "staff", "work_phone")
    return private_in(table, field, key or "households", "code" if _CODE.search(field) else "address")


def holds_private(table: Table, field: str, *, work_phone: bool = False) -> bool:
    """Return whether a column that nobody mapped yet holds numbers that `check_private` refuses."""
    return private_unmapped(table, field, key="staff", work_phone=work_phone) is not None


def _values(table: Table, field: str) -> Iterator[tuple[int, object]]:
    return zip(table.rows.tolist(), table.columns[field].tolist(), strict=True)


def _has_long_number(text: str) -> bool:
    """True where eleven digits stand in a row, blanks and dashes apart; a pass over bytes, for a million addresses have few or none."""
    data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    data = data[(data != 32) & (data != 45)]
    run = (data >= 48) & (data <= 57)
    for step in (1, 2, 4, 3):  # 2, 4, 8 and 11 digits
        run = run[:-step] & run[step:] if len(run) > step else run[:0]
    return bool(run.any())


def _whole(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else _unfolded(str(value))


def _unfolded(text: str) -> str:
    """Return a text with plain digits, and long numbers that a spreadsheet folded (1.3812345678E+10) written out."""
    text = narrow(text)
    if "E+1" not in text and "e+1" not in text:
        return text
    return _SPREADSHEET.sub(lambda found: f"{float(found[0]):.0f}", text)
