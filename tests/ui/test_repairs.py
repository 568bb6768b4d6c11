"""Findings of repairs in the panel: left as they were, made again, and undone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gridplanner.io.sources import read_sources
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.issues import LEFT, Issue, Level
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings, Settings, SourceSettings
from ui.desk import Desk
from ui.panels.issues_panel import IssuesPanel
from ui.repair_words import repair_words

X, Y = 500_000.0, 3_900_000.0
MENDED = Issue(Level.INFO, "mended", "Row {rows} was mended", {"rows": "4", "count": 1}, "communities", "4", repair="mended:4")
ALL = Issue(Level.INFO, "mended", "Rows {rows} were mended", {"rows": "4, 5", "count": 2}, "communities", repair="mended")
KEPT = Issue(Level.ERROR, LEFT, "Row 4 was left", {}, "communities", "4", repair="mended:4")
PLAIN = Issue(Level.WARNING, "over", "Grid 1 is too large")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    areas = [shapely.box(X, Y, X + 1000, Y + 1000), shapely.box(X + 1003, Y, X + 2000, Y + 1000)]
    path = tmp_path / "communities.gpkg"
    write_gpkg_layer(path, "communities", np.array(areas, object), {"name": texts(["甲", "乙"])}, geometry="Polygon", crs="EPSG:4545")
    return read_sources(Settings(sources={"communities": SourceSettings(path=str(path))}, grids=GridSettings()))


@pytest.fixture
def panel(qtbot: QtBot) -> IssuesPanel:
    panel = IssuesPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 420)
    panel.show()
    return panel


def switch(panel: IssuesPanel) -> QPushButton:
    return panel._switch


def test_what_can_be_done_is_said_of_repairs_alone() -> None:
    assert [repair_words(issue) for issue in (MENDED, ALL, KEPT, PLAIN)] == [
        "Leave as it was", "Leave all of these as they were", "Repair again", "",
    ]  # fmt: skip


def test_the_button_follows_the_finding_and_the_menu_says_the_same(qtbot: QtBot, panel: IssuesPanel) -> None:
    panel.show_issues((PLAIN, MENDED, KEPT))
    assert not switch(panel).isVisible()
    plain, mended, kept = (panel.model.index(row) for row in range(3))
    panel._list.setCurrentIndex(mended)
    assert switch(panel).isVisible()
    with qtbot.waitSignal(panel.repair_switched) as asked:
        qtbot.mouseClick(switch(panel), Qt.MouseButton.LeftButton)
    assert asked.args == [MENDED]
    panel._list.setCurrentIndex(plain)
    assert not switch(panel).isVisible()
    panel._open_menu(panel._list.visualRect(kept).center())
    (menu,) = panel.findChildren(QMenu)
    (action,) = menu.actions()
    assert action.text() == "Repair again"
    with qtbot.waitSignal(panel.repair_switched) as asked:
        action.trigger()
    assert asked.args == [KEPT]
    menu.close()
    panel._open_menu(QPoint(5, 400))
    panel._open_menu(panel._list.visualRect(plain).center())
    assert [menu for menu in panel.findChildren(QMenu) if menu.isVisible()] == []


def test_a_repair_is_left_made_again_and_undone_in_the_window(qtbot: QtBot, one_desk: Desk, project: Project) -> None:
    one_desk.session.open(project, saved=True)
    (gap,) = [issue for issue in project.read_issues if issue.kind == "gap_mended"]
    one_desk.side.issues.repair_switched.emit(gap)
    qtbot.waitUntil(lambda: one_desk.session.project is not project, timeout=20_000)
    after = one_desk.session.project
    assert after.settings.sources["communities"].as_is == (gap.repair,)
    assert shapely.area(after.communities.polygons).sum() < shapely.area(project.communities.polygons).sum() - 2900
    (kept,) = [issue for issue in after.read_issues if issue.is_left]
    one_desk.side.issues.repair_switched.emit(kept)
    qtbot.waitUntil(lambda: one_desk.session.project is not after, timeout=20_000)
    assert one_desk.session.project.settings.sources["communities"].as_is == ()
    assert len(one_desk.session.history.past) == 2
    one_desk.session.travel(-2)
    assert one_desk.session.project is project
