"""Text made to fit the fields of a shapefile: whole characters only, in the encoding of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from gridplanner.model.lines import Texts

NAME = 10  # bytes in the name of a field


@dataclass(frozen=True)
class Fitted:
    """Text as it can be written, and the rows that were shortened or lost characters."""

    values: Texts
    shortened: list[int]
    replaced: list[int]


def shorten(text: str, width: int, encoding: str) -> str:
    """Return the longest beginning of a text that takes at most `width` bytes; no character is cut in two.

    >>> shorten("西郊街道", 7, "gbk"), shorten("西郊街道", 7, "utf-8")
    ('西郊街', '西郊')
    """
    if len(text) * 4 <= width:
        return text
    data = text.encode(encoding, "replace")
    if len(data) <= width:
        return text
    low, high = 0, min(len(text), width)
    while low < high:
        middle = (low + high + 1) // 2
        if len(text[:middle].encode(encoding, "replace")) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low]


def whole_items(text: str, separator: str) -> str:
    """Return a list that was cut short without the item that the cut went through, unless it is the only one.

    >>> whole_items("620802001,6208", ","), whole_items("620802", ",")
    ('620802001', '620802')
    """
    return text.rpartition(separator)[0] or text


def short_names(names: Sequence[str], encoding: str) -> list[str]:
    """Return names of fields that take at most ten bytes, cut between characters, and unlike each other whatever their case.

    >>> short_names(["网格编码名称", "网格编码名号", "code"], "gbk")
    ['网格编码名', '网格编码2', 'code']
    """
    own = [shorten(name.encode(encoding, "replace").decode(encoding), NAME, encoding).strip() or "field" for name in names]
    kept = {name.upper() for name, given in zip(own, names, strict=True) if name == given}  # what fits stays as it is
    taken: set[str] = set()
    found = []
    for name, given in zip(own, names, strict=True):
        short, number = name, 1
        while short.upper() in taken or (short.upper() in kept and name != given):
            number += 1
            short = shorten(name, NAME - len(str(number)), encoding) + str(number)
        taken.add(short.upper())
        found.append(short)
    return found


def fit_column(column: Texts, width: int, encoding: str, separator: str = "") -> Fitted:
    """Return a column of text that a field of `width` bytes holds; characters that the encoding lacks become question marks.

    Of lists, with `separator` between their items, whole items are left out. Each text is looked at once, however many rows have it.
    """
    rows = column.tolist()
    fitted = {text: found for text in dict.fromkeys(rows) if (found := _fit(text, width, encoding, separator)) is not None}
    if not fitted:
        return Fitted(column, [], [])
    values = column.copy()
    shortened, replaced = [], []
    for row in compress(range(len(rows)), (text in fitted for text in rows)):
        values[row], short, known = fitted[rows[row]]
        if short:
            shortened.append(row)
        if not known:
            replaced.append(row)
    return Fitted(values, shortened, replaced)


def _fit(text: str, width: int, encoding: str, separator: str) -> tuple[str, bool, bool] | None:
    """Return a text as it fits, whether it was shortened, and whether the encoding knows all of it; None where it fits as it is."""
    if text.isascii() and len(text) <= width and "\x00" not in text:
        return None
    known = text.replace("\x00", "").encode(encoding, "replace").decode(encoding)
    short = shorten(known, width, encoding)
    if short == text:
        return None
    if short != known and separator and not known.startswith(short + separator):
        return whole_items(short, separator), True, known == text
    return short, short != known, known == text
