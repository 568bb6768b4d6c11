"""The known word nearest to one that is not known: the hint in messages about plan files."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from gridplanner.i18n import _


def nearest_word(word: str, known: Sequence[str]) -> str:
    """Return a hint at the known word nearest to `word`, or all of them where none is near."""
    return near_word(word, known) or _("known are {words}").format(words=", ".join(known))


def near_word(word: str, known: Sequence[str]) -> str:
    """Return a hint at the known word nearest to `word`, empty where none is near."""
    close = difflib.get_close_matches(word, known, n=1)
    return _("did you mean {word}?").format(word=close[0]) if close else ""


def refuse_unknown(name: str, value: str, known: Sequence[str]) -> None:
    """Raise ValueError where a setting has a value that is none of the known words."""
    if value not in known:
        raise ValueError(_("{name} is {value}; {hint}").format(name=name, value=value, hint=nearest_word(value, known)))


def refuse_beyond(name: str, value: float, least: float, most: float) -> None:
    """Raise ValueError where a number is not in a range, its ends included."""
    if not least <= value <= most:
        text = _("{name} is {value}; it must lie between {least:g} and {most:g}")
        raise ValueError(text.format(name=name, value=value, least=least, most=most))
