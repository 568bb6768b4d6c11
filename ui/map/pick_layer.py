"""Streets that the planner picked by hand, at the step of the patrol routes: a ring where one must be patrolled, a barred one where not."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from ui.map.patrol_marks import NEED_NOT, PICKED, paint_stop
from ui.map.scene import Scene, Showing


class PickLayer:
    """Lies over the routes, for a pick is a wish that they may not fulfil as yet."""

    name = "patrol-picks"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.picks,) if showing.patrol_picks and showing.project.picks else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        picks, region = scene.showing.project.picks, scene.region
        places = scene.view.to_screen(np.array([(pick.x, pick.y) for pick in picks]))
        for (x, y), pick in zip(places.tolist(), picks, strict=True):
            if region.left - 10 < x < region.right + 10 and region.top - 10 < y < region.bottom + 10:
                paint_stop(painter, QPointF(x, y), PICKED if pick.times else NEED_NOT, QColor(scene.theme.accent), scene.theme)
                scene.breathe()
