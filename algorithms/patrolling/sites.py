"""Between which times the visits of a patrol lie: windows of the clock told from a shift's start, and visits spread over them."""

from __future__ import annotations

import numpy as np

from algorithms.network.polylines import Floats, Ints

DAY = 86_400.0


def shift_window(opens: Floats, closes: Floats, start: float) -> tuple[Floats, Floats]:
    """Return clock windows (seconds after midnight, NaN for any time) as seconds after a shift's start, -inf and inf for any.

    A window that closes before it opens runs over midnight, and one that has closed when the shift starts is meant for the
    next day.

    >>> shift_window(np.array([9 * 3600.0, 23 * 3600.0]), np.array([17 * 3600.0, 3600.0]), 22 * 3600.0)
    (array([39600.,  3600.]), array([68400., 10800.]))
    """
    first, last = np.asarray(opens, np.float64), np.asarray(closes, np.float64)
    first, last = np.where(np.isnan(first), -np.inf, first), np.where(np.isnan(last), np.inf, last)
    last = np.where(last < first, last + DAY, last)
    late = np.where(last < start, DAY, 0.0)  # tomorrow's window
    early = np.where((first - DAY < start) & (start <= last - DAY), -DAY, 0.0)  # yesterday's, still open
    day = late + early
    return first + day - start, last + day - start


def visit_windows(opens: Floats, closes: Floats, visits: Ints, shift: float, gap: float = 0.0) -> tuple[Floats, Floats, Ints, Ints]:
    """Return when each visit may begin (opens, closes), the row it is a visit of, and which of its visits it is, (v,) each.

    What a window leaves of the shift (seconds 0 to `shift`) is cut into as many equal parts as there are visits, `gap` seconds apart, so
    that two visits begin that far apart at least, wherever in its part each lies; where there is no room for such gaps, into parts
    without any. A single visit keeps its window, and so do visits of a window that lies outside the shift.

    >>> visit_windows(np.array([-np.inf]), np.array([np.inf]), np.array([2]), 3600.0, 600.0)[:2]
    (array([   0., 2100.]), array([1500., 3600.]))
    """
    times = np.maximum(np.asarray(visits, np.int64), 1)
    of = np.repeat(np.arange(len(times)), times)
    turn = np.arange(len(of)) - np.repeat(np.cumsum(times) - times, times)
    first, last = np.maximum(opens, 0.0), np.minimum(closes, shift)
    room = last - first
    apart = np.where((times - 1) * gap <= room, gap, 0.0)
    part = (room - (times - 1) * apart) / times
    several = (times > 1) & (room >= 0)
    begin = np.where(several, first, opens)[of] + np.where(several, part + apart, 0.0)[of] * turn
    end = np.where(several[of], begin + part[of], np.asarray(closes, np.float64)[of])
    return begin, end, of, turn
