"""The garbage collector, kept to the window's thread: a widget that another thread collects takes its timers away from under Qt."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE = 500  # milliseconds between two looks at how much there is


class Collector(QObject):
    """Collects what refers to itself while the window's thread is idle, and never in the threads that paint and compute.

    Python collects in whatever thread happens to allocate; Qt's objects must end in the thread that they live in.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(collect)
        self._timer.start()


def collect() -> int:
    """Collect the generations that Python itself would collect by now; return the oldest one of them, -1 where there is nothing to do."""
    counts, limits = gc.get_count(), gc.get_threshold()
    oldest = -1
    for generation, (count, limit) in enumerate(zip(counts, limits, strict=True)):
        if count <= limit:
            break
        oldest = generation
    if oldest >= 0:
        gc.collect(oldest)
    return oldest
