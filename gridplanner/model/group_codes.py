"""Codes and names of beats and patrol zones: what a new one is called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count as numbers

DIGITS = "0123456789"


def next_code(like: Sequence[str], taken: Collection[str] = ()) -> str:
    """Return a code that follows those of some groups: it begins as they do and counts on from the highest; none of `taken`.

    >>> next_code(["K07", "K09"]), next_code(["62080253000001"]), next_code(["west", "east"]), next_code(["09"], {"10"})
    ('K10', '62080253000002', '03', '11')
    """
    stem = like[0].rstrip(DIGITS) if like else ""
    stem = stem if all(code.startswith(stem) for code in like) else ""
    tails = [tail for code in like if (tail := code[len(stem) :]) and not tail.strip(DIGITS)]
    wide = max(map(len, tails), default=2)
    return next(code for n in numbers(max(map(int, tails), default=len(like)) + 1) if (code := f"{stem}{n:0{wide}d}") not in taken)


def next_name(text: str, taken: Collection[str], area: str = "") -> str:
    """Return a name that none of `taken` is: `text` with the first number `n` that is free, and `area`."""
    return next(name for n in numbers(1) if (name := text.format(area=area, n=n)) not in taken)
