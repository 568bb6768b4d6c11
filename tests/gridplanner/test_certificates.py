"""A community's certificate claims no more than what was proven of each of its regions."""

import numpy as np
import pytest

from algorithms.districting.problem import Certificate
from gridplanner.model.certificate_words import certificate_words
from gridplanner.planning.certificates import community_certificates


def joined(*parts):
    """The certificate of one community of these regions, two grids each."""
    count = 2 * len(parts)
    cost = np.repeat([part.value / 2 for part in parts], 2)
    return community_certificates(parts, np.zeros(len(parts), np.int32), cost, np.zeros(count, np.int32), 1)[0]


def listed(low, high, span=2.6, bound=None):
    status = "optimal" if bound is None else "gap"
    return Certificate(status, 100.0, bound or 100.0, "columns", span, (low, high), columns=50)


def test_the_rule_of_a_community_is_what_was_looked_at_in_all_its_regions():
    found = joined(listed(0.9, 1.1), listed(0.65, 1.35, span=1.85))
    assert (found.status, found.value, found.bound) == ("optimal", 200.0, 200.0)
    assert (found.low, found.high, found.span, found.columns) == (0.9, 1.1, 1.85, 100)
    words = certificate_words(found)
    assert "90 % to 110 %" in words
    assert "1.85" in words


def test_a_community_is_optimal_only_where_all_its_regions_are_and_gaps_add_up():
    found = joined(listed(0.9, 1.1), listed(0.9, 1.1, bound=80.0), Certificate("optimal", 40.0, 40.0, "one district"))
    assert (found.status, found.value) == ("gap", 240.0)
    assert found.bound == pytest.approx(220.0)
    assert joined(listed(0.9, 1.1), Certificate("none", 10.0, why="off")).status == "none"


def test_the_loads_that_words_name_were_all_looked_at():
    words = certificate_words(joined(listed(0.852, 1.148)))
    assert "86 % to 114 %" in words
