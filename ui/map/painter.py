"""Paints the map, layer by layer, in a thread of its own, and repaints only the layers whose sources changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QColor, QImage, QPainter

from gridplanner.model.lookup import unit_at
from gridplanner.model.units import Units
from ui.map.address_layer import AddressLayer
from ui.map.grid_layer import GridBorderLayer, GridFillLayer, SelectionLayer
from ui.map.label_layer import LabelLayer
from ui.map.land_layer import LandLayer, LimitLayer
from ui.map.layer import Layer
from ui.map.patrol_layer import PatrolLayer
from ui.map.rail_layer import GuardLayer, RailLayer
from ui.map.road_layer import RoadLayer
from ui.map.rule_layer import RuleLayer
from ui.map.scene import Frame, Request, Scene
from ui.map.shapes import unit_loops
from ui.map.site_layer import SiteLayer
from ui.map.view import View
from ui.map.zone_layer import ZoneLayer


@dataclass(frozen=True, eq=False)
class _Picture:
    """One layer's picture, and all that it was painted from."""

    image: QImage
    view: View
    ratio: float
    theme: str
    sources: tuple[object, ...]

    def shows(self, request: Request, sources: tuple[object, ...]) -> bool:
        """True where the picture is the one wanted."""
        same = self.view == request.view and self.ratio == request.ratio and self.theme == request.showing.theme.name
        return same and len(sources) == len(self.sources) and all(map(_same, sources, self.sources))


class Painter:
    """All layers from the ground up, each with its latest picture."""

    def __init__(self) -> None:
        self.layers: tuple[Layer, ...] = (
            LandLayer(), GridFillLayer(), RoadLayer(), LimitLayer(), AddressLayer(), GuardLayer(), RailLayer(), GridBorderLayer(),
            RuleLayer(), ZoneLayer(), SelectionLayer(), PatrolLayer(), SiteLayer(), LabelLayer(),
        )  # fmt: skip
        self._pictures: dict[str, _Picture] = {}
        self._located: Units | None = None

    def frames(self, request: object, is_obsolete: Callable[[], bool]) -> Iterator[Frame | Units]:
        """Yield the picture wanted, then its units once places on them can be looked up; raises Obsolete where a newer request came."""
        assert isinstance(request, Request)
        began = time.perf_counter()
        scene = Scene(request, is_obsolete)
        frame = _blank(request)
        frame.fill(QColor(request.showing.theme.map))
        painter = QPainter(frame)
        try:
            for layer in self.layers:
                image = self._picture(layer, scene, request)
                if image is not None:
                    painter.drawImage(0, 0, image)
                    scene.breathe()
        finally:
            painter.end()
        yield Frame(frame, request.view, request.showing, time.perf_counter() - began)
        units = request.showing.project.units
        if units is not None and units is not self._located:
            unit_loops(units)
            unit_at(units, *units.xy[0].tolist())
            self._located = units
            yield units

    def _picture(self, layer: Layer, scene: Scene, request: Request) -> QImage | None:
        sources = layer.sources(request.showing) if layer.name not in request.showing.hidden else ()
        if not sources:
            self._pictures.pop(layer.name, None)
            return None
        kept = self._pictures.get(layer.name)
        if kept is None or not kept.shows(request, sources):
            image = _blank(request)
            image.fill(0)
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            try:
                layer.paint(painter, scene)
            finally:
                painter.end()
            kept = _Picture(image, request.view, request.ratio, request.showing.theme.name, sources)
            self._pictures[layer.name] = kept
        return kept.image


def _blank(request: Request) -> QImage:
    size = (round(request.view.width * request.ratio), round(request.view.height * request.ratio))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(request.ratio)
    return image


def _same(a: object, b: object) -> bool:
    return a is b or (isinstance(a, bool | int | float | str) and a == b)
