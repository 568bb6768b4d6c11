"""What stands along the railway: chainage, broken chains, stations, codes of segments, entry points, and bases with the ways from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.rail import RailPlan, RailSegment
from gridplanner.model.rail_near import piece_of, places_at, systems_of, ways_at
from ui.map.label_places import without_overlap
from ui.map.rail_layer import GuardLayer
from ui.map.rail_signs import BASE, CHAIN, END, GATE, STATION, paint_rail_sign
from ui.map.rail_strokes import segments_shown
from ui.map.rail_ticks import chains_of, stations_of, tick_step, ticks_of
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of
from ui.map.site_layer import NAMED, SiteLayer
from ui.marks import SIZE, paint_lock
from ui.styles import SMALL, font

OFF, TICK = 11.0, 7.0  # pixels from the track to words beside it, and that a tick reaches
APART = 6.0  # pixels between two words side by side
REACH = 260.0  # pixels that words and signs reach from their place at most
ENDS, GATES = 24.0, 90.0  # pixels of a segment from which its ends are shown, and entry points with the ways to them
HALO = [(dx, dy) for dx in (-1.2, 0.0, 1.2) for dy in (-1.2, 0.0, 1.2) if dx or dy]


@dataclass(frozen=True)
class _Words:
    """Words beside the track: where their box is, in pixels, in which colour, how important (the least first)."""

    text: str
    box: QRectF
    colour: str
    rank: int
    bold: bool = False
    locked: bool = False


class RailMarkLayer:
    """Signs lie where their place is; of words that would lie over each other the more important ones are written."""

    name = "chainage"
    draws_lines = True

    def __init__(self) -> None:
        self._kept: tuple[tuple[object, ...], list[_Words]] | None = None

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = showing.project.rail
        if plan is None:
            return ()
        return (plan, showing.project.stations, showing.rail_choice, showing.rail_segment, GuardLayer.name in showing.hidden)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing = scene.showing
        plan = showing.project.rail
        assert plan is not None
        coded = GuardLayer.name not in showing.hidden
        self._paint_ticks(painter, scene, plan)
        room = self._room(scene, plan)
        if coded and room >= ENDS:
            self._paint_ends(painter, scene, plan)
        if coded:
            self._paint_access(painter, scene, plan, every=room >= GATES)
        for line in plan.lines:
            stations, chains = stations_of(line, showing.project.stations), chains_of(systems_of(line)[0])
            self._paint_signs(painter, scene, places_at(line, stations.along), STATION)
            self._paint_signs(painter, scene, places_at(line, chains.along), CHAIN)
        if room >= GATES:
            self._paint_signs(painter, scene, plan.gates.xy, GATE)
        self._paint_signs(painter, scene, plan.bases.xy, BASE)
        self._write(painter, scene, self._words(scene, plan, coded))

    def _paint_ticks(self, painter: QPainter, scene: Scene, plan: RailPlan) -> None:
        step = tick_step(scene.view.scale)
        painter.setPen(QPen(QColor(scene.theme.rail), 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        for line in plan.lines:
            system = systems_of(line)[0]
            for each, long in ((step / 5, 0.5), (step, 1.0)):
                along = ticks_of(system, each).along
                at, off = self._beside(scene, places_at(line, along), ways_at(line, along))
                near = self._in_sight(scene, at, 2 * OFF)
                reach = OFF - 3 + TICK * long
                for (x, y), (dx, dy) in zip(at[near].tolist(), off[near].tolist(), strict=True):
                    painter.drawLine(QPointF(x, y), QPointF(x + dx * reach, y + dy * reach))
                scene.breathe()

    def _paint_ends(self, painter: QPainter, scene: Scene, plan: RailPlan) -> None:
        segments = [plan.segments[row] for row in segments_shown(plan, scene.showing.rail_choice)]
        ends = [end for segment in segments for end in (segment.coords[0], segment.coords[-1])]
        self._paint_signs(painter, scene, np.array(ends).reshape(-1, 2), END)

    def _paint_signs(self, painter: QPainter, scene: Scene, xy: Floats, kind: str, scale: float = 1.0) -> None:
        at = scene.view.to_screen(np.asarray(xy, np.float64))
        for x, y in at[self._in_sight(scene, at, 16.0)].tolist():
            paint_rail_sign(painter, QPointF(x, y), kind, scene.theme, scale)
        scene.breathe()

    def _room(self, scene: Scene, plan: RailPlan) -> float:
        """Return how many pixels of the screen a segment is long in the mean."""
        rows = segments_shown(plan, scene.showing.rail_choice)
        metres = sum(plan.segments[row].high - plan.segments[row].low for row in rows)
        return metres / max(len(rows), 1) * scene.view.scale

    def _paint_access(self, painter: QPainter, scene: Scene, plan: RailPlan, *, every: bool) -> None:
        """Draw a dashed line from each base to the entry points of its segments, and the way along the line to the chosen one.

        Where there is no room for `every` one, only those of the chosen segment.
        """
        if not len(plan.bases):
            return
        showing = scene.showing
        rows, chosen = segments_shown(plan, showing.rail_choice), showing.rail_segment
        ways = {key: row for row in rows if (key := _way(plan, plan.segments[row])) is not None}
        mine = _way(plan, plan.segments[chosen]) if chosen in rows else None
        for base, gate in sorted(ways):
            lit = (base, gate) == mine
            if not lit and not every:
                continue
            at = scene.view.to_screen(np.vstack((plan.bases.xy[base], plan.gates.xy[gate])))
            self._dash(painter, scene, at, lit=lit)
        if mine is not None:
            segment, gate = plan.segments[chosen], mine[1]
            along, line = float(plan.gates.along[gate]), plan.lines[segment.line]
            if int(plan.gates.line[gate]) == segment.line and not segment.low <= along <= segment.high:
                low, high = (along, segment.low) if along < segment.low else (segment.high, along)
                self._dash(painter, scene, scene.view.to_screen(piece_of(line, low, high)), lit=True)

    def _dash(self, painter: QPainter, scene: Scene, at: Floats, *, lit: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ink, wide = (scene.theme.accent, 2.0) if lit else (scene.theme.muted, 1.2)
        for colour, thick, style in ((scene.theme.halo, 3.0, Qt.PenStyle.SolidLine), (ink, wide, Qt.PenStyle.DashLine)):
            painter.setPen(QPen(QColor(colour), thick, style, Qt.PenCapStyle.FlatCap))
            painter.drawPolyline(polygon_of(at))
        scene.breathe()

    def _words(self, scene: Scene, plan: RailPlan, coded: bool) -> list[_Words]:
        """Return the words of the whole picture, whatever part of it is painted."""
        key = (scene.view, scene.ratio, *self.sources(scene.showing), scene.showing.language, scene.theme.name)
        if self._kept is None or self._kept[0] != key:
            found = [*self._line_words(scene, plan), *(self._codes(scene, plan) if coded else ())]
            boxes = np.array([words.box.getCoords() for words in found], np.float64).reshape(-1, 4)
            boxes += np.array([-APART, 0.0, APART, 0.0]) / 2
            order = np.lexsort((np.arange(len(found)), np.array([words.rank for words in found], np.int64)))
            rank = np.empty(len(found), np.int64)
            rank[order] = np.arange(len(found))
            kept = without_overlap(boxes, rank) if found else np.zeros(0, bool)
            self._kept = key, [found[row] for row in np.flatnonzero(kept).tolist()]
        return self._kept[1]

    def _line_words(self, scene: Scene, plan: RailPlan) -> list[_Words]:
        look, found = scene.theme, list[_Words]()
        step, stations = tick_step(scene.view.scale), scene.showing.project.stations
        named = scene.view.scale < NAMED or SiteLayer.name in scene.showing.hidden
        for line in plan.lines:
            system = systems_of(line)[0]
            parts = [(ticks_of(system, step), look.muted, 4, 1.0, False), (chains_of(system), look.warn, 1, 1.0, False)]
            parts += [(stations_of(line, stations), look.text, 2, -1.0, True)] if named else []
            for marks, colour, rank, side, bold in parts:
                at, off = self._beside(scene, places_at(line, marks.along), ways_at(line, marks.along))
                far = OFF + (TICK if rank == 4 else 2.0)
                for row in np.flatnonzero(_in_view(scene, at)).tolist():
                    box = _box(str(marks.words[row]), at[row], side * off[row], far, bold=bold)
                    found.append(_Words(str(marks.words[row]), box, colour, rank, bold))
        return found

    def _codes(self, scene: Scene, plan: RailPlan) -> list[_Words]:
        found, chosen = [], scene.showing.rail_segment
        shown = segments_shown(plan, scene.showing.rail_choice)
        for number, line in enumerate(plan.lines):
            rows = [row for row in shown if plan.segments[row].line == number]
            middles = np.array([(plan.segments[row].low + plan.segments[row].high) / 2 for row in rows])
            at, off = self._beside(scene, places_at(line, middles), ways_at(line, middles))
            for place in np.flatnonzero(_in_view(scene, at)).tolist():
                row, segment = rows[place], plan.segments[rows[place]]
                box = _box(segment.code, at[place], -off[place], OFF, bold=True, more=SIZE + 3 if segment.locked else 0.0)
                colour = scene.theme.accent if row == chosen else scene.theme.text
                found.append(_Words(segment.code, box, colour, 0 if row == chosen else 3, True, segment.locked))
        return found

    def _write(self, painter: QPainter, scene: Scene, words: list[_Words]) -> None:
        region = scene.region
        room = QRectF(region.left, region.top, region.width, region.height).adjusted(-4, -4, 4, 4)
        halo, align = QColor(scene.theme.halo), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for one in words:
            if not room.intersects(one.box):
                continue
            painter.setFont(font(SMALL, bold=one.bold))
            painter.setPen(halo)
            for dx, dy in HALO:
                painter.drawText(one.box.translated(dx, dy), align, one.text)
            painter.setPen(QColor(one.colour))
            painter.drawText(one.box, align, one.text)
            if one.locked:
                paint_lock(painter, one.box.left(), one.box.center().y() - SIZE / 2, QColor(one.colour), halo)
            scene.breathe()

    def _beside(self, scene: Scene, xy: Floats, ways: Floats) -> tuple[Floats, Floats]:
        """Return places in pixels, and the unit vectors that point to the right of the line there."""
        return scene.view.to_screen(xy), np.column_stack((ways[:, 1], ways[:, 0]))

    def _in_sight(self, scene: Scene, at: Floats, margin: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        region = scene.region
        seen = (at[:, 0] > region.left - margin) & (at[:, 0] < region.right + margin)
        return np.asarray(seen & (at[:, 1] > region.top - margin) & (at[:, 1] < region.bottom + margin), np.bool_)


def _way(plan: RailPlan, segment: RailSegment) -> tuple[int, int] | None:
    """Return the rows of the base and the entry point from which a segment is reached, None where it is not known."""
    if not segment.base or not 0 <= segment.gate < len(plan.gates):
        return None
    found = np.flatnonzero(plan.bases.names == segment.base)
    return (int(found[0]), segment.gate) if len(found) else None


def _in_view(scene: Scene, at: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    inside = (at[:, 0] > -REACH) & (at[:, 0] < scene.view.width + REACH)
    return np.asarray(inside & (at[:, 1] > -REACH) & (at[:, 1] < scene.view.height + REACH), np.bool_)


def _box(words: str, at: Floats, off: Floats, far: float, *, bold: bool, more: float = 0.0) -> QRectF:
    """Return the box of words beside a place: as far off in a direction that the track does not run through them."""
    metrics = QFontMetricsF(font(SMALL, bold=bold))
    wide, high = metrics.horizontalAdvance(words) + 4 + more, metrics.height()
    reach = far + abs(off[0]) * wide / 2 + abs(off[1]) * high / 2
    return QRectF(at[0] + off[0] * reach - wide / 2, at[1] + off[1] * reach - high / 2, wide, high)
