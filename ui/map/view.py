"""The view: which part of the world is on the screen, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gridplanner.model.lines import Floats

Seen = np.ndarray[tuple[int], np.dtype[np.bool_]]
METRES_PER_PIXEL = 0.0254 / 96  # of a screen of 96 dots per inch
FINEST, COARSEST = 400.0, 1e-5  # pixels per metre


@dataclass(frozen=True)
class View:
    """World point (`x`, `y`) in the middle of `width` × `height` pixels, `scale` pixels per metre; the screen's y points down."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    width: int = 1
    height: int = 1

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the view in metres."""
        half_x, half_y = self.width / 2 / self.scale, self.height / 2 / self.scale
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y

    @property
    def denominator(self) -> float:
        """The N of the map scale 1 : N."""
        return 1.0 / (self.scale * METRES_PER_PIXEL)

    def to_screen(self, xy: Floats) -> Floats:
        """Return world coordinates (n, 2) as pixels (n, 2)."""
        scale = self.scale
        screen = xy * (scale, -scale)
        screen += (self.width / 2 - self.x * scale, self.height / 2 + self.y * scale)
        return np.asarray(screen, np.float64)

    def point_to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Return one world point in pixels."""
        return self.width / 2 + (x - self.x) * self.scale, self.height / 2 - (y - self.y) * self.scale

    def point_to_world(self, px: float, py: float) -> tuple[float, float]:
        """Return one pixel's place in metres."""
        return self.x + (px - self.width / 2) / self.scale, self.y - (py - self.height / 2) / self.scale

    def panned(self, dx: float, dy: float) -> View:
        """Return the view after the map was dragged by (`dx`, `dy`) pixels."""
        return replace(self, x=self.x - dx / self.scale, y=self.y + dy / self.scale)

    def zoomed(self, factor: float, px: float, py: float) -> View:
        """Return the view `factor` times closer, with the world point under pixel (`px`, `py`) staying where it is."""
        scale = min(max(self.scale * factor, COARSEST), FINEST)
        x, y = self.point_to_world(px, py)
        return replace(self, scale=scale, x=x - (px - self.width / 2) / scale, y=y + (py - self.height / 2) / scale)

    def resized(self, width: int, height: int) -> View:
        """Return the view on a screen of another size, with the same middle."""
        return replace(self, width=max(width, 1), height=max(height, 1))

    def fitted(self, bounds: tuple[float, float, float, float], margin: float = 0.06, closest: float = 4.0) -> View:
        """Return the view that shows `bounds` (left, bottom, right, top) with a margin, at most `closest` pixels per metre."""
        left, bottom, right, top = bounds
        room = 1.0 - 2.0 * margin
        scale = min(self.width * room / max(right - left, 1e-9), self.height * room / max(top - bottom, 1e-9), closest)
        return replace(self, x=(left + right) / 2, y=(bottom + top) / 2, scale=min(max(scale, COARSEST), FINEST))

    def widened(self, share: float, step: int = 1) -> tuple[View, int, int]:
        """Return the view with at least `share` of its size more on every side, and where its upper left corner lies in that.

        All three are multiples of `step` pixels, so the new middle may lie a little to the right and below.
        """
        left, top = (step * round(size * share / step) for size in (self.width, self.height))
        width, height = -(-(self.width + 2 * left) // step) * step, -(-(self.height + 2 * top) // step) * step
        x = self.x + (width / 2 - left - self.width / 2) / self.scale
        y = self.y - (height / 2 - top - self.height / 2) / self.scale
        return replace(self, x=x, y=y, width=width, height=height), left, top

    def sees(self, boxes: Floats, margin: float = 0.0) -> Seen:
        """Return which boxes (n, 4) of left, bottom, right, top touch the view; `margin` in pixels."""
        left, bottom, right, top = self.bounds
        extra = margin / self.scale
        beside = (boxes[:, 0] > right + extra) | (boxes[:, 2] < left - extra) | (boxes[:, 1] > top + extra) | (boxes[:, 3] < bottom - extra)
        return np.asarray(~beside & ~np.isnan(boxes[:, 0]), np.bool_)
