"""What was last made of frozen values, for those who ask again: they are known by identity, so that it can never be out of date."""

from __future__ import annotations

from collections import deque
from operator import is_
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """The last few things made, each with the values it was made of; safe to use from several threads.

    >>> kept, given = Recent[str](2), (1, 2)
    >>> kept.keep("made", given), kept.find(given), kept.find((1, 2, 3))
    ('made', 'made', None)
    """

    def __init__(self, most: int) -> None:
        self._kept: deque[tuple[tuple[object, ...], Made]] = deque(maxlen=most)
        self._guard = Lock()

    def find(self, *given: object) -> Made | None:
        """Return what was made of these very values, the latest first; None where that is not known any more."""
        with self._guard:
            return next((made for known, made in reversed(self._kept) if len(known) == len(given) and all(map(is_, known, given))), None)

    def keep(self, made: Made, *given: object) -> Made:
        """Return what was made of these values, once it is kept."""
        with self._guard:
            self._kept.append((given, made))
        return made
