"""Community codes made fit for grid codes: twelve digits each, no two alike (contracts.md, codes)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

FIRST_MADE_UP = 900000000001
_ZERO_BEHIND = re.compile(r"\.0+$")


@dataclass(frozen=True)
class CleanCodes:
    """Twelve-digit codes, the names that go with them, and the rows whose code was made up."""

    codes: list[str]
    names: list[str]
    made_up: list[int]


def clean_codes(codes: Sequence[str], names: Sequence[str]) -> CleanCodes:
    """Return codes of twelve digits without repeats.

    Twelve digits stay. Shorter, longer or repeated digit codes take the next free three digits after their first nine (padded with zeros);
    other text becomes the name where there is none, and the community is numbered from 900000000001.

    >>> clean_codes(["620802001003", "620802001003", "6208", "西街", ""], ["", "", "", "", "东街"]).codes
    ['620802001003', '620802001004', '620800000001', '900000000001', '900000000002']
    """
    words = [_ZERO_BEHIND.sub("", code.strip()) for code in codes]
    taken: set[str] = set()
    kept = [False] * len(words)
    for row, word in enumerate(words):
        if len(word) == 12 and _digits(word) and word not in taken:
            taken.add(word)
            kept[row] = True
    out, out_names, made_up = [], [], []
    for row, word in enumerate(words):
        name = names[row]
        if not kept[row]:
            made_up.append(row)
            name = name or ("" if _digits(word) else word)
            word = _next_free(word, taken) if _digits(word) else _numbered(taken)
            taken.add(word)
        out.append(word)
        out_names.append(name)
    return CleanCodes(out, out_names, made_up)


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _next_free(word: str, taken: set[str]) -> str:
    stem = word[:9].ljust(9, "0")
    start = int(word[9:12].ljust(3, "0")) if len(word) == 12 else 0
    for step in range(1, 1000):
        code = f"{stem}{(start + step - 1) % 999 + 1:03d}"
        if code not in taken:
            return code
    return _numbered(taken)


def _numbered(taken: set[str]) -> str:
    number = FIRST_MADE_UP
    while str(number) in taken:
        number += 1
    return str(number)
