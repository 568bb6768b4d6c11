"""A linear programme in whole numbers, held as blocks of rows: what every solver of rosters is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from algorithms.network.polylines import Ints

NONE = -1  # of a column: no column, its factor counts nothing
WIDE = 2**40  # a side of a row that is open
ROUNDING = 1e-4  # of a unit of value, by which a solver's bound may be off


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one rule, low ≤ Σ factors · columns ≤ high: `columns`, `factors` (r, k), `low`, `high` (r,), whose they are (r,)."""

    rule: str
    columns: Ints
    factors: Ints
    low: Ints
    high: Ints
    person: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.low)


@dataclass(eq=False)
class Programme:
    """Columns with bounds and costs, and the blocks of rows between them; it is written once and then only read."""

    lower: list[Ints] = field(default_factory=list)
    upper: list[Ints] = field(default_factory=list)
    cost: list[Ints] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    count: int = 0
    given: tuple[csr_array, Ints, Ints] | None = None  # rows and sides instead of blocks

    def columns(self, shape: tuple[int, ...], lower: Any, upper: Any, cost: Any = 0) -> Ints:
        """Return the numbers of new columns in that shape; bounds and costs are broadcast to it."""
        size = int(np.prod(shape, dtype=np.int64))
        for kept, value in ((self.lower, lower), (self.upper, upper), (self.cost, cost)):
            kept.append(np.broadcast_to(np.asarray(value, np.int64), shape).ravel())
        self.count += size
        return np.arange(self.count - size, self.count).reshape(shape)

    def rows(self, rule: str, columns: Ints, factors: Any, low: Any = -WIDE, high: Any = WIDE, person: Any = -1, day: Any = -1) -> None:
        """Add rows (r, k) of a rule; columns may be NONE, the rest is broadcast."""
        count = len(columns)
        if not count or not columns.shape[1]:
            return
        each = [np.broadcast_to(np.asarray(value, np.int64), (count,)) for value in (low, high, person, day)]
        whole = np.where(columns == NONE, 0, np.broadcast_to(np.asarray(factors, np.int64), columns.shape))
        self.blocks.append(Block(rule, columns, whole, *each))

    @property
    def bounds(self) -> tuple[Ints, Ints]:
        """The least and most of every column, (n,) each."""
        return np.concatenate(self.lower), np.concatenate(self.upper)

    @property
    def prices(self) -> Ints:
        """The cost of every column, (n,)."""
        return np.concatenate(self.cost)

    @property
    def unit(self) -> int:
        """The greatest number that every value is a multiple of: all columns are whole."""
        return int(np.gcd.reduce(self.prices)) or 1

    def whole(self, bound: float) -> int:
        """Return the least value that is not below a bound, which may be a little too high; -WIDE where there is no bound."""
        return raised(bound, self.unit)

    def matrix(self) -> tuple[csr_array, Ints, Ints]:
        """Return the rows (m, n), their low and high sides."""
        if self.given is not None:
            return self.given
        starts = np.cumsum([0, *(len(block) for block in self.blocks)])
        row, column, factor = [], [], []
        for start, block in zip(starts.tolist(), self.blocks, strict=False):
            at, slot = np.nonzero(block.factors)
            row.append(start + at)
            column.append(block.columns[at, slot])
            factor.append(block.factors[at, slot])
        shape = (int(starts[-1]), self.count)
        if not self.blocks:
            return csr_array(shape, dtype=np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
        matrix = csr_array((np.concatenate(factor), (np.concatenate(row), np.concatenate(column))), shape=shape)
        return matrix, np.concatenate([block.low for block in self.blocks]), np.concatenate([block.high for block in self.blocks])


def raised(bound: float, unit: int) -> int:
    """Return the least multiple of a unit that is not below a bound, but for rounding; -WIDE where the bound is not finite."""
    if not np.isfinite(bound) or bound <= -WIDE:
        return -WIDE
    return unit * int(np.ceil(bound / unit - ROUNDING * max(1.0, abs(bound / unit) / 1e4)))
