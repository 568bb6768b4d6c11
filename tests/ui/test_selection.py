from pytestqt.qtbot import QtBot

from ui.selection import Selection


def test_the_grid_chosen_last_is_the_one_that_tools_work_on(qtbot: QtBot) -> None:
    selection = Selection()
    with qtbot.waitSignal(selection.changed):
        selection.take((3,))
    selection.take_beside(7)
    assert selection.chosen == (7, 3)
    selection.take_beside(5)
    assert selection.chosen == (5, 3, 7)
    selection.take_beside(5)
    assert selection.selected in {3, 7}
    assert set(selection.chosen) == {3, 7}


def test_the_same_choice_again_is_not_told(qtbot: QtBot) -> None:
    selection = Selection()
    selection.take((3, 4))
    with qtbot.assertNotEmitted(selection.changed):
        selection.take((3, 4))


def test_grids_that_are_gone_are_forgotten() -> None:
    selection = Selection()
    selection.take((3, 4, 5))
    selection.keep({4, 5})
    assert selection.chosen == (4, 5)
    selection.keep(())
    assert selection.chosen == ()
