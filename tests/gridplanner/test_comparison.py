"""Two plans compared: who is in another grid, held against every matching there is."""

import dataclasses
import itertools

import numpy as np
import pytest

from gridplanner.edits.edit import Replace
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.model.grids import GridPlan
from gridplanner.model.project import Project
from gridplanner.model.scenarios import project_in, scenario_of
from gridplanner.planning.comparison import compare
from tests.ui.builders import coarser, planned, town


@pytest.fixture
def project() -> Project:
    return planned(town())


def done(project, *edits):
    for edit in edits:
        project = edit.apply(project)
    return project


def moved_by_enumeration(before, after, addresses):
    """Return the fewest households in another grid over every way to match the grids."""
    one, two = sorted(before.grids), sorted(after.grids)
    table = np.zeros((len(one), len(two)))
    homes, unit_before, unit_after = addresses
    for weight, a, b in zip(homes, before.labels[unit_before], after.labels[unit_after], strict=True):
        table[one.index(a), two.index(b)] += weight
    best = max(sum(table[i, j] for i, j in enumerate(order)) for order in itertools.permutations(range(len(two)), len(one)))
    return table.sum() - best


@pytest.mark.parametrize("seed", range(6))
def test_moved_households_are_the_fewest_of_all_matchings(seed):
    rng = np.random.default_rng(seed)
    base = planned(town(6, 4, 6), 6, 3, 2)
    plan = base.grids
    labels = plan.labels.copy()
    west = np.flatnonzero(base.units.community == 0)
    names = [grid for grid, known in plan.grids.items() if known.community == 0]
    labels[west] = rng.permutation(names)[rng.integers(len(names), size=len(west))]
    kept = {key: plan.grids[key] for key in np.unique(labels).tolist()}
    after = dataclasses.replace(BranchScenario("B").apply(base), grids=GridPlan(labels, kept))
    found = compare(project_in(after, ""), after)
    homes = base.households.households
    enumerated = (homes, base.units.address_unit, base.units.address_unit)
    assert found.moved == pytest.approx(moved_by_enumeration(after.grids, base.grids, enumerated))
    assert found.moves.households.sum() == pytest.approx(found.moved)
    assert found.planned == pytest.approx(homes.sum())
    np.testing.assert_allclose(found.pairs.after_households.sum(), homes.sum())
    np.testing.assert_allclose(found.pairs.left.sum(), found.moved)
    np.testing.assert_allclose(found.pairs.joined.sum(), found.moved)


def test_a_grid_with_another_code_alone_moves_nobody(project):
    recoded = {key: dataclasses.replace(grid, code=f"N{key}") for key, grid in project.grids.grids.items()}
    after = done(project, BranchScenario("B"), Replace("codes", {"grids": dataclasses.replace(project.grids, grids=recoded)}))
    found = compare(project_in(after, ""), after)
    assert found.moved == 0
    assert not found.changed.any()
    assert (found.pairs.before == found.pairs.after).all()


def test_moves_say_from_where_to_where_and_how_many(project):
    after = done(project, BranchScenario("B"), MoveUnits((4, 16), 0), MoveUnits((28,), 3))
    found = compare(project_in(after, ""), after)
    unit, homes, xy = project.units.address_unit, project.households.households, project.households.xy
    expected = {(1, 0): np.isin(unit, (4, 16)), (4, 3): unit == 28}
    assert set(zip(found.moves.before.tolist(), found.moves.after.tolist(), strict=True)) == set(expected)
    for row, pair in enumerate(zip(found.moves.before.tolist(), found.moves.after.tolist(), strict=True)):
        there = expected[pair]
        assert found.moves.households[row] == homes[there].sum()
        assert found.moves.addresses[row] == there.sum()
        np.testing.assert_allclose(found.moves.boxes[row], [*xy[there].min(axis=0), *xy[there].max(axis=0)])
    assert np.flatnonzero(found.changed).tolist() == [4, 16, 28]
    assert found.titles == ("Scenario A", "B")


def test_plans_over_other_units_are_compared_by_address(project):
    other = coarser(done(project, MoveUnits((4, 5), 0)))
    after = dataclasses.replace(other, scenario="C", scenarios=(scenario_of(project, ""),))
    found = compare(project_in(after, ""), after)
    assert found.moved == project.households.households[np.isin(project.units.address_unit, (4, 5))].sum()
    assert np.flatnonzero(found.changed).tolist() == [2]
