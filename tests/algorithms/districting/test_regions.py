"""A region taken out of a problem costs what it cost there, also where a river without a bridge parts it from another."""

import dataclasses

import numpy as np
import pytest
from made_land import MadeLand

from algorithms.districting.bound import region_of
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.regions import share_of
from algorithms.districting.solve import solve_districting
from algorithms.graph.components import components

PARAMS = DistrictingParams(rounds=20, replicas=2, cycles=2, columns=50_000, search=1.0)


def banks(seed):
    """A land in two regions, parted along a line across which nothing leads: pairs of the two banks share a border that is blocked."""
    land = MadeLand(seed, streets=9)
    problem = land.problem(6)
    side = problem.xy[:, 0] > np.median(problem.xy[:, 0])
    pairs = problem.adjacency
    same = side[pairs.low] == side[pairs.high]
    region = components(land.count, pairs.low[same], pairs.high[same])
    return dataclasses.replace(
        problem,
        region=region,
        adjacency=dataclasses.replace(pairs, crossable=same),
        districts=np.minimum(np.bincount(region), 3).astype(np.int32),
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_bank_of_a_river_costs_by_itself_what_it_costs_in_the_whole(seed):
    problem = banks(seed)
    assert (problem.region[problem.adjacency.low] != problem.region[problem.adjacency.high]).sum() > 1
    labels = make_contiguous(problem, dichotomy(problem))
    whole = evaluate(problem, labels, PARAMS).cost
    for region in range(len(problem.districts)):
        share = share_of(problem, np.array([region], np.int32))
        alone = evaluate(share.problem, share.labels(labels), PARAMS).cost
        assert alone == pytest.approx(whole[share.districts])
        assert share.problem.adjacency.high.min(initial=0) >= 0
        assert region_of(problem, region).pairs.high.min(initial=0) >= 0
        assert len(region_of(problem, region).pairs.low) == len(share.problem.adjacency.low)


@pytest.mark.parametrize("seed", range(4))
def test_certificates_of_both_banks_name_what_their_districts_cost(seed):
    problem = banks(seed)
    found = solve_districting(problem, PARAMS, seed)
    cost = np.bincount(np.repeat(np.arange(len(problem.districts)), problem.districts), found.cost)
    assert [certificate.value for certificate in found.certificates] == pytest.approx(cost.tolist())
    assert found.cost == pytest.approx(evaluate(problem, found.labels, PARAMS).cost)
