"""Text that no spreadsheet computes with: a name may begin with a sign that makes a formula of it (CWE-1236)."""

from __future__ import annotations

import re

_RISKY = re.compile(r"'*[\s\x00-\x1f\ufeff\xa0]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
_MARKED = re.compile(r"'+[\s\x00-\x1f\ufeff\xa0]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


def is_risky(text: str) -> bool:
    """True for text that a spreadsheet would take for a formula, also behind blanks or as full-width signs; a number is none."""
    return bool(text) and _RISKY.match(text) is not None and _NUMBER.fullmatch(text) is None


def neutral(text: str) -> str:
    """Return text for a cell of a CSV file, an apostrophe before what a spreadsheet would take for a formula.

    >>> neutral("=1+1"), neutral("-12.5"), neutral("甲"), meant(neutral("'=x"))
    ("'=1+1", '-12.5', '甲', "'=x")
    """
    return f"'{text}" if is_risky(text) else text


def meant(text: str) -> str:
    """Return the text that a neutral cell stands for."""
    return text[1:] if _MARKED.match(text) else text
