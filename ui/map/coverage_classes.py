"""The classes in which the coverage map shows how long streets wait for a patrol and how often one comes: same limits for every plan."""

from __future__ import annotations

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from ui.styles import Theme

# after Cynthia Brewer's sequential scheme YlGnBu, which colour-blind eyes tell apart, without its palest; in the dark the other way round
LIGHT = ("#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
DARK = ("#2f6fb5", "#2f9ac4", "#55c0c6", "#93dabf", "#dcf3bd")
DAY_LIMITS = (1.0, 2.0, 4.0, 8.0)  # hours, of one day
WEEK_LIMITS = (12.0, 36.0, 60.0, 84.0)  # of several days; what is seen daily, at not quite the same hour, is in the second class
DAY_VISITS, WEEK_VISITS = (2, 3, 5, 9), (4, 8, 15, 29)  # from which the next class begins
NEVER = -1  # the class of what no patrol comes to


def colours(look: Theme) -> tuple[str, ...]:
    """Return the colours of the classes, from the least to the most."""
    return DARK if look.name == "dark" else LIGHT


def interval_class(hours: Floats, *, one_day: bool) -> Ints:
    """Return the class of longest intervals, NEVER where no patrol comes (inf)."""
    found = np.searchsorted(DAY_LIMITS if one_day else WEEK_LIMITS, hours - 1e-6, side="left")
    return np.where(np.isfinite(hours), found, NEVER)


def visits_class(visits: Ints, *, one_day: bool) -> Ints:
    """Return the class of counts of visits, NEVER for none."""
    found = np.searchsorted(DAY_VISITS if one_day else WEEK_VISITS, visits, side="right")
    return np.where(np.asarray(visits) > 0, found, NEVER)


def interval_words(*, one_day: bool) -> tuple[str, ...]:
    """Return what the classes of intervals are called, from the shortest."""
    limits = DAY_LIMITS if one_day else WEEK_LIMITS
    words = [_("up to {time}").format(time=time_words(limit)) for limit in limits]
    return (*words, _("more than {time}").format(time=time_words(limits[-1])))


def visits_words(*, one_day: bool) -> tuple[str, ...]:
    """Return what the classes of visits are called, from the fewest."""
    limits = DAY_VISITS if one_day else WEEK_VISITS
    least = (1, *limits)
    words = [f"{low}–{high - 1}" if high - low > 1 else f"{low}" for low, high in zip(least, limits, strict=False)]
    return (*(f"{text} ×" for text in words), f"≥ {limits[-1]} ×")


def time_words(hours: float) -> str:
    """Return a length of time, in minutes below three hours, in hours up to two days, else in days.

    >>> time_words(1.5), time_words(12.0), time_words(60.0), time_words(float("inf"))
    ('90 min', '12 h', '2.5 d', '–')
    """
    if not np.isfinite(hours):
        return "–"
    if hours > 48.0:
        return _("{n} d").format(n=f"{hours / 24:.1f}".removesuffix(".0"))
    if hours >= 3.0:
        return _("{n} h").format(n=f"{hours:.1f}".removesuffix(".0"))
    return _("{n} min").format(n=f"{60 * hours:.0f}")
