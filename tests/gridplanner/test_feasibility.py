"""Feasibility in words: what is said before solving is what planning then finds, and every remedy works."""

import dataclasses
import json

import numpy as np
import pytest
from banks import banks
from hypothesis import given, settings
from hypothesis import strategies as st
from random_town import random_town

from gridplanner.benchmarks.made_city import made_city
from gridplanner.errors import InputError
from gridplanner.fit_report import fit_headline, fit_lines, fit_values, fit_warning
from gridplanner.model.band import Band
from gridplanner.model.grids import GridPlan
from gridplanner.model.project import Project
from gridplanner.planning.feasibility import feasibility_of
from gridplanner.planning.grid_problem import grid_problem
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.parts import parts_of, regions_of
from gridplanner.planning.sizes import Sizes
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings


def wished(project: Project, **wishes: object) -> Project:
    """The project with other wishes for its grids."""
    grids = dataclasses.replace(project.settings.grids, **wishes)
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=grids))


def weighing(project: Project, households: np.ndarray) -> Project:
    """The project with other counts at its addresses."""
    return dataclasses.replace(project, households=dataclasses.replace(project.households, households=households, persons=2.6 * households))


def inhabited_town(seed: int) -> Project | None:
    """A random town with its units, None where nobody lives in it."""
    project = random_town(seed)
    project = propose_units(project).apply(project)
    return project if project.households.households[project.units.address_unit >= 0].sum() > 0 else None


@pytest.fixture(scope="module")
def town() -> Project:
    project = made_city(9_000, seed=3)
    return propose_units(project).apply(project)


def fitting_regions(project: Project, low: float, high: float) -> tuple[set[int], set[int]]:
    """The communities with somebody in them, and those whose regions all have a number of grids: by the planning's own rule."""
    given = grid_problem(project)
    regions = regions_of(given.land, given.loads, Band(300.0, None, low, high))
    first = np.unique(regions.region, return_index=True)[1]
    band = Band(300.0, None, low, high)
    held = {int(given.community[i]) for i, w in zip(first, regions.load, strict=True) if w > 0}
    bad = {int(given.community[i]) for i, w in zip(first, regions.load, strict=True) if w > 0 and not band.fitting(float(w))}
    return held, held - bad


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from([0.02, 0.1, 0.25, 0.6]), st.sampled_from([1.0, 0.85, 1.2]))
def test_communities_fit_a_band_as_planning_finds_them_to(seed, spread, middle):
    project = inhabited_town(seed)
    if project is None:
        return
    low, high = middle * (1 - spread), middle * (1 + spread)
    problem = grid_problem(project)
    sizes = Sizes(parts_of(problem.land, problem.loads), len(project.communities), problem.land)
    held, good = fitting_regions(project, low, high)
    assert {c for c in range(len(project.communities)) if sizes.load[c] > 0} == held
    assert {c for c in held if sizes.fit(low, high)[c]} == good


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 100_000))
def test_the_tightest_tolerance_is_the_first_at_which_planning_finds_all_to_fit(seed):
    project = inhabited_town(seed)
    if project is None:
        return
    found = feasibility_of(project)
    for row in found.communities:
        if row.load > 0:
            assert row.by_total <= row.in_parts + 1e-9
            assert row.in_parts <= row.with_units + 1e-9
            assert row.community in fitting_regions(project, 1 - row.in_parts - 1e-7, 1 + row.in_parts + 1e-7)[1]
            for narrower in np.linspace(0.0, 0.999, 25) * row.in_parts:
                if narrower < row.in_parts - 1e-6:
                    assert row.community not in fitting_regions(project, 1 - narrower, 1 + narrower)[1]


def test_a_part_that_must_join_another_makes_the_tightest_tolerance_wider():
    project = banks((300, 300, 120))
    (row,) = feasibility_of(project).communities
    assert (row.parts, row.by_total, row.in_parts) == (1, pytest.approx(0.2), pytest.approx(0.2))  # 720 in two grids of 360
    (row,) = feasibility_of(wished(project, never_cross=("water",))).communities
    assert (row.parts, row.smallest) == (3, pytest.approx(0.4))
    assert (row.by_total, row.in_parts) == (pytest.approx(0.2), pytest.approx(0.3))  # 300 alone, 420 in two of 210


def test_parts_that_fit_by_themselves_need_no_more_than_the_total():
    (row,) = feasibility_of(wished(banks((315, 630)), never_cross=("water",))).communities
    assert (row.parts, row.grids, row.fits) == (2, 3, True)
    assert (row.by_total, row.in_parts) == (pytest.approx(0.05), pytest.approx(0.05))


def test_what_is_said_before_solving_is_what_the_plan_gets(town):
    found = feasibility_of(town)
    planned = propose_grids(wished(town, effort="quick", prove=False)).apply(town)
    counts = np.bincount([grid.community for grid in planned.grids.grids.values()], minlength=len(town.communities))
    assert [row.grids for row in found.communities] == counts.tolist()
    assert sum(row.households for row in found.communities) == town.households.households.sum()
    for row in found.communities:
        fitting = [k for k in range(1, 40) if 270 <= row.households / k <= 330]
        assert row.fitting == ((fitting[0], fitting[-1]) if fitting else None)


def test_before_there_are_units_the_totals_say_the_same(town):
    with_units, without = feasibility_of(town), feasibility_of(dataclasses.replace(town, units=None))
    for a, b in zip(with_units.communities, without.communities, strict=True):
        assert (a.households, a.fitting, a.grids, a.fits) == (b.households, b.fitting, b.grids, b.fits)
        assert a.by_total == pytest.approx(b.by_total)
    assert {row.heaviest_unit for row in without.communities} == {-1}


def test_each_remedy_for_a_district_works_when_it_is_followed(town):
    tight = wished(town, tolerance=0.005)
    found = feasibility_of(tight)
    assert found.fitting < found.inhabited
    by_text = {issue.text: issue for issue in found.remedies}
    wider = next(issue for text, issue in by_text.items() if text.startswith("With a tolerance of {percent} % every"))
    percent = float(wider.values["percent"])
    assert feasibility_of(wished(town, tolerance=percent / 100)).fitting == found.inhabited
    assert feasibility_of(wished(town, tolerance=(percent - 0.1) / 100)).fitting < found.inhabited
    other = next(issue for text, issue in by_text.items() if text.startswith("With a target"))
    for target in {other.values["target"], other.values.get("low"), other.values.get("high")} - {None}:
        assert feasibility_of(wished(tight, target_households=float(target))).fitting == other.values["n"]


@pytest.mark.parametrize("tolerance", [0.003, 0.01, 0.02])
def test_the_target_named_is_the_best_of_all_near_the_wished(town, tolerance):
    tight = wished(town, tolerance=tolerance)
    found = feasibility_of(tight)
    fitting = {target: feasibility_of(wished(tight, target_households=float(target))).fitting for target in range(240, 361)}
    most = max(fitting.values())
    assert found.target.communities == most > found.fitting
    assert abs(found.target.best - 300) == min(abs(t - 300) for t, n in fitting.items() if n == most)
    assert all(fitting[t] == most for t in range(int(found.target.low), int(found.target.high) + 1))
    for beyond in (found.target.low - 1, found.target.high + 1):
        assert fitting.get(int(beyond), 0) < most


def test_no_other_target_is_named_where_none_is_better():
    project = made_city(482, seed=2)
    project = wished(propose_units(project).apply(project), target_households=482.0)
    assert feasibility_of(project).target is None
    assert feasibility_of(project).remedies == ()
    assert fit_warning(feasibility_of(project)) == ""


def test_a_community_between_two_numbers_of_grids_names_both_and_its_tolerance():
    project = made_city(482, seed=2)
    found = feasibility_of(propose_units(project).apply(project))
    (row,) = found.communities
    assert (row.fitting, row.grids, row.fits) == (None, 2, False)
    assert row.in_parts == pytest.approx(59 / 300)
    assert found.findings[0].message.endswith("k = 1 gives 482 each, k = 2 gives 241; k = 2 was taken")
    assert found.remedies[0].message == "With a tolerance of 19.7 % every community fits"
    assert fit_warning(found) == "No number of grids fits 1 of 1 communities; With a tolerance of 19.7 % every community fits"


def test_a_community_too_small_for_a_grid_says_so_and_names_a_neighbour_that_would_help(town):
    homes = town.households
    community = town.units.community[town.units.address_unit]
    small = weighing(town, np.where(community == 0, 0.05, homes.households))
    found = feasibility_of(small)
    few = found.communities[0]
    said = next(issue for issue in found.findings if issue.ref == "0")
    assert said.message == f"C1 has only {few.households:.0f} households, too few for one grid of 270–330; it is one grid"
    joined = next(issue for issue in found.remedies if issue.ref == "0")
    partner = next(row for row in found.communities if row.name == joined.values["other"])
    assert float(joined.values["n"]) == pytest.approx(few.households + partner.households, abs=0.5)
    each = (few.households + partner.households) / joined.values["k"]
    assert 270 <= each <= 330
    sides = np.stack((town.units.left, town.units.right))[:, (town.units.left >= 0) & (town.units.right >= 0)]
    assert {0, partner.community} in [set(pair) for pair in town.units.community[sides].T.tolist()]


def test_a_tolerance_that_is_hardly_one_is_called_so_beside_one_that_helps_most(town):
    community = town.units.community[town.units.address_unit]
    count = np.where(community == 0, 0.05, town.households.households)
    project = wished(weighing(town, count), tolerance=0.01)
    found = feasibility_of(project)
    only, most = found.remedies[:2]
    assert only.text.startswith("Only with a tolerance")
    assert feasibility_of(wished(project, tolerance=float(only.values["percent"]) / 100)).fitting == found.inhabited
    assert feasibility_of(wished(project, tolerance=float(most.values["percent"]) / 100)).fitting == most.values["n"] < found.inhabited


def test_limits_that_fit_every_community_are_named_where_limits_were_given(town):
    given = wished(town, target_households=None, min_households=299.0, max_households=301.0)
    found = feasibility_of(given)
    assert found.fitting < found.inhabited
    assert found.target is None
    values = found.remedies[0].values
    followed = wished(given, min_households=float(values["low"]), max_households=float(values["high"]))
    assert feasibility_of(followed).fitting == found.inhabited


def test_with_two_targets_both_are_scaled(town):
    project = wished(town, target_persons=800.0, tolerance=0.004)
    found = feasibility_of(project)
    values = next(issue.values for issue in found.remedies if issue.text.startswith("With targets"))
    assert float(values["persons"]) == pytest.approx(float(values["target"]) * 800 / 300, abs=0.5)
    scaled = wished(project, target_households=float(values["target"]), target_persons=float(values["target"]) * 800 / 300)
    assert feasibility_of(scaled).fitting == values["n"] > found.fitting


def test_a_building_heavier_than_a_grid_is_named_by_its_address(town):
    address = town.households.address.copy()
    address[7] = "和平路12号"
    count = np.where(np.arange(len(address)) == 7, 700.0, 1.0)
    heavy = weighing(town, count)
    heavy = dataclasses.replace(heavy, households=dataclasses.replace(heavy.households, address=address))
    heavy = propose_units(heavy).apply(heavy)
    found = feasibility_of(heavy)
    (issue,) = [issue for issue in found.findings if issue.kind == "heavy"]
    unit = int(heavy.units.address_unit[7])
    held = heavy.households.households[heavy.units.address_unit == unit].sum()
    assert issue.message == f"A building or block at 和平路12号 that cannot be divided holds {held:.0f} households, more than a grid may"
    row = found.communities[int(heavy.units.community[unit])]
    assert (row.heavy, row.heaviest_unit) == (1, unit)
    assert row.with_units == pytest.approx(held / 300 - 1)
    assert "makes each a grid of its own" in found.remedies[-1].message


def test_heavy_blocks_are_divided_again_once_that_is_followed():
    dense = made_city(700, seed=3)
    dense = wished(weighing(dense, 30 * dense.households.households), divide_blocks=False)
    dense = propose_units(dense).apply(dense)
    found = feasibility_of(dense)
    (offer,) = [issue for issue in found.remedies if "divide_blocks" in issue.text]
    assert offer.values["n"] == found.heavy > 10
    divided = wished(dense, divide_blocks=True)
    assert feasibility_of(propose_units(divided).apply(divided)).heavy <= 0.05 * found.heavy


def test_locked_grids_stay_out_of_what_must_fit(town):
    planned = propose_grids(wished(town, effort="quick", prove=False)).apply(town)
    key = next(iter(planned.grids.grids))
    home = planned.grids.grids[key].community
    locked = {**planned.grids.grids, key: dataclasses.replace(planned.grids.grids[key], locked=True)}
    project = dataclasses.replace(planned, grids=GridPlan(planned.grids.labels, locked))
    inside = np.isin(town.units.address_unit, np.flatnonzero(planned.grids.labels == key))
    before, after = feasibility_of(planned).communities[home], feasibility_of(project).communities[home]
    assert after.load == pytest.approx(before.load - town.households.households[inside].sum() / 300)
    assert after.households == before.households


def test_nothing_to_judge_is_said():
    project = made_city(500)
    with pytest.raises(InputError, match="no area"):
        feasibility_of(Project())
    with pytest.raises(InputError, match="no households"):
        feasibility_of(weighing(project, np.zeros(500)))


def test_an_empty_community_fits_whatever_the_band(town):
    community = town.units.community[town.units.address_unit]
    project = weighing(town, np.where(community == 0, 0.0, town.households.households))
    found = feasibility_of(project)
    row = found.communities[0]
    assert (row.load, row.fits, row.grids, row.fitting, row.in_parts) == (0.0, True, 1, None, 0.0)
    assert found.inhabited == len(found.communities) - 1
    assert feasibility_of(dataclasses.replace(project, units=None)).inhabited == found.inhabited


def test_the_report_says_what_the_value_holds(town):
    found = feasibility_of(wished(town, tolerance=0.005))
    values = json.loads(json.dumps(fit_values(found), default=str))
    assert values["band"] == {"households": [298.5, 301.5]}
    assert (values["fitting"], values["communities"]) == (found.fitting, found.inhabited)
    assert [row["name"] for row in values["table"]] == town.communities.names.tolist()
    assert [row["message"] for row in values["remedies"]] == [issue.message for issue in found.remedies]
    lines = fit_lines(found)
    assert lines[0] == fit_headline(found)
    assert all(any(line.startswith(f"{name} ") for line in lines) for name in town.communities.names)
    assert all(f"- {issue.message}" in lines for issue in found.remedies)
    assert GridSettings().divide_blocks
