"""What changed of units and grids, for the log: which units went where, which grids began and ended, what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from gridplanner.model.change_line import ChangeLine, counted, shortened
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.plan_change import other_grids
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import Units

PAIRS = 12  # of grids between which units moved that are told one by one
WHOLE = 20  # grids from which on a plan of which most grids are others is told as a whole
_FIELDS = ("code", "name", "locked", "kind", "valid_from")  # of a grid, told with both values

Move = tuple[int, int, int, int]  # from grid, to grid, units, households


def grid_changes(before: Project, after: Project) -> list[ChangeLine]:
    """Return what changed of the units and the grid plan; most of what an edit leaves alone is passed over by identity."""
    lines: list[ChangeLine] = []
    if before.units is not after.units:
        lines += _unit_lines(before.units, after.units)
    old, new = before.grids, after.grids
    if old is new:
        return lines
    if old is None or new is None:
        return [*lines, *counted(len(old or ()), len(new or ()), "grids")]
    moves = _moves(before, after, old, new)
    touched = {grid for one, other, _units, _homes in moves for grid in (one, other)}
    others = other_grids(old.grids, new.grids, touched)
    if (moves and _is_whole(touched | others, old, new)) or not _comparable(before.units, after.units):
        return [*lines, *_as_a_whole(moves, old, new)]
    return [*lines, *_ends(moves, others, old, new), *_moved(moves, old, new), *_fields(others, old.grids, new.grids)]


def _unit_lines(old: Units | None, new: Units | None) -> tuple[ChangeLine, ...]:
    if old is not None and new is not None and _is_cut(old, new):
        return counted(len(old), len(new), "units", "cut")
    lines = counted(len(old or ()), len(new or ()), "units")
    return lines or (ChangeLine("units", "", "made", str(len(old or ())), str(len(new or ()))),)


def _is_cut(old: Units, new: Units) -> bool:
    """Return whether some units are finer by the planner's line: the others keep their rows."""
    return (
        new.by_hand and old.made_from == new.made_from and len(new) > len(old) and np.array_equal(old.community, new.community[: len(old)])
    )


def _comparable(old: Units | None, new: Units | None) -> bool:
    """Return whether a row of the one means the same unit in the other."""
    return old is new or (old is not None and new is not None and (_is_cut(old, new) or _is_cut(new, old)))


def _moves(before: Project, after: Project, old: GridPlan, new: GridPlan) -> list[Move]:
    """Return between which grids how many units and households moved, most households first; nothing where units are other ones."""
    if old.labels is new.labels or not _comparable(before.units, after.units):
        return []
    count = min(len(old.labels), len(new.labels))
    rows = np.flatnonzero(old.labels[:count] != new.labels[:count])
    if not len(rows) or after.units is None:
        return []
    homes = _households(after.units, after, rows)
    pairs, pair = np.unique(np.column_stack((old.labels[rows], new.labels[rows])), axis=0, return_inverse=True)
    units, households = np.bincount(pair.ravel()), np.rint(np.bincount(pair.ravel(), homes)).astype(int)
    order = np.lexsort((-units, -households))
    return list(zip(*pairs[order].T.tolist(), units[order].tolist(), households[order].tolist(), strict=True))


def _households(units: Units, project: Project, rows: Ints) -> Floats:
    if len(units.address_unit) != len(project.households):
        return np.zeros(len(rows))
    found: Floats = unit_households(units, project.households)[rows]
    return found


def _is_whole(grids: set[int], old: GridPlan, new: GridPlan) -> bool:
    return len(grids) > WHOLE and 2 * len(grids) > max(len(old), len(new))


def _as_a_whole(moves: list[Move], old: GridPlan, new: GridPlan) -> Iterator[ChangeLine]:
    yield ChangeLine("grids", "", "made", str(len(old)), str(len(new)))
    if moves:
        yield _sum_of(moves, "moved")


def _moved(moves: list[Move], old: GridPlan, new: GridPlan) -> Iterator[ChangeLine]:
    for one, other, units, households in moves[:PAIRS]:
        yield ChangeLine("units", _amount(units, households), "grid", called(old.grids, one), called(new.grids, other))
    if len(moves) > PAIRS:
        yield _sum_of(moves[PAIRS:], "moved")


def _sum_of(moves: list[Move], field: str) -> ChangeLine:
    return ChangeLine("units", _amount(sum(move[2] for move in moves), sum(move[3] for move in moves)), field, "", "")


def _amount(units: int, households: int) -> str:
    return f"units={units} households={households}"


def _ends(moves: list[Move], others: set[int], old: GridPlan, new: GridPlan) -> Iterator[ChangeLine]:
    """Return the grids that ended, with those that took their units, and those that began, with those that gave."""
    for grid in sorted(others):
        if grid in old.grids and grid not in new.grids:
            heirs = [other for one, other, _units, _homes in moves if one == grid]
            merged = len(heirs) == 1 and heirs[0] in old.grids
            name = called(old.grids, grid)
            yield ChangeLine("grid", name, "merged" if merged else "ended", name, _list(new.grids, heirs))
    for grid in sorted(others):
        if grid in new.grids and grid not in old.grids:
            givers = [one for one, other, _units, _homes in moves if other == grid]
            name = called(new.grids, grid)
            yield ChangeLine("grid", name, "begun", _list(old.grids, givers), name)


def _list(grids: Mapping[int, Grid], ids: Iterable[int]) -> str:
    return shortened(", ".join(called(grids, grid) for grid in ids))


def _fields(others: set[int], old: Mapping[int, Grid], new: Mapping[int, Grid]) -> Iterator[ChangeLine]:
    """Return the fields of grids that changed; of the people on duty only how many they are: the log names nobody."""
    for grid in sorted(others):
        one, other = old.get(grid), new.get(grid)
        if one is None or other is None or one is other:
            continue
        name = called(old, grid)
        for field in _FIELDS:
            was, now = getattr(one, field), getattr(other, field)
            if was != now:
                yield ChangeLine("grid", name, field, shortened(text_of(was)), shortened(text_of(now)))
        if one.workers != other.workers:
            yield ChangeLine("grid", name, "workers", str(len(one.workers)), str(len(other.workers)))


def called(grids: Mapping[int, Grid], grid: int) -> str:
    """Return a grid's code, or #id where it has none."""
    known = grids.get(grid)
    return known.code if known is not None and known.code else f"#{grid}"


def text_of(value: object) -> str:
    """Return a plain value as the log has it.

    >>> text_of(True), text_of(None), text_of(0.1), text_of("甲")
    ('yes', '', '0.1', '甲')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
