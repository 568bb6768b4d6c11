"""When something was, as the planner's language writes it."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale

from gridplanner.i18n import _, language

LATEST = 1e11  # seconds: what a damaged file may say beyond it is no time


def when_words(at: float) -> str:
    """Return the date and time of seconds since 1970, today's without the date; “?” where that is not known."""
    if not 0.0 < at < LATEST:
        return "?"
    moment = QDateTime.fromSecsSinceEpoch(int(at))
    time = QLocale(language()).toString(moment.time(), "HH:mm")
    if moment.date() == QDateTime.currentDateTime().date():
        return _("today {time}").format(time=time)
    return f"{QLocale(language()).toString(moment.date(), 'yyyy-MM-dd')} {time}"


def clock_words(at: float) -> str:
    """Return the time of day of seconds since 1970."""
    return QLocale(language()).toString(QDateTime.fromSecsSinceEpoch(int(at)).time(), "HH:mm")


def size_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    return QLocale(language()).formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
