import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.project import Project
from tests.ui.builders import patrolled
from ui.map.address_layer import disc
from ui.map.canvas import Canvas
from ui.map.scene import Showing
from ui.map.shapes import unit_loops
from ui.map.tools.assign import Assign
from ui.styles import Theme


@pytest.fixture
def canvas(qtbot: QtBot, project: Project, look: Theme) -> Iterator[Canvas]:
    shown = Canvas(Showing(patrolled(project), look, "en"))
    shown.resize(800, 600)
    with qtbot.waitSignal(shown.painted):
        shown.show()
        shown.show_project(shown.showing)
    qtbot.waitUntil(lambda: shown.frame is not None and shown.frame.region.width == shown.frame.view.width)  # with its margins
    yield shown
    shown.close_threads()
    shown.close()


def middle_of(canvas: Canvas, unit: int) -> QPoint:
    units = canvas.showing.project.units
    assert units is not None
    place = unit_loops(units).loops(unit)[0].mean(axis=0)
    return QPointF(*canvas.view.point_to_screen(*place.tolist())).toPoint()


def colours(image: QImage) -> int:
    data = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32)
    return len(np.unique(data))


def test_the_picture_shows_the_whole_town(canvas: Canvas) -> None:
    assert canvas.frame is not None
    assert colours(canvas.frame.image) > 20
    left, bottom, right, top = canvas.view.bounds
    units = canvas.showing.project.units
    assert units is not None
    assert left < units.xy[:, 0].min() < units.xy[:, 0].max() < right
    assert bottom < units.xy[:, 1].min() < units.xy[:, 1].max() < top


def test_a_click_selects_the_grid_under_it(canvas: Canvas, qtbot: QtBot) -> None:
    plan = canvas.showing.project.grids
    assert plan is not None
    with qtbot.waitSignal(canvas.grid_clicked) as clicked:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle_of(canvas, 50))
    assert clicked.args == [int(plan.labels[50])]
    with qtbot.waitSignal(canvas.grid_clicked) as beside:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert beside.args == [None]


def test_a_drag_moves_the_map_and_selects_nothing(canvas: Canvas, qtbot: QtBot) -> None:
    before = canvas.view
    with qtbot.assertNotEmitted(canvas.grid_clicked):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
        for x in range(410, 460, 10):
            qtbot.mouseMove(canvas, QPoint(x, 320))
            QApplication.sendEvent(canvas, _moved(canvas, x, 320))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(450, 320))
    assert canvas.view.x < before.x
    assert canvas.view.scale == before.scale


def test_the_wheel_zooms_at_the_cursor(canvas: Canvas, qtbot: QtBot) -> None:
    at = QPointF(200, 150)
    before, scale = canvas.view.point_to_world(at.x(), at.y()), canvas.view.scale
    # a picture of the view before may be on its way
    with qtbot.waitSignal(canvas.painted, check_params_cb=lambda frame: frame.view.scale != scale) as painted:
        wheel = QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, wheel)
    assert canvas.view.scale > 1.5 * scale
    assert canvas.view.point_to_world(at.x(), at.y()) == pytest.approx(before)
    assert painted.args is not None
    assert painted.args[0].view.scale == canvas.view.scale


def test_a_brush_stroke_is_one_edit_that_moves_units_of_the_community(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.showing = dataclasses.replace(canvas.showing, selected=0)
    canvas.use_tool(Assign())
    start, end = middle_of(canvas, 4), middle_of(canvas, 7)
    with qtbot.waitSignal(canvas.edit_made) as made:
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        QApplication.sendEvent(canvas, _moved(canvas, end.x(), end.y()))
        assert canvas.gestures.preview.units == {4, 5}
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert made.args == [MoveUnits((4, 5), 0)]  # 6 and 7 lie in the other community
    assert not canvas.gestures.preview.units


def test_escape_abandons_a_stroke(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.showing = dataclasses.replace(canvas.showing, selected=0)
    canvas.use_tool(Assign())
    with qtbot.assertNotEmitted(canvas.edit_made):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle_of(canvas, 4))
        assert canvas.gestures.preview.units == {4}
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle_of(canvas, 5))


def test_dots_are_as_large_as_asked_and_symmetric() -> None:
    assert disc(1.0).tolist() == [[0, 0]]
    assert len(disc(2.0)) == 4
    for size in (3.0, 4.5, 6.0):
        pixels = {tuple(pixel) for pixel in disc(size).tolist()}
        assert pixels == {(-x, -y) for x, y in pixels}


def _moved(canvas: Canvas, x: int, y: int) -> object:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    at = QPointF(x, y)
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), Qt.MouseButton.NoButton, left, Qt.KeyboardModifier.NoModifier)


def test_a_click_with_ctrl_selects_beside_the_others(canvas: Canvas, qtbot: QtBot) -> None:
    plan = canvas.showing.project.grids
    assert plan is not None
    with qtbot.waitSignal(canvas.grid_added) as added, qtbot.assertNotEmitted(canvas.grid_clicked):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, middle_of(canvas, 50))
    assert added.args == [int(plan.labels[50])]


def test_the_right_button_asks_for_the_menu_of_a_grid_and_picks_it_while_assigning(canvas: Canvas, qtbot: QtBot) -> None:
    plan, at = canvas.showing.project.grids, middle_of(canvas, 50)
    assert plan is not None
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at))
    with qtbot.waitSignal(canvas.menu_asked) as asked, qtbot.assertNotEmitted(canvas.grid_clicked):
        qtbot.mouseClick(canvas, Qt.MouseButton.RightButton, pos=at)
        QApplication.sendEvent(canvas, menu)
    assert asked.args is not None
    assert asked.args[0] == int(plan.labels[50])
    canvas.use_tool(Assign())
    with qtbot.waitSignal(canvas.grid_clicked), qtbot.assertNotEmitted(canvas.menu_asked):
        qtbot.mouseClick(canvas, Qt.MouseButton.RightButton, pos=at)
        QApplication.sendEvent(canvas, menu)
