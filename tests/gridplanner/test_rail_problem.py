"""Atoms cut where something fixed begins or ends: no work is won or lost, and what holds at an atom's beginning stays there."""

import dataclasses

import numpy as np
import pytest

from gridplanner.model.rail_work import work_between
from gridplanner.planning.rail_problem import Fixed, with_edges
from tests.guarded_line import guarded, plan_of


def test_an_atom_that_is_cut_shares_its_work_by_metres():
    before = plan_of(guarded()).profile
    row = int(np.argmax(before.work.sum(axis=1)))
    low, high = float(before.low[row]), float(before.high[row])
    cuts = low + 0.2 * (high - low), low + 0.7 * (high - low)
    marked = dataclasses.replace(before, wish=np.where(np.arange(len(before)) == row, 1.0, before.wish))
    after = with_edges(marked, [Fixed(0, *cuts)])
    assert len(after) == len(before) + 2
    mine = slice(row, row + 3)
    assert after.low[mine].tolist() == pytest.approx([low, *cuts])
    assert after.high[mine].tolist() == pytest.approx([*cuts, high])
    assert after.work[mine] == pytest.approx(np.outer([0.2, 0.5, 0.3], before.work[row]))
    assert after.amount[mine] == pytest.approx(np.outer([0.2, 0.5, 0.3], before.amount[row]))
    assert after.open[mine].tolist() == [before.open[row], True, True]
    assert after.wish[mine].tolist() == [1.0, 0.0, 0.0]
    assert after.seconds[mine].tolist() == [before.seconds[row].tolist()] * 3
    assert work_between(after, 0, 0.0, 10_000.0) == pytest.approx(work_between(before, 0, 0.0, 10_000.0))


def test_an_edge_that_is_there_is_opened_and_nothing_is_cut():
    before = plan_of(guarded()).profile
    shut = int(np.flatnonzero(~before.open)[0])
    after = with_edges(before, [Fixed(0, float(before.low[shut]), 10_000.0)])
    assert len(after) == len(before)
    assert after.open[shut]
    assert after.open.sum() == before.open.sum() + 1
