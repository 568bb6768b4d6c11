"""Work, ways and figures between any two places of a line: what atoms hold is shared out evenly, and nothing depends on who asks."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.model.rail import RailPlan, RailProfile
from gridplanner.model.rail_work import (
    access_between,
    closed_at,
    deviations,
    plan_figures,
    profile_in,
    row_at,
    segment_work,
    work_between,
    work_kinds,
)
from tests.guarded_line import guarded, plan_of
from tests.rail_land import LINE

PLACES = st.floats(0, 10_000)


def by_hand(profile, low, high):
    """Atom by atom what lies between two places, the plain way."""
    share = np.clip((np.minimum(profile.high, high) - np.maximum(profile.low, low)) / (profile.high - profile.low), 0, 1)
    return (profile.work * share[:, None]).sum(axis=0)


@settings(max_examples=60, deadline=None)
@given(PLACES, PLACES)
def test_work_is_what_the_atoms_between_hold(one, other):
    profile = plan_of(guarded()).profile
    low, high = min(one, other), max(one, other)
    assert work_between(profile, 0, low, high) == pytest.approx(by_hand(profile, low, high), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(PLACES, PLACES)
def test_the_way_is_that_to_the_nearest_atom_between(one, other):
    plan = plan_of(guarded())
    low, high = min(one, other), max(one, other) + 1.0
    assert np.isfinite(access_between(plan, "day", 2, 0, 10_000.0, 10_001.0)[0])  # the line's very end is of its last atom
    low = min(low, 9_999.0)
    seconds, base, gate = access_between(plan, "day", 2, 0, low, high)
    touched = (plan.profile.low < high - 1e-6) & (plan.profile.high > low + 1e-6)
    assert seconds == pytest.approx(plan.profile.seconds[touched, 1].min())
    assert plan.bases.names[base] == "东站"
    assert 0 <= gate < len(plan.gates)


def test_a_squad_without_a_base_of_its_own_comes_from_the_nearest():
    plan = plan_of(guarded())
    assert access_between(plan, "day", 9, 0, 0.0, 100.0)[1] == int(plan.profile.base[0])
    assert np.isnan(access_between(RailPlan((LINE,), ()), "day", 1, 0, 0.0, 100.0)[0])


def test_without_a_profile_work_is_kilometres():
    bare = RailPlan((LINE,), ())
    assert work_kinds(bare.profile) == ("length",)
    assert segment_work(bare, "day", 0, 1000.0, 2500.0) == 1.5


def test_a_plan_with_weights_of_its_own_weighs_by_them():
    plan = plan_of(guarded(night=True))
    kinds = work_kinds(plan.profile)
    night = work_between(profile_in(plan, "night"), 0, 0.0, 10_000.0)
    day = work_between(profile_in(plan, "day"), 0, 0.0, 10_000.0)
    assert night[kinds.index("settlement")] == 0
    assert night[kinds.index("length")] == pytest.approx(day[kinds.index("length")]) == pytest.approx(10.0)


def test_figures_are_of_one_plan():
    plan = plan_of(guarded(night=True))
    night = [plan.segments[row].workload for row in plan.of_plan("night")]
    found = plan_figures(plan, "night")
    assert (found.segments, found.km) == (4, pytest.approx(10.0))
    assert found.max_over_mean == pytest.approx(max(night) / np.mean(night))
    off = deviations(plan)
    assert off[list(plan.of_plan("night"))] == pytest.approx([100 * (work / np.mean(night) - 1) for work in night])
    assert plan_figures(plan, "noon").segments == 0


def test_a_place_is_of_one_segment_and_closed_within_a_bridge():
    plan = plan_of(guarded())
    assert row_at(plan, "day", 0, plan.segments[3].low + 1) == 3
    assert row_at(plan, "night", 0, 100.0) == row_at(plan, "day", 1, 100.0) == -1
    assert [closed_at(plan.profile, 0, at) for at in (1900.0, 2000.0, 2300.0, 2600.0, 6500.0, 7000.0)] == [
        False, False, True, False, True, False,
    ]  # fmt: skip


def test_lines_do_not_share_their_work():
    one = plan_of(guarded()).profile
    arrays = {item.name: getattr(one, item.name) for item in dataclasses.fields(RailProfile)}
    both = RailProfile(**{
        name: (np.concatenate((value, value + 1 if name == "line" else value)) if isinstance(value, np.ndarray) else value)
        for name, value in arrays.items()
    })  # fmt: skip
    assert work_between(both, 1, 300.0, 4000.0) == pytest.approx(work_between(one, 0, 300.0, 4000.0))
    assert work_between(both, 0, 0.0, 10_000.0) == pytest.approx(work_between(one, 0, 0.0, 10_000.0))
