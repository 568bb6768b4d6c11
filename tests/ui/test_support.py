"""The support bundle in the window, the diary of the window, earlier days in the history, and the folder of parcels."""

from __future__ import annotations

import os
import stat
import sys
import time
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridplanner import logbook
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.model.changes import UNDONE, Change, ChangeLine
from gridplanner.model.project import Project
from gridplanner.session import Session
from tests.ui.builders import planned, town
from tests.ui.fitting import faults
from ui.desk import Desk
from ui.dialogs.support_dialog import SupportDialog
from ui.diary import _facts_of, begin_diary, follow
from ui.panels.history_panel import HistoryPanel
from ui.styles import Theme
from ui.worker import Worker
from ui.worker_process import _answer

DAY = 86_400.0


@pytest.fixture
def project() -> Project:
    return planned(town())


def logs(diary: Path) -> str:
    logbook.flush()
    return "\n".join(path.read_text(encoding="utf-8") for path in (diary / "logs").glob("*.log"))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_dialog_shows_what_is_packed_and_data_only_where_ticked(
    diary: Path, tmp_path: Path, qtbot: QtBot, look: Theme, language: str
) -> None:
    from gridplanner import i18n

    i18n.set_language(language)
    logbook.begin("window")
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(900, 700)
    file = tmp_path / "canary.gridplan"
    file.write_bytes(b"everything")
    picture = QPixmap(40, 30)
    picture.fill(Qt.GlobalColor.white)
    dialog = SupportDialog({"language": "en", "folder/open": "/home/canary"}, {"width": 1280}, file, picture, over)
    dialog.open()
    assert [part.name for part in dialog.parts] == ["about.json", "settings.json", "logs/window.log"]
    assert '"width": 1280' in dialog.text.toPlainText()
    dialog.table.selectRow(1)
    assert "canary" not in dialog.text.toPlainText()
    assert faults(dialog) == []
    dialog.write(tmp_path / "none" / "bundle.tar")
    assert dialog.written is None
    assert dialog.notice.isVisible()
    dialog.with_project.setChecked(True)
    dialog.with_picture.setChecked(True)
    dialog.write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        assert bundle.read("data/project.gridplan") == b"everything"
        assert bundle.read("data/window.png").startswith(b"\x89PNG")
        others = "".join(bundle.read(name).decode() for name in bundle.namelist() if not name.startswith("data/"))
    assert "canary" not in others


def test_the_worker_notes_its_tasks_by_name_and_failures_by_place(diary: Path, tmp_path: Path) -> None:
    from gridplanner.progress import SILENT
    from ui.parcel import write_parcel

    logbook.begin("worker")
    parcel = tmp_path / "canary-in"
    write_parcel(parcel, (tmp_path / "canary.gridplan",))
    answer = _answer("gridplanner.io.project_file:open_project", str(parcel), str(tmp_path / "out"), "en", {}, progress=SILENT)
    assert answer[0] == "error"
    told = logs(diary)
    assert "error=ProjectFileError" in told
    assert "name=open_project" in told
    assert "canary" not in told
    assert str(tmp_path) not in told


def test_a_change_of_others_puts_no_word_of_its_own_into_the_diary() -> None:
    lines = (ChangeLine("Wangmou", "", "", "", ""), ChangeLine("grid", "", "name", "", "Wangmou"))
    assert _facts_of(Change(7, 0.0, "Wangmou", "Wangmou", "Wangmou", lines)) == {"number": 7, "way": "-", "what": "grid", "lines": 2}


def log_of(count: int) -> tuple[Change, ...]:
    line = ChangeLine("grid", "012", "name", "", "北里")
    return tuple(
        Change(n + 1, 1.76e9 + n * DAY / 40, "north@desk", f"Change {n + 1}", UNDONE if n == 3 else "done", (line,)) for n in range(count)
    )


def test_earlier_days_stand_above_the_steps_and_lead_nowhere(qtbot: QtBot, look: Theme, project: Project) -> None:
    session, panel = Session(project), HistoryPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 300)
    session.listen(lambda _before, _after: panel.show_history(session.history, session.earlier))
    session.open(planned(town()), saved=True, log=log_of(90))
    lines = panel.lines
    days = [row for row in range(panel.count()) if not lines.flags(lines.index(row))]
    assert len(days) in (3, 4)  # by where midnight is
    assert panel.count() == 90 + len(days) + 1
    session.do(MoveUnits((4,), 0))
    session.do(MoveUnits((5,), 0))
    assert panel.currentIndex().row() == panel.count() - 1
    chosen: list[int] = []
    panel.step_chosen.connect(chosen.append)
    for row in (0, 1, 5):
        panel.clicked.emit(lines.index(row))
    assert chosen == []
    panel.clicked.emit(lines.index(panel.count() - 3))
    assert chosen == [-2]
    told = str(lines.data(lines.index(4), Qt.ItemDataRole.ToolTipRole))
    assert "north@desk" in told
    assert "Grid 012: name – → 北里" in told
    assert "Made before the project was opened" in told
    assert str(lines.data(lines.index(4))) == "Change 4 (undone)"
    panel.show()
    panel.scrollToTop()
    assert not panel.grab().isNull()


def test_ten_thousand_changes_of_before_are_no_burden(qtbot: QtBot, look: Theme, project: Project) -> None:
    session, panel = Session(project), HistoryPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 300)
    panel.show()
    session.open(planned(town()), saved=True, log=log_of(10_000))
    start = time.perf_counter()
    panel.show_history(session.history, session.earlier)
    assert time.perf_counter() - start < 1.0
    times = []
    for step in range(12):
        session.do(MoveUnits((4,), step % 2))
        start = time.perf_counter()
        panel.show_history(session.history, session.earlier)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02
    assert panel.count() < 1_100
    assert str(panel.lines.data(panel.lines.index(0))) == "9,000 changes before"


@pytest.mark.skipif(sys.platform == "win32", reason="a temporary folder is the user's own by where it lies")
def test_nobody_else_can_put_a_parcel_there(qapp: object) -> None:
    """Parcels are pickles: what is in one is run, so they are the window's own, in a folder that is its user's alone."""
    worker = Worker()
    try:
        found = worker._folder.stat()
        assert stat.S_IMODE(found.st_mode) == 0o700
        assert found.st_uid == os.getuid()
    finally:
        worker.close()


def test_the_diary_follows_the_hand_without_a_word_of_data(diary: Path, one_desk: Desk, project: Project) -> None:
    begin_diary()
    follow(one_desk)
    one_desk.session.open(project, saved=True)
    one_desk.session.do(MoveUnits((4,), 0))
    one_desk.session.do(ChangeGrids(((2, (("name", "canary"), ("workers", ("canary",)))),)))
    one_desk.window.action_set.qt["fit"].trigger()
    told = logs(diary)
    assert "opened addresses=" in told
    assert "action name=fit" in told
    assert "changed number=1 way=done what=units lines=1" in told
    assert "changed number=2 way=done what=grid lines=2" in told
    assert not [word for word in ("canary", "西郊", "6208021") if word in told]
