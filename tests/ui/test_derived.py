from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import KeepTogether
from gridplanner.io.project_file import save_project
from gridplanner.model.check import check
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone, ZonePlan
from tests.ui.builders import planned, replanned, town
from ui.app import make_app, make_window
from ui.derived import Derived, derive, derived_after
from ui.preferences import Preferences
from ui.steps import State

LONG = 20_000


def opened(project: Project) -> Derived:
    return list(derive(project, lambda: False))[-1]


@pytest.fixture
def project() -> Project:
    return planned(town(), wide=3)


def test_figures_come_before_the_check_and_both_are_of_the_project(project: Project) -> None:
    first, last = derive(project, lambda: False)
    assert first.figures is last.figures
    assert (first.checked, first.issues, first.changed) == (False, None, None)
    assert last.checked
    assert last.issues == check(project)
    assert last.changed == frozenset()


def test_an_edit_is_followed_at_once_and_what_takes_longer_stays_until_it_is_known(project: Project) -> None:
    before = opened(replanned(project))
    assert before.transfers is not None
    after = MoveUnits((2,), 1).apply(before.project)
    quick = derived_after(before, after)
    assert quick is not None
    assert not quick.checked
    assert quick.transfers is before.transfers
    assert quick.changed is not None
    assert {0, 1} <= quick.changed
    (slow,) = derive(quick, lambda: False)
    assert slow.checked
    assert (slow.figures, slow.colours) == (quick.figures, quick.colours)
    assert slow.transfers is not None
    assert len(slow.transfers) > 0
    assert slow.issues == check(after)
    assert slow.changed == frozenset()


def test_a_step_that_was_stale_stays_so_until_fingerprints_are_compared(project: Project) -> None:
    assert project.grids is not None
    zones = ZonePlan(dict.fromkeys(project.grids.grids, 0), {0: Zone("Z01", "东")}, np.ones(1), made_from="older")
    zoned = dataclasses.replace(project, zones=zones)
    before = opened(zoned)
    assert before.states["zones"] is State.STALE
    quick = derived_after(before, LockGrids((0,)).apply(zoned))
    assert quick is not None
    assert quick.states["zones"] is State.STALE
    assert quick.states["grids"] is before.states["grids"]


def test_areas_that_are_kept_follow_the_units_at_once_and_new_ones_a_moment_later(project: Project) -> None:
    kept = KeepTogether((0, 1)).apply(project)
    quick = derived_after(opened(project), kept)
    assert quick is not None
    assert quick.kept == {}
    (slow,) = derive(quick, lambda: False)
    assert slow.kept == {0: (0,)}
    moved = derived_after(slow, MoveUnits((1,), 1).apply(kept))
    assert moved is not None
    assert moved.kept == {0: (0,), 1: (0,)}


def test_another_plan_or_other_data_are_not_followed_at_once(project: Project) -> None:
    before = opened(project)
    assert derived_after(before, town()) is None
    assert derived_after(Derived(Project()), project) is None
    assert derived_after(before, dataclasses.replace(project, households=dataclasses.replace(project.households))) is None


def test_the_window_shows_an_edit_and_its_undo_before_the_event_loop_turns(
    preferences: Preferences, project: Project, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "town.gridplan"
    save_project(project, path)
    make_app(preferences)
    window = make_window(preferences)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    desk = window.desk
    assert desk is not None
    desk.files.open(path)
    qtbot.waitUntil(lambda: desk.session.project.grids is not None and desk.derived.checked, timeout=LONG)
    first = desk.derived
    desk.do(MoveUnits((2,), 1))
    assert desk.derived.project is desk.session.project
    assert desk.derived.figures is not None
    assert first.figures is not None
    assert desk.derived.figures.households[0] < first.figures.households[0]
    desk.session.undo()
    assert desk.derived.project is first.project
    assert desk.derived.figures.households.tolist() == first.figures.households.tolist()
    qtbot.waitUntil(lambda: desk.derived.checked, timeout=LONG)
    assert desk.derived.issues == first.issues
    desk.session.mark_saved(desk.session.project)
    window.close()
