"""The table of grids: rows brought up to date, filtered, written into, copied and pasted; and the tables of other plans."""

import pytest
from pytestqt.qtbot import QtBot

from gridplanner.model.project import Project
from tests.ui.builders import patrolled
from ui.panels.plan_tables import PLAN_TABLES, PlanPage


@pytest.mark.parametrize("table_of", PLAN_TABLES, ids=lambda made: made.id)
def test_other_plans_are_sorted_and_lead_to_their_places(qtbot: QtBot, project: Project, table_of) -> None:  # type: ignore[no-untyped-def]
    page = PlanPage(table_of)
    qtbot.addWidget(page)
    page.resize(343, 300)
    page.show()
    page.show_project(Project())
    assert page.table.isHidden()
    full = patrolled(project)
    page.show_project(full)
    if table_of.id == "zones":  # none in this town
        assert page.table.isHidden()
        return
    assert page.table.isVisible()
    for column in range(page.table.rows.columnCount()):
        page.table.horizontalHeader().sectionClicked.emit(column)
    first = page.table.rows.index(0, 0)
    with qtbot.waitSignal(page.bounds_chosen) as told:
        page.table.clicked.emit(first)
    left, bottom, right, top = told.args[0]
    assert left < right
    assert bottom < top
    assert first.data() in {"R01", "S01", "S02"}


def test_a_column_of_rows_that_are_looked_at_sorts_both_ways(qtbot: QtBot, project: Project) -> None:
    page = PlanPage(next(made for made in PLAN_TABLES if made.id == "rail"))
    qtbot.addWidget(page)
    page.show_project(patrolled(project))
    header = page.table.horizontalHeader()
    begins = lambda: [page.table.rows.index(row, 1).data() for row in range(2)]  # noqa: E731
    header.sectionClicked.emit(1)
    assert begins() == ["K1+000", "K0+000"]
    header.sectionClicked.emit(1)
    assert begins() == ["K0+000", "K1+000"]
