"""Cordons and marks by hand: values that change a project, undone and saved like any other."""

import numpy as np
import pytest
import shapely
from block_town import X, Y, block_town

from gridplanner.edits.checkpoint_edits import DrawCordon, MarkSite, RemoveCordon
from gridplanner.errors import EditRejected
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.project import fingerprint
from gridplanner.session import Session

RING = ((X, Y), (X + 200, Y), (X + 200, Y + 100), (X, Y + 100))


@pytest.fixture(scope="module")
def town():
    return block_town(4, 2)


def test_drawn_cordons_are_named_in_turn_and_taken_away_again(town):
    session = Session(town)
    session.do(DrawCordon(RING))
    session.do(DrawCordon(RING[:3], count=2))
    session.do(DrawCordon((*RING, RING[0]), name="核心"))
    cordons = session.project.cordons
    assert cordons.names.tolist() == ["Cordon 1", "Cordon 2", "核心"]
    assert cordons.counts.tolist() == [5, 2, 5]
    assert [shape.area for shape in cordons.shapes] == [20_000, 10_000, 20_000]
    session.do(RemoveCordon(0))
    assert session.project.cordons.names.tolist() == ["Cordon 2", "核心"]
    session.do(DrawCordon(RING))
    assert session.project.cordons.names.tolist() == ["Cordon 2", "核心", "Cordon 1"]
    for _ in range(5):
        session.undo()
    assert session.project is town


def test_a_line_is_a_cordon_that_encloses_nothing(town):
    drawn = DrawCordon(RING[:2], is_line=True).apply(town)
    assert drawn.cordons.shapes[0].equals(shapely.LineString(RING[:2]))


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (DrawCordon(RING[:2]), "three corners"),
        (DrawCordon((RING[0], RING[0], RING[1])), "three corners"),
        (DrawCordon((RING[0], RING[2], RING[1], RING[3])), "crosses itself"),
        (DrawCordon((RING[0], RING[1], (X + 400, Y))), "crosses itself|encloses nothing"),
        (DrawCordon(((X, Y), (X + 5, Y), (X, Y + 5))), "encloses nothing"),
        (DrawCordon((RING[0], RING[1], (np.nan, Y))), "no place"),
        (DrawCordon(RING, count=0), "1 to 10,000"),
        (DrawCordon(RING[:1], is_line=True), "two corners"),
        (DrawCordon((RING[0], RING[2], RING[1], RING[3]), is_line=True), "crosses itself"),
        (RemoveCordon(0), "no such cordon"),
        (MarkSite(X, Y, "closed"), "existing or forbidden"),
        (MarkSite(X, np.inf, "existing"), "no place"),
        (MarkSite(X, Y, ""), "no mark"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(town, edit, why):
    with pytest.raises(EditRejected, match=why):
        edit.apply(town)


def test_a_name_is_given_once(town):
    with pytest.raises(EditRejected, match="already"):
        DrawCordon(RING, name="A").apply(DrawCordon(RING, name=" A ").apply(town))


def test_a_place_has_one_mark_that_changes_and_goes(town):
    marked = MarkSite(X, Y, "existing", "东卡").apply(town)
    marked = MarkSite(X + 100, Y, "forbidden").apply(marked)
    changed = MarkSite(X + 3, Y, "forbidden").apply(marked)
    assert changed.checkpoint_sites.kinds.tolist() == ["forbidden", "forbidden"]
    assert changed.checkpoint_sites.names.tolist() == ["", "东卡"]
    bare = MarkSite(X + 100, Y, "").apply(MarkSite(X, Y, "").apply(changed))
    assert len(bare.checkpoint_sites) == 0
    assert fingerprint(bare.checkpoint_sites) == fingerprint(town.checkpoint_sites)


def test_cordons_and_marks_are_saved_with_the_project(town, tmp_path):
    drawn = MarkSite(X, Y, "forbidden", "桥").apply(DrawCordon(RING).apply(town))
    save_project(drawn, tmp_path / "p.gridplan")
    again = open_project(tmp_path / "p.gridplan")
    for name in ("cordons", "checkpoint_sites"):
        assert fingerprint(getattr(again, name)) == fingerprint(getattr(drawn, name))
