"""One door for every change; undo gives back the very same project."""

import dataclasses

import numpy as np
import pytest

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Replace, needs
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.errors import EditRejected
from gridplanner.model.places import NO_HOUSEHOLDS, Households, texts
from gridplanner.model.project import Project, fingerprint
from gridplanner.session import Session
from gridplanner.settings import GridSettings


def homes(count, first=0.0):
    return Households(np.column_stack((np.arange(count) + first, np.zeros(count))), np.ones(count), np.ones(count), texts([""] * count))


def test_undo_and_redo_give_back_the_same_objects():
    session = Session(Project())
    seen = [session.project]
    for k in range(150):
        session.do(ChangeSettings("grids", GridSettings(target_households=100.0 + k)))
        seen.append(session.project)
    for project in reversed(seen[:-1]):
        session.undo()
        assert session.project is project
    for project in seen[1:]:
        session.redo()
        assert session.project is project


def test_listeners_hear_before_and_after_and_nothing_when_nothing_changed():
    session, heard = Session(Project()), []
    session.listen(lambda before, after: heard.append((before, after)))
    session.undo()
    assert heard == []
    first = session.project
    session.do(Replace("Add households", {"households": homes(3)}))
    assert heard == [(first, session.project)]


def test_a_result_made_from_data_that_was_replaced_is_refused():
    session = Session(Project(households=homes(3)))
    slow = Replace("Make units", {"units": None}, needs(session.project, "households"))
    session.do(Replace("Other households", {"households": homes(3, 5.0)}))
    before = session.project
    with pytest.raises(EditRejected, match="changed since"):
        session.do(slow)
    assert session.project is before


def test_what_was_undone_is_forgotten_after_a_new_edit():
    session = Session(Project())
    session.do(Replace("one", {"households": homes(1)}))
    session.undo()
    session.do(Replace("two", {"households": homes(2)}))
    session.redo()
    assert len(session.project.households) == 2


def test_fingerprints_follow_content_not_identity():
    assert fingerprint(homes(4)) == fingerprint(homes(4))
    assert fingerprint(homes(4)) != fingerprint(homes(4, 1.0))
    assert fingerprint(homes(0)) == fingerprint(dataclasses.replace(NO_HOUSEHOLDS))


def test_what_took_long_to_compute_writes_over_nothing_that_was_done_meanwhile():
    begun = dataclasses.replace(Project(), households=homes(3))
    slow = Computed(Replace("Other places", {"households": homes(5)}, needs(begun, "roads")), begun)
    elsewhere = ChangeSettings("grids", GridSettings(target_households=250.0)).apply(begun)
    assert len(slow.apply(elsewhere).households) == 5
    assert slow.apply(elsewhere).settings is elsewhere.settings
    moved = dataclasses.replace(begun, households=homes(3))  # equal, but put there since
    with pytest.raises(EditRejected, match=r"Other places.*run it again"):
        slow.apply(moved)
