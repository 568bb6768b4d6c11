"""The table of grids: rows brought up to date, filtered, written into, copied and pasted; and the tables of other plans."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected
from gridplanner.model.project import Project
from tests.ui.builders import planned, town
from ui.clipboard import read_table, table_text
from ui.derived import Derived, derive, derived_after
from ui.dialogs.paste_dialog import PasteDialog
from ui.panels.grid_cells import CellEditor
from ui.panels.grid_columns import CODE, COLUMNS, DEVIATION, IDS, LOCKED, NAME, WORKERS, column_widths, fitting_columns
from ui.panels.grid_table import GridTable
from ui.panels.row_changes import row_changes
from ui.panels.sorted_table import SortedTable
from ui.pasting import Pasting, Target, pasting_of


def first_of(project: Project) -> Derived:
    return next(iter(derive(project, lambda: False)))


@pytest.fixture
def table(qtbot: QtBot, project: Project) -> GridTable:
    made = GridTable()
    qtbot.addWidget(made)
    made.resize(343, 420)
    made.show_grids(first_of(project), ())
    made.show()
    return made


def shown(table: GridTable) -> list[tuple[int | None, ...]]:
    return [
        (table.grids.grid_at(row), *(table.grids.index(row, c).data() for c in range(len(COLUMNS))))
        for row in range(table.grids.rowCount())
    ]


def test_rows_become_others_step_by_step_and_end_as_if_shown_anew() -> None:
    random = np.random.default_rng(4)
    for _time in range(60):
        before, after = (random.permutation(14)[: random.integers(0, 14)] for _list in range(2))
        changes = row_changes(before, after)
        rows = before.tolist()
        for first, last in changes.gone:
            del rows[first : last + 1]
        assert sorted(rows) == sorted(changes.stay.tolist())
        assert changes.moved == (rows != changes.stay.tolist())
        rows = changes.stay.tolist()
        for first, last in changes.come:
            rows[first:first] = after[first : last + 1].tolist()
        assert rows == after.tolist()


def test_edits_bring_rows_up_to_date_without_a_reset(qtbot: QtBot, table: GridTable, project: Project) -> None:
    tester = QAbstractItemModelTester(table.grids, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[bool] = []
    table.grids.modelReset.connect(lambda: resets.append(True))
    table.select_grids((7,))
    plan = project.grids
    assert plan is not None
    whole = tuple(np.flatnonzero(plan.labels == 3).tolist())
    states = [project]
    edits = (MoveUnits((3,), 3), MoveUnits((40,), 6), ChangeGrids(((7, (("name", "河西"),)),)), MoveUnits(whole, 0))  # the last ends a grid
    for edit in edits:
        states.append(edit.apply(states[-1]))
    for state in (*states[1:], *reversed(states)):
        table.show_grids(first_of(state), (7,))
        fresh = GridTable()
        qtbot.addWidget(fresh)
        fresh.show_grids(first_of(state), ())
        assert shown(table) == shown(fresh)
        assert table.chosen == (7,)
    assert resets == []
    assert tester.model() is table.grids


def test_edits_followed_one_by_one_show_what_a_fresh_table_shows(qtbot: QtBot) -> None:
    project = planned(town(12, 12, 8))
    random = np.random.default_rng(11)
    table, fresh = GridTable(), GridTable()
    for made in (table, fresh):
        qtbot.addWidget(made)
        made.use_columns(IDS)
    derived = list(derive(project, lambda: False))[-1]
    table.show_grids(derived, ())
    followed = 0
    undone: list[Project] = [project]
    for time in range(40):
        now = derived.project
        assert now.units is not None
        assert now.grids is not None
        grid = int(random.choice(list(now.grids.grids)))
        home = np.flatnonzero(now.units.community == now.grids.grids[grid].community)
        edits: tuple[Edit, ...] = (
            MoveUnits(tuple(random.choice(home, 3).tolist()), grid),
            ChangeGrids(((grid, (("name", f"名{time}"), ("workers", (f"W{time % 7}",)))),)),
            LockGrids((grid,), locked=not now.grids.grids[grid].locked),
            ChangeGrids(((grid, (("code", f"{now.grids.grids[grid].code[:12]}{900 - time}"),)),)),
        )
        try:
            after = edits[random.integers(len(edits))].apply(now) if time % 9 else undone.pop()
        except EditRejected:  # a locked grid
            continue
        undone.append(after)
        answer = derived_after(derived, after)
        followed += answer is not None
        derived = answer if answer is not None else first_of(after)
        if time % 4 == 0:
            for made in (table, fresh):
                made.grids.sort(time % len(COLUMNS), Qt.SortOrder(time % 2))
        table.show_grids(derived, ())
        fresh.grids._reset(None)
        fresh.show_grids(first_of(after), ())
        assert shown(table) == shown(fresh)
        assert table.grids.content is not None
        assert table.grids.content.words == fresh.grids.content.words  # type: ignore[union-attr]
        assert table.grids.content.colours.tolist() == [derived.colours[key] for key in sorted(after.grids.grids)]  # type: ignore[union-attr]
    assert followed > 20


def test_the_place_in_a_long_table_stays_when_a_row_goes_elsewhere(qtbot: QtBot) -> None:
    project = planned(town(24, 24, 4), 24)
    table = GridTable()
    qtbot.addWidget(table)
    table.resize(343, 300)
    table.show()
    table.show_grids(first_of(project), ())
    qtbot.waitUntil(lambda: table.verticalScrollBar().maximum() > 400)
    table.verticalScrollBar().setValue(400)
    top = table.rowAt(5)
    after = MoveUnits((4, 5), 0).apply(project)
    table.show_grids(first_of(after), ())
    assert table.verticalScrollBar().value() == 400
    assert abs(table.rowAt(5) - top) <= 1


def test_the_selected_row_is_followed_where_it_was_in_sight(qtbot: QtBot) -> None:
    project = planned(town(24, 24, 4), 24)
    table = GridTable()
    qtbot.addWidget(table)
    table.resize(343, 300)
    table.show()
    table.show_grids(first_of(project), ())
    chosen = table.grids.grid_at(20)
    assert chosen is not None
    table.select_grids((chosen,))
    assert project.grids is not None
    other = next(grid for grid in project.grids.grids if grid != chosen)
    mine = np.flatnonzero(project.grids.labels == chosen)
    after = MoveUnits(tuple(mine[: len(mine) // 2].tolist()), other).apply(project)
    table.show_grids(first_of(after), (chosen,))
    assert table.grids.row_of(chosen) < 5  # now among the worst
    assert table.viewport().rect().contains(table.visualRect(table.grids.index(table.grids.row_of(chosen), CODE)))
    told: list[tuple[int, ...]] = []
    table.grids_chosen.connect(told.append)
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert told == [()]


def test_equal_grids_stay_in_the_order_of_their_codes(table: GridTable, project: Project) -> None:
    for column in range(len(COLUMNS)):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            table.grids.sort(column, order)
            if COLUMNS[column].id in {"name", "workers", "locked", "kind"}:  # nothing there yet: all are equal
                codes = [table.grids.index(row, CODE).data(Qt.ItemDataRole.EditRole) for row in range(table.grids.rowCount())]
                assert codes == sorted(codes)
    table.grids.sort(IDS.index("community"), Qt.SortOrder.DescendingOrder)
    codes = [str(table.grids.index(row, CODE).data(Qt.ItemDataRole.EditRole)) for row in range(table.grids.rowCount())]
    assert codes == sorted(codes, key=lambda code: (-int(code[11]), code))


def test_conditions_leave_what_meets_them(table: GridTable, project: Project) -> None:
    derived = first_of(ChangeGrids(((2, (("locked", True), ("workers", ("赵",)))), (3, (("name", "河西"),)))).apply(project))
    table.show_grids(derived, ())
    figures = derived.figures
    assert figures is not None
    middle = float(np.median(figures.households))

    def left(text: str) -> set[int]:
        table.filter(text)
        return {grid for row in range(table.grids.rowCount()) if (grid := table.grids.grid_at(row)) is not None}

    ids = figures.ids
    assert left(f">{middle}") == set(ids[figures.households > middle].tolist())
    assert left(f"<={middle}") == set(ids[figures.households <= middle].tolist())
    assert left(f"＞{middle} pers<900") == set(ids[(figures.households > middle) & (figures.persons < 900)].tolist())
    assert left("dev<-5%") == set(ids[np.round(figures.deviation, 2) < -5].tolist())
    assert left("out") == left("over") | left("under") == set(ids[np.abs(figures.deviation) > 10].tolist())
    assert left("locked") == left("赵") == {2}
    assert left("河西") == {3}
    assert left("unnamed") == set(ids.tolist()) - {3}
    assert left("西街社区") == set(ids[figures.community == 0].tolist())
    assert left(">") == left("dev<") == left("") == set(ids.tolist())
    assert left("no such words") == set()


def test_columns_join_as_there_is_room_and_fill_it() -> None:
    names = {IDS[i] for i in fitting_columns(333)}
    assert names == {"code", "households", "persons", "deviation", "street", "compact"}
    assert fitting_columns(333) < fitting_columns(500) < fitting_columns(900)
    for room in (333, 500, 900):
        assert sum(column_widths(fitting_columns(room), room).values()) == room


def test_the_planner_chooses_columns_and_can_leave_it_to_the_panel_again(qtbot: QtBot, table: GridTable) -> None:
    fitting = table.shown_columns
    table.use_columns(["code", "name", "workers", "community", "kind", "deviation"])
    assert table.shown_columns == (CODE, NAME, DEVIATION, IDS.index("community"), WORKERS, IDS.index("kind"))
    assert table.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
    table.use_columns([])
    assert table.shown_columns == fitting


def edited(qtbot: QtBot, table: GridTable, row: int, column: int, text: str, end: Qt.Key = Qt.Key.Key_Return) -> tuple[list[Edit], str]:
    """Type a text into a cell as a planner does; return the edits that came of it, and what the cell said was wrong."""
    made: list[Edit] = []
    table.grids.edit_made.connect(made.append)
    table.setColumnHidden(column, False)
    table.setFocus()
    table.setCurrentIndex(table.grids.index(row, column))
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.findChildren(CellEditor)[-1]  # one that was closed may not be gone yet
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    why = editor.fault
    qtbot.keyClick(editor, end)
    QGuiApplication.processEvents()  # a line gives its words away after the key
    table.grids.edit_made.disconnect(made.append)
    return made, why


def test_what_is_typed_into_a_cell_is_one_edit(qtbot: QtBot, table: GridTable) -> None:
    grid = table.grids.grid_at(2)
    assert edited(qtbot, table, 2, NAME, "  River  West ") == ([ChangeGrids(((grid, (("name", "River West"),)),))], "")
    made, _why = edited(qtbot, table, 2, WORKERS, "Ann, post 3; Ann")
    assert made == [ChangeGrids(((grid, (("workers", ("Ann", "post 3")),)),))]
    assert edited(qtbot, table, 2, NAME, "East", Qt.Key.Key_Escape)[0] == []


def test_a_code_that_cannot_be_says_why_at_the_cell_and_is_not_taken(qtbot: QtBot, table: GridTable, project: Project) -> None:
    table.grids.sort(CODE, Qt.SortOrder.AscendingOrder)
    made, why = edited(qtbot, table, 0, CODE, "620802100001002")
    assert made == []
    assert "another grid has it" in why
    editor = table.findChild(CellEditor)
    assert editor is not None  # Enter left it open
    assert editor.accessibleDescription() == why
    editor.selectAll()
    qtbot.keyClicks(editor, "620802100001099")
    assert editor.fault == ""
    with qtbot.waitSignal(table.grids.edit_made) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told.args == [ChangeGrids(((0, (("code", "620802100001099"),)),))]


def test_a_padlock_is_clicked_or_reached_by_key(qtbot: QtBot, table: GridTable) -> None:
    table.use_columns(["code", "locked"])
    grid = table.grids.grid_at(1)
    at = table.visualRect(table.grids.index(1, LOCKED)).center()
    with qtbot.waitSignal(table.grids.edit_made) as told:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert told.args == [ChangeGrids(((grid, (("locked", True),)),))]
    table.setCurrentIndex(table.grids.index(2, LOCKED))
    with qtbot.waitSignal(table.grids.edit_made) as told:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert told.args == [ChangeGrids(((table.grids.grid_at(2), (("locked", True),)),))]


def test_a_block_of_cells_survives_quotes_tabs_and_line_breaks() -> None:
    rows = [["07", 'say "hi"', "a\tb"], ["08", "two\nlines", ""]]
    assert read_table(table_text(rows)) == rows
    assert read_table("07\tMill Lane\r\n08\tHigh Street\r\n\r\n") == [["07", "Mill Lane"], ["08", "High Street"]]
    assert read_table("") == []


def pasted(table: GridTable, text: str, row: int = 0, column: int = CODE) -> Pasting:
    table.selectRow(row)
    table.setCurrentIndex(table.grids.index(row, column))
    found: list[tuple[object, Target]] = []
    table.pasted.connect(lambda cells, target: found.append((cells, target)))
    QGuiApplication.clipboard().setText(text)
    table.paste()
    (cells, target), content = found[-1], table.grids.content
    assert content is not None
    return pasting_of(content, cells, target)  # type: ignore[arg-type]


def test_names_are_pasted_by_code_wherever_they_stand(table: GridTable, project: Project) -> None:
    plan = project.grids
    assert plan is not None
    first, second = plan.grids[0].code, plan.grids[5].code
    text = f"值守\tGrid code\tName\n王\t{second}\tB\n李\t{first}\tA\n张\t999\tC\n孙\t6.20802E+14\tD\n钱\t{first}\tE\n"
    content = table.grids.content
    assert content is not None
    found = pasted(table, text.replace("值守", "On duty"))
    edit = found.edit(content)
    assert edit is not None
    after = edit.apply(project).grids
    assert after is not None
    assert (after.grids[0].name, after.grids[0].workers) == ("A", ("李",))
    assert (after.grids[5].name, after.grids[5].workers) == ("B", ("王",))
    assert edit.words == "Change people on duty, name of 2 grids"
    assert [refused.line for refused in found.refused] == [4, 5, 6]
    assert "no grid with the code 999" in found.refused[0].why
    assert "rounded" in found.refused[1].why
    assert "earlier line" in found.refused[2].why


def test_codes_without_a_head_are_known_by_themselves(table: GridTable, project: Project) -> None:
    plan, content = project.grids, table.grids.content
    assert plan is not None
    assert content is not None
    found = pasted(table, "\n".join(f"{plan.grids[grid].code}\tName {grid}" for grid in (4, 2, 0)))
    edit = found.edit(content)
    assert edit is not None
    assert {grid: dict(pairs)["name"] for grid, pairs in edit.changes} == {grid: f"Name {grid}" for grid in (4, 2, 0)}


def test_a_block_goes_onto_the_cells_from_the_selected_one_on(table: GridTable) -> None:
    table.use_columns(["code", "name", "households", "workers"])
    content = table.grids.content
    assert content is not None
    found = pasted(table, "A\t1\tAnn\nB\t2\tBob", row=3, column=NAME)
    edit = found.edit(content)
    assert edit is not None
    rows = {table.grids.grid_at(3): {"name": "A", "workers": ("Ann",)}, table.grids.grid_at(4): {"name": "B", "workers": ("Bob",)}}
    assert {grid: dict(pairs) for grid, pairs in edit.changes} == rows
    assert all("follows from the map" in refused.why for refused in found.refused)
    assert len(found.refused) == 2
    last = table.grids.rowCount() - 1
    assert "no grid below" in pasted(table, "A\nB", row=last, column=NAME).refused[0].why


def test_codes_pasted_are_judged_together(table: GridTable, project: Project) -> None:
    table.grids.sort(CODE, Qt.SortOrder.AscendingOrder)
    content = table.grids.content
    assert content is not None
    one, two, three = (content.grids[row].code for row in range(3))
    exchanged = pasted(table, f"Grid code\n{two}\n{one}")
    assert exchanged.refused == ()
    assert len(exchanged.changes) == 2
    clash = pasted(table, f"Grid code\n{three}\n620802100001077")
    assert [refused.text for refused in clash.refused] == [three]
    assert len(clash.changes) == 1


def test_the_preview_shows_every_value_and_what_is_left_out(qtbot: QtBot, table: GridTable, project: Project) -> None:
    content = table.grids.content
    assert content is not None
    assert project.grids is not None
    found = pasted(table, f"Grid code\tName\n{project.grids.grids[0].code}\tA\n999\tB")
    dialog = PasteDialog(content, found)
    qtbot.addWidget(dialog)
    texts = [table.rows.index(row, column).data() for table in dialog.findChildren(SortedTable)
             for row in range(table.rows.rowCount()) for column in range(table.rows.columnCount())]  # fmt: skip
    assert "A" in texts
    assert "there is no grid with the code 999" in texts
    assert dialog.accept_button.isEnabled()


def test_what_is_copied_can_be_pasted_again(qtbot: QtBot, table: GridTable, project: Project) -> None:
    table.use_columns(["code", "name", "households", "locked"])
    table.selectAll()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyRelease(table, Qt.Key.Key_Control)  # Qt takes the key for held down until it hears of it
    cells = read_table(QGuiApplication.clipboard().text())
    assert cells[0] == ["Grid code", "Name of the grid", "Households", "Locked: no tool and no new plan changes it"]
    assert len(cells) == table.grids.rowCount() + 1
    content = table.grids.content
    assert content is not None
    again = pasting_of(content, [row[:2] for row in cells], Target((), ()))
    assert (again.changes, again.refused, again.same) == ((), (), table.grids.rowCount())
