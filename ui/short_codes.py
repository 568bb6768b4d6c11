"""Long codes as planners say them: of fifteen digits those of the community and the grid, of fourteen those of the station and the beat."""

from __future__ import annotations

import re

_BEAT = re.compile(r"(?<!\d)(?:\d{6}(\d\d)0000|\d{9}(\d{3}))(\d\d)(?!\d)")  # behind the code of a police station, or of a community
_LONG = re.compile(r"(?<!\d)\d{9,}(\d{3})(?:0(\d\d)|([1-9]\d\d))(?!\d)")


def with_short_codes(words: str) -> str:
    """Return words in which codes stand as in the table of grids; everything else stays.

    >>> with_short_codes("Merge 620802100014007 into grid 620802100014112")
    'Merge 014-07 into grid 014-112'
    >>> with_short_codes("The beat 62080251000006")
    'The beat 51-06'
    """
    words = _LONG.sub(lambda code: f"{code[1]}-{code[2] or code[3]}", words)
    return _BEAT.sub(lambda code: f"{code[1] or code[2]}-{code[3]}", words)
