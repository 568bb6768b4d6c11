"""Random edits by the hundred: after each the coverage is exact, sums hold, what follows by increments is what follows from scratch.

GRIDPLANNER_LONG_EDITS names how many edits are made in each town where more than the usual ones are wanted.
"""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from edit_moves import STRATEGIES, any_edit

from gridplanner.errors import EditRejected
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.check import check
from gridplanner.model.colouring import COLOURS, neighbour_pairs
from gridplanner.model.grids import Certificate
from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.plan_change import plan_change
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.statistics import GridFigures, from_scratch, unit_households, unit_persons
from gridplanner.model.units import unit_areas
from gridplanner.session import Session
from tests.ui.builders import certified, planned, replanned, town
from ui.derived import Derived, derive, derived_after
from ui.grid_rules import kept_areas

EDITS = int(os.environ.get("GRIDPLANNER_LONG_EDITS", "80"))
TWO = (Certificate(0, "balance+border", "optimal", 100.0, 100.0, "columns"), Certificate(1, "balance+border", "gap", 80.0, 100.0))


@pytest.fixture(autouse=True)
def _nobody_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.derived.PAUSE", 0.0)


def archipelago(seed: int) -> Project:
    """The town with an exclave in each community: grids of several pieces that could or could not be one."""
    project = town(seed=seed)
    assert project.units is not None
    units = project.units
    community = units.community.copy()
    column, row = np.arange(len(units)) % 12, np.arange(len(units)) // 12
    community[(column == 2) & (row >= 6)] = 1
    community[(column == 9) & (row == 3)] = 0
    project = dataclasses.replace(project, units=dataclasses.replace(units, community=community))
    labels = community * 3 + np.minimum(row // 3, 2)
    made = planned(project)
    assert made.grids is not None
    grids = {}
    for label, known in zip(np.unique(labels).tolist(), made.grids.grids.values(), strict=False):
        home = int(community[np.flatnonzero(labels == label)[0]])
        grids[label] = dataclasses.replace(known, community=home, code=f"62080210000{home + 1}{label + 1:03d}")
    return dataclasses.replace(made, grids=dataclasses.replace(made.grids, labels=labels.astype(np.int32), grids=grids))


def same_figures(one: GridFigures, other: GridFigures) -> None:
    for column in dataclasses.fields(GridFigures):
        a, b = getattr(one, column.name), getattr(other, column.name)
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b, err_msg=column.name)


def holds(project: Project, derived: Derived) -> None:
    """Whatever was edited: the grids cover the ground once, hold everybody once, and all that is shown is what follows from them."""
    units, plan, figures = project.units, project.grids, derived.figures
    assert units is not None
    assert plan is not None
    assert figures is not None
    assert set(plan.labels.tolist()) == set(plan.grids)
    codes = [known.code for known in plan.grids.values() if known.code]
    assert len(set(codes)) == len(codes)
    assert not plan.retired_codes & set(codes)
    polygons = unit_polygons(units)
    assert shapely.coverage_is_valid(polygons)
    homes = np.flatnonzero(units.address_unit >= 0)
    assert shapely.distance(polygons[units.address_unit[homes]], shapely.points(project.households.xy[homes])).max() < 0.02
    outlines = grid_outlines(units, plan)
    assert shapely.coverage_is_valid(outlines)
    assert shapely.area(outlines).sum() == pytest.approx(unit_areas(units).sum(), rel=1e-12)
    np.testing.assert_allclose(shapely.area(outlines), figures.area_m2, rtol=1e-9)
    assert figures.households.sum() == project.households.households[units.address_unit >= 0].sum()
    assert figures.persons.sum() == pytest.approx(project.households.persons[units.address_unit >= 0].sum())
    for row, grid in enumerate(figures.ids.tolist()):
        assert figures.households[row] == unit_households(units, project.households)[plan.labels == grid].sum()
        assert figures.persons[row] == pytest.approx(unit_persons(units, project.households)[plan.labels == grid].sum())
        assert figures.pieces[row] == shapely.get_num_geometries(outlines[row])
    same_figures(figures, from_scratch(units, plan, project.households, project.settings.grids))
    assert derived.colours.keys() == plan.grids.keys()
    assert set(derived.colours.values()) <= set(range(COLOURS))
    assert all(derived.colours[a] != derived.colours[b] for a, b in neighbour_pairs(units, plan.labels).tolist())


def whole(derived: Derived) -> Derived:
    return list(derive(derived, lambda: False))[-1]


def opened(project: Project) -> Derived:
    return list(derive(project, lambda: False))[-1]


def followed(before: Derived, after: Project) -> Derived:
    """What the window shows after a change: by increments where they are enough, else made anew."""
    derived = derived_after(before, after)
    if derived is None:
        assert plan_change(before.project, after) is None
        return opened(after)
    assert before.figures is not None
    assert derived.figures is not None
    if after.rules.keep is before.project.rules.keep:
        assert derived.kept == kept_areas(after)
    told = derived.changed
    assert told is not None
    for grid in derived.figures.ids.tolist():
        if grid not in told:
            row, was = int(np.searchsorted(derived.figures.ids, grid)), int(np.searchsorted(before.figures.ids, grid))
            assert derived.figures.status[row] == before.figures.status[was]
            assert derived.figures.load[row] == before.figures.load[was]
            assert derived.colours[grid] == before.colours[grid]
            assert after.grids is not None
            assert after.grids.grids[grid] is before.project.grids.grids[grid]  # type: ignore[union-attr]
    return whole(derived)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_edits_in_any_order_keep_every_promise_and_are_undone_one_by_one(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    session = Session(certified(replanned(archipelago(seed) if seed > 1 else planned(town(seed=seed), wide=3)), *TWO))
    derived, trail, refused = opened(session.project), [session.project], 0
    for _edit in range(EDITS):
        try:
            session.do(any_edit(session.project, rng))
        except EditRejected:
            refused += 1
            assert session.project is trail[-1]
            continue
        trail.append(session.project)
        derived = followed(derived, session.project)
        holds(session.project, derived)
        assert derived.issues == check(session.project)
    assert len(trail) > EDITS / 4
    saved = tmp_path / "town.gridplan"
    save_project(session.project, saved)
    again = open_project(saved)
    for name in ("units", "households", "communities", "rules"):
        assert fingerprint(getattr(again, name)) == fingerprint(getattr(session.project, name))
    np.testing.assert_array_equal(again.grids.labels, session.project.grids.labels)  # type: ignore[union-attr]
    assert again.grids.grids == session.project.grids.grids  # type: ignore[union-attr]
    assert again.grids.certificates == session.project.grids.certificates  # type: ignore[union-attr]
    trail = trail[-1 - len(session.history.past) :]  # as far back as steps are kept
    for project in reversed(trail[:-1]):
        session.undo()
        assert session.project is project
        derived = followed(derived, project)
        same_figures(derived.figures, from_scratch(project.units, project.grids, project.households, project.settings.grids))  # type: ignore[arg-type]
    assert derived.issues == check(trail[0])
    for project in trail[1:]:
        session.redo()
        assert session.project is project


def test_every_kind_of_edit_is_taken_somewhere() -> None:
    taken: Counter[str] = Counter()
    for seed in range(4):
        project, rng = replanned(planned(town(seed=seed), wide=3)), np.random.default_rng(seed)
        for strategy, _weight in STRATEGIES:
            for _try in range(6):
                try:
                    project = strategy(project, rng).apply(project)
                    taken[strategy.__name__] += 1
                except EditRejected:
                    continue
    assert {strategy.__name__ for strategy, _weight in STRATEGIES} == set(taken)
