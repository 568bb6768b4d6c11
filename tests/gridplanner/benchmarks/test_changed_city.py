"""New data changes a tenth of the blocks within limits and builds twelve estates; units and grids stay."""

from dataclasses import replace

import numpy as np

from gridplanner.benchmarks.changed_city import ESTATE, changed_city
from gridplanner.benchmarks.made_city import made_city
from gridplanner.model.freshness import stale_plans
from gridplanner.model.statistics import unit_households
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units


def test_a_tenth_of_the_blocks_changes_within_limits_and_estates_are_built():
    before = made_city(4_000)
    quick = replace(before.settings, grids=replace(before.settings.grids, effort="quick"))
    before = replace(before, settings=quick)
    before = propose_units(before).apply(before)
    before = propose_grids(before).apply(before)
    after = changed_city(before, seed=5, estates=12)
    old, new = unit_households(before.units, before.households), unit_households(after.units, after.households)
    built = np.bincount(after.units.address_unit[len(before.households) :], minlength=len(old)) * ESTATE
    assert built.sum() == 12 * ESTATE
    factor = (new - built)[old > 0] / old[old > 0]
    changed = factor != 1
    assert 0.05 < changed.mean() <= 0.10  # some round to what they were
    assert np.all(np.abs((new - built)[old > 0] - np.clip(factor, 0.6, 1.5) * old[old > 0]) <= 0.5)
    assert np.all(new == np.rint(new))
    assert np.all((new - built)[old == 0] == 0)
    assert after.grids is before.grids
    assert np.array_equal(after.units.ends, before.units.ends)
    assert stale_plans(after) == {"grids"}
