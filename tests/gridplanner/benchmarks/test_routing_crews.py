"""The benchmark of crews: the made patrol is the same for a seed, and the peer is given the same jobs and its drive added up alike."""

from __future__ import annotations

import numpy as np
import pytest

from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.jobs import possible_jobs
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, Sites, Streets
from algorithms.patrolling.routes import solve_patrol
from gridplanner.benchmarks.routing_crews import OPEN, SERVICE, SHIFT, SITES, STREETS, WINDOW, city, driving, made_problem
from gridplanner.benchmarks.routing_peer import driving_of, peer_tours
from tests.algorithms.network.made_roads import random_lattice


def small_patrol() -> PatrolProblem:
    rng = np.random.default_rng(1)
    graph = random_lattice(rng, 6, 6, oneway=0.2, missing=0.1)
    core = np.flatnonzero(graph.state == 0)
    edges = rng.choice(core, 6, replace=False)
    streets = Streets(edges, graph.length[edges] / 5, np.zeros(6, bool), np.ones(6))
    opens = np.array([-np.inf, 200.0, -np.inf, 0.0])
    sites = Sites(graph.u[core[:4]], np.full(4, 30.0), opens, np.array([np.inf, 700.0, np.inf, 500.0]), np.ones(4))
    return PatrolProblem(graph, like_crews(2, int(graph.u[core[0]]), 900.0), streets, sites)


def test_the_peer_does_every_job_within_the_same_limits():
    problem = small_patrol()
    work = possible_jobs(problem, PatrolParams())
    tours = peer_tours(work, 0.3)
    assert tours is not None
    assert sorted(work.jobs.ways[w].job for tour in tours for w in tour) == list(range(len(work.jobs.by_job)))
    theirs, ours = driving_of(work, tours), solve_patrol(problem, PatrolParams(iterations=100))
    assert theirs is not None
    assert len(ours.unserved) == 0
    assert sum(driving(problem, ours)) <= theirs * 1.1
    assert driving_of(work, [tour[1:] for tour in tours]) is None


def test_the_made_patrol_fills_the_shifts_and_is_the_same_for_a_seed(test_data):
    graph, seconds = city(test_data)
    one, two = made_problem(graph, seconds, 3), made_problem(graph, seconds, 3)
    assert (len(one.sites), len(one.streets), len(one.crews)) == (SITES, STREETS, 8)
    assert one.sites.node.tolist() == two.sites.node.tolist()
    assert one.streets.seconds.sum() + one.sites.dwell.sum() == pytest.approx(SERVICE)
    windows = one.sites.closes - one.sites.opens
    assert np.isfinite(one.sites.opens).sum() == OPEN
    assert windows[:OPEN] == pytest.approx(WINDOW)
    assert one.sites.closes[:OPEN].max() <= SHIFT
