"""One line of the change log: what became what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 120  # characters of a value; a log is read, not restored from
MOST = 20  # lines of one change, the rest is summed up


@dataclass(frozen=True)
class ChangeLine:
    """One thing that became another: `what` it is (grid, units, rule, layer, setting …), which one, its field, and both values as text.

    `what` and `field` are words of the program in English, the same in every language (`change_words` tells them); the values are data.
    Of `units` moved, `ref` says how many and with how many households, as in `units=12 households=34`; of `more`, how many lines it
    stands for.
    """

    what: str
    ref: str
    field: str
    before: str
    after: str


def bounded(lines: Sequence[ChangeLine], most: int = MOST) -> tuple[ChangeLine, ...]:
    """Return the first lines, and one that counts the rest where there are more than `most`."""
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], ChangeLine("more", str(len(lines) - most + 1), "lines", "", ""))


def shortened(text: str) -> str:
    r"""Return text of a value, cut where it is longer than a line of the log bears.

    >>> len(shortened("x" * 500)), shortened("a\nb\x1b[2J")
    (120, 'a b·[2J')
    """
    flat = text if text.isprintable() else "".join(sign if sign.isprintable() else "·" for sign in " ".join(text.split()))
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…"


def counted(before: int, after: int, what: str, field: str = "number", ref: str = "") -> tuple[ChangeLine, ...]:
    """Return the line of a number that changed; none where it did not."""
    return (ChangeLine(what, ref, field, str(before), str(after)),) if before != after else ()
