"""Work of many zones, shared between this process and workers; what a worker does not answer is done here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future
from typing import TypeVar

from algorithms.progress import Progress

T = TypeVar("T")
_LOOK = 0.2  # seconds between two looks at whether the planner wants to stop


def handed_out(rows: Sequence[int], workers: Executor | None, hand: Callable[[Executor, int], Future[T]]) -> dict[int, Future[T]]:
    """Return what workers were asked by `hand`: all rows but each n-th, which is left to this process, where they are n - 1."""
    if workers is None or len(rows) < 2:
        return {}
    ours = 1 + int(getattr(workers, "count", 1))
    return {row: hand(workers, row) for number, row in enumerate(rows) if number % ours}


def answer(asked: Future[T] | None, progress: Progress) -> T | None:
    """Return what a worker found, None where it was not asked, failed, or there is no time to wait for it; raises Cancelled."""
    while asked is not None:
        try:
            return asked.result(timeout=_LOOK)
        except TimeoutError:
            progress.check()
            if progress.should_finish():
                asked.cancel()
                return None
        except (CancelledError, RuntimeError, OSError):
            return None
    return None
