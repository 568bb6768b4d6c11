"""Digits, signs and blanks as Chinese keyboards write them, made plain before a value is understood."""

from __future__ import annotations

import re

import numpy as np

from gridplanner.io.table import Column
from gridplanner.model.lines import Floats

_NARROW = (
    {0xFF10 + i: 0x30 + i for i in range(10)}  # ０ to ９
    | {0xFF0E: 0x2E, 0xFF0C: 0x2C, 0xFF0D: 0x2D, 0xFF0B: 0x2B, 0x2212: 0x2D, 0xFF38: 0x58, 0xFF58: 0x78}  # ．，－＋−Ｘｘ
    | dict.fromkeys((0x00A0, 0x3000, 0x2007, 0x202F, 0x0009), 0x20)  # blanks of several kinds
    | dict.fromkeys((0x200B, 0xFEFF, 0x200E, 0x200F, 0x202C, 0x202D))  # marks without width, as phones and web pages leave behind
)
_WIDE = re.compile("[０-９．，－＋−Ｘｘ\u00a0\u3000\u2007\u202f\t\u200b\ufeff\u200e\u200f\u202c\u202d]")


def narrow(text: str) -> str:
    """Return a text with digits as wide as a Chinese character made narrow, and blanks of any kind made plain.

    >>> narrow("１３８\u3000０１")
    '138 01'
    """
    return text.translate(_NARROW) if _WIDE.search(text) else text


def plain_numbers(column: Column) -> Floats | None:
    """Return a column of text as numbers where every value is plainly one, which takes a tenth of the time; None where any is not."""
    try:
        numbers = np.array(list(map(float, column.tolist())))
    except (TypeError, ValueError):
        return None
    return numbers if np.isfinite(numbers).all() else None
