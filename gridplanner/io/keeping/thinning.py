"""Which backups stay: dense for what is young, sparse for what is old, and never by the clock alone."""

from __future__ import annotations

from collections.abc import Sequence

NEWEST = 3  # that always stay
HOUR_S, DAY_S = 3600.0, 86400.0
# up to this age (seconds) one of each span stays: all of the last hour, one an hour for a day, one a day for two weeks, one a week for
# half a year
RULES = ((HOUR_S, 0.0), (DAY_S, HOUR_S), (14 * DAY_S, DAY_S), (182 * DAY_S, 7 * DAY_S))


def kept(times: Sequence[float], now: float) -> set[int]:
    """Return which of some backups stay, by their place in the order in which they were made.

    Parameters
    ----------
    times
        When each was made (seconds since 1970), the first one first. A clock that was set back or ahead makes these wrong.
    now
        What the clock says now.

    Notes
    -----
    Ages are sums of the steps from one backup to the one before it; a step back of the clock counts as none, so that a backup never
    seems older for it. A clock that was ahead for one save makes all before it seem old at once: so of those at most 1, 2-3, 4-7, 8-15 …
    saves back one each stays whatever the clock says.

    >>> sorted(kept([0.0, 60.0, 120.0, 180.0, 240.0], 300.0))
    [0, 1, 2, 3, 4]
    """
    stay: dict[object, int] = {}
    age, later = 0.0, now
    for back, at in enumerate(reversed(times)):
        place = len(times) - 1 - back
        age += max(0.0, later - at)
        later = at
        if back < NEWEST:
            stay["newest", back] = place
        stay["doubling", (back + 1).bit_length()] = place  # the oldest of each doubling, so that it lives on to the next
        for limit, span in RULES:
            if age <= limit:
                key: object = ("age", back) if span == 0 else ("age", span, (now - age) // span)
                stay.setdefault(key, place)
                break
    return set(stay.values())
