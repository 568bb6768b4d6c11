from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.map.tally_card import TallyCard
from ui.map.tools.tool import Preview, Tally
from ui.short_codes import with_short_codes
from ui.status_line import StatusLine


def test_only_the_codes_of_grids_are_short() -> None:
    assert with_short_codes("Merge 620802100014007 into grid 620802100014112") == "Merge 014-07 into grid 014-112"
    assert with_short_codes("把 12 个单元移到网格 620802001002004；1234567 户") == "把 12 个单元移到网格 002-04；1234567 户"
    assert with_short_codes("Grid E07-3: 20230401123456") == "Grid E07-3: 20230401123456"
    assert with_short_codes("Beat 62080251000006 of 62080200101207") == "Beat 51-06 of 012-07"  # behind a station's, and a community's code


def test_the_status_line_says_codes_short_and_its_tooltip_whole(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.say("Grid 620802100014007 is locked; unlock it first")
    assert line._words.text() == "Grid 014-07 is locked; unlock it first"
    assert "620802100014007" in line._words.toolTip()


def test_a_grid_that_nothing_happens_to_yet_has_one_figure(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    card = TallyCard(parent)
    card.preview = Preview(tallies=(Tally("04", 312.0, 312.0, True), Tally("05", 303.0, 252.0, False)))
    assert [right for _left, right, _mood, _bold in card.lines()][:2] == ["312 hh", "303 → 252 hh"]
