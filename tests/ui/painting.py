"""The map's picture without a window: what the painting thread hands out, put together as the canvas does."""

from __future__ import annotations

from PySide6.QtGui import QImage

from ui.map.painter import Painter
from ui.map.picture import Picture
from ui.map.scene import Frame, Request, Showing
from ui.map.view import View


class Painting:
    """One painter and the picture that it keeps up to date."""

    def __init__(self, view: View) -> None:
        self._view, self._painter, self._picture = view, Painter(), Picture()

    def show(self, showing: Showing) -> QImage:
        """Return a copy of the picture of what is shown."""
        for news in self._painter.frames(Request(showing, self._view, 1.0), lambda: False):
            if isinstance(news, Frame):
                self._picture.take(news)
            else:
                self._picture.mend(news)
        assert self._picture.frame is not None
        return self._picture.frame.image.copy()
