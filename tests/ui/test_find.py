"""Finding: what wants a look is counted and walked through, names and addresses are found as they are typed."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.model.grids import Grid
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.model.text_search import CHUNK, TextIndex
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.dialogs.paste_dialog import PasteDialog
from ui.find import KINDS, MOST, Found, Hits, Question, Seeker, count_of, found_of
from ui.main_window import MainWindow
from ui.panels.find_box import FindBox
from ui.panels.grid_cells import CellEditor
from ui.panels.grid_columns import NAME
from ui.preferences import Preferences

LONG = 30_000


def found(kind: str, project: Project) -> tuple[Found, ...]:
    shown = found_of(kind, project, grid_figures(project))
    assert len(shown) == count_of(kind, project, grid_figures(project))
    return shown


def with_grid(project: Project, key: int, **changes: object) -> Project:
    plan = project.grids
    assert plan is not None
    grids: dict[int, Grid] = {**plan.grids, key: dataclasses.replace(plan.grids[key], **changes)}  # type: ignore[arg-type]
    return dataclasses.replace(project, grids=dataclasses.replace(plan, grids=grids))


def test_grids_out_of_the_band_come_the_worst_first(project: Project) -> None:
    figures = grid_figures(project)
    deviation = dict(zip(figures.ids.tolist(), figures.deviation.tolist(), strict=True))
    for kind, sign in (("over", 1), ("under", -1)):
        shown = [deviation[one.grid] for one in found(kind, project)]
        assert sorted(shown, key=lambda value: -abs(value)) == shown
        assert len(shown) == sum(sign * value > 10 for value in deviation.values())
        assert all(sign * value > 10 for value in shown)


def test_each_kind_finds_what_was_made_so(project: Project) -> None:
    plan, units = project.grids, project.units
    assert plan is not None
    assert units is not None
    assert [one.grid for one in found("locked", LockGrids((2, 4)).apply(project))] == [4, 2]  # in the order of the codes
    assert [one.grid for one in found("exclusive", with_grid(project, 5, kind="exclusive"))] == [5]
    assert {one.grid for one in found("duplicate", with_grid(project, 5, code=plan.grids[3].code))} == {3, 5}
    assert found("duplicate", project) == ()
    named = ChangeGrids(tuple((key, (("name", "A"),)) for key in plan.grids if key != 6)).apply(project)
    assert [one.grid for one in found("unnamed", named)] == [6]
    apart = MoveUnits((0,), 9 if plan.grids[9].community == 0 else 6).apply(project)
    assert len(found("split", apart)) == 1
    labels = plan.labels.copy()
    labels[10] = 77
    bare = found_of("unassigned", dataclasses.replace(project, grids=dataclasses.replace(plan, labels=labels)), grid_figures(project))
    assert len(bare) == 1
    x, y = bare[0].place or (0.0, 0.0)
    nodes = units.xy[units.ends[(units.left == 10) | (units.right == 10)].ravel()]
    assert nodes[:, 0].min() < x < nodes[:, 0].max()
    assert nodes[:, 1].min() < y < nodes[:, 1].max()


def test_outside_are_grids_across_a_limit_and_addresses_beyond_all(project: Project) -> None:
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    across = {int(label) for label in np.unique(plan.labels) if len(np.unique(units.community[plan.labels == label])) > 1}
    assert across  # the middle grids of this town lie on both sides
    assert {one.grid for one in found("outside", project)} == across
    where = units.address_unit.copy()
    where[7] = -1
    beyond = dataclasses.replace(project, units=dataclasses.replace(units, address_unit=where))
    last = found("outside", beyond)[-1]
    assert (last.words, last.place) == (str(project.households.address[7]), tuple(project.households.xy[7].tolist()))


def test_nothing_is_found_where_there_is_no_plan() -> None:
    assert {kind: found_of(kind, Project(), None) for kind in KINDS} == dict.fromkeys(KINDS, ())


def test_text_is_found_across_pieces_each_row_once_and_no_more_than_asked() -> None:
    random = np.random.default_rng(2)
    words = [f"{'ABC'[random.integers(3)]}路{random.integers(400)}号" for _row in range(CHUNK + 700)]
    words[CHUNK - 1], words[CHUNK] = "Zeta zeta 1", "ZETA 2\nzeta"
    index = TextIndex(texts(words))
    assert index.find("zeta", 10) == [CHUNK - 1, CHUNK]
    assert index.find("b路11", 10**6) == [row for row, text in enumerate(words) if "B路11" in text]
    assert len(index.find("路", 25)) == 25
    assert index.find("  ", 5) == []


def test_a_name_finds_grids_first_then_communities_streets_once_and_addresses(project: Project) -> None:
    seeker = Seeker()
    named = with_grid(project, 4, name="中山东路网格", workers=("Ann",))

    def hits(text: str) -> tuple[Found, ...]:
        return list(seeker.answer(Question(text, named), lambda: False))[-1].found

    assert [(one.grid, one.note) for one in hits("中山")] == [(4, "grid"), (-1, "road")]  # one street of many lines
    assert [one.grid for one in hits("ann")] == [4]
    assert [one.words for one in hits("东街社区")] == ["东街社区"]
    addresses = hits("西郊路11号")
    rows = [row for row, text in enumerate(named.households.address) if "西郊路11号" in text]
    assert [one.place for one in addresses] == [tuple(named.households.xy[row].tolist()) for row in rows[:MOST]]
    assert hits("nowhere") == ()
    assert len(list(seeker.answer(Question("中山", named), lambda: True))) == 1  # nobody waits any more


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences, project: Project) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=LONG)
    desk = desk_of(shown)
    desk.session.open(project, saved=True)
    qtbot.waitUntil(lambda: desk.derived.project is project and desk.derived.issues is not None, timeout=LONG)
    yield shown
    desk.session.mark_saved(desk.session.project)
    shown.close()


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def test_the_planner_walks_through_what_lies_out_of_the_band_and_finds_an_address(
    window: MainWindow, qtbot: QtBot, project: Project
) -> None:
    desk = desk_of(window)
    there = [one.grid for one in found("under", project)]
    assert len(there) > 2
    window.action_set.qt["find"].trigger()
    box = desk.finder.box
    assert box.isVisible()
    assert desk.finder._answers is not None
    with qtbot.waitSignal(desk.finder._answers.answered, timeout=LONG):  # what makes ready for typing shows nothing
        desk.finder._ask("")
    assert [box.list.item(row).text() for row in range(box.list.count())] == list(KINDS.values())
    while box.list.currentItem().data(Qt.ItemDataRole.UserRole) != "under":
        qtbot.keyClick(box.line, Qt.Key.Key_Down)
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert not box.isVisible()
    assert desk.selection.selected == there[0]
    assert f"1 of {len(there)}" in window.status._words.text()
    window.action_set.qt["find-next"].trigger()
    assert desk.selection.selected == there[1]
    window.action_set.qt["find-previous"].trigger()
    window.action_set.qt["find-previous"].trigger()
    assert desk.selection.selected == there[-1]
    window.action_set.qt["find-next"].trigger()
    assert desk.side.card.grid == there[0]
    desk.do(LockGrids((there[0],)))
    desk.finder.walk_kind("locked")
    assert desk.selection.selected == there[0]
    desk.do(LockGrids((there[0],), locked=False))
    window.action_set.qt["find-next"].trigger()
    assert "none left" in window.status._words.text()

    desk.finder.open()
    box.line.setText("西郊路111")
    box.line.textEdited.emit("西郊路111")
    qtbot.waitUntil(lambda: box.list.count() > 0 and "西郊路111" in box.list.item(0).text(), timeout=LONG)
    qtbot.keyClick(box.line, Qt.Key.Key_Return)
    row = next(row for row, text in enumerate(project.households.address) if "西郊路111" in text)
    x, y = project.households.xy[row].tolist()
    assert desk.canvas._mark == (x, y)
    desk.finder.open()
    qtbot.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_card_table_and_clipboard_change_grids_in_one_step_each(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    card = desk.side.card
    desk.select(0)
    qtbot.waitUntil(lambda: card._values["beside"].text() != "", timeout=LONG)
    assert card.isVisible()
    assert "east" in card._values["limits"].text()
    card._workers.setFocus()
    qtbot.keyClicks(card._workers, "Ann, post 3")
    qtbot.keyClick(card._workers, Qt.Key.Key_Return)
    assert desk.session.project.grids is not None
    assert desk.session.project.grids.grids[0].workers == ("Ann", "post 3")
    assert desk.session.history.present.words == "Change people on duty of 1 grid"
    qtbot.waitUntil(lambda: "Change people on duty" in card._values["history"].text(), timeout=LONG)
    qtbot.mouseClick(card._lock, Qt.MouseButton.LeftButton)
    assert desk.session.project.grids.grids[0].locked
    card._values["beside"].linkActivated.emit("3")
    assert desk.selection.selected == 3
    desk.select(None)
    assert not card.isVisible()

    table = desk.side.table
    grid = table.grids.grid_at(0)
    table.use_columns(["code", "name"])
    at = table.visualRect(table.grids.index(0, NAME)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChild(CellEditor)
    assert editor is not None
    qtbot.keyClicks(editor, "West")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.session.history.present.words == "Change name of 1 grid", timeout=LONG)
    assert desk.session.project.grids is not None
    assert grid is not None
    assert desk.session.project.grids.grids[grid].name == "West"
    assert desk.selection.selected == grid

    before, plan = desk.session.project, desk.session.project.grids
    lines = [f"{plan.grids[grid].code}\tName {grid}" for grid in range(12)]
    QGuiApplication.clipboard().setText("\r\n".join([*lines, "999\tnobody"]))
    desk.side.table.setFocus()
    qtbot.keyClick(desk.side.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyRelease(desk.side.table, Qt.Key.Key_Control)  # Qt takes the key for held down until it hears of it
    dialog = window.findChild(PasteDialog)
    assert dialog is not None
    assert desk.session.project is before
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert desk.session.history.present.words == "Change name of 12 grids"
    assert desk.session.project.grids is not None
    assert desk.session.project.grids.grids[11].name == "Name 11"


def test_the_arrows_pass_over_what_there_is_none_of_and_a_search_without_match_is_forgotten(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    box = FindBox(parent)
    parent.show()
    box.open({"split": 2, "locked": 1, "unnamed": 3})
    taken: list[str] = []
    box.kind_chosen.connect(taken.append)
    for keys in ((), (Qt.Key.Key_Down,), (Qt.Key.Key_PageDown,), (Qt.Key.Key_PageDown, Qt.Key.Key_Up)):
        box.open({"split": 2, "locked": 1, "unnamed": 3})
        for key in keys:
            qtbot.keyClick(box.line, key)
        qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert taken == ["split", "locked", "unnamed", "locked"]
    box.line.setText("nobody")
    box.show_hits(Hits(Question("nobody", Project()), ()))
    box.open({"split": 2})
    assert box.line.text() == ""
    assert box.list.currentItem().text() == KINDS["split"]
    parent.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    with qtbot.waitExposed(parent):
        parent.activateWindow()
    box.open({"split": 2})
    QApplication.sendEvent(box, QEvent(QEvent.Type.LanguageChange))
    assert not box.isVisible()
    assert parent.focusWidget() is parent  # not what happens to come next
