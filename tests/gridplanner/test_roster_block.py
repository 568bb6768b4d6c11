"""Many cells of a roster set as one edit: the same roster as cell by cell, one step of the undo list, all or nothing."""

import pytest
from roster_line import guarded_line, picture, rostered

from gridplanner.edits.roster_block import PutCells
from gridplanner.edits.roster_edits import SetCell
from gridplanner.errors import EditRejected

SMALL = {"demand": {"early": 1, "late": 1}}
ROWS = ("eeee...", "....eee", "llll...", "....lll")
BLOCK = (("1-01", "2026-01-09", "early"), ("1-02", "2026-01-09", "late"), ("1-03", "2026-01-05", "off"), ("1-03", "2026-01-06", "leave"))


@pytest.fixture(scope="module")
def week():
    return rostered(guarded_line(**SMALL), *ROWS)


def test_a_block_makes_the_same_roster_as_its_cells_one_after_another(week):
    one_by_one = week
    for person, day, shift in BLOCK:
        one_by_one = SetCell(person, day, shift).apply(one_by_one)
    at_once, expected = PutCells(BLOCK).apply(week).roster, one_by_one.roster
    assert picture(at_once) == picture(expected)
    assert (at_once.fixed == expected.fixed).all()
    assert (at_once.places == expected.places).all()
    assert (at_once.penalties, at_once.value, at_once.status) == (expected.penalties, expected.value, expected.status)
    assert picture(week.roster) == list(ROWS)


def test_cells_that_are_not_fixed_may_be_planned_again(week):
    plan = PutCells(BLOCK[:1], fixed=False).apply(week).roster
    assert not plan.fixed[0, 4]


def test_one_cell_that_there_is_not_refuses_the_whole_block(week):
    for cell in (("9-99", "2026-01-05", "early"), ("1-01", "2027-01-05", "early"), ("1-01", "2026-01-05", "noon")):
        with pytest.raises(EditRejected):
            PutCells((*BLOCK, cell)).apply(week)


def test_the_words_say_how_many_cells_and_of_one_shift_which():
    assert PutCells(BLOCK[:1]).words == "1-01 on 2026-01-09: early shift"
    assert PutCells((BLOCK[0], ("1-04", "2026-01-09", "early"))).words == "2 cells of the roster: early shift"
    assert PutCells(BLOCK).words == "Set 4 cells of the roster"
