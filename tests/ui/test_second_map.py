import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.map.shapes import unit_loops
from ui.preferences import Preferences
from ui.second_map import SecondMap

LONG = 30_000


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=LONG)
    desk_of(shown).session.open(planned(town()), saved=True)
    desk_of(shown).canvas.fit()
    yield shown
    desk_of(shown).session.mark_saved(desk_of(shown).session.project)
    shown.close()


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def second_of(desk: Desk) -> SecondMap:
    assert desk.maps.second is not None
    return desk.maps.second


def click(second: SecondMap, project: Project, unit: int) -> None:
    assert project.units is not None
    place = unit_loops(project.units).loops(unit)[0].mean(axis=0)
    at = QPointF(*second.canvas.view.point_to_screen(*place.tolist())).toPoint()
    QTest.mouseClick(second.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_a_second_map_follows_the_first_in_a_theme_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    desk.canvas.zoom(3.0)
    close = desk.canvas.view
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F8)
    second = second_of(desk)
    second.resize(700, 500)
    qtbot.waitUntil(lambda: second.canvas.frame is not None)
    assert window.action_set.qt["second-map"].isChecked()
    assert (second.canvas.showing.map_theme, desk.canvas.showing.map_theme) == ("deviation", "grid")
    assert second.legend.isVisible()

    # the views move together, both ways, each in its own size; that the second appears and is resized moves nothing
    assert desk.canvas.view == close
    assert (second.canvas.view.x, second.canvas.view.scale) == (close.x, close.scale)
    desk.canvas.zoom(2.0)
    assert (second.canvas.view.x, second.canvas.view.y, second.canvas.view.scale) == pytest.approx(
        (desk.canvas.view.x, desk.canvas.view.y, desk.canvas.view.scale)
    )
    assert second.canvas.view.width == second.canvas.width()
    second.canvas.look(second.canvas.view.panned(100, 40))
    assert desk.canvas.view.x == pytest.approx(second.canvas.view.x)
    second.together.setChecked(False)
    before = second.canvas.view
    desk.canvas.zoom(0.5)
    assert second.canvas.view == before
    second.together.setChecked(True)
    assert second.canvas.view.scale == desk.canvas.view.scale

    # a click selects on both, an edit reaches both
    project = desk.session.project
    assert project.grids is not None
    click(second, project, 50)
    assert desk.selection.selected == int(project.grids.labels[50])
    assert second.canvas.showing.selected == desk.canvas.showing.selected == desk.selection.selected
    desk.do(MoveUnits((4, 5), 0))
    assert second.canvas.showing.project is desk.session.project is not project
    desk.session.undo()
    assert second.canvas.showing.project is project

    second.themes.setCurrentIndex(second.themes.findData("community"))
    second.themes.activated.emit(second.themes.currentIndex())
    assert second.canvas.showing.map_theme == "community"
    assert desk.canvas.showing.map_theme == "grid"
    assert desk.preferences.choice("second-map-theme") == "community"
    choices = second.themes.model()
    assert isinstance(choices, QStandardItemModel)
    possible = {str(second.themes.itemData(row)) for row in range(second.themes.count()) if choices.item(row).isEnabled()}
    assert possible == desk.maps.possible_themes  # no zones, no theme of zones
    second.themes.setCurrentIndex(second.themes.findData("zone"))
    second.themes.activated.emit(second.themes.currentIndex())  # as kept from a project that had some
    assert second.themes.currentData() == "grid"
    QTest.keyClick(second, Qt.Key.Key_F8)  # the keys of the first window work here too
    qtbot.waitUntil(lambda: desk.maps.second is None)
    assert not window.action_set.qt["second-map"].isChecked()
    assert not desk.preferences.bytes_of("second-map").isEmpty()


def test_another_project_can_be_shown_beside_the_first(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    first = desk.session.project
    assert first.grids is not None
    other = dataclasses.replace(first, grids=dataclasses.replace(first.grids, labels=np.zeros_like(first.grids.labels)))
    desk.select(1)
    desk.maps.show_project(other, "Scenario B")
    second = second_of(desk)
    assert second.canvas.showing.project is other
    assert second.canvas.showing.selected is None
    assert second.windowTitle() == "Scenario B – Second map"
    desk.do(MoveUnits((4, 5), 0))
    assert second.canvas.showing.project is other
    click(second, other, 50)
    assert desk.selection.selected == 1
    desk.maps.show_project(None)
    assert second.canvas.showing.project is desk.session.project
    assert second.canvas.showing.selected == 1
    with qtbot.waitSignal(second.closed):
        desk.session.mark_saved(desk.session.project)
        window.close()  # and the second with it


def test_what_is_chosen_for_the_maps_is_remembered_and_words_follow_the_language(
    window: MainWindow, qtbot: QtBot, preferences: Preferences
) -> None:
    desk = desk_of(window)
    maps = desk.maps
    assert maps.legend is not None
    assert maps.panel is not None
    window.action_set.qt["map-theme-deviation"].trigger()
    assert desk.canvas.showing.map_theme == "deviation"
    assert not window.action_set.qt["map-theme-zone"].isEnabled()
    assert maps.legend._head.text() == "By deviation"
    window.action_set.qt["layer-legend"].trigger()
    assert not maps.legend.isVisible()

    maps.panel.list.setCurrentRow(0)
    maps.panel.opacity.setValue(50)
    assert desk.canvas.showing.looks.look("labels").opacity == 0.5
    desk.toggle_layer("roads")
    assert "roads" in desk.canvas.showing.hidden
    window.steps.choose("patrol")
    assert "roads" in desk.canvas.showing.hidden  # hidden by hand, at every step
    assert "patrol" not in desk.canvas.showing.hidden
    assert maps.theme == "grid"  # the step has a theme of its own

    window.steps.choose("grids")
    again = type(maps)(desk)
    assert again.theme == "deviation"
    assert again.looks == maps.looks
    assert "roads" in again.hidden_at("grids")
    again.close()
    desk.use_language("zh_CN")
    desk.use_language("en")
    assert maps.legend._head.text() == "By deviation"
