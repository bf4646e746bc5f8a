"""Connected sets: every one, each once."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.siting.land import connected
from xingu_geo.siting.land.connected import connected_sets, distinct_of, is_connected


@st.composite
def weighted_graphs(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    count = draw(st.integers(1, 10))
    pairs = list(combinations(range(count), 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs))) if pairs else []
    weights = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    return weights, edges


def every_subset(weights: list[int], edges: list[tuple[int, int]], size_max: int, limit: int) -> set[tuple[int, ...]]:
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(len(weights)))
    return {
        subset
        for size in range(1, size_max + 1)
        for subset in combinations(range(len(weights)), size)
        if sum(weights[i] for i in subset) <= limit and nx.is_connected(graph.subgraph(subset))
    }


@settings(deadline=None, max_examples=300)
@given(weighted_graphs(), st.integers(1, 7), st.integers(1, 40))
def test_the_sets_are_those_of_trying_every_subset_and_none_comes_twice(graph, size_max, limit):
    weights, edges = graph
    levels = connected_sets(
        np.array(weights, dtype=float), np.array(edges, dtype=np.int64).reshape(-1, 2),
        members_max=size_max, weight_max=limit,
    )  # fmt: skip
    found = [tuple(row) for level in levels for row in level.tolist()]
    assert len(found) == len(set(found))
    assert set(found) == every_subset(weights, edges, size_max, limit)


def test_a_chain_of_n_has_n_minus_k_plus_one_sets_of_k():
    chain = np.array([(i, i + 1) for i in range(99)])
    sizes = [len(level) for level in connected_sets(np.ones(100), chain, members_max=5, weight_max=99.0)]
    assert sizes == [100, 99, 98, 97, 96]


def test_a_filter_that_shrinks_with_its_sets_prunes_exactly():
    rng = np.random.default_rng(3)
    edges = np.array([pair for pair in combinations(range(9), 2) if rng.random() < 0.4])
    owner = rng.integers(0, 4, 9)
    pruned = connected_sets(
        np.ones(9), edges, members_max=5, weight_max=9.0, keep=lambda rows: distinct_of(owner[rows]) <= 2
    )
    whole = connected_sets(np.ones(9), edges, members_max=5, weight_max=9.0)
    for few, level in zip(pruned, whole, strict=True):
        assert few.tolist() == [row for row in level.tolist() if len(set(owner[row])) <= 2]


def test_too_many_sets_are_refused_before_memory_is(monkeypatch):
    monkeypatch.setattr(connected, "SETS_MAX", 44)
    everyone = np.array(list(combinations(range(10), 2)))
    with pytest.raises(XinguError) as refusal:
        list(connected_sets(np.ones(10), everyone, members_max=3, weight_max=9.0))  # 45 pairs
    assert refusal.value.code == "assembly_too_many"


@settings(deadline=None, max_examples=100)
@given(weighted_graphs())
def test_connectedness_agrees_with_networkx(graph):
    weights, edges = graph
    adjacent = np.zeros((1, len(weights), len(weights)), dtype=bool)
    for i, j in edges:
        adjacent[0, i, j] = adjacent[0, j, i] = True
    assert bool(is_connected(adjacent)[0]) == nx.is_connected(nx.from_numpy_array(adjacent[0]))
