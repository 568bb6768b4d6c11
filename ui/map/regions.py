"""Regions of the picture: rectangles in whole pixels of the screen, few and large enough to be worth a round through all layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.lines import Floats

NEAR = 96.0  # pixels between two boxes that are painted as one region
MOST = 6  # regions of one change


@dataclass(frozen=True)
class Region:
    """A rectangle of a picture in pixels of ours."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height

    def on_screen(self, ratio: float) -> tuple[int, int, int, int]:
        """Return left, top, width and height in pixels of the screen."""
        left, top = round(self.left * ratio), round(self.top * ratio)
        return left, top, round(self.right * ratio) - left, round(self.bottom * ratio) - top


def step_of(ratio: float) -> int:
    """Return how many pixels of ours make a whole number of the screen's, 0 where no few do.

    >>> step_of(1.0), step_of(1.25), step_of(1.5), step_of(1.75), step_of(2.0)
    (1, 4, 2, 4, 1)
    """
    return next((step for step in range(1, 65) if abs(step * ratio - round(step * ratio)) < 1e-6), 0)


def around(window: Region, width: int, height: int) -> list[Region]:
    """Return the strips of a picture of `width` × `height` that lie around a window in it."""
    strips = (
        Region(0, 0, width, window.top),
        Region(0, window.bottom, width, height - window.bottom),
        Region(0, window.top, window.left, window.height),
        Region(window.right, window.top, width - window.right, window.height),
    )
    return [strip for strip in strips if strip.width > 0 and strip.height > 0]


def regions_of(boxes: Floats, width: int, height: int, step: int) -> list[Region]:
    """Return regions of a picture of `width` × `height` that hold boxes (n, 4) of left, top, right, bottom in pixels.

    Boxes near each other become one; edges lie on multiples of `step`, so that they fall between two pixels of the screen.
    """
    boxes = boxes[(boxes[:, 2] > 0) & (boxes[:, 3] > 0) & (boxes[:, 0] < width) & (boxes[:, 1] < height)]
    if not len(boxes):
        return []
    low = np.maximum(np.floor(boxes[:, :2] / step).astype(np.int64) * step, 0)
    high = np.minimum(np.ceil(boxes[:, 2:] / step).astype(np.int64) * step, (width, height))
    return [Region(x, y, right - x, bottom - y) for x, y, right, bottom in _joined(np.hstack((low, high)))]


def _joined(boxes: Floats) -> list[tuple[int, int, int, int]]:
    """Return boxes of whole pixels joined until none are near each other, and no more than MOST."""
    groups: list[list[int]] = []
    for box in _coarse(boxes) if len(boxes) > 64 else boxes.tolist():
        _add(groups, box)
    near = NEAR
    while len(groups) > MOST:
        near *= 2.0
        loose, groups = groups, []
        for box in loose:
            _add(groups, box, near)
    return [(left, top, right, bottom) for left, top, right, bottom in groups]


def _coarse(boxes: Floats) -> list[list[int]]:
    """Return many boxes as few: one for each field of 256 pixels that their middles lie in."""
    field = (boxes[:, :2] + boxes[:, 2:]) // 512
    _fields, group = np.unique(field, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    first = np.flatnonzero(np.diff(group.ravel()[order], prepend=-1))
    low, high = np.minimum.reduceat(boxes[order, :2], first), np.maximum.reduceat(boxes[order, 2:], first)
    return [list(box) for box in np.hstack((low, high)).tolist()]


def _add(groups: list[list[int]], box: list[int], near: float = NEAR) -> None:
    """Add a box to the groups, as one with those that it comes near to."""
    box = list(box)
    again = True
    while again:
        again = False
        for other in groups:
            apart = max(other[0] - box[2], box[0] - other[2], other[1] - box[3], box[1] - other[3])
            if apart < near:
                groups.remove(other)
                box = [min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])]
                again = True
                break
    groups.append(box)
