"""`python -m peers NAME GIVEN.npz MADE.npz SEED`: run one peer over every area, write its labels, print its seconds.

`python -m peers versions` prints which peers are installed, and their versions.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from .area import Ints, read_areas

# name: module, function, distribution whose version is printed
PEERS = {
    "METIS": ("graph_partitioners", "metis", "pymetis"),
    "KaHIP FAST": ("graph_partitioners", "kahip_fast", "kahip"),
    "KaHIP ECO": ("graph_partitioners", "kahip_eco", "kahip"),
    "flow k-means, OR-Tools": ("flow_kmeans", "flow_kmeans", "ortools"),
    "spopt max-p": ("spopt_regions", "max_p", "spopt"),
    "spopt SKATER": ("spopt_regions", "skater", "spopt"),
    "spopt RegionKMeans": ("spopt_regions", "region_kmeans", "spopt"),
    "spopt Ward": ("spopt_regions", "ward", "spopt"),
    "gerrychain tree": ("gerrychain_trees", "recursive_tree", "gerrychain"),
    "gerrychain ReCom": ("gerrychain_trees", "recom", "gerrychain"),
}
# what a distribution's peers import, loaded before the clock starts
IMPORTS = {
    "pymetis": ("pymetis",),
    "kahip": ("kahip",),
    "ortools": ("ortools.graph.python.min_cost_flow",),
    "spopt": ("geopandas", "libpysal", "spopt.region"),
    "gerrychain": ("gerrychain.partition.initial_partition_generators", "gerrychain.proposals", "networkx"),
}


def main(name: str, given: Path, made: Path, seed: int) -> None:
    """Run a peer area by area; only its own calls are timed, not the imports or the files."""
    module, function, package = PEERS[name]
    solve = getattr(importlib.import_module(f".{module}", __package__), function)
    for library in IMPORTS[package]:
        importlib.import_module(library)
    labels: list[tuple[Ints, Ints]] = []
    seconds, count = 0.0, 0
    for rows, area in read_areas(given):
        start = time.perf_counter()
        part = solve(area, seed) if 1 < area.k < len(area) else np.arange(len(area)) % max(area.k, 1)
        seconds += time.perf_counter() - start
        labels.append((rows, part + count))
        # max-p chooses its own number of districts; the others may leave one empty
        count += int(part.max(initial=-1)) + 1 if name == "spopt max-p" else area.k
    whole = np.zeros(sum(len(rows) for rows, _part in labels), np.int64)
    for rows, part in labels:
        whole[rows] = part
    np.savez(made, labels=whole)
    print(json.dumps({"seconds": seconds, "count": count}))


def versions() -> dict[str, str]:
    """Return the version of every peer that is installed."""
    found = {}
    for name, (_module, _function, package) in PEERS.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["versions"]:
        print(json.dumps(versions()))
    else:
        main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
