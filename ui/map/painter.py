"""Paints the map in a thread of its own, region by region: the window before its margins, and after an edit only what it reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QGradient, QImage, QPainter

from gridplanner.model.outlines import pieces_of_units
from gridplanner.model.piece_index import border_index, run_positions
from gridplanner.model.plan_change import plan_change
from ui.map.address_layer import AddressLayer
from ui.map.basemap_layer import BasemapLayer
from ui.map.beat_layer import BeatLayer, GroupLabelLayer, GroupSelectionLayer
from ui.map.checkpoint_layer import CheckpointLayer
from ui.map.chief_layer import ChiefLayer
from ui.map.conflict_layer import ConflictCardLayer, ConflictLayer
from ui.map.corridor_layer import CorridorLayer
from ui.map.coverage_layer import CoverageLayer
from ui.map.difference_layer import DifferenceLayer
from ui.map.duty_layer import DutyLayer
from ui.map.grid_layer import GridBorderLayer, GridFillLayer, SelectionLayer
from ui.map.grid_shapes import GridShapes, shapes_after, shapes_of
from ui.map.label_layer import LabelLayer
from ui.map.land_layer import LandLayer, LimitLayer
from ui.map.layer import Layer, Local
from ui.map.lease_layer import LeaseLabelLayer, LeaseLayer
from ui.map.patrol_layer import PatrolLayer, PatrolStopLayer
from ui.map.pick_layer import PickLayer
from ui.map.rail_layer import GuardLayer, RailLayer
from ui.map.rail_mark_layer import RailMarkLayer
from ui.map.rating_layer import RatingLabelLayer, RatingLayer
from ui.map.regions import Region, around, regions_of, step_of
from ui.map.ring_layer import PostLayer, RingLayer
from ui.map.road_layer import RoadLayer
from ui.map.rule_layer import RuleLayer
from ui.map.scene import Changed, Frame, Patch, Request, Scene, screen_boxes
from ui.map.site_layer import SiteLayer
from ui.map.theme_layer import StreetClassLayer
from ui.map.zone_layer import BlockZoneLayer, ZoneLayer

MANY = 3000  # units with another grid from which everything is painted anew
REACH = 12.0  # pixels that pens reach beyond what they outline
EMPTY = Region(0, 0, 0, 0)
# PySide makes these kinds at the first `fillRect`; made in two threads at once, they crash the program
MADE_EARLY = QGradient.Type


class Painter:
    """All layers from the ground up, and a sheet they are painted on: what is handed out is put together by the canvas.

    Lines are painted unclipped, because Qt shortens a line at the clip, which turns it by a fraction of a pixel: what lies on the sheet
    beside the region just painted means nothing.
    """

    def __init__(self) -> None:
        self.layers: tuple[Layer, ...] = (
            BasemapLayer(), LandLayer(), GridFillLayer(), BlockZoneLayer(), RatingLayer(), RingLayer(), RoadLayer(), StreetClassLayer(),
            LeaseLayer(), LimitLayer(), CorridorLayer(),
            AddressLayer(), GuardLayer(), RailLayer(), GridBorderLayer(),
            RuleLayer(), DifferenceLayer(), BeatLayer(), ZoneLayer(), ConflictLayer(), SelectionLayer(), GroupSelectionLayer(),
            ChiefLayer(), CoverageLayer(), PatrolLayer(),
            SiteLayer(), PatrolStopLayer(), PickLayer(), PostLayer(), CheckpointLayer(), DutyLayer(),
            RailMarkLayer(),
            LabelLayer(), GroupLabelLayer("beats"), GroupLabelLayer("zones"),
            RatingLabelLayer(), LeaseLabelLayer(), ConflictCardLayer(),
        )  # fmt: skip
        self._scene: Scene | None = None  # what the picture shows, save in the regions that are still to be painted
        self._image = QImage()
        self._veil = QImage()
        self._todo: list[Region] = []
        self._told = False  # whether anything of the picture was handed out
        self._shapes: GridShapes | None = None

    def frames(self, request: object, is_obsolete: Callable[[], bool]) -> Iterator[Frame | Patch]:
        """Yield the picture wanted: for a new view the window and then what lies around it, else what is another in it.

        Raises Obsolete where a newer request came; what was left is painted with that.
        """
        assert isinstance(request, Request)
        began = time.perf_counter()
        scene = Scene(request, is_obsolete)
        before = self._scene
        units = request.showing.project.units
        if units is not None:
            border_index(units)  # units can be looked up as soon as they are seen
        scene.grids = self._grid_shapes(scene)
        if before is None or not self._told or not _same_view(before, scene):
            self._begin(request, scene)
        else:
            anew = self._regions(before, scene)
            self._scene, self._todo = scene, [*anew, *(region for region in self._todo if region not in anew)]
            if not self._todo:
                yield Patch(None, EMPTY, scene.showing, True, time.perf_counter() - began)
        while self._todo:
            region = self._todo[0]
            self._paint(scene, region)
            self._todo.remove(region)
            took = time.perf_counter() - began
            if self._told:
                part = self._image.copy(QRect(*region.on_screen(scene.ratio)))
                yield Patch(part, region, scene.showing, not self._todo, took)
            else:
                self._told = True
                frame = self._image  # handed over; what lies on the next sheet does not matter
                self._image = _sheet(frame.width(), frame.height(), scene.ratio)
                yield Frame(frame, scene.view, scene.showing, region, took)
        self._prepare(scene)

    def _begin(self, request: Request, scene: Scene) -> None:
        """Begin a picture of another view."""
        view, whole = request.view, scene.region
        size = (round(view.width * request.ratio), round(view.height * request.ratio))
        if (self._image.width(), self._image.height()) != size:
            self._image, self._veil = _sheet(*size, request.ratio), QImage()
        self._image.setDevicePixelRatio(request.ratio)
        window = request.window
        parts = window is not None and step_of(request.ratio) > 0
        self._todo = [window, *around(window, view.width, view.height)] if parts and window is not None else [whole]
        self._scene, self._told = scene, False

    def _paint(self, scene: Scene, region: Region) -> None:
        """Paint a region of the picture anew."""
        scene.region = region
        showing = scene.showing
        box = QRect(region.left, region.top, region.width, region.height)
        painter = QPainter(self._image)
        try:
            painter.fillRect(box, QColor(scene.theme.map))
            for layer in showing.looks.arranged(self.layers):
                if layer.name in showing.hidden or not layer.sources(showing):
                    continue
                opacity = showing.looks.look(layer.name).opacity
                if opacity >= 1.0:
                    painter.save()
                    try:
                        _paint_layer(layer, painter, scene, box)
                    finally:
                        painter.restore()
                elif opacity > 0.0:
                    part = self._veiled(layer, scene, box)
                    painter.setOpacity(opacity)
                    painter.drawImage(QPoint(region.left, region.top), part)
                    painter.setOpacity(1.0)
                scene.breathe()
        finally:
            painter.end()

    def _veiled(self, layer: Layer, scene: Scene, box: QRect) -> QImage:
        """Return a layer alone in the region, to be drawn as one thing that lets the ground through."""
        if self._veil.isNull():
            self._veil = QImage(self._image.size(), QImage.Format.Format_ARGB32_Premultiplied)
        self._veil.setDevicePixelRatio(scene.ratio)
        painter = QPainter(self._veil)
        try:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(box, QColor(0, 0, 0, 0))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            _paint_layer(layer, painter, scene, box)
        finally:
            painter.end()
        return self._veil.copy(QRect(*scene.region.on_screen(scene.ratio)))

    def _grid_shapes(self, scene: Scene) -> GridShapes | None:
        """Return the shapes of the grids shown, None where there are none."""
        project, kept = scene.showing.project, self._shapes
        if project.units is None or project.grids is None:
            self._shapes = None
            return None
        change = plan_change(kept.project, project) if kept is not None else None
        if kept is not None and change is not None:
            self._shapes = shapes_after(kept, change, project, scene.breathe)
        else:
            self._shapes = shapes_of(project)
        return self._shapes

    def _regions(self, before: Scene, after: Scene) -> list[Region]:
        """Return the regions in which two scenes of one view differ."""
        view, step = after.view, step_of(after.ratio)
        old, new = before.showing, after.showing
        if before.theme != after.theme or old.hidden != new.hidden or old.looks != new.looks:
            return [Region(0, 0, view.width, view.height)]
        changed: Changed | None = None
        boxes = [np.zeros((0, 4))]
        for layer in self.layers:
            sources = [layer.sources(showing) if layer.name not in showing.hidden else () for showing in (old, new)]
            if _same(*sources):
                continue
            if changed is None:
                changed = _changed(before, after)
            found = layer.dirty(changed) if isinstance(layer, Local) and all(sources) else None
            if found is None or not step:
                return [Region(0, 0, view.width, view.height)]
            boxes.append(found)
        return regions_of(np.concatenate(boxes), view.width, view.height, step)

    def _prepare(self, scene: Scene) -> None:
        """Make ready what the first edit asks for, while nobody waits for it."""
        units = scene.showing.project.units
        if units is not None and len(units):
            pieces_of_units(units)


def _sheet(width: int, height: int, ratio: float) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    return image


def _paint_layer(layer: Layer, painter: QPainter, scene: Scene, box: QRect) -> None:
    if not getattr(layer, "draws_lines", False):
        painter.setClipRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    layer.paint(painter, scene)


def _changed(before: Scene, after: Scene) -> Changed:
    units = after.showing.project.units
    change = plan_change(before.showing.project, after.showing.project)
    if change is None or units is None or len(change.units) > MANY:
        return Changed(before, after, None, np.zeros((0, 4)))
    boxes = np.zeros((0, 4))
    if len(change.units):
        offsets, pieces = pieces_of_units(units)
        starts, stops = offsets[change.units], offsets[change.units + 1]
        ends = units.xy[units.ends[pieces[run_positions(starts, stops)]]]
        first = np.cumsum(stops - starts) - (stops - starts)
        low, high = np.minimum.reduceat(ends.min(axis=1), first), np.maximum.reduceat(ends.max(axis=1), first)
        boxes = screen_boxes(after.view, np.hstack((low, high)), REACH)
    return Changed(before, after, change, boxes)


def _same_view(before: Scene, after: Scene) -> bool:
    return before.view == after.view and before.ratio == after.ratio


def _same(old: Sequence[object], new: Sequence[object]) -> bool:
    return len(old) == len(new) and all(map(_equal, old, new))


def _equal(a: object, b: object) -> bool:
    return a is b or (isinstance(a, bool | int | float | str) and a == b)
