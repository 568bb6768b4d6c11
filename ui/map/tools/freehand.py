"""A line drawn with the button held: a place every few pixels."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Floats
from ui.map.tools.tool import Pointer

STEP = 5.0  # pixels between two places


class Freehand:
    """The places that the hand passed, from where the button was pressed."""

    def __init__(self, press: Pointer) -> None:
        self._places = [(press.x, press.y)]

    @property
    def line(self) -> Floats:
        """The line so far, (k, 2)."""
        return np.array(self._places)

    def follow(self, pointer: Pointer, step: float = STEP) -> Floats:
        """Go on to the pointer once it is far enough from the last place, and return the line with the pointer at its end."""
        x, y = self._places[-1]
        if np.hypot(pointer.x - x, pointer.y - y) * pointer.scale >= step:
            self._places.append((pointer.x, pointer.y))
            return self.line
        return np.vstack((self.line, (pointer.x, pointer.y)))
