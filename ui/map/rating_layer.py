"""The rating map: areas in five colours, each with name, number of its colour and an arrow, so that it can be read without colours."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from gridplanner.i18n import N_, _
from gridplanner.model.lines import Floats
from gridplanner.model.rated_areas import RatedAreas
from gridplanner.model.ratings import COLOUR_NAMES, COLOUR_WORDS, NOT_RATED, Ratings, ratings_of
from ui.map.label_places import without_overlap
from ui.map.land_layer import box_of, loops_of
from ui.map.scene import Scene, Showing
from ui.map.shapes import inner_point, path_of
from ui.map.themes import Entry, theme_of_map
from ui.styles import SMALL, TEXT, font

# green, blue, yellow, red, black: as they are named, and so light and dark in turn that they differ without colour too
FILLS = ("#63bd7d", "#3f7fd0", "#ffe066", "#d63b3b", "#2b2b2b")
ARROWS = {"up": "↑", "down": "↓", "same": "=", "new": "", "": ""}
ARROW_WORDS = N_("↑ worse, ↓ better, = as the month before")
HATCHED = N_("hatched: not rated")
LEAST = 30.0  # pixels across an area from which it has a label
_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class RatingLayer:
    """Every rated area filled with its colour, hatched where it has none; under the streets."""

    name = "rating"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        ratings = shown_ratings(showing)
        return (ratings, ratings.column(showing.rating_month)) if ratings is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        ratings = ratings_of(scene.showing.project)
        level = ratings.level[:, ratings.column(scene.showing.rating_month)]
        _places, boxes = _label_places(ratings.areas)
        width = 1.6 * scene.showing.looks.look(self.name).width
        for row in np.flatnonzero(scene.sees(boxes, width + 2.0)).tolist():
            path = _screen_path(scene, ratings.areas, row)
            if level[row] == NOT_RATED:
                painter.fillPath(path, QColor(scene.theme.land))
                painter.fillPath(path, QBrush(QColor(scene.theme.faint), Qt.BrushStyle.BDiagPattern))
            else:
                painter.fillPath(path, QColor(FILLS[level[row]]))
            painter.strokePath(path, QPen(QColor(scene.theme.halo), width + 1.6))
            painter.strokePath(path, QPen(QColor(scene.theme.border), width))
            scene.breathe()


class RatingLabelLayer:
    """The names of the rated areas with the number and word of their colours, over the streets; the number alone where room is short."""

    name = "rating-labels"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        ratings = shown_ratings(showing) if RatingLayer.name not in showing.hidden else None
        return (ratings, ratings.column(showing.rating_month), showing.language) if ratings is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        ratings = ratings_of(scene.showing.project)
        column = ratings.column(scene.showing.rating_month)
        places, boxes = _label_places(ratings.areas)
        across = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) * scene.view.scale
        rows = np.flatnonzero((across >= LEAST) & scene.view.sees(boxes))
        centres = scene.view.to_screen(places[rows])
        bold, plain = QFontMetricsF(font(TEXT, bold=True)), QFontMetricsF(font(SMALL + 1))
        full = [(ratings.areas.title(row), verdict(ratings, row, column)) for row in rows.tolist()]
        short = [(mark(ratings, row, column), "") for row in rows.tolist()]
        words = full + short  # of an area that has its full label, the short one overlaps it and is left out
        sizes = np.array(
            [(max(bold.horizontalAdvance(a), plain.horizontalAdvance(b)) + 12, 18.0 + (15.0 if b else 0.0)) for a, b in words]
        ).reshape(-1, 2)
        middles = np.concatenate((centres, centres))
        fits = np.concatenate((sizes[: len(rows), 0] <= 1.15 * across[rows], [bool(number) for number, _none in short])).astype(bool)
        kept = np.flatnonzero(fits)
        around = np.hstack((middles - sizes / 2, middles + sizes / 2))[kept]
        for at in kept[without_overlap(around, np.arange(len(kept)))].tolist():
            (x, y), (wide, high) = middles[at].tolist(), sizes[at].tolist()
            _write(painter, scene, QRectF(x - wide / 2, y - high / 2, wide, high), *words[at])
            scene.breathe()


def with_rating_theme(showing: Showing) -> Showing:
    """Return what is shown, with the rating in the place of the grids where that is the theme of the map."""
    if theme_of_map(showing.map_theme, showing.project).id != RatingLayer.name:
        return showing
    return replace(showing, hidden=(showing.hidden - {RatingLayer.name}) | {"grids", "borders", "labels"})


def shown_ratings(showing: Showing) -> Ratings | None:
    """Return the rating of a project where there is one to show."""
    project = showing.project
    if not len(project.indicators) and not len(project.incidents):
        return None
    ratings = ratings_of(project)
    return ratings if len(ratings) and ratings.months else None


def verdict(ratings: Ratings, row: int, column: int) -> str:
    """Return the colour of an area in words, such as "4 red ↑"."""
    level = int(ratings.level[row, column])
    name = _("not rated") if level == NOT_RATED else _(COLOUR_NAMES[level])
    return f"{mark(ratings, row, column)[:1]} {name} {ARROWS[ratings.change[row, column]]}".strip()


def mark(ratings: Ratings, row: int, column: int) -> str:
    """Return the number of an area's colour, 1 for the best, and its arrow; nothing where it has no colour."""
    level = int(ratings.level[row, column])
    return "" if level == NOT_RATED else f"{level + 1}{ARROWS[ratings.change[row, column]]}"


def legend_with_rating(title: str, entries: tuple[Entry, ...], showing: Showing) -> tuple[str, tuple[Entry, ...]]:
    """Return title and lines of a legend, those of the rating in front where the map shows one."""
    project = showing.project
    if RatingLayer.name in showing.hidden or not (len(project.indicators) or len(project.incidents)):
        return title, entries
    month = showing.rating_month or (project.settings.rating.month if project.settings.rating is not None else "")
    return _("Rating {month}").format(month=month).strip(), (*rating_entries(), *entries)


def rating_entries() -> tuple[Entry, ...]:
    """Return what the colours, the hatching and the arrows of the rating mean, a line each in this order."""
    colours = (Entry("fill", fill, f"{level + 1} {_(COLOUR_WORDS[level])}") for level, fill in enumerate(FILLS))
    return (*colours, Entry("", "", _(HATCHED)), Entry("", "", _(ARROW_WORDS)))


def _write(painter: QPainter, scene: Scene, box: QRectF, name: str, words: str) -> None:
    """Write on a plate: white streets and five grounds from yellow to black lie below."""
    plate = QColor(scene.theme.halo)
    plate.setAlphaF(0.86)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(scene.theme.text))
    first = QRectF(box.left(), box.top() + 1, box.width(), 16)
    painter.setFont(font(TEXT, bold=True))
    painter.drawText(first, _CENTRE, name)
    if words:
        painter.setFont(font(SMALL + 1))
        painter.drawText(first.translated(0, 15), _CENTRE, words)


def _screen_path(scene: Scene, areas: RatedAreas, row: int) -> QPainterPath:
    return path_of([scene.view.to_screen(ring) for ring in _loops(areas)[row]], (0.0, 0.0))


@lru_cache(maxsize=4)
def _loops(areas: RatedAreas) -> list[list[Floats]]:
    """Return the rings of each area, (n, 2) each."""
    return [loops_of(polygon) for polygon in areas.polygons]


@lru_cache(maxsize=4)
def _label_places(areas: RatedAreas) -> tuple[Floats, Floats]:
    """Return a place well inside each area (a, 2) and its box (a, 4) of left, bottom, right, top."""
    loops = _loops(areas)
    places = np.array([inner_point([ring[:-1] for ring in rings]) for rings in loops]).reshape(-1, 2)
    return places, np.array([box_of(rings) for rings in loops]).reshape(-1, 4)
