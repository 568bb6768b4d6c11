"""Mileage of rail lines: what kilometre posts say at each place of a line as it is drawn, over broken chains and in several systems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gridplanner.model.lines import Floats

_TEXT = re.compile(r"\s*([A-Za-z]*?)[Kk]?(\d+)\s*[+＋]\s*(\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True, eq=False)
class Mileage:
    """One mileage system of a line: what it reads at `along` (k,) metres of the drawn line, rising, first and last of them the line's ends.

    `behind` (k,) is the reading for who comes from the line's start, `ahead` (k,) for who goes on: they differ at a broken chain (断链),
    where `ahead` less than `behind` is a long chain (长链: readings occur twice) and more a short one (短链: readings are left out).
    Between two rows the reading is linear from `ahead` of the one to `behind` of the next, and rises. `prefix` is what stands before the
    kilometres (K, DK, …); `track` is empty for all tracks, or up, or down.
    """

    along: Floats
    behind: Floats
    ahead: Floats
    prefix: str = "K"
    track: str = ""

    def at(self, along: float, *, coming: bool = False) -> float:
        """Return the reading in metres at a place along the line; at a broken chain the one ahead, behind for who is `coming`."""
        side: Literal["left", "right"] = "left" if coming else "right"
        row = int(np.clip(np.searchsorted(self.along, along, side=side) - 1, 0, len(self.along) - 2))
        share = (along - self.along[row]) / max(self.along[row + 1] - self.along[row], 1e-9)
        return float(self.ahead[row] + np.clip(share, 0.0, 1.0) * (self.behind[row + 1] - self.ahead[row]))

    def places(self, chainage: float) -> tuple[float, ...]:
        """Return the places along the line, rising, that read so many metres: none in a gap, two within a long chain."""
        found: list[float] = []
        for row in range(len(self.along) - 1):
            low, high = float(self.ahead[row]), float(self.behind[row + 1])
            if low - 1e-6 <= chainage <= high + 1e-6:
                share = (chainage - low) / max(high - low, 1e-9)
                place = float(self.along[row] + np.clip(share, 0.0, 1.0) * (self.along[row + 1] - self.along[row]))
                if not found or place - found[-1] > 1e-3:
                    found.append(place)
        return tuple(found)

    def text(self, along: float, *, coming: bool = False, decimals: int = 0) -> str:
        """Return the reading at a place as text that is found again: the earlier place of a long chain counts on past a thousand metres."""
        reading = self.at(along, coming=coming)
        behind = self.along >= along - 1e-6 if coming else self.along > along + 1e-6  # breaks still to come
        half = 0.5 * 10.0**-decimals
        twice = behind & (self.ahead < self.behind) & (self.ahead <= reading + half) & (reading <= self.behind)
        carried = int(reading // 1000 - (np.ceil(self.ahead[twice][0] / 1000) - 1)) if twice.any() else 0
        return chainage_text(reading, self.prefix, decimals, carried)

    def find(self, text: str) -> tuple[float, ...]:
        """Return the places that a text such as K814+300 names; raises ValueError for what is no chainage.

        Metres past a thousand name the earlier of two places within a long chain.
        """
        prefix, kilometres, metres = split_chainage(text)
        if prefix and prefix.upper() != self.prefix.upper():
            return ()
        found = self.places(1000.0 * kilometres + metres)
        return found[:1] if metres >= 1000 and len(found) > 1 else found[-1:]


def plain_mileage(length: float, start: float = 0.0, prefix: str = "K") -> Mileage:
    """Return the mileage of a line of so many metres that reads `start` at its first point and rises metre by metre."""
    ends = np.array([start, start + length])
    return Mileage(np.array([0.0, length]), ends, ends, prefix)


def split_chainage(text: str) -> tuple[str, int, float]:
    """Return prefix, kilometres and metres of a chainage; raises ValueError for what is none.

    >>> split_chainage("DK12+5.5"), split_chainage("814+300"), split_chainage("k899+1020")
    (('DK', 12, 5.5), ('', 814, 300.0), ('K', 899, 1020.0))
    """
    found = _TEXT.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a chainage such as K814+300")
    letters = text.strip()[: len(text.strip()) - len(text.strip().lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))]
    return letters.upper(), int(found[2]), float(found[3])


def chainage_text(metres: float, prefix: str = "K", decimals: int = 0, carried: int = 0) -> str:
    """Return metres as a chainage; `carried` kilometres are counted on in the metres.

    >>> chainage_text(814300.0), chainage_text(12005.5, "DK", 1), chainage_text(900020.0, carried=1)
    ('K814+300', 'DK12+005.5', 'K899+1020')
    """
    scale = 10**decimals
    whole = round(metres * scale)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    kilometres, rest = divmod(whole, 1000 * scale)
    rest, kilometres = rest + carried * 1000 * scale, kilometres - carried
    width = 4 + decimals if decimals else 3
    return f"{prefix}{sign}{kilometres}+{rest / scale:0{width}.{decimals}f}"
