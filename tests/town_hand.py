"""Edits of a town of blocks by the places of the blocks: what one hand does in a few words."""

import numpy as np
from block_town import BLOCK, X, Y, grid, unit

from gridplanner.edits.cut_edits import CutUnits, SplitGrid
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.table_edits import ChangeGrids


def moved(project, column, row, to):
    """The block to the grid of another block."""
    return MoveUnits((unit(project, column, row),), grid(project, *to)).apply(project)


def named(project, column, row, **fields):
    return ChangeGrids(((grid(project, column, row), tuple(fields.items())),)).apply(project)


def cut(project, column, row, *, across=True):
    """The block cut in two by a line through its middle."""
    x, y = X + BLOCK * (column + 0.5), Y + BLOCK * (row + 0.5)
    line = ((x - 60, y + 7), (x + 60, y + 7)) if across else ((x + 7, y - 60), (x + 7, y + 60))
    return CutUnits((line,), (unit(project, column, row),)).apply(project)


def split(project, column, row):
    """The grid of a block in two, by a line through its middle that is no street."""
    key = grid(project, column, row)
    rows = np.flatnonzero(project.grids.labels == key)
    near = project.units.xy[project.units.ends[np.isin(project.units.left, rows) | np.isin(project.units.right, rows)]].reshape(-1, 2)
    (x, y), reach = (near.min(axis=0) + near.max(axis=0)) / 2 + 11, 500
    return SplitGrid(key, ((x - reach, y), (x + reach, y))).apply(project)


def far_blocks(project):
    """Two blocks of community 0 in different grids, and the blocks of a third grid of it."""
    blocks = [(c, r) for c in range(4) for r in range(4)]
    first = blocks[0]
    second = next(b for b in blocks if grid(project, *b) != grid(project, *first))
    third = next(b for b in blocks if grid(project, *b) not in {grid(project, *first), grid(project, *second)})
    return first, second, third
