"""Progress and cancellation: the one object that every slow computation takes and asks."""

from __future__ import annotations


class Cancelled(Exception):  # noqa: N818  (cancelling is not an error)
    """The listener asked a computation to stop and to forget what it had."""


class Progress:
    """Listens to a computation and may stop it; this one says nothing and never stops anything.

    A computation calls `report` now and then, ends early with its best result so far where
    `should_finish` is true, and calls `check` where it can be abandoned.
    """

    def report(self, fraction: float, message: str = "") -> None:
        """Take note that `fraction` (0 to 1) of the work is done; `message` is for a person."""

    def note(self, message: str) -> None:
        """Tell a person what must not go by with the bar: what is done has a flaw."""
        self.report(1.0, message)

    def should_finish(self) -> bool:
        """True where the computation should end soon and keep the best so far."""
        return False

    def is_cancelled(self) -> bool:
        """True where the result is no longer wanted."""
        return False

    def check(self) -> None:
        """Raise Cancelled where the result is no longer wanted."""
        if self.is_cancelled():
            raise Cancelled


SILENT = Progress()


class Span(Progress):
    """The part of a progress from `start` to `stop` (fractions), for one step of several.

    >>> class Printer(Progress):
    ...     def report(self, fraction, message=""):
    ...         print(f"{fraction:.2f} {message}")
    >>> Span(Printer(), 0.5, 1.0).report(0.5, "half of the second half")
    0.75 half of the second half
    """

    def __init__(self, parent: Progress, start: float, stop: float) -> None:
        self.parent = parent
        self.start = start
        self.stop = stop

    def report(self, fraction: float, message: str = "") -> None:
        self.parent.report(self.start + (self.stop - self.start) * min(max(fraction, 0.0), 1.0), message)

    def note(self, message: str) -> None:
        self.parent.note(message)

    def should_finish(self) -> bool:
        return self.parent.should_finish()

    def is_cancelled(self) -> bool:
        return self.parent.is_cancelled()
