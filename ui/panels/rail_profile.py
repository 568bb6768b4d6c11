"""The lines of a rail plan laid end to end on an axis, and the work along it column by column: what the profile chart is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import length_of
from gridplanner.model.rail_pieces import mileage_of
from gridplanner.model.rail_work import atom_rows, profile_in, work_kinds
from ui.map.rail_ticks import tick_step, ticks_of

BETWEEN = 0.012  # of all lines' length that is left between two of them
CLOSEST = 400.0  # metres that the chart shows at least

# Paul Tol's "vibrant" and "muted" schemes (Tol 2021, Colour Schemes), grey for the length that is everywhere
KIND_COLOURS = {
    "length": "#8fa1ba", "crossing": "#ee7733", "bridge": "#0077bb", "tunnel": "#33bbee", "station": "#009988", "settlement": "#cc3311",
    "school": "#ee3377", "slope": "#ddaa33", "fence": "#999933", "history": "#882255",
}  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """Which part of the axis is shown: metres from its start, over so many pixels from `left`."""

    start: float
    stop: float
    left: float
    wide: float

    @property
    def scale(self) -> float:
        """Pixels per metre."""
        return self.wide / max(self.stop - self.start, 1e-9)

    def x(self, place: float) -> float:
        """Return the pixel of a place on the axis."""
        return self.left + (place - self.start) * self.scale

    def place(self, x: float) -> float:
        """Return the place on the axis at a pixel."""
        return self.start + (x - self.left) / self.scale

    def zoomed(self, factor: float, x: float, whole: float) -> Reach:
        """Return the reach `factor` times closer with the place at a pixel staying where it is, within an axis of `whole` metres."""
        wide = min(max((self.stop - self.start) / factor, min(CLOSEST, whole)), whole)
        share = (x - self.left) / max(self.wide, 1e-9)
        return self.moved_to(self.place(x) - share * wide, wide, whole)

    def panned(self, pixels: float, whole: float) -> Reach:
        """Return the reach after the chart was dragged by some pixels."""
        return self.moved_to(self.start - pixels / self.scale, self.stop - self.start, whole)

    def moved_to(self, start: float, wide: float, whole: float) -> Reach:
        """Return a reach of so many metres that begins at a place, as far as the axis goes."""
        start = min(max(start, 0.0), max(whole - wide, 0.0))
        return Reach(start, start + wide, self.left, self.wide)


@dataclass(frozen=True, eq=False)
class ProfileAxis:
    """`starts` (lines,) is where each line begins on the axis, `whole` how long it is; `edges` (n,) and `sums` (n, k): the work before."""

    starts: Floats
    lengths: Floats
    whole: float
    kinds: tuple[str, ...]
    edges: Floats
    sums: Floats

    def on_axis(self, line: int, along: float) -> float:
        """Return the place of a line on the axis."""
        return float(self.starts[line] + along)

    def on_line(self, place: float) -> tuple[int, float]:
        """Return the line at a place of the axis and the metres along it; between two lines the end of the nearer one."""
        away = np.maximum(self.starts - place, place - self.starts - self.lengths)
        line = int(away.argmin())
        return line, float(min(max(place - self.starts[line], 0.0), self.lengths[line]))

    def work(self, low: float, high: float) -> Floats:
        """Return the work between two places by kind, (k,) km-equivalents."""
        return np.asarray(self.columns(np.array([low, high]))[0] * ((high - low) / 1000.0), np.float64)

    def columns(self, places: Floats) -> Floats:
        """Return the work a kilometre between each two of some rising places, (n - 1, k)."""
        before = np.column_stack([np.interp(places, self.edges, self.sums[:, kind]) for kind in range(self.sums.shape[1])])
        return np.asarray(np.diff(before, axis=0) / np.maximum(np.diff(places) / 1000.0, 1e-9)[:, None], np.float64)


@lru_cache(maxsize=8)
def axis_of(plan: RailPlan, name: str) -> ProfileAxis:
    """Return the axis of a plan's lines with the work as it counts in the plan of a name."""
    lengths = np.array([length_of(line) for line in plan.lines])
    gap = BETWEEN * float(lengths.sum())
    starts = np.concatenate(([0.0], np.cumsum(lengths + gap)[:-1]))
    profile = profile_in(plan, name)
    kinds = work_kinds(profile)
    edges, sums, total = [np.zeros(0)], [np.zeros((0, len(kinds)))], np.zeros(len(kinds))
    for line, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        rows = atom_rows(profile, line)
        if len(rows):
            at = np.append(profile.low[rows], profile.high[rows[-1]])
            before = np.concatenate((np.zeros((1, len(kinds))), np.cumsum(profile.work[rows], axis=0)))
        else:
            at = np.array([0.0, length])
            before = np.zeros((2, len(kinds)))
            before[1, 0] = length / 1000.0
        edges.append(start + at)
        sums.append(total + before)
        total = sums[-1][-1]
    whole = float(starts[-1] + lengths[-1]) if len(lengths) else 0.0
    return ProfileAxis(starts, lengths, whole, kinds, np.concatenate(edges), np.concatenate(sums))


def ticks_on(plan: RailPlan, axis: ProfileAxis, reach: Reach, apart: float) -> list[tuple[float, str]]:
    """Return the pixels of the readings that are told at a reach, with their words."""
    found = []
    step = tick_step(reach.scale, apart)
    for row, line in enumerate(plan.lines):
        marks = ticks_of(mileage_of(line), step)
        places = axis.starts[row] + marks.along
        for at in np.flatnonzero((places >= reach.start) & (places <= reach.stop)).tolist():
            found.append((reach.x(float(places[at])), str(marks.words[at])))
    return found
