import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from gridplanner.model.grids_touched import grids_touched
from gridplanner.model.project import Project
from tests.ui.hand import Hand, open_table, town_of_eight
from ui.map.tools.push_border import PushBorder
from ui.styles import Theme

SHIFT, CTRL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def district() -> Project:
    return town_of_eight()


@pytest.fixture
def hand(qtbot: QtBot, district: Project, look: Theme) -> Iterator[Hand]:
    with open_table(qtbot, district, look) as table:
        yield table.hand


def test_a_rectangle_and_a_lasso_select_what_they_touch_and_ctrl_adds_or_takes_away(hand: Hand, qtbot: QtBot) -> None:
    canvas = hand.canvas
    taken: list[tuple[int, ...]] = []
    canvas.grids_taken.connect(taken.append)
    view = canvas.view
    hand.drag(hand.middle(13), hand.middle(16), keys=SHIFT)  # one row: columns 1 to 4
    assert taken[-1] == (0, 1)
    hand.drag(hand.middle(12), hand.middle(12) + QPointF(6, 6), keys=SHIFT)
    assert taken[-1] == (0,)  # within one unit
    hand.drag(hand.middle(0), hand.middle(28), keys=SHIFT)
    assert taken[-1] == (0, 1)
    hand.press(hand.middle(24), ALT)
    for unit in (28, 76, 72):
        hand.move(hand.middle(unit), ALT)
    assert len(canvas.gestures.preview.lines) == 1
    hand.release(hand.middle(72), ALT)
    assert taken[-1] == (0, 1, 4, 5)
    assert canvas.view == view
    canvas.showing = dataclasses.replace(canvas.showing, selected=7, others=frozenset((1,)))
    hand.drag(hand.middle(0), hand.middle(28), keys=SHIFT | CTRL)
    assert taken[-1] == (7, 1, 0)
    hand.drag(hand.middle(3), hand.middle(17), keys=SHIFT | CTRL)
    assert taken[-1] == (7,)
    count = len(taken)
    with qtbot.waitSignal(canvas.grid_added) as added:
        hand.click(hand.middle(0), SHIFT)
    assert added.args == [0]
    hand.press(hand.middle(0), SHIFT)
    hand.move(hand.middle(28), SHIFT)
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.middle(28), SHIFT)
    assert len(taken) == count


def test_the_middle_button_and_space_move_the_map_whatever_the_tool(hand: Hand, qtbot: QtBot) -> None:
    canvas = hand.canvas
    canvas.use_tool(PushBorder())
    with qtbot.assertNotEmitted(canvas.edit_made):
        for button, key in ((Qt.MouseButton.MiddleButton, False), (Qt.MouseButton.LeftButton, True)):
            before = canvas.view
            if key:
                qtbot.keyPress(canvas, Qt.Key.Key_Space)
            hand.press(QPointF(300, 300), button=button)
            hand.move(QPointF(340, 300), held=button)
            hand.release(QPointF(340, 300), button=button)
            if key:
                qtbot.keyRelease(canvas, Qt.Key.Key_Space)
            assert canvas.view.x < before.x
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_a_double_click_looks_closer_and_a_click_beside_every_grid_selects_none(hand: Hand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hand.canvas.grid_opened) as opened:
        hand.double_click(hand.middle(40))
    assert opened.args == [1]
    with qtbot.waitSignal(hand.canvas.grid_clicked) as clicked:
        hand.click(QPointF(2, 2))
    assert clicked.args == [None]


def test_a_ring_touches_the_grids_of_the_corners_in_it(district: Project) -> None:
    units, plan = district.units, district.grids
    assert units is not None
    assert plan is not None
    x, y = units.xy[4 * 13 + 3].tolist()  # the corner where grids 0, 1, 4 and 5 meet
    ring = np.array([[x - 1, y - 1], [x + 1, y - 1], [x, y + 1]])
    assert grids_touched(units, plan, ring) == (0, 1, 4, 5)
    assert grids_touched(units, plan, ring + 5.0) == ()
    assert grids_touched(units, plan, ring + 5.0, 40) == (1,)


def test_the_rectangle_is_seen_while_it_is_drawn_and_no_card_lies_over_it(hand: Hand, qtbot: QtBot) -> None:
    canvas = hand.canvas
    before = canvas.grab().toImage()
    with qtbot.waitSignal(canvas.hovered, check_params_cb=lambda grid, _at: grid == -1):
        hand.press(hand.middle(0), SHIFT)
    hand.move(hand.middle(28), SHIFT)
    assert canvas.grab().toImage() != before
    canvas.gestures.follow(canvas.showing.project)  # figures that arrive meanwhile do not end it
    assert canvas.gestures.preview.lines
    hand.key(Qt.Key.Key_Escape)
