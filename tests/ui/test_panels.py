import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.band import Band
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.session import Session
from gridplanner.settings import GridSettings
from tests.ui.builders import patrolled
from ui.derived import Derived, derive
from ui.facts import settings_facts
from ui.panels.grid_table import DEVIATION, GridTable
from ui.panels.histogram import Histogram, bars
from ui.panels.history_panel import HistoryPanel
from ui.panels.hover_card import HoverCard
from ui.panels.issues_panel import IssuesPanel
from ui.panels.side_panel import SidePanel
from ui.panels.steps_panel import StepsPanel
from ui.steps import STEPS, State, step_of


def derived_of(project: Project) -> Derived:
    return list(derive(project, lambda: False))[-1]


def test_what_follows_comes_in_two_parts_the_quick_one_first(project: Project) -> None:
    first, last = derive(project, lambda: False)
    assert first.figures is last.figures
    assert first.issues is None
    assert last.issues is not None
    assert len(list(derive(project, lambda: True))) == 1


def test_an_empty_project_has_only_data_to_offer() -> None:
    states = derived_of(Project()).states
    assert states["data"] is State.READY
    assert {state for step, state in states.items() if step != "data"} == {State.EMPTY}
    assert set(states) == {step.id for step in STEPS}


def test_plans_go_stale_when_their_source_changes(project: Project) -> None:
    assert derived_of(project).states["grids"] is State.DONE
    assert project.units is not None
    other = dataclasses.replace(project, units=dataclasses.replace(project.units, kind=np.zeros_like(project.units.kind)))
    assert derived_of(other).states["grids"] is State.STALE
    assert derived_of(patrolled(project)).states["rail"] is State.DONE


def test_the_table_sorts_by_the_size_of_the_deviation_first(qtbot: QtBot, project: Project) -> None:
    table = GridTable()
    qtbot.addWidget(table)
    derived = derived_of(project)
    table.show_grids(derived, ())
    assert derived.figures is not None
    shown = [float(table.grids.index(row, DEVIATION).data().rstrip("%")) for row in range(table.grids.rowCount())]
    assert [abs(value) for value in shown] == sorted((abs(value) for value in shown), reverse=True)
    table.grids.sort(0, Qt.SortOrder.AscendingOrder)
    assert [table.grids.grid_at(row) for row in range(3)] == sorted(derived.project.grids.grids, key=_code(project))[:3]  # type: ignore[union-attr]


def test_the_filter_leaves_grids_whose_code_has_the_text(qtbot: QtBot, project: Project) -> None:
    table = GridTable()
    qtbot.addWidget(table)
    table.show_grids(derived_of(project), ())
    table.grids.filter("012")
    assert table.grids.rowCount() == 1
    table.grids.filter("nothing has this")
    assert table.grids.rowCount() == 0


def test_only_the_planners_choice_is_told(qtbot: QtBot, project: Project) -> None:
    table = GridTable()
    qtbot.addWidget(table)
    with qtbot.assertNotEmitted(table.grids_chosen):
        table.show_grids(derived_of(project), (3,))
    assert table.grids.grid_at(table.currentIndex().row()) == 3
    with qtbot.waitSignal(table.grids_chosen) as chosen:
        table.selectRow(0 if table.currentIndex().row() else 1)
    assert chosen.args is not None
    assert chosen.args[0] != (3,)
    assert len(chosen.args[0]) == 1


def test_figures_out_of_the_band_are_red_and_the_others_are_not(qtbot: QtBot, project: Project) -> None:
    table = GridTable()
    qtbot.addWidget(table)
    derived = derived_of(project)
    table.show_grids(derived, ())
    assert derived.figures is not None
    for row in range(table.grids.rowCount()):
        index = table.grids.index(row, DEVIATION)
        off = abs(float(index.data().rstrip("%"))) > 10
        assert (index.data(Qt.ItemDataRole.ForegroundRole) is not None) == off


@pytest.mark.parametrize("low", [0.9, 0.5])
def test_bars_count_every_grid_and_have_the_band_as_edges(low: float) -> None:
    load = np.random.default_rng(1).normal(1.0, 0.4, 500).clip(0.01)
    band = Band(300.0, None, low, 2 - low)
    counts, edges = bars(load, band)
    assert counts.sum() == 500
    assert len(counts) == len(edges) - 1
    assert np.isclose(edges, band.low).any()
    assert np.isclose(edges, band.high).any()


def test_the_side_panel_shows_figures_findings_and_history(qtbot: QtBot, project: Project) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.resize(372, 800)
    panel.show()
    panel.show_derived(Derived(Project()), ())
    assert not panel.table.isVisible()
    derived = derived_of(project)
    panel.show_derived(derived, ())
    assert panel.table.isVisible()
    assert isinstance(panel.histogram, Histogram)
    assert "," in panel.histogram.accessibleName()
    panel.open_tab("issues")
    assert panel.issues.model.rowCount() == len(derived.issues or ())
    panel.grab()


def test_an_issue_is_worded_in_the_language_in_use_and_leads_to_its_place(qtbot: QtBot) -> None:
    panel = IssuesPanel()
    qtbot.addWidget(panel)
    issue = Issue(Level.WARNING, "over", "Grid {code} is too large", {"code": "07"}, x=1.0, y=2.0)
    panel.show_issues((issue,))
    assert panel.model.index(0).data() == "Grid 07 is too large"
    with qtbot.waitSignal(panel.issue_chosen) as chosen:
        panel._list.clicked.emit(panel.model.index(0))
    assert chosen.args == [issue]


def test_the_history_leads_back_and_forward(qtbot: QtBot, project: Project) -> None:
    session = Session(project)
    session.do(MoveUnits((4,), 0))
    session.do(MoveUnits((5,), 0))
    session.undo()
    panel = HistoryPanel()
    qtbot.addWidget(panel)
    panel.show_history(session.history)
    assert panel.count() == 3
    assert panel.currentIndex().row() == 1
    with qtbot.waitSignal(panel.step_chosen) as chosen:
        panel.clicked.emit(panel.lines.index(0))
    assert chosen.args == [-1]


def test_the_card_shows_a_grid_and_hides_for_none(qtbot: QtBot, project: Project) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(400, 300)
    over.show()
    card = HoverCard(over)
    card.show_grid(derived_of(project), 3, QPoint(390, 290))
    assert card.isVisible()
    assert over.rect().contains(card.geometry())
    card.show_grid(derived_of(project), 999, QPoint(10, 10))
    assert not card.isVisible()


def test_steps_say_what_they_wait_for_and_their_button_what_it_does(qtbot: QtBot, project: Project) -> None:
    panel = StepsPanel()
    qtbot.addWidget(panel)
    panel.tell(project, derived_of(project).states)
    panel.choose("grids")
    assert panel._run.text() == "Partition again"
    assert panel._run.isEnabled()
    with qtbot.waitSignal(panel.run_asked) as asked:
        panel._run.click()
    assert asked.args == ["grids"]
    panel.set_busy(True)
    assert not panel._run.isEnabled()
    i18n.set_language("zh_CN")
    panel.refresh()
    assert step_of("grids").title == "Grids"


def test_long_words_of_a_setting_push_nothing_out_of_the_panel(qtbot: QtBot, project: Project) -> None:
    panel = StepsPanel()
    qtbot.addWidget(panel)
    panel.resize(panel.width(), 960)
    panel.tell(project, derived_of(project).states)
    panel.show_facts([("Hide counts below", "3"), ("Within", "the area of each police station")])
    panel.show()
    qtbot.waitUntil(lambda: panel.run_button.isVisible())
    right = panel.run_button.mapTo(panel, panel.run_button.rect().topRight()).x()
    assert right < panel.width()


def test_the_settings_are_told_in_a_few_words(project: Project) -> None:
    assert ("Allowed", "± 10 %") in settings_facts(project)
    uneven = GridSettings(min_households=250, max_households=400)
    facts = dict(settings_facts(dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=uneven))))
    assert facts["Target"] == "300 hh"
    assert facts["Allowed"] == "−17 / +33 %"


def _code(project: Project):  # type: ignore[no-untyped-def]
    assert project.grids is not None
    grids = project.grids.grids
    return lambda label: grids[label].code


def test_a_bar_tells_its_grids_and_a_click_selects_them(qtbot: QtBot, project: Project) -> None:
    derived = derived_of(project)
    chart = Histogram()
    qtbot.addWidget(chart)
    chart.resize(320, 118)
    chart.show()
    chart.show_grids(derived)
    figures = derived.figures
    assert figures is not None
    bar = int(np.argmax(chart._counts))
    grids = chart.grids_of(bar)
    assert len(grids) == chart._counts[bar]
    assert set().union(*(chart.grids_of(i) for i in range(len(chart._counts)))) == set(figures.ids.tolist())
    load = figures.load[np.searchsorted(figures.ids, grids)]
    inner = 0 < bar < len(chart._counts) - 1
    assert not inner or ((load >= chart._edges[bar] - 1e-9) & (load <= chart._edges[bar + 1] + 1e-9)).all()
    assert f"{len(grids)} grid" in chart.words_of(bar)
    at = QPoint(int((bar + 0.5) * 320 / len(chart._counts)), 60)
    with qtbot.waitSignal(chart.grids_chosen) as chosen:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert chosen.args == [grids]


def issue(level: Level, kind: str, code: str) -> Issue:
    return Issue(level, kind, "Grid {code} is too large", {"code": code}, ref=code)


def test_findings_are_sifted_by_level_and_subject(qtbot: QtBot) -> None:
    panel = IssuesPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 500)
    panel.show()
    issues = (
        issue(Level.ERROR, "split", "1"),
        issue(Level.WARNING, "over", "2"),
        issue(Level.WARNING, "code", "3"),
        issue(Level.INFO, "parts", "4"),
    )
    panel.show_issues(issues)
    assert panel.model.issues == issues
    assert panel._levels[Level.WARNING].text() == "2 warnings"
    qtbot.mouseClick(panel._levels[Level.WARNING], Qt.MouseButton.LeftButton)
    assert [one.ref for one in panel.model.issues] == ["1", "4"]
    qtbot.mouseClick(panel._levels[Level.WARNING], Qt.MouseButton.LeftButton)
    panel._subject.setCurrentIndex(panel._subject.findData("shape"))
    assert [one.ref for one in panel.model.issues] == ["1", "4"]
    panel.show_issues(None)
    assert panel._heading.text() == "Checking"


def test_findings_that_stay_keep_their_place_and_the_chosen_one(qtbot: QtBot) -> None:
    panel = IssuesPanel()
    qtbot.addWidget(panel)
    panel.resize(340, 240)
    panel.show()
    issues = tuple(issue(Level.WARNING, "over", str(n)) for n in range(60))
    panel.show_issues(issues)
    qtbot.waitUntil(lambda: panel._list.verticalScrollBar().maximum() > 600)
    panel._list.setCurrentIndex(panel.model.index(20))
    panel._list.verticalScrollBar().setValue(700)
    resets: list[bool] = []
    panel.model.modelReset.connect(lambda: resets.append(True))
    panel.show_issues((*issues[:5], *issues[6:40], issue(Level.WARNING, "over", "new"), *issues[40:]))
    qtbot.wait(20)
    assert resets == []
    assert panel.model.issues[panel._list.currentIndex().row()].ref == "20"
    assert panel._list.verticalScrollBar().value() == 700
    panel._list.setFocus()
    with qtbot.waitSignal(panel.issue_chosen) as chosen:
        qtbot.keyClick(panel._list, Qt.Key.Key_Return)
    assert chosen.args[0].ref == "20"


def test_tabs_that_do_not_fit_are_behind_a_button_and_the_one_in_front_never_is(qtbot: QtBot) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.resize(372, 600)
    panel.show()
    for name in ("layers", "compare", "another", "last"):
        panel.add_tab(name, name, QWidget())
    shown = {name: panel.tabs.button(name).isVisible() for name in ("grids", "issues", "history", "layers", "compare", "another", "last")}
    assert shown["grids"]
    assert not shown["last"]
    assert panel.tabs._more.isVisible()
    panel.open_tab("last")
    assert panel.tabs.button("last").isVisible()
    assert not panel.tabs.button("another").isVisible()
    right = max(button.geometry().right() for button in panel.tabs.findChildren(QPushButton) if button.isVisible())
    assert right <= panel.tabs.width()
    panel.resize(900, 600)
    assert all(panel.tabs.button(name).isVisible() for name in shown)
    assert not panel.tabs._more.isVisible()


def test_the_table_of_the_step_that_is_chosen_comes_to_the_front(qtbot: QtBot, project: Project) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_derived(derived_of(patrolled(project)), ())
    assert not panel.tabs.is_there("patrol")
    panel.follow("patrol")
    assert panel.tabs.current == "patrol"
    assert panel.patrol.isVisible()
    panel.follow("data")
    assert panel.tabs.current == "grids"
    panel.follow("check")
    assert panel.tabs.current == "issues"


def test_escape_clears_the_filter_then_leads_to_the_table_which_says_when_nothing_fits(qtbot: QtBot, project: Project) -> None:
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.resize(372, 800)
    panel.show()
    panel.show_derived(derived_of(project), ())
    page, table = panel.grids_page, panel.table
    count = table.grids.rowCount()
    panel.activateWindow()
    page._filter.setFocus()
    qtbot.waitUntil(page._filter.hasFocus)
    qtbot.keyClicks(page._filter, "nobody")
    assert table.grids.rowCount() == 0
    empty = table.viewport().grab().toImage()
    assert len({empty.pixel(x, y) for x in range(4, 200, 2) for y in range(4, 30)}) > 1  # words
    qtbot.keyClick(page._filter, Qt.Key.Key_Escape)
    assert (page._filter.text(), table.grids.rowCount()) == ("", count)
    qtbot.keyClick(page._filter, Qt.Key.Key_Escape)
    qtbot.waitUntil(table.hasFocus)
    table.selectRow(1)
    told: list[tuple[int, ...]] = []
    table.grids_chosen.connect(told.append)
    qtbot.keyClick(table, Qt.Key.Key_Escape)  # in the table the key is the table's
    assert told == [()]


def test_the_button_of_a_step_stays_in_sight_on_a_low_screen(qtbot: QtBot) -> None:
    panel = StepsPanel()
    qtbot.addWidget(panel)
    panel.show()
    button = panel.run_button

    def bottom() -> int:
        return button.mapTo(panel, button.rect().bottomLeft()).y()

    for high in (460, 900, 460):  # of 1920 by 1080 pixels at 200 % about 460 are left for the panel
        panel.resize(panel.width(), high)
        qtbot.waitUntil(lambda low=high: bottom() < low)  # type: ignore[misc]
        assert button.isVisible()
        assert 0 < button.mapTo(panel, button.rect().topLeft()).y() < bottom() < high
