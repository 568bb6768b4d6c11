"""Text made to fit the fields of a shapefile: whole characters only, in the encoding of the file."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.lines import Texts


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


def fit_column(column: Texts, width: int, encoding: str, separator: str = "") -> Fitted:
    """Return a column of text that a field of `width` bytes holds; characters that the encoding lacks become question marks.

    Of lists, with `separator` between their items, whole items are left out.
    """
    values = column.copy()
    shortened, replaced = [], []
    for row, text in enumerate(column):
        if text.isascii() and len(text) <= width and "\x00" not in text:
            continue
        known = text.replace("\x00", "").encode(encoding, "replace").decode(encoding)
        if known != text:
            replaced.append(row)
        values[row] = shorten(known, width, encoding)
        if values[row] != known:
            shortened.append(row)
            if separator and not known.startswith(values[row] + separator):
                values[row] = whole_items(values[row], separator)
    return Fitted(values, shortened, replaced)
