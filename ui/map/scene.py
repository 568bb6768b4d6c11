"""What is painted and where: the values that the canvas hands to the painting thread, what layers paint with, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform
from shiboken6 import Shiboken

from gridplanner.model.lines import Floats
from gridplanner.model.piece_index import Box, PieceIndex
from gridplanner.model.plan_change import PlanChange
from gridplanner.model.project import Project
from ui.latest import Obsolete
from ui.map.basemap import Basemap
from ui.map.conflicts import Conflicts
from ui.map.difference import Difference
from ui.map.grid_shapes import GridShapes
from ui.map.layer_looks import PLAIN, Looks
from ui.map.leases import Leases
from ui.map.regions import Region
from ui.map.view import Seen, View
from ui.styles import Theme

CHUNK = 2500  # lines in one call of Qt, which holds the interpreter lock for so long
ROUND_CHUNK = 100  # lines with round ends between two breaths; they cost ten times as much
DENSE = 20_000  # pieces in a picture from which hair lines are jagged, at half the cost
MANY = 4000  # pieces near a region of which those that miss it are not worth finding
CROWDED = 8000  # pieces in a picture from which lines are hair lines, which Qt draws many times as fast
READY = 50_000  # pieces brought to the screen at a time


@dataclass(frozen=True, eq=False)
class Showing:
    """What the map shows: a project, the grids that are selected, the layers that are hidden, the look and the language.

    `selected` is the grid chosen last, to which tools give units; `others` are selected beside it. `colours` are the places of the
    grids' fills in the palette where they are known already (None: found while painting). `looks` is how the planner wants the layers.
    `map_theme` is one of ui.map.themes.THEMES, `basemap` what lies under everything, `difference` what a comparison with
    another scenario found. `groups` says what tools work on beside grids: "beats", "zones" or nothing, `chosen_groups` which of them are
    chosen, the one that tools give to in front. `rating_month` is the month of the rating map, empty for that of the settings.
    `patrol_choice` is the variant of the patrol routes or the day they are drawn for (ui.map.patrol_strokes), `patrol_route` the row of the
    route that is chosen, -1 for none; `patrol_span` the days that the coverage map is of: a day's number, empty for the whole period,
    `patrol_picks` whether the streets picked by hand are shown. `rail_choice` is which plan of the railway is shown (day, night, …), empty
    for the first, `rail_segment` the row of the guard segment that is chosen, -1 for none.
    `duty` is the time of which people on duty are shown: a column of the roster and a clock minute, None: they are not.
    `leases` are the communities that are handed out, `conflicts` where two versions that are brought together do not agree.
    """

    project: Project
    theme: Theme
    language: str
    selected: int | None = None
    hidden: frozenset[str] = frozenset()
    show_units: bool = False
    others: frozenset[int] = frozenset()
    colours: Mapping[int, int] | None = None
    looks: Looks = PLAIN
    map_theme: str = "grid"
    basemap: Basemap | None = None
    difference: Difference | None = None
    groups: str = ""
    chosen_groups: tuple[int, ...] = ()
    rating_month: str = ""
    patrol_choice: str = ""
    patrol_route: int = -1
    patrol_span: str = ""
    patrol_picks: bool = False
    rail_choice: str = ""
    rail_segment: int = -1
    duty: tuple[int, int] | None = None
    leases: Leases | None = None
    conflicts: Conflicts | None = None


@dataclass(frozen=True, eq=False)
class Request:
    """One picture wanted: what, from where, how many pixels of the screen are one of ours, and which part of it is in the window."""

    showing: Showing
    view: View
    ratio: float
    window: Region | None = None


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture and the view it was painted for; only `region` of it is finished as yet."""

    image: QImage
    view: View
    showing: Showing
    region: Region
    seconds: float


@dataclass(frozen=True, eq=False)
class Patch:
    """A part of the last frame painted anew, or more of it: `image` belongs at `region`.

    `whole` says that the frame is finished with it; None for an image says that nothing in sight is another.
    """

    image: QImage | None
    region: Region
    showing: Showing
    whole: bool
    seconds: float


class Scene:
    """What a layer needs to paint one picture, region by region."""

    def __init__(self, request: Request, is_obsolete: Callable[[], bool], grids: GridShapes | None = None) -> None:
        self.showing = request.showing
        self.view = request.view
        self.theme = request.showing.looks.theme(request.showing.theme)
        self.ratio = request.ratio
        self.grids = grids
        self.region = Region(0, 0, request.view.width, request.view.height)
        self._is_obsolete = is_obsolete

    def breathe(self) -> None:
        """Stop here where nobody waits for the picture any more.

        Between two calls of Qt, each of which holds the interpreter lock, Python hands the lock to whoever waits for it
        (`sys.setswitchinterval`); asking the system for a pause besides would cost a hundred times as much as drawing a line.
        """
        if self._is_obsolete():
            raise Obsolete

    def bounds(self, margin: float = 2.0) -> Box:
        """Return left, bottom, right and top of the region in metres, with a margin in pixels for what reaches into it."""
        region = self.region
        left, top = self.view.point_to_world(region.left - margin, region.top - margin)
        right, bottom = self.view.point_to_world(region.right + margin, region.bottom + margin)
        return left, bottom, right, top

    def sees(self, boxes: Floats, margin: float = 2.0) -> Seen:
        """Return which boxes (n, 4) of left, bottom, right, top in metres touch the region; `margin` in pixels."""
        left, bottom, right, top = self.bounds(margin)
        return np.asarray((boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 1] <= top) & (boxes[:, 3] >= bottom), np.bool_)

    def touches(self, xy: Floats, margin: float = 2.0) -> bool:
        """True where the box of some coordinates (n, 2) touches the region."""
        return len(xy) > 0 and bool(self.sees(np.concatenate((xy.min(axis=0), xy.max(axis=0)))[None, :], margin)[0])

    def line_width(self, width: float, count: int) -> float:
        """Return how broad lines are drawn where `count` of them are in the picture: at most a pixel of the screen in a crowd."""
        return min(width, 1.0 / self.ratio) if count > CROWDED else width

    def smooth_lines(self, painter: QPainter, count: int) -> None:
        """Let lines have smooth edges unless very many are in the picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, count <= DENSE)

    def world(self, origin: tuple[float, float]) -> QTransform:
        """Return the transform from metres around `origin` to pixels, for paths that stay the same from picture to picture."""
        x, y = self.view.point_to_screen(*origin)
        return QTransform(self.view.scale, 0, 0, -self.view.scale, x, y)

    def draw_indexed(self, painter: QPainter, index: PieceIndex) -> int:
        """Draw the pieces of an index that touch the region with the painter's pen; return how many."""
        box = self.bounds(painter.pen().widthF() / 2 + 2)
        # of very many, Qt passes over the few beside the region sooner than they are sorted out
        at = index.near(box) if index.count(box) > MANY else index.touching(box)
        return self.draw_lines(painter, index.pieces[at])

    def draw_pieces(self, painter: QPainter, pieces: Floats) -> int:
        """Draw the line pieces (m, 4), given in metres, that touch the region, with the painter's pen; return how many."""
        left, bottom, right, top = self.bounds(painter.pen().widthF() / 2 + 2)
        sight = (np.maximum(pieces[:, 0], pieces[:, 2]) >= left) & (np.minimum(pieces[:, 0], pieces[:, 2]) <= right)
        sight &= (np.maximum(pieces[:, 1], pieces[:, 3]) >= bottom) & (np.minimum(pieces[:, 1], pieces[:, 3]) <= top)
        self.breathe()
        return self.draw_lines(painter, pieces[sight])

    def draw_lines(self, painter: QPainter, pieces: Floats) -> int:
        """Draw all of some line pieces (m, 4), given in metres, in few calls of Qt, none of which takes long; return how many."""
        round_ends = painter.pen().capStyle() == Qt.PenCapStyle.RoundCap
        for first in range(0, len(pieces), READY):
            lines = np.ascontiguousarray(self.view.to_screen(pieces[first : first + READY].reshape(-1, 2)))
            if round_ends:
                self._draw_round(painter, lines)
                continue
            for start in range(0, len(lines) // 2, CHUNK):
                part = lines[2 * start : 2 * (start + CHUNK)]
                painter.drawLines(Shiboken.wrapInstance(part.ctypes.data, QLineF), len(part) // 2)  # type: ignore[call-overload]
                self.breathe()
        return len(pieces)

    def _draw_round(self, painter: QPainter, lines: Floats) -> None:
        """Draw lines one by one: Qt merges round ends sixteen by sixteen, so that pixels would depend on which lines are in sight."""
        line = QLineF()
        for number, ends in enumerate(lines.reshape(-1, 4).tolist()):
            line.setLine(*ends)
            painter.drawLine(line)
            if number % ROUND_CHUNK == ROUND_CHUNK - 1:
                self.breathe()


@dataclass(frozen=True, eq=False)
class Changed:
    """What a layer needs to tell which parts of its picture are another: both scenes and, where little changed, by how much.

    `plan` is what `plan_change` says of the two projects, `units` (n, 4) the boxes of the units with another grid in pixels of the
    view: left, top, right, bottom.
    """

    before: Scene
    after: Scene
    plan: PlanChange | None
    units: Floats

    def screen_boxes(self, boxes: Floats, margin: float = 3.0) -> Floats:
        """Return boxes (n, 4) of left, bottom, right, top in metres as left, top, right, bottom in pixels, with a margin."""
        return screen_boxes(self.after.view, boxes, margin)


def screen_boxes(view: View, boxes: Floats, margin: float) -> Floats:
    """Return boxes (n, 4) of left, bottom, right, top in metres as left, top, right, bottom in pixels of a view, with a margin."""
    low, high = view.to_screen(boxes[:, [0, 3]]), view.to_screen(boxes[:, [2, 1]])
    return np.hstack((low - margin, high + margin))
