"""Tells in the status line where the pointer is: in metres and by the posts of a railway at once, in degrees once these are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridplanner.io.degrees import degrees_words, to_degrees
from ui.latest import Latest

if TYPE_CHECKING:
    from ui.map.canvas import Canvas
    from ui.status_line import StatusLine

Place = tuple[float, float]


class PlaceTeller(QObject):
    """Asks a thread for degrees: the library for them takes long to load, and some coordinate systems long to prepare."""

    def __init__(
        self, canvas: Canvas, status: StatusLine, crs: Callable[[], str], parent: QObject | None = None,
        chainage: Callable[[Place], str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._status, self._crs, self._chainage = status, crs, chainage
        self._place: Place | None = None
        self._degrees = ""
        self._asks = Latest(degrees_at, "degrees", self)
        self._asks.answered.connect(self._take_degrees)
        canvas.pointed.connect(self._take_place)

    def close(self) -> None:
        """End the thread."""
        self._asks.close()

    def _take_place(self, place: Place | None) -> None:
        self._place = place
        if place is None:
            self._degrees = ""
        else:
            self._asks.ask((self._crs(), place), urgent=False)
        self._tell()

    def _take_degrees(self, answer: tuple[Place, Place | None]) -> None:
        _place, found = answer
        if self._place is not None:  # the pointer may be a little farther by now; the next answer is on its way
            self._degrees = degrees_words(*found) if found is not None else ""
            self._tell()

    def _tell(self) -> None:
        words = ""
        if self._place is not None:
            words = f"E {self._place[0]:,.1f}   N {self._place[1]:,.1f}".replace(",", "\u2009")
            words += f"   ·   {self._degrees}" if self._degrees else ""
            if self._chainage is not None and (read := self._chainage(self._place)):
                words = f"{read}   ·   {words}"
        self._status.fact("place", words)


def degrees_at(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[tuple[Place, Place | None]]:
    """Yield a place (of a CRS and a place) with its longitude and latitude, None where it has none."""
    assert isinstance(request, tuple)
    crs, place = request
    yield place, to_degrees(crs, *place)
