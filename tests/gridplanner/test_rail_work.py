"""The work along a line in atoms: nothing lost, nothing twice, and borders where a segment may end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.model.mileage import Mileage
from gridplanner.model.places import texts
from gridplanner.model.rail import NO_FEATURES, RailFeatures, RailLine, RailPlaces
from gridplanner.model.rail_weights import weighted
from gridplanner.planning.rail_work import KINDS, features_of, profile_of
from gridplanner.settings import RailPost, RailSettings
from tests.rail_land import LENGTH, LINE, across, halts, homes, land, streets, things, tracks, villages


def features(*rows):
    """Rows of kind, from, to and amount on the first line."""
    kinds, low, high, amount = zip(*rows, strict=True) if rows else ((), (), (), ())
    count = len(rows)
    return RailFeatures(
        np.zeros(count, np.int64), np.array(low, float), np.array(high, float), texts(kinds), texts([""] * count), np.array(amount, float)
    )  # fmt: skip


def held(profile, kind, low=0.0, high=LENGTH):
    """How much of a kind the atoms between two borders hold."""
    rows = (profile.low >= low - 1e-6) & (profile.high <= high + 1e-6)
    return float(profile.amount[rows, KINDS.index(kind)].sum())


def marked(profile, column):
    return np.round(profile.low[getattr(profile, column).astype(bool)]).tolist()


def test_atoms_tile_the_line_by_even_metres_of_its_mileage():
    line = RailLine("L", LINE.coords, 814_020.0)
    profile = profile_of([line], NO_FEATURES, RailSettings(atom_m=50))
    assert profile.low[0] == 0.0
    assert profile.high[-1] == LENGTH
    assert np.array_equal(profile.low[1:], profile.high[:-1])
    assert profile.low[1:4].tolist() == pytest.approx([30, 80, 130])
    assert held(profile, "length") == pytest.approx(10.0)


def test_an_atom_ends_at_a_broken_chain_and_even_metres_are_counted_anew_behind_it():
    along = np.array([0.0, 4010.0, 10_000.0])
    chain = Mileage(along, np.array([0.0, 4010.0, 9970.0]), np.array([0.0, 3980.0, 9970.0]))
    profile = profile_of([RailLine("L", LINE.coords, 0.0, (chain,))], NO_FEATURES, RailSettings(atom_m=100))
    near = profile.low[(profile.low > 3850) & (profile.low < 4200)]
    assert near.tolist() == pytest.approx([3900, 4000, 4010, 4030, 4130])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_amount_lies_in_the_atoms_that_it_reaches_over(seed):
    random = np.random.default_rng(seed)
    kinds = random.choice(["crossing", "bridge", "settlement", "history", "slope"], 12)
    low = np.round(random.random(12) * 9000, 1)
    high = low + np.where(random.random(12) < 0.5, 0.0, np.round(random.random(12) * 1000, 1))
    rows = features(*zip(kinds, low, high, random.random(12), strict=True))
    profile = profile_of([LINE], rows, RailSettings(atom_m=73))
    for kind in set(kinds.tolist()):
        wanted = np.zeros(len(profile))
        for row in np.flatnonzero(rows.kinds == kind).tolist():
            if rows.high[row] > rows.low[row]:
                share = np.minimum(profile.high, rows.high[row]) - np.maximum(profile.low, rows.low[row])
                wanted += np.maximum(share, 0.0) / (rows.high[row] - rows.low[row]) * rows.amount[row]
            else:
                wanted[np.flatnonzero(profile.low <= rows.low[row] + 1e-6)[-1]] += rows.amount[row]
        assert profile.amount[:, KINDS.index(kind)] == pytest.approx(wanted, abs=1e-9)


def test_what_stands_at_a_border_belongs_to_the_atom_ahead_and_at_the_lines_end_to_the_last():
    profile = profile_of([LINE], features(("station", 500, 500, 1), ("crossing", LENGTH, LENGTH, 1)), RailSettings())
    assert held(profile, "station", 500, 550) == 1.0
    assert held(profile, "crossing", LENGTH - 50, LENGTH) == 1.0


def test_only_line_without_a_fence_counts_and_nothing_where_no_fence_is_known():
    fences = features(("fence", 1000, 3000, 2), ("fence", 2500, 4000, 1.5))
    profile = profile_of([LINE], fences, RailSettings())
    assert held(profile, "fence") == pytest.approx(7.0)
    assert held(profile, "fence", 1000, 4000) == pytest.approx(0.0)
    assert held(profile_of([LINE], NO_FEATURES, RailSettings()), "fence") == 0.0


def test_segments_may_not_begin_within_tunnels_and_bridges_but_at_their_ends():
    rows = features(("tunnel", 1010, 1230, 0.22), ("bridge", 5000, 5100, 0.1), ("station", 7020, 7020, 1))
    profile = profile_of([LINE], rows, RailSettings(atom_m=50, prefer=("tunnel", "station")))
    assert np.round(profile.low[~profile.open]).tolist() == [1050, 1100, 1150, 1200, 5050]
    assert marked(profile, "wish") == [1010, 1230, 7020]
    assert not profile.wall.any()


def test_a_forbidden_place_without_a_length_closes_the_borders_beside_it():
    rows = features(("station", 2000, 2000, 1), ("crossing", 4010, 4010, 1))
    profile = profile_of([LINE], rows, RailSettings(atom_m=50, forbid=("station", "crossing"), prefer=()))
    assert np.round(profile.low[~profile.open]).tolist() == [2000, 4000]


def test_walls_lie_where_they_are_asked_for_and_a_line_begins_by_itself():
    project = land(communities=villages("甲", "乙"))
    rows, _issues = features_of(project, [LINE])
    profile = profile_of([LINE], rows, RailSettings(walls=("limit",), prefer=("limit",)))
    assert marked(profile, "wall") == [5000]
    assert marked(profile, "wish") == [5000]
    assert profile.open[0]


def test_posts_are_borders_to_the_metre_and_entry_points_where_they_are_wished():
    gates = RailPlaces(np.array([[3333.0, 0.0]]), texts(["路"]), np.array([0]), np.array([3333.0]))
    asked = RailSettings(
        posts=(RailPost("K815+007", "K815+123.5"), RailPost("K999+000", "K999+100")), prefer=("gate", "post"), forbid=("post",)
    )
    profile = profile_of([LINE], NO_FEATURES, asked, gates)
    assert {1007.0, 1123.5, 3333.0} <= set(profile.low.tolist())
    assert marked(profile, "wish") == [1007, 1124, 3333]
    assert np.round(profile.low[~profile.open]).tolist() == [1050, 1100]
    assert 3333.0 not in profile_of([LINE], NO_FEATURES, RailSettings(), gates).low.tolist()


def test_no_atom_is_shorter_than_a_metre_and_posts_come_before_other_borders():
    rows = features(("station", 1000.4, 1000.4, 1), ("tunnel", 1001.2, 1500, 0.5), ("limit", 0.3, 0.3, 0))
    profile = profile_of([LINE], rows, RailSettings(posts=(RailPost("K815+001", "K815+400"),)))
    assert (profile.high - profile.low).min() >= 1.0
    assert 1001.0 in profile.low.tolist()
    assert profile.wish[profile.low == 1001.0].tolist() == [1.0]


def test_lines_keep_their_atoms_and_things_apart():
    other = RailLine("支线", LINE.coords + np.array([0.0, 9000.0]))
    rows = features(("crossing", 9990, 9990, 1), ("crossing", 5, 5, 1))
    rows.line[1] = 1
    profile = profile_of([LINE, other], rows, RailSettings())
    mine = profile.amount[:, KINDS.index("crossing")]
    assert profile.line[mine > 0].tolist() == [0, 1]
    assert profile.low[profile.line == 1][0] == 0.0
    assert profile.open[np.searchsorted(profile.line, [0, 1])].all()


def test_work_is_the_amounts_weighed_and_can_be_weighed_anew_for_the_night():
    roads, railway = streets(across(2000)), tracks((4000, 4500, "tunnel"))
    project = land(roads=roads, railway=railway, households=homes((6000, 100, 200)), stations=halts((9000, 0, "站")))
    rows, _issues = features_of(project, [LINE])
    day = profile_of([LINE], rows, RailSettings())
    assert day.work.sum() == pytest.approx(10 + 0.3 + 0.5 * 0.5 + 0.4 * 2.0)
    night = weighted(day, {"length": 0.5, "station": 3.0})
    assert night.work.sum() == pytest.approx(5 + 3)
    assert np.array_equal(night.amount, day.amount)


def test_a_line_that_is_fenced_as_given_counts_where_it_is_not():
    project = land(RailSettings(weights={"fence": 0.2}), rail_things=things(("fence", [(0.0, 8.0), (7500.0, 8.0)])))
    rows, _issues = features_of(project, [LINE])
    assert profile_of([LINE], rows, project.settings.rail).work.sum() == pytest.approx(10 + 0.2 * 2.5)
