"""Beats: a broad line around each; and what beats and patrol zones have in common on the map: labels, and the light of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gridplanner.i18n import _
from gridplanner.model.group_loads import group_loads, sums_of
from gridplanner.model.groups import NONE, Groups, code_of, group_plan, groups_of
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import ground_of, rings_of_ground
from gridplanner.model.piece_index import Box
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from ui.map.grid_layer import draw_between
from ui.map.label_layer import PAD, label_picture
from ui.map.label_places import without_overlap
from ui.map.scene import Changed, Scene, Showing, screen_boxes
from ui.map.shapes import Areas, areas_of, inner_point
from ui.marks import SIZE
from ui.short_codes import with_short_codes
from ui.styles import SMALL, TEXT, font

BROAD, SLIM = 3.5, 2.5  # pixels of the lines around zones and around beats
LEAST = 34.0  # pixels across a group from which it has a label


def moved_boxes(changed: Changed, kind: str) -> Floats | None:
    """Return the boxes of the units with another beat or zone, left, top, right, bottom in pixels; None where that cannot be told."""
    before, after = (groups_of(scene.showing.project, kind) for scene in (changed.before, changed.after))
    units = changed.after.showing.project.units
    if changed.plan is None or before is None or after is None or units is None or len(before.of_unit) != len(after.of_unit):
        return None
    rows = np.flatnonzero(before.of_unit != after.of_unit)
    if not len(rows):
        return changed.units
    areas = group_areas(units, np.where(before.of_unit != after.of_unit, 1, NONE).astype(np.int32), (1,))
    return np.concatenate((changed.units, screen_boxes(changed.after.view, areas.boxes, 6.0)))


class BeatLayer:
    """The borders between beats."""

    name = "beats"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        return (project.beats, project.units, project.grids) if project.beats is not None else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another beat."""
        return moved_boxes(changed, "beats")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        units, groups = scene.showing.project.units, groups_of(scene.showing.project, "beats")
        if units is not None and groups is not None:
            width = SLIM * scene.showing.looks.look(self.name).width
            painter.setPen(QPen(QColor(scene.theme.beat), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            draw_between(painter, scene, units, groups.of_unit, outside=len(groups) < 2)


@dataclass(frozen=True)
class Label:
    """One label: a code with or without a padlock, what stands under it and whether that is red, and its box in pixels."""

    code: str
    count: str
    off: bool
    locked: bool
    left: float
    top: float
    wide: float
    high: float


class GroupLabelLayer:
    """What each beat or zone is called, and under it its persons or how its workload differs from the mean; red out of what is allowed."""

    def __init__(self, kind: str) -> None:
        self._kind, self.name = kind, f"{kind}-labels"
        self._placed: tuple[Scene, list[Label]] | None = None
        self._spots: Spots | None = None

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        section = getattr(project.settings, self._kind)
        plan = group_plan(project, self._kind)
        shown = plan is not None and self._kind not in showing.hidden  # they come and go with the lines around them
        return (plan, project.units, project.grids, project.households, section, showing.language) if shown else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of labels that came, went, moved or say something else."""
        if changed.before.showing.language != changed.after.showing.language:
            return None
        before, after = set(self._labels(changed.before)), set(self._labels(changed.after))
        boxes = [(one.left - 2, one.top - 2, one.left + one.wide + 2, one.top + one.high + 2) for one in before ^ after]
        return np.array(boxes, np.float64).reshape(-1, 4)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        region = scene.region
        for one in self._labels(scene):
            seen = one.left < region.right + 2 and one.left + one.wide > region.left - 2
            if seen and one.top < region.bottom + 2 and one.top + one.high > region.top - 2:
                picture = label_picture(one.code, one.count, one.off, (one.locked, False), scene.theme, scene.ratio)
                painter.drawImage(QPointF(one.left, one.top), picture)
                scene.breathe()

    def _labels(self, scene: Scene) -> list[Label]:
        """Return the labels of the whole picture, none over another, those of larger groups before those of smaller ones."""
        if self._placed is None or self._placed[0] is not scene:
            self._placed = scene, self._made(scene)
        return self._placed[1]

    def _made(self, scene: Scene) -> list[Label]:
        project = scene.showing.project
        groups = groups_of(project, self._kind)
        if groups is None or project.units is None:
            return []
        spots = self._spots = spots_after(self._spots, project.units, groups)
        ids, boxes = list(groups.known), np.array([spots.boxes[group] for group in groups.known]).reshape(-1, 4)
        words = _words(project, groups)
        size = (boxes[:, 2:] - boxes[:, :2]) * scene.view.scale
        rows = np.flatnonzero(scene.view.sees(boxes) & (size >= LEAST).all(axis=1))
        first, second = QFontMetricsF(font(TEXT + 1, bold=True)), QFontMetricsF(font(SMALL + 1))
        made = []
        for row in rows.tolist():
            code, count, off, locked = words[ids[row]]
            code_wide = first.horizontalAdvance(code) + locked * (SIZE + 3)
            if max(code_wide, second.horizontalAdvance(count)) + PAD > size[row, 0]:
                count = ""
            wide = max(code_wide, second.horizontalAdvance(count)) + PAD
            high = first.height() + (second.height() if count else 0.0)
            x, y = scene.view.point_to_screen(*spots.places[ids[row]])
            # whole pixels of the screen, or the picture of a label would be blurred
            left, top = (round((place - half) * scene.ratio) / scene.ratio for place, half in ((x, wide / 2), (y, high / 2)))
            made.append(Label(code, count, off, locked, left, top, wide, high))
            scene.breathe()
        if not made:
            return []
        rank = np.empty(len(rows), np.int64)
        rank[np.argsort(-size[rows].prod(axis=1), kind="stable")] = np.arange(len(rows))
        taken = np.array([(one.left, one.top, one.left + one.wide, one.top + one.high) for one in made])
        return [label for label, kept in zip(made, without_overlap(taken, rank).tolist(), strict=True) if kept]


class GroupSelectionLayer:
    """The beats or zones that are chosen, outlined in the accent colour."""

    name = "selection"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = group_plan(showing.project, showing.groups) if showing.groups else None
        if plan is None or not showing.chosen_groups:
            return ()
        return (plan, showing.project.units, showing.project.grids, showing.groups, *showing.chosen_groups)

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another group where the same ones are chosen."""
        old, new = changed.before.showing, changed.after.showing
        same = (old.groups, old.chosen_groups) == (new.groups, new.chosen_groups)
        return moved_boxes(changed, new.groups) if same else None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing = scene.showing
        groups, units = groups_of(showing.project, showing.groups), showing.project.units
        if groups is None or units is None:
            return
        inside = np.isin(groups.of_unit, np.array(showing.chosen_groups)).astype(np.int32)
        for colour, width in ((scene.theme.halo, 7.0), (scene.theme.accent, 4.0)):
            painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
            _draw_around(painter, scene, units, inside)


def _draw_around(painter: QPainter, scene: Scene, units: Units, inside: Ints) -> None:
    """Draw the border pieces that have one side inside, those along the outside too."""
    ground = ground_of(units, inside, np.array([1], np.int32))
    rim = ground.pieces[ground.left != ground.right]
    scene.draw_pieces(painter, units.xy[units.ends[rim]].reshape(-1, 4))


def group_areas(units: Units, of_unit: Ints, ids: tuple[int, ...]) -> Areas:
    """Return the loops around groups `ids`, given the group of each unit (u,), NONE for none."""
    order = np.array(sorted(ids), np.int32)
    ground = ground_of(units, np.asarray(of_unit), order)
    rings = rings_of_ground(units, ground)
    return areas_of(units.xy[rings.nodes], rings.offsets, rings.face, order)


@dataclass(frozen=True, eq=False)
class Spots:
    """Where the labels of groups go: the box of each in metres and a place well inside it, by its id."""

    units: Units
    groups: Groups
    boxes: dict[int, Box]
    places: dict[int, tuple[float, float]]


def spots_after(before: Spots | None, units: Units, groups: Groups) -> Spots:
    """Return the spots of groups; those of groups with the same units as `before` are taken over."""
    if before is not None and before.groups is groups and before.units is units:
        return before
    known = tuple(groups.known)
    boxes: dict[int, Box] = {}
    places: dict[int, tuple[float, float]] = {}
    if before is not None and before.units is units:
        old, new = before.groups.of_unit, groups.of_unit
        moved = np.flatnonzero(old != new)
        touched = {*np.unique(old[moved]).tolist(), *np.unique(new[moved]).tolist()}
        same = [group for group in known if group in before.boxes and group not in touched]
        boxes = {group: before.boxes[group] for group in same}
        places = {group: before.places[group] for group in same}
    anew = tuple(group for group in known if group not in boxes)
    if anew:
        areas = group_areas(units, groups.of_unit, anew)
        for row, group in enumerate(areas.ids.tolist()):
            left, bottom, right, top = areas.boxes[row].tolist()
            boxes[group], places[group] = (left, bottom, right, top), inner_point(areas.loops(row))
    return Spots(units, groups, boxes, places)


def _words(project: Project, groups: Groups) -> dict[int, tuple[str, str, bool, bool]]:
    """Return for each group its code, what stands under it, whether that is red, and whether a padlock stands behind the code."""
    loads = group_loads(project, groups)
    words = {}
    for group, load in sums_of(groups, loads.of_unit).items():
        told = _("{n} persons").format(n=f"{load:,.0f}") if loads.persons else signed(loads.deviation(load))
        words[group] = (with_short_codes(code_of(groups.known, group)), told, not loads.is_inside(load), groups.locked(group))
    return words


def to_tenths(percent: float) -> str:
    """Return a deviation in tenths of a per cent with its sign, so that what is just out of the tolerance can be told.

    >>> to_tenths(20.48)
    '+20.5 %'
    """
    return f"{percent:+.1f} %".replace("-", "−") if round(percent, 1) else "0 %"


def signed(percent: float) -> str:
    """Return a deviation in whole per cent with its sign.

    >>> signed(-3.4), signed(0.2)
    ('−3 %', '0 %')
    """
    return f"{percent:+.0f} %".replace("-", "−") if round(percent) else "0 %"
