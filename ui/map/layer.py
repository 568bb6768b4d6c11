"""A layer: draws one thing of a project, and says from which values, so that it is redrawn only when one of them is another."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QPainter

from ui.map.scene import Scene, Showing


class Layer(Protocol):
    """One thing on the map. A layer has no state beside caches; it is painted in a thread of its own."""

    @property
    def name(self) -> str:
        """The layer's id, under which it can be hidden."""

    def sources(self, showing: Showing) -> tuple[object, ...]:
        """Return the values the picture is made from, an empty tuple where there is nothing to draw.

        A picture is kept as long as all of them are the same: by identity, text and numbers by value.
        """

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw the layer; calls `scene.breathe()` between pieces of work of more than some milliseconds."""
