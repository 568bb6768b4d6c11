"""What the table of grids shows: figures, particulars, colours and texts, a row a grid, followed from one project to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import is_not

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.project import Project
from gridplanner.model.statistics import GridFigures
from ui.derived import Derived
from ui.figures import out_of_band
from ui.map.label_layer import short_code

FEW = 200  # grids that may be another for the rest to be taken over unlooked at


@dataclass(frozen=True, eq=False)
class GridRows:
    """What rows show, one a grid in the order of `figures.ids`: `rank` is each grid's place by its code.

    `fresh` are the rows whose particulars or colour may be another than in the content before, None where any may.
    """

    project: Project
    figures: GridFigures
    grids: list[Grid]
    codes: list[str]
    words: list[str]
    colours: Ints
    out: Bools
    rank: Ints
    several: bool
    fresh: Ints | None = None

    @property
    def ids(self) -> Ints:
        """The grids."""
        return self.figures.ids


def grid_rows_of(derived: Derived, before: GridRows | None) -> GridRows | None:
    """Return what the table shows of a project, None where it has no grids; texts of grids that are the same as `before` are taken over."""
    plan, figures, project = derived.project.grids, derived.figures, derived.project
    if plan is None or figures is None:
        return None
    if before is not None and derived.changed is not None and len(derived.changed) <= FEW:
        followed = _followed(derived, plan, figures, before)
        if followed is not None:
            return followed
    ids = figures.ids.tolist()
    grids = list(map(plan.grids.__getitem__, ids))
    several = len(figures) > 0 and bool((figures.community != figures.community[0]).any())
    colours = np.array([0 if colour is None else colour for colour in map(derived.colours.get, ids)], np.int64)
    out = out_of_band(figures, project.settings.grids)
    if before is not None and (before.several != several or before.project.communities is not project.communities):
        before = None
    if before is not None and np.array_equal(before.ids, figures.ids):
        codes, words, rank = before.codes.copy(), before.words.copy(), before.rank
        fresh = np.flatnonzero(np.fromiter(map(is_not, before.grids, grids), bool, len(grids))).tolist()
        ranked = all(before.grids[row].code == grids[row].code for row in fresh)
    else:
        codes, words, fresh, ranked, rank = [""] * len(ids), [""] * len(ids), list(range(len(ids))), False, np.zeros(0, np.int64)
    for row in fresh:
        grid = grids[row]
        codes[row] = table_code(grid, ids[row], several=several)
        words[row] = _searched(project, grid, codes[row])
    if not ranked:
        full = [grid.code for grid in grids]
        rank = np.empty(len(full), np.int64)
        rank[sorted(range(len(full)), key=lambda row: (full[row], ids[row]))] = np.arange(len(full))
    return GridRows(project, figures, grids, codes, words, colours, out, rank, several)


def _followed(derived: Derived, plan: GridPlan, figures: GridFigures, before: GridRows) -> GridRows | None:
    """Return the content where only `derived.changed` are another than `before`, None where rows or their order by code are too.

    Lists are copied and a few rows replaced: nothing is done grid by grid but for those that changed.
    """
    project = derived.project
    if before.project.communities is not project.communities or not np.array_equal(before.ids, figures.ids):
        return None
    grids, codes, words, colours = before.grids.copy(), before.codes.copy(), before.words.copy(), before.colours.copy()
    labels = np.array(sorted(derived.changed or ()), np.int64)
    labels = labels[np.isin(labels, figures.ids)]
    fresh = np.searchsorted(figures.ids, labels)
    for label, row in zip(labels.tolist(), fresh.tolist(), strict=True):
        grid, colours[row] = plan.grids[label], derived.colours.get(label, 0)
        if grid is not grids[row]:
            if grid.code != grids[row].code:
                return None
            grids[row], words[row] = grid, _searched(project, grid, codes[row])
    out = out_of_band(figures, project.settings.grids)
    return GridRows(project, figures, grids, codes, words, colours, out, before.rank, before.several, fresh)


def _searched(project: Project, grid: Grid, code: str) -> str:
    """Return all that plain text is looked for in, small letters."""
    return "\n".join((grid.code, code, grid.name, grid.prev_code, community_of(project, grid), *grid.workers)).casefold()


def field_value(field: str, value: object) -> object:
    """Return a field of a grid from what was written into a cell.

    >>> field_value("workers", "Ann, post 3"), field_value("locked", "")
    (('Ann', 'post 3'), False)
    """
    text = str(value).strip()
    if field == "workers":
        return tuple(dict.fromkeys(name.strip() for name in re.split(r"[,，、;；\n]", text) if name.strip()))
    if field == "locked":
        return value if isinstance(value, bool) else text.casefold() not in {"", "0", "no", "false", "否", "-", "–"}
    return " ".join(text.split()) if field == "name" else text


def worker_words(workers: tuple[str, ...]) -> str:
    """Return people on duty in one line."""
    return reduce(lambda one, two: _("{one}, {two}").format(one=one, two=two), workers) if workers else ""


def table_code(grid: Grid, label: int, *, several: bool) -> str:
    """Return a grid's short code, behind its community's digits where there are several communities.

    >>> table_code(Grid(0, "620802100014007"), 7, several=True)
    '014-07'
    """
    short = short_code(grid, label)
    return f"{grid.code[-6:-3]}-{short}" if several and len(grid.code) >= 6 else short


def grid_words(grid: Grid, code: str) -> str:
    """Return all that is known of a grid beside its figures, a line each."""
    lines = [code]
    lines += [grid.name] if grid.name else []
    lines += [_("On duty: {names}").format(names=worker_words(grid.workers))] if grid.workers else []
    lines += [_("Before: {code}").format(code=grid.prev_code)] if grid.prev_code and grid.prev_code != grid.code else []
    lines += [_("Valid from {date}").format(date=grid.valid_from)] if grid.valid_from else []
    lines += [_("Locked: no tool and no new plan changes it")] if grid.locked else []
    lines += [_("Exclusive: a grid of its own, whatever it holds")] if grid.kind == "exclusive" else []
    lines += [_("Villagers' group")] if grid.kind == "group" else []
    return "\n".join(lines)


def community_of(project: Project, grid: Grid) -> str:
    """Return the name of the community that a grid lies in."""
    names = project.communities.names
    return str(names[grid.community]) if 0 <= grid.community < len(names) else ""
