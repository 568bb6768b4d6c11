"""The stops of a route: a drag changes their order, a wait is told, and what is locked or a depot stays."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.model.patrol import PatrolPlan
from tests.patrol_town import made_plan
from ui import styles
from ui.panels.stop_table import WAITS, StopTable
from ui.patrol_figures import waits_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def plan() -> PatrolPlan:
    plan = made_plan().patrol
    assert plan is not None
    return plan


@pytest.fixture
def table(qapp: QApplication, plan: PatrolPlan) -> Iterator[StopTable]:
    styles.use_theme(qapp, "light")
    made = StopTable()
    made.resize(320, 200)
    made.show_route(plan, plan.routes[0], QColor("#000000"))
    made.show()
    yield made
    made.close()
    made.deleteLater()


def middle(table: StopTable, line: int) -> QPoint:
    return table.visualRect(table.rows.index(line, 1)).center()


def drag(qtbot: QtBot, table: StopTable, start: int, end: QPoint, before_end: Qt.Key | None = None) -> None:
    view, at = table.viewport(), middle(table, start)
    qtbot.mousePress(view, LEFT, pos=at)
    qtbot.mouseMove(view, at + QPoint(0, 11))
    qtbot.mouseMove(view, end)
    if before_end is not None:
        qtbot.keyClick(table, before_end)
    qtbot.mouseRelease(view, LEFT, pos=end)


def test_a_stop_is_dragged_to_another_place(table: StopTable, qtbot: QtBot) -> None:
    moved: list[tuple[int, int]] = []
    table.moved.connect(lambda stop, to: moved.append((stop, to)))
    drag(qtbot, table, 1, middle(table, 2) + QPoint(0, 5))
    drag(qtbot, table, 2, middle(table, 1) - QPoint(0, 5))
    drag(qtbot, table, 2, middle(table, 0))  # the depot stays in front
    drag(qtbot, table, 1, middle(table, 3) + QPoint(0, 5))  # and at the end
    assert moved == [(1, 2), (2, 1), (2, 1), (1, 2)]


def test_a_drag_to_where_it_was_one_that_is_abandoned_and_a_depot_move_nothing(table: StopTable, qtbot: QtBot) -> None:
    moved: list[tuple[int, int]] = []
    table.moved.connect(lambda stop, to: moved.append((stop, to)))
    drag(qtbot, table, 1, middle(table, 1) + QPoint(0, 9))
    drag(qtbot, table, 1, middle(table, 2) + QPoint(0, 5), before_end=Qt.Key.Key_Escape)
    drag(qtbot, table, 0, middle(table, 2) + QPoint(0, 5))
    assert moved == []


def test_the_order_of_a_locked_route_stays(table: StopTable, plan: PatrolPlan, qtbot: QtBot) -> None:
    moved: list[tuple[int, int]] = []
    table.moved.connect(lambda stop, to: moved.append((stop, to)))
    table.show_route(plan, dataclasses.replace(plan.routes[0], locked=True), QColor("#000000"))
    drag(qtbot, table, 1, middle(table, 2) + QPoint(0, 5))
    assert moved == []


def test_what_a_crew_waits_before_a_stop_is_told_where_it_waits(table: StopTable, plan: PatrolPlan) -> None:
    route = plan.routes[0]  # 二街, then the site
    assert waits_of(plan, route) == (0.0,) * len(route.stops)
    assert table.isColumnHidden(WAITS)
    site = route.stops[2]
    later = tuple(dataclasses.replace(stop, arrive=stop.arrive + 40.0 * (at >= 2)) for at, stop in enumerate(route.stops))
    passed = np.where(route.passed >= site.arrive, route.passed + 40.0, route.passed)
    waiting = dataclasses.replace(route, stops=later, passed=passed, minutes=route.minutes + 40.0)
    assert waits_of(plan, waiting) == pytest.approx((0.0, 0.0, 40.0, 0.0))
    table.show_route(plan, waiting, QColor("#000000"))
    assert not table.isColumnHidden(WAITS)
    assert [str(table.rows.index(line, WAITS).data()) for line in range(4)] == ["", "", "40", ""]
