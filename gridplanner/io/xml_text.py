"""Text as XML 1.0 takes it, and with it spreadsheets: a name read from a broken file may hold signs that both forbid."""

from __future__ import annotations


def xml_text(words: str) -> str:
    r"""Return text without control signs, halves of surrogate pairs, and what is no character.

    >>> xml_text("con\x07trol\ud800")
    'control'
    """
    return "".join(sign for sign in words if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) < 0xE000 and ord(sign) < 0xFFFE)
                   or ord(sign) > 0xFFFF)  # fmt: skip
