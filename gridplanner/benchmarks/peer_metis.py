"""METIS as a peer, run by the interpreter of the peers' environment: reads arrays, writes labels, prints its time."""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
import pymetis


def main() -> None:
    """Partition each community into its number of districts by METIS k-way, contiguous, 5 % imbalance."""
    given = np.load(sys.argv[1])
    low, high, length = given["low"], given["high"], given["length"]
    weight, community, k = given["weight"], given["community"], given["k"]
    labels = np.zeros(len(weight), np.int64)
    next_label, seconds = 0, 0.0
    src, dst = np.concatenate((low, high)), np.concatenate((high, low))
    cost = np.maximum(np.rint(np.concatenate((length, length))), 1).astype(int)
    order = np.argsort(src, kind="stable")
    src, dst, cost = src[order], dst[order], cost[order]
    for c in range(len(k)):
        rows = np.flatnonzero(community == c)
        number = np.full(len(weight), -1)
        number[rows] = np.arange(len(rows))
        mine = np.isin(src, rows)
        starts = np.searchsorted(number[src[mine]], np.arange(len(rows) + 1))
        start = time.perf_counter()
        if k[c] > 1:
            adjacency = pymetis.CSRAdjacency(starts, number[dst[mine]])
            options = pymetis.Options(contig=1, ufactor=50)
            weights = {"vweights": weight[rows].tolist(), "eweights": cost[mine].tolist()}
            _cut, part = pymetis.part_graph(int(k[c]), adjacency, options=options, **weights)
        else:
            part = np.zeros(len(rows), int)
        seconds += time.perf_counter() - start
        labels[rows] = np.asarray(part) + next_label
        next_label += int(k[c])
    np.savez(sys.argv[2], labels=labels)
    print(json.dumps({"seconds": seconds, "version": version("pymetis")}))


if __name__ == "__main__":
    main()
