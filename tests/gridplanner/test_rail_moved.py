"""A line read anew keeps its guard segments: by chainage, else by place; they tile it, and what moved is told."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.railguard.chainage import pieces
from gridplanner.model.mileage import Mileage, plain_mileage
from gridplanner.model.rail import RailLine, RailPlan, RailProof, RailSegment
from gridplanner.planning.rail_moved import reprojected


def line(*xy: tuple[float, float], start: float = 814_000.0, name: str = "青藏线", mileage: Mileage | None = None) -> RailLine:
    coords = np.array(xy, float)
    length = float(np.hypot(*np.diff(coords, axis=0).T).sum())
    return RailLine(name, coords, start, (mileage or plain_mileage(length, start),))


def plan(*lines: tuple[RailLine, list[float]], name: str = "day") -> RailPlan:
    """Segments between the cuts given for each line, in metres along it."""
    segments: list[RailSegment] = []
    for row, (one, cuts) in enumerate(lines):
        for low, high in pairwise(cuts):
            coords, _offsets = pieces(one.coords, [low], [high])
            code = f"{row + 1}-{len(segments) + 1:02d}"
            start, stop = one.mileage.at(low), one.mileage.at(high, coming=True)
            segments.append(RailSegment(code, row, row + 1, len(segments) + 1, start, stop, 1.0, coords, low, high, name, "base", 60.0, 2))
    return RailPlan(tuple(one for one, _cuts in lines), tuple(segments), proofs=(RailProof(name, 1.0, 1.0, "optimal"),))


def assert_tiles(made: RailPlan) -> None:
    for name in made.plans:
        for row, one in enumerate(made.lines):
            mine = [made.segments[i] for i in made.of_plan(name) if made.segments[i].line == row]
            length = float(np.hypot(*np.diff(one.coords, axis=0).T).sum())
            assert (mine[0].low, mine[-1].high) == (0.0, pytest.approx(length))
            for segment, after in zip(mine, [*mine[1:], None], strict=True):
                assert segment.low < segment.high
                assert after is None or (segment.high == after.low and np.array_equal(segment.coords[-1], after.coords[0]))
                assert segment.start == pytest.approx(one.mileage.at(segment.low))
                assert segment.stop == pytest.approx(one.mileage.at(segment.high, coming=True))


OLD = line((0, 0), (10_000, 0))
CUTS = [0.0, 2_500.0, 5_000.0, 7_500.0, 10_000.0]


def test_the_same_line_moves_nothing():
    made, issues = reprojected(plan((OLD, CUTS)), (OLD,))
    assert issues == []
    assert [segment.low for segment in made.segments] == CUTS[:-1]
    assert_tiles(made)
    assert (made.proofs, len(made.profile), made.segments[0].base, made.segments[0].gate) == ((), 0, "base", -1)


def test_ends_are_where_the_new_line_reads_their_chainage():
    # the line is drawn anew with a detour of 1 km before K817, which its posts know nothing of
    new = line((0, 0), (2_000, 0), (2_500, 500), (3_000, 0), (10_000, 0))
    longer = float(np.hypot(*np.diff(new.coords, axis=0).T).sum())
    mileage = Mileage(np.array([0, longer - 7_000, longer]), *[np.array([814_000.0, 817_000.0, 824_000.0])] * 2)
    new = dataclasses.replace(new, mileages=(mileage,))
    made, issues = reprojected(plan((OLD, CUTS)), (new,))
    assert [segment.start for segment in made.segments] == pytest.approx([814_000, 816_500, 819_000, 821_500])
    assert [issue.ref for issue in issues] == ["1-01", "1-02"]
    assert "K814+000 to K816+500" in issues[0].message
    assert_tiles(made)


def test_corrected_posts_move_the_ends_and_each_segment_says_how_far():
    moved = line((0, 0), (10_000, 0), start=814_300)
    made, issues = reprojected(plan((OLD, CUTS)), (moved,))
    assert [segment.low for segment in made.segments] == [0, 2_200, 4_700, 7_200]
    assert [issue.values["m"] for issue in issues] == ["300"] * 4
    assert {str(issue.level) for issue in issues} == {"warning"}
    assert "1-01 moved by 300 m" in issues[0].message
    assert_tiles(made)


def test_without_posts_and_where_nothing_reads_so_the_nearest_place_is_taken():
    old = line((0, 0), (10_000, 0), start=0.0)
    longer = line((-3_000, 0), (10_000, 0), start=0.0)  # counts from its new western end
    made, issues = reprojected(plan((old, CUTS)), (longer,))
    assert [segment.low for segment in made.segments] == pytest.approx([0, 5_500, 8_000, 10_500])
    assert [issue.ref for issue in issues] == ["1-01"]
    short = Mileage(np.array([0.0, 5_100, 10_000]), np.array([813_300, 818_400, 824_000.0]), np.array([813_300, 819_100, 824_000.0]))
    made, _issues = reprojected(plan((OLD, CUTS)), (dataclasses.replace(OLD, mileages=(short,)),))  # K819 is left out by a short chain
    assert made.segments[2].low == pytest.approx(5_000)
    assert_tiles(made)


def test_a_line_drawn_the_other_way_keeps_its_segments():
    back = line((10_000, 0), (0, 0), start=0.0)
    made, issues = reprojected(plan((line((0, 0), (10_000, 0), start=0.0), [0.0, 4_000.0, 10_000.0])), (back,))
    assert [(segment.code, segment.low, segment.high) for segment in made.segments] == [("1-02", 0, 6_000), ("1-01", 6_000, 10_000)]
    assert issues == []
    assert_tiles(made)


def test_lines_that_are_gone_new_split_or_joined_are_told_and_the_rest_tiles():
    west, east = line((0, 0), (10_000, 0)), line((10_050, 0), (20_000, 0), start=824_050.0)
    far = line((0, 90_000), (5_000, 90_000), name="支线")
    both = plan((west, [0.0, 5_000.0, 10_000.0]), (east, [0.0, 9_950.0]), (far, [0.0, 5_000.0]))
    joined = line((0, 0), (20_000, 0))
    made, issues = reprojected(both, (joined, line((0, 40_000), (9_000, 40_000), name="新线")))
    assert [(segment.code, round(segment.low), round(segment.high)) for segment in made.segments] == [
        ("1-01", 0, 5_000), ("1-02", 5_000, 10_025), ("2-03", 10_025, 20_000),
    ]  # fmt: skip
    assert [issue.kind for issue in issues] == ["line_gone", "line_new", "moved", "moved"]
    assert_tiles(made)
    split, _issues = reprojected(made, (line((0, 0), (9_000, 0)), line((9_000, 0), (20_000, 0), start=823_000.0)))
    assert [(segment.line, segment.code) for segment in split.segments] == [(0, "1-01"), (0, "1-02"), (1, "2-03")]
    assert_tiles(split)
    gone, issues = reprojected(both, (line((0, 900_000), (9_000, 900_000)),))
    assert (len(gone), len(gone.lines)) == (0, 0)
    assert [issue.kind for issue in issues] == ["line_gone"] * 2 + ["line_new"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_segments_of_every_plan_tile_whatever_the_line_becomes(seed):
    rng = np.random.default_rng(seed)
    xy = np.cumsum(rng.uniform(50, 900, (12, 2)) * [1, rng.choice([-1, 1])], axis=0)
    old = line(*xy.tolist())
    length = float(old.mileage.along[-1])
    day, night = (np.sort(rng.uniform(0, length, rng.integers(1, 7))).tolist() for _ in range(2))
    made = plan((old, [0.0, *day, length]))
    dark = plan((old, [0.0, *night, length]), name="night")
    made = dataclasses.replace(made, segments=made.segments + dark.segments)
    drawn = xy + rng.normal(0, 60, xy.shape)
    length = float(np.hypot(*np.diff(drawn, axis=0).T).sum())
    ends = np.array([814_000.0, 814_000.0 + length]) + rng.uniform(-900, 900)
    jump = rng.uniform(-400, 400)
    chained = Mileage(
        np.array([0, length / 2, length]),
        np.array([ends[0], ends.mean(), ends[1] + jump]),
        np.array([ends[0], ends.mean() + jump, ends[1] + jump]),
    )
    anew, _issues = reprojected(made, (line(*drawn.tolist(), mileage=chained),))
    assert len(anew) == len(made)
    assert anew.plans == ("day", "night")
    assert_tiles(anew)
