"""Teamwork in the window: communities handed out, worked on elsewhere, brought back, and what both changed decided by keys."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.handout_edits import HandOut
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import LANGUAGES, set_language
from gridplanner.io.gridpack import new_handout, open_pack_saved, save_pack, write_pack
from gridplanner.io.keeping.delta import applied
from gridplanner.io.project_file import open_saved, save_saved
from gridplanner.io.saved import Mark, Saved, new_id
from gridplanner.model.handout import community_keys
from gridplanner.model.leases import Handout
from gridplanner.model.project import Project
from gridplanner.session import Session
from tests.ui.builders import planned, town
from tests.ui.fitting import clipped, overlapping
from ui.desk import Desk
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.handout_dialog import HandoutDialog
from ui.dialogs.take_in_dialog import TakeInDialog, lent_words
from ui.map.conflicts import MINE, OPEN, THEIRS
from ui.team_tasks import bring_together, common_version

T = TypeVar("T", bound=QDialog)
LONG = 30_000
MARK = Mark(project_id=new_id(), save_id=new_id())
# units of the western community on the border of grids 0, 1, 4 and 5 (a town of 12 columns, grids of 3 columns and 2 rows)
TORN, ALONE, FREE = 14, 0, 26
NAMES = ((0, (("name", "mine"),)),), ((0, (("name", "theirs"),)),)


@pytest.fixture(scope="module")
def plan() -> Project:
    return planned(town(), wide=3)


@pytest.fixture
def desk(one_desk: Desk, plan: Project) -> Iterator[Desk]:
    one_desk.files.keeping.begin(None, MARK, None)
    one_desk.session.open(plan, saved=True)
    yield one_desk
    one_desk.team.taking.give_up()
    one_desk.session.mark_saved(one_desk.session.project)


def labels(project: Project) -> list[int]:
    assert project.grids is not None
    found: list[int] = project.grids.labels.tolist()
    return found


def grid_name(project: Project, grid: int) -> str:
    assert project.grids is not None
    return project.grids.grids[grid].name


def brought_back(project: Project, folder: Path) -> tuple[Handout, Path]:
    """Hand the western community out, change it there, and return the lease with the package."""
    handout = new_handout(project, MARK, [str(project.communities.codes[0])], "desk west", "2099-12-31")
    path = folder / "west.gridpack"
    write_pack(path, project, handout)
    saved = open_pack_saved(path)
    there = Session(saved.project)
    units = saved.project.units
    assert units is not None
    row = {unit: at for at, unit in enumerate(unit for unit in range(96) if unit % 12 < 6)}  # of the whole's units in the part
    there.do(MoveUnits((row[TORN],), 1))
    there.do(MoveUnits((row[FREE],), 8))
    there.do(ChangeGrids(NAMES[1]))
    save_pack(dataclasses.replace(saved, project=there.project, changes=tuple(there.log)), path)
    return handout, path


@pytest.fixture(scope="module")
def package(plan: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Handout, Path]:
    return brought_back(plan, tmp_path_factory.mktemp("package"))


def dialog_of(desk: Desk, kind: type[T], qtbot: QtBot) -> T:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in desk.window.findChildren(kind)), timeout=LONG)
    return next(one for one in desk.window.findChildren(kind) if one.isVisible())


def test_what_both_changed_is_decided_by_keys_and_comes_in_one_step(desk: Desk, package: tuple[Handout, Path], qtbot: QtBot) -> None:
    handout, path = package
    session = desk.session
    for edit in (HandOut(handout), MoveUnits((TORN,), 4), ChangeGrids(NAMES[0]), MoveUnits((ALONE,), 4)):
        session.do(edit)
    mine, steps = session.project, len(session.history.past)
    assert desk.team.drop([path])
    dialog = dialog_of(desk, TakeInDialog, qtbot)
    assert dialog.stays.isVisible()
    assert clipped(dialog) == overlapping(dialog) == []
    dialog.accept()
    panel = desk.team.taking.panel
    assert desk.side.tabs.current == "conflicts"
    assert session.project is mine  # nothing came in yet
    assert panel.model.sides == (OPEN, OPEN)
    assert not panel.take.isEnabled()
    shown = desk.canvas.showing.conflicts
    assert shown is not None
    assert shown.chosen >= 0
    for code in LANGUAGES:
        set_language(code)
        panel.retranslate()
        assert clipped(panel) == overlapping(panel) == []
    set_language("en")
    panel.retranslate()

    # by keys alone: the first as theirs, the next one as mine
    panel.focus()
    first = panel.row
    QTest.keyClick(panel.list, Qt.Key.Key_2)
    assert panel.row != first
    QTest.keyClick(panel.list, Qt.Key.Key_1)
    assert sorted(panel.model.sides) == [MINE, THEIRS]
    assert panel.take.isEnabled()
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    QTest.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    for row, side in enumerate(panel.model.sides):  # decided otherwise before it is in: as the list has it then
        desk.team.taking.decide(row, THEIRS if side == MINE else MINE)
    theirs = {row.title: side for row, side in zip(panel.model.rows, panel.model.sides, strict=True)}
    qtbot.waitUntil(lambda: session.project is not mine, timeout=LONG)
    after = session.project
    named = next(side for title, side in theirs.items() if "name" in title)
    assert grid_name(after, 0) == ("mine" if named == MINE else "theirs")
    assert labels(after)[TORN] == (4 if named == THEIRS else 1)
    assert labels(after)[ALONE] == 4  # mine alone
    assert labels(after)[FREE] == 8  # theirs alone
    assert after.handouts == ()
    assert after.households is mine.households  # what nobody changed is the very same
    assert not desk.side.tabs.is_there("conflicts")
    assert len(session.history.past) == steps + 1
    assert any(change.words.startswith("Move 1 unit to grid 8") for change in session.log)  # their log came too
    session.undo()
    assert session.project is mine


def test_cancel_leaves_everything_as_it_was(desk: Desk, package: tuple[Handout, Path], qtbot: QtBot) -> None:
    desk.session.do(MoveUnits((TORN,), 4))
    mine, log = desk.session.project, list(desk.session.log)
    desk.team.take_in([package[1]])
    dialog_of(desk, TakeInDialog, qtbot).accept()
    desk.team.taking.decide_rest(THEIRS)
    desk.team.taking.panel.away.click()
    assert desk.session.project is mine
    assert desk.session.log == log
    assert desk.canvas.showing.conflicts is None


def test_an_edit_while_conflicts_are_decided_is_brought_together_too(desk: Desk, package: tuple[Handout, Path], qtbot: QtBot) -> None:
    for edit in (MoveUnits((TORN,), 4), ChangeGrids(NAMES[0])):
        desk.session.do(edit)
    taking = desk.team.taking
    desk.team.take_in([package[1]])
    dialog_of(desk, TakeInDialog, qtbot).accept()
    taking.decide(0, THEIRS)
    row, seen = taking.panel.row, desk.canvas.view
    desk.do(MoveUnits((ALONE,), 4))
    qtbot.waitUntil(lambda: taking.conflicts is not None and not desk.jobs.is_busy, timeout=LONG)
    assert taking.panel.row == row
    assert taking.panel.model.sides[0] == THEIRS  # what was decided stays so
    assert desk.canvas.view == seen
    taking.decide_rest(THEIRS)
    taking.panel.take.click()
    qtbot.waitUntil(lambda: not taking.is_deciding, timeout=LONG)
    after = desk.session.project
    assert (labels(after)[TORN], labels(after)[ALONE], grid_name(after, 0)) == (1, 4, "theirs")


def test_a_package_of_another_project_is_refused(desk: Desk, package: tuple[Handout, Path], qtbot: QtBot) -> None:
    desk.files.keeping.begin(None, Mark(project_id=new_id()), None)
    told: list[str] = []
    desk.jobs.failed.connect(lambda text, _details: told.append(text))
    desk.team.take_in([package[1]])
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    assert "another project" in told[0]
    for box in desk.window.findChildren(QDialog):
        box.reject()


def test_communities_are_chosen_on_list_and_map_and_handed_out(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.team.hand_out()
    dialog = dialog_of(desk, HandoutDialog, qtbot)
    assert not dialog.accept_button.isEnabled()
    desk.canvas.grid_clicked.emit(2)  # of the eastern community
    assert dialog.rows == (1,)
    leases = desk.canvas.showing.leases
    assert leases is not None
    assert leases.rows == (1,)
    old = tmp_path / "old.gridpack"
    old.write_bytes(b"somebody's work")
    dialog.file.setText(str(old))
    dialog.to.setText("desk")
    assert not dialog.accept_button.isEnabled()
    dialog.file.setText(str(tmp_path / "east"))
    dialog.to.setText("desk east")
    assert dialog.accept_button.isEnabled()
    assert clipped(dialog) == overlapping(dialog) == []
    day = dialog.until.day
    dialog.accept()
    qtbot.waitUntil(lambda: bool(desk.session.project.handouts), timeout=LONG)
    assert (tmp_path / "east.gridpack").is_file()
    leases = desk.canvas.showing.leases
    assert leases is not None
    assert leases.words == (f"with desk east until {day}",)
    desk.select(2)
    assert "desk east" in desk.team.hint
    desk.do(MoveUnits((6,), 3))  # possible, and said
    qtbot.waitUntil(lambda: "compared when it comes back" in desk.jobs.last_words)
    desk.select(2)
    desk.window.action_set.qt["end-lease"].trigger()
    assert desk.session.project.handouts == ()
    desk.session.undo()
    assert len(desk.session.project.handouts) == 1


def test_what_somebody_else_saved_meanwhile_is_taken_in_before_saving_again(
    desk: Desk, plan: Project, tmp_path: Path, qtbot: QtBot
) -> None:
    place = tmp_path / "shared drive.gridplan"
    mark = save_saved(Saved(plan, MARK), place)
    desk.files.keeping.begin(place, mark, None)
    desk.session.open(plan, saved=True)
    desk.session.do(MoveUnits((TORN,), 4))
    there = Session(plan)
    there.do(MoveUnits((FREE,), 8))
    theirs = save_saved(Saved(there.project, mark, tuple(there.log)), place)
    desk.files.saves.merge_asked.emit(place, theirs)
    dialog_of(desk, TakeInDialog, qtbot).accept()
    assert (labels(desk.session.project)[TORN], labels(desk.session.project)[FREE]) == (4, 8)
    assert not desk.session.is_saved
    save_saved(desk.files.keeping.as_it_is(), place, expected=desk.files.keeping.expected)  # over theirs, which is in it now
    saved = open_saved(place)
    assert labels(saved.project) == labels(desk.session.project)
    assert [change.words for change in saved.changes][-1].startswith("Take in")
    desk.files.keeping.begin(None, MARK, None)


def test_another_file_of_the_project_is_compared_and_taken_in(desk: Desk, plan: Project, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "theirs.gridplan"
    there = Session(plan)
    there.do(MoveUnits((FREE,), 8))
    save_saved(Saved(there.project, MARK, tuple(there.log)), path)
    desk.team.compare_file(path)
    qtbot.waitUntil(lambda: desk.comparing.found is not None, timeout=LONG)
    assert desk.comparing.found is not None
    assert desk.comparing.found.comparison.titles[0] == "theirs.gridplan"
    assert desk.comparing.found.comparison.moved > 0
    assert desk.comparing.panel.take.isVisibleTo(desk.comparing.panel)
    desk.comparing.panel.take.click()  # nothing was done here since, so theirs follows from mine
    dialog_of(desk, TakeInDialog, qtbot).accept()
    assert labels(desk.session.project)[FREE] == 8
    assert not desk.comparing.is_on
    assert open_saved(path).project.name == plan.name


def test_the_log_is_searched_and_leads_to_the_grid(desk: Desk, qtbot: QtBot) -> None:
    desk.do(ChangeGrids(NAMES[0]))
    desk.do(MoveUnits((TORN,), 4))
    desk.team.log.show()
    dialog = dialog_of(desk, ChangesDialog, qtbot)
    assert [change.words for change in dialog.listed] == [change.words for change in reversed(desk.session.log)]
    assert clipped(dialog) == overlapping(dialog) == []
    dialog.text.setText("name MINE")
    assert len(dialog.listed) == 1
    assert dialog.lines.rows.rowCount() == 1
    dialog.lines.row_chosen.emit(0)
    assert desk.selection.selected == 0
    assert not dialog.isVisible()


def test_versions_are_brought_together_as_differences(plan: Project, package: tuple[Handout, Path]) -> None:
    mine = MoveUnits((TORN,), 4).apply(plan)
    found = bring_together(mine, MARK, [package[1]], {})
    assert len(found.conflicts) == found.open == 1
    merged = applied(mine, found.merged)
    assert (labels(merged)[TORN], labels(merged)[FREE], grid_name(merged, 0)) == (4, 8, "theirs")
    assert labels(applied(merged, found.theirs))[TORN] == 1
    assert merged.communities is mine.communities
    decided = bring_together(mine, MARK, [package[1]], {found.conflicts[0].key: "theirs"})
    assert decided.open == 0
    assert labels(applied(mine, decided.merged))[TORN] == 1


def test_a_package_of_every_community_comes_in_under_any_plan_and_says_when_it_comes_again(plan: Project, tmp_path: Path) -> None:
    project = BranchScenario("B").apply(plan)
    handout = new_handout(project, MARK, community_keys(project.communities), "all", "")
    write_pack(tmp_path / "all.gridpack", project, handout)
    saved = open_pack_saved(tmp_path / "all.gridpack")
    there = ChangeGrids(NAMES[1]).apply(saved.project)
    there = ChangeSettings("project", dataclasses.replace(there.settings.project, name="another")).apply(there)
    save_pack(dataclasses.replace(saved, project=there), tmp_path / "all.gridpack")
    mine = HandOut(handout).apply(project)
    found = bring_together(mine, MARK, [tmp_path / "all.gridpack"], {})
    merged = applied(mine, found.merged)
    assert grid_name(merged, 0) == "theirs"
    assert merged.settings == mine.settings
    assert ["settings" in note for note in found.coming[0].notes] == [True]
    with pytest.raises(ProjectFileError, match="is there already"):
        write_pack(tmp_path / "all.gridpack", project, handout)
    again = bring_together(project, MARK, [tmp_path / "all.gridpack"], {})
    assert "comes in again" in " ".join(again.coming[0].notes)


def test_the_version_that_two_come_from_is_found_by_their_logs(plan: Project, tmp_path: Path) -> None:
    session = Session(plan)
    session.do(MoveUnits((FREE,), 8))
    old = Saved(session.project, MARK, tuple(session.log))
    save_saved(old, tmp_path / "here.gridplan")
    mine, theirs = Session(plan), Session(plan)
    for one, edit in ((mine, MoveUnits((TORN,), 4)), (theirs, MoveUnits((TORN,), 1))):
        one.open(session.project, saved=True, log=old.changes)
        one.do(edit)
    found = common_version(
        Saved(mine.project, MARK, tuple(mine.log)), Saved(theirs.project, MARK, tuple(theirs.log)), tmp_path / "here.gridplan"
    )
    assert found is not None
    assert labels(found.project) == labels(session.project)
    ahead = Saved(mine.project, MARK, tuple(mine.log))
    assert common_version(old, ahead, None) is old
    assert common_version(Saved(mine.project, Mark(), tuple(mine.log)), Saved(theirs.project, Mark(), tuple(theirs.log)), None) is None


def test_a_lease_says_when_it_is_over() -> None:
    from datetime import date

    assert lent_words("desk 3", "2026-05-31", date(2026, 6, 1)) == ("Handed out to desk 3; was to be back on 2026-05-31", True)
    assert lent_words("desk 3", "2026-05-31", date(2026, 5, 31)) == ("Handed out to desk 3 until 2026-05-31", False)
