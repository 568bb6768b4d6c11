"""When any crew of a zone is out: the time over which the visits of streets and key sites are spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.patrolling.sites import visit_windows
from gridplanner.model.lines import Floats, Ints
from gridplanner.settings import PatrolSettings, clock_minutes

SAME = 1e-6  # minutes by which two sums of the same times may differ


@dataclass(frozen=True, eq=False)
class DutyHours:
    """Stretches of time in which at least one crew is on its shift: `begin`, `end` (k,) clock minutes, in order and apart.

    **Duty minutes** count only these stretches: between shifts that do not meet no time goes by.
    """

    begin: Floats
    end: Floats

    def __post_init__(self) -> None:
        for column in (self.begin, self.end):
            column.setflags(write=False)

    @property
    def minutes(self) -> float:
        """Duty minutes in all."""
        return float((self.end - self.begin).sum())

    def before(self, clock: Floats) -> Floats:
        """Return the duty minutes before clock minutes, which may be infinite."""
        known = np.clip(clock, self.begin[0], self.end[-1])
        places = np.column_stack((self.begin, self.end)).ravel()
        return np.asarray(np.interp(known, places, np.column_stack((self._done[:-1], self._done[1:])).ravel()))

    def opens(self, minutes: Floats) -> Floats:
        """Return the clock minutes at which a stretch begins that leaves out so many duty minutes."""
        return self._clock(minutes, SAME)

    def closes(self, minutes: Floats) -> Floats:
        """Return the clock minutes at which so many duty minutes are over."""
        return self._clock(minutes, -SAME)

    @property
    def _done(self) -> Floats:
        return np.concatenate(([0.0], np.cumsum(self.end - self.begin)))

    def _clock(self, minutes: Floats, later: float) -> Floats:
        row = np.clip(np.searchsorted(self._done, minutes + later, side="right") - 1, 0, len(self.begin) - 1)
        return np.asarray(np.clip(self.begin[row] + minutes - self._done[row], self.begin[row], self.end[row]))


def duty_hours(settings: PatrolSettings) -> DutyHours:
    """Return when any crew of a zone is out, without overtime.

    >>> hours = duty_hours(PatrolSettings(crews_per_zone=2, shift_minutes=120.0, starts=("08:00", "16:00")))
    >>> hours.begin.tolist(), hours.end.tolist(), hours.minutes
    ([480.0, 960.0], [600.0, 1080.0], 240.0)
    """
    start = np.unique([clock_minutes(settings.starts[k % len(settings.starts)]) for k in range(settings.crews_per_zone)])
    first = np.diff(start, prepend=-np.inf) > settings.shift_minutes
    last = np.append(first[1:], True)
    return DutyHours(start[first], start[last] + settings.shift_minutes)


def visit_hours(hours: DutyHours, opens: Floats, closes: Floats, visits: Ints, gap: float = 0.0) -> tuple[Floats, Floats, Ints, Ints]:
    """Return when each visit may begin (opens, closes), the row it is a visit of, and which of its visits it is, (v,) each.

    What a window (clock minutes) leaves of the duty minutes is cut into as many equal parts as there are visits, as in `visit_windows`, so
    that none falls between two shifts; `gap` minutes lie between the begins of two at least, where there is room. A single visit
    keeps its window, and so do those of a window in which nobody is out.
    """
    low, high = hours.before(opens), hours.before(closes)
    begin, end, of, turn = visit_windows(low, high, visits, hours.minutes, gap)
    spread = ((np.asarray(visits) > 1) & (high > low))[of]
    first = np.where(spread, np.maximum(hours.opens(begin), opens[of]), opens[of])
    last = np.where(spread, np.minimum(hours.closes(end), closes[of]), closes[of])
    return first, np.maximum(first, last), of, turn  # one that is due just where two shifts part opens with the later one
