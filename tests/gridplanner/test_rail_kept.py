"""A railway that is read anew keeps its guard segments: on the new line, weighed and reached as there, and what moved is told."""

import dataclasses

import numpy as np
import pytest

from gridplanner.edits.rail_edits import LockSegments, MoveBreak, RecodeSegment
from gridplanner.model.freshness import stale_plans
from gridplanner.model.rail_near import length_of
from gridplanner.model.rail_work import segment_work
from gridplanner.planning.rail_kept import rail_kept
from tests.guarded_line import PIECES, guarded, kilometres, plan_of
from tests.rail_land import tracks


def moved_line(by: float):
    """The line drawn some metres farther north, its pieces longer by a kilometre in the east."""
    pieces = [*PIECES[:-1], (7000.0, 11_000.0, "")]
    railway = tracks(*pieces)
    lines = dataclasses.replace(railway.lines, coords=railway.lines.coords + np.array([0.0, by]))
    return dataclasses.replace(railway, lines=lines)


def test_segments_stay_with_their_guards_and_what_moved_is_told():
    project = RecodeSegment(2, "桥头").apply(LockSegments((1,)).apply(MoveBreak(0, 1433.0).apply(guarded())))
    before = plan_of(project)
    fresh = dataclasses.replace(project, railway=moved_line(40.0), rail=None)
    after = rail_kept(fresh, before)
    assert [s.code for s in after.segments] == [s.code for s in before.segments]
    assert [s.locked for s in after.segments] == [s.locked for s in before.segments]
    assert [s.low for s in after.segments] == pytest.approx([s.low for s in before.segments], abs=1e-3)
    assert after.segments[-1].high == pytest.approx(length_of(after.lines[0])) == pytest.approx(11_000)
    for segment in after.segments:
        assert segment.workload == pytest.approx(segment_work(after, "day", 0, segment.low, segment.high))
        assert segment.round is not None
        assert np.isfinite(segment.access_s)
    moved = [issue for issue in after.issues if issue.kind == "moved"]
    assert len(moved) == 8
    assert any("桥头" in issue.message and "40 m" in issue.message for issue in moved)
    assert after.corridor.codes.tolist() == [s.code for s in after.segments]
    assert stale_plans(dataclasses.replace(fresh, rail=after)) == {"rail"}


def test_corrected_posts_move_the_segments_and_a_railway_elsewhere_keeps_none():
    project = guarded()
    shifted = kilometres()
    shifted = dataclasses.replace(shifted, xy=shifted.xy + np.array([100.0, 0.0]))
    after = rail_kept(dataclasses.replace(project, stations=shifted), plan_of(project))
    assert [s.low for s in after.segments[1:]] == pytest.approx([s.low + 100.0 for s in plan_of(project).segments[1:]], abs=2.0)
    far = tracks(*PIECES)
    far = dataclasses.replace(far, lines=dataclasses.replace(far.lines, coords=far.lines.coords + np.array([0.0, 90_000.0])))
    assert rail_kept(dataclasses.replace(project, railway=far), plan_of(project)) is None
    sidings = dataclasses.replace(far, main=np.zeros(len(far), bool))
    assert rail_kept(dataclasses.replace(project, railway=sidings), plan_of(project)) is None
