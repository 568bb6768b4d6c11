"""What is painted and where: the values that the canvas hands to the painting thread, and what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from shiboken6 import Shiboken

from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from ui.latest import Obsolete
from ui.map.view import View
from ui.styles import Theme

# lines in one call of Qt, which holds the interpreter lock for so long; round ends cost ten times as much
CHUNK, ROUND_CHUNK = 2500, 300


@dataclass(frozen=True, eq=False)
class Showing:
    """What the map shows: a project, the grids that are selected, the layers that are hidden, the look and the language.

    `selected` is the grid chosen last, to which tools give units; `others` are selected beside it.
    """

    project: Project
    theme: Theme
    language: str
    selected: int | None = None
    hidden: frozenset[str] = frozenset()
    show_units: bool = False
    others: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Request:
    """One picture wanted: what, from where, and how many pixels of the screen are one of ours."""

    showing: Showing
    view: View
    ratio: float


@dataclass(frozen=True, eq=False)
class Frame:
    """A finished picture and the view it was painted for."""

    image: QImage
    view: View
    showing: Showing
    seconds: float


class Scene:
    """What a layer needs to paint one picture."""

    def __init__(self, request: Request, is_obsolete: Callable[[], bool]) -> None:
        self.showing = request.showing
        self.view = request.view
        self.theme = request.showing.theme
        self.ratio = request.ratio
        self._is_obsolete = is_obsolete

    def breathe(self) -> None:
        """Let other threads have their turn, and stop here where nobody waits for the picture any more."""
        time.sleep(0)
        if self._is_obsolete():
            raise Obsolete

    def world(self, origin: tuple[float, float]) -> QTransform:
        """Return the transform from metres around `origin` to pixels, for paths that stay the same from picture to picture."""
        x, y = self.view.point_to_screen(*origin)
        return QTransform(self.view.scale, 0, 0, -self.view.scale, x, y)

    def draw_pieces(self, painter: QPainter, pieces: Floats) -> int:
        """Draw the visible line pieces (m, 4), given in metres, with the painter's pen; return how many were in sight."""
        left, bottom, right, top = self.view.bounds
        sight = (np.maximum(pieces[:, 0], pieces[:, 2]) >= left) & (np.minimum(pieces[:, 0], pieces[:, 2]) <= right)
        sight &= (np.maximum(pieces[:, 1], pieces[:, 3]) >= bottom) & (np.minimum(pieces[:, 1], pieces[:, 3]) <= top)
        self.breathe()
        lines = np.ascontiguousarray(self.view.to_screen(pieces[sight].reshape(-1, 2)))
        count = len(lines) // 2
        chunk = ROUND_CHUNK if painter.pen().capStyle() == Qt.PenCapStyle.RoundCap else CHUNK
        for start in range(0, count, chunk):
            part = lines[2 * start : 2 * (start + chunk)]
            painter.drawLines(Shiboken.wrapInstance(part.ctypes.data, QLineF), len(part) // 2)  # type: ignore[call-overload]
            self.breathe()
        return count
