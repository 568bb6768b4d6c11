"""A table whose rows belong to the features of a layer by a code: its fields brought over, its sums kept, what has no partner told.

Codes are compared as text without blanks, decimals that a spreadsheet left behind (620802001.0) and full-width signs; digits whose leading
zeros were lost find each other where nothing else bears the code. Of several rows with one code the numbers that count something
(households, persons, weights of incidents, amounts, counts) are added up and of all else the first value is taken; `join.rows` is the
number of rows, such as one a household. Where several features bear one code, the first is given what is counted and the others none, so
that the sums are those of the table; text is given to each of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.fields import number_column
from gridplanner.io.reading import Reading
from gridplanner.io.table import Column, Table
from gridplanner.io.where import is_missing
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.settings import JoinSettings

PREFIX = "join."  # before a field's name: the table's, also where the layer has one of that name
ROWS = "join.rows"  # the number of rows with a feature's code
COUNTED = {
    ("households", "households"), ("households", "persons"), ("incidents", "weight"), ("rail_features", "amount"), ("cordons", "count"),
}  # fmt: skip
EXAMPLES = 3
_DECIMALS = re.compile(r"(\d+)\.0+")
_FOLDED = re.compile(r"(\d(?:\.\d+)?)E\+?(\d{1,2})")
Partners = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Join:
    """A table ready to be joined: `codes` (m,) its different codes, `group` (rows,) the code of each row (-1: blank), `key` the source.

    `fields` maps names as they are asked for (join.…) to the table's own, `counted` are those whose numbers are added up.
    """

    settings: JoinSettings
    key: str
    table: Table
    codes: Texts
    group: Partners
    fields: Mapping[str, str]
    counted: frozenset[str]

    def columns(self, names: Sequence[str], reading: Reading) -> dict[str, Column]:
        """Return (m,) values of fields by code."""
        return {name: self._column(name, reading) for name in names}

    def _column(self, name: str, reading: Reading) -> Column:
        known = self.group >= 0
        if name == ROWS:
            return np.bincount(self.group[known], minlength=len(self.codes)).astype(np.float64)
        field = self.fields[name]
        if name in self.counted:
            numbers, _odd = number_column(self.table, field, self.key, reading)
            there = known & np.isfinite(numbers)
            sums = np.bincount(self.group[there], weights=numbers[there], minlength=len(self.codes))
            return np.where(np.bincount(self.group[there], minlength=len(self.codes)) > 0, sums, np.nan)
        column = self.table.columns[field]
        filled = known & ~is_missing(column)
        if column.dtype == object:
            filled &= np.array([bool(str(value).strip()) for value in column.tolist()], bool)
        rows = np.flatnonzero(filled)
        groups, first = np.unique(self.group[rows], return_index=True)
        values: Column = np.full(len(self.codes), None, object) if column.dtype == object else np.full(len(self.codes), np.nan)
        values[groups] = column[rows[first]]
        return values


@dataclass(frozen=True, eq=False)
class Matched:
    """Which code of the table each feature bears: `partner` (n,) an index of its codes or -1; `bears` (n,) marks the first of each code."""

    partner: Partners
    bears: Bools

    def column(self, values: Column, rows: Partners | slice, *, counted: bool) -> Column:
        """Return the values of features from those of codes: what is counted is 0 without a partner, all else is missing."""
        partner, bears = self.partner[rows], self.bears[rows]
        there = partner >= 0
        out: Column
        if counted:
            out = np.zeros(len(partner))
            out[bears] = values[partner[bears]]
            return out
        out = np.full(len(partner), None, object) if values.dtype == object else np.full(len(partner), np.nan)
        out[there] = values[partner[there]]
        return out


def make_join(settings: JoinSettings, key: str, table: Table, code: str, fields: Mapping[str, str], counted: frozenset[str]) -> Join:
    """Return a table ready to be joined by its column `code`; raises InputError where it holds no codes."""
    words = code_texts(table.columns[code])
    blank = words == ""
    if blank.all():
        raise InputError(_("{file}: the field “{field}” holds no codes to join by").format(file=table.place, field=code))
    codes, first, group = np.unique(words[~blank].astype(str), return_index=True, return_inverse=True)
    order = np.argsort(first)  # in the order of the table
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    groups = np.full(len(table), -1, np.intp)
    groups[~blank] = place[group]
    return Join(settings, key, table, codes[order].astype(object), groups, dict(fields), counted)


def match_codes(join: Join, column: Column) -> Matched:
    """Return which code of the table each of (n,) codes of a layer is."""
    words = code_texts(column)
    number = {str(code): at for at, code in enumerate(join.codes)}
    partner = np.array([number.get(word, -1) for word in words], np.intp)
    taken = set(partner.tolist())
    free = _without_zeros(code for code, at in number.items() if at not in taken)
    if free:
        lone = _without_zeros({str(word) for word, at in zip(words, partner, strict=True) if at < 0 and word})
        for row in np.flatnonzero(partner < 0):
            short = str(words[row]).lstrip("0")
            if short in free and short in lone:
                partner[row] = number[free[short]]
    bears = np.zeros(len(words), bool)
    known = np.flatnonzero(partner >= 0)
    bears[known[np.unique(partner[known], return_index=True)[1]]] = True
    return Matched(partner, bears)


def tell_join(join: Join, matched: Matched, layer: Table, field: str, reading: Reading) -> None:
    """Tell what found no partner, what was added up and what was given once; raises InputError where no code is found on both sides.

    `layer` holds the layer's codes in the column `field`.
    """
    words = code_texts(layer.columns[field])
    table, settings, key = join.table, join.settings, join.key
    reading.tell_notes(key, table)
    said = {"table": table.short, "file": layer.short, "key": settings.key, "to": field}
    alone = np.ones(len(join.codes), bool)
    alone[matched.partner[matched.partner >= 0]] = False
    lonely = matched.partner < 0
    if len(lonely) and lonely.all():
        text = _("{table}: no code of its field “{key}” ({one} …) is one of the field “{to}” of {file} ({other} …); check both fields")
        raise InputError(text.format(**{**said, "table": table.place}, one=_such(join.codes), other=_such(words[words != ""])))
    if alone.any():
        lost = [_lost(join, name, alone, reading) for name in sorted(join.counted)]
        text = N_("{table}: {count} codes are of no feature of {file}, such as {examples}, and were left out")
        if lost:
            text = N_("{table}: {count} codes are of no feature of {file}, such as {examples}, and were left out; with them {lost}")
        values = {**said, "count": int(alone.sum()), "examples": _such(join.codes[alone]), "lost": ", ".join(lost)}
        reading.tell(Level.WARNING, "join", text, values, layer=key)
    if lonely.any():
        text = N_("{file}, rows {rows}: their code has no row in {table}, such as {examples} ({count} in all); joined fields are empty")
        if join.counted or ROWS in join.fields:
            text = N_("{file}, rows {rows}: their code has no row in {table}, such as {examples} ({count} in all); they were counted as 0")
        reading.tell_rows(
            layer, lonely, key, level=Level.WARNING, kind="join", text=text, values={**said, "examples": _such(words[lonely]) or "“”"}
        )
    known = join.group >= 0
    if not known.all():
        text = N_("{file}, rows {rows}: without a code in “{key}”, left out ({count} in all)")
        reading.tell_rows(table, ~known, key, level=Level.WARNING, kind="join", text=text, values={"key": settings.key})
    many = (np.bincount(join.group[known], minlength=len(join.codes)) > 1) & ~alone
    if many.any():
        text = N_("{table}: {count} codes stand in several rows, such as {examples}: numbers were added up, of text the first was taken")
        values = {**said, "count": int(many.sum()), "examples": _such(join.codes[many])}
        reading.tell(Level.INFO, "join", text, values, layer=key)
    again = (matched.partner >= 0) & ~matched.bears
    if again.any():
        text = N_("{file}, rows {rows}: their code is that of another feature before them, such as {examples} ({count} in all)")
        if join.counted or ROWS in join.fields:
            text = N_(
                "{file}, rows {rows}: their code is that of another feature before them, such as {examples} ({count} in all); "
                "what the table counts was given to the first alone"
            )
        reading.tell_rows(layer, again, key, level=Level.WARNING, kind="join", text=text, values={"examples": _such(words[again])})
    zeros = np.flatnonzero((matched.partner >= 0) & (words != join.codes[np.maximum(matched.partner, 0)]))
    if len(zeros):
        text = N_("{table}: {count} codes lost their leading zeros, such as {one} for {other}, and were matched without them")
        one, other = str(join.codes[matched.partner[zeros[0]]]), str(words[zeros[0]])
        count = len(set(matched.partner[zeros].tolist()))
        reading.tell(Level.INFO, "join", text, {**said, "count": count, "one": one, "other": other}, layer=key)


def code_texts(column: Column) -> Texts:
    """Return codes as text fit to be compared (n,), empty where there is none.

    >>> code_texts(np.array([" 620802001.0", "６２０８０２００１", "a 1", 620802001, None, "6.20802001E+8"], object)).tolist()
    ['620802001', '620802001', 'A1', '620802001', '', '620802001']
    """
    out = np.empty(len(column), object)
    out[:] = ""
    if column.dtype.kind in "iub":
        out[:] = column.astype(np.int64).astype(str).tolist()
        return out
    if column.dtype.kind == "f":
        there = np.isfinite(column)
        out[there] = [f"{value:.0f}" if value == np.floor(value) else repr(value) for value in column[there].tolist()]
        return out
    out[:] = [_code(value) for value in column.tolist()]
    return out


def _code(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value == np.floor(value):
        return f"{value:.0f}"
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "")
    text = "".join(text.split()).strip("'\"").upper()
    if text.isdecimal():
        return text
    if found := _DECIMALS.fullmatch(text):
        return found[1]
    if (found := _FOLDED.fullmatch(text)) and len(found[1].replace(".", "")) == int(found[2]) + 1:
        return f"{float(text):.0f}"  # 6.20802E+11 lost its last digits for good, and finds no partner
    return text


def _without_zeros(codes: Iterable[str]) -> dict[str, str]:
    """Return codes of digits by what is left without their leading zeros, where only one of them has that left."""
    found: dict[str, list[str]] = {}
    for code in codes:
        if code.isdecimal() and code.lstrip("0"):
            found.setdefault(code.lstrip("0"), []).append(code)
    return {short: both[0] for short, both in found.items() if len(both) == 1}


def _lost(join: Join, name: str, alone: Bools, reading: Reading) -> str:
    values: Floats = join.columns([name], Reading(reading.crs))[name]
    return f"{name.removeprefix(PREFIX)} {np.nansum(values[alone]):g}"


def _such(codes: Texts) -> str:
    some = list(dict.fromkeys(str(code) for code in codes[:1000] if code))[:EXAMPLES]
    return ", ".join(some)
