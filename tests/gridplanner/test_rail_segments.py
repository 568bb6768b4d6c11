"""Guard segments as they are proposed: they tile the line, weigh alike, and what cannot be is told with its remedy."""

import dataclasses
import itertools

import numpy as np
import pytest

from gridplanner.edits.rail_edits import LockSegments
from gridplanner.errors import InputError, NoPlanFound
from gridplanner.model.check import check
from gridplanner.model.freshness import stale_plans
from gridplanner.model.mileage import chainage_text
from gridplanner.model.places import Railway, texts
from gridplanner.model.rail_check import rail_issues
from gridplanner.model.rail_work import plan_figures, segment_work
from gridplanner.planning.rail_rest import propose_rail_rest
from gridplanner.planning.rail_segments import propose_rail_segments, told_apart
from gridplanner.settings import RailBreak, RailMark, RailPost, RailSettings, RailShiftPlan
from gridplanner.summary import rail_figures
from tests.guarded_line import divided, guarded, line_project, plan_of, with_rail
from tests.rail_land import LINE, across, depots, homes, land, polylines, streets, villages


def ends(project, name="day"):
    plan = plan_of(project)
    return [round(plan.segments[row].low, 3) for row in plan.of_plan(name)] + [plan.segments[plan.of_plan(name)[-1]].high]


def test_segments_tile_the_line_weigh_alike_and_say_how_they_are_reached():
    project = guarded()
    plan = plan_of(project)
    assert [segment.code for segment in plan.segments] == ["1-01", "1-02", "1-03", "1-04", "2-01", "2-02", "2-03", "2-04"]
    assert plan.segments[0].low == 0.0
    assert plan.segments[-1].high == pytest.approx(10_000.0)
    for a, b in itertools.pairwise(plan.segments):
        assert a.high == b.low
        assert np.array_equal(a.coords[-1], b.coords[0])
    for segment in plan.segments:
        assert segment.workload == pytest.approx(segment_work(plan, "day", 0, segment.low, segment.high))
        assert (segment.start, segment.stop) == pytest.approx((814_000 + segment.low, 814_000 + segment.high))
        assert np.isfinite(segment.access_s)
    assert {segment.base for segment in plan.segments if segment.squad == 1} == {"西站"}
    assert {segment.base for segment in plan.segments if segment.squad == 2} == {"东站"}
    assert not any(2000 < segment.low < 2600 or 6000 < segment.low < 7000 for segment in plan.segments)
    proof = plan.proofs[0]
    assert proof.status == "optimal"
    assert proof.bound <= proof.value == pytest.approx(max(segment.workload for segment in plan.segments))
    assert rail_issues(project) == ()
    assert stale_plans(project) == set()


def test_neighbours_meet_at_their_common_end_and_everybody_who_lives_beside_the_line_is_in_one_corridor():
    project = guarded()
    plan = plan_of(project)
    for a, b in itertools.pairwise(plan.segments):
        mine = {(minute, along) for minute, along, code in a.round.meets if code == b.code}
        assert mine == {(minute, along) for minute, along, code in b.round.meets if code == a.code}
        assert {along for _minute, along in mine} == {a.high}
        assert len(mine) == 2
    assert plan.corridor.codes.tolist() == [segment.code for segment in plan.segments]
    assert plan.corridor.households.sum() == project.households.households.sum()
    assert plan.corridor.schools.sum() == 1


def test_a_plan_of_the_night_has_guards_weights_and_codes_of_its_own():
    project = guarded(night=True)
    plan = plan_of(project)
    assert plan.plans == ("day", "night")
    assert [plan.segments[row].code for row in plan.of_plan("night")] == ["N1-01", "N1-02", "N2-01", "N2-02"]
    assert ends(project, "night")[-1] == pytest.approx(10_000)
    settlement = segment_work(plan, "day", 0, 0, 10_000) - segment_work(plan, "night", 0, 0, 10_000)
    assert settlement == pytest.approx(0.4 * project.households.households.sum() / 100)
    assert plan_figures(plan, "night").mean == pytest.approx(segment_work(plan, "night", 0, 0, 10_000) / 4)
    figures = rail_figures(plan)
    assert [one["plan"] for one in figures["plans"]] == ["day", "night"]
    assert (figures["segments"], figures["guards"], figures["plans"][1]["guards"]) == (8, 8, 4)
    assert rail_issues(project) == ()


def test_a_fixed_post_is_a_segment_of_its_own_with_its_guards_and_the_rest_is_divided_around_it():
    project = divided(line_project(posts=(RailPost("K820", "K821+000", "隧道", 2),), rounds=1))
    plan = plan_of(project)
    post = next(segment for segment in plan.segments if segment.post)
    assert (post.post, post.low, post.high, post.round.guards) == ("隧道", 6000.0, 7000.0, 2)
    assert len(plan.segments) == 7
    numbers = [(segment.squad, segment.guard) for segment in plan.segments]
    assert numbers == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 4)] or len(set(numbers)) == 7
    assert rail_figures(plan)["guards"] == 8
    assert rail_issues(project) == ()


def test_two_guards_go_where_a_thing_of_a_kind_wants_two():
    plan = plan_of(divided(line_project(double=("tunnel",))))
    two = [segment for segment in plan.segments if segment.round.guards == 2]
    assert two
    assert all(segment.low < 7000 and segment.high > 6000 for segment in two)


def test_limits_of_length_are_kept_and_impossible_ones_name_what_would_do():
    plan = plan_of(divided(line_project(min_km=0.8, max_km=1.7)))
    assert all(800 <= segment.high - segment.low <= 1700 + 1e-6 for segment in plan.segments)
    with pytest.raises(NoPlanFound, match=r"8 guards with at most 1 km each .* max_km \d") as stopped:
        propose_rail_segments(line_project(max_km=1.0))
    assert stopped.value.exit_code == 3
    with pytest.raises(NoPlanFound, match=r"8 guards with at least 2 km each have no room on 10\.0 km"):
        propose_rail_segments(line_project(min_km=2.0))


def test_the_way_to_a_segment_counts_where_it_weighs_something():
    far = divided(line_project(access_weight=40.0))
    assert ends(far) != ends(guarded())
    assert rail_issues(far) == ()


def test_the_way_is_that_from_the_base_of_the_squad_not_from_the_nearest():
    plan = plan_of(divided(line_project(access_weight=4.0, forbid=(), squad_guards=(7, 1))))
    assert plan.squad_bases == {"day": (0, 1)}
    loads = [segment.workload + 4.0 * segment.access_s / 3600.0 for segment in plan.segments]
    assert plan.proofs[0].value == pytest.approx(max(loads))
    assert plan.proofs[0].mean == pytest.approx(sum(loads) / 8)
    assert plan.segments[6].low > 5000.0  # nearer to the other squad's base


@pytest.mark.parametrize(
    ("wishes", "kind", "words"),
    [
        ({"guards": 300, "squads": 2}, NoPlanFound, "300 guards are more than the"),
        ({"posts": (RailPost("K820+000", "K821+000", "甲"), RailPost("K820+500", "K822+000", "乙"))}, InputError, "甲 and 乙 overlap"),
        ({"posts": (RailPost("K820+000", "K820+000", "甲"),)}, InputError, "甲 has no length"),
        ({"posts": (RailPost("somewhere", "K820+000", "甲"),)}, InputError, "posts: 甲: somewhere is not a chainage such as K814"),
        ({"posts": (RailPost("K820+000", "K821+000", "甲", 6),)}, NoPlanFound, "fit into no squad"),
        ({"start": "K900+000", "stop": "K950+000"}, InputError, "lies on no line; the lines are"),
        ({"line": "兰新线"}, InputError, "兰新线"),
        ({"marks": (RailMark("K815+000", "无此站"),)}, InputError, "no station 无此站"),
        ({"plans": (RailShiftPlan("day"), RailShiftPlan("day"))}, InputError, "two plans are called day"),
        ({"plans": (RailShiftPlan("day"), RailShiftPlan("night", 400))}, NoPlanFound, "night: 400 guards are more than"),
        ({"plans": (RailShiftPlan("night", 1, 3),)}, InputError, "1 guards of night cannot fill 3 squads"),
    ],
)
def test_what_cannot_be_divided_is_told_with_what_to_do(wishes, kind, words):
    with pytest.raises(kind, match=words):
        propose_rail_segments(line_project(**wishes))


def test_a_stretch_that_begins_in_the_gap_of_a_broken_chain_begins_at_the_chain_and_says_so():
    plan = plan_of(divided(line_project(start="K816+510", breaks=(RailBreak("K816+500", "K816+520"),))))
    assert "in_gap" in {issue.kind for issue in plan.issues}
    assert plan.segments[0].start == pytest.approx(816_520.0, abs=1.0)
    assert plan.segments[-1].high == pytest.approx(10_000 - 2500, abs=25.0)


def test_a_post_beyond_the_line_has_no_segment_and_says_where_the_line_is():
    plan = plan_of(divided(line_project(posts=(RailPost("K830+000", "K831+000", "远桥"),))))
    assert not any(segment.post for segment in plan.segments)
    said = next(issue.message for issue in plan.issues if issue.kind == "post")
    assert "远桥" in said
    assert "K814+000–K824+000" in said


def test_where_all_weights_are_zero_length_counts_and_it_is_said():
    nothing = dict.fromkeys(("length", "crossing", "bridge", "tunnel", "settlement"), 0.0)
    plan = plan_of(divided(line_project(weights=nothing, forbid=(), prefer=())))
    assert "weights" in {issue.kind for issue in plan.issues}
    assert [segment.workload for segment in plan.segments] == pytest.approx([1.25] * 8)
    night = plan_of(divided(line_project(plans=(RailShiftPlan("day"), RailShiftPlan("night", 4, 2, nothing)), forbid=(), prefer=())))
    assert [night.segments[row].workload for row in night.of_plan("night")] == pytest.approx([2.5] * 4)
    assert "weights of the plan night" in next(issue.message for issue in night.issues if issue.kind == "weights")


def test_locked_segments_stay_to_the_bit_where_the_line_is_divided_again():
    project = guarded()
    plan = plan_of(project)
    kept = dataclasses.replace(plan.segments[2], locked=True, code="桥头")
    changed = tuple(kept if row == 2 else segment for row, segment in enumerate(plan.segments))
    locked = dataclasses.replace(project, rail=dataclasses.replace(plan, segments=changed))
    locked = with_rail(locked, weights={"length": 1.0, "settlement": 0.0})
    again = propose_rail_segments(locked).apply(locked)
    after = plan_of(again)
    stayed = next(segment for segment in after.segments if segment.locked)
    for name in ("code", "squad", "guard", "low", "high", "locked"):
        assert getattr(stayed, name) == getattr(kept, name)
    assert np.array_equal(stayed.coords, kept.coords)
    assert len(after.segments) == 8
    assert len({segment.code for segment in after.segments}) == 8
    assert [i for i in rail_issues(again) if i.level != "info"] == []
    assert {(segment.squad, segment.guard) for segment in after.segments} == {(s, g) for s in (1, 2) for g in (1, 2, 3, 4)}
    with pytest.raises(InputError, match="locked for guard 3 of squad 1, but there is no such guard"):
        propose_rail_segments(with_rail(locked, squads=4, guards=8))
    moved = dataclasses.replace(locked, railway=dataclasses.replace(locked.railway, main=np.array([1, 1, 1, 1, 0], bool)))
    with pytest.raises(InputError, match="changed since segment 桥头 was locked"):
        propose_rail_segments(moved)


def test_one_plan_alone_can_be_divided_again():
    project = with_rail(guarded(night=True), weights={"length": 3.0})
    after = plan_of(propose_rail_rest(project, "night").apply(project))
    before = plan_of(project)
    for row in before.of_plan("day"):
        assert (after.segments[row].low, after.segments[row].code) == (before.segments[row].low, before.segments[row].code)
    with pytest.raises(InputError, match="no plan noon"):
        propose_rail_rest(project, "noon")
    locked = LockSegments(before.of_plan("night")[:1]).apply(project)
    with pytest.raises(InputError, match="N1-01 is locked in the plan night, which"):
        propose_rail_segments(with_rail(locked, plans=()))


def test_lines_of_one_name_are_told_apart():
    assert [line.name for line in told_apart((LINE, LINE, dataclasses.replace(LINE, name="x")))] == ["青藏线", "青藏线 (2)", "x"]


def test_the_check_of_a_project_speaks_of_its_segments():
    project = guarded()
    plan = plan_of(project)
    twice = dataclasses.replace(plan.segments[1], guard=1, code="1-01")
    broken = dataclasses.replace(plan, segments=(plan.segments[0], twice, *plan.segments[3:]))
    kinds = {issue.kind for issue in check(dataclasses.replace(project, rail=broken)) if issue.layer == "railsegs"}
    assert {"rail_gap", "rail_code", "rail_guard_twice"} <= kinds
    assert chainage_text(plan.segments[2].start) in " ".join(i.message for i in rail_issues(dataclasses.replace(project, rail=broken)))


def random_line(seed):
    """Up to three crooked lines with bridges, tunnels, streets, bases and homes, and wishes that may not go together."""
    rng = np.random.default_rng(seed)
    pieces, kinds = [], []
    for row in range(int(rng.integers(1, 4))):
        count = int(rng.integers(2, 9))
        x, y = np.cumsum(rng.uniform(200, 3000, count + 1)), 20_000.0 * row + np.cumsum(rng.uniform(-300, 300, count + 1))
        pieces += [list(zip(x[i : i + 2].tolist(), y[i : i + 2].tolist(), strict=True)) for i in range(count)]
        kinds += [str(kind) if i % 2 else "" for i, kind in enumerate(rng.choice(["", "bridge", "tunnel"], count))]
    blank = texts([""] * len(pieces))
    guards = int(rng.integers(8, 20))
    wishes = {"squads": int(rng.integers(1, 5)), "guards": guards, "atom_m": float(rng.choice([50, 100, 333]))}
    wishes |= {"plans": (RailShiftPlan("day"), RailShiftPlan("night", guards - 2, 1, {"settlement": 2.0}))} if seed % 3 == 0 else {}
    wishes |= {"posts": (RailPost("K1+100", "K1+700", "甲"),)} if seed % 4 == 0 else {}
    wishes |= {"walls": ("limit",)} if seed % 5 == 0 else {}
    wishes |= {"access_weight": 20.0} if seed % 2 == 0 else {}
    homes_there = homes(*[(x, y, 3) for x, y in zip(rng.uniform(0, 20_000, 100), rng.uniform(-2000, 50_000, 100), strict=True)])
    over = sorted(rng.uniform(100, 14_000, 6).tolist())
    ways = streets(*[across(x, -800.0, 800.0) for x in over], [(x, -800.0) for x in (0.0, *over, 15_000.0)])
    return land(
        RailSettings(**wishes), railway=Railway(polylines(*pieces), np.ones(len(pieces), bool), blank, texts(kinds), blank),
        households=homes_there, roads=ways, depots=depots((0.0, -800.0, "西", "护路"), (15_000.0, -800.0, "东", "护路")),
        communities=villages("东乡", "西乡"),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_any_lines_are_tiled_within_the_wishes_and_stay_so_around_what_is_locked(seed):
    project = divided(random_line(seed))
    assert [issue.message for issue in rail_issues(project) if issue.kind != "rail_rounds"] == []
    rng, before = np.random.default_rng(seed), plan_of(project)
    rows = tuple(rng.choice(len(before), 3, replace=False).tolist())
    again = propose_rail_rest(LockSegments(rows).apply(project)).apply(LockSegments(rows).apply(project))
    assert [issue.message for issue in rail_issues(again) if issue.level == "error"] == []
    for row in rows:
        stayed = next(segment for segment in plan_of(again).segments if segment.code == before.segments[row].code)
        for name in ("low", "high", "squad", "guard", "line", "plan", "post"):
            assert getattr(stayed, name) == getattr(before.segments[row], name)
        assert np.array_equal(stayed.coords, before.segments[row].coords)
