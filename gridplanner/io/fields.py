"""Mapped fields: found by name, refused where they hold what planning must not know, and read as numbers or text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.private_numbers import check_private as check_private
from gridplanner.io.private_numbers import holds_private as holds_private
from gridplanner.io.reading import Reading
from gridplanner.io.table import Table
from gridplanner.io.text_width import NAME, shorten
from gridplanner.io.where import is_missing
from gridplanner.io.wide_digits import narrow, plain_numbers
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts

PLACE_WORDS = ("x", "y", "lonlat", "wkt")  # of sources with places: the columns that hold coordinates
KNOWN = {
    "district": ("name",),
    "communities": ("code", "name", "street", "group"),
    "households": ("households", "persons", "address", "group"),
    "roads": ("class", "name", "oneway", "speed", "level", "bridge", "tunnel"),
    "barriers": ("kind", "name"),
    "railway": ("name", "main", "bridge", "tunnel", "track"),
    "stations": ("name", "chainage_km", "line", "track", "system", "height"),
    "rail_posts": ("name", "chainage_km", "line", "track", "system", "height"),
    "rail_features": ("kind", "name", "amount"),
    "key_sites": ("name", "visits", "dwell_min", "from", "to", "weight"),
    "depots": ("name", "kind", "crews"),
    "incidents": ("weight", "month", "kind"),
    "staff": ("name", "role", "work_phone", "unit"),
    "station_areas": ("code", "name"),
    "indicators": ("area", "month", "satisfaction"),
    "checkpoint_sites": ("name", "kind"),
    "cordons": ("name", "count"),
    "roster_cells": ("person", "day", "until", "kind", "shift"),
    "current_grids": ("code", "name"),
    "estates": ("name",),
    "exclusive": ("name",),
    "groups": ("name",),
    "fixed_lines": ("name",),
    "must_stay": ("code", "name"),
}
TABLES = ("staff", "indicators", "roster_cells")  # sources that are read without places, whatever they have
FREE_WORDS = ("indicators",)  # sources whose other words are names of their own: those of the indicators
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NOTHING = {"", "-", "—", "/", "无", "null", "none", "nan", "n/a"}


def check_words(key: str, mapping: Iterable[str]) -> None:
    """Raise InputError where a mapping has a word that its source does not know."""
    known = (*KNOWN[key], *(() if key in TABLES else PLACE_WORDS))
    for word in mapping:
        if word not in known and key not in FREE_WORDS:
            text = _("[sources.{key}] fields has no {word}; known are {words}")
            raise InputError(text.format(key=key, word=word, words=", ".join(known)))


def cut_names(name: str) -> set[str]:
    """Return what shapefiles leave of a field name that is longer than theirs may be: ten bytes, in either encoding.

    >>> sorted(cut_names("社区居委会名称")), cut_names("名称")
    (['社区居', '社区居委会'], set())
    """
    return {shorten(name, NAME, encoding) for encoding in ("utf-8", "gb18030")} - {name}


def find_field(known: Sequence[str], wanted: str, place: str | Path, asked_by: str) -> str:
    """Return the layer's own spelling of a field name; raises InputError with the nearest one where there is none.

    A field is found in whatever case it is written, and by the ten bytes that a shapefile leaves of its name.
    """
    if wanted in known:
        return wanted
    same = [name for name in known if name.lower() == wanted.lower()] or [name for name in known if name in cut_names(wanted)]
    if len(same) == 1:
        return same[0]
    near = difflib.get_close_matches(wanted, known, n=1) or difflib.get_close_matches(
        wanted, known, n=1, cutoff=0.5
    )  # of two characters one
    if near:
        hint = _("did you mean {word}?").format(word=near[0])
    elif known:
        hint = _("its fields are {words}").format(words=", ".join(known))
    else:
        hint = _("it has no fields")
    raise InputError(_("{file}: has no field “{field}” ({asked}); {hint}").format(file=place, field=wanted, asked=asked_by, hint=hint))


def text_column(table: Table, field: str | None) -> Texts:
    """Return a field as text without outer blanks, empty where it is missing or not mapped."""
    out = np.empty(len(table), object)
    out[:] = ""
    if field is None:
        return out
    column = table.columns[field]
    if column.dtype == object:
        try:
            out[:] = list(map(str.strip, column.tolist()))
        except TypeError:  # values that are missing, or no text
            out[:] = ["" if value is None else str(value).strip() for value in column]
        return out
    there = ~is_missing(column)
    if column.dtype.kind == "f" and (column[there] == np.floor(column[there])).all() and (np.abs(column[there]) < 1e15).all():
        out[there] = column[there].astype(np.int64).astype(str).astype(object)  # a code that went through Excel
    else:
        out[there] = column[there].astype(str).astype(object)
    return out


def number_column(table: Table, field: str | None, key: str, reading: Reading) -> tuple[Floats, Bools]:
    """Return a field as float64 with NaN where there is no number, and where text stood that is none (told as one issue)."""
    if field is None:
        return np.full(len(table), np.nan), np.zeros(len(table), bool)
    column = table.columns[field]
    if column.dtype.kind in "iufb":
        numbers = column.astype(np.float64)
        return numbers, np.zeros(len(table), bool)
    plain = plain_numbers(column)
    if plain is not None:
        return plain, np.zeros(len(table), bool)
    numbers = np.array([_number(value) for value in column], np.float64)
    odd = np.isnan(numbers) & np.array([value is not None and str(value).strip().lower() not in _NOTHING for value in column], bool)
    if odd.any():
        example = str(column[np.flatnonzero(odd)[0]])[:30]
        text = N_("{file}, rows {rows}: “{field}” is not a number, such as “{example}” ({count} in all)")
        values = {"field": field, "example": example}
        reading.tell_rows(table, odd, key, level=Level.WARNING, kind="value", text=text, values=values)
    return numbers, odd


def _number(value: object) -> float:
    """Return the number a text begins with: full-width digits, thousands separators and a unit behind (12户) are understood."""
    if value is None:
        return np.nan
    if isinstance(value, int | float):
        return float(value)
    text = narrow(str(value)).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    found = _NUMBER.match(text)
    if not found or (text[found.end() :].strip() and any(sign.isdigit() for sign in text[found.end() :])):
        return np.nan
    return float(found[0])


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
