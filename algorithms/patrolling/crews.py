"""The crews of a patrol: where and when each starts, how long it may be out, and when it rests."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from algorithms.network.polylines import Floats, Ints


@dataclass(frozen=True, eq=False)
class Crews:
    """Crews, one row each, all of them different persons: a row is a route at most.

    `depot` and `home` (c,) are the nodes where a route starts and ends; `start` (c,) is when the shift begins, seconds after the
    patrol's time zero, `shift` (c,) how long it is and `overtime` (c,) what may be added, seconds. `rest` (c,) seconds of break within
    the shift (0: none), which begins between `rest_from` and `rest_to` (c,), seconds after time zero, wherever the crew is.

    Raises
    ------
    ValueError
        Where a time makes no sense, or columns differ in length.
    """

    depot: Ints
    home: Ints
    start: Floats
    shift: Floats
    overtime: Floats
    rest: Floats
    rest_from: Floats
    rest_to: Floats

    def __post_init__(self) -> None:
        for one in fields(self):
            column = np.asarray(getattr(self, one.name)).view()
            column.setflags(write=False)
            object.__setattr__(self, one.name, column)
        checks = {
            "crews need one value a row": all(getattr(self, one.name).shape == (len(self),) for one in fields(self)),
            "there must be a crew": len(self) >= 1,
            "a shift must be positive and overtime not negative": bool(
                np.all(np.isfinite(self.shift) & (self.shift > 0) & np.isfinite(self.overtime) & (self.overtime >= 0))
            ),
            "a shift must begin at a time": bool(np.all(np.isfinite(self.start))),
            "a break must be shorter than its shift, and begin before it must have begun": bool(
                np.all((self.rest >= 0) & (self.rest < self.shift) & (self.rest_from <= self.rest_to))
            ),
        }
        for message, holds in checks.items():
            if not holds:
                raise ValueError(message)

    def __len__(self) -> int:
        return len(self.depot)

    @property
    def longest(self) -> Floats:
        """Seconds after its start at which each crew must be back, (c,)."""
        return np.asarray(self.shift + self.overtime)


def like_crews(count: int, depot: int, shift: float, overtime: float = 0.0) -> Crews:
    """Return crews that all start at time zero from one node and come back to it, without a break."""
    node, zero = np.full(count, depot, np.int64), np.zeros(count)
    return Crews(node, node, zero, np.full(count, shift), np.full(count, overtime), zero, np.full(count, -np.inf), np.full(count, np.inf))
