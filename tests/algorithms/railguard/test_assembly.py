from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.railguard.assembly import RailLines, TrackState, assemble_lines
from algorithms.railguard.chainage import measures
from tests.algorithms.network.osm_town import read_tracks


def put_together(*tracks, main=None, name=None, **options) -> RailLines:
    """Lines of tracks given as lists of points in kilometres."""
    offsets = np.cumsum([0] + [len(track) for track in tracks])
    coords = np.array([point for track in tracks for point in track], float).reshape(-1, 2) * 1000
    return assemble_lines(coords, offsets, np.ones(len(tracks), bool) if main is None else main, name, **options)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_pieces_in_any_order_and_direction_give_the_line_from_its_western_end(seed):
    rng = np.random.default_rng(seed)
    line = np.round(np.cumsum(rng.uniform(0.1, 1, (12, 2)) * [1, rng.choice([-1, 1])], axis=0), 3)
    cuts = np.concatenate(([0], np.sort(rng.choice(np.arange(1, 11), rng.integers(0, 6), replace=False)), [11]))
    tracks = [line[a : b + 1][:: rng.choice([1, -1])] for a, b in pairwise(cuts)]
    found = put_together(*[tracks[i] for i in rng.permutation(len(tracks))], shortest=0.0)
    assert len(found.length) == 1
    assert np.allclose(found.line(0), line * 1000)
    assert found.length[0] == pytest.approx(measures(line * 1000)[-1])


def test_sidings_stay_out():
    #        ____
    # ======/====\======
    found = put_together([(0, 0), (1, 0), (2, 0), (3, 0)], [(1, 0), (1.2, 0.1), (1.8, 0.1), (2, 0)], main=[True, False])
    assert found.length.tolist() == [3000.0]
    assert found.metres[TrackState.OTHER] == pytest.approx(600 + 2 * np.hypot(200, 100))


def test_a_second_track_is_not_a_second_line():
    #  0==1=========3==4   two tracks 4 m apart between the switches at 1 and 3
    found = put_together([(0, 0), (1, 0)], [(1, 0), (1.1, 0.004), (2.9, 0.004), (3, 0)], [(1, 0), (3, 0)], [(3, 0), (4, 0)])
    assert found.length.tolist() == [4000.0]
    assert found.metres[TrackState.SECOND] == pytest.approx(2000.0, abs=0.2)
    both = put_together([(0, 0), (4, 0)], [(4, 0.004), (0, 0.004)])  # never connected
    assert both.length.tolist() == [4000.0]
    assert both.metres[TrackState.SECOND] == 4000.0


def test_a_branch_is_a_line_of_its_own_from_the_switch():
    #  0 ---- 2 ---- 4
    #          \__ (3, 2)    longer than what goes on straight ahead
    tracks = [(0, 0), (2, 0)], [(2, 0), (4, 0)], [(2, 0), (2.5, 0.1), (3, 2)]
    branch = 1000 * (np.hypot(0.5, 0.1) + np.hypot(0.5, 1.9))
    nameless = put_together(*tracks)
    assert nameless.length.tolist() == pytest.approx([2000 + branch, 2000])
    assert nameless.line(1).tolist() == [[2000, 0], [4000, 0]]
    for names in ([0, 0, 1], [0, 0, -1]):
        named = put_together(*tracks, name=names)
        assert named.length.tolist() == pytest.approx([4000, branch])
        assert named.line(1)[0].tolist() == [2000, 0]
        assert named.name.tolist() == [0, names[2]]


def test_a_bridge_of_another_name_does_not_end_a_line():
    found = put_together([(0, 0), (2, 0)], [(2, 0), (2.2, 0)], [(2.2, 0), (4, 0)], name=[0, 1, 0])
    assert (found.length.tolist(), found.name.tolist()) == ([4000.0], [0])


def test_no_line_turns_on_the_spot_at_a_switch():
    # Two long lines come in from the west and join at 50 for a short way east: the way from one to the other would
    # be the longest, but no train can drive it.
    found = put_together([(0, 2), (49, 0.1), (50, 0)], [(0, -1), (49, -0.05), (50, 0)], [(50, 0), (60, 0)])
    assert found.line(0)[-1].tolist() == [60_000, 0]
    assert found.line(0)[0].tolist() == [0, 2000]
    assert found.line(1)[-1].tolist() == [50_000, 0]
    assert found.metres[TrackState.LINE] == pytest.approx(found.length.sum())


def test_a_loop_and_a_ring_are_driven_once():
    ring = put_together([(0, 0), (2, -1), (4, 0)], [(4, 0), (2, 1), (0, 0)])
    assert ring.length[0] == pytest.approx(4000 * np.hypot(2, 1))
    balloon = put_together([(0, 0), (3, 0)], [(3, 0), (4, 0.5), (5, 0), (4, -0.5), (3, 0)])
    assert balloon.length[0] == pytest.approx(3000 + 4000 * np.hypot(1, 0.5))
    assert balloon.line(0)[0].tolist() == [0, 0]


def test_ends_that_nearly_meet_are_joined_and_stumps_left_out():
    found = put_together([(0, 0), (1, 0)], [(1.0003, 0), (2, 0)], [(9, 9), (9.1, 9)])
    assert len(found.length) == 1
    assert found.length[0] == pytest.approx(2000, abs=1)
    assert found.metres[TrackState.SHORT] == pytest.approx(100)
    assert len(put_together([(0, 0), (1, 0)], [(1.002, 0), (2, 0)]).length) == 2


def test_a_line_from_south_to_north_begins_at_its_western_or_else_its_northern_end():
    assert put_together([(0, 0), (0, 5)]).line(0)[0].tolist() == [0, 5000]
    assert put_together([(0, 5), (0.001, 0)]).line(0)[0].tolist() == [0, 5000]
    assert put_together([(0.001, 5), (0, 0)]).line(0)[0].tolist() == [0, 0]


def test_no_main_track_gives_no_line():
    assert put_together([(0, 0), (1, 0)], main=[False]).length.tolist() == []
    assert assemble_lines(np.zeros((0, 2)), [0], []).metres.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("town", "epsg", "main_km", "other_km", "line_km", "second_km"),
    [
        ("krems.osm.gz", 32633, 6.97, 21.59, [4.58], 1.57),  # and 0.82 km in stumps shorter than 300 m
        ("liechtenstein.osm.pbf", 2056, 9.88, 1.22, [9.88], 0.0),
        ("dreieich.osm.pbf", 25832, 2.85, 0.0, [2.85], 0.0),
    ],
)
def test_the_railway_of_a_real_town(test_data, town, epsg, main_km, other_km, line_km, second_km):
    tracks = read_tracks(test_data / "towns" / town, epsg)
    found = assemble_lines(tracks.coords, tracks.offsets, tracks.main, tracks.name)
    assert found.metres[: TrackState.OTHER].sum() / 1000 == pytest.approx(main_km, abs=0.01)
    assert found.metres[TrackState.OTHER] / 1000 == pytest.approx(other_km, abs=0.01)
    assert (found.length / 1000).tolist() == pytest.approx(line_km, abs=0.01)
    assert found.metres[TrackState.SECOND] / 1000 == pytest.approx(second_km, abs=0.01)
    assert found.metres[TrackState.LINE] == pytest.approx(found.length.sum())  # no gap is bridged
    assert all(found.line(i)[0, 0] <= found.line(i)[-1, 0] for i in range(len(found.length)))


def test_a_line_ends_where_its_name_gives_way_to_another_for_good():
    tracks = [(0, 0), (3, 0)], [(3, 0), (3.2, 0)], [(3.2, 0), (6, 0)], [(6, 0), (7, 0)]
    two = put_together(*tracks, name=[0, -1, 1, 1])
    assert two.length.tolist() == pytest.approx([3800, 3200])
    assert two.name.tolist() == [1, 0]
    assert put_together(*tracks, name=[0, 1, 0, 0]).length.tolist() == [7000.0]  # a bridge
    assert put_together(*tracks, name=[0, 0, 0, 1]).length.tolist() == [7000.0]  # too short for a line of its own
    assert put_together(*tracks, name=[0, 1, 1, 0], own_name=100.0).length.tolist() == [7000.0]  # the first name comes again


def test_the_other_track_of_a_pair_may_run_far_from_the_first():
    # the up track keeps 200 m away between the two stations
    down, up = [(0, 0), (10, 0)], [(0, 0.004), (1, 0.2), (9, 0.2), (10, 0.004)]
    assert len(put_together(down, up, name=[0, 0]).length) == 2
    pair = put_together(down, up, name=[0, 0], side=[2, 1])
    assert pair.length.tolist() == pytest.approx([10_000 + 2 * (np.hypot(1000, 196) - 1000)])
    assert pair.metres[TrackState.SECOND] == pytest.approx(10_000)
    assert len(put_together(down, up, name=[0, 1], side=[2, 1]).length) == 2  # a line of another name
    with pytest.raises(ValueError, match="one value a piece"):
        put_together(down, up, side=[2])
