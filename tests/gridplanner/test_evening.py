import dataclasses

import numpy as np
import pytest

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import KeepTogether
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.planning.evening import propose_evening
from gridplanner.settings import GridSettings
from tests.ui.builders import planned, town


def even_town(columns: int, rows: int, wide: int, high: int, tolerance: float) -> Project:
    made = planned(town(columns, rows, 10), columns, wide, high)
    assert made.grids is not None
    mean = float(made.households.households.sum()) / len(made.grids.grids)
    grids = GridSettings(target_households=mean, tolerance=tolerance)
    return dataclasses.replace(made, settings=dataclasses.replace(made.settings, grids=grids))


@pytest.fixture(scope="module")
def uneven() -> Project:
    return even_town(24, 24, 4, 4, 0.05)


def out_of(project: Project) -> set[int]:
    figures = grid_figures(project)
    return {int(grid) for grid, status in zip(figures.ids, figures.status, strict=True) if status in {"under", "over"}}


def test_every_proposal_keeps_its_word(uneven: Project) -> None:
    before, evened = out_of(uneven), 0
    assert len(before) > 8
    for grid in sorted(before):
        found = propose_evening(uneven, grid)
        after = uneven
        for move in found.transfers:
            assert set(after.grids.labels[list(move.units)].tolist()) == {move.source}  # type: ignore[union-attr]
            assert move.households == pytest.approx(float(unit_households(uneven.units, uneven.households)[list(move.units)].sum()))  # type: ignore[arg-type]
            after = MoveUnits(move.units, move.to).apply(after)
            for side in (move.source, move.to):
                ground = neighbourhood_of(after, (side,))
                assert ground.parts(ground.places(side)) == 1
        evened += found.done
        assert (grid not in out_of(after)) == found.done
        assert out_of(after) <= before  # nobody else is pushed out
        assert bool(found.why) != found.done
    assert evened >= 0.8 * len(before)


def test_one_move_is_preferred_and_two_are_found_where_one_is_not_enough(uneven: Project) -> None:
    lengths = [len(propose_evening(uneven, grid).transfers) for grid in sorted(out_of(uneven))]
    assert lengths.count(1) > lengths.count(2) > 0


def test_a_unit_more_than_fits_goes_to_the_neighbour_with_room_by_enumeration() -> None:
    project = even_town(12, 4, 3, 4, 0.2)  # four grids side by side, two in a community
    assert project.grids is not None
    assert project.units is not None
    heavy = MoveUnits(tuple(np.flatnonzero(np.arange(48) % 12 == 3).tolist()), 0).apply(project)  # a column of grid 1
    found = propose_evening(heavy, 0)
    assert found.done
    assert len(found.transfers) == 1
    weight = unit_households(project.units, project.households)
    figures = grid_figures(heavy)
    target = heavy.settings.grids.target_households  # type: ignore[union-attr]
    load = {int(g): float(n) for g, n in zip(figures.ids, figures.households, strict=True)}
    least = min(
        weight[list(rows)].sum()
        for count in range(1, 5)
        for rows in _sets(np.flatnonzero(heavy.grids.labels == 0).tolist(), count)  # type: ignore[union-attr]
        if load[0] - weight[list(rows)].sum() <= 1.2 * target and load[1] + weight[list(rows)].sum() <= 1.2 * target  # type: ignore[operator]
    )
    assert least <= found.transfers[0].households <= least + weight.max()


def _sets(rows: list[int], count: int) -> list[tuple[int, ...]]:
    import itertools

    return list(itertools.combinations(rows, count))


def test_it_says_why_not_and_what_would_help(uneven: Project) -> None:
    grid = min(out_of(uneven))
    near = neighbourhood_of(uneven, (grid,)).around
    locked = propose_evening(LockGrids(tuple(near)).apply(uneven), grid)
    assert (locked.done, locked.transfers) == (False, ())
    assert "locked" in locked.why
    assert "locked" in propose_evening(LockGrids((grid,)).apply(uneven), grid).why
    fine = min(set(uneven.grids.grids) - out_of(uneven))  # type: ignore[union-attr]
    assert propose_evening(uneven, fine).done
    large = dataclasses.replace(
        uneven, settings=dataclasses.replace(uneven.settings, grids=GridSettings(target_households=100.0, tolerance=0.05))
    )
    told = propose_evening(large, grid)
    assert "would fit" in told.why
    assert told.why.format(**told.places).startswith("The 18 grids")
    with pytest.raises(ValueError, match="no such grid"):
        propose_evening(uneven, 999)


def test_what_stays_together_is_not_torn_apart(uneven: Project) -> None:
    grid = next(grid for grid in sorted(out_of(uneven)) if propose_evening(uneven, grid).transfers)
    first = propose_evening(uneven, grid).transfers[0]
    source = np.flatnonzero(uneven.grids.labels == first.source)  # type: ignore[union-attr]
    kept = KeepTogether(tuple(source.tolist())).apply(uneven)
    for move in propose_evening(kept, grid).transfers:
        assert not set(move.units) & set(source.tolist())
