"""Two plans of one district side by side: which grids correspond, who is in another one, and both plans in figures."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.lines import Bools, Floats, Ints, Texts

NONE = -1  # no grid


@dataclass(frozen=True)
class Totals:
    """One plan in figures: `border_m` metres between its grids without the limits of communities; percentages 0–100."""

    grids: int
    in_band: int
    worst: float
    border_m: float
    street_pct: float
    compact: float


@dataclass(frozen=True, eq=False)
class GridPairs:
    """Grids of the two plans that correspond, one row a pair or a grid without counterpart (id NONE, empty code), (g,) each.

    `left` are households that were in the grid and are not in its counterpart, `joined` those that came from other grids.
    """

    before: Ints
    after: Ints
    before_code: Texts
    after_code: Texts
    community: Texts
    before_households: Floats
    after_households: Floats
    left: Floats
    joined: Floats

    def __len__(self) -> int:
        return len(self.before)


@dataclass(frozen=True, eq=False)
class Moves:
    """Households that are in another grid, by where they were and where they are, most households first, (p,) each.

    `boxes` (p, 4) are left, bottom, right and top of their addresses in metres.
    """

    before: Ints
    after: Ints
    before_code: Texts
    after_code: Texts
    community: Texts
    addresses: Ints
    households: Floats
    boxes: Floats

    def __len__(self) -> int:
        return len(self.before)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans side by side: `moved` of the `planned` households that both have in grids are in another one.

    `changed` (u,) are the units of the later plan most of whose households are in another grid; of units without households those
    that have another grid, where both plans have the same units.
    """

    titles: tuple[str, str]
    pairs: GridPairs
    moves: Moves
    moved: float
    planned: float
    totals: tuple[Totals, Totals]
    changed: Bools

    @property
    def share(self) -> float:
        """The share of the households that are in another grid, 0 to 1."""
        return self.moved / self.planned if self.planned > 0 else 0.0
