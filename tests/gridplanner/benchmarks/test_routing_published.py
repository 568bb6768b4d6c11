from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from algorithms.progress import SILENT
from gridplanner.benchmarks.routing_instances import RoutingInstance, Service, best_known, checked_cost, read_carp, read_cvrp, read_mcgrp
from gridplanner.benchmarks.routing_model import model_of
from gridplanner.benchmarks.routing_peer import peer_tours
from gridplanner.benchmarks.routing_published import CARP, Task, carp_rows, run
from gridplanner.errors import InputError

DATA = os.environ.get("GRIDPLANNER_TEST_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="GRIDPLANNER_TEST_DATA is not set")
SQUARE = """ NOMBRE : square
 COMENTARIO : 14 (cota superior)
 VERTICES : 4
 ARISTAS_REQ : 3
 ARISTAS_NOREQ : 1
 VEHICULOS : 2
 CAPACIDAD : 5
 TIPO_COSTES_ARISTAS : EXPLICITOS
 COSTE_TOTAL_REQ : 7
 LISTA_ARISTAS_REQ :
 ( 1, 2)   coste 2   demanda 2
 ( 2, 3)   coste 2   demanda 3
 ( 3, 4)   coste 3   demanda 1
 LISTA_ARISTAS_NOREQ :
 ( 1, 4)   coste 5
 DEPOSITO :   1
"""
MIXED = """Name:\t\tmixed
Optimal value:\t-1
#Vehicles:\t2
Capacity:\t4
Depot Node:\t1
#Nodes:\t\t4
#Edges:\t\t2
#Arcs:\t\t4
#Required N:\t1
#Required E:\t1
#Required A:\t2

ReN.\tDEMAND\tS. COST
N3\t2\t9

ReE.\tFROM N.\tTO N.\tT. COST\tDEMAND\tS. COST
E1\t1\t2\t4\t1\t9

EDGE\tFROM N.\tTO N.\tT. COST
NrE1\t2\t3\t1

ReA.\tFROM N.\tTO N.\tT. COST\tDEMAND\tS. COST
A1\t3\t4\t2\t1\t9
A2\t4\t1\t3\t2\t9

ARC\tFROM N.\tTO N.\tT. COST
NrA1\t1\t4\t8
NrA2\t4\t3\t1
"""
PLAIN = """NAME : plain
COMMENT : "four points"
TYPE : CVRP
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 6
NODE_COORD_SECTION
1 0 0
2 3 4
3 -3 4
4 6 8
5 0 -7
DEMAND_SECTION
1 0
2 3
3 4
4 3
5 2
DEPOT_SECTION
 1
 -1
EOF
"""
READ = {"carp": (read_carp, SQUARE), "mcgrp": (read_mcgrp, MIXED), "cvrp": (read_cvrp, PLAIN)}


def instance_of(kind: str, folder: Path) -> RoutingInstance:
    read, text = READ[kind]
    path = folder / f"{kind}.dat"
    path.write_text(text, encoding="ascii")
    return read(path)


def least_cost(instance: RoutingInstance) -> float:
    """Return the least cost of serving everything, by trying every order, every way and every place to cut."""
    best = np.inf
    by_service = [[w for w, way in enumerate(instance.ways) if way[0] == number] for number in range(len(instance.services))]
    count = len(by_service)
    for order in itertools.permutations(range(count)):
        for walk in itertools.product(*(by_service[number] for number in order)):
            for cuts in itertools.product((False, True), repeat=count - 1):
                tours = [[walk[0]]]
                for w, cut in zip(walk[1:], cuts, strict=True):
                    tours += [[w]] if cut else []
                    if not cut:
                        tours[-1].append(w)
                loads = [sum(instance.services[instance.ways[w][0]].demand for w in tour) for tour in tours]
                if max(loads) <= instance.capacity and len(tours) <= instance.vehicles:
                    best = min(best, checked_cost(instance, tours))
    return best


def test_an_arc_routing_file_is_read_with_one_vehicle_more_than_its_least_number(tmp_path: Path) -> None:
    instance = instance_of("carp", tmp_path)
    assert (instance.nodes, instance.depot, instance.vehicles, instance.capacity) == (4, 0, 3, 5)
    assert instance.services[1] == Service(((1, 2), (2, 1)), 2.0, 3.0)
    assert (3, 0, 5.0) in instance.links
    assert len(instance.services) == 3
    assert instance.distances()[0].tolist() == [0, 2, 4, 5]


def test_a_mixed_file_is_read_with_its_nodes_edges_and_arcs(tmp_path: Path) -> None:
    instance = instance_of("mcgrp", tmp_path)
    assert (instance.nodes, instance.depot, instance.vehicles, instance.capacity) == (4, 0, 2, 4)
    assert instance.services == (
        Service(((2, 2),), 0.0, 2.0),
        Service(((0, 1), (1, 0)), 4.0, 1.0),
        Service(((2, 3),), 2.0, 1.0),
        Service(((3, 0),), 3.0, 2.0),
    )
    assert instance.distances()[0].tolist() == [0, 4, 5, 7]
    assert instance.distances()[:, 0].tolist() == [0, 4, 5, 3]


def test_a_vehicle_routing_file_is_read_with_rounded_distances_and_no_short_cuts(tmp_path: Path) -> None:
    instance = instance_of("cvrp", tmp_path)
    assert (instance.nodes, instance.depot, instance.vehicles, instance.capacity) == (5, 0, 4, 6)
    assert instance.distances()[0].tolist() == [0, 5, 5, 10, 7]
    assert instance.distances()[3, 2] == 10  # 9.85 rounded
    assert [service.demand for service in instance.services] == [3, 4, 3, 2]


@pytest.mark.parametrize("kind", READ)
def test_a_run_finds_what_enumeration_finds_and_so_does_the_peer(kind: str, tmp_path: Path) -> None:
    instance = instance_of(kind, tmp_path)
    best = least_cost(instance)
    done = run(Task(kind, tmp_path / f"{kind}.dat", 2.0, 1, best))
    assert done.gap == 0
    assert done.seconds < 2
    tours = peer_tours(model_of(instance), 0.2)
    assert tours is not None
    assert checked_cost(instance, tours) == best


def test_tours_that_leave_something_out_or_are_too_heavy_or_too_many_are_refused(tmp_path: Path) -> None:
    instance = instance_of("carp", tmp_path)
    assert checked_cost(instance, [[0, 2], [4]]) == 4 + 4 + 4 + 3 + 5  # there, back the short way; round to the far side
    with pytest.raises(ValueError, match="exactly once"):
        checked_cost(instance, [[0, 2]])
    with pytest.raises(ValueError, match="exactly once"):
        checked_cost(instance, [[0, 2], [4, 1]])
    with pytest.raises(ValueError, match="capacity"):
        checked_cost(instance, [[0, 2, 4]])
    with pytest.raises(ValueError, match="vehicles"):
        checked_cost(replace(instance, vehicles=1), [[0, 2], [4]])


@pytest.mark.parametrize("kind", READ)
def test_a_file_that_lacks_a_part_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    read, text = READ[kind]
    path = tmp_path / "broken.dat"
    path.write_text("\n".join(line for line in text.splitlines() if "CAPAC" not in line.upper()), encoding="ascii")
    with pytest.raises(InputError, match=r"broken\.dat"):
        read(path)


def test_best_known_costs_bear_the_names_of_the_instances(tmp_path: Path) -> None:
    path = tmp_path / "best_known.csv"
    path.write_text("instance,best_known,kind,note\ngdb1.dat,316,CARP,\nX-n101-k25,27591,CVRP,from the solution\n", encoding="utf-8")
    assert best_known(path) == {"gdb1": 316, "X-n101-k25": 27591}


def test_a_part_without_its_data_says_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="carp"):
        carp_rows(tmp_path, True, 1, SILENT)


@needs_data
def test_small_published_instances_are_solved_to_the_best_known() -> None:
    folder = Path(DATA or "", "routing")
    known = best_known(folder / "best_known.csv")
    for kind, name in (("carp", "gdb1"), ("carp", "gdb19"), ("mcgrp", "mggdb_0.50_14")):
        assert run(Task(kind, folder / kind / f"{name}.dat", CARP.seconds, 1, known[name])).gap == 0
