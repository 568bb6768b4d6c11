"""A hand with a mouse on a canvas and a session behind it, for the tests of tools: presses, moves and keys, and what comes of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.edits.edit import Edit
from gridplanner.errors import EditRejected
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.session import Session
from tests.ui.builders import planned, town
from ui.map.canvas import Canvas
from ui.map.scene import Showing
from ui.map.shapes import unit_loops
from ui.map.tools.tool import Tool
from ui.styles import Theme

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


class Hand:
    """Sends a canvas what a mouse would."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def middle(self, unit: int) -> QPointF:
        """Return the middle of a unit."""
        units = self.canvas.showing.project.units
        assert units is not None
        return self.pixel(*unit_loops(units).loops(unit)[0].mean(axis=0).tolist())

    def border(self, one: int, other: int) -> QPointF:
        """Return the middle of the common border of two units."""
        units = self.canvas.showing.project.units
        assert units is not None
        pieces = pieces_around(units, np.array([one]))
        shared = pieces[(units.left[pieces] == other) | (units.right[pieces] == other)]
        return self.pixel(*units.xy[units.ends[shared[0]]].mean(axis=0).tolist())

    def pixel(self, x: float, y: float) -> QPointF:
        """Return the pixel of a place in metres."""
        return QPointF(*self.canvas.view.point_to_screen(x, y))

    def press(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT) -> None:
        """Press a button."""
        self._send(QEvent.Type.MouseButtonPress, at, button, button, keys)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, held: Qt.MouseButton = LEFT) -> None:
        """Move with a button held, or none."""
        self._send(QEvent.Type.MouseMove, at, NONE, held, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT) -> None:
        """Let go of a button."""
        self._send(QEvent.Type.MouseButtonRelease, at, button, NONE, keys)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT) -> None:
        """Press and let go."""
        self.press(at, keys, button)
        self.release(at, keys, button)

    def double_click(self, at: QPointF) -> None:
        """Click twice, as Qt tells it."""
        self.click(at)
        self._send(QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT, PLAIN)
        self.release(at)

    def drag(self, *places: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
        """Press at the first place, move over the others, and let go at the last."""
        self.press(places[0], keys)
        for place in places[1:]:
            self.move(place, keys)
        self.release(places[-1], keys)

    def turn(self, at: QPointF, notches: int, keys: Qt.KeyboardModifier) -> None:
        """Turn the wheel with keys held."""
        place = self.canvas.mapToGlobal(at)
        wheel = QWheelEvent(at, place, QPoint(), QPoint(0, 120 * notches), NONE, keys, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(self.canvas, wheel)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key."""
        QTest.keyClick(self.canvas, key, keys)

    def _send(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, at, self.canvas.mapToGlobal(at), button, held, keys))


class Table:
    """A canvas with a session behind it, as the desk has them."""

    def __init__(self, canvas: Canvas, project: Project) -> None:
        self.canvas, self.session, self.hand = canvas, Session(project), Hand(canvas)
        self.edits: list[Edit] = []
        self.refused = ""
        canvas.edit_made.connect(self._do)

    def _do(self, edit: Edit) -> None:
        self.edits.append(edit)
        try:
            self.session.do(edit)
        except EditRejected as why:
            self.refused = str(why)
        self.show()

    def show(self, **changes: object) -> None:
        """Show the project as it is now."""
        self.canvas.showing = dataclasses.replace(self.canvas.showing, project=self.session.project, **changes)  # type: ignore[arg-type]

    def start(self, project: Project) -> None:
        """Go on with another project."""
        self.session.open(project, saved=True)
        self.show()

    @property
    def labels(self) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """The grid of each unit."""
        assert self.session.project.grids is not None
        return np.asarray(self.session.project.grids.labels)

    def take(self, tool: Tool, selected: int | None = None) -> Hand:
        """Take a tool in hand with a grid selected."""
        self.show(selected=selected)
        self.canvas.use_tool(tool)
        return self.hand


@contextmanager
def open_table(qtbot: QtBot, project: Project, look: Theme) -> Iterator[Table]:
    """Show a project on a canvas of its own until the block ends."""
    canvas = Canvas(Showing(project, look, "en"))
    canvas.resize(800, 600)
    with qtbot.waitSignal(canvas.painted):
        canvas.show()
        canvas.show_project(canvas.showing)
    qtbot.waitUntil(lambda: canvas.unit_at(300.0, 200.0) >= 0)
    yield Table(canvas, project)
    canvas.close_threads()
    canvas.close()


def town_of_eight() -> Project:
    """Return a town of units 0–95 in rows of 12 with grids of three columns and four rows; columns 0–5 are one community.

    0  0  0  1  1  1 | 2  2  2  3  3  3     rows 0–3
    4  4  4  5  5  5 | 6  6  6  7  7  7     rows 4–7
    """
    return planned(town(), wide=3, high=4)


def words(table: Table) -> str:
    return table.session.history.present.words


def sums_hold(table: Table, before: Project) -> bool:
    """Whether every unit is in a grid that is known, and no household is lost."""
    figures = grid_figures(table.session.project)
    assert table.session.project.grids is not None
    known = set(np.unique(table.labels).tolist()) == set(table.session.project.grids.grids)
    return known and float(figures.households.sum()) == pytest.approx(float(grid_figures(before).households.sum()))


def households(project: Project, *units: int) -> float:
    assert project.units is not None
    return float(project.households.households[np.isin(project.units.address_unit, units)].sum())
