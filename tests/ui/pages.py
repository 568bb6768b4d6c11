"""A page of the right side by itself, and what its tables say."""

from __future__ import annotations

from typing import Any, TypeVar

from pytestqt.qtbot import QtBot

from gridplanner.model.project import Project
from ui.panels.sorted_table import SortedTable
from ui.steps import State

Page = TypeVar("Page", bound=Any)  # pages of several kinds, each with show_project and show_state


def shown_page(qtbot: QtBot, made: Page, project: Project, height: int = 640) -> Page:
    """Return a page as narrow as the panel lets it be, showing a project whose step is done."""
    qtbot.addWidget(made)
    made.resize(343, height)
    made.show()
    made.show_project(project)
    made.show_state(State.DONE)
    return made


def rows_of(table: SortedTable) -> list[list[str]]:
    """Return the words of a table, row by row."""
    model = table.rows
    return [[str(model.index(row, column).data()) for column in range(model.columnCount())] for row in range(model.rowCount())]
