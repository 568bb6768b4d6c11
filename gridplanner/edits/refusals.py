"""What edits ask of a project before they change it, and refuse in words where it is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.units import Units


def units_of(project: Project) -> Units:
    """Return the units; raises EditRejected where there are none."""
    if project.units is None:
        raise EditRejected(_("There are no units yet"))
    return project.units


def plan_of(project: Project) -> GridPlan:
    """Return the grid plan; raises EditRejected where there is none."""
    if project.grids is None:
        raise EditRejected(_("There is no grid plan yet"))
    return project.grids


def grid_of(plan: GridPlan, grid: int) -> Grid:
    """Return a grid; raises EditRejected where there is none of that id."""
    if grid not in plan.grids:
        raise EditRejected(_("There is no grid {grid}").format(grid=grid))
    return plan.grids[grid]


def refuse_changed(project: Project, needs: Mapping[str, str], words: str) -> None:
    """Raise EditRejected where fields of the project have other fingerprints than those that `words` was computed from."""
    if any(fingerprint(getattr(project, name)) != digest for name, digest in needs.items()):
        raise changed_since(words)


def changed_since(words: str) -> EditRejected:
    """Return the refusal of a slow result that something else came before."""
    return EditRejected(_("“{words}” was computed from data that has changed since; run it again").format(words=words))


def refuse_unknown(units: Units, rows: Ints) -> None:
    """Raise EditRejected where some of `rows` are no units."""
    if len(rows) and (rows.min() < 0 or rows.max() >= len(units)):
        raise EditRejected(_("There is no such unit"))


def refuse_locked(plan: GridPlan, grids: Ints | Iterable[int]) -> None:
    """Raise EditRejected where one of some grids is locked."""
    for key in np.unique(np.asarray(list(grids), np.int64)).tolist():
        if key in plan.grids and plan.grids[key].locked:
            raise EditRejected(_("Grid {grid} is locked; unlock it first").format(grid=plan.grids[key].code))


def refuse_exclusive(grid: Grid) -> None:
    """Raise EditRejected where a grid is exclusive: what it covers is a grid of its own as long as the rule stands."""
    if grid.kind == "exclusive":
        raise EditRejected(_("Grid {grid} is exclusive; take the rule away first").format(grid=grid.code))
