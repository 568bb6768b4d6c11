"""Published routing instances: arc routing (CARP), mixed nodes, edges and arcs (MCGRP) and plain vehicle routing (CVRP)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np

from algorithms.network.polylines import Floats
from gridplanner.errors import InputError
from gridplanner.i18n import _

_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True)
class Service:
    """What must be served once: the ways of doing it (node in, node out), what driving it costs, and its demand."""

    ways: tuple[tuple[int, int], ...]
    cost: float
    demand: float


@dataclass(frozen=True, eq=False)
class RoutingInstance:
    """An instance: driving `links` (from, to, cost) between nodes, what is to be served, and vehicles of one capacity at one depot.

    Where not `through`, every pair of nodes has a link and driving from one to another is that link, though a way round may be shorter.
    """

    name: str
    nodes: int
    links: tuple[tuple[int, int, float], ...]
    services: tuple[Service, ...]
    depot: int
    vehicles: int
    capacity: float
    through: bool = True

    def distances(self) -> Floats:
        """Return the cost of the cheapest way from each node to each (nodes, nodes), inf where there is none."""
        table = np.full((self.nodes, self.nodes), np.inf)
        np.fill_diagonal(table, 0.0)
        tail, head, cost = (np.array(column) for column in zip(*self.links, strict=True))
        np.minimum.at(table, (tail, head), cost)
        for node in range(self.nodes if self.through else 0):
            np.minimum(table, table[:, node, None] + table[None, node], out=table)
        return table

    @property
    def ways(self) -> list[tuple[int, int, int]]:
        """Every way of every service: service, node in, node out."""
        return [(number, *way) for number, service in enumerate(self.services) for way in service.ways]


def checked_cost(instance: RoutingInstance, tours: Sequence[Sequence[int]]) -> float:
    """Return what tours (of rows of `instance.ways`) cost, walked link by link; serving a node costs nothing.

    Raises
    ------
    ValueError
        Where something is not served exactly once, a tour is above the capacity, or there are more tours than vehicles.
    """
    ways = instance.ways
    served = Counter(ways[w][0] for tour in tours for w in tour)
    if served != Counter(range(len(instance.services))):
        raise ValueError(f"{instance.name}: something is not served exactly once")
    if sum(1 for tour in tours if tour) > instance.vehicles:
        raise ValueError(f"{instance.name}: more tours than vehicles")
    between = _walk_costs(instance)
    total = 0.0
    for tour in tours:
        if sum(instance.services[ways[w][0]].demand for w in tour) > instance.capacity:
            raise ValueError(f"{instance.name}: a tour is above the capacity")
        place = instance.depot
        for w in tour:
            number, into, out = ways[w]
            total += between(place, into) + instance.services[number].cost
            place = out
        total += between(place, instance.depot)
    return total


def _walk_costs(instance: RoutingInstance) -> Callable[[int, int], float]:
    """Return the cost between two nodes over the links of the file, by another library than the solver's tables."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(instance.nodes))
    for tail, head, cost in instance.links:
        if cost < graph.get_edge_data(tail, head, {"cost": np.inf})["cost"]:
            graph.add_edge(tail, head, cost=cost)

    def between(tail: int, head: int) -> float:
        if tail == head:
            return 0.0
        return float(nx.dijkstra_path_length(graph, tail, head, weight="cost") if instance.through else graph.edges[tail, head]["cost"])

    return between


def read_carp(path: Path, spare: int = 1) -> RoutingInstance:
    """Return an arc-routing instance in the format of Belenguer and Benavent: undirected edges `( 1, 2) coste 13 demanda 1`.

    There are so many `spare` vehicles beyond the file's, which the least number that can carry all is: the best known costs come from
    searches that may use more.
    """
    links: list[tuple[int, int, float]] = []
    services: list[Service] = []
    head: dict[str, int] = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        found = [int(number) for number in _NUMBER.findall(line)]
        if line.strip().startswith("("):
            a, b, cost = found[0] - 1, found[1] - 1, float(found[2])
            links += [(a, b, cost), (b, a, cost)]
            if len(found) > 3 and found[3]:
                services.append(Service(((a, b), (b, a)), cost, float(found[3])))
        elif ":" in line and found:
            head[line.split(":")[0].strip()] = found[-1]
    try:
        places = (head["VERTICES"], head["DEPOSITO"] - 1, head["VEHICULOS"], head["CAPACIDAD"])
    except KeyError as missing:
        raise _unreadable(path, str(missing.args[0])) from None
    if len(services) != head.get("ARISTAS_REQ"):
        raise _unreadable(path, "ARISTAS_REQ")
    return RoutingInstance(path.stem, places[0], tuple(links), tuple(services), places[1], places[2] + spare, float(places[3]))


def read_mcgrp(path: Path) -> RoutingInstance:
    """Return an instance of mixed nodes, edges and arcs in the format of the MGGDB set: sections ReN, ReE, EDGE, ReA, ARC."""
    links: list[tuple[int, int, float]] = []
    services: list[Service] = []
    head: dict[str, int] = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        name, *words = line.replace(":", ": ").split() or [""]
        if ":" in line:
            head[line.split(":")[0].strip()] = int(words[-1]) if words[-1].isdigit() else -1
        elif re.fullmatch(r"N\d+", name):
            node = int(name[1:]) - 1
            services.append(Service(((node, node),), 0.0, float(words[0])))
        elif re.fullmatch(r"(Nr)?[AE]\d+", name):
            a, b, cost = int(words[0]) - 1, int(words[1]) - 1, float(words[2])
            both = "E" in name
            links += [(a, b, cost), (b, a, cost)] if both else [(a, b, cost)]
            if not name.startswith("Nr"):
                services.append(Service(((a, b), (b, a)) if both else ((a, b),), cost, float(words[3])))
    try:
        places = (head["#Nodes"], head["Depot Node"] - 1, head["#Vehicles"], head["Capacity"])
    except KeyError as missing:
        raise _unreadable(path, str(missing.args[0])) from None
    if len(services) != head.get("#Required N", 0) + head.get("#Required E", 0) + head.get("#Required A", 0):
        raise _unreadable(path, "#Required")
    vehicles = places[2] if places[2] > 0 else len(services)
    return RoutingInstance(path.stem, places[0], tuple(links), tuple(services), places[1], vehicles, float(places[3]))


def read_cvrp(path: Path) -> RoutingInstance:
    """Return an instance of the CVRPLIB format with EUC_2D distances, rounded to the nearest whole; as many vehicles as wanted."""
    head: dict[str, str] = {}
    rows: dict[str, list[list[float]]] = {}
    section = ""
    for line in path.read_text(encoding="ascii").splitlines():
        if ":" in line:
            key, value = line.split(":", 1)
            head[key.strip()] = value.strip().strip('"')
        elif line.strip().endswith("_SECTION"):
            section = line.strip()
        elif section and line.strip() != "EOF":
            rows.setdefault(section, []).append([float(word) for word in line.split()])
    if head.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        raise _unreadable(path, "EDGE_WEIGHT_TYPE")
    try:
        place = np.array(rows["NODE_COORD_SECTION"])[:, 1:]
        demand = np.array(rows["DEMAND_SECTION"])[:, 1]
        depot, capacity = int(rows["DEPOT_SECTION"][0][0]) - 1, float(head["CAPACITY"])
    except KeyError as missing:
        raise _unreadable(path, str(missing.args[0])) from None
    table = np.floor(np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + 0.5)
    count = len(place)
    links = tuple((i, j, float(table[i, j])) for i in range(count) for j in range(count) if i != j)
    services = tuple(Service(((node, node),), 0.0, float(demand[node])) for node in range(count) if node != depot)
    return RoutingInstance(path.stem, count, links, services, depot, len(services), capacity, through=False)


def best_known(path: Path) -> dict[str, float]:
    """Return the best known cost of each instance, by its name without an ending."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split(",") for line in lines if line.strip()]
    return {row[0].removesuffix(".dat"): float(row[1]) for row in cells}


def _unreadable(path: Path, what: str) -> InputError:
    return InputError(_("{file} is no routing instance: {what} is missing or does not fit").format(file=path, what=what))
