"""The history: at least a hundred steps, and no more than they may hold."""

import pytest

from gridplanner.edits import history
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.model.project import Project
from gridplanner.session import Session
from gridplanner.settings import GridSettings
from tests.ui.builders import planned, town


@pytest.fixture
def project() -> Project:
    return planned(town())


def test_the_history_holds_two_hundred_steps_through_thousands_of_edits(project):
    session = Session(project)
    for k in range(2500):
        session.do(ChangeSettings("grids", GridSettings(target_households=100.0 + k)))
    last = session.project
    assert len(session.history.past) == history.DEPTH
    assert session.history.present.number == 2500
    session.travel(-10_000)
    assert session.project.settings.grids.target_households == 100.0 + 2500 - history.DEPTH - 1
    assert [step.number for step in session.history.future][-1] == 2500
    session.travel(10_000)
    assert session.project is last


def test_steps_beyond_the_first_hundred_are_forgotten_where_they_hold_too_much(project, monkeypatch):
    each = history.fresh_bytes(project, MoveUnits((4,), 0).apply(project))
    assert each > 0
    monkeypatch.setattr(history, "ROOM", 120 * each)
    session = Session(project)
    for k in range(180):
        session.do(MoveUnits((4,), 0 if k % 2 == 0 else 1))
    assert len(session.history.past) == pytest.approx(120, abs=2)
    monkeypatch.setattr(history, "ROOM", 0)
    session.do(MoveUnits((5,), 0))
    assert len(session.history.past) == history.KEPT


def test_what_a_step_holds_is_what_the_one_before_did_not(project):
    assert history.fresh_bytes(project, project) == 0
    moved = MoveUnits((4,), 0).apply(project)
    assert history.fresh_bytes(project, moved) >= moved.grids.labels.nbytes
    assert history.fresh_bytes(project, moved) < project.units.xy.nbytes + 4000
    assert history.fresh_bytes(moved, BranchScenario("B").apply(moved)) < 1000


def test_going_several_steps_is_one_change(project):
    session, heard = Session(project), []
    for unit in (4, 5, 16):
        session.do(MoveUnits((unit,), 0))
    session.listen(lambda before, after: heard.append((before, after)))
    last = session.project
    session.travel(-3)
    assert heard == [(last, project)]
    session.travel(-1)
    assert len(heard) == 1
