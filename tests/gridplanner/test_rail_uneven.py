"""Why a plan of guard segments is not even, and what would make it so: the bridge that no break may divide, lines, posts and squads."""

import pytest

from gridplanner.edits.rail_edits import LockSegments
from gridplanner.errors import NoPlanFound
from gridplanner.planning.rail_rest import propose_rail_rest
from gridplanner.planning.rail_segments import propose_rail_segments
from gridplanner.settings import RailPost
from tests.guarded_line import divided, line_project, plan_of


def told(project):
    return [issue for issue in plan_of(project).issues if issue.kind == "uneven"]


def test_a_tunnel_that_no_break_may_divide_is_named_with_what_would_allow_one():
    project = divided(line_project(squads=2, guards=24))
    (issue,) = told(project)
    assert "the segment from K820+000 to K821+000" in issue.message
    assert "within tunnel; take tunnel out of [rail] forbid" in issue.message
    assert (issue.level, round(issue.x or 0.0)) == ("warning", 6500)
    proof = plan_of(project).proofs[0]
    assert f"weighs {100 * (proof.bound / proof.mean - 1):.0f} % more than the mean" in issue.message
    assert not told(divided(line_project(squads=2, guards=24, forbid=())))  # the remedy works
    posts = (RailPost("K816+000", "K816+600", "大桥"), RailPost("K820+000", "K821+000", "隧道"))
    (rest,) = told(divided(line_project(squads=2, guards=24, posts=posts)))  # so does the other; between the posts few guards are left
    assert "no break may lie" not in rest.message


def test_an_atom_that_is_too_long_and_squads_around_a_post_are_other_reasons():
    (issue,) = told(divided(line_project(squads=1, guards=7, forbid=(), prefer=(), atom_m=2000.0)))
    assert "a smaller [rail] atom_m" in issue.message
    posts = (RailPost("K816+000", "K818+000", "甲"), RailPost("K818+000", "K819+000", "乙", guards=2))
    (issue,) = told(divided(line_project(squads=2, guards=6, posts=posts)))
    assert "squads and limits of length leave too few guards there" in issue.message


def test_a_piece_that_is_longer_than_max_km_is_named():
    with pytest.raises(NoPlanFound, match=r"max_km 0\.9 cannot be kept: no break may lie in tunnel K820\+000–K821\+000; max_km 1\.\d"):
        propose_rail_segments(line_project(squads=2, guards=24, max_km=0.9))
    held = RailPost("K820+000", "K821+000", "隧道")
    kept = divided(line_project(squads=2, guards=24, max_km=0.9, posts=(held,)))
    assert max(segment.high - segment.low for segment in plan_of(kept).segments if not segment.post) <= 900.0 + 1e-6


def test_an_even_plan_says_nothing():
    project = line_project()
    assert not told(divided(project))


def test_the_rest_divided_again_is_told_uneven_too():
    project = LockSegments((0,)).apply(divided(line_project(squads=2, guards=24)))
    (issue,) = told(propose_rail_rest(project).apply(project))
    assert "within tunnel; take tunnel out of [rail] forbid" in issue.message
