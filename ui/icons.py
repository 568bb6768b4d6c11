"""Icons from one set: drawn on 20 × 20, one stroke width, in the colour of the text beside them, sharp at every scaling."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent / "resources" / "icons"
SIZE = 20
# actions whose icon has another name than they have
NAMES = {
    "hand": "move", "pan": "move", "move-map": "move", "brush": "assign", "push-border": "push", "street-pen": "pen", "split-line": "split",
    "even-out": "even", "evening": "even", "re-solve": "resolve", "resolve-here": "resolve", "split-n": "resolve", "draw-grid": "draw",
    "fixed-line": "fix", "must-stay": "stay", "cut-unit": "cut", "cut-units": "cut",
}  # fmt: skip


@lru_cache(maxsize=256)
def has_icon(name: str) -> bool:
    """True where an action has an icon."""
    return (FOLDER / f"{NAMES.get(name, name)}.svg").exists()


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: str) -> None:
    """Draw an icon into a square of the painter's own pixels."""
    renderer = _renderer(NAMES.get(name, name), colour)
    if renderer is not None:
        renderer.render(painter, box)


def icon(name: str, colour: str, size: int = SIZE) -> QIcon:
    """Return an icon for Qt's own buttons and menus, with pictures for screens of one and two pixels a point."""
    made = QIcon()
    for ratio in (1, 2):
        picture = QPixmap(size * ratio, size * ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, name, QRectF(0, 0, size * ratio, size * ratio), colour)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        made.addPixmap(picture)
    return made


@lru_cache(maxsize=128)
def _renderer(name: str, colour: str) -> QSvgRenderer | None:
    path = FOLDER / f"{name}.svg"
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(text.encode()))
