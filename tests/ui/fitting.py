"""What does not fit in a window: words wider than their widget, widgets over one another, signs that no font has, things without a name."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)

SLACK = 1  # pixels


def clipped(window: QWidget) -> list[str]:
    """Return the words of a window that are cut off."""
    return [
        f"{type(part).__name__} “{words}” needs {needs}, has {has}" for part, words, needs, has in _tight(window) if needs > has + SLACK
    ]


def _tight(window: QWidget) -> Iterator[tuple[QWidget, str, int, int]]:
    """Yield what is seen with its words, and the pixels that they need and have."""
    for part in _seen(window):
        face = QFontMetrics(part.font())
        if getattr(part, "elides", False):
            continue
        if isinstance(part, QLabel) and part.text():
            inner = part.contentsRect()
            if part.wordWrap():
                room = QRect(0, 0, inner.width(), 10_000)
                yield part, part.text(), face.boundingRect(room, int(Qt.TextFlag.TextWordWrap), part.text()).height(), inner.height()
            else:
                yield part, part.text(), max(face.horizontalAdvance(line) for line in part.text().split("\n")), inner.width()
        elif isinstance(part, QCheckBox) or (isinstance(part, QPushButton) and part.objectName() not in {"link", "tab"}):
            yield part, part.text(), part.sizeHint().width(), part.width()
        elif isinstance(part, QPushButton):
            yield part, part.text(), face.horizontalAdvance(part.text()), part.width()
        elif isinstance(part, QComboBox) and part.sizeAdjustPolicy() == QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow:
            yield part, part.currentText(), face.horizontalAdvance(part.currentText()) + 32, part.width()


def overlapping(window: QWidget) -> list[str]:
    """Return pairs of widgets laid out by one parent that lie over each other."""
    found = []
    for parent in [window, *_seen(window)]:
        if isinstance(parent, QStackedWidget | QSplitter) or parent.layout() is None:
            continue
        mine = [part for part in parent.children() if isinstance(part, QWidget) and part.isVisible() and not part.isWindow()]
        mine = [part for part in mine if parent.layout().indexOf(part) >= 0]
        for at, one in enumerate(mine):
            for other in mine[at + 1 :]:
                common = one.geometry().intersected(other.geometry())
                if common.width() > SLACK and common.height() > SLACK:
                    found.append(f"{_called(one)} over {_called(other)}")
    return found


def outside(window: QWidget) -> list[str]:
    """Return what sticks out of its parent, apart from what can be scrolled to."""
    found = []
    for part in _seen(window):
        parent = part.parentWidget()
        if parent is None or part.isWindow() or isinstance(parent.parentWidget(), QScrollArea) or _is_within_item(part):
            continue
        if not parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(part.geometry()):
            found.append(f"{_called(part)} {part.geometry().getRect()} of {_called(parent)} {parent.rect().getRect()}")
    return found


def nameless(window: QWidget) -> list[str]:
    """Return what the keyboard reaches and a screen reader cannot name."""
    buddies = {label.buddy() for label in window.findChildren(QLabel) if label.buddy() is not None}
    found = []
    for part in _seen(window):
        reached = part.isEnabled() and bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not reached or isinstance(part, QScrollArea) or _is_within_item(part):
            continue
        words = part.text() if isinstance(part, QAbstractButton) else ""
        if not (part.accessibleName() or words or part in buddies):
            found.append(_called(part))
    return found


def unknown_signs(window: QWidget) -> list[str]:
    """Return the characters in sight that no font of the program has."""
    words = {part.text() for part in _seen(window) if isinstance(part, QLabel | QAbstractButton)}
    signs = {sign for text in words for sign in text if sign.isprintable() and not sign.isspace()}
    return sorted(sign for sign in signs if not _is_drawn(sign, window.font()))


def _is_drawn(sign: str, face: QFont) -> bool:
    """True where a font, or one of those Qt falls back to, has a picture of a character: glyph 0 is the empty box."""
    layout = QTextLayout(sign, face)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return all(0 not in run.glyphIndexes() for run in layout.glyphRuns())


def _seen(window: QWidget) -> list[QWidget]:
    return [part for part in window.findChildren(QWidget) if part.isVisible() and part.width() > 0]


def _is_within_item(part: QWidget) -> bool:
    """True for the inner parts of Qt's own fields and views."""
    over = part.parentWidget()
    return isinstance(over, QAbstractSpinBox | QComboBox | QLineEdit) or part.objectName().startswith("qt_")


def _called(part: QWidget) -> str:
    words = part.accessibleName() or (part.text() if isinstance(part, QLabel | QAbstractButton) else "")
    return f"{type(part).__name__}({part.objectName()} {words[:40]})"


def faults(window: QWidget) -> list[str]:
    """Return all that does not fit in a window."""
    return [*clipped(window), *overlapping(window), *outside(window), *nameless(window)]
