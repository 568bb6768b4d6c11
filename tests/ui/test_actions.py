import dataclasses

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from ui.actions.action import Action, Moment
from ui.actions.action_set import ActionSet
from ui.actions.table import MENUS, actions
from ui.dialogs.help_dialog import HelpDialog


def test_ids_and_keys_are_given_once() -> None:
    ids = [action.id for action in actions()]
    keys = [action.shortcut for action in actions() if action.shortcut]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
    assert all(QKeySequence(key).toString() for key in keys)
    assert {action.menu for action in actions()} == set(MENUS)


def test_menus_and_keys_follow_from_the_table(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    run: list[Action] = []
    made = ActionSet(owner, run.append)
    menus = {key: QMenu(owner) for key in MENUS}
    made.fill(menus)
    made.name_menus(menus)
    below = [under for menu in menus.values() for a in menu.actions() if isinstance(under := a.menu(), QMenu)]
    assert [under.title() for under in below] == [
        "Beats and patrol zones", "Patrol routes", "Guard segments", "Map theme", "Layers", "Look", "Language",
    ]  # fmt: skip
    rows = [a for menu in (*menus.values(), *below) for a in menu.actions() if not a.isSeparator() and a.menu() is None]
    assert len(rows) == len(actions())
    assert menus["file"].title() == "File"
    made.update(Moment(ready=True, has_data=True))
    made.qt["fit"].trigger()
    assert [action.id for action in run] == ["fit"]


def test_the_key_of_the_tool_in_hand_leaves_it_marked(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    made = ActionSet(owner, lambda _action: None)  # nothing changes, so the moment stays
    moment = Moment(ready=True, has_data=True, has_communities=True, has_units=True, has_grids=True, tool="push")
    made.update(moment)
    name = next(action.id for action in actions() if action.checked is not None and action.checked(moment) and action.shortcut == "B")
    made.qt[name].trigger()
    assert made.qt[name].isChecked()


def test_the_moment_decides_what_can_be_done_and_how_it_is_called(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    made = ActionSet(owner, lambda _action: None)
    assert [key for key, action in made.qt.items() if action.isEnabled()] == ["quit"]
    moment = Moment(ready=True, has_data=True, has_communities=True, has_units=True, has_grids=True, undo="Move 3 units to grid 7")
    made.update(moment)
    assert made.qt["undo"].text() == "Undo “Move 3 units to grid 7”"
    assert made.qt["undo"].isEnabled()
    assert not made.qt["redo"].isEnabled()
    assert made.qt["grids"].isEnabled()
    made.update(dataclasses.replace(moment, busy=True))
    assert not made.qt["grids"].isEnabled()
    assert made.qt["cancel"].isEnabled()
    assert made.qt["undo"].isEnabled()


def test_the_help_page_lists_every_key(qtbot: QtBot) -> None:
    page = HelpDialog()
    qtbot.addWidget(page)
    shown = {label.text() for label in page.findChildren(QWidget) if hasattr(label, "text")}
    assert {QKeySequence(a.shortcut).toString(QKeySequence.SequenceFormat.NativeText) for a in actions() if a.shortcut} <= shown
