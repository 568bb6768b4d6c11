import pytest
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.errors import EditRejected
from gridplanner.model.project import Project
from gridplanner.session import Session
from ui.session_bridge import SessionBridge


def test_every_change_is_told_once_with_both_projects(qtbot: QtBot, project: Project) -> None:
    session = Session(project)
    bridge = SessionBridge(session)
    told: list[tuple[Project, Project]] = []
    bridge.changed.connect(lambda before, after: told.append((before, after)))
    session.do(MoveUnits((4,), 0))
    after = session.project
    session.undo()
    session.redo()
    assert told == [(project, after), (after, project), (project, after)]


def test_a_rejected_edit_is_not_told(qtbot: QtBot, project: Project) -> None:
    session = Session(project)
    bridge = SessionBridge(session)
    with qtbot.assertNotEmitted(bridge.changed), pytest.raises(EditRejected):
        session.do(MoveUnits((11,), 0))
