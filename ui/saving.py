"""Saving in the background, by a process of its own: the hand edits on, and what is being computed goes on too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gridplanner.i18n import N_, _
from gridplanner.io.saved import Mark, Saved
from gridplanner.model.project import Project
from ui.saving_task import Written
from ui.worker import Outcome, Worker
from ui.worker_process import WARM_TO_SAVE

GONE = N_("{file}: not saved, as the process that writes ended unexpectedly; the file is as it was. Try again.")
MEMORY = N_("{file}: not saved, as there was not enough memory; the file is as it was. Close other programs and try again.")


@dataclass(frozen=True, eq=False)
class Order:
    """Something to be saved. `make` is asked when its turn comes: what is saved, and which save must still be at the place.

    Then one of the others is called: `done` with what was saved and its mark, `refused` with why and the mark found at the place,
    `failed` with words and details.
    """

    place: Path
    make: Callable[[], tuple[Saved, str]]
    done: Callable[[Saved, Mark], object]
    refused: Callable[[str, Mark], object]
    failed: Callable[[str, str], object]


class Saving(QObject):
    """Saves one order after the other; of those that wait for the same place the last is enough."""

    changed = Signal()  # something begins or ends
    reported = Signal(float, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None
        self._current: Order | None = None
        self._saved = Saved(Project())
        self._waiting: list[Order] = []
        self._idle: list[Callable[[], object]] = []

    @property
    def current(self) -> Order | None:
        """What is being saved."""
        return self._current

    @property
    def orders(self) -> tuple[Order, ...]:
        """What is being saved and what waits."""
        return tuple(order for order in (self._current, *self._waiting) if order is not None)

    @property
    def is_busy(self) -> bool:
        """True while something is being saved or waits for it."""
        return bool(self.orders)

    def warm(self) -> None:
        """Start the process, so that the first save does not wait for its libraries."""
        self._process().start()

    def save(self, order: Order) -> None:
        """Save something, now or after what is being saved."""
        self._waiting = [other for other in self._waiting if other.place != order.place]
        self._waiting.append(order)
        self._next()

    def when_idle(self, then: Callable[[], object]) -> None:
        """Call `then` once nothing is being saved any more, now where nothing is."""
        if self._current is None and not self._waiting:
            then()
        else:
            self._idle.append(then)

    def close(self) -> None:
        """End the process."""
        self._waiting, self._idle = [], []
        if self._worker is not None:
            self._worker.close()

    def _process(self) -> Worker:
        if self._worker is None:
            self._worker = Worker(self, warm=WARM_TO_SAVE, gently=True)
            self._worker.reported.connect(self.reported)
            self._worker.ended.connect(self._end)
        return self._worker

    def _next(self) -> None:
        if self._current is not None or not self._waiting:
            return
        self._current = order = self._waiting.pop(0)
        self._saved, expected = order.make()
        self._process().submit("ui.saving_task:write", self._saved, order.place, expected)
        self.changed.emit()

    def _end(self, outcome: Outcome) -> None:
        order, self._current = self._current, None
        assert order is not None
        if outcome.failed or outcome.cancelled:
            text = MEMORY if "MemoryError" in outcome.details else GONE
            words = outcome.error or _(text).format(file=order.place.name)
            order.failed(words, outcome.details)
        else:
            written = outcome.value
            assert isinstance(written, Written)
            if written.refused:
                order.refused(written.refused, written.theirs)
            else:
                order.done(self._saved, written.mark)
        self._next()
        self.changed.emit()
        if self._current is None:
            idle, self._idle = self._idle, []
            for then in idle:
                then()
