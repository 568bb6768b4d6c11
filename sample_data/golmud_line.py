"""The drawing of the Golmud scenario: a made railway of 230 km, and how its chainages lie on it over two broken chains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely.ops
from shapely import LineString

from sample_data.curves import FloatArray, points_of, smooth_line

SEED = 20260105
NAME = "青藏线"
FIRST, LAST = 814_000.0, 1_044_000.0
"""What is read at the two ends, metres."""
BREAKS = ((900_000.0, 900_020.0), (961_350.0, 961_000.0))
"""Broken chains, a short and a long one: what is read behind and ahead of each, metres."""
DESIGN = 13_200.0
"""What the builders' own chainage (DK), which knows no broken chains, reads at the first end, metres."""
BENDS = (
    (671.0, 4029.7), (667.5, 4017.2), (660.1, 4008.4), (661.5, 3996.8), (663.2, 3986.2), (651.3, 3976.9), (640.4, 3973.5), (629.8, 3971.2),
    (621.6, 3966.9), (617.3, 3957.3), (608.2, 3954.6), (600.7, 3951.5), (595.4, 3943.8), (584.5, 3935.5), (573.4, 3931.9), (564.0, 3928.2),
    (553.6, 3921.4), (544.2, 3917.4), (534.0, 3913.8), (523.8, 3907.2), (507.4, 3896.3),
)  # fmt: skip
"""Where the line is drawn through, kilometres east and north in the Gauss–Krüger zone of 93° E."""


@dataclass(frozen=True, eq=False)
class Axis:
    """The main track: a line on the ground in metres, from its first chainage to its last."""

    line: LineString

    def along(self, chainage: float, *, again: bool = False) -> float:
        """Metres along the line where so many metres are read: the first such place, or the second of a long chain.

        Raises
        ------
        ValueError
            Where nothing reads so, as in a short chain.
        """
        found = [
            start + chainage - low
            for low, high, start in zip(self._low, self._high, self._start, strict=True)
            if low - 1e-6 <= chainage <= high + 1e-6
        ]
        if not found:
            raise ValueError(f"no place reads {chainage}")
        return float(found[-1 if again else 0])

    def point(self, along: float, left: float = 0.0) -> FloatArray:
        """A place at so many metres along the line and beside it, to the left in its direction."""
        before, here, after = (points_of(self.line.interpolate(at))[0] for at in (max(along - 40.0, 0.0), along, along + 40.0))
        way = (after - before) / np.hypot(*(after - before))
        place: FloatArray = here + left * np.array([-way[1], way[0]])
        return place

    @cached_property
    def _low(self) -> list[float]:
        return [FIRST, *(ahead for _behind, ahead in BREAKS)]

    @cached_property
    def _high(self) -> list[float]:
        return [*(behind for behind, _ahead in BREAKS), LAST]

    @cached_property
    def _start(self) -> list[float]:
        lengths = [high - low for low, high in zip(self._low, self._high, strict=True)]
        return [0.0, *np.cumsum(lengths)[:-1].tolist()]


def draw_axis() -> Axis:
    """The main track, smooth through its bends and a little crooked between them, as long as its chainages ask."""
    dice = np.random.default_rng([SEED, 0])
    bends = np.array(BENDS) * 1000.0
    share = np.array([1 / 3, 2 / 3])[:, None]
    xy = [bends[:1]]
    for start, end in pairwise(bends):
        way = (end - start) / np.hypot(*(end - start))
        across = np.array([-way[1], way[0]])
        xy += [start + share * (end - start) + across * dice.uniform(-900.0, 900.0, (2, 1)), end[None]]
    whole = smooth_line(np.concatenate(xy), 40.0, 0.5)
    length = LAST - FIRST + sum(behind - ahead for behind, ahead in BREAKS)
    if whole.length < length:
        raise ValueError(f"the line is drawn {length - whole.length:.0f} m too short")
    cut = shapely.ops.substring(whole, 0.0, length)
    return Axis(LineString(np.round(points_of(cut), 2)))
