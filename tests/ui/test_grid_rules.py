import pytest

from gridplanner.edits.edit import Edit
from gridplanner.edits.rule_edits import KeepTogether, Release
from gridplanner.model.project import Project
from gridplanner.session import Session
from ui.grid_rules import all_exclusive, all_locked, exclusive_edit, keep_edit, kept_areas, lock_edit
from ui.map.tools.keep import Keep
from ui.map.tools.tool import Drag, Pointer, Reach


def done(session: Session, edit: Edit | None) -> Project:
    assert edit is not None
    session.do(edit)
    return session.project


def test_a_lock_is_one_step_and_the_second_takes_it_back(project: Project) -> None:
    session = Session(project)
    locked = done(session, lock_edit(project, (0, 2)))
    assert session.history.present.words == "Lock 2 grids"
    assert all_locked(locked, (0, 2))
    assert not all_locked(locked, (0, 1))
    half = done(session, lock_edit(locked, (0, 1)))  # one of them is not locked yet
    assert all_locked(half, (0, 1))
    free = done(session, lock_edit(half, (0, 1)))
    assert not any(free.grids.grids[grid].locked for grid in (0, 1))  # type: ignore[union-attr]
    session.undo()
    session.undo()
    session.undo()
    assert session.project is project


def test_grids_become_exclusive_and_are_released_by_name(project: Project) -> None:
    session = Session(project)
    made = done(session, exclusive_edit(project, (0, 4)))
    assert session.history.present.words == "Make 2 grids exclusive"
    assert all_exclusive(made, (0, 4))
    assert len(made.rules.exclusive) == 2
    back = done(session, exclusive_edit(made, (4,)))
    assert all_exclusive(back, (0,))
    assert not all_exclusive(back, (4,))
    assert len(back.rules.exclusive) == 1


def test_the_units_of_grids_are_kept_together_and_released_together(project: Project) -> None:
    session = Session(project)
    kept = done(session, keep_edit(project, (0, 5), {}))
    found = kept_areas(kept)
    assert set(found) == {0, 5}
    assert len(kept.rules.keep) == 2
    freed = done(session, keep_edit(kept, (0, 5), found))
    assert session.history.present.words == "Release 2 groups kept together"
    assert len(freed.rules.keep) == 0
    assert kept_areas(freed) == {}


def end_of(drag: Drag, unit: int) -> Edit | None:
    with pytest.raises(StopIteration) as end:
        drag.send(Pointer(0, 0, unit, released=True))
    edit: Edit | None = end.value.value
    return edit


def test_a_stroke_keeps_units_of_one_community_and_a_click_releases_them(project: Project) -> None:
    drag = Keep().drag(Reach(project), Pointer(0, 0, 4))
    assert next(drag).units == {4}
    assert drag.send(Pointer(0, 0, 5)).units == {4, 5}
    assert drag.send(Pointer(0, 0, 6)).units == {4, 5}  # lies in the other community
    made = end_of(drag, 7)
    assert made == KeepTogether((4, 5))
    kept = made.apply(project)
    release = Keep().drag(Reach(kept), Pointer(0, 0, 5))
    next(release)
    assert end_of(release, 5) == Release("keep", 0)
    beside = Keep().drag(Reach(kept), Pointer(0, 0, 30))
    next(beside)
    assert end_of(beside, 30) is None
