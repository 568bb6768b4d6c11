"""Long codes as planners say them: of fifteen digits those of the community and the grid."""

from __future__ import annotations

import re

_LONG = re.compile(r"(?<!\d)\d{9,}(\d{3})(?:0(\d\d)|([1-9]\d\d))(?!\d)")


def with_short_codes(words: str) -> str:
    """Return words in which codes stand as in the table of grids; everything else stays.

    >>> with_short_codes("Merge 620802100014007 into grid 620802100014112")
    'Merge 014-07 into grid 014-112'
    """
    return _LONG.sub(lambda code: f"{code[1]}-{code[2] or code[3]}", words)
