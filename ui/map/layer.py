"""A layer: draws one thing of a project, and says from which values, so that it is redrawn only when one of them is another."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtGui import QPainter

from gridplanner.model.lines import Floats
from ui.map.scene import Changed, Scene, Showing


class Layer(Protocol):
    """One thing on the map. A layer has no state beside caches; each canvas has layers of its own, painted in a thread of their own."""

    @property
    def name(self) -> str:
        """The layer's id, under which it can be hidden."""

    def sources(self, showing: Showing) -> tuple[object, ...]:
        """Return the values the picture is made from, an empty tuple where there is nothing to draw.

        What is painted stays as long as all of them are the same: by identity, text and numbers by value.
        """

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Draw what touches `scene.region`; drawing more is slow but not wrong.

        The same pixels must come whatever the region: everything is decided by `scene.view` and the values alone. The painter is
        clipped to the region, unless the layer says `draws_lines = True`: lines that Qt shortens at a clip are turned by a fraction
        of a pixel. Calls `scene.breathe()` between pieces of work of more than some milliseconds.
        """


@runtime_checkable
class Local(Protocol):
    """A layer that can tell which parts of its picture a change of its sources reaches; others are painted anew as a whole."""

    def dirty(self, changed: Changed) -> Floats | None:
        """Return boxes (n, 4) of left, top, right, bottom in pixels of the view, None where everything may be another."""
