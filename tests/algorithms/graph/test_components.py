"""Components are those that networkx finds."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from algorithms.graph.components import components


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_components_are_those_of_networkx(count, pairs):
    pairs = [(a % count, b % count) for a, b in pairs]
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(count))
    a = np.array([p[0] for p in pairs], int)
    b = np.array([p[1] for p in pairs], int)
    label = components(count, a, b)
    expected = {frozenset(c) for c in nx.connected_components(graph)}
    assert {frozenset(np.flatnonzero(label == k).tolist()) for k in np.unique(label)} == expected
