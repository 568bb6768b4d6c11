"""What no plan may ever break, on thousands of tiny towns: every district in one piece, in its region, none empty, what is fixed kept."""

import dataclasses

import numpy as np
import pytest
from made_towns import MadeTowns
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from algorithms.districting.anneal import anneal
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.problem import DistrictingParams, Stay, district_offsets
from algorithms.districting.solve import solve_districting

FEW = DistrictingParams(rounds=40, replicas=2, columns=0)
TOWNS = 250  # of each seed


def promises_kept(problem, labels):
    """Every district is used, in one region, and connected over crossable pairs (SciPy's components, not ours)."""
    first = district_offsets(problem)
    assert np.array_equal(np.unique(labels), np.arange(first[-1]))
    assert np.array_equal(np.searchsorted(first, labels, "right") - 1, problem.region)
    pairs = problem.adjacency
    same = pairs.crossable & (labels[pairs.low] == labels[pairs.high])
    graph = coo_array((np.ones(same.sum()), (pairs.low[same], pairs.high[same])), shape=(len(labels), len(labels)))
    assert connected_components(graph, directed=False)[0] == first[-1]


@pytest.mark.parametrize("seed", range(12))
def test_thousands_of_towns_keep_every_promise_planned_anew_too(seed):
    towns = MadeTowns(seed, TOWNS)
    problem, rng = towns.problem, np.random.default_rng(seed)
    found = solve_districting(problem, FEW, seed).labels
    promises_kept(problem, found)
    first = make_contiguous(problem, dichotomy(problem))
    promises_kept(problem, first)
    locked = rng.random(len(found)) < 0.3
    home = np.where(rng.random(len(found)) < 0.8, first, -1)
    mass = problem.weight[:, 0]
    stay = Stay(home, mass, most=0.02 * float(mass.sum()))
    again = anneal(dataclasses.replace(problem, fixed=locked, stay=stay), first, FEW, rng)
    promises_kept(problem, again)
    assert np.array_equal(again[locked], first[locked])
    assert mass[(home >= 0) & (again != home)].sum() <= stay.most + 1e-9
    assert (again != first).sum() > 20


def test_the_towns_have_what_towns_have():
    towns = MadeTowns(0, TOWNS)
    problem = towns.problem
    weight = problem.weight[:, 0]
    assert (weight == 0).sum() > 50
    assert (weight > problem.band[1]).sum() > 10
    assert (np.bincount(problem.region) == 1).sum() > 50  # communities, islands and enclaves of one unit
    assert (~problem.adjacency.crossable).sum() > 20  # rivers
    assert len(np.unique(problem.region)) > len(np.unique(towns.community))  # parts that nothing joins
    assert (np.bincount(towns.rows) > 2).sum() > 20  # pieces of several units
