"""Streets in the colours of how long they wait for a patrol, or of how often one comes by, in the themes of that name."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Ints
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import Coverage, coverage_of_day, coverage_of_week
from gridplanner.model.piece_index import PieceIndex, index_of_pieces
from gridplanner.model.project import Project
from ui.map.coverage_classes import NEVER, colours, interval_class, visits_class
from ui.map.patrol_strokes import required_rows
from ui.map.road_layer import line_pieces
from ui.map.scene import Scene, Showing
from ui.map.themes import COVERAGE, theme_of_map

METRES, LEAST, MOST = 8.0, 2.0, 5.0  # what a street is broad in metres, and in pixels at least and at most
THIN = 1.0  # pixels of a street where no patrol comes
MISSED, PLAIN = -2, NEVER  # classes of streets that must be patrolled and are not, and of others where no patrol comes


class CoverageLayer:
    """The streets of the plan, those that must be patrolled and are not on top, in the colour of what is wrong."""

    name = "patrol-coverage"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        theme = theme_of_map(showing.map_theme, showing.project).id
        project = showing.project
        if theme not in COVERAGE or "patrol" in showing.hidden:
            return ()
        return (project.patrol, project.zones, project.households, project.settings.patrol, theme, showing.patrol_span)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing, look = scene.showing, scene.theme
        plan = showing.project.patrol
        coverage = coverage_of(showing.project, showing.patrol_span)
        if plan is None or coverage is None:
            return
        scene.breathe()
        theme = theme_of_map(showing.map_theme, showing.project).id
        classes = coverage_pieces(plan, coverage, theme, one_day=bool(showing.patrol_span))
        scene.breathe()
        width = float(np.clip(METRES * scene.view.scale, LEAST, MOST)) * showing.looks.look("patrol").width
        many = sum(index.count(scene.view.bounds) for index in classes.values())
        scene.smooth_lines(painter, many)
        ordered = sorted(classes, key=lambda number: (number == MISSED, number))
        flat = Qt.PenCapStyle.FlatCap
        for number in ordered:
            if number != PLAIN:
                painter.setPen(QPen(QColor(look.halo), width + 2.4, Qt.PenStyle.SolidLine, flat))
                scene.draw_indexed(painter, classes[number])
        for number in ordered:
            colour = look.bad if number == MISSED else look.faint if number == PLAIN else colours(look)[number]
            painter.setPen(QPen(QColor(colour), THIN if number == PLAIN else width, Qt.PenStyle.SolidLine, flat))
            scene.draw_indexed(painter, classes[number])


def coverage_of(project: Project, span: str) -> Coverage | None:
    """Return the coverage of one day (its number) or of the whole period (empty)."""
    return coverage_of_day(project, int(span)) if span.isdecimal() else coverage_of_week(project)


def street_classes(plan: PatrolPlan, coverage: Coverage, theme: str, *, one_day: bool) -> Ints:
    """Return the class of each street (m,): of the theme's classes, MISSED or PLAIN."""
    if theme == "patrol-visits":
        found = visits_class(coverage.visits, one_day=one_day)
    else:
        found = interval_class(coverage.interval_h, one_day=one_day)
    required = required_rows(plan)
    found[required[coverage.patrolled[required] == 0]] = MISSED
    return found


@lru_cache(maxsize=8)
def coverage_pieces(plan: PatrolPlan, coverage: Coverage, theme: str, *, one_day: bool) -> dict[int, PieceIndex]:
    """Return the straight pieces of the streets of each class."""
    classes = street_classes(plan, coverage, theme, one_day=one_day)
    pieces, line = line_pieces(plan.streets.lines)
    of_piece = classes[line]
    return {int(number): index_of_pieces(pieces[of_piece == number]) for number in np.unique(of_piece)}
