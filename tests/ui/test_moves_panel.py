import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.project import Project
from tests.ui.builders import replanned
from ui.derived import Derived, derive
from ui.panels.moves_panel import MovesPanel
from ui.panels.side_panel import SidePanel


def derived_of(project: Project) -> Derived:
    return list(derive(project, lambda: False))[-1]


def test_every_address_that_changes_grid_is_listed_with_both_codes(qtbot: QtBot, project: Project) -> None:
    after = MoveUnits((4,), 0).apply(replanned(project))
    derived = derived_of(after)
    panel = MovesPanel()
    qtbot.addWidget(panel)
    panel.show_moves(derived)
    units = after.units
    assert units is not None
    moved = np.flatnonzero(units.address_unit == 4)
    assert {panel.model.address_at(row) for row in range(panel.model.rowCount())} == set(moved.tolist())
    index = panel.model.index(0, 2)
    assert index.data() == "001-02"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "620802100001002"[:9] + project.grids.grids[1].code[9:]  # type: ignore[union-attr]
    assert panel.model.index(0, 3).data() == "001-01"
    households = project.households.households[moved].sum()
    assert panel._heading.text().startswith(f"{households:.0f} households (")
    with qtbot.waitSignal(panel.address_chosen) as chosen:
        panel.table.clicked.emit(panel.model.index(0, 0))
    assert chosen.args == [panel.model.address_at(0)]


def test_the_table_sorts_by_what_is_clicked(qtbot: QtBot, project: Project) -> None:
    panel = MovesPanel()
    qtbot.addWidget(panel)
    panel.show_moves(derived_of(MoveUnits((4, 5), 0).apply(replanned(project))))
    panel.table.horizontalHeader().sectionClicked.emit(1)
    counts = [float(panel.model.index(row, 1).data()) for row in range(panel.model.rowCount())]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) > 1


def test_the_tab_is_there_only_where_something_was_replanned(qtbot: QtBot, project: Project) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.resize(372, 800)
    panel.show()
    tab = panel.tabs.button("moves")
    panel.show_derived(derived_of(project), ())
    assert not tab.isVisible()
    panel.show_derived(derived_of(replanned(project)), ())
    assert tab.isVisible()
    panel.open_tab("moves")
    assert panel.moves._heading.text() == "Nobody changes grid."
    panel.show_derived(derived_of(project), ())
    assert panel.tabs.current == "grids"
