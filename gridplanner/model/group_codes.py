"""Codes and names of beats and patrol zones: what a new one is called, and how long codes are said."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from itertools import count as numbers

DIGITS = "0123456789"
LONG = 9  # digits from which a code is said without what all have in common


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


def short_codes(codes: Sequence[str]) -> list[str]:
    """Return codes as planners say them: of long numbers what tells them apart, the area and the two digits at the end.

    Codes stay as they are where they are short, or could be taken for one another.

    >>> short_codes(["62080251000001", "62080252000001", "K1"]), short_codes(["62080251000001", "62080251000012"])
    (['1-01', '2-01', 'K1'], ['01', '12'])
    """
    long = [code for code in codes if len(code) >= LONG and not code.strip(DIGITS)]
    if not long:
        return list(codes)
    common = min(len(os.path.commonprefix(long)), min(map(len, long)) - 2)
    said = [re.sub(r"(?<=\d)0*(\d\d)$", r"-\1", code[common:]) if code in set(long) else code for code in codes]
    return said if len(set(said)) == len(set(codes)) else list(codes)
