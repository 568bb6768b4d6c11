"""Guard segments by hand: what an edit changes, what follows at once, and that whatever is done the line stays tiled."""

import dataclasses
import itertools

import numpy as np
import pytest

from gridplanner.edits.rail_edits import AddBreak, GiveSegments, LockSegments, MoveBreak, RecodeSegment, RemoveBreak
from gridplanner.errors import EditRejected
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import fingerprint
from gridplanner.model.rail_check import rail_issues
from gridplanner.model.rail_near import length_of
from gridplanner.model.rail_work import moved_break, nearest_break, next_row, segment_work
from gridplanner.planning.rail_rest import propose_rail_rest
from gridplanner.session import Session
from gridplanner.settings import RailPost
from tests.guarded_line import divided, guarded, line_project, plan_of
from tests.rail_land import villages


def tiles(project):
    """Every plan tiles every line from end to end, and all its figures are those of its segments."""
    plan = plan_of(project)
    for name in plan.plans:
        for number, line in enumerate(plan.lines):
            mine = [s for s in plan.segments if s.plan == name and s.line == number]
            assert (mine[0].low, mine[-1].high) == (0.0, pytest.approx(length_of(line)))
            for a, b in itertools.pairwise(mine):
                assert a.high == b.low
                assert np.array_equal(a.coords[-1], b.coords[0])
        total = sum(s.workload for s in plan.segments if s.plan == name)
        assert total == pytest.approx(segment_work(plan, name, 0, 0.0, length_of(plan.lines[0])))
    assert len({s.code for s in plan.segments}) == len(plan.segments)
    first = [plan.segments[row].code for row in plan.of_plan(plan.plans[0])]
    assert plan.corridor.codes.tolist() == first
    assert plan.corridor.households.sum() == pytest.approx(project.households.households.sum())
    assert not [issue.message for issue in rail_issues(project) if issue.level is Level.ERROR]


def test_a_moved_break_changes_both_sides_as_was_told_before():
    project = guarded()
    plan = plan_of(project)
    told = moved_break(plan, 0, 1430.0)
    after = plan_of(MoveBreak(0, 1430.0, "K815+430").apply(project))
    left, right = after.segments[:2]
    assert (left.high, right.low) == (1430.0, 1430.0)
    assert (left.workload, right.workload) == (pytest.approx(told.left.work), pytest.approx(told.right.work))
    assert left.workload + right.workload == pytest.approx(plan.segments[0].workload + plan.segments[1].workload)
    assert told.chainage == "K815+430"
    assert (left.stop, right.start) == (815_430.0, 815_430.0)
    assert left.round.minutes == pytest.approx(2 * 1430.0 / (4000 / 60))
    assert {along for _minute, along, code in left.round.meets if code == right.code} == {1430.0}
    assert after.segments[2:] != plan.segments[2:]  # rounds of the whole line follow
    assert [(s.low, s.high, s.workload) for s in after.segments[2:]] == [(s.low, s.high, s.workload) for s in plan.segments[2:]]
    proof = after.proofs[0]
    assert (proof.status, proof.bound) == ("by hand", plan.proofs[0].bound)
    assert proof.value == pytest.approx(max(s.workload for s in after.segments))
    assert MoveBreak(0, 1430.0, "K815+430").words == "Move a break to K815+430"
    moved = MoveBreak(0, 1430.0).apply(project)
    tiles(moved)
    assert "rail" not in stale_plans(moved)


def test_who_lives_beside_the_line_goes_over_with_the_break():
    project = guarded()
    before, after = plan_of(project).corridor, plan_of(MoveBreak(0, 600.0).apply(project)).corridor
    homes = project.households
    assert after.households[0] == homes.households[homes.xy[:, 0] < 600].sum()
    assert after.households[:2].sum() == before.households[:2].sum()
    assert after.households[2:].tolist() == before.households[2:].tolist()
    assert all(a is b for a, b in zip(after.polygons[2:], before.polygons[2:], strict=True))
    assert sum(shape.area for shape in after.polygons) == pytest.approx(sum(shape.area for shape in before.polygons))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (MoveBreak(0, 6500.0), "must lie between K814"),
        (MoveBreak(0, float("nan")), "must lie between"),
        (MoveBreak(0, 2300.0), r"within bridge; the nearest places are K816\+000, K816\+600"),
        (MoveBreak(7, 9900.0), "2-04 ends where its line ends"),
        (MoveBreak(99, 10.0), "no such segment"),
        (AddBreak(0, 0.5), "must lie between"),
        (AddBreak(0, 700.0, squad=-1), "numbered from 1"),
        (RemoveBreak(7), "no break to take away"),
        (RecodeSegment(0, " "), "needs a code"),
        (RecodeSegment(0, "1-02"), "a segment 1-02 already"),
        (GiveSegments((0,), 0), "numbered from 1"),
        (LockSegments((8,)), "no such segment"),
    ],
)
def test_what_would_break_the_plan_is_refused_with_the_reason(edit, words):
    with pytest.raises(EditRejected, match=words):
        edit.apply(guarded())
    with pytest.raises(EditRejected, match="divide the line first"):
        edit.apply(line_project())


def test_locked_segments_and_posts_keep_their_ends_and_guards():
    locked = LockSegments((1,)).apply(guarded())
    for edit in (MoveBreak(0, 1430.0), MoveBreak(1, 2700.0), AddBreak(1, 1800.0), RemoveBreak(0), GiveSegments((1,), 2)):
        with pytest.raises(EditRejected, match="1-02 is locked; unlock it first"):
            edit.apply(locked)
    assert not plan_of(LockSegments((1,), locked=False).apply(locked)).segments[1].locked
    post = divided(line_project(posts=(RailPost("K820+000", "K821+000", "隧道"),)))
    row = next(row for row, segment in enumerate(plan_of(post).segments) if segment.post)
    with pytest.raises(EditRejected, match="is the fixed post 隧道"):
        MoveBreak(row, 7200.0).apply(post)


def test_a_break_at_a_limit_that_none_may_cross_stays():
    project = divided(dataclasses.replace(line_project(walls=("limit",)), communities=villages("东乡", "西乡")))
    plan = plan_of(project)
    row = next(row for row, segment in enumerate(plan.segments) if segment.high == 5000.0)
    for edit in (MoveBreak(row, 5100.0), RemoveBreak(row)):
        with pytest.raises(EditRejected, match=r"No segment may cross K819\+000"):
            edit.apply(project)
    assert MoveBreak(row - 1, plan.segments[row].low + 100).apply(project)
    free = dataclasses.replace(plan, profile=dataclasses.replace(plan.profile, wall=plan.profile.wall & False))
    crossed = MoveBreak(row, 5100.0).apply(dataclasses.replace(project, rail=free))
    walled = dataclasses.replace(crossed, rail=dataclasses.replace(plan_of(crossed), profile=plan.profile))
    assert {issue.kind for issue in rail_issues(walled)} == {"rail_wall"}


def test_an_added_break_gives_the_new_part_to_somebody_and_a_removed_one_takes_it_back():
    project = guarded()
    twice = AddBreak(0, 700.0).apply(project)
    plan = plan_of(twice)
    assert [(s.code, s.squad, s.guard) for s in plan.segments[:3]] == [("1-01", 1, 1), ("1-05", 1, 5), ("1-02", 1, 2)]
    tiles(twice)
    ahead = plan_of(AddBreak(0, 700.0, squad=2, behind=False).apply(project))
    assert [(s.code, s.squad) for s in ahead.segments[:2]] == [("2-05", 2), ("1-01", 1)]
    assert ahead.segments[0].base == "东站"  # a squad sets out from its own base
    once = RemoveBreak(0).apply(twice)
    tiles(once)
    back, was = plan_of(once), plan_of(project)
    assert [(s.code, s.low, s.high) for s in back.segments] == [(s.code, s.low, s.high) for s in was.segments]
    kept = plan_of(RemoveBreak(0, keep_next=True).apply(twice))
    assert (kept.segments[0].code, kept.segments[0].high) == ("1-05", was.segments[0].high)


def test_what_was_told_of_a_segment_goes_with_it():
    project = guarded()
    plan = plan_of(project)
    told = [Issue(Level.INFO, "moved", "{code} moved", {"code": s.code}, "railsegs", s.code) for s in plan.segments[:2]]
    project = dataclasses.replace(project, rail=dataclasses.replace(plan, issues=tuple(told)))
    kept, gone = (plan.segments[row].code for row in (0, 1))
    assert [issue.ref for issue in plan_of(RemoveBreak(0).apply(project)).issues] == [kept]
    assert [issue.ref for issue in plan_of(RemoveBreak(0, keep_next=True).apply(project)).issues] == [gone]


def test_a_code_follows_its_guard_unless_the_planner_gave_it():
    project = guarded()
    given = plan_of(GiveSegments((3,), 2).apply(project)).segments[3]
    assert (given.squad, given.guard, given.code, given.base) == (2, 5, "2-05", "东站")
    named = RecodeSegment(3, "桥头").apply(project)
    assert plan_of(GiveSegments((3,), 2, 1).apply(named)).segments[3].code == "桥头"
    assert {code for s in plan_of(named).segments for _m, _a, code in s.round.meets} >= {"桥头"}
    shared = GiveSegments((3,), 2, 1).apply(project)
    assert plan_of(shared).segments[3].code == "2-01b"
    assert {issue.kind for issue in rail_issues(shared)} == {"rail_guard_twice", "rail_idle"}


def test_a_break_is_drawn_to_the_nearest_allowed_place_and_to_a_preferred_one_before():
    profile = plan_of(guarded()).profile
    assert nearest_break(profile, 0, 2310.0, 1000.0, 4000.0) == 2600.0
    assert nearest_break(profile, 0, 5780.0, 3000.0, 9000.0) == 5800.0
    assert nearest_break(profile, 0, 5780.0, 3000.0, 9000.0, reach=300.0) == 6000.0
    assert nearest_break(profile, 0, 2310.0, 2000.0, 2600.0) is None


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_edited_the_line_stays_tiled_and_undo_gives_the_very_same_back(seed):
    rng = np.random.default_rng(seed)
    session = Session(guarded(night=seed % 2 == 1))
    states = [session.project]
    for _turn in range(25):
        plan = plan_of(session.project)
        row = int(rng.integers(len(plan.segments)))
        segment = plan.segments[row]
        other = next_row(plan, row)
        far = plan.segments[other].high if other >= 0 else segment.high
        edits = [
            MoveBreak(row, float(rng.uniform(segment.low, far))),
            AddBreak(row, float(rng.uniform(segment.low, segment.high)), behind=bool(rng.integers(2))),
            RemoveBreak(row, bool(rng.integers(2))),
            LockSegments((row,), bool(rng.random() < 0.3)),
            GiveSegments((row,), int(rng.integers(1, 4)), int(rng.integers(0, 6))),
            RecodeSegment(row, f"段{rng.integers(40)}"),
        ]
        try:
            session.do(edits[int(rng.integers(len(edits)))])
        except EditRejected:
            assert session.project is states[-1]
            continue
        tiles(session.project)
        states.append(session.project)
    assert len(states) > 8
    for earlier in reversed(states[:-1]):
        session.undo()
        assert session.project is earlier
    assert fingerprint(plan_of(session.project)) == fingerprint(plan_of(states[0]))
    session.travel(len(states) - 1)
    assert session.project is states[-1]
    last = session.project
    if any(segment.squad > 2 or segment.guard > 4 for segment in plan_of(last).segments if segment.locked):
        return
    unlocked = LockSegments(tuple(range(len(plan_of(last).segments))), locked=False).apply(last)
    tiles(propose_rail_rest(unlocked).apply(unlocked))


def test_segments_that_stay_and_the_rest_tile_together():
    project = guarded()
    by_hand = LockSegments((1, 4)).apply(MoveBreak(4, 6000.0).apply(MoveBreak(0, 1233.0).apply(project)))
    edit = propose_rail_rest(by_hand)
    assert "(locked segments: 2)" in edit.words
    again = edit.apply(by_hand)
    tiles(again)
    before, after = plan_of(by_hand), plan_of(again)
    for row in (1, 4):
        assert dataclasses.replace(after.segments[row], round=None).code == before.segments[row].code
        assert (after.segments[row].low, after.segments[row].high) == (before.segments[row].low, before.segments[row].high)
    with pytest.raises(EditRejected, match="changed since"):
        edit.apply(MoveBreak(5, 7500.0).apply(by_hand))
