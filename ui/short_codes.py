"""Long codes as planners say them: of fifteen digits those of the community and the grid, of fourteen those of the station and the beat."""

from __future__ import annotations

import re

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"  # no year begins with one
# behind the code of a police station, or of a community
_BEAT = re.compile(rf"(?<!\d){_PROVINCE}(?:\d{{4}}(\d\d)0000|\d{{7}}(\d{{3}}))(\d\d)(?!\d)")
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
