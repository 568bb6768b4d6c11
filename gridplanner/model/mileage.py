"""Mileage of rail lines: what kilometre posts say at each place of a line as it is drawn, over broken chains and in several systems."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from gridplanner.model.lines import Floats

_LETTERS = r"(?P<letters>(?:[A-Z][A-Z0-9]*?(?<=[A-Z]))?)"
_KM = r"(?:公里|千米|KM)"
_SPLIT = re.compile(
    rf"(?P<minus>-?)\s*{_LETTERS}\s*(?P<less>-?)(?P<km>\d+)\s*"
    rf"(?:(?P<plus>\+|{_KM}\s*\+?)\s*(?P<m>\d+(?:\.\d*)?)|(?P<apart>\s)(?P<three>\d{{3}}(?:\.\d*)?))\s*(?:米|M)?"
)
_WHOLE = re.compile(rf"(?P<minus>-?)\s*{_LETTERS}\s*(?P<less>-?)(?P<km>\d+(?:\.\d*)?|\.\d+)\s*{_KM}?")
_SAME = 1e-6  # metres


@dataclass(frozen=True)
class NearPlace:
    """The place nearest to a reading: metres `along` the drawn line, what is read there, and why it is not the reading itself.

    `why` is empty where the reading is found, `broken` where a short chain leaves it out, `beyond` where it lies before or behind the
    line, `system` where its letters are those of another system.
    """

    along: float
    text: str
    why: str = ""


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

    @property
    def breaks(self) -> tuple[int, ...]:
        """The inner rows at which the reading jumps, the broken chains, in line order."""
        jumps = np.abs(self.ahead - self.behind) > _SAME
        jumps[[0, -1]] = False
        return tuple(np.flatnonzero(jumps).tolist())

    def at(self, along: float, *, coming: bool = False) -> float:
        """Return the reading in metres at a place along the line; at a broken chain the one ahead, behind for who is `coming`."""
        side: Literal["left", "right"] = "left" if coming else "right"
        row = int(np.clip(np.searchsorted(self.along, along, side=side) - 1, 0, len(self.along) - 2))
        share = (along - self.along[row]) / max(self.along[row + 1] - self.along[row], 1e-9)
        return float(self.ahead[row] + np.clip(share, 0.0, 1.0) * (self.behind[row + 1] - self.ahead[row]))

    def readings(self, along: Floats) -> Floats:
        """Return the readings (n,) in metres at places (n,) along the line, ahead at broken chains."""
        row = np.clip(np.searchsorted(self.along, along, side="right") - 1, 0, len(self.along) - 2)
        share = (along - self.along[row]) / np.maximum(self.along[row + 1] - self.along[row], 1e-9)
        found: Floats = self.ahead[row] + np.clip(share, 0.0, 1.0) * (self.behind[row + 1] - self.ahead[row])
        return found

    def places(self, chainage: float, within: float = _SAME) -> tuple[float, ...]:
        """Return the places along the line, rising, that read so many metres: none in a gap, two within a long chain.

        A stretch that begins or ends `within` metres of the reading counts by that end.
        """
        found: list[float] = []
        for _stretch, place in self._candidates(chainage, within):
            if not found or place - found[-1] > 1e-3:
                found.append(place)
        return tuple(found)

    def text(self, along: float, *, coming: bool = False, decimals: int = 0) -> str:
        """Return the reading at a place as text that is found again: the earlier place of a long chain counts on past a thousand metres."""
        scale = 10.0**decimals
        reading = round(self.at(along, coming=coming) * scale) / scale
        breaks = self.along[list(self.breaks)]
        stretch = int(np.searchsorted(breaks, along - _SAME if coming else along + _SAME))
        return chainage_text(reading, self.prefix, decimals, dict(self._carried(reading, 0.5 / scale)).get(stretch, 0))

    def find(self, text: str) -> tuple[float, ...]:
        """Return the place that a text such as K814+300 names; raises ValueError for what is no chainage.

        Metres past a thousand name the earlier of two places within a long chain. Empty in the gap of a short chain, beyond the line's
        ends and where the letters are of another system; `nearest` says which.
        """
        letters, kilometres, metres = split_chainage(text)
        if letters and letters != self.prefix.upper():
            return ()
        reading, within = 1000.0 * kilometres + metres, 0.5 * 10.0 ** -_decimals_of(text)
        candidates = self._candidates(reading, within)
        if not candidates:
            return ()
        asked = int(metres // 1000)
        carried = self._carried(reading, within)
        for (_stretch, place), (_same, count) in zip(candidates, carried, strict=True):
            if count == asked:
                return (place,)
        return (candidates[0][1],) if asked else (candidates[-1][1],)

    def nearest(self, text: str) -> NearPlace:
        """Return the place that a text names, else the one nearest to its reading; raises ValueError for what is no chainage."""
        letters, kilometres, metres = split_chainage(text)
        if letters and letters != self.prefix.upper():
            return NearPlace(float(self.along[0]), self.text(float(self.along[0])), "system")
        reading = 1000.0 * kilometres + metres
        if found := self.find(text):
            return NearPlace(found[0], self.text(found[0]))
        for row in self.breaks:
            if self.behind[row] < reading < self.ahead[row]:
                return NearPlace(float(self.along[row]), self.text(float(self.along[row])), "broken")
        ends = float(self.along[0]), float(self.along[-1])
        away = [abs(reading - self.at(ends[0])), abs(reading - self.at(ends[1], coming=True))]
        along = ends[0] if away[0] <= away[1] else ends[1]
        return NearPlace(along, self.text(along, coming=along == ends[1]), "beyond")

    def clipped(self, low: float, high: float) -> Mileage:
        """Return the mileage of the piece of the line from `low` to `high` metres along it."""
        inner = (self.along > low + _SAME) & (self.along < high - _SAME)
        first, last = self.at(low), self.at(high, coming=True)
        behind = np.concatenate(([first], self.behind[inner], [last]))
        ahead = np.concatenate(([first], self.ahead[inner], [last]))
        return Mileage(np.concatenate(([0.0], self.along[inner] - low, [high - low])), behind, ahead, self.prefix, self.track)

    def _candidates(self, chainage: float, within: float) -> list[tuple[int, float]]:
        """Return the stretches between broken chains that have a reading, and its place in each, in line order."""
        rows = [0, *self.breaks, len(self.along) - 1]
        found: list[tuple[int, float]] = []
        for stretch, (first, last) in enumerate(pairwise(rows)):
            low, high = float(self.ahead[first]), float(self.behind[last])
            if low - within - _SAME <= chainage <= high + within + _SAME:
                readings = np.concatenate(([low], self.behind[first + 1 : last + 1]))
                found.append((stretch, float(np.interp(chainage, readings, self.along[first : last + 1]))))
        return found

    def _carried(self, reading: float, within: float) -> list[tuple[int, int]]:
        """Return the stretches that have a reading, and how many kilometres its text counts on in each: none in the last."""
        rows = [0, *self.breaks]
        found: list[tuple[int, int]] = []
        carried, stretches = 0, [stretch for stretch, _place in self._candidates(reading, within)]
        for here, later in zip(stretches[::-1], [None, *stretches[:0:-1]], strict=True):
            if later is not None:  # behind the last thousand that is not read twice, as in K899+1020 = K900+000
                carried += max(int(reading // 1000) - int(self.ahead[rows[later]] // 1000) + 1, 1)
            found.append((here, carried if reading >= 1000 * carried else 0))
        return found[::-1]


def plain_mileage(length: float, start: float = 0.0, prefix: str = "K") -> Mileage:
    """Return the mileage of a line of so many metres that reads `start` at its first point and rises metre by metre."""
    ends = np.array([start, start + length])
    return Mileage(np.array([0.0, length]), ends, ends, prefix)


def converted(text: str, mileage: Mileage, other: Mileage, decimals: int = 0) -> str:
    """Return what another system of the same line reads where one reads a text, empty where that is no place.

    Raises ValueError for what is no chainage.
    """
    found = mileage.find(text)
    return other.text(found[0], decimals=decimals) if found else ""


def split_chainage(text: str) -> tuple[str, int, float]:
    """Return letters, kilometres and metres of a chainage in any shape that people write; raises ValueError for what is none.

    >>> split_chainage("DK12+5.5"), split_chainage("814+300"), split_chainage("k899+1020")
    (('DK', 12, 5.5), ('', 814, 300.0), ('K', 899, 1020.0))
    >>> split_chainage(" Ｋ８１４ ＋ ３００ "), split_chainage("814公里300米"), split_chainage("K814 300"), split_chainage("-K0+050")
    (('K', 814, 300.0), ('', 814, 300.0), ('K', 814, 300.0), ('K', -1, 950.0))
    """
    found = _SPLIT.fullmatch(_plain(text))
    if not found or (found["apart"] and not found["letters"]) or (found["minus"] and found["less"]):
        raise ValueError(f"{text!r} is not a chainage such as K814+300")
    kilometres, metres = int(found["km"]), float(found["m"] or found["three"])
    if found["minus"] or found["less"]:
        below, metres = divmod(-metres, 1000.0)
        kilometres = int(below) - kilometres
    return _letters(found["letters"]), kilometres, metres


def read_chainage(value: object) -> tuple[str, float]:
    """Return letters and metres of a chainage, or of kilometres where there is no plus; NaN metres where it is neither.

    >>> read_chainage("K814+300"), read_chainage("814.3"), read_chainage("dk12.5"), read_chainage("814.3 km"), read_chainage("?")
    (('K', 814300.0), ('', 814300.0), ('DK', 12500.0), ('', 814300.0), ('', nan))
    """
    text = "" if value is None else str(value)
    try:
        letters, kilometres, metres = split_chainage(text)
        return letters, 1000.0 * kilometres + metres
    except ValueError:
        pass
    found = _WHOLE.fullmatch(_plain(text))
    if not found or (found["minus"] and found["less"]):
        return "", float("nan")
    return _letters(found["letters"]), round(1000.0 * float(found["km"]), 3) * (-1 if found["minus"] or found["less"] else 1)


def chainage_text(metres: float, prefix: str = "K", decimals: int = 0, carried: int = 0) -> str:
    """Return metres as a chainage; `carried` kilometres are counted on in the metres.

    >>> chainage_text(814300.0), chainage_text(12005.5, "DK", 1), chainage_text(900020.0, carried=1), chainage_text(-50)
    ('K814+300', 'DK12+005.5', 'K899+1020', '-K0+050')
    """
    scale = 10**decimals
    whole = round(metres * scale)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    kilometres, rest = divmod(whole, 1000 * scale)
    rest, kilometres = rest + carried * 1000 * scale, kilometres - carried
    width = 4 + decimals if decimals else 3
    return f"{sign}{prefix}{kilometres}+{rest / scale:0{width}.{decimals}f}"


def _plain(text: str) -> str:
    """Return a text with full-width signs made narrow, in capitals, without blanks around it."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("—", "-").strip().upper()


def _letters(letters: str) -> str:
    return "K" if letters == "KM" else letters


def _decimals_of(text: str) -> int:
    _whole, point, rest = _plain(text).rpartition(".")
    return sum(sign.isdecimal() for sign in rest) if point else 0
