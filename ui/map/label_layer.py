"""Labels: each grid's short code with the signs of what is settled, and its households, where there is room, none over another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from gridplanner.i18n import _
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from ui.map.grid_shapes import GridShapes
from ui.map.label_places import without_overlap
from ui.map.scene import Changed, Scene, Showing
from ui.marks import SIZE, paint_diamond, paint_lock
from ui.styles import SMALL, TEXT, Theme, font

HALO = [(dx, dy) for dx in (-1.5, 0.0, 1.5) for dy in (-1.5, 0.0, 1.5) if dx or dy]
KEPT = 8000  # label pictures
WIDE, HIGH = 62, 44  # pixels that a label of two lines wants
LEAST_WIDE, LEAST_HIGH = 26, 18  # pixels across a grid from which it has a label
PAD = 6.0  # pixels beside the words
Signs = tuple[bool, bool]  # a padlock, a diamond


@dataclass(frozen=True, eq=False)
class Wording:
    """What stands on the label of every grid of some shapes, a row a grid: codes, counts, signs and how wide either line is, pixels."""

    token: object
    language: str
    codes: Texts
    counts: Texts
    signs: Texts
    code_wide: Floats
    count_wide: Floats


@dataclass(frozen=True, eq=False)
class Placement:
    """The labels of one picture: rows of the shapes, where each is (n, 4) left, top, right, bottom, and whether it has two lines."""

    shapes: GridShapes
    wording: Wording
    rows: Ints
    boxes: Floats
    counted: Bools


class LabelLayer:
    """Code over household count; the count is red in a grid out of its band."""

    name = "labels"

    def __init__(self) -> None:
        self._pictures: dict[tuple[object, ...], QImage] = {}
        self._widths: dict[tuple[str, bool], float] = {}
        self._words: Wording | None = None
        self._placed: tuple[Scene, Placement] | None = None

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        instead = showing.groups and showing.groups not in showing.hidden  # labels of beats or zones stand in their place
        if project.units is None or project.grids is None or instead:
            return ()
        return (project.units, project.grids, project.households, project.settings.grids, showing.language)

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of labels that came, went, moved or say something else."""
        if changed.plan is None or changed.before.showing.language != changed.after.showing.language:
            return None
        old, new = self._placement(changed.before), self._placement(changed.after)
        old_ids, new_ids = old.shapes.ids[old.rows], new.shapes.ids[new.rows]
        old_order, new_order = np.argsort(old_ids), np.argsort(new_ids)
        _common, a, b = np.intersect1d(old_ids[old_order], new_ids[new_order], assume_unique=True, return_indices=True)
        a, b = old_order[a], new_order[b]
        same = (old.boxes[a] == new.boxes[b]).all(axis=1) & (old.counted[a] == new.counted[b])
        same &= ~np.isin(new_ids[b], np.fromiter(changed.plan.grids, np.int64, len(changed.plan.grids)))
        gone, come = np.ones(len(old_ids), bool), np.ones(len(new_ids), bool)
        gone[a[same]] = come[b[same]] = False
        return np.asarray(np.concatenate((old.boxes[gone], new.boxes[come])) + np.array([-2.0, -2.0, 2.0, 2.0]))

    def paint(self, painter: QPainter, scene: Scene) -> None:
        placed, region = self._placement(scene), scene.region
        boxes, words, plan = placed.boxes, placed.wording, scene.showing.project.grids
        assert plan is not None
        near = (boxes[:, 0] < region.right + 2) & (boxes[:, 2] > region.left - 2)
        near &= (boxes[:, 1] < region.bottom + 2) & (boxes[:, 3] > region.top - 2)
        for index in np.flatnonzero(near).tolist():
            row = int(placed.rows[index])
            counted = bool(placed.counted[index])
            off = counted and bool(placed.shapes.off[row])
            picture = self._picture(words.codes[row], words.counts[row] if counted else "", off, words.signs[row], scene)
            painter.drawImage(QPointF(*boxes[index, :2].tolist()), picture)
            scene.breathe()

    def _placement(self, scene: Scene) -> Placement:
        if self._placed is None or self._placed[0] is not scene:
            self._placed = scene, self._place(scene)
        return self._placed[1]

    def _place(self, scene: Scene) -> Placement:
        """Place labels for the whole picture, so that a region of it has those that the whole has."""
        shapes = scene.grids
        assert shapes is not None
        words = self._wording(shapes, scene)
        size = (shapes.boxes[:, 2:] - shapes.boxes[:, :2]) * scene.view.scale
        seen = scene.view.sees(shapes.boxes)
        roomy = (size[:, 0] > WIDE) & (size[:, 1] > HIGH)
        counted = bool(roomy[seen].mean() > 0.6) if seen.any() else False  # counts on some labels only would look like an accident
        rows = np.flatnonzero(seen & (size[:, 0] >= LEAST_WIDE) & (size[:, 1] >= LEAST_HIGH))
        rank = np.empty(len(rows), np.int64)
        rank[np.argsort(-size[rows].prod(axis=1), kind="stable")] = np.arange(len(rows))
        two = roomy[rows] & counted
        middle = scene.view.to_screen(shapes.places(rows, scene.breathe))
        high, higher = (QFontMetricsF(face).height() for face in (_code_font(), _count_font()))
        wide = np.where(two, np.maximum(words.code_wide[rows], words.count_wide[rows]), words.code_wide[rows]) + PAD
        tall = high + higher * two
        # whole pixels of the screen, or the picture of a label would be blurred
        corner = np.round((middle - np.column_stack((wide, tall)) / 2) * scene.ratio) / scene.ratio
        boxes = np.hstack((corner, corner + np.column_stack((wide, tall))))
        kept = without_overlap(boxes, rank)
        return Placement(shapes, words, rows[kept], boxes[kept], two[kept])

    def _wording(self, shapes: GridShapes, scene: Scene) -> Wording:
        """Return what the labels say, made anew only for grids of which something is another."""
        kept, language = self._words, scene.showing.language
        if kept is not None and kept.token is shapes.token and kept.language == language:
            return kept
        plan, count = shapes.project.grids, len(shapes)
        assert plan is not None
        if kept is not None and kept.token is shapes.heir_of and kept.language == language:
            codes, counts, signs = (values[shapes.source] for values in (kept.codes, kept.counts, kept.signs))
            code_wide, count_wide = kept.code_wide[shapes.source], kept.count_wide[shapes.source]
            rows = np.flatnonzero(shapes.source < 0)
        else:
            codes, counts, signs = (np.empty(count, object) for _column in range(3))
            code_wide, count_wide = np.zeros(count), np.zeros(count)
            rows = np.arange(count)
        code_metrics, count_metrics = QFontMetricsF(_code_font()), QFontMetricsF(_count_font())
        for at, row in enumerate(rows.tolist()):
            label = int(shapes.ids[row])
            grid = plan.grids[label]
            codes[row], signs[row] = short_code(grid, label), (grid.locked, grid.kind == "exclusive")
            counts[row] = _("{n} hh").format(n=f"{shapes.households[row]:,.0f}")
            code_wide[row] = self._width(codes[row], code_metrics, bold=True) + sum(signs[row]) * (SIZE + 3)
            count_wide[row] = self._width(counts[row], count_metrics, bold=False)
            if at % 100 == 99:
                scene.breathe()
        self._words = Wording(shapes.token, language, codes, counts, signs, code_wide, count_wide)
        return self._words

    def _width(self, text: str, metrics: QFontMetricsF, *, bold: bool) -> float:
        """Return how wide some words are, which is the same for very many labels."""
        if len(self._widths) >= KEPT:
            self._widths.clear()
        wide = self._widths.get((text, bold))
        if wide is None:
            wide = self._widths[text, bold] = metrics.horizontalAdvance(text)
        return wide

    def _picture(self, code: str, count: str, off: bool, signs: Signs, scene: Scene) -> QImage:
        """Return one label as a picture, kept for the next time."""
        key = (code, count, off, signs, scene.theme.name, scene.ratio)
        if key not in self._pictures:
            if len(self._pictures) >= KEPT:
                self._pictures.clear()
            self._pictures[key] = label_picture(code, count, off, signs, scene.theme, scene.ratio)
        return self._pictures[key]


def short_code(grid: Grid, label: int) -> str:
    """Return the part of a grid's code that tells it from its neighbours: the last three digits, without a leading zero."""
    tail = (grid.code or f"{label + 1:03d}")[-3:]
    return tail[1:] if len(tail) == 3 and tail.startswith("0") else tail


def label_picture(code: str, count: str, off: bool, signs: Signs, theme: Theme, ratio: float) -> QImage:
    """Return a label; `signs` say whether a padlock and a diamond stand behind its code, `off` makes its count red."""
    beside = sum(signs) * (SIZE + 3)
    lines = [(code, _code_font(), theme.text), (count, _count_font(), theme.bad if off else theme.text)]
    lines = [line for line in lines if line[0]]
    sizes = [QFontMetricsF(face) for _text, face, _colour in lines]
    widths = [metrics.horizontalAdvance(text) for metrics, (text, _face, _colour) in zip(sizes, lines, strict=True)]
    wide = max([widths[0] + beside, *widths[1:]]) + PAD
    high = sum(metrics.height() for metrics in sizes)
    image = QImage(round(wide * ratio), round(high * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    top = 0.0
    for metrics, (text, face, colour) in zip(sizes, lines, strict=True):
        painter.setFont(face)
        room = beside if text == code else 0.0
        halo = QColor(theme.halo)
        halo.setAlphaF(0.8)
        painter.setPen(halo)
        for dx, dy in HALO:
            painter.drawText(QRectF(dx, top + dy, wide - room, metrics.height()), Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(0, top, wide - room, metrics.height()), Qt.AlignmentFlag.AlignCenter, text)
        top += metrics.height()
    left, middle = (wide - beside + widths[0]) / 2 + 3, (sizes[0].height() - SIZE) / 2
    for there, paint in zip(signs, (paint_lock, paint_diamond), strict=True):
        if there:
            paint(painter, left, middle, QColor(theme.text), QColor(theme.halo))
            left += SIZE + 3
    painter.end()
    return image


def _code_font() -> QFont:
    return font(TEXT + 1, bold=True)


def _count_font() -> QFont:
    return font(SMALL + 1)
