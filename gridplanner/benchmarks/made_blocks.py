"""Made cities whose blocks stay whole: few, heavy units, so that the choice of blocks decides everything. For benchmarks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.sums import group_sums
from gridplanner.benchmarks.made_city import (
    CRS,
    Walls,
    community_polygons,
    corners,
    density,
    fixed_sides,
    homes_in,
    kept_sides,
    streets,
    walls,
)
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings, ProjectSettings, Settings

PER_BLOCK = 57.0  # households in the mean
HEAVIEST = 280  # households of a block
JOINED = 0.812  # blocks a cell where 12 % of the inner sides of local streets are left out (measured)
ACROSS = 8.2  # cells across a community, so that it has about 3,000 households
Sides = tuple[NDArray[np.bool_], NDArray[np.bool_]]
Ints = NDArray[np.signedinteger[Any]]


def made_coarse_city(households: int, seed: int = 1) -> Project:
    """Return a city of blocks of about 57 households, none above 280, that stay whole; communities of about 3,000 households.

    A million households make about 17,600 blocks in 324 communities, 5.3 blocks a grid of 300.
    """
    rng = np.random.default_rng(seed)
    n = max(round(np.sqrt(households / PER_BLOCK / JOINED)), 8)
    corner, wall = corners(n, n, rng), walls(n, ACROSS)
    return _project(f"coarse-{households}", corner, (wall, wall), kept_sides(corner, (wall, wall), rng), households, seed, rng)


def made_community(blocks: int, grids: int, seed: int = 1) -> Project:
    """Return one community of exactly `blocks` blocks with 300 households for each of `grids`; blocks stay whole."""
    rng = np.random.default_rng(seed)
    rows = max(round(np.sqrt(blocks / JOINED)), 2)
    cols = -(-round(blocks / JOINED) // rows)
    corner = corners(rows, cols, rng)
    wall = (np.array([0, rows]), np.array([0, cols]))
    return _project(f"blocks-{blocks}", corner, wall, _sides_for(corner, wall, blocks, rng), 300 * grids, seed, rng)


def _project(name: str, corner: Floats, wall: Walls, keep: Sides, households: int, seed: int, rng: np.random.Generator) -> Project:
    block = blocks_of(keep)
    return Project(
        settings=Settings(ProjectSettings(name, CRS, seed), grids=GridSettings(target_households=300.0, divide_blocks=False)),
        crs=CRS,
        communities=community_polygons(corner, wall),
        households=homes_in(corner, _cells_of_homes(block, households, rng), rng),
        roads=streets(corner, keep),
    )


def blocks_of(keep: Sides) -> Ints:
    """Return the block of each cell (rows, cols): cells that no street parts are one block."""
    shape = keep[0].shape[0], keep[1].shape[1]
    cell = np.arange(shape[0] * shape[1]).reshape(shape)
    # a side along the first axis parts two columns, one along the second two rows
    beside, above = ~keep[0][:, 1:-1], ~keep[1][1:-1]
    low = np.concatenate((cell[:, :-1][beside], cell[:-1][above]))
    high = np.concatenate((cell[:, 1:][beside], cell[1:][above]))
    return components(cell.size, low, high).reshape(cell.shape)


def _sides_for(corner: Floats, wall: Walls, blocks: int, rng: np.random.Generator) -> Sides:
    """Return the streets that leave exactly `blocks` blocks: sides go one by one by chance, where that joins two blocks."""
    rows, cols = corner.shape[0] - 1, corner.shape[1] - 1
    first, second = np.ones((rows, cols + 1), bool), np.ones((rows + 1, cols), bool)
    fixed = fixed_sides(corner, wall)
    free = [(axis, row, col) for axis in (0, 1) for row, col in np.argwhere(~fixed[axis]).tolist()]
    count = rows * cols
    for at in rng.permutation(len(free)).tolist():
        if count == blocks:
            return first, second
        axis, row, col = free[at]
        (first, second)[axis][row, col] = False
        left = len(np.unique(blocks_of((first, second))))
        (first, second)[axis][row, col] = left == count  # a side inside a block stays: blind alleys bound nothing
        count = left
    raise ValueError(f"this lattice cannot be joined into {blocks} blocks")


def _cells_of_homes(block: Ints, households: int, rng: np.random.Generator) -> Ints:
    """Return the cell of every household: blocks by their density and none above `HEAVIEST`, then any cell of the block."""
    label = np.unique(block, return_inverse=True)[1].ravel()
    size = np.bincount(label)
    row, col = (axis.ravel().astype(float) for axis in np.indices(block.shape))
    share = density(group_sums(label, row) / size, group_sums(label, col) / size, (block.shape[0], block.shape[1]), rng)
    count = capped(share / share.sum(), households, HEAVIEST, rng)
    cells = np.argsort(label, kind="stable")
    start = np.cumsum(size) - size
    home = np.repeat(np.arange(len(size)), count)
    return np.asarray(cells[start[home] + (rng.random(len(home)) * size[home]).astype(int)])


def capped(share: Floats, total: int, most: int, rng: np.random.Generator) -> Ints:
    """Return whole numbers that add up to `total`, drawn by `share` and none above `most`: what is too much is drawn again.

    Raises ValueError where not all of it has room.
    """
    if np.count_nonzero(share) * most < total:
        raise ValueError(f"{total} do not fit into {np.count_nonzero(share)} places of {most}")
    count = np.zeros(len(share), np.int64)
    while (rest := total - int(count.sum())) > 0:
        open_share = np.where(count < most, share, 0.0)
        count = np.minimum(count + rng.multinomial(rest, open_share / open_share.sum()), most)
    return count
